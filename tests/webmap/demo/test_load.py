"""The demo in a database: everything or nothing, marked as invented, and never over somebody's data."""

from datetime import date, timedelta
from uuid import UUID

import click
import numpy as np
import psycopg
import pytest
from psycopg.rows import namedtuple_row
from sqlalchemy import select, text

from tests.webmap.demo.conftest import TODAY
from webmap.accounts.models import Account
from webmap.accounts.passwords import is_right
from webmap.accounts.queries import scope_of
from webmap.accounts.scope import SYSTEM
from webmap.areas.by_date import below_on, history, map_days, way_up_on
from webmap.areas.models import Area
from webmap.areas.queries import way_up
from webmap.coverage.queries import area_figures, figures_on
from webmap.coverage.snapshots import days_of
from webmap.database.engine import reading
from webmap.demo import SOURCE, builders, cli, load, logins, world
from webmap.demo.campaign import year_of_milestones
from webmap.demo.copying import uuid7s
from webmap.demo.history import DAYS_KEPT, REFORM
from webmap.households.models import Household, Person
from webmap.planning.inputs import NewPlan
from webmap.planning.making import the_alleys, the_doors
from webmap.planning.sharing import Effort, Wanted, make_routes
from webmap.reports.queries import coverage_map_on

STRUCTURE = """
    select 'index', indexname::text, indexdef from pg_indexes where schemaname = 'public'
    union all select 'constraint', conname, pg_get_constraintdef(oid) from pg_constraint
    union all select 'trigger', tgname, tgenabled::text from pg_trigger where not tgisinternal
"""


def structure(url: str) -> set[tuple[str, str, str]]:
    with psycopg.connect(url) as connection:
        return set(connection.execute(STRUCTURE).fetchall())


def fill(url: str, people: int | None = None) -> load.Loaded:
    return load.fill(url, people, 1, TODAY, lambda *_: None)


@pytest.fixture
def demo(fresh_database: str) -> str:
    fill(fresh_database)
    return fresh_database


def test_the_demo_is_whole_marked_and_walled(demo: str) -> None:
    """One load, looked at from all sides: it takes a second or two."""
    figures_are_the_published_ones()
    everything_carries_its_source(demo)
    houses_stand_where_their_rows_say(demo)
    the_neighbour_sees_nothing_of_tan_ninh()
    by_the_map_until_the_reform_hoa_binh_is_the_neighbours()
    the_last_days_are_kept_and_end_as_today_begins()
    accounts_have_the_printed_password()
    two_teams_reach_every_door_of_a_village_along_its_alleys()
    filling_again_keeps_what_is_there(demo)


def figures_are_the_published_ones() -> None:
    with reading(SYSTEM) as session:
        commune = session.scalars(select(Area).where(Area.name == "Tân Ninh")).one()
        its = area_figures(session, SYSTEM, [commune.id])[commune.id]

    assert (its.registered, its.covered) == (6_045, 5_646)
    assert its.living - its.living_covered == 110
    assert round(its.unplaced / its.households, 2) == 0.03


def by_the_map_until_the_reform_hoa_binh_is_the_neighbours() -> None:
    day = REFORM - timedelta(days=1)
    with reading(SYSTEM) as session:
        assert map_days(session) == [day]
        ids = {
            code: session.scalars(select(Area.id).where(Area.code == f"DEMO-{code}")).one()
            for code in ("TN", "PH", "PL", "KL", "QN")
        }
        then, now = figures_on(session, SYSTEM, ids.values(), day), area_figures(session, SYSTEM, ids.values())
        hoa_binh = 990
        assert then[ids["TN"]].registered == now[ids["TN"]].registered - hoa_binh
        assert then[ids["PH"]].registered == now[ids["PH"]].registered + hoa_binh
        assert then[ids["PL"]] == then[ids["TN"]]
        assert then[ids["KL"]] == then[ids["PH"]]
        assert "Hòa Bình" in {one.name for one in below_on(session, SYSTEM, ids["PH"], day)}
        assert [one.name for one in way_up_on(session, SYSTEM, ids["TN"], day)] == ["Quảng Bình", "Phong Lộc"]
        assert [one.name for one in way_up(session, SYSTEM, ids["TN"])] == ["Quảng Bình", "Quảng Ninh"]
        parts = {part.place.name: part.figures for part in coverage_map_on(session, SYSTEM, ids["PH"], day).parts}
        assert parts["Hòa Bình"] is not None
        assert parts["Hòa Bình"].registered == hoa_binh
        became = [event.name for event in history(session, SYSTEM, ids["PL"]) if event.kind == "became"]
        assert became == ["Huyện Quảng Ninh"]


def the_last_days_are_kept_and_end_as_today_begins() -> None:
    with reading(SYSTEM) as session:
        area_id = session.scalars(select(Area.id).where(Area.name == "Tân Ninh")).one()
        kept = days_of(session, SYSTEM, [area_id], TODAY - timedelta(days=100))[area_id]
        assert [one.day for one in kept] == [TODAY - timedelta(days=ago) for ago in range(DAYS_KEPT, 0, -1)]
        held = text(
            "select count(distinct person.id) from person join card on card.person_id = person.id"
            " join area_closure on descendant_id = person.area_id and ancestor_id = :area"
            " where residency in ('living', 'away') and valid_from <= :day and (valid_to is null or valid_to >= :day)"
        )
        for one in (kept[0], kept[DAYS_KEPT // 2], kept[-1]):
            assert one.covered == session.scalar(held, {"area": area_id, "day": one.day})
            assert (one.registered, one.covered <= 6_045) == (6_045, True)


def everything_carries_its_source(url: str) -> None:
    with psycopg.connect(url, row_factory=namedtuple_row) as connection:
        source = connection.execute("select * from source").fetchone()
        assert source is not None
        for table in ("area", "household", "person", "card", "alley", "terrain", "building"):
            row = connection.execute(
                f"select count(*) filter (where source_id = {source.id}) as ours, count(*) as whole from {table}"
            ).fetchone()
            assert row is not None
            assert row.ours == row.whole > 0

    assert source.is_invented
    assert SOURCE in source.attribution


def houses_stand_where_their_rows_say(url: str) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute("""
            select count(*) filter (where not st_covers(area.boundary, point)),
                   max(st_distance(point::geography, line::geography)),
                   max(st_distance(point::geography, outline::geography)),
                   count(*) filter (where household.alley_name <> alley.name)
              from household join area on area.id = area_id join alley on alley.id = alley_id
              join building on building.id = building_id where point is not null""").fetchone()
        loose = connection.execute("""
            with recursive reached as (
              select min(from_node) as node from alley
              union select case when from_node = node then to_node else from_node end
                from reached join alley on node in (from_node, to_node))
            select count(*) from alley where from_node not in (select node from reached)""").fetchone()

    assert row is not None
    outside, from_alley, from_building, misnamed = row
    assert (outside, misnamed) == (0, 0)
    assert from_alley < 26
    assert from_building < 12
    assert loose == (0,)  # both communes are one network


def the_neighbour_sees_nothing_of_tan_ninh() -> None:
    with reading(SYSTEM) as session:
        ids = {account.username: account.id for account in session.scalars(select(Account))}
        scopes = {name: scope_of(session, its) for name, its in ids.items()}
        home = set(session.scalars(select(Household.id).join(Area).where(Area.code.in_(_codes(0)))))
    with reading(scopes["neighbour"]) as session:
        seen = set(session.scalars(select(Household.id)))
    with reading(scopes["leader"]) as session:
        own = set(session.scalars(select(Household.id)))

    assert own == home
    assert seen
    assert not seen & home


def _codes(commune: int) -> list[str]:
    return [village.code for village in world.plan(None, 1).communes[commune].villages]


def accounts_have_the_printed_password() -> None:
    with reading(SYSTEM) as session:
        accounts = session.scalars(select(Account)).all()

    assert {account.username for account in accounts} == {login.username for login in logins.LOGINS}
    assert {account.role for account in accounts} == {"admin", "supervisor", "leader", "canvasser"}
    assert all(is_right(logins.PASSWORD, account.password_hash) for account in accounts)


def two_teams_reach_every_door_of_a_village_along_its_alleys() -> None:
    with reading(SYSTEM) as session:
        village = session.scalars(select(Area.id).where(Area.name == "Hữu Tân")).one()
        doors = the_doors(session, SYSTEM, NewPlan(areas=[village], teams=2))
        alleys = the_alleys(session, doors)

    made = make_routes(
        doors, alleys, Wanted(2, effort=Effort(seconds=2)), progress=lambda _: None, is_cancelled=lambda: False
    )

    walked = [stop.door.id for route in made.routes for stop in route.stops]
    assert len(doors) > 40
    assert sorted(walked) == sorted(door.id for door in doors)
    assert (made.far_doors, made.gap_metres) == (0, [])


def filling_again_keeps_what_is_there(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("update household set note = 'seen' where code = 'TL-0001'")

    again = fill(url, 500)

    with psycopg.connect(url) as connection:
        noted = connection.execute("select count(*), count(note) from household").fetchone()
    assert not again.is_new
    assert noted is not None
    assert noted[0] > 1_500
    assert noted[1] == 1


def test_indexes_references_and_triggers_are_the_same_after_loading(fresh_database: str) -> None:
    before = structure(fresh_database)

    fill(fresh_database, 300)

    assert structure(fresh_database) == before


def test_a_load_that_fails_leaves_no_trace(fresh_database: str) -> None:
    before = structure(fresh_database)

    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load.fill(fresh_database, 300, 1, TODAY, fails)

    with psycopg.connect(fresh_database) as connection:
        left = connection.execute("select (select count(*) from area) + (select count(*) from alley)").fetchone()
    assert left == (0,)
    assert structure(fresh_database) == before


@pytest.mark.parametrize(
    "row",
    [
        "insert into area (level_id, code, name, valid_from) values (4, '1', 'Tân Ninh', '2024-01-01')",
        """insert into account (id, username, full_name, role, password_hash)
           values (gen_random_uuid(), 'somebody', 'S', 'admin', 'x')""",
    ],
)
def test_data_that_nobody_marked_as_invented_are_left_alone(
    fresh_database: str, row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(fresh_database) as connection:
        connection.execute(row)

    with pytest.raises(click.ClickException, match="Nothing was changed"):
        cli.fill(fresh_database)

    with psycopg.connect(fresh_database) as connection:
        assert connection.execute("select count(*) from household").fetchone() == (0,)
        assert connection.execute("select count(*) from source").fetchone() == (0,)


def test_a_world_of_one_small_commune_loads_too_and_says_its_figures(
    fresh_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.fill(fresh_database, people=400, seed=8)

    with reading(SYSTEM) as session:
        on_register = session.scalars(select(Person.residency).where(Person.residency.in_(["living", "away"]))).all()
    assert len(on_register) == 400
    assert "400 người, số gieo 8" in capsys.readouterr().out


def test_processes_that_help_build_the_same_communes(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = world.plan(9_100, 2)
    monkeypatch.setattr(builders, "WORTH_HELP", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)

    helped = list(builders.built_in_order(planned, TODAY))

    assert len(helped) == len(planned.communes)
    alone = world.build(planned, len(helped) - 1, TODAY)
    assert helped[-1].population.people.full_name.tolist() == alone.population.people.full_name.tolist()
    assert (helped[-1].land.houses.doors == alone.land.houses.doors).all()


def test_ids_sort_as_their_rows_do() -> None:
    ids = uuid7s(1_776_000_000_000, 4_000, 6_000, np.random.default_rng(1)).tolist()

    assert ids == sorted(ids)
    assert len(set(ids)) == 6_000
    assert {(UUID(each).version, UUID(each).variant) for each in ids} == {(7, "specified in RFC 4122")}


def test_milestones_lie_ahead() -> None:
    assert year_of_milestones(date(2026, 5, 31)) == 2026
    assert year_of_milestones(date(2026, 6, 1)) == 2027

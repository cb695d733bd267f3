from collections.abc import Callable
from datetime import date

import pytest
from geoalchemy2 import WKTElement
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from tests.builders import Village, a_card, a_household, a_person, people_of
from webmap.accounts.scope import SYSTEM, Scope
from webmap.areas.models import AreaParent
from webmap.coverage.models import CoverageCell, CoverageDelta
from webmap.coverage.queries import (
    Figures,
    age_group_figures,
    area_figures,
    drift,
    most_uncovered,
)
from webmap.coverage.service import fold, rebuild_all, refresh_households
from webmap.database.engine import answer
from webmap.households.models import Household


@pytest.fixture
def village(session: Session) -> Village:
    return Village.built(session)


def figures(session: Session, area_id: int) -> Figures:
    session.flush()
    return area_figures(session, SYSTEM, [area_id])[area_id]


def test_an_area_counts_its_doors_and_people_with_all_below(session: Session, village: Village) -> None:
    commune = figures(session, village.commune_id)

    assert (commune.households, commune.placed, commune.registered, commune.covered) == (5, 5, 10, 6)
    assert commune.by_status == {
        "covered": 2,
        "partly": 2,
        "uncovered": 1,
        "expiring": 0,
        "reported": 0,
        "pledged": 0,
        "unknown": 0,
    }
    assert figures(session, village.province_id).households == 8


def test_figures_are_exact_before_and_after_adding_up(session: Session, village: Village) -> None:
    before = figures(session, village.commune_id)

    assert fold(session) > 0

    assert figures(session, village.commune_id) == before
    assert session.scalar(select(func.count()).select_from(CoverageDelta)) == 0
    assert drift(session) == []


def test_a_card_moves_the_person_the_door_and_every_area_above(session: Session, village: Village) -> None:
    household = village.second_households[1]
    wife = people_of(session, household)[1]
    a_card(session, wife)

    refresh_households(session, [household.id])

    assert (household.status, household.covered_count, wife.status) == ("covered", 2, "covered")
    assert figures(session, village.province_id).covered == 12
    assert figures(session, village.second_id).by_status["covered"] == 2


def test_nobody_outside_the_scope_gets_a_figure(session: Session, village: Village) -> None:
    assert area_figures(session, village.stranger.scope, [village.commune_id, village.id]) == {}


def test_an_area_without_doors_has_figures_of_zero(session: Session, village: Village) -> None:
    session.execute(delete(Household).where(Household.id.in_([])))
    empty = area_figures(session, SYSTEM, [village.province_id, 10**9])

    assert set(empty) == {village.province_id}
    assert Figures().of_registered.percent is None


Deed = Callable[[Session, Village], None]


def move_to_the_second_village(session: Session, village: Village) -> None:
    village.household.area_id = village.second_id


def unplace(session: Session, village: Village) -> None:
    village.households[1].point, village.households[1].place_source = None, None


def place_elsewhere(session: Session, village: Village) -> None:
    village.households[1].point = WKTElement("POINT(106.65 17.21)", srid=4326)
    village.households[1].place_source = "by_hand"


def end(session: Session, village: Village) -> None:
    village.households[2].ended_on = date(2026, 5, 1)


def take_up_again(session: Session, village: Village) -> None:
    village.households[2].ended_on = None


def remove(session: Session, village: Village) -> None:
    extra = a_household(session, village.id, f"X-{session.scalar(text('select gen_random_uuid()'))}")
    session.flush()
    session.delete(extra)


def add_unplaced(session: Session, village: Village) -> None:
    code = str(session.scalar(text("select gen_random_uuid()")))
    a_person(session, a_household(session, village.neighbour_id, code, lonlat=None), "Lê Văn Tám")


def work_out(session: Session, village: Village) -> None:
    refresh_households(session, session.scalars(select(Household.id)))


def give_the_village_to_the_neighbour(session: Session, village: Village) -> None:
    session.execute(
        update(AreaParent).where(AreaParent.area_id == village.id).values(parent_id=village.neighbour_commune_id)
    )
    session.execute(select(func.area_tree_rebuild()))


def give_it_back(session: Session, village: Village) -> None:
    session.execute(update(AreaParent).where(AreaParent.area_id == village.id).values(parent_id=village.commune_id))
    session.execute(select(func.area_tree_rebuild()))


def add_up(session: Session, village: Village) -> None:
    fold(session)


DEEDS: list[Deed] = [
    move_to_the_second_village,
    unplace,
    place_elsewhere,
    end,
    take_up_again,
    remove,
    add_unplaced,
    work_out,
    give_the_village_to_the_neighbour,
    give_it_back,
    add_up,
    add_up,
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.sampled_from(DEEDS), min_size=1, max_size=12))
def test_nothing_is_lost_or_doubled_whatever_happens_to_doors_and_areas(
    session: Session, village: Village, deeds: list[Deed]
) -> None:
    for deed in deeds:
        deed(session, village)
        session.flush()

    told = area_figures(session, SYSTEM, [village.province_id, village.commune_id, village.neighbour_commune_id])
    for area_id, one in told.items():
        counted = session.execute(
            text(
                "select count(*), count(point), sum(registered_count), sum(covered_count) from household"
                " join area_closure on descendant_id = area_id where ancestor_id = :area and ended_on is null"
            ),
            {"area": area_id},
        ).one()
        assert (one.households, one.placed, one.registered, one.covered) == tuple(int(n or 0) for n in counted)
    assert drift(session) == []


def test_drift_is_told_when_somebody_tampers_with_a_figure(session: Session, village: Village) -> None:
    fold(session)
    session.execute(text("set local role none"))
    session.execute(text("update area_own_counter set covered = covered + 3 where area_id = :id"), {"id": village.id})
    session.execute(text("update coverage_cell set households = households + 1 where z = 9"))
    session.execute(text("update coverage_wide_cell set households = households + 1 where z = 5"))
    session.execute(text("set local role web_app"))

    found = drift(session)

    assert ("area", village.id, 3) in found
    assert {kind for kind, _, _ in found} == {"area", "tree", "cell", "wide cell"}

    session.execute(text("set local role none"))
    rebuild_all(session.connection())
    session.execute(text("set local role web_app"))
    assert drift(session) == []


def test_squares_hold_no_door_that_is_unplaced_or_ended(session: Session, village: Village) -> None:
    unplace(session, village)
    end(session, village)
    session.flush()
    while fold(session):
        pass

    finest = select(func.sum(CoverageCell.households)).where(CoverageCell.z == 14)
    assert session.scalar(finest) == 6
    assert session.scalar(select(func.count()).where(CoverageCell.households <= 0)) == 0


def map_version(scope: Scope) -> int:
    return int(answer(scope, "select map.version()", {}, "version numeric").version)


def test_the_version_of_the_map_grows_with_what_it_shows_and_with_nothing_else(
    session: Session, village: Village
) -> None:
    mine, theirs = village.leader.scope, village.stranger.scope
    first, other = map_version(mine), map_version(theirs)

    village.household.note = "gõ cửa sau"
    session.flush()
    assert map_version(mine) == first

    village.household.door_mark = "refused"
    session.flush()
    second = map_version(mine)
    fold(session)

    assert second > first
    assert map_version(mine) == second
    assert map_version(theirs) == other


def test_the_villages_with_most_uncovered_people_come_first(session: Session, village: Village) -> None:
    told = most_uncovered(session, village.supervisor.scope, village.province_id)

    assert [(one.name, one.figures.living_uncovered) for one in told] == []

    while fold(session):
        pass
    told = most_uncovered(session, village.supervisor.scope, village.province_id)
    assert [(one.name, one.figures.living_uncovered) for one in told] == [
        ("Hữu Tân", 3),
        ("Quảng Xá", 1),
        ("Trần Xá", 1),
    ]
    assert most_uncovered(session, village.stranger.scope, village.commune_id) == []
    assert most_uncovered(session, village.counter.scope, village.commune_id) == []


def test_age_groups_are_counted_by_day_or_year_of_birth(session: Session, village: Village) -> None:
    household = village.household
    a_person(session, household, "Lê Bé", birth_on=date(2020, 5, 21), status="covered")
    a_person(session, household, "Lê Lớn", birth_on=date(2020, 5, 20))
    a_person(session, household, "Lê Cụ", birth_year=1940)
    a_person(session, household, "Lê Chưa Rõ")
    a_person(session, household, "Lê Đi", birth_year=1940, residency="moved_out")

    told = age_group_figures(session, village.leader.scope, village.id, date(2026, 5, 20))

    assert [(one.code, one.registered, one.covered) for one in told] == [
        ("under_six", 1, 1),
        ("pupil", 1, 0),
        ("working", 6, 3),
        ("eldest", 1, 0),
        (None, 1, 0),
    ]
    assert age_group_figures(session, village.stranger.scope, village.id, date(2026, 5, 20)) == []
    assert age_group_figures(session, village.counter.scope, village.id, date(2026, 5, 20)) == []

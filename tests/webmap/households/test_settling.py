"""Households keep a building whatever happens to the map."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.builders import Village, a_household, an_area
from tests.webmap.streets.outlines import DEGREES, LAT, LON, a_source, bring, square
from webmap.accounts.scope import SYSTEM
from webmap.areas.map_imports import noting
from webmap.database.engine import transaction
from webmap.households.models import Household
from webmap.households.settling import link, settle, undo
from webmap.streets.models import Building
from webmap.streets.rules import Maker


def at(east: float, north: float) -> tuple[float, float]:
    return LON + east * DEGREES, LAT + north * DEGREES


def building_of(session: Session, household: Household) -> str | None:
    session.expire_all()
    wanted = select(Building.external_id).where(Building.id == household.building_id)
    return session.scalar(wanted) if household.building_id else None


@pytest.fixture
def house(session: Session, village: Village) -> Household:
    return a_household(session, village.id, "X-1", lonlat=at(5, 5))


def an_alley(session: Session, name: str, north: float) -> None:
    lat = LAT + north * DEGREES
    line = f"st_setsrid(st_makeline(st_point({LON - 0.001}, {lat}), st_point({LON + 0.001}, {lat})), 4326)"
    session.execute(
        text(f"insert into alley (kind, name, source_id, line) values ('alley', :name, :source, {line})"),
        {"name": name, "source": a_source(session)},
    )


def test_a_house_in_an_outline_is_in_that_building(session: Session, house: Household) -> None:
    bring(session, Maker.OSM, [square(0, 0), square(11, 0)])

    assert settle(session).with_building == 1
    assert building_of(session, house) == "osm-0"
    again = settle(session)
    assert (again.moved, again.with_building, again.with_alley) == (0, 0, 0)


def test_several_households_live_in_one_building(session: Session, village: Village, house: Household) -> None:
    other = a_household(session, village.id, "X-2", lonlat=at(6, 6))
    bring(session, Maker.OSM, [square(0, 0)])

    settle(session)

    assert building_of(session, house) == building_of(session, other) == "osm-0"


def test_two_at_the_gate_get_a_house_each_as_long_as_there_are_two(session: Session, village: Village) -> None:
    near = a_household(session, village.id, "X-1", lonlat=at(4, -1))
    far = a_household(session, village.id, "X-2", lonlat=at(4.5, -4))
    bring(session, Maker.OSM, [square(0, 0, 5, 12), square(5, 0, 5, 12)])

    settle(session)

    assert (building_of(session, near), building_of(session, far)) == ("osm-0", "osm-1")


def test_one_too_many_shares_and_one_too_far_has_none(session: Session, village: Village) -> None:
    households = [a_household(session, village.id, f"X-{n}", lonlat=at(5, -n)) for n in (1, 2, 40)]
    bring(session, Maker.OSM, [square(0, 0)])

    settle(session)

    assert [building_of(session, one) for one in households] == ["osm-0", "osm-0", None]


def test_sheds_doubtful_and_hidden_outlines_are_nobodys(session: Session, house: Household) -> None:
    bring(session, Maker.GOOGLE, [square(4, 4, 4), square(3, 3, 4)], building=["shed", "house"], confidence=[0.9, 0.5])
    settle(session)
    assert building_of(session, house) is None

    bring(session, Maker.OSM, [square(0, 0)])
    settle(session)

    assert building_of(session, house) == "osm-0"


def test_a_household_goes_with_the_outline_that_is_shown_and_comes_back(session: Session, house: Household) -> None:
    bring(session, Maker.GOOGLE, [square(0, 0)], confidence=[0.9])
    settle(session)
    with noting(session, SYSTEM, "streets", "osm") as change:
        bring(session, Maker.OSM, [square(1, 1)])
        moved = settle(session).moved
    assert (moved, building_of(session, house)) == (1, "osm-0")

    undo(session, SYSTEM, change.id)

    assert building_of(session, house) == "google-0"
    assert session.scalars(select(Building.same_as_id)).all() == [None]


def test_an_undone_import_leaves_no_link_behind(session: Session, house: Household) -> None:
    with noting(session, SYSTEM, "streets", "osm") as change:
        bring(session, Maker.OSM, [square(0, 0)])
        an_alley(session, "Ngõ 7", -3)
        settle(session)
    session.expire_all()
    assert house.building_id
    assert house.alley_id

    undo(session, SYSTEM, change.id)

    assert (house.building_id, house.alley_id) == (None, None)


def test_what_was_loaded_later_stays_and_shows_when_the_better_is_undone(session: Session, house: Household) -> None:
    with noting(session, SYSTEM, "streets", "osm") as better:
        bring(session, Maker.OSM, [square(0, 0)])
        settle(session)
    with noting(session, SYSTEM, "streets", "google"):
        bring(session, Maker.GOOGLE, [square(1, 1)], confidence=[0.9])
        settle(session)
    assert building_of(session, house) == "osm-0"

    undo(session, SYSTEM, better.id)

    assert building_of(session, house) == "google-0"


def test_a_household_is_on_the_alley_of_its_address_else_on_the_nearest(session: Session, village: Village) -> None:
    by_name = a_household(session, village.id, "X-1", lonlat=at(0, 0), alley_name="ngõ 9")
    by_place = a_household(session, village.id, "X-2", lonlat=at(0, 0), alley_name=None)
    an_alley(session, "Ngõ 7", 5)
    an_alley(session, "Ngõ 9", 20)

    settle(session)

    session.expire_all()
    names = dict(
        session.execute(
            text("select household.code, alley.name from household join alley on alley.id = alley_id")
        ).all()
    )
    assert (names[by_name.code], names[by_place.code]) == ("Ngõ 9", "Ngõ 7")


def test_households_of_strangers_are_not_touched(session: Session, village: Village, house: Household) -> None:
    house_id = house.id
    bring(session, Maker.OSM, [square(0, 0)])
    session.flush()

    with transaction(village.stranger.scope) as asking:
        assert link(asking, [house_id]) == (0, 0)


def test_links_are_found_through_the_indexes_of_the_ground(session: Session, house: Household) -> None:
    bring(session, Maker.OSM, [square(14 * (n % 50), 16 * (n // 50)) for n in range(2_000)])
    for n in range(60):
        an_alley(session, f"Ngõ {n}", 10.0 * n)
    session.execute(text("analyze building; analyze alley"))
    plan = "\n".join(
        session.scalars(
            text(
                "explain select building.id from household"
                " join building on building.outline && st_expand(household.point, 0.00015)"
                " where household.building_id is null and household.point is not null"
            )
        )
    )
    alleys = "\n".join(
        session.scalars(
            text(
                "explain select (select alley.id from alley"
                " where alley.line && st_expand(household.point, 0.0006) limit 1)"
                " from household where household.alley_id is null"
            )
        )
    )

    assert "ix_building_outline" in plan
    assert "ix_alley_line" in alleys


steps = st.lists(
    st.tuples(st.sampled_from([Maker.OFFICIAL, Maker.OSM, Maker.GOOGLE]), st.booleans(), st.integers(-3, 3)),
    min_size=2,
    max_size=6,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_a_household_never_loses_its_building_while_any_outline_holds_it(
    session: Session, steps: list[tuple[Maker, bool, int]]
) -> None:
    with session.begin_nested() as nested:
        village = session.scalar(text("select id from area where code = 'T'")) or _a_village(session)
        house = a_household(
            session, village, f"H-{session.scalar(text('select count(*) from household'))}", lonlat=at(5, 5)
        )
        there: dict[Maker, int | None] = {}
        for maker, stays, east in steps:
            kept: list[Any] = [square(east, 0)] if stays else [square(80, 0)]
            bring(session, maker, kept, id=[f"{maker}-{stays}"], covered=square(-50, -50, 300), confidence=[0.9])
            settle(session)
            there[maker] = east if stays else None
            if any(one is not None for one in there.values()):
                name = building_of(session, house)
                assert name is not None
                assert name.endswith("-True")
        nested.rollback()


def _a_village(session: Session) -> int:
    return an_area(session, "T", "Thử", "village", None)

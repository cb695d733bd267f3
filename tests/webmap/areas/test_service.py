from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village, a_household, an_area
from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.areas.boundaries import refresh_hulls
from webmap.areas.errors import (
    AreaClosedError,
    AreaHasBelowError,
    AreaHasHouseholdsError,
    AreaNameTakenError,
    BadDayError,
    WrongLevelError,
)
from webmap.areas.inputs import NewArea
from webmap.areas.models import Area, AreaClosure
from webmap.areas.queries import below, find_places, place, roots
from webmap.areas.service import add_area, close, rename
from webmap.errors import NotFoundError
from webmap.households.service import place_household
from webmap.ids import uuid7
from webmap.visits.inputs import NewVisit
from webmap.visits.service import record_visit


@pytest.fixture
def village(session: Session) -> Village:
    return Village.built(session)


def test_a_new_village_stands_in_its_commune_at_once(session: Session, village: Village) -> None:
    made = add_area(session, village.leader.scope, village.commune_id, NewArea(name="  Thế   Lộc ", kind="Thôn"))

    assert (made.name, made.kind, made.boundary_kind) == ("Thế Lộc", "Thôn", "none")
    assert made.code.startswith("19207")
    assert made.id in {one.id for one in below(session, village.leader.scope, village.commune_id)}
    assert session.scalar(select(func.count()).where(AreaClosure.descendant_id == made.id)) == 3


def test_what_policies_ask_is_the_tree_itself(session: Session, village: Village) -> None:
    add_area(session, village.leader.scope, village.commune_id, NewArea(name="Thế Lộc", kind="Thôn"))  # ids with gaps
    reach = text(
        "select area_id, generate_series(lower(ids), upper(ids) - 1) from area_reach, unnest(area_reach.reach) ids"
    )

    closure = session.execute(select(AreaClosure.ancestor_id, AreaClosure.descendant_id)).all()

    assert {tuple(row) for row in session.execute(reach)} == {tuple(row) for row in closure}


def test_a_name_that_is_there_already_is_refused_with_or_without_marks(session: Session, village: Village) -> None:
    with pytest.raises(AreaNameTakenError):
        add_area(session, village.leader.scope, village.commune_id, NewArea(name="huu tan"))


def test_a_commune_is_added_to_a_province(session: Session, village: Village) -> None:
    made = add_area(session, SYSTEM, village.province_id, NewArea(name="Ninh Châu", kind="Xã", code="19213"))

    assert place(session, SYSTEM, made.id).level == "commune"


def test_nothing_lies_below_a_village(session: Session, village: Village) -> None:
    with pytest.raises(WrongLevelError):
        add_area(session, SYSTEM, village.id, NewArea(name="Xóm mới"))


def test_the_neighbour_commune_does_not_exist_for_me(session: Session, village: Village) -> None:
    scope = village.leader.scope

    with pytest.raises(NotFoundError):
        add_area(session, scope, village.neighbour_commune_id, NewArea(name="X"))
    with pytest.raises(NotFoundError):
        rename(session, scope, village.neighbour_id, "X")
    with pytest.raises(NotFoundError):
        close(session, scope, village.neighbour_id, clock.today())
    with pytest.raises(NotFoundError):
        place(session, scope, village.neighbour_id)
    assert find_places(session, scope, "tran xa") == []
    assert [one.name for one in roots(session, scope)] == ["Tân Ninh"]


def test_a_village_takes_another_name_and_twice_is_once(session: Session, village: Village) -> None:
    rename(session, village.leader.scope, village.id, "Hữu Tân 1")
    rename(session, village.leader.scope, village.id, "Hữu Tân 1")

    assert place(session, village.leader.scope, village.id).name == "Hữu Tân 1"
    events = session.scalar(text("select count(*) from audit_event where action = 'rename area'"))
    assert events == 1


def test_an_empty_village_closes_and_leaves_the_lists(session: Session, village: Village) -> None:
    bare = an_area(session, "x1", "Thế Lộc", "village", village.commune_id)
    session.execute(select(func.area_tree_rebuild()))

    close(session, village.leader.scope, bare, clock.today())

    assert bare not in {one.id for one in below(session, SYSTEM, village.commune_id)}
    assert bare in {one.id for one in below(session, SYSTEM, village.commune_id, closed=True)}
    with pytest.raises(AreaClosedError):
        close(session, village.leader.scope, bare, clock.today() + timedelta(days=1))


def test_what_still_holds_people_or_villages_does_not_close(session: Session, village: Village) -> None:
    with pytest.raises(AreaHasHouseholdsError):
        close(session, SYSTEM, village.id, clock.today())
    with pytest.raises(AreaHasBelowError):
        close(session, SYSTEM, village.commune_id, clock.today())
    with pytest.raises(BadDayError):
        close(session, SYSTEM, village.id, date(1999, 1, 1))


def test_names_are_found_without_marks(session: Session, village: Village) -> None:
    assert [one.name for one in find_places(session, SYSTEM, "quang xa")] == ["Quảng Xá"]


def test_a_village_without_a_boundary_gets_a_hull_of_its_houses(session: Session, village: Village) -> None:
    bare = an_area(session, "x1", "Thế Lộc", "village", village.commune_id)
    session.execute(select(func.area_tree_rebuild()))
    for n in range(6):
        a_household(session, bare, code=f"TL-{n}", lonlat=(106.61 + n * 0.0004, 17.21 + (n % 2) * 0.0003))
    session.flush()

    assert refresh_hulls(session, village.leader.scope) == 1

    session.expire_all()
    area = session.get(Area, bare)
    assert area is not None
    assert area.boundary_kind == "hull"
    inside = (
        "select bool_and(st_covers(area.boundary, point)) from household join area on area.id = area_id"
        " where area_id = :id"
    )
    assert session.scalar(text(inside), {"id": bare})


def test_a_hull_follows_its_houses_and_is_left_alone_when_they_stay(session: Session, village: Village) -> None:
    bare = an_area(session, "x1", "Thế Lộc", "village", village.commune_id)
    session.execute(select(func.area_tree_rebuild()))
    house = a_household(session, bare, code="TL-1", lonlat=(106.61, 17.21))
    session.flush()
    refresh_hulls(session, SYSTEM, [bare])

    assert refresh_hulls(session, SYSTEM, [bare]) == 0
    session.execute(text("update household set point = null, place_source = null where id = :id"), {"id": house.id})
    assert refresh_hulls(session, SYSTEM, [bare]) == 1
    assert place(session, SYSTEM, bare).boundary_kind == "none"


def test_placing_a_house_draws_the_hull_of_its_village(session: Session, village: Village) -> None:
    bare = add_area(session, village.leader.scope, village.commune_id, NewArea(name="Thế Lộc"))
    house = a_household(session, bare.id, code="TL-1", lonlat=None)

    place_household(session, village.leader.scope, house.id, 106.61, 17.21)

    assert place(session, village.leader.scope, bare.id).boundary_kind == "hull"


def test_the_first_visit_to_an_unplaced_house_draws_it_too(session: Session, village: Village) -> None:
    bare = add_area(session, village.leader.scope, village.commune_id, NewArea(name="Thế Lộc"))
    house = a_household(session, bare.id, code="TL-1", lonlat=None)
    visit = NewVisit.model_validate(
        {
            "household_id": house.id,
            "outcome": "not_home",
            "happened_at": clock.now(),
            "position": {"lon": 106.61, "lat": 17.21},
            "accuracy_metres": 8,
        }
    )

    record_visit(session, village.leader.scope, uuid7(), visit)

    session.expire_all()
    assert place(session, village.leader.scope, bare.id).boundary_kind == "hull"


def test_a_drawn_boundary_is_never_replaced_by_a_hull(session: Session, village: Village) -> None:
    assert refresh_hulls(session, SYSTEM, [village.id, village.second_id]) == 0
    assert place(session, SYSTEM, village.id).boundary_kind == "drawn"

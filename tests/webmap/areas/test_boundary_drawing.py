"""The boundary of a village, drawn by hand."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.builders import Village, an_area
from webmap.areas.boundary_drawing import Bounded, boundary_version, set_boundary
from webmap.areas.drawn_inputs import NewBoundary
from webmap.areas.errors import (
    BoundaryChangedError,
    BoundaryCrossesItselfError,
    BoundaryTooSmallError,
    OfficialBoundaryError,
    OutsideParentError,
)
from webmap.areas.map_imports import undo
from webmap.areas.models import Area
from webmap.errors import NotFoundError
from webmap.streets.edits import by_hand

INSIDE = ((106.605, 17.255), (106.635, 17.255), (106.635, 17.295), (106.605, 17.295))


def drawn(session: Session, village: Village, *corners: tuple[float, float], seen: str = "") -> Bounded:
    new = NewBoundary(version=seen or boundary_version(session, village.id), coordinates=corners or INSIDE)
    return set_boundary(session, village.leader.scope, village.id, new, source_id=by_hand(session))


def test_a_village_gets_the_boundary_that_was_drawn_and_undo_gives_the_old_one_back(
    session: Session, village: Village
) -> None:
    before = session.scalar(text("select area::text from area where id = :id"), {"id": village.id})

    made = drawn(session, village)

    area = session.get_one(Area, village.id)
    assert area.boundary_kind == "drawn"
    assert round(made.square_metres / 1e6) == 14
    assert made.overlaps == ()
    assert made.edit_id is not None
    undo(session, village.leader.scope, made.edit_id)
    assert session.scalar(text("select area::text from area where id = :id"), {"id": village.id}) == before


def test_overlaps_with_a_neighbour_are_told(session: Session, village: Village) -> None:
    found = drawn(session, village, (106.605, 17.245), (106.635, 17.245), (106.635, 17.295), (106.605, 17.295))

    assert [(one.name, round(one.square_metres / 1e4)) for one in found.overlaps] == [("Quảng Xá", 177)]


def test_the_same_boundary_again_changes_nothing(session: Session, village: Village) -> None:
    seen = boundary_version(session, village.id)
    drawn(session, village, seen=seen)

    assert drawn(session, village, seen=seen).edit_id is None


def test_a_boundary_outside_the_commune_is_refused_with_the_share(session: Session, village: Village) -> None:
    with pytest.raises(OutsideParentError) as raised:
        drawn(session, village, (106.63, 17.26), (106.66, 17.26), (106.66, 17.29), (106.63, 17.29))
    assert raised.value.facts == {"name": "Tân Ninh", "percent": 67}


def test_a_boundary_that_crosses_itself_or_holds_nothing_is_refused(session: Session, village: Village) -> None:
    with pytest.raises(BoundaryCrossesItselfError):
        drawn(session, village, (106.61, 17.26), (106.62, 17.27), (106.62, 17.26), (106.61, 17.27))
    with pytest.raises(BoundaryTooSmallError):
        drawn(session, village, (106.61, 17.26), (106.6101, 17.26), (106.61, 17.2601))


def test_who_saw_an_older_boundary_is_told(session: Session, village: Village) -> None:
    seen = boundary_version(session, village.id)
    session.get_one(Area, village.id).name = "Hữu Tân mới"
    session.flush()

    with pytest.raises(BoundaryChangedError):
        drawn(session, village, seen=seen)


def test_a_leader_does_not_replace_an_official_boundary(session: Session, village: Village) -> None:
    session.execute(text("update area set boundary_kind = 'official' where id = :id"), {"id": village.id})
    session.expire_all()

    with pytest.raises(OfficialBoundaryError):
        drawn(session, village)


def test_the_neighbours_village_does_not_exist(session: Session, village: Village) -> None:
    new = NewBoundary(version="x", coordinates=INSIDE)

    with pytest.raises(NotFoundError):
        set_boundary(session, village.leader.scope, village.neighbour_id, new, source_id=by_hand(session))


def test_a_village_that_had_none_gets_one(session: Session, village: Village) -> None:
    added = an_area(session, "1920703", "Thế Lộc", "village", village.commune_id)
    session.execute(text("select area_tree_rebuild()"))
    new = NewBoundary(version=boundary_version(session, added), coordinates=INSIDE)

    made = set_boundary(session, village.leader.scope, added, new, source_id=by_hand(session))

    assert made.edit_id is not None
    assert session.scalar(select(Area.boundary_kind).where(Area.id == added)) == "drawn"
    assert {one.name for one in made.overlaps} == {"Hữu Tân"}

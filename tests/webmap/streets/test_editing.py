"""Alleys drawn, moved, cut and joined by hand, as the editor asks for it."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.webmap.streets.drawn import an_alley, lines, places, stroke, version
from webmap.areas.map_imports import undo
from webmap.areas.models import MapImport
from webmap.database.engine import transaction
from webmap.errors import ChangedMeanwhileError, NotFoundError
from webmap.ids import uuid7
from webmap.streets import editing, editing_details
from webmap.streets import editing_errors as errors
from webmap.streets.editing import Edited
from webmap.streets.editing_inputs import ClosedOn, Details, Joining, Meeting, NewShape, Seen, Splitting
from webmap.streets.models import Alley


@pytest.fixture
def road(session: Session, village: Village) -> Alley:
    return an_alley(session, (0, 0), (50, 0), (100, 0), name="Đường làng", kind="road", osm_id=7)


def rows(session: Session) -> list[str]:
    return list(session.scalars(text("select t::text from alley t order by 1")))


def nodes(session: Session) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for name, one, other in session.execute(select(Alley.name, Alley.from_node, Alley.to_node).order_by(Alley.id)):
        found.setdefault(name or "", []).append((one, other))
    return found


def test_a_drawn_alley_meets_the_road_and_the_road_is_cut_there(
    session: Session, village: Village, road: Alley
) -> None:
    made = editing.add_alley(session, village.leader.scope, village.id, stroke((20, 2), (20, 60), name="Ngõ 3"))

    assert lines(session) == {
        "Đường làng": [[(0, 0), (20, 0)], [(20, 0), (50, 0), (100, 0)]],
        "Ngõ 3": [[(20, 0), (20, 60)]],
    }
    joined = nodes(session)
    assert joined["Đường làng"][0][1] == joined["Đường làng"][1][0] == joined["Ngõ 3"][0][0]
    assert made.cuts == 1
    edited = session.execute(select(Alley.edited_at, Alley.stands_for).where(Alley.osm_id == 7)).all()
    assert all(at is not None and original is not None for at, original in edited)


def test_what_was_drawn_is_undone_as_one(session: Session, village: Village, road: Alley) -> None:
    before = rows(session)

    made = editing.add_alley(session, village.leader.scope, village.id, stroke((20, -60), (20, 60)))
    assert len(rows(session)) == 4
    assert made.edit_id is not None
    undo(session, village.leader.scope, made.edit_id)

    assert rows(session) == before


def test_the_same_stroke_sent_twice_is_drawn_once(session: Session, village: Village, road: Alley) -> None:
    drawn = stroke((20, 2), (20, 60))
    editing.add_alley(session, village.leader.scope, village.id, drawn)

    again = editing.add_alley(session, village.leader.scope, village.id, drawn)

    assert again == Edited(None, (drawn.uuid,))
    assert len(rows(session)) == 3
    assert session.scalar(select(func.count()).select_from(MapImport)) == 1


def test_an_alley_drawn_over_one_that_is_there_is_refused(session: Session, village: Village, road: Alley) -> None:
    with pytest.raises(errors.AlreadyThereError) as raised:
        editing.add_alley(session, village.leader.scope, village.id, stroke((10, 1), (90, -1)))
    assert raised.value.facts == {"name": "Đường làng"}


def test_a_bridge_meets_only_with_its_ends(session: Session, village: Village, road: Alley) -> None:
    editing.add_alley(session, village.leader.scope, village.id, stroke((20, -30), (20, 30), kind="bridge"))

    assert len(rows(session)) == 2


def test_a_closed_alley_is_not_met(session: Session, village: Village, road: Alley) -> None:
    road.closed_on = date(2025, 1, 1)
    session.flush()

    editing.add_alley(session, village.leader.scope, village.id, stroke((20, 2), (20, 60), name="Ngõ 3"))

    assert lines(session)["Ngõ 3"] == [[(20, 2), (20, 60)]]


def test_nobody_draws_in_the_neighbours_commune(session: Session, village: Village) -> None:
    outside = stroke((4000, 0), (4100, 0))  # well inside Hàm Ninh

    with pytest.raises(errors.OutsideAreasError):
        editing.add_alley(session, village.leader.scope, village.id, outside)
    with pytest.raises(NotFoundError):
        editing.add_alley(session, village.stranger.scope, village.id, stroke((20, 2), (20, 60)))
    assert rows(session) == []


def test_where_no_boundary_is_known_one_is_asked_for(session: Session, village: Village) -> None:
    session.execute(text("update area set boundary = null, boundary_kind = 'none'"))

    with pytest.raises(errors.NoGroundError):
        editing.add_alley(session, village.leader.scope, village.id, stroke((20, 2), (20, 60)))


def test_households_go_with_the_half_of_the_alley_that_is_nearer(
    session: Session, village: Village, road: Alley
) -> None:
    west, east = village.households[0], village.households[1]
    for door, (lon, lat) in zip((west, east), places((10, 5), (90, 5)), strict=True):
        door.alley_id = road.id
        door.point = func.st_setsrid(func.st_makepoint(lon, lat), 4326)
    session.flush()

    made = editing.split(
        session, village.leader.scope, village.id, road.uuid,
        Splitting(version=version(session, road.uuid), lon=places((51, 3))[0][0], lat=places((51, 3))[0][1]),
    )  # fmt: skip

    session.expire_all()
    assert lines(session)["Đường làng"] == [[(0, 0), (50, 0)], [(50, 0), (100, 0)]]
    assert west.alley_id == road.id
    assert east.alley_id == session.scalar(select(Alley.id).where(Alley.uuid == made.uuids[1]))
    assert made.edit_id is not None
    undo(session, village.leader.scope, made.edit_id)
    session.expire_all()
    assert (west.alley_id, east.alley_id) == (road.id, road.id)


def test_halves_are_joined_into_the_alley_they_were(session: Session, village: Village, road: Alley) -> None:
    scope, at = village.leader.scope, places((30, 0))[0]
    halves = editing.split(
        session, scope, village.id, road.uuid, Splitting(version=version(session, road.uuid), lon=at[0], lat=at[1])
    ).uuids
    first, second = (version(session, uuid) for uuid in halves)

    editing.join(session, scope, village.id, halves[0], Joining(version=first, other=halves[1], other_version=second))

    assert lines(session) == {"Đường làng": [[(0, 0), (30, 0), (50, 0), (100, 0)]]}


def test_two_alleys_are_not_joined_across_a_junction(session: Session, village: Village, road: Alley) -> None:
    scope = village.leader.scope
    editing.add_alley(session, scope, village.id, stroke((20, 2), (20, 60)))
    one, other = session.scalars(select(Alley.uuid).where(Alley.osm_id == 7).order_by(Alley.id))

    joining = Joining(version=version(session, one), other=other, other_version=version(session, other))
    with pytest.raises(errors.OthersMeetHereError):
        editing.join(session, scope, village.id, one, joining)


def test_a_junction_moves_along_with_the_end_of_an_alley(session: Session, village: Village, road: Alley) -> None:
    side = an_alley(session, (100, 0), (100, 80), name="Ngõ 9")

    editing.reshape(
        session, village.leader.scope, village.id, road.uuid,
        NewShape(version=version(session, road.uuid), coordinates=places((0, 0), (50, 0), (110, 10))),
    )  # fmt: skip

    assert lines(session) == {"Đường làng": [[(0, 0), (50, 0), (110, 10)]], "Ngõ 9": [[(110, 10), (100, 80)]]}
    assert nodes(session)["Đường làng"][0][1] == nodes(session)["Ngõ 9"][0][0]
    assert side.name == "Ngõ 9"


def test_an_end_drawn_onto_another_alley_goes_there_alone(session: Session, village: Village, road: Alley) -> None:
    an_alley(session, (100, 0), (100, 80), name="Ngõ 9")
    an_alley(session, (0, 40), (80, 40), name="Ngõ 11")

    editing.reshape(
        session, village.leader.scope, village.id, road.uuid,
        NewShape(version=version(session, road.uuid), coordinates=places((0, 0), (50, 0), (60, 39))),
    )  # fmt: skip

    assert lines(session) == {
        "Đường làng": [[(0, 0), (50, 0), (60, 40)]],
        "Ngõ 9": [[(100, 0), (100, 80)]],
        "Ngõ 11": [[(0, 40), (60, 40)], [(60, 40), (80, 40)]],
    }


def test_the_part_of_an_alley_that_lies_outside_may_stay_as_it_is(session: Session, village: Village) -> None:
    way = an_alley(session, (0, 0), (1500, 0), (5000, 0), name="Tỉnh lộ")
    moved = NewShape(version=version(session, way.uuid), coordinates=places((0, 20), (1500, 0), (5000, 0)))
    far = NewShape(version=version(session, way.uuid), coordinates=places((0, 0), (1500, 0), (5000, 90)))

    with pytest.raises(errors.OutsideAreasError):
        editing.reshape(session, village.leader.scope, village.id, way.uuid, far)
    editing.reshape(session, village.leader.scope, village.id, way.uuid, moved)

    assert lines(session)["Tỉnh lộ"] == [[(0, 20), (1500, 0), (5000, 0)]]


def test_two_that_cross_are_made_to_meet_once(session: Session, village: Village, road: Alley) -> None:
    over = an_alley(session, (20, -30), (20, 30), name="Ngõ 5")
    meeting = Meeting(uuid=road.uuid, other=over.uuid)

    editing.meet(session, village.leader.scope, village.id, meeting)
    again = editing.meet(session, village.leader.scope, village.id, meeting)

    assert again.edit_id is None
    assert [len(found) for found in lines(session).values()] == [2, 2]
    assert len({node for pairs in nodes(session).values() for pair in pairs for node in pair}) == 5


Deed = Callable[[Session, Village, Alley, str], Edited]
DEEDS: dict[str, Deed] = {
    "reshape": lambda session, village, alley, seen: editing.reshape(
        session, village.leader.scope, village.id, alley.uuid,
        NewShape(version=seen, coordinates=places((0, 0), (40, 9), (100, 0))),
    ),
    "split": lambda session, village, alley, seen: editing.split(
        session, village.leader.scope, village.id, alley.uuid,
        Splitting(version=seen, lon=places((30, 0))[0][0], lat=places((30, 0))[0][1]),
    ),
    "rename": lambda session, village, alley, seen: editing_details.change_details(
        session, village.leader.scope, village.id, alley.uuid, Details(version=seen, name="Ngõ mới", kind="alley")
    ),
    "close": lambda session, village, alley, seen: editing_details.close(
        session, village.leader.scope, village.id, alley.uuid, ClosedOn(version=seen, closed_on=date(2026, 1, 1))
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_who_saw_an_older_alley_is_told_and_nothing_changes(
    session: Session, village: Village, road: Alley, deed: Deed
) -> None:
    seen = version(session, road.uuid)
    road.name = "Đường khác"
    session.flush()
    before = rows(session)

    with pytest.raises(ChangedMeanwhileError):
        deed(session, village, road, seen)
    assert rows(session) == before


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_every_edit_is_undone_to_the_last_bit(session: Session, village: Village, road: Alley, deed: Deed) -> None:
    before = rows(session)

    made = deed(session, village, road, version(session, road.uuid))
    assert rows(session) != before
    assert made.edit_id is not None
    undo(session, village.leader.scope, made.edit_id)

    assert rows(session) == before


@pytest.mark.parametrize("name", ["reshape", "rename", "close"])
def test_an_edit_asked_for_twice_is_one_change(session: Session, village: Village, road: Alley, name: str) -> None:
    seen = version(session, road.uuid)

    first = DEEDS[name](session, village, road, seen)
    second = DEEDS[name](session, village, road, seen)  # the answer to the first was lost

    assert first.edit_id is not None
    assert second.edit_id is None


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_an_alley_of_the_neighbours_does_not_exist(session: Session, village: Village, deed: Deed) -> None:
    theirs = an_alley(session, (4000, 0), (4100, 0), name="Ngõ lạ")

    with pytest.raises(NotFoundError):
        deed(session, village, theirs, version(session, theirs.uuid))


def test_a_closed_alley_is_opened_again(session: Session, village: Village, road: Alley) -> None:
    DEEDS["close"](session, village, road, version(session, road.uuid))

    editing_details.reopen(
        session, village.leader.scope, village.id, road.uuid, Seen(version=version(session, road.uuid))
    )

    assert session.scalar(select(Alley.closed_on).where(Alley.uuid == road.uuid)) is None


def test_what_was_drawn_is_taken_away_and_what_a_file_brought_is_not(
    session: Session, village: Village, road: Alley
) -> None:
    scope, drawn = village.leader.scope, stroke((20, 2), (20, 60), name="Ngõ nhầm")
    editing.add_alley(session, scope, village.id, drawn)
    village.household.alley_id = session.scalar(select(Alley.id).where(Alley.uuid == drawn.uuid))
    session.flush()
    linked = village.household.alley_id

    with pytest.raises(errors.NotDrawnError):
        editing_details.remove(session, scope, village.id, road.uuid, Seen(version=version(session, road.uuid)))
    made = editing_details.remove(session, scope, village.id, drawn.uuid, Seen(version=version(session, drawn.uuid)))
    session.expire_all()
    assert village.household.alley_id is None
    assert made.edit_id is not None
    undo(session, scope, made.edit_id)
    session.expire_all()
    assert village.household.alley_id == linked


def test_a_private_alley_is_walked_and_a_forbidden_one_is_not(session: Session, village: Village, road: Alley) -> None:
    for access, walked in (("private", True), ("forbidden", False), ("public", True)):
        given = Details(version=version(session, road.uuid), name="Đường làng", kind="road", access=access)
        editing_details.change_details(session, village.leader.scope, village.id, road.uuid, given)
        assert session.scalar(select(Alley.is_walkable).where(Alley.uuid == road.uuid)) is walked


def test_an_edit_that_cannot_be_done_leaves_no_trace(session: Session, village: Village, road: Alley) -> None:
    scope = village.leader.scope
    at_the_end = Splitting(version=version(session, road.uuid), lon=places((0, 0))[0][0], lat=places((0, 0))[0][1])

    with pytest.raises(errors.AtAnEndError), transaction(scope) as asking:
        editing.split(asking, scope, village.id, road.uuid, at_the_end)
    with pytest.raises(NotFoundError):
        editing_details.reopen(session, scope, village.id, uuid7(), Seen(version="x"))
    assert session.scalar(select(func.count()).select_from(MapImport)) == 0

"""Alleys drawn, moved, cut and joined by hand. Each deed is one change of the map, and can be undone as one.

A row is an alley from junction to junction. Where a drawn line meets another, both get a corner there and end there,
and both know the junction by the same number, so that routes lead from one into the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import shapely
from geoalchemy2.shape import from_shape
from shapely import LineString, MultiLineString
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers import drawing
from gis_layers.geojson import from_wkb
from gis_layers.measure import geometry_to_plane, plane_of
from gis_layers.sources.noding import node_id
from webmap import clock
from webmap.accounts.scope import Scope, require_area
from webmap.areas.models import MapImport
from webmap.streets import editing_errors as errors
from webmap.streets.editing_inputs import Joining, Meeting, NewAlley, NewShape, Splitting
from webmap.streets.editing_queries import line_of, near
from webmap.streets.edits import (
    edit,
    give_households,
    opened,
    require_drawable,
    require_version,
    said,
    stand_for,
    walking,
)
from webmap.streets.models import Alley

OVER_OTHERS = frozenset(("bridge", "ferry"))
NEAR_METRES = 30.0
SAME_LINE_METRES = 2.0
"""A line that keeps this close to a known alley from end to end is that alley, drawn a second time."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Edited:
    """What a deed left behind: the change that can be undone (None: nothing had to be changed), and the alleys now."""

    edit_id: UUID | None
    uuids: tuple[UUID, ...] = ()
    cuts: int = 0


def add_alley(session: Session, scope: Scope, area_id: int, new: NewAlley) -> Edited:
    """Draw an alley. It meets what it crosses, and what lies within 3 m of its ends; bridges and ferries only these.

    Sent a second time (the browser makes the uuid) it is not drawn again.
    """
    require_area(session, scope, area_id)
    if session.scalar(select(Alley.id).where(Alley.uuid == new.uuid)) is not None:
        return Edited(None, (new.uuid,))
    line = LineString(new.coordinates)
    require_drawable(session, scope, line)
    around = near(session, line, NEAR_METRES)
    _require_new(line, around)
    values = {"name": new.name or None, "kind": new.kind, **walking(new.access), "has_gate": new.has_gate}
    with edit(session, scope, area_id, "add_alley", new.name) as change:
        found = _laid(line, around, new.kind)
        cut_up = _cut_known(session, change, around, found.cuts)
        made = [
            Alley(uuid=new.uuid if number == 0 else None, source_id=change.source_id, **values)
            for number in range(len(found.pieces))
        ]
        return Edited(change.id, _kept(session, made, found.pieces, [*around, *cut_up]), len(cut_up))


def reshape(session: Session, scope: Scope, area_id: int, uuid: UUID, new: NewShape) -> Edited:
    """Move the corners of an alley.

    A junction at its end moves along with all alleys that meet there, unless the end was drawn onto another alley: then
    only this one goes there.
    """
    alley, line = opened(session, scope, area_id, uuid)
    wanted = LineString(new.coordinates)
    if shapely.equals_exact(line, wanted, 1e-8):
        return Edited(None, (uuid,))
    require_version(session, alley, new.version)
    require_drawable(session, scope, wanted, before=line)
    around = [one for one in near(session, shapely.union(line, wanted), NEAR_METRES) if one.id != alley.id]
    with edit(session, scope, area_id, "reshape_alley", alley.name or "") as change:
        following = _following(line, wanted, around)
        for other, at, place in following:
            _move_end(session, other, at, place)
        still = [one for one in around if one not in [other for other, _, _ in following]]
        found = _laid(wanted, still, alley.kind)
        cut_up = _cut_known(session, change, still, found.cuts)
        rows = [alley, *(_twin(alley) for _ in found.pieces[1:])]
        stand_for(session, alley, [line])
        for twin in rows[1:]:
            twin.stands_for = alley.stands_for
        uuids = _kept(session, rows, found.pieces, [alley, *around, *cut_up])
        give_households(session, change, [alley.id], [row.id for row in rows])
        return Edited(change.id, uuids, len(cut_up))


def split(session: Session, scope: Scope, area_id: int, uuid: UUID, given: Splitting) -> Edited:
    """Cut an alley in two at the place of it nearest to the one given. Households go with the half that is nearer."""
    alley, line = opened(session, scope, area_id, uuid)
    require_version(session, alley, given.version)
    with said():
        first, _ = drawing.split(line, (given.lon, given.lat))
    place = (first.coords[-1][0], first.coords[-1][1])
    with edit(session, scope, area_id, "split_alley", alley.name or "") as change:
        second = _cut_one(session, change, alley, [place])
        return Edited(change.id, (alley.uuid, *(one.uuid for one in second)), 1)


def join(session: Session, scope: Scope, area_id: int, uuid: UUID, given: Joining) -> Edited:
    """Make one alley of two that meet end to end, where no third meets them. The first one's name and kind stay."""
    alley, line = opened(session, scope, area_id, uuid)
    other, its_line = opened(session, scope, area_id, given.other)
    require_version(session, alley, given.version)
    require_version(session, other, given.other_version)
    if alley.id == other.id:
        raise errors.DoNotMeetError
    with said():
        whole = drawing.joined(line, its_line)
    meeting = _ends(line) - _ends(whole)
    around = near(session, line, NEAR_METRES)
    if any(_ends(line_of(one)) & meeting for one in around if one.id not in (alley.id, other.id)):
        raise errors.OthersMeetHereError
    with edit(session, scope, area_id, "join_alleys", alley.name or other.name or "") as change:
        give_households(session, change, [other.id], [alley.id])
        stand_for(session, alley, [line])
        stand_for(session, other, [its_line])
        alley.stands_for = _both(alley.stands_for, other.stands_for)
        alley.name = alley.name or other.name
        uuids = _kept(session, [alley], (whole,), [alley, other])
        session.delete(other)
        session.flush()
        return Edited(change.id, uuids)


def meet(session: Session, scope: Scope, area_id: int, given: Meeting) -> Edited:
    """Let two alleys meet where they cross: both get a corner there, and end there. Told twice it is done once."""
    alley, line = opened(session, scope, area_id, given.uuid)
    other, its_line = opened(session, scope, area_id, given.other)
    with said():
        found = drawing.laid(line, [drawing.Known(its_line)])
    places = [_place(piece.coords[-1]) for piece in found.pieces[:-1]]
    if alley.id == other.id or not (places or found.cuts):
        return Edited(None, (given.uuid,))
    with edit(session, scope, area_id, "meet_alleys", alley.name or other.name or "") as change:
        made = [*_cut_one(session, change, alley, places), *_cut_known(session, change, [other], found.cuts)]
    return Edited(change.id, (given.uuid, *(one.uuid for one in made)), len(made))


def _require_new(line: LineString, around: Sequence[Alley]) -> None:
    plane = plane_of(line)
    known = [geometry_to_plane(plane, line_of(one)) for one in around]
    if shapely.union_all(known).buffer(SAME_LINE_METRES).covers(geometry_to_plane(plane, line)):
        names = sorted({one.name for one in around if one.name})
        raise errors.AlreadyThereError(name=", ".join(names[:3]) or "–")


def _laid(line: LineString, around: Sequence[Alley], kind: str) -> drawing.Laid:
    known = [drawing.Known(line_of(one), passes_over=one.kind in OVER_OTHERS) for one in around]
    with said():
        return drawing.laid(line, known, passes_over=kind in OVER_OTHERS)


def _cut_known(
    session: Session, change: MapImport, around: Sequence[Alley], cuts: dict[int, tuple[Place, ...]]
) -> list[Alley]:
    return [made for index, places in cuts.items() for made in _cut_one(session, change, around[index], places)]


def _cut_one(session: Session, change: MapImport, alley: Alley, places: Sequence[Place]) -> list[Alley]:
    """Cut an alley at some places. The first piece keeps the row; returns the others."""
    line = line_of(alley)
    pieces = drawing.cut(line, places)
    stand_for(session, alley, [line])
    rows = [alley, *(_twin(alley) for _ in pieces[1:])]
    nodes = [alley.from_node, *(node_id(piece.coords[-1]) for piece in pieces[:-1]), alley.to_node]
    for row, piece, from_node, to_node in zip(rows, pieces, nodes, nodes[1:], strict=False):
        row.line, row.edited_at = from_shape(piece, srid=4326), clock.now()
        row.from_node, row.to_node = from_node, to_node
    session.add_all(rows)
    session.flush()
    give_households(session, change, [alley.id], [row.id for row in rows])
    return rows[1:]


def _twin(alley: Alley) -> Alley:
    """One more row of the same alley."""
    kept = ("name", "kind", "osm_id", "is_walkable", "access", "has_gate", "closed_on", "stands_for", "source_id")
    return Alley(**{name: getattr(alley, name) for name in kept})


def _following(line: LineString, wanted: LineString, around: Sequence[Alley]) -> list[tuple[Alley, int, Place]]:
    """The ends of other alleys that move along with an end of this one: (alley, 0 or -1, where to)."""
    found = []
    for at in (0, -1):
        old, new = line.coords[at], wanted.coords[at]
        if old == new:
            continue
        here = [(one, end) for one in around for end in (0, -1) if line_of(one).coords[end] == old]
        at_home = {one.id for one, _ in here}
        strangers = [drawing.Known(line_of(one)) for one in around if one.id not in at_home]
        if here and not _is_drawn_onto(new, strangers):
            found += [(one, end, (new[0], new[1])) for one, end in here]
    return found


def _is_drawn_onto(place: Sequence[float], known: Sequence[drawing.Known]) -> bool:
    spot = shapely.Point(place)
    plane = plane_of(spot)
    near_by = (geometry_to_plane(plane, one.line).distance(shapely.Point(0, 0)) for one in known)
    return any(metres <= drawing.SNAP_METRES for metres in near_by)


def _move_end(session: Session, alley: Alley, at: int, place: Place) -> None:
    line = line_of(alley)
    stand_for(session, alley, [line])
    corners = [*line.coords]
    corners[at] = place
    if at == 0:
        alley.from_node = node_id(place)
    else:
        alley.to_node = node_id(place)
    alley.line, alley.edited_at = from_shape(LineString(corners), srid=4326), clock.now()
    session.flush()


def _kept(
    session: Session, rows: Sequence[Alley], pieces: Sequence[LineString], known: Sequence[Alley]
) -> tuple[UUID, ...]:
    """Write the pieces into their rows, with the junctions they share with what is known."""
    nodes: dict[Place, int] = {}
    for one in known:
        for end, node in zip((0, -1), (one.from_node, one.to_node), strict=True):
            if node is not None:
                nodes[_place(line_of(one).coords[end])] = node
    for row, piece in zip(rows, pieces, strict=True):
        row.line, row.edited_at = from_shape(piece, srid=4326), clock.now()
        row.from_node, row.to_node = (
            nodes.get(_place(piece.coords[end])) or node_id(piece.coords[end]) for end in (0, -1)
        )
    session.add_all(rows)
    session.flush()
    return tuple(row.uuid for row in rows)


def _ends(line: LineString) -> set[Place]:
    return {_place(line.coords[0]), _place(line.coords[-1])}


def _place(corner: Sequence[float]) -> Place:
    return float(corner[0]), float(corner[1])


def _both(one: bytes | None, other: bytes | None) -> bytes | None:
    lines = [line for wkb in (one, other) if wkb is not None for line in shapely.get_parts(from_wkb(wkb))]
    return shapely.to_wkb(MultiLineString(lines)) if lines else None

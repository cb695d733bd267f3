"""What a track has shown: stretches walked where no alley is known, as proposals for a person to accept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString

from gis_layers.drawing import Known, laid
from gis_layers.errors import BadGeometryError
from gis_layers.measure import LocalPlane, from_plane, plane_at, to_plane
from gis_layers.types import LonLat

FAR_METRES = 15.0
"""A fix this far from every known alley was not taken on one: phones are right to some 5 to 10 metres outdoors."""
SHORTEST_METRES = 25.0
"""A shorter stretch is a yard, a doorstep, or the noise of somebody who stood still."""
BROKEN_METRES = 80.0
"""Between two fixes farther apart the phone was silent: nobody knows where its owner walked."""
SPIKE_METRES = 30.0
BEND_METRES = 4.0
"""Bends below this are noise, not bends."""
REACH_METRES = 30.0
"""An end of a stretch is led on to an alley this close: the walker came from there."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A way that a track has shown: WGS 84, few corners. `joins_at`: whether its begin and its end lie on an alley."""

    line: LineString
    metres: float
    joins_at: tuple[bool, bool]


def unknown_ways(
    tracks: Sequence[npt.ArrayLike], alleys: Sequence[LineString], *, far_metres: float = FAR_METRES
) -> list[Proposal]:
    """Find what tracks show and the alleys do not.

    `tracks`: each (n, 2) WGS 84 lon, lat in the order walked; fixes that are no numbers are left out. `alleys`: the
    known ways around, WGS 84. A stretch is as long as its fixes stay more than `far_metres` from every alley; single
    spikes are dropped, silence longer than BROKEN_METRES ends it, and what was walked twice (there and back, or by the
    next track) is proposed once. Lines are simplified (Douglas and Peucker 1973) and their ends drawn onto the
    nearest alley within REACH_METRES.
    """
    fixes = [_clean(track) for track in tracks]
    fixes = [one for one in fixes if len(one) > 1]
    if not fixes:
        return []
    plane = plane_at(LonLat(*np.concatenate(fixes).mean(axis=0)))
    known = [LineString(to_plane(plane, shapely.get_coordinates(alley))) for alley in alleys]
    found: list[Proposal] = []
    for track in fixes:
        for run in _unbroken(to_plane(plane, track)):
            for stretch in _far_from(run, known, far_metres):
                for line in _walked_once(stretch, far_metres):
                    if proposal := _proposed(plane, line, known):
                        found.append(proposal)
                        known.append(LineString(to_plane(plane, shapely.get_coordinates(proposal.line))))
    return found


def _clean(track: npt.ArrayLike) -> Floats:
    given = np.asarray(track, dtype=np.float64).reshape(-1, 2)
    usable = np.isfinite(given).all(axis=1) & (np.abs(given) <= (180, 90)).all(axis=1) & (given != 0).any(axis=1)
    kept: Floats = given[usable]
    return kept


def _unbroken(xy: Floats) -> Iterator[Floats]:
    """Leave out spikes, cut where the phone was silent."""
    kept = np.ones(len(xy), dtype=bool)
    for at in range(1, len(xy) - 1):
        before, here, after = xy[at - 1], xy[at], xy[at + 1]
        out, back, across = np.hypot(*(here - before)), np.hypot(*(after - here)), np.hypot(*(after - before))
        kept[at] = not (min(out, back) > SPIKE_METRES and across < min(out, back))
    xy = xy[kept]
    steps = np.hypot(*np.diff(xy, axis=0).T)
    for run in np.split(xy, np.flatnonzero(steps > BROKEN_METRES) + 1):
        if len(run) > 1:
            yield run


def _far_from(run: Floats, known: list[LineString], far_metres: float) -> Iterator[Floats]:
    """Yield the stretches far from every known line, with the fix before and after each: there an alley was left."""
    if known:
        _, metres = shapely.STRtree(known).query_nearest(shapely.points(run), return_distance=True, all_matches=False)
    else:
        metres = np.full(len(run), np.inf)
    is_far = np.concatenate([[False], metres > far_metres, [False]])
    begins = np.flatnonzero(~is_far[:-1] & is_far[1:])
    ends = np.flatnonzero(is_far[:-1] & ~is_far[1:])
    for begin, end in zip(begins, ends, strict=True):
        yield run[max(begin - 1, 0) : end + 1]


def _walked_once(stretch: Floats, far_metres: float) -> Iterator[Floats]:
    """Leave out what runs along the stretch's own earlier course: the way back out of a dead end."""
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stretch, axis=0).T))])
    is_new = np.ones(len(stretch), dtype=bool)
    for at in range(2, len(stretch)):
        earlier = stretch[: at + 1][(walked[: at + 1] <= walked[at] - 2 * far_metres) & is_new[: at + 1]]
        if len(earlier) > 1:
            is_new[at] = LineString(earlier).distance(shapely.Point(stretch[at])) > far_metres / 2
    begins = np.flatnonzero(is_new & ~np.concatenate([[False], is_new[:-1]]))
    ends = np.flatnonzero(is_new & ~np.concatenate([is_new[1:], [False]]))
    for begin, end in zip(begins, ends, strict=True):
        yield stretch[max(begin - 1, 0) : min(end + 2, len(stretch))]


def _proposed(plane: LocalPlane, line: Floats, known: list[LineString]) -> Proposal | None:
    """Simplify a stretch and draw its ends onto what is known; None when nothing worth a proposal is left."""
    if _reach(line) < SHORTEST_METRES:
        return None
    smooth = shapely.get_coordinates(LineString(line).simplify(BEND_METRES))
    smooth = _without_hook(_without_hook(smooth)[::-1])[::-1].copy()
    joins = []
    for at in (0, -1):
        place = _nearest_place(shapely.Point(smooth[at]), known)
        joins.append(place is not None)
        if place is not None:
            smooth[at] = place
    drawn = LineString(from_plane(plane, smooth))
    around = [Known(LineString(from_plane(plane, shapely.get_coordinates(one)))) for one in known]
    try:
        pieces = laid(drawn, around).pieces
    except BadGeometryError:
        return None
    corners = [pieces[0].coords[0], *(corner for piece in pieces for corner in piece.coords[1:])]
    whole = LineString(corners)
    metres = LineString(to_plane(plane, corners)).length
    return Proposal(whole, float(metres), (joins[0], joins[1])) if metres >= SHORTEST_METRES else None


def _without_hook(corners: Floats) -> Floats:
    """Drop a last corner that lies beside the piece before the last: the first steps of the way back."""
    if len(corners) > 2 and LineString(corners[-3:-1]).distance(shapely.Point(corners[-1])) < FAR_METRES / 2:
        return corners[:-1]
    return corners


def _reach(line: Floats) -> float:
    """How far apart the farthest corners of its box are: small for somebody who stood still for an hour."""
    return float(np.hypot(*np.ptp(line, axis=0)))


def _nearest_place(end: shapely.Point, known: list[LineString]) -> tuple[float, float] | None:
    if not known:
        return None
    found = shapely.STRtree(known).query_nearest(end, max_distance=REACH_METRES, all_matches=False)
    if not found.size:
        return None
    line = known[int(found[0])]
    foot = line.interpolate(line.project(end))
    return foot.x, foot.y

"""What is drawn by hand joins what is there: ends snapped, lines cut where they meet, cut ones joined again.

Lines are WGS 84. Places where lines meet become corners with the very same coordinates on both, for that is how
alleys know each other (`sources.noding`, `routing.network`).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString

from gis_layers.errors import BadGeometryError
from gis_layers.measure import LocalPlane, from_plane, plane_of, to_plane
from gis_layers.sources.noding import DIGITS

SNAP_METRES = 3.0
"""An end drawn this close to another line was meant to be on it."""
SAME_PLACE_METRES = 0.3
"""Corners this close are one; so is a crossing and a corner beside it."""

_CENTIMETRE = 0.01  # what rounding to DIGITS may move a corner

Floats = npt.NDArray[np.float64]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Known:
    """A line that is there already. `passes_over`: a bridge or ferry meets others with its ends only."""

    line: LineString
    passes_over: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """A new line among the known ones: its pieces from meeting place to meeting place, and where known ones are cut.

    `cuts[i]` are the places within known line i where a piece ends or passes, never its own ends.
    """

    pieces: tuple[LineString, ...]
    cuts: dict[int, tuple[Place, ...]]


def laid(
    line: LineString, known: Sequence[Known], *, passes_over: bool = False, within_metres: float = SNAP_METRES
) -> Laid:
    """Lay a new line among known ones: draw its ends onto what lies within `within_metres`, meet what it crosses.

    A corner of another line is preferred to its middle, an end to any other corner. An end close to the line's own
    earlier course is drawn onto that (a loop). BadGeometryError(reason="too_short") when nothing of a line is left.
    """
    plane = plane_of(line)
    stroke = _Stroke(plane, _rounded(shapely.get_coordinates(line)), known)
    for at in (0, len(stroke.degrees) - 1):
        stroke.draw_end(at, within_metres)
    if not passes_over:
        for at in range(1, len(stroke.degrees) - 1):
            stroke.meet_corner(at)
        for index in stroke.on_the_ground:
            stroke.meet_crossings(index)
    stroke.close_on_itself(within_metres)
    return stroke.laid()


def cut(line: LineString, places: Sequence[Place]) -> tuple[LineString, ...]:
    """Cut a line at places on it, or a hand's breadth beside it; each becomes a corner. Its ends are no places."""
    plane = plane_of(line)
    degrees = shapely.get_coordinates(line)
    for place in places:
        degrees = _with_corner(plane, degrees, np.array(place))
    wanted = {tuple(place) for place in places}
    stops = [0, *(i for i in range(1, len(degrees) - 1) if tuple(degrees[i]) in wanted), len(degrees) - 1]
    return tuple(LineString(degrees[a : b + 1]) for a, b in pairwise(stops))


def split(line: LineString, place: Place) -> tuple[LineString, LineString]:
    """Cut a line in two at the place of it nearest to `place`; a corner close by is taken.

    BadGeometryError(reason="at_an_end") where nothing would be left of one half.
    """
    plane = plane_of(line)
    flat = _flat(plane, line)
    foot = flat.interpolate(flat.project(shapely.Point(*to_plane(plane, [place])[0])))
    corner = _corner_near(plane, shapely.get_coordinates(line), np.array([foot.x, foot.y]), SNAP_METRES / 2)
    if corner is None:
        corner = _rounded(from_plane(plane, [[foot.x, foot.y]]))[0]
    halves = cut(line, [(float(corner[0]), float(corner[1]))])
    if len(halves) != 2 or min(_flat(plane, half).length for half in halves) < SAME_PLACE_METRES:
        raise BadGeometryError(reason="at_an_end")
    return halves[0], halves[1]


def joined(line: LineString, other: LineString, *, within_metres: float = SNAP_METRES) -> LineString:
    """Make one line of two that meet at an end of each, in the direction of the first; the first's corner stays.

    BadGeometryError(reason="do_not_meet") when no two of their ends lie within `within_metres`.
    """
    plane = plane_of(line)
    mine, its = shapely.get_coordinates(line), shapely.get_coordinates(other)
    ways = [(a, b, _apart(plane, mine[a], its[b])) for a in (-1, 0) for b in (0, -1)]
    at, its_at, metres = min(ways, key=lambda way: way[2])
    if metres > within_metres:
        raise BadGeometryError(reason="do_not_meet", metres=round(metres))
    if at == -1:
        return LineString(np.concatenate([mine, (its if its_at == 0 else its[::-1])[1:]]))
    return LineString(np.concatenate([(its if its_at == -1 else its[::-1])[:-1], mine]))


class _Stroke:
    """The new line while it is being laid: its corners in degrees, and which of them meet what."""

    def __init__(self, plane: LocalPlane, degrees: Floats, known: Sequence[Known]) -> None:
        self.plane = plane
        self.degrees = degrees
        self.known = [shapely.get_coordinates(one.line) for one in known]
        self.flats = [_flat(plane, one.line) for one in known]
        self.on_the_ground = [index for index, one in enumerate(known) if not one.passes_over]
        self.tree = shapely.STRtree(self.flats)
        self.places: dict[int, list[Place]] = defaultdict(list)
        self.meets: set[Place] = set()

    def draw_end(self, at: int, within_metres: float) -> None:
        spot = self._spot(self.degrees[at])
        found = [self._place_on(index, spot, within_metres) for index in self._near(spot, within_metres)]
        found = [one for one in found if one[1] <= within_metres]
        if found:
            self._meet_at(at, min(found)[2])

    def meet_corner(self, at: int) -> None:
        spot = self._spot(self.degrees[at])
        near = [index for index in self._near(spot, SAME_PLACE_METRES) if index in self.on_the_ground]
        if near:
            self._meet_at(at, min(self._place_on(index, spot, SAME_PLACE_METRES) for index in near)[2])

    def meet_crossings(self, index: int) -> None:
        flat = _flat(self.plane, LineString(self.degrees))
        for x, y in shapely.get_coordinates(shapely.intersection(flat, self.flats[index])):
            met = to_plane(self.plane, self.places[index])
            if len(met) and np.hypot(*(met - (x, y)).T).min() <= 2 * SAME_PLACE_METRES:
                continue
            place = self._place_on(index, shapely.Point(x, y), SAME_PLACE_METRES)[2]
            self.degrees = _with_corner(self.plane, self.degrees, np.array(place))
            self.places[index].append(place)
            self.meets.add(place)

    def close_on_itself(self, within_metres: float) -> None:
        """Draw an end that comes back to the line's own course onto it."""
        for _ in range(2):
            self.degrees = self.degrees[::-1].copy()
            flat = to_plane(self.plane, self.degrees)
            behind = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(flat, axis=0).T))])
            course = flat[behind < behind[-1] - 4 * within_metres]
            if tuple(self.degrees[-1]) in self.meets or len(course) < 2:
                continue
            if LineString(course).distance(shapely.Point(flat[-1])) <= within_metres:
                self._come_back(course, flat[-1], within_metres)

    def _come_back(self, course: Floats, end: Floats, within_metres: float) -> None:
        corner = _corner_near(self.plane, self.degrees[: len(course)], end, within_metres)
        if corner is None:
            line = LineString(course)
            foot = line.interpolate(line.project(shapely.Point(end)))
            corner = _rounded(from_plane(self.plane, [[foot.x, foot.y]]))[0]
            begun = _with_corner(self.plane, self.degrees[: len(course)], corner)
            self.degrees = np.concatenate([begun, self.degrees[len(course) :]])
        self.degrees[-1] = corner
        self.meets.add((float(corner[0]), float(corner[1])))

    def laid(self) -> Laid:
        degrees = _without_repeats(self.degrees)
        if len(degrees) < 2 or _flat(self.plane, LineString(degrees)).length < SAME_PLACE_METRES:
            raise BadGeometryError(reason="too_short")
        stops = [0, *(i for i in range(1, len(degrees) - 1) if tuple(degrees[i]) in self.meets), len(degrees) - 1]
        pieces = tuple(LineString(degrees[a : b + 1]) for a, b in pairwise(stops))
        ends = [{tuple(corners[0]), tuple(corners[-1])} for corners in self.known]
        cuts = {
            index: tuple(place for place in dict.fromkeys(self.places[index]) if place not in ends[index])
            for index in self.on_the_ground
        }
        return Laid(pieces, {index: places for index, places in cuts.items() if places})

    def _meet_at(self, at: int, place: Place) -> None:
        self.degrees[at] = place
        self.meets.add(place)
        for index in self._near(self._spot(np.array(place)), 2 * _CENTIMETRE):
            self.places[index].append(place)

    def _spot(self, lonlat: Floats) -> shapely.Point:
        return shapely.Point(*to_plane(self.plane, [lonlat])[0])

    def _near(self, spot: shapely.Point, metres: float) -> list[int]:
        return sorted(int(index) for index in self.tree.query(spot, predicate="dwithin", distance=metres))

    def _place_on(self, index: int, spot: shapely.Point, within_metres: float) -> tuple[int, float, Place]:
        """Return (0 end, 1 corner, 2 middle; metres; degrees) of the best place of a known line for a spot."""
        flat, degrees = self.flats[index], self.known[index]
        apart = np.hypot(*(shapely.get_coordinates(flat) - (spot.x, spot.y)).T)
        end = 0 if apart[0] <= apart[-1] else len(apart) - 1
        corner = int(np.argmin(apart))
        if apart[end] <= within_metres or index not in self.on_the_ground:
            return 0, float(apart[end]), _place(degrees[end])
        if apart[corner] <= within_metres:
            return 1, float(apart[corner]), _place(degrees[corner])
        foot = flat.interpolate(flat.project(spot))
        return 2, float(foot.distance(spot)), _place(_rounded(from_plane(self.plane, [[foot.x, foot.y]]))[0])


def _with_corner(plane: LocalPlane, degrees: Floats, corner: Floats) -> Floats:
    """Return the line with a corner put in where it passes; as it is when it has that corner."""
    if any(np.array_equal(corner, one) for one in degrees):
        return degrees
    flat = to_plane(plane, degrees)
    spot = shapely.Point(*to_plane(plane, [corner])[0])
    pieces = shapely.linestrings(np.stack([flat[:-1], flat[1:]], axis=1))
    after = int(np.argmin(shapely.distance(pieces, spot)))
    return np.insert(degrees, after + 1, corner, axis=0)


def _corner_near(plane: LocalPlane, degrees: Floats, spot: Floats, within_metres: float) -> Floats | None:
    apart = np.hypot(*(to_plane(plane, degrees) - spot).T)
    best = int(np.argmin(apart))
    return degrees[best].copy() if apart[best] <= within_metres else None


def _apart(plane: LocalPlane, a: Floats, b: Floats) -> float:
    return float(np.hypot(*(to_plane(plane, [a]) - to_plane(plane, [b]))[0]))


def _flat(plane: LocalPlane, line: LineString) -> LineString:
    return LineString(to_plane(plane, shapely.get_coordinates(line)))


def _rounded(degrees: Floats) -> Floats:
    rounded: Floats = np.round(degrees, DIGITS)
    return rounded


def _place(lonlat: Floats) -> Place:
    return float(lonlat[0]), float(lonlat[1])


def _without_repeats(degrees: Floats) -> Floats:
    moves = np.any(np.diff(degrees, axis=0) != 0, axis=1)
    kept: Floats = degrees[np.concatenate([[True], moves])]
    return kept

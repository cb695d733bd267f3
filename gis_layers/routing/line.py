"""The drawn line of one walk along the alleys, and what to tell the walker: headings, sides, metres, minutes."""

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from gis_layers.measure import from_plane
from gis_layers.routing.arrays import Floats, Ints
from gis_layers.routing.doors import Doors
from gis_layers.routing.matrix import METRES_PER_SECOND, STRAIGHT_DETOUR, crossing, to_junctions
from gis_layers.routing.network import Network
from gis_layers.types import LonLat

STRAIGHT = "straight"
"""The kind of a step over land where no way is known."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch along one alley: `alley_id` None on ways we added, `heading` in degrees from north at its beginning."""

    alley_id: Hashable | None
    kind: str
    heading: int
    metres: float


@dataclass(frozen=True, slots=True)
class Leg:
    """The way to one stop. `line` is WGS 84 along the ways; `metres` includes the steps to and from the doors.

    `side` is where the door lies when one arrives walking: "left", "right", or None on the way itself.
    """

    line: tuple[LonLat, ...]
    steps: tuple[Step, ...]
    metres: float
    minutes: float
    side: str | None
    alley_id: Hashable | None


@dataclass(frozen=True, slots=True)
class WalkLine:
    """One leg per stop, and the way back when there is one. `line` is all of it, in pieces where land lies between."""

    legs: tuple[Leg, ...]
    way_back: Leg | None
    line: shapely.MultiLineString

    @property
    def metres(self) -> float:
        return sum(leg.metres for leg in self.legs) + (self.way_back.metres if self.way_back else 0.0)


def walk_line(
    network: Network,
    doors: Doors,
    order: Ints,
    *,
    start: Doors | None = None,
    end: Doors | None = None,
    metres_per_second: float = METRES_PER_SECOND,
) -> WalkLine:
    """Draw the walk through `doors` in `order`, from `start` and to `end` where given (see `doors.place_of`).

    The legs are shortest ways of the same measure as `matrix.walking_metres`. Without a start the first leg has no
    length. The line lies on the alleys, on ways that were added, and on straight lines only where no way is known.
    """
    places = _in_a_row(doors, order, start, end)
    drawn = _Drawn(network, places)
    legs = [_leg(drawn, one, other, metres_per_second) for one, other in pairwise(range(len(places)))]
    if start is None and len(order):
        legs.insert(0, _standing(network, places))
    way_back = legs.pop() if end is not None and len(order) else None
    pieces = [leg.line for leg in [*legs, *([way_back] if way_back else [])] if len(set(leg.line)) > 1]
    return WalkLine(tuple(legs), way_back, shapely.MultiLineString([list(piece) for piece in pieces]))


class _Drawn:
    """Shortest ways between the places of one walk, found once for all legs."""

    def __init__(self, network: Network, places: Doors) -> None:
        self.network = network
        self.places = places
        on = places.edge[places.edge >= 0]
        self.junctions = np.unique(np.concatenate([network.edge_from[on], network.edge_to[on]]))
        if not self.junctions.size:
            return
        self.metres, self.before = dijkstra(
            network.graph(), directed=False, indices=self.junctions, return_predecessors=True
        )
        self.near, self.off = to_junctions(network, places, self.junctions)
        self.edge_between: dict[tuple[int, int], int] = {}
        for edge in np.argsort(-network.edge_cost, kind="stable"):  # the cheapest of parallel edges stays
            ends = (int(network.edge_from[edge]), int(network.edge_to[edge]))
            self.edge_between[ends] = self.edge_between[ends[::-1]] = int(edge)

    def junctions_on_the_way(self, one: int, other: int) -> tuple[float, list[int]]:
        """Return the felt metres along the ways and the junctions passed; none when both are on one edge."""
        best: tuple[float, list[int]] = (np.inf, [])
        if self.places.edge[one] == self.places.edge[other]:
            best = (abs(float(self.places.along[one] - self.places.along[other])), [])
        for mine in (0, 1):
            for its in (0, 1):
                source, target = self.near[one, mine], self.junctions[self.near[other, its]]
                metres = float(self.off[one, mine] + self.metres[source, target] + self.off[other, its])
                if metres < best[0] - 1e-9:
                    best = (metres, self._path(int(source), int(target)))
        return best

    def _path(self, source: int, target: int) -> list[int]:
        path = [target]
        while path[-1] != self.junctions[source]:
            path.append(int(self.before[source, path[-1]]))
        return path[::-1]


def _leg(drawn: _Drawn, one: int, other: int, metres_per_second: float) -> Leg:
    network, places = drawn.network, drawn.places
    straight = float(np.hypot(*(places.xy[one] - places.xy[other])))
    felt, passed = drawn.junctions_on_the_way(one, other) if drawn.junctions.size else (np.inf, [])
    extra = float(places.access[one] + places.access[other])
    both_far = bool(places.is_far[one] and places.is_far[other])
    if not drawn.junctions.size or (both_far and straight * STRAIGHT_DETOUR < felt + extra):
        return _over_land(network, places, one, other, metres_per_second)
    stretches = _stretches(drawn, one, other, passed)
    across = float(crossing(network, places, places, np.array([one]))[0, other])
    line = _with_stubs(places, one, other, [xy for _, xy in stretches])
    steps = _merged([_step(network, edge, xy) for edge, xy in stretches if _length(xy) > 0])
    metres = sum(_length(xy) for _, xy in stretches) + extra
    arriving = next((xy for _, xy in reversed(stretches) if _length(xy) > 0), None)
    return Leg(
        line=_degrees(network, line),
        steps=steps,
        metres=metres,
        minutes=(felt + across + extra) / metres_per_second / 60,
        side=_side(places, other, arriving),
        alley_id=_alley_id(network, int(places.edge[other])),
    )


def _standing(network: Network, places: Doors) -> Leg:
    """The first stop of a walk that begins at its door."""
    here = _degrees(network, places.foot[:1])
    return Leg(here, (), 0.0, 0.0, None, _alley_id(network, int(places.edge[0])))


def _over_land(network: Network, places: Doors, one: int, other: int, metres_per_second: float) -> Leg:
    xy = places.xy[[one, other]]
    metres = _length(xy)
    return Leg(
        line=_degrees(network, xy),
        steps=(Step(None, STRAIGHT, _heading(xy), metres),),
        metres=metres,
        minutes=metres * STRAIGHT_DETOUR / metres_per_second / 60,
        side=None,
        alley_id=_alley_id(network, int(places.edge[other])),
    )


def _stretches(drawn: _Drawn, one: int, other: int, passed: list[int]) -> list[tuple[int, Floats]]:
    """Return the edges walked and the shape of what is walked of each, in the order and direction of the walk."""
    network, places = drawn.network, drawn.places
    first, last = int(places.edge[one]), int(places.edge[other])
    if not passed:
        return [(first, _part(network.edge_line[first], places.along[one], places.along[other]))]
    result = [(first, _to_end(network, first, places.along[one], passed[0]))]
    for here, there in pairwise(passed):
        edge = drawn.edge_between[here, there]
        whole = shapely.get_coordinates(network.edge_line[edge])
        result.append((edge, whole if network.edge_from[edge] == here else whole[::-1]))
    result.append((last, _to_end(network, last, places.along[other], passed[-1])[::-1]))
    return result


def _to_end(network: Network, edge: int, along: float, junction: int) -> Floats:
    """Return the shape from a place on an edge to one of its junctions, on a loop the nearer way round."""
    length = float(network.edge_metres[edge])
    starts, ends = network.edge_from[edge] == junction, network.edge_to[edge] == junction
    backwards = starts and (not ends or along <= length - along)
    return _part(network.edge_line[edge], along, 0.0 if backwards else length)


def _part(line: shapely.LineString, begin: float, end: float) -> Floats:
    low, high = sorted((float(begin), float(end)))
    xy = shapely.get_coordinates(line)
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    inner = xy[(at > low) & (at < high)]
    tips = shapely.get_coordinates(shapely.line_interpolate_point(line, [low, high]))
    part = np.concatenate([tips[:1], inner, tips[1:]])
    return part if begin <= end else part[::-1]


def _with_stubs(places: Doors, one: int, other: int, stretches: list[Floats]) -> Floats:
    """Join the stretches, with the straight ways to houses that lie far from any way."""
    if places.is_far[one]:
        stretches = [np.array([places.xy[one], places.foot[one]]), *stretches]
    if places.is_far[other]:
        stretches = [*stretches, np.array([places.foot[other], places.xy[other]])]
    return np.concatenate(stretches)


def _merged(steps: list[Step]) -> tuple[Step, ...]:
    merged: list[Step] = []
    for step in steps:
        if merged and (merged[-1].alley_id, merged[-1].kind) == (step.alley_id, step.kind):
            last = merged.pop()
            merged.append(Step(last.alley_id, last.kind, last.heading, last.metres + step.metres))
        else:
            merged.append(step)
    return tuple(merged)


def _step(network: Network, edge: int, xy: Floats) -> Step:
    return Step(_alley_id(network, edge), network.edge_kind[edge], _heading(xy), _length(xy))


def _alley_id(network: Network, edge: int) -> Hashable | None:
    alley = int(network.edge_alley[edge]) if edge >= 0 else -1
    return network.alleys[alley].id if alley >= 0 else None


def _side(places: Doors, door: int, arriving: Floats | None) -> str | None:
    """Say on which hand the door lies for somebody who arrives along this stretch."""
    if arriving is None or places.access[door] < 0.05:
        return None
    ahead, away = arriving[-1] - arriving[-2], places.xy[door] - places.foot[door]
    turn = float(ahead[0] * away[1] - ahead[1] * away[0])
    return "left" if turn > 0 else "right"


def _heading(xy: Floats) -> int:
    east, north = xy[1] - xy[0]
    return round(float(np.degrees(np.arctan2(east, north)))) % 360


def _length(xy: Floats) -> float:
    return float(np.hypot(*np.diff(xy, axis=0).T).sum())


def _degrees(network: Network, xy: Floats) -> tuple[LonLat, ...]:
    moved = np.concatenate([[True], np.any(np.diff(xy, axis=0) != 0, axis=1)])
    return tuple(LonLat(float(lon), float(lat)) for lon, lat in from_plane(network.plane, xy[moved]))


def _in_a_row(doors: Doors, order: Ints, start: Doors | None, end: Doors | None) -> Doors:
    parts: list[tuple[Doors, Ints | list[int]]] = [(doors, order)]
    if len(order):
        parts = [*([(start, [0])] if start else []), (doors, order), *([(end, [0])] if end else [])]

    def joined(name: str) -> Any:
        return np.concatenate([getattr(part, name)[index] for part, index in parts])

    return Doors(*(joined(name) for name in ("xy", "foot", "edge", "along", "side", "access", "is_far")))

"""From chosen doors and alleys to routes: what the background job works out. No database in here."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from gis_layers.measure import geometry_from_plane, geometry_to_plane
from gis_layers.routing.doors import Doors, place_doors, place_of
from gis_layers.routing.line import WalkLine, walk_line
from gis_layers.routing.matrix import walking_matrix
from gis_layers.routing.network import GAP, Alley, Join, Network, build_network
from gis_layers.routing.share import Effort, share_doors
from gis_layers.routing.work import the_work
from gis_layers.types import LonLat
from webmap.planning.rules import SEARCH_MINUTES, Unplaced, door_minutes, with_unplaced

DECISECONDS = 600
"""Deciseconds of a minute."""
TURF_BUFFER_METRES = 18.0


@dataclass(frozen=True, slots=True)
class Door:
    """A household to be visited. `lonlat` None: nobody has placed its house."""

    id: UUID
    area_id: int
    alley_id: int | None
    alley_name: str | None
    uncovered: int
    lonlat: LonLat | None

    @property
    def minutes(self) -> float:
        return door_minutes(self.uncovered)


@dataclass(frozen=True, slots=True)
class MadeStop:
    """A door of a route, with the way to it."""

    door: Door
    alley_id: int | None = None
    side: str | None = None
    metres: float = 0.0
    arrive_minutes: float = 0.0
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class MadeRoute:
    """One team's walk. `line` and `turf` in WGS 84, None where nothing is to be drawn."""

    stops: list[MadeStop]
    line: shapely.MultiLineString | None
    turf: shapely.MultiPolygon | None
    metres: float
    walk_minutes: float

    @property
    def door_minutes(self) -> float:
        return sum(stop.minutes for stop in self.stops)


@dataclass(frozen=True, slots=True)
class MadePlan:
    """All routes, and what a person should look at: doors far from every alley, ways that are not known."""

    routes: list[MadeRoute]
    ending: str
    far_doors: int = 0
    gap_metres: list[int] = field(default_factory=list)
    has_alleys: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to share: for how many teams, from where (None: anywhere), with how much effort."""

    teams: int
    start: LonLat | None = None
    effort: Effort = field(default_factory=Effort)


def make_routes(
    doors: Sequence[Door],
    alleys: Sequence[Alley],
    wanted: Wanted,
    *,
    progress: Callable[[float], None],
    is_cancelled: Callable[[], bool],
) -> MadePlan:
    """Share the placed doors among the teams along the alleys; the unplaced ones come at the end of the routes."""
    placed = [door for door in doors if door.lonlat is not None]
    lonlats = [door.lonlat for door in placed if door.lonlat is not None]
    network = build_network(alleys, centre=lonlats[0] if lonlats else LonLat(0.0, 0.0))
    places = place_doors(network, lonlats, alley_ids=[door.alley_id for door in placed])
    start = place_of(network, wanted.start) if wanted.start else None
    times = walking_matrix(network, places)
    from_start = walking_matrix(network, start, places)[0] if start and placed else None
    service = np.array([round(door.minutes * DECISECONDS) for door in placed], dtype=np.int64)
    street = np.where(places.edge >= 0, network.edge_street[places.edge], -1) if network.has_alleys else None
    work = the_work(times, service, start=from_start, end=from_start, street=street)
    sharing = share_doors(work, wanted.teams, effort=wanted.effort, progress=progress, is_cancelled=is_cancelled)
    routes = [
        _made(network, places, placed, walk_line(network, places, share.doors, start=start, end=start), share.doors)
        for share in sharing.shares
    ]
    return MadePlan(
        routes=_with_searches(routes, [door for door in doors if door.lonlat is None]),
        ending=sharing.ending.value,
        far_doors=int(places.is_far.sum()),
        gap_metres=sorted(round(join.metres) for join in network.joins if join.kind == GAP and _is_used(join, routes)),
        has_alleys=network.has_alleys,
    )


def _is_used(join: Join, routes: list[MadeRoute]) -> bool:
    way = shapely.LineString(join.ends)
    return any(route.line is not None and shapely.dwithin(route.line, way.centroid, 1e-6) for route in routes)


def _made(
    network: Network, places: Doors, doors: Sequence[Door], walk: WalkLine, order: np.ndarray[Any, Any]
) -> MadeRoute:
    stops: list[MadeStop] = []
    minutes = 0.0
    for index, leg in zip(order, walk.legs, strict=True):
        door = doors[int(index)]
        minutes += leg.minutes
        alley_id = _number(leg.alley_id)
        stops.append(MadeStop(door, alley_id, leg.side, leg.metres, minutes, door.minutes))
        minutes += door.minutes
    walking = sum(leg.minutes for leg in walk.legs) + (walk.way_back.minutes if walk.way_back else 0.0)
    line = walk.line if not walk.line.is_empty else None
    return MadeRoute(stops, line, _turf(network, places, order, line), walk.metres, walking)


def _number(alley_id: Hashable | None) -> int | None:
    return alley_id if isinstance(alley_id, int) else None


def _turf(
    network: Network, places: Doors, order: np.ndarray[Any, Any], line: shapely.MultiLineString | None
) -> shapely.MultiPolygon | None:
    """The ground of a route: its doors and its way, with some metres around."""
    if not len(order):
        return None
    shapes: list[Any] = [shapely.MultiPoint(places.xy[order])]
    if line is not None:
        shapes.append(geometry_to_plane(network.plane, line))
    ground = shapely.union_all(shapes).buffer(TURF_BUFFER_METRES).simplify(3)
    turf: Any = geometry_from_plane(network.plane, ground)
    return turf if isinstance(turf, shapely.MultiPolygon) else shapely.MultiPolygon([turf])


def _with_searches(routes: list[MadeRoute], unplaced: list[Door]) -> list[MadeRoute]:
    """Put the houses to be found at the end of the routes that pass their alleys."""
    if not unplaced:
        return routes
    by_id = {door.id: door for door in unplaced}
    given = with_unplaced(
        [Unplaced(door.id, door.alley_name, door.minutes + SEARCH_MINUTES) for door in unplaced],
        [route.walk_minutes + route.door_minutes for route in routes],
        [frozenset(stop.door.alley_name for stop in route.stops if stop.door.alley_name) for route in routes],
    )
    result = []
    for route, searches in zip(routes, given, strict=True):
        minutes = route.walk_minutes + route.door_minutes
        stops = list(route.stops)
        for search in searches:
            stops.append(MadeStop(by_id[search.household_id], arrive_minutes=minutes, minutes=search.minutes))
            minutes += search.minutes
        result.append(MadeRoute(stops, route.line, route.turf, route.metres, route.walk_minutes))
    return result

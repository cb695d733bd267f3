"""How a village's streets grow: a road through it, alleys off the road, alleys off alleys, most of them dead ends."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString

from webmap.demo.frame import Floats
from webmap.demo.network import Near, Network, Way, WayKind
from webmap.demo.plans import Outline

STEP_METRES = 24.0
HOUSES_PER_METRE = 0.052  # of way, both sides, after corners and places too tight; measured on grown villages
FIRST_REACH_METRES = 240.0  # and half a metre more for each home
MORE_REACH_METRES = 150.0
TURNS = 7

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Habit:
    """How ways of one kind grow. Metres; angles in radians."""

    kind: WayKind
    shortest: float
    longest: float
    apart: tuple[float, float]  # between two starts on one side of the parent
    clearance: float  # from every other way
    wobble: float
    joins: float  # how often an end that comes near another way meets it
    chance: float


VILLAGE_ROADS = Habit(WayKind.VILLAGE_ROAD, 180, 420, (110, 220), 74, 0.07, 0.6, 0.9)
ALLEYS = Habit(WayKind.ALLEY, 45, 175, (44, 96), 34, 0.12, 0.3, 0.9)
SIDE_ALLEYS = Habit(WayKind.SIDE_ALLEY, 32, 95, (40, 74), 32, 0.16, 0.2, 0.62)
BYWAYS = Habit(WayKind.BYWAY, 28, 55, (36, 60), 28, 0.2, 0.0, 0.4)
TRACKS = Habit(WayKind.FIELD_TRACK, 150, 620, (60, 400), 70, 0.03, 0.0, 0.8)

PARENTS = (
    (VILLAGE_ROADS, (WayKind.THROUGH_ROAD, WayKind.VILLAGE_ROAD)),
    (ALLEYS, (WayKind.THROUGH_ROAD, WayKind.VILLAGE_ROAD)),
    (SIDE_ALLEYS, (WayKind.ALLEY,)),
    (BYWAYS, (WayKind.SIDE_ALLEY,)),
)


@dataclass(frozen=True, slots=True)
class Growth:
    """A village as it grows: where its ways may go, where it began, and what is there already."""

    network: Network
    dice: np.random.Generator
    village: int
    open_land: Outline
    core: Point


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a new way starts: the parent, metres along it, its side, the place, and the first heading."""

    parent: int
    along: float
    side: int
    place: Point
    heading: float


def connect(growth: Growth) -> None:
    """Lead a road from the nearest street to the village's core, and on through it to both sides."""
    network, dice, (x, y) = growth.network, growth.dice, growth.core
    near = network.nearest(x, y)
    parent, along = near.way, near.along
    start = network.meet(parent, along)
    heading = float(network.ways[parent].headings(np.array([along]))[0])
    if near.metres > VILLAGE_ROADS.clearance:
        heading = math.atan2(y - start[1], x - start[0])
        bend = _bowed(start, growth.core, dice.uniform(-0.06, 0.06))
        parent = network.add(Way(WayKind.VILLAGE_ROAD, growth.village, parent, along, bend))
        start, along = growth.core, network.ways[parent].metres
    for turn in (math.pi / 2, -math.pi / 2):
        origin = Origin(parent, along, 0, start, heading + turn)
        _grow(growth, VILLAGE_ROADS, origin, dice.uniform(300, 560))


def grow_village(growth: Growth, homes: int) -> float:
    """Grow streets until the village has room for its homes. Hand back how far from the core it reaches."""
    reach = FIRST_REACH_METRES + homes / 2
    for turn in range(TURNS):
        for habit, kinds in PARENTS[0 if turn else 1 :]:
            _branch(growth, habit, kinds, reach)
        if room(growth, reach) >= homes:
            break
        reach += MORE_REACH_METRES
    return reach


def room(growth: Growth, reach: float) -> float:
    """Guess how many houses find a place along the village's ways."""
    ways = growth.network.ways
    metres = sum(way.metres for way in ways if way.village == growth.village)
    around = shapely.Point(growth.core).buffer(reach).intersection(growth.open_land)
    through = [LineString(way.points) for way in ways if way.kind is WayKind.THROUGH_ROAD]
    metres += float(shapely.length(shapely.intersection(through, around)).sum())
    return metres * HOUSES_PER_METRE


def lay_tracks(growth: Growth) -> None:
    """Lead tracks from the ends of a village's roads out to the fields."""
    for parent, way in enumerate(growth.network.ways[:]):
        if way.kind is WayKind.VILLAGE_ROAD and way.village == growth.village and way.joined < 0:
            heading = float(way.headings(np.array([way.metres]))[0]) + growth.dice.normal(0, 0.25)
            origin = Origin(parent, way.metres, 0, growth.network.meet(parent, way.metres), heading)
            _grow(growth, TRACKS, origin, growth.dice.uniform(TRACKS.shortest, TRACKS.longest))


def _branch(growth: Growth, habit: Habit, kinds: tuple[WayKind, ...], reach: float) -> None:
    """Let ways of one kind start on both sides of their parents, wherever the land is free."""
    for parent, way in enumerate(growth.network.ways[:]):
        if way.kind not in kinds or way.village not in (growth.village, -1):
            continue
        if way.village >= 0 and math.dist(way.points[0], growth.core) > reach + way.metres:
            continue
        for side in (1, -1):
            for origin in _origins(growth, habit, parent, side, reach):
                _grow(growth, habit, origin, growth.dice.uniform(habit.shortest, habit.longest))


def _origins(growth: Growth, habit: Habit, parent: int, side: int, reach: float) -> list[Origin]:
    """Choose where on one side of a parent ways begin, clear of its two ends."""
    dice, way = growth.dice, growth.network.ways[parent]
    margin = habit.clearance * 0.75
    steps = dice.uniform(*habit.apart, int(way.metres / habit.apart[0]) + 1)
    starts = margin + np.cumsum(steps) - steps[:1] * dice.random()
    starts = starts[starts < way.metres - margin]
    places = way.at(starts)
    chosen = np.hypot(*(places - growth.core).T) < reach
    chosen &= dice.random(len(starts)) < habit.chance
    chosen &= shapely.contains_xy(growth.open_land, places)
    headings = way.headings(starts) + side * math.pi / 2 + dice.normal(0, 0.12, len(starts))
    return [
        Origin(parent, float(starts[n]), side, (float(places[n, 0]), float(places[n, 1])), float(headings[n]))
        for n in np.flatnonzero(chosen)
    ]


def _grow(growth: Growth, habit: Habit, origin: Origin, length: float) -> None:
    """Walk from an origin, and put the way on the map when it is long enough to be one."""
    points, met = _walk(growth, habit, origin, length)
    if len(points) < 2 or math.dist(points[0], points[-1]) < habit.shortest * 0.8:
        return
    network = growth.network
    points = [network.meet(origin.parent, origin.along), *points[1:]]
    if met is not None:
        points.append(network.meet(met.way, met.along))
    way = Way(habit.kind, growth.village, origin.parent, origin.along, np.array(points))
    way.side, way.joined = origin.side, -1 if met is None else met.way
    network.add(way)


def _walk(growth: Growth, habit: Habit, origin: Origin, length: float) -> tuple[list[Point], Near | None]:
    """Go step by step until the length is reached, the land ends, or another way is near; perhaps to meet it."""
    network, dice = growth.network, growth.dice
    points, (x, y), heading, gone = [origin.place], origin.place, origin.heading, 0.0
    while gone < length:
        first = gone == 0
        step = habit.clearance * 1.06 if first else STEP_METRES
        ahead = (x + step * math.cos(heading), y + step * math.sin(heading))
        middle = ((x + ahead[0]) / 2, (y + ahead[1]) / 2)
        if not shapely.contains_xy(growth.open_land, (middle, ahead)).all():
            break
        if first and network.nearest(*middle, ignoring=origin.parent).metres < habit.clearance * 0.6:
            break
        near = network.nearest(*ahead, ignoring=origin.parent if first else -1)
        if near.metres < habit.clearance:
            meets = not first and near.way != origin.parent and dice.random() < habit.joins
            return points, near if meets and _is_free(network, (x, y), near) else None
        points.append(ahead)
        (x, y), gone = ahead, gone + step
        heading += dice.normal(0, habit.wobble)
    return points, None


def _is_free(network: Network, here: Point, near: Near) -> bool:
    """Check that the last steps to a junction cross no third way."""
    for share in (0.35, 0.7):
        x = here[0] + share * (near.x - here[0])
        y = here[1] + share * (near.y - here[1])
        if network.nearest(x, y, ignoring=near.way).metres < 12:
            return False
    return True


def _bowed(start: Point, end: Point, bow: float) -> Floats:
    """Draw a slightly bent line between two places."""
    share = np.linspace(0, 1, max(3, int(math.dist(start, end) / 40)))
    along = np.subtract(end, start)
    across = np.array([-along[1], along[0]]) * bow
    points = np.array(start) + share[:, None] * along + np.sin(share * np.pi)[:, None] * across
    points[0], points[-1] = start, end
    return points

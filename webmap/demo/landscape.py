"""A commune's land: villages, ways, water, fields, houses. Pure: the same plan and seed give the same land."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Polygon

from webmap.demo import growing, numbering, water
from webmap.demo.frame import Floats
from webmap.demo.houses import Ints, clear_of_streets, plots_along, settle
from webmap.demo.network import Network, Way, WayKind
from webmap.demo.plans import CommunePlan, Outline, VillagePlan

PEOPLE_PER_HOME = 3.5
LIVED_ON = (WayKind.VILLAGE_ROAD, WayKind.ALLEY, WayKind.SIDE_ALLEY, WayKind.BYWAY)
SPARE_HOUSES = 0.05  # empty, or someone's second


@dataclass(frozen=True, slots=True)
class Water:
    kind: str  # river, canal, ditch, pond
    name: str
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Houses:
    """Houses in columns. `alley` is the ngõ a house belongs to, however deep inside it stands; -1 on a road."""

    walls: NDArray[np.object_]
    doors: Floats
    village: Ints
    way: Ints
    alley: Ints
    number: Ints

    def __len__(self) -> int:
        return len(self.village)


@dataclass(frozen=True, slots=True)
class Landscape:
    """All in metres of the world's frame. `lines[n]` is the drawn line of `ways[n]`."""

    outline: Outline
    villages: tuple[VillagePlan, ...]
    ways: list[Way]
    lines: list[LineString]
    waters: list[Water]
    gardens: Outline  # where people live
    fields: list[Polygon]
    houses: Houses


def build(plan: CommunePlan, seed: int) -> Landscape:
    """Build the land of one commune."""
    dice = np.random.default_rng([seed, plan.number, 10])
    bed = water.river_bed(plan.river)
    network, reaches = grow_streets(plan, bed, dice)
    numbering.name_ways(network, [village.name for village in plan.villages])
    lines = [LineString(network.line(number)) for number in range(len(network.ways))]
    houses = _houses(plan, network, bed, reaches, dice)
    gardens = _gardens(network.ways, lines, houses)
    waters, fields = _countryside(plan, gardens, lines, houses, dice)
    return Landscape(outline_of(plan), plan.villages, network.ways, lines, waters, gardens, fields, houses)


def outline_of(plan: CommunePlan) -> Outline:
    """The land of a commune: that of its villages together."""
    return water.areas(shapely.coverage_union_all([village.outline for village in plan.villages]))


def grow_streets(plan: CommunePlan, bed: Outline, dice: np.random.Generator) -> tuple[Network, Floats]:
    """Grow all ways of a commune as one network. Also hand back how far each village reaches from its core."""
    network = Network()
    for road in plan.roads:
        points = shapely.get_coordinates(road.line)
        network.add(Way(WayKind.THROUGH_ROAD, -1, -1, 0.0, points, name=road.name))
    banks = bed.buffer(14, quad_segs=3)
    villages = [
        growing.Growth(network, dice, number, _open_land(village.outline, banks), village.centre)
        for number, village in enumerate(plan.villages)
    ]
    nearest_first = sorted(villages, key=lambda village: network.nearest(*village.core).metres)
    for village in nearest_first:
        growing.connect(village)
    reaches = np.zeros(len(villages))
    for village in nearest_first:
        homes = plan.villages[village.village].people / PEOPLE_PER_HOME * (1 + SPARE_HOUSES)
        reaches[village.village] = growing.grow_village(village, int(homes))
        growing.lay_tracks(village)
    return network, reaches


def _open_land(outline: Outline, banks: Outline) -> Outline:
    land = water.areas(outline.buffer(-9, quad_segs=2).difference(banks))
    shapely.prepare(land)
    return land


def _houses(plan: CommunePlan, network: Network, bed: Outline, reaches: Floats, dice: np.random.Generator) -> Houses:
    """Build as many houses in each village as it needs, the nearest to its core first."""
    plots = plots_along(network, dice)
    middles = shapely.get_coordinates(shapely.centroid(plots.walls))
    village = _village_of(plan, middles)
    cores = np.array([v.centre for v in plan.villages])
    distance = np.hypot(*(middles - cores[village]).T) / reaches[village]
    banks = bed.buffer(8, quad_segs=3)
    shapely.prepare(banks)
    free = clear_of_streets(plots, network) & (village >= 0) & (distance < 1.6)
    free &= ~shapely.intersects(banks, plots.walls)
    plots, village, distance = plots.only(free), village[free], distance[free]
    wish = distance + dice.gumbel(0, 0.16, len(plots))
    built = settle(plots, np.argsort(wish, kind="stable"))
    for number, its in enumerate(plan.villages):
        own = np.flatnonzero(built & (village == number))
        wanted = int(np.ceil(its.people / PEOPLE_PER_HOME * (1 + SPARE_HOUSES)))
        built[own[np.argsort(wish[own], kind="stable")][wanted:]] = False
    plots, village = plots.only(built), village[built]
    corners = shapely.get_coordinates(plots.walls).reshape(-1, 5, 2)
    doors = (corners[:, 0] + corners[:, 1]) / 2
    alley = np.array([_root(network, n) for n in range(len(network.ways))], dtype=np.int64)[plots.way]
    return Houses(plots.walls, doors, village, plots.way, alley, numbering.number_houses(plots))


def _village_of(plan: CommunePlan, places: Floats) -> Ints:
    """Say in which village each place lies; -1 is outside all."""
    tree = shapely.STRtree([village.outline for village in plan.villages])
    place, village = tree.query(shapely.points(places), predicate="within")
    found = np.full(len(places), -1, dtype=np.int64)
    found[place] = village
    return found


def _root(network: Network, number: int) -> int:
    """Follow a side alley out to the alley it belongs to; -1 when the way is a road."""
    way = network.ways[number]
    while way.kind in (WayKind.SIDE_ALLEY, WayKind.BYWAY):
        number, way = way.parent, network.ways[way.parent]
    return number if way.kind is WayKind.ALLEY else -1


def _countryside(
    plan: CommunePlan, gardens: Outline, lines: list[LineString], houses: Houses, dice: np.random.Generator
) -> tuple[list[Water], list[Polygon]]:
    """Fill what nobody lives on: canals, ditches, ponds, paddy."""
    outline, bed = outline_of(plan), water.river_bed(plan.river)
    roads = shapely.union_all(shapely.buffer(lines, 4, quad_segs=1, cap_style="flat"))
    river = shapely.intersection(bed, outline)
    land = water.areas(outline.difference(shapely.union_all([gardens, bed.buffer(16, quad_segs=3)])))
    heading = _run_of(plan) + dice.normal(0, 0.06)
    main, ditches = water.canal_grid(outline, heading, dice)
    main, ditches = water.keep_on(main, land, 80), water.keep_on(ditches, land, 60)
    dug = _pond_places(houses, lines, bed, dice)
    waters = [Water("river", plan.river_name, river)] if not river.is_empty else []
    waters += [Water("canal", "", line) for line in main]
    waters += [Water("ditch", "", line) for line in ditches]
    waters += [Water("pond", "", pond) for pond in water.ponds(dug, dice)]
    dry = water.areas(land.difference(roads))
    return waters, water.fields(dry, main, ditches)


def _gardens(ways: list[Way], lines: list[LineString], houses: Houses) -> Outline:
    """The land along inhabited alleys, and around the houses on through roads."""
    lived_on = np.isin(np.arange(len(ways)), houses.way)
    through = np.array([way.kind is WayKind.THROUGH_ROAD for way in ways])
    alleys = MultiLineString([line for n, line in enumerate(lines) if lived_on[n] and not through[n]])
    beside = shapely.multipolygons(houses.walls[through[houses.way]])
    return water.areas(alleys.buffer(27, quad_segs=2).union(beside.buffer(20, quad_segs=2)))


def _run_of(plan: CommunePlan) -> float:
    """The direction in which the river runs, or the first road; canals follow it."""
    line = plan.river if plan.river is not None else plan.roads[0].line
    (west, south), *_, (east, north) = shapely.get_coordinates(line).tolist()
    return float(np.arctan2(north - south, east - west))


def _pond_places(houses: Houses, lines: list[LineString], bed: Outline, dice: np.random.Generator) -> Floats:
    """Look for free spots behind the houses, some for each village."""
    tries = houses.doors[dice.integers(0, len(houses), len(houses) // 8)]
    tries = tries + dice.uniform(-70, 70, tries.shape)
    spots = shapely.points(tries)
    taken = shapely.STRtree([*houses.walls, *lines, bed])
    busy = taken.query(spots, predicate="dwithin", distance=36)[0]
    return np.delete(tries, np.unique(busy), axis=0)

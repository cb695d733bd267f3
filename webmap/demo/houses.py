"""Houses along the ways: gardens of uneven width on both sides, the house a little back from the road."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString

from webmap.demo.frame import Floats
from webmap.demo.network import Network, Way, WayKind

Ints = NDArray[np.int64]

PLOT_METRES = (13.0, 30.0)
WIDTH_METRES = (6.0, 10.5)
DEPTH_METRES = (8.5, 15.0)
BETWEEN_HOUSES_METRES = 2.0
SETBACK_METRES = {
    WayKind.THROUGH_ROAD: (6.5, 13.0),
    WayKind.VILLAGE_ROAD: (4.5, 10.0),
    WayKind.ALLEY: (3.0, 8.0),
    WayKind.SIDE_ALLEY: (2.6, 6.0),
    WayKind.BYWAY: (2.2, 4.5),
}
HALF_WIDTH_METRES = {
    WayKind.THROUGH_ROAD: 5.0,
    WayKind.VILLAGE_ROAD: 3.0,
    WayKind.ALLEY: 2.0,
    WayKind.SIDE_ALLEY: 1.6,
    WayKind.BYWAY: 1.3,
    WayKind.FIELD_TRACK: 2.0,
}


@dataclass(frozen=True, slots=True)
class Plots:
    """Houses in columns: the way, metres along it, side (1 left, -1 right), and the walls."""

    way: Ints
    along: Floats
    side: Ints
    walls: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.way)

    def only(self, chosen: NDArray[np.bool_] | Ints) -> "Plots":
        return Plots(self.way[chosen], self.along[chosen], self.side[chosen], self.walls[chosen])


def plots_along(network: Network, dice: np.random.Generator) -> Plots:
    """Mark out a house on every plot of every way where people live, near the corners too."""
    columns = [_plots_of(network, number, dice) for number in range(len(network.ways))]
    way, along, side, corners = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return Plots(way.astype(np.int64), along, side.astype(np.int64), np.asarray(shapely.polygons(corners)))


def _plots_of(network: Network, number: int, dice: np.random.Generator) -> tuple[Floats, ...]:
    way = network.ways[number]
    places, sides = [], []
    if way.kind in SETBACK_METRES:
        for side in (1, -1):
            plots = dice.uniform(*PLOT_METRES, int(way.metres / PLOT_METRES[0]) + 1)
            middles = np.cumsum(plots) - plots / 2 + dice.uniform(1, 6)
            middles = middles[middles < way.metres - 2]
            places.append(middles)
            sides.append(np.full(len(middles), side))
    along = np.concatenate([*places, np.empty(0)])
    side_of = np.concatenate([*sides, np.empty(0)])
    corners = rectangles(way, along, side_of, SETBACK_METRES.get(way.kind, (0, 1)), dice)
    return np.full(len(along), float(number)), along, side_of, corners


def rectangles(
    way: Way, along: Floats, side: Floats, setback: tuple[float, float], dice: np.random.Generator
) -> Floats:
    """Turn places along a line into (n, 5, 2) rings of houses that face it, give or take a few degrees."""
    n = len(along)
    heading = way.headings(along) + dice.normal(0, 0.05, n)
    front = np.column_stack([np.cos(heading), np.sin(heading)])
    back = np.column_stack([-front[:, 1], front[:, 0]]) * side[:, None]
    half = front * dice.uniform(*WIDTH_METRES, n)[:, None] / 2
    near = way.at(along) + back * dice.uniform(*setback, n)[:, None]
    far = near + back * dice.uniform(*DEPTH_METRES, n)[:, None]
    return np.stack([near - half, near + half, far + half, far - half, near - half], axis=1)


def clear_of_streets(plots: Plots, network: Network) -> NDArray[np.bool_]:
    """Say which houses leave every way its width."""
    lines = [LineString(way.points) for way in network.ways]
    reach = np.array([HALF_WIDTH_METRES[way.kind] + 0.6 for way in network.ways])
    _, blocked = shapely.STRtree(plots.walls).query(lines, predicate="dwithin", distance=reach)
    free = np.ones(len(plots), dtype=bool)
    free[blocked] = False
    return free


def settle(plots: Plots, order: Ints) -> NDArray[np.bool_]:
    """Build in the given order and skip every house that comes too near one already there."""
    tree = shapely.STRtree(plots.walls)
    pairs = tree.query(plots.walls, predicate="dwithin", distance=BETWEEN_HOUSES_METRES)
    neighbours: dict[int, list[int]] = {}
    for one, other in pairs[:, pairs[0] != pairs[1]].T.tolist():
        neighbours.setdefault(one, []).append(other)
    built = np.zeros(len(plots), dtype=bool)
    for house in order.tolist():
        built[house] = not any(built[other] for other in neighbours.get(house, ()))
    return built

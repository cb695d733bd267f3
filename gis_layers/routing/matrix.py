"""Walking times from every door to every door, exact, without a routing server.

Junction reduction: shortest ways are found only between the junctions at the ends of the doors' edges; what lies
between a door and its junctions is arithmetic. Measured against Dijkstra on the graph split at every door the result
is the same to rounding, at a third of the time and half of the memory.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
from scipy.sparse.csgraph import dijkstra

from gis_layers.routing.arrays import Booleans, Deciseconds, Floats, Ints
from gis_layers.routing.doors import Doors
from gis_layers.routing.network import Network

METRES_PER_SECOND = 4 / 3.6
"""4 km/h: an unhurried walk with stops to read house numbers."""

CROSSING_METRES: Mapping[str, float] = MappingProxyType({"main": 20.0, "road": 6.0, "alley": 2.0})
"""What crossing to the other side costs, in metres of walking, by kind of way; other kinds cost as an alley."""

STRAIGHT_DETOUR = 1.4
"""Between two doors far from every known way people walk over land nobody mapped: the straight line times this."""

ROWS_AT_ONCE = 256


def walking_metres(network: Network, doors: Doors, to: Doors | None = None) -> Floats:
    """Return the felt walking metres from each of n `doors` to each of m doors `to` (default: the same), shape (n, m).

    Symmetric for one set of doors, 0 on its diagonal. Includes the steps to and from the ways, the price of crossing a
    street to its other side, and GAP_DETOUR on gaps. Finite for every pair: a network is all one piece.
    """
    metres = np.zeros((len(doors), len(doors if to is None else to)), dtype=np.float64)
    for rows, values in _blocks(network, doors, to):
        metres[rows] = values
    return metres


def walking_matrix(
    network: Network, doors: Doors, to: Doors | None = None, *, metres_per_second: float = METRES_PER_SECOND
) -> Deciseconds:
    """Return `walking_metres` as whole deciseconds at one speed, int32, shape (n, m), in the least memory."""
    times = np.zeros((len(doors), len(doors if to is None else to)), dtype=np.int32)
    for rows, values in _blocks(network, doors, to):
        times[rows] = deciseconds(values, metres_per_second)
    return times


def _blocks(network: Network, doors: Doors, to: Doors | None) -> Iterator[tuple[Ints, Floats]]:
    """Yield a few rows at a time, so that a matrix of 5,000 doors needs little more than itself."""
    other = doors if to is None else to
    if not len(doors) or not len(other):
        return
    reduced = junction_metres(network, doors, other)
    for start in range(0, len(doors), ROWS_AT_ONCE):
        rows = np.arange(start, min(start + ROWS_AT_ONCE, len(doors)))
        values = _rows(network, doors, other, rows, reduced)
        if to is None:
            values[np.arange(rows.size), rows] = 0
        yield rows, values


def deciseconds(metres: Floats, metres_per_second: float = METRES_PER_SECOND) -> Deciseconds:
    return np.rint(metres * (10 / metres_per_second)).astype(np.int32)


def junction_metres(network: Network, doors: Doors, to: Doors) -> tuple[Ints, Floats]:
    """Return the junctions next to either set of doors, sorted, and the shortest metres between each two of them."""
    edges = np.concatenate([doors.edge, to.edge])
    edges = np.unique(edges[edges >= 0])
    junctions = np.unique(np.concatenate([network.edge_from[edges], network.edge_to[edges]]))
    if not junctions.size:
        return junctions, np.zeros((0, 0))
    between = dijkstra(network.graph(), directed=False, indices=junctions)[:, junctions]
    return junctions, np.asarray(between, dtype=np.float64)


def to_junctions(network: Network, doors: Doors, junctions: Ints) -> tuple[Ints, Floats]:
    """Return for each door the places in `junctions` of its edge's two ends, and the metres to them, both (n, 2)."""
    ends = np.column_stack([network.edge_from[doors.edge], network.edge_to[doors.edge]])
    length = network.edge_metres[doors.edge]
    return np.searchsorted(junctions, ends), np.column_stack([doors.along, np.maximum(length - doors.along, 0)])


def _rows(network: Network, doors: Doors, other: Doors, rows: Ints, reduced: tuple[Ints, Floats]) -> Floats:
    straight: Floats = np.hypot(*(doors.xy[rows, None, :] - other.xy[None, :, :]).transpose(2, 0, 1)) * STRAIGHT_DETOUR
    if not network.has_alleys:
        return straight
    junctions, between = reduced
    near, off = to_junctions(network, doors, junctions)
    there, off_there = to_junctions(network, other, junctions)
    # first every door of the block to every junction, by the better of its two ends; then the same at the other end
    to_all = np.minimum(
        between[near[rows, 0]] + off[rows, 0, None],
        between[near[rows, 1]] + off[rows, 1, None],
    )
    best = np.minimum(to_all[:, there[:, 0]] + off_there[:, 0], to_all[:, there[:, 1]] + off_there[:, 1])
    same_edge = doors.edge[rows, None] == other.edge[None, :]
    direct = np.abs(doors.along[rows, None] - other.along[None, :])
    best = np.where(same_edge, np.minimum(best, direct), best)
    best += crossing(network, doors, other, rows)
    best += doors.access[rows, None]
    best += other.access[None, :]
    both_far = doors.is_far[rows, None] & other.is_far[None, :]
    result: Floats = np.where(both_far, np.minimum(best, straight), best)
    return result


def crossing(network: Network, doors: Doors, other: Doors, rows: Ints) -> Floats:
    """Return the metres that crossing costs: only between two sides of one and the same street, shape (rows, m)."""
    street, its_street = network.edge_street[doors.edge[rows]], network.edge_street[other.edge]
    opposite: Booleans = doors.side[rows, None] * other.side[None, :] == -1
    same: Booleans = street[:, None] == its_street[None, :]
    price = np.array(
        [CROSSING_METRES.get(network.edge_kind[edge], CROSSING_METRES["alley"]) for edge in doors.edge[rows]]
    )
    return np.where(opposite & same, price[:, None], 0.0)

"""Private ways lead to the doors on them, and are nobody's short cut."""

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely.ops import substring

from gis_layers.routing.arrays import Booleans, Ints
from gis_layers.routing.joining import Pieces


def without_short_cuts(pieces: Pieces, is_private: Booleans) -> Pieces:
    """Cut private pieces in the middle wherever walking through would only be a short cut.

    `is_private`: one for each piece. What is connected stays connected (ground behind a gate that no public way
    reaches is still reached): private pieces are taken shortest first, and one whose ends are joined already is cut
    (a shortest tree, Kruskal 1956). Every private metre is still there, from one end or the other.
    """
    if not is_private.any():
        return pieces
    root = _components(len(pieces.node_xy), pieces.first[~is_private], pieces.last[~is_private])
    parent = list(range(int(root.max()) + 1))

    def top(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    through = []
    private = np.flatnonzero(is_private)
    for piece in private[np.argsort(shapely.length(pieces.lines[private]), kind="stable")]:
        one, other = top(int(root[pieces.first[piece]])), top(int(root[pieces.last[piece]]))
        if one == other:
            through.append(int(piece))
        parent[one] = other
    return _cut_in_the_middle(pieces, np.array(sorted(through), dtype=np.int64))


def _components(nodes: int, first: Ints, last: Ints) -> Ints:
    graph = csr_array((np.ones(first.size), (first, last)), shape=(nodes, nodes))
    label: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return label


def _cut_in_the_middle(pieces: Pieces, chosen: Ints) -> Pieces:
    """Make two dead ends of each chosen piece: they touch, but do not meet."""
    if not chosen.size:
        return pieces
    lines = pieces.lines[chosen]
    half = shapely.length(lines) / 2
    begins = [substring(line, 0, at) for line, at in zip(lines, half, strict=True)]
    ends = [substring(line, at, 2 * at) for line, at in zip(lines, half, strict=True)]
    middles = shapely.get_coordinates(shapely.line_interpolate_point(lines, half))
    new = len(pieces.node_xy) + np.arange(2 * chosen.size)
    last = pieces.last.copy()
    last[chosen] = new[: chosen.size]
    drawn = np.concatenate([pieces.lines, np.array(ends, dtype=object)])
    drawn[chosen] = begins
    return Pieces(
        np.concatenate([pieces.node_xy, middles, middles]),
        np.concatenate([pieces.first, new[chosen.size :]]),
        np.concatenate([last, pieces.last[chosen]]),
        np.concatenate([pieces.line_of, pieces.line_of[chosen]]),
        drawn,
    )

"""Alleys become a graph of junctions and edges, in local metres, all of it one piece."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from gis_layers.errors import BadGeometryError
from gis_layers.measure import LocalPlane, from_plane, plane_at, to_plane
from gis_layers.routing.arrays import Floats, Ints, Shapes
from gis_layers.routing.joining import Cuts, cut_pieces, join_ends, join_parts
from gis_layers.routing.private import without_short_cuts
from gis_layers.types import LonLat

CONNECTOR = "connector"
"""A straight way that we add where two parts of the alleys nearly meet."""
GAP = "gap"
"""A straight way that we add because no way is known at all; it costs `GAP_DETOUR` times its length."""
GAP_DETOUR = 2.0

ENDS_MEET_METRES = 2.0
CONNECTOR_METRES = 60.0


@dataclass(frozen=True, slots=True)
class Alley:
    """One public way that can be walked both ways.

    `line` is a shapely LineString in WGS 84 degrees; `kind` sets the price of crossing it (`matrix.CROSSING_METRES`).
    Pieces of one street carry the same `street`, a name for one; a piece without stands alone. `is_private`: walked
    only to the doors on it, never to pass through.
    """

    id: Hashable
    line: shapely.LineString
    kind: str = "alley"
    street: Hashable | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """A straight way that the files do not have: `kind` is CONNECTOR or GAP, ends in WGS 84 degrees."""

    kind: str
    ends: tuple[LonLat, LonLat]
    metres: float


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Junctions and edges in local metres; edge arrays run parallel.

    `edge_line[e]` goes from junction `edge_from[e]` to `edge_to[e]` in the direction of its alley. `edge_alley` is an
    index into `alleys` and `edge_street` a number for the street, both -1 for ways we added. `edge_cost` is metres as
    felt: the length, more for a GAP. `part` is the number of the connected part a junction had before we added ways
    (0 = the longest).
    """

    plane: LocalPlane
    alleys: tuple[Alley, ...]
    node_xy: Floats
    edge_from: Ints
    edge_to: Ints
    edge_alley: Ints
    edge_street: Ints
    edge_kind: tuple[str, ...]
    edge_metres: Floats
    edge_cost: Floats
    edge_line: Shapes
    part: Ints
    joins: tuple[Join, ...]

    @property
    def has_alleys(self) -> bool:
        return bool(self.edge_metres.size)

    def graph(self) -> csr_array:
        """Return the symmetric costs between junctions, (nodes, nodes), float metres, the least of parallel edges."""
        nodes = len(self.node_xy)
        real = self.edge_from != self.edge_to
        low = np.minimum(self.edge_from, self.edge_to)[real]
        high = np.maximum(self.edge_from, self.edge_to)[real]
        cost = self.edge_cost[real]
        order = np.lexsort((cost, high, low))
        low, high, cost = low[order], high[order], cost[order]
        first = np.ones(low.size, dtype=bool)
        first[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
        # a zero would mean "no edge" to scipy
        upper = csr_array((np.maximum(cost[first], 1e-6), (low[first], high[first])), shape=(nodes, nodes))
        both: csr_array = upper + upper.T
        return both


def build_network(
    alleys: Sequence[Alley],
    *,
    ends_meet_metres: float = ENDS_MEET_METRES,
    connector_metres: float = CONNECTOR_METRES,
    centre: LonLat | None = None,
) -> Network:
    """Make one walkable graph of alleys given in WGS 84.

    Alleys meet where they share a vertex, and where the end of one lies within `ends_meet_metres` of another; two lines
    that merely cross do not meet (one may be a bridge). Parts that stay apart are joined by the shortest straight way:
    a CONNECTOR up to `connector_metres`, a GAP beyond; both are listed in `joins`, for a person to look at. Private
    alleys are cut where they would be short cuts (`private.without_short_cuts`).

    No alleys is a network too (of nothing), for places nobody has mapped; `centre` is then needed for its plane.
    Raises BadGeometryError for an alley that is empty or has a coordinate outside the earth.
    """
    plane, lines = checked_lines(alleys, centre)
    cuts = join_ends(lines, ends_meet_metres)
    parts, _ = parts_of(cuts)
    cuts, ways = join_parts(cuts, parts)
    kinds = [CONNECTOR if way.length <= connector_metres else GAP for way in ways]
    joins = tuple(Join(kind, _ends(plane, way), way.length) for kind, way in zip(kinds, ways, strict=True))
    return _assembled(plane, tuple(alleys), (cuts, parts), kinds, joins)


def _assembled(
    plane: LocalPlane, alleys: tuple[Alley, ...], drawn: tuple[Cuts, Ints], added: list[str], joins: tuple[Join, ...]
) -> Network:
    cuts, part_of_line = drawn
    pieces = cut_pieces(cuts)
    private = np.array([alley.is_private for alley in alleys] + [False] * len(added), dtype=bool)
    pieces = without_short_cuts(pieces, private[pieces.line_of])
    kinds = [alley.kind for alley in alleys] + added
    owner = pieces.line_of
    metres = shapely.length(pieces.lines).astype(np.float64)
    edge_kind = tuple(kinds[line] for line in owner)
    streets: dict[Hashable, int] = {}
    street_of = [streets.setdefault(_street(alley), len(streets)) for alley in alleys] + [-1] * len(added)
    dear = np.array([GAP_DETOUR if kind == GAP else 1.0 for kind in edge_kind])
    own = owner < len(alleys)
    part = np.zeros(len(pieces.node_xy), dtype=np.int64)
    part[pieces.first[own]] = part[pieces.last[own]] = part_of_line[owner[own]]
    return Network(
        plane=plane,
        alleys=alleys,
        node_xy=pieces.node_xy,
        edge_from=pieces.first,
        edge_to=pieces.last,
        edge_alley=np.where(own, owner, -1),
        edge_street=np.array([street_of[line] for line in owner], dtype=np.int64),
        edge_kind=edge_kind,
        edge_metres=metres,
        edge_cost=metres * dear,
        edge_line=pieces.lines,
        part=part,
        joins=joins,
    )


def checked_lines(alleys: Sequence[Alley], centre: LonLat | None = None) -> tuple[LocalPlane, list[Floats]]:
    """Return the plane around alleys, or `centre`, and their corners on it. BadGeometryError as `build_network`."""
    _check(alleys)
    plane = plane_at(centre or _centre_of(alleys))
    return plane, [to_plane(plane, shapely.get_coordinates(alley.line)) for alley in alleys]


def _numbered_parts(nodes: int, first: Ints, last: Ints, metres: Floats) -> tuple[Ints, Floats]:
    """Number the connected parts from the longest down; their lengths beside."""
    if not nodes:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    graph = csr_array((np.ones(first.size), (first, last)), shape=(nodes, nodes))
    count, label = connected_components(graph, directed=False)
    lengths = np.bincount(label[first], weights=metres, minlength=count).astype(np.float64)
    rank = np.empty(count, dtype=np.int64)
    order = np.argsort(-lengths, kind="stable")
    rank[order] = np.arange(count)
    return rank[label], lengths[order]


def parts_of(cuts: Cuts) -> tuple[Ints, Floats]:
    """Return the connected part of each line, 0 = the longest, and the metres of each part."""
    pieces = cut_pieces(cuts)
    metres = shapely.length(pieces.lines).astype(np.float64)
    part, of_parts = _numbered_parts(len(pieces.node_xy), pieces.first, pieces.last, metres)
    of_line = np.zeros(len(cuts.coords), dtype=np.int64)
    of_line[pieces.line_of] = part[pieces.first]
    return of_line, of_parts


def _check(alleys: Sequence[Alley]) -> None:
    for alley in alleys:
        degrees = shapely.get_coordinates(alley.line)
        if len(degrees) < 2 or not np.isfinite(degrees).all():
            raise BadGeometryError(alley=str(alley.id), reason="empty")
        if np.abs(degrees[:, 0]).max() > 180 or np.abs(degrees[:, 1]).max() > 90:
            raise BadGeometryError(alley=str(alley.id), reason="outside the earth")


def _centre_of(alleys: Sequence[Alley]) -> LonLat:
    if not alleys:
        return LonLat(0.0, 0.0)
    west, south, east, north = shapely.total_bounds([alley.line for alley in alleys])
    return LonLat(float(west + east) / 2, float(south + north) / 2)


def _street(alley: Alley) -> Hashable:
    return ("street", alley.street) if alley.street is not None else ("alley", alley.id)


def _ends(plane: LocalPlane, way: shapely.LineString) -> tuple[LonLat, LonLat]:
    degrees = from_plane(plane, shapely.get_coordinates(way))
    return LonLat(*map(float, degrees[0])), LonLat(*map(float, degrees[-1]))

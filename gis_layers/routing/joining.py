"""Where lines meet: ends that nearly touch, vertices shared, parts that stay apart. Everything in local metres."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gis_layers.routing.arrays import Floats, Ints, Shapes

MILLIMETRES = 3
"""Two vertices are the same place when they agree to this many decimals of a metre."""


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Lines whose meeting places are vertices of theirs: `coords[i]` is the (n, 2) array of line i."""

    coords: tuple[Floats, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Lines cut at every place where they meet: `line_of[e]` is the line of piece e, `first`/`last` its junctions."""

    node_xy: Floats
    first: Ints
    last: Ints
    line_of: Ints
    lines: Shapes


def join_ends(lines: Sequence[Floats], within_metres: float) -> Cuts:
    """Draw ends that lie within `within_metres` of each other, or of another line, onto one place."""
    coords = [np.round(line, MILLIMETRES) for line in lines]
    if not coords or within_metres <= 0:
        return Cuts(tuple(coords))
    groups = _groups_of_ends(coords, within_metres)
    geometries = lines_of(coords)
    begun = np.array([coords[group[0][0]][group[0][1]] for group in groups])
    asked, found = shapely.STRtree(geometries).query(shapely.points(begun), "dwithin", within_metres)
    near = np.split(found, np.searchsorted(asked, np.arange(1, len(groups))))
    new_vertices: dict[int, list[Floats]] = defaultdict(list)
    for group, start, beside in zip(groups, begun, near, strict=True):
        inside = {line for line, _ in group}
        others = [int(line) for line in beside if int(line) not in inside]
        place = _drawn_onto_nearest(start, others, geometries, within_metres, new_vertices) if others else start
        for line, end in group:
            coords[line][end] = place
    for line, places in new_vertices.items():
        coords[line] = with_vertices(coords[line], places)
    return Cuts(tuple(coords))


def _groups_of_ends(coords: list[Floats], within_metres: float) -> list[list[tuple[int, int]]]:
    """Group the ends (line, 0 or -1) that lie close together; a group is never two ends of one line alone."""
    ends = [(line, end) for line in range(len(coords)) for end in (0, -1)]
    places = np.array([coords[line][end] for line, end in ends])
    pairs = cKDTree(places).query_pairs(within_metres, output_type="ndarray")
    pairs = pairs[(pairs[:, 0] // 2) != (pairs[:, 1] // 2)]
    graph = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends)))
    _, label = connected_components(graph, directed=False)
    groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for end, group in zip(ends, label, strict=True):
        groups[int(group)].append(end)
    return list(groups.values())


def _drawn_onto_nearest(
    place: Floats,
    others: list[int],
    geometries: Shapes,
    within_metres: float,
    new_vertices: dict[int, list[Floats]],
) -> Floats:
    """Return `place` moved onto the nearest of the other lines: to a vertex of it close by, else to a new one."""
    point = shapely.Point(place)
    distances = shapely.distance(geometries[others], point)
    line = others[int(np.argmin(distances))]
    vertices = shapely.get_coordinates(geometries[line])
    to_vertex = np.hypot(*(vertices - place).T)
    nearest = int(np.argmin(to_vertex))
    if to_vertex[nearest] <= within_metres:
        return np.asarray(vertices[nearest], dtype=np.float64)
    foot = geometries[line].interpolate(geometries[line].project(point))
    drawn = np.round(np.array([foot.x, foot.y]), MILLIMETRES)
    new_vertices[line].append(drawn)
    return drawn


def with_vertices(coords: Floats, places: Sequence[Floats]) -> Floats:
    """Return the line with each place put in as a vertex, in the order along the line."""
    line = shapely.LineString(coords)
    steps = np.hypot(*np.diff(coords, axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(steps)])
    new_at = shapely.line_locate_point(line, shapely.points(np.array(places)))
    every = np.concatenate([coords, np.array(places)])
    order = np.argsort(np.concatenate([at, np.atleast_1d(new_at)]), kind="stable")
    return _without_repeats(every[order])


def _without_repeats(coords: Floats) -> Floats:
    moves = np.any(np.diff(coords, axis=0) != 0, axis=1)
    kept: Floats = coords[np.concatenate([[True], moves])]
    return kept


def cut_pieces(cuts: Cuts) -> Pieces:
    """Cut the lines at their ends and at every vertex that occurs more than once. Lines of no length vanish."""
    every, owner = _every_corner(cuts)
    if not owner.size:
        nothing = np.zeros(0, dtype=np.int64)
        return Pieces(np.zeros((0, 2)), nothing, nothing, nothing, np.zeros(0, dtype=object))
    places, number, times = np.unique(every, axis=0, return_inverse=True, return_counts=True)
    number = number.reshape(-1)
    is_node = times[number] > 1
    is_first = np.concatenate([[True], owner[1:] != owner[:-1]])
    is_node |= is_first | np.concatenate([is_first[1:], [True]])
    at = np.flatnonzero(is_node)
    same_line = owner[at[:-1]] == owner[at[1:]]
    begin, end = at[:-1][same_line], at[1:][same_line]
    sizes = end - begin + 1
    corner = np.arange(sizes.sum()) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
    lines = shapely.linestrings(every[corner], indices=np.repeat(np.arange(sizes.size), sizes))

    used, compact = np.unique(number[at], return_inverse=True)
    renumbered = np.full(len(places), -1, dtype=np.int64)
    renumbered[number[at]] = compact.reshape(-1)
    return Pieces(places[used], renumbered[number[begin]], renumbered[number[end]], owner[begin], lines)


def _every_corner(cuts: Cuts) -> tuple[Floats, Ints]:
    """Return the corners of all lines in one array, and whose they are, without repeats and lines of no length."""
    if not cuts.coords:
        return np.zeros((0, 2)), np.zeros(0, dtype=np.int64)
    every = np.concatenate(cuts.coords)
    owner = np.repeat(np.arange(len(cuts.coords)), [len(line) for line in cuts.coords])
    moves = np.concatenate([[True], np.any(every[1:] != every[:-1], axis=1) | (owner[1:] != owner[:-1])])
    every, owner = every[moves], owner[moves]
    is_line = np.bincount(owner)[owner] > 1
    return every[is_line], owner[is_line]


def lines_of(coords: Sequence[Floats]) -> Shapes:
    """Return lines as shapes, all made at once."""
    owner = np.repeat(np.arange(len(coords)), [len(line) for line in coords])
    return np.asarray(shapely.linestrings(np.concatenate(coords), indices=owner))


def join_parts(cuts: Cuts, part_of_line: Ints) -> tuple[Cuts, list[shapely.LineString]]:
    """Join all parts by the shortest straight ways between them, a tree of them (Borůvka 1926).

    Return the lines, with the ways' ends put in as vertices and the ways appended, and the ways. A way of no length
    (two parts that cross without a shared vertex) only becomes a shared vertex.
    """
    coords = list(cuts.coords)
    part = part_of_line.copy()
    geometries = lines_of(coords) if coords else np.zeros(0, dtype=object)
    ways: list[shapely.LineString] = []
    new_vertices: dict[int, list[Floats]] = defaultdict(list)
    while len(numbers := np.unique(part)) > 1:
        for number in numbers[:0:-1]:  # the smallest parts first; the longest, 0, waits to be found
            mine = np.flatnonzero(part == number)
            others = np.flatnonzero(part != number)
            if not mine.size or not others.size:
                continue
            one, other = nearest_pair(geometries, mine, others)
            way = np.round(
                shapely.get_coordinates(shapely.shortest_line(geometries[one], geometries[other])), MILLIMETRES
            )
            new_vertices[one].append(way[0])
            new_vertices[other].append(way[1])
            if np.any(way[0] != way[1]):
                ways.append(shapely.LineString(way))
            part[mine] = part[other]
    for line, places in new_vertices.items():
        coords[line] = with_vertices(coords[line], places)
    coords += [shapely.get_coordinates(way) for way in ways]
    return Cuts(tuple(coords)), ways


def nearest_pair(geometries: Shapes, mine: Ints, others: Ints) -> tuple[int, int]:
    """Return the two lines, one of `mine` and one of `others` (numbers of lines), that lie closest together."""
    tree = shapely.STRtree(geometries[others])
    (asked, found), distance = tree.query_nearest(geometries[mine], return_distance=True, all_matches=False)
    best = int(np.argmin(distance))
    return int(mine[asked[best]]), int(others[found[best]])

"""Examine a set of areas of one level: claimed twice, claimed by nobody, outside their parent."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_layers.findings import (
    SLIVER_METRES,
    Finding,
    Kind,
    Remedy,
    alone,
    described,
    is_worth_telling,
    polygons,
    split,
)
from gis_layers.measure import METRES_PER_DEGREE, area_square_metres

ALL_OF_IT = 0.99  # two areas that share so much of the smaller one are nested, of both the same
MOST_WON = 0.1  # a gap larger than this share of the neighbour is a missing area, not a mistake in drawing
TOUCHING_DEGREES = 1e-7  # a centimetre
LEAST_INLET_METRES = 100.0  # shorter ones are corners where two borders meet


@dataclass(frozen=True, slots=True)
class Examination:
    """Every finding, and the boundaries they are about: None where there is none."""

    findings: tuple[Finding, ...]
    boundaries: tuple[MultiPolygon | None, ...]


def examined(shapes: Sequence[BaseGeometry | bytes | None], parent: MultiPolygon | None = None) -> Examination:
    """Say what is wrong with areas of one level, given in WGS 84 (or as WKB, whose rings may be open).

    Each by itself first; then, with what could be repaired without a question, all together. With the boundary of
    their parent also what of it none of them covers, and what of them lies outside. A hundred communes with 75,000
    corners take about a second.
    """
    looked_at = [alone(position, shape) for position, shape in enumerate(shapes)]
    boundaries = tuple(one.boundary for one in looked_at)
    found = [finding for one in looked_at for finding in one.findings]
    present = {position: one for position, one in enumerate(boundaries) if one is not None}
    if present:
        found += _common_ground(present)
        found += _gaps(present, parent)
        if parent is not None:
            found += _outside(present, parent)
    return Examination(tuple(found), boundaries)


def keeper(areas: Sequence[int], sizes: Sequence[float]) -> int:
    """Say who of several claimants keeps ground: the smaller area, for it would lose the larger share of itself.

    The same answer as `locate.located` gives for a point there. Of equal areas the first in the list.
    """
    return min(zip(sizes, areas, strict=True))[1]


def _common_ground(present: dict[int, MultiPolygon]) -> Iterator[Finding]:
    """Yield what several areas cover, by who covers it: each piece of ground belongs to one finding only."""
    pieces = _claimed_twice(present)
    claiming = {area for piece in pieces for area in piece.claimants}
    sizes = {area: area_square_metres(present[area]) for area in claiming}
    together: defaultdict[tuple[int, int], float] = defaultdict(float)
    for piece in pieces:
        together[piece.claimants] += area_square_metres(piece.ground)
    by_claimants: defaultdict[tuple[int, ...], list[Polygon]] = defaultdict(list)
    for claimants, ground in _told_apart(pieces, present):
        by_claimants[claimants].append(ground)
    for claimants, parts in sorted(by_claimants.items(), key=lambda one: one[0]):
        kept_by = keeper(claimants, [sizes[area] for area in claimants])
        kind = _kind(claimants, together, sizes)
        if kind is not Kind.OVERLAP:
            remedy = None if kind is Kind.DUPLICATE else Remedy.GIVE
            if is_worth_telling(parts):
                yield described(kind, claimants, parts, remedy, kept_by)
            continue
        wide, thin = split(MultiPolygon(parts))
        if is_worth_telling(wide):
            yield described(Kind.OVERLAP, claimants, wide, Remedy.GIVE, kept_by)
        if is_worth_telling(thin):
            yield described(Kind.SLIVER_OVERLAP, claimants, thin, Remedy.GIVE, kept_by)


@dataclass(frozen=True, slots=True)
class _Piece:
    claimants: tuple[int, int]
    ground: Polygon


def _claimed_twice(present: dict[int, MultiPolygon]) -> list[_Piece]:
    positions = np.array(list(present))
    shapes = np.array(list(present.values()), dtype=object)
    # Where all edges match there is nothing to intersect: that spares nearly all pairs of neighbours.
    is_off = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes))
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    chosen = (first < second) & (is_off[first] | is_off[second])
    first, second = first[chosen], second[chosen]
    pieces = []
    for one, other, common in zip(first, second, shapely.intersection(shapes[first], shapes[second]), strict=True):
        claimants = (int(positions[one]), int(positions[other]))
        pieces += [_Piece(claimants, part) for part in polygons(common)]
    return pieces


def _told_apart(pieces: list[_Piece], present: dict[int, MultiPolygon]) -> Iterator[tuple[tuple[int, ...], Polygon]]:
    """Yield (all who claim it, ground), so that ground claimed by three is told once, not three times."""
    if not pieces:
        return
    grounds = np.array([piece.ground for piece in pieces], dtype=object)
    first, second = shapely.STRtree(grounds).query(grounds, predicate="intersects")
    links = coo_array((np.ones(len(first)), (first, second)), shape=(len(pieces), len(pieces)))
    count, group = connected_components(links, directed=False)
    for members in np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group, minlength=count))[:-1]):
        inside = [pieces[member] for member in members]
        if len({piece.claimants for piece in inside}) == 1:
            yield from ((piece.claimants, piece.ground) for piece in inside)
        else:
            yield from _faces(inside, present)


def _faces(pieces: list[_Piece], present: dict[int, MultiPolygon]) -> Iterator[tuple[tuple[int, ...], Polygon]]:
    edges = shapely.union_all(shapely.boundary(np.array([piece.ground for piece in pieces], dtype=object)))
    faces = polygons(shapely.polygonize([edges]))
    among = sorted({area for piece in pieces for area in piece.claimants})
    insides = shapely.point_on_surface(np.array(faces, dtype=object))
    covers = np.array([shapely.intersects(present[area], insides) for area in among])
    for face, covered in zip(faces, covers.T, strict=True):
        claimants = tuple(area for area, is_in in zip(among, covered, strict=True) if is_in)
        if len(claimants) > 1:
            yield claimants, face


def _kind(claimants: tuple[int, ...], together: dict[tuple[int, int], float], sizes: dict[int, float]) -> Kind:
    shares = []
    for pair in combinations(claimants, 2):
        common = together.get(pair, 0.0)
        small, large = sorted((sizes[pair[0]], sizes[pair[1]]))
        shares.append((common / small, common / large))
    if all(of_large >= ALL_OF_IT for _, of_large in shares):
        return Kind.DUPLICATE
    return Kind.NESTED if all(of_small >= ALL_OF_IT for of_small, _ in shares) else Kind.OVERLAP


def _gaps(present: dict[int, MultiPolygon], parent: MultiPolygon | None) -> Iterator[Finding]:
    """Yield the ground between areas that none of them covers, and with a parent all that is left of it."""
    positions = np.array(list(present))
    shapes = np.array(list(present.values()), dtype=object)
    tree = shapely.STRtree(shapes)
    whole = shapely.union_all(shapes)
    if parent is None:
        open_ground = [Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
        inlets = _inlets(whole)
    else:
        open_ground, inlets = list(polygons(shapely.difference(parent, whole))), []
    thin_between: defaultdict[tuple[int, ...], list[Polygon]] = defaultdict(list)
    for number, ground in enumerate([*open_ground, *inlets]):
        touching = np.sort(tree.query(ground, predicate="dwithin", distance=TOUCHING_DEGREES))
        if len(touching) < 2 and number >= len(open_ground):
            continue
        neighbours = tuple(int(positions[area]) for area in touching)
        wide, thin = split(ground)
        if is_worth_telling(wide):
            yield _gap(Kind.GAP, neighbours, wide, present)
        thin_between[neighbours] += thin
    for neighbours, parts in thin_between.items():
        if is_worth_telling(parts):
            yield _gap(Kind.SLIVER_GAP, neighbours, parts, present)


def _gap(kind: Kind, neighbours: tuple[int, ...], parts: list[Polygon], present: dict[int, MultiPolygon]) -> Finding:
    to = neighbour_with_longest_border(parts, {area: present[area] for area in neighbours})
    if to is None or sum(map(area_square_metres, parts)) > MOST_WON * area_square_metres(present[to]):
        return described(kind, neighbours, parts, None, None)
    return described(kind, neighbours, parts, Remedy.FILL, to)


def neighbour_with_longest_border(parts: Sequence[Polygon], neighbours: dict[int, MultiPolygon]) -> int | None:
    """Say which area runs longest along some ground: it gets it. Of equals the first; None without neighbours."""
    edge = shapely.union_all([part.boundary for part in parts])
    near = shapely.box(*shapely.buffer(edge, 1e-5).bounds)
    lengths = {}
    for position, one in neighbours.items():
        around = shapely.buffer(shapely.intersection(one, near), TOUCHING_DEGREES)
        lengths[position] = round(shapely.length(shapely.intersection(edge, around)), 9)
    return min(lengths, key=lambda position: (-lengths[position], position)) if lengths else None


def _inlets(whole: BaseGeometry) -> list[Polygon]:
    """Return what a morphological closing adds: narrow openings between borders that run out of the set."""
    reach = SLIVER_METRES / 2 / METRES_PER_DEGREE
    closed = shapely.buffer(shapely.buffer(whole, reach, quad_segs=2), -reach, quad_segs=2)
    filled = MultiPolygon([Polygon(part.exterior) for part in shapely.get_parts(whole)])
    added = shapely.get_parts(shapely.difference(closed, shapely.union_all(filled)))
    long = added[shapely.length(added) / 2 * METRES_PER_DEGREE >= LEAST_INLET_METRES]
    return list(polygons(shapely.GeometryCollection(list(long))))


def _outside(present: dict[int, MultiPolygon], parent: MultiPolygon) -> Iterator[Finding]:
    shapely.prepare(parent)
    for position, one in present.items():
        if shapely.covers(parent, one):
            continue
        beyond = shapely.difference(one, parent)
        is_all = area_square_metres(beyond) >= ALL_OF_IT * area_square_metres(one)
        for kind, parts in zip((Kind.OUTSIDE_PARENT, Kind.SLIVER_OUTSIDE), split(beyond), strict=True):
            if is_worth_telling(parts):
                yield described(kind, (position,), parts, None if is_all else Remedy.CLIP, None)

"""Boundaries of areas: read, check, repair, simplify. A boundary is a valid MultiPolygon in WGS 84."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from gis_layers.errors import BadGeometryError
from gis_layers.geojson import require_on_earth
from gis_layers.measure import (
    METRES_PER_DEGREE,
    area_square_metres,
    geometry_from_plane,
    geometry_to_plane,
    plane_of,
)
from gis_layers.types import BBox, LonLat

SLIVER_SQUARE_METRES = 1.0  # what repairing a bow tie leaves behind; no land is smaller
NEAR_SHARE = 0.5  # of the largest part's own diagonal: so far from it belongs a part to what a map shows


class Problem(StrEnum):
    """What can be wrong with a boundary that can still be repaired."""

    CROSSES_ITSELF = "crosses_itself"
    OPEN_OR_SPIKY = "open_or_spiky"
    NOT_ONLY_SURFACES = "not_only_surfaces"


@dataclass(frozen=True, slots=True)
class Repair:
    """A boundary after repair: the shape, what was wrong, where, and by which share the surface changed."""

    boundary: MultiPolygon
    problem: Problem | None
    place: LonLat | None
    changed_share: float


def as_boundary(geometry: BaseGeometry | None) -> MultiPolygon:
    """Return a WGS 84 surface as a boundary, untouched but for heights and the type.

    BadGeometryError(reason) when it is missing, empty, not a surface, not on earth, or not valid; `at` says
    where.
    """
    surface = _surface(geometry)
    if not surface.is_valid:
        raise BadGeometryError(reason="crosses_itself", at=_place_of_fault(surface))
    return surface


def repaired(geometry: BaseGeometry | None) -> Repair:
    """Return the nearest valid boundary and what had to be done.

    Rings that cross themselves are cut at the crossings and what they enclose is kept (GEOS make_valid,
    structure method); lines, points and slivers under a square metre are dropped. BadGeometryError(reason)
    when no surface is left.
    """
    surface = _surface(geometry, only_surfaces=False)
    mixed = geometry is not None and geometry.geom_type == "GeometryCollection"
    if surface.is_valid:
        return Repair(surface, Problem.NOT_ONLY_SURFACES if mixed else None, None, 0.0)
    reason = explain_validity(surface)
    mended = shapely.make_valid(surface, method="structure", keep_collapsed=False)
    kept = _without_slivers(_only_surfaces(mended))
    if kept.is_empty:
        raise BadGeometryError(reason="no_surface")
    problem = Problem.CROSSES_ITSELF if "intersect" in reason.lower() else Problem.OPEN_OR_SPIKY
    place = _place_of_fault(surface)
    before = abs(surface.area)
    share = abs(kept.area - before) / before if before else 1.0
    return Repair(kept, problem, LonLat(*place) if place else None, share)


def with_rings_closed(wkb: bytes) -> tuple[BaseGeometry, bool]:
    """Read WKB whose rings may be open, as files of strangers hold them; the flag says whether one was.

    An open ring is closed by a straight side from its last corner to its first. BadGeometryError(reason) when it is
    no WKB.
    """
    with np.errstate(invalid="ignore"):  # nan is told by whoever looks at the coordinates
        read = shapely.from_wkb(wkb, on_invalid="ignore")
        if read is not None:
            return read, False
        mended = shapely.from_wkb(wkb, on_invalid="fix")
    if mended is None:
        raise BadGeometryError(reason="not_wkb")
    return mended, True


def main_part(boundary: MultiPolygon) -> MultiPolygon:
    """Return the part of a boundary that a map should show first, so that far islands do not make it a dot.

    The largest part, and all within half its diagonal of it: Phú Quốc belongs to the picture of An Giang, Hoàng Sa
    not to that of Đà Nẵng. Where these are not half of the surface, as in an archipelago, it is the whole. Nothing is
    taken from the data: this is for zooming.
    """
    parts = shapely.get_parts(boundary)
    if len(parts) < 2:
        return boundary
    flat = shapely.get_parts(geometry_to_plane(plane_of(parts[shapely.area(parts).argmax()]), boundary))
    sizes = shapely.area(flat)
    largest = flat[sizes.argmax()]
    west, south, east, north = largest.bounds
    reach = NEAR_SHARE * float(np.hypot(east - west, north - south))
    is_near = shapely.dwithin(flat, largest, reach)
    if sizes[is_near].sum() < sizes.sum() / 2:
        return boundary
    return MultiPolygon(list(parts[is_near]))


def main_box(boundary: MultiPolygon) -> BBox:
    """Return the WGS 84 box of `main_part`."""
    return BBox(*main_part(boundary).bounds)


def simplified(boundary: MultiPolygon, metres: float) -> MultiPolygon:
    """Return the boundary with bends below `metres` taken out; still valid, never empty.

    For one boundary alone. Neighbours must be simplified together (`simplified_together`), else gaps open
    between them.
    """
    plane = plane_of(boundary)
    flat = shapely.simplify(geometry_to_plane(plane, boundary), metres, preserve_topology=True)
    smaller = repaired(geometry_from_plane(plane, flat)).boundary
    return smaller if not smaller.is_empty else boundary


def simplified_together(boundaries: Sequence[MultiPolygon], metres: float) -> list[MultiPolygon]:
    """Simplify neighbours so that shared borders stay shared (GEOS coverage simplification, Visvalingam).

    A bend is taken out when its triangle is smaller than a square of side `metres`. Borders that do not
    match in the first place are treated as outer borders. Length and order are those of the input.
    """
    if not boundaries:
        return []
    simpler = shapely.coverage_simplify(np.array(boundaries, dtype=object), metres / METRES_PER_DEGREE)
    return [
        _surface(one) if one is not None and not one.is_empty and one.is_valid else before
        for one, before in zip(simpler, boundaries, strict=True)
    ]


def overlaps(boundaries: Sequence[MultiPolygon], least_square_metres: float = 1000.0) -> list[tuple[int, int, float]]:
    """List the pairs (i, j) with i < j that cover common ground, and how many square metres of it."""
    tree = shapely.STRtree(boundaries)
    found = []
    for first, second in zip(*tree.query(boundaries, predicate="intersects"), strict=True):
        if first < second:
            common = shapely.intersection(boundaries[first], boundaries[second])
            size = area_square_metres(_only_surfaces(common))
            if size >= least_square_metres:
                found.append((int(first), int(second), size))
    return sorted(found)


def _surface(geometry: BaseGeometry | None, *, only_surfaces: bool = True) -> MultiPolygon:
    if geometry is None or geometry.is_empty:
        raise BadGeometryError(reason="empty")
    if only_surfaces and geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        raise BadGeometryError(reason="not_a_surface", found=geometry.geom_type)
    flat = shapely.force_2d(geometry)
    require_on_earth(flat)
    surface = _only_surfaces(flat)
    if surface.is_empty:
        raise BadGeometryError(reason="not_a_surface", found=geometry.geom_type)
    return surface


def _only_surfaces(geometry: BaseGeometry) -> MultiPolygon:
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and not part.is_empty])


def _without_slivers(surface: MultiPolygon) -> MultiPolygon:
    large = [part for part in surface.geoms if area_square_metres(part) >= SLIVER_SQUARE_METRES]
    return MultiPolygon(large)


def _place_of_fault(surface: BaseGeometry) -> tuple[float, float] | None:
    """Read the place out of GEOS's sentence, "Self-intersection[105.1 21.0]"."""
    _, bracket, inside = explain_validity(surface).partition("[")
    if not bracket:
        return None
    lon, lat = inside.rstrip("]").split()[:2]
    return float(lon), float(lat)

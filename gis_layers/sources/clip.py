"""Cut features to a region: what an area needs of a country's file, and no more."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import shapely
from shapely import LineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from gis_layers.measure import geometry_from_plane, geometry_to_plane, plane_of
from gis_layers.sources.osm_features import Address, Alley, Building, Feature, Place, Skipped, Water

LEAST_METRES_SHARE = 1e-9  # in degrees: shorter remains of a cut are rounding


def region_around(boundary: BaseGeometry, metres: float) -> BaseGeometry:
    """Return a WGS 84 region that reaches `metres` beyond a boundary.

    Borders of communes run along the middle of roads: cut there, a border road would fall to pieces.
    """
    plane = plane_of(boundary)
    flat = geometry_to_plane(plane, boundary).simplify(metres / 10)
    return geometry_from_plane(plane, flat.buffer(metres, quad_segs=4))


def clipped(features: Iterable[Feature], region: BaseGeometry) -> Iterator[Feature]:
    """Yield the part of the features that lies in a WGS 84 region.

    Alleys are cut at its edge; a cut end has no node id. Water is cut. Buildings are kept whole when their
    middle lies inside. What was skipped is passed on.
    """
    shapely.prepare(region)
    for feature in features:
        if isinstance(feature, Alley):
            yield from _clipped_alley(feature, region)
        elif isinstance(feature, Water):
            yield from _clipped_water(feature, region)
        elif isinstance(feature, Skipped) or _is_inside(feature, region):
            yield feature


def _is_inside(feature: Building | Address | Place, region: BaseGeometry) -> bool:
    if isinstance(feature, Building):
        return bool(shapely.contains(region, feature.geometry.representative_point()))
    return bool(shapely.contains_xy(region, *feature.position))


def _clipped_alley(alley: Alley, region: BaseGeometry) -> Iterator[Alley]:
    line = alley.geometry
    if shapely.contains(region, line):
        yield alley
        return
    if not shapely.intersects(region, line):
        return
    first, last = line.coords[0], line.coords[-1]
    for part in shapely.get_parts(shapely.intersection(line, region)):
        if isinstance(part, LineString) and part.length > LEAST_METRES_SHARE:
            yield replace(
                alley,
                from_node=alley.from_node if part.coords[0] == first else None,
                to_node=alley.to_node if part.coords[-1] == last else None,
                geometry=part,
            )


def _clipped_water(water: Water, region: BaseGeometry) -> Iterator[Water]:
    shape = water.geometry
    if shapely.contains(region, shape):
        yield water
    elif shapely.intersects(region, shape):
        cut = shapely.intersection(shapely.make_valid(shape), region)
        parts = [part for part in shapely.get_parts(cut) if part.geom_type == _part_type(shape)]
        if parts:
            yield replace(water, geometry=MultiPolygon(parts) if shape.area else shapely.union_all(parts))


def _part_type(shape: BaseGeometry) -> str:
    return "Polygon" if shape.area else "LineString"

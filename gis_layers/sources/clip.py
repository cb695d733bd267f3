"""Cut features to a region: what an area needs of a country's file, and no more."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from gis_layers.measure import geometry_from_plane, geometry_to_plane, plane_of
from gis_layers.sources.osm_features import Address, Alley, Building, Feature, Place, Skipped, Water


def region_around(boundary: BaseGeometry, metres: float) -> BaseGeometry:
    """Return a WGS 84 region that reaches `metres` beyond a boundary.

    Borders of communes run along the middle of roads: cut there, a border road would fall to pieces.
    """
    plane = plane_of(boundary)
    flat = geometry_to_plane(plane, boundary).simplify(metres / 10)
    return geometry_from_plane(plane, flat.buffer(metres, quad_segs=4))


def clipped(features: Iterable[Feature], region: BaseGeometry) -> Iterator[Feature]:
    """Yield the part of the features that lies in a WGS 84 region.

    A piece of alley that reaches into it is kept whole, from junction to junction, so that the network stays joined.
    Buildings are kept whole when their middle lies inside; water is cut at the edge. What was skipped is passed on.
    """
    shapely.prepare(region)
    for feature in features:
        if isinstance(feature, Alley):
            if shapely.intersects(region, feature.geometry):
                yield feature
        elif isinstance(feature, Water):
            yield from _clipped_water(feature, region)
        elif isinstance(feature, Skipped) or _is_inside(feature, region):
            yield feature


def _is_inside(feature: Building | Address | Place, region: BaseGeometry) -> bool:
    if isinstance(feature, Building):
        return bool(shapely.contains(region, feature.geometry.representative_point()))
    return bool(shapely.contains_xy(region, *feature.position))


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

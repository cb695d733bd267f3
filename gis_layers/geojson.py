"""GeoJSON (RFC 7946) and WKB, to and from shapes. Degrees are rounded to 7 digits, about a centimetre."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from gis_layers.errors import BadGeometryError

DIGITS = 7
TYPES = frozenset(
    (
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    )
)


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """Return a WGS 84 shape as a GeoJSON geometry, outer rings counter-clockwise as the standard asks."""
    wound = shapely.orient_polygons(shapely.force_2d(geometry))
    rounded = shapely.transform(wound, lambda lonlats: np.round(lonlats, DIGITS))
    written: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return written


def from_geojson(written: Mapping[str, Any]) -> BaseGeometry:
    """Read a GeoJSON geometry, or a Feature around one, as a WGS 84 shape without heights.

    BadGeometryError(reason) for another type, missing or unreadable coordinates, and places that are not on
    earth.
    """
    inside = written.get("geometry") if written.get("type") == "Feature" else written
    if not isinstance(inside, Mapping) or inside.get("type") not in TYPES:
        raise BadGeometryError(reason="not_geojson")
    try:
        geometry = shapely.force_2d(shapely.from_geojson(json.dumps(inside)))
    except (shapely.GEOSException, TypeError, ValueError) as error:
        raise BadGeometryError(reason="unreadable_coordinates") from error
    require_on_earth(geometry)
    return geometry


def feature(geometry: BaseGeometry, properties: Mapping[str, Any], *, key: Any = None) -> dict[str, Any]:
    """Return one GeoJSON Feature; `key` becomes its id when given."""
    made = {"type": "Feature", "geometry": to_geojson(geometry), "properties": dict(properties)}
    return made if key is None else {"id": key, **made}


def collection(features: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(features)}


def to_wkb(geometry: BaseGeometry) -> bytes:
    """Return the shape as EWKB with SRID 4326, as PostGIS takes it in COPY and in parameters."""
    written: bytes = shapely.to_wkb(shapely.set_srid(geometry, 4326), include_srid=True)
    return written


def from_wkb(written: bytes | str) -> BaseGeometry:
    """Read WKB or EWKB, binary or as hexadecimal text. BadGeometryError(reason) when it is neither."""
    try:
        geometry: BaseGeometry = shapely.from_wkb(written)
    except (shapely.GEOSException, TypeError, ValueError) as error:
        raise BadGeometryError(reason="not_wkb") from error
    return geometry


def require_on_earth(geometry: BaseGeometry) -> None:
    """Raise BadGeometryError(reason) unless every coordinate is a number on earth: ±180, ±90 degrees."""
    lonlats = shapely.get_coordinates(geometry)
    if not np.isfinite(lonlats).all():
        raise BadGeometryError(reason="not_a_number")
    if (np.abs(lonlats) > (180.0, 90.0)).any():
        raise BadGeometryError(reason="not_on_earth")

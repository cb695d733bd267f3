"""Distances, lengths and areas in metres, on the ellipsoid; and a flat local plane for fast work."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin, sqrt

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.types import BBox, LonLat

WGS84_GEOD = pyproj.Geod(ellps="WGS84")
EQUATORIAL_RADIUS = WGS84_GEOD.a
ECCENTRICITY_SQUARED = WGS84_GEOD.es
METRES_PER_DEGREE = 111_320.0  # of longitude on the equator


def metres_between(a: LonLat, b: LonLat) -> float:
    """Return the geodesic distance of two WGS 84 places in metres (Karney 2013, exact to nanometres)."""
    _, _, metres = WGS84_GEOD.inv(a.lon, a.lat, b.lon, b.lat)
    return float(metres)


def length_metres(line: BaseGeometry) -> float:
    """Return the geodesic length in metres of a WGS 84 line or of several; 0 for points and polygons."""
    lines = [part for part in shapely.get_parts(line) if part.geom_type in {"LineString", "LinearRing"}]
    return float(sum(WGS84_GEOD.geometry_length(part) for part in lines))


def area_square_metres(polygon: BaseGeometry) -> float:
    """Return the geodesic area in square metres of a valid WGS 84 polygon or of several, holes taken off."""
    return float(sum(_ring_areas(part) for part in shapely.get_parts(polygon) if part.geom_type == "Polygon"))


def steps_metres(lonlats: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the n - 1 geodesic distances in metres along (n, 2) WGS 84 degrees lon, lat."""
    given = np.asarray(lonlats, dtype=np.float64).reshape(-1, 2)
    if len(given) < 2:
        return np.zeros(0)
    _, _, metres = WGS84_GEOD.inv(given[:-1, 0], given[:-1, 1], given[1:, 0], given[1:, 1])
    return np.asarray(metres, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """A flat map in metres around one place: x east, y north of `origin`.

    Scales are those of the ellipsoid at the origin. Within 10 km of it, at Vietnam's latitudes, a distance
    is wrong by less than 0.1 %; within 2 km by less than 0.02 %.
    """

    origin: LonLat
    metres_per_lon: float
    metres_per_lat: float


def plane_at(origin: LonLat) -> LocalPlane:
    """Return the local plane around a WGS 84 place."""
    latitude = radians(origin.lat)
    w = sqrt(1 - ECCENTRICITY_SQUARED * sin(latitude) ** 2)
    across = EQUATORIAL_RADIUS / w  # radius of the prime vertical
    along = EQUATORIAL_RADIUS * (1 - ECCENTRICITY_SQUARED) / w**3  # radius of the meridian
    return LocalPlane(origin, radians(1) * across * cos(latitude), radians(1) * along)


def plane_of(geometry: BaseGeometry) -> LocalPlane:
    """Return the local plane around the middle of a non-empty WGS 84 shape's box."""
    west, south, east, north = geometry.bounds
    return plane_at(LonLat((west + east) / 2, (south + north) / 2))


def to_plane(plane: LocalPlane, lonlats: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Turn (n, 2) WGS 84 degrees lon, lat into (n, 2) metres x, y."""
    given = np.asarray(lonlats, dtype=np.float64).reshape(-1, 2)
    scale = np.array((plane.metres_per_lon, plane.metres_per_lat))
    moved: npt.NDArray[np.float64] = (given - np.array(plane.origin)) * scale
    return moved


def from_plane(plane: LocalPlane, metres: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Turn (n, 2) metres x, y into (n, 2) WGS 84 degrees lon, lat."""
    given = np.asarray(metres, dtype=np.float64).reshape(-1, 2)
    scale = np.array((plane.metres_per_lon, plane.metres_per_lat))
    moved: npt.NDArray[np.float64] = given / scale + np.array(plane.origin)
    return moved


def geometry_to_plane(plane: LocalPlane, geometry: BaseGeometry) -> BaseGeometry:
    """Move a WGS 84 shape onto the plane, in metres."""
    moved: BaseGeometry = shapely.transform(geometry, lambda lonlats: to_plane(plane, lonlats))
    return moved


def geometry_from_plane(plane: LocalPlane, geometry: BaseGeometry) -> BaseGeometry:
    """Move a shape in metres of the plane back to WGS 84."""
    moved: BaseGeometry = shapely.transform(geometry, lambda metres: from_plane(plane, metres))
    return moved


def on_own_planes(shapes: Sequence[BaseGeometry] | npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Move many WGS 84 shapes at once, each onto the plane around the middle of its own box: n shapes in metres.

    For comparing sizes and widths of small things; what is shown to people is measured on the ellipsoid.
    """
    flat = np.array(shapes, dtype=object)
    lonlats, which = shapely.get_coordinates(flat, return_index=True)
    west, south, east, north = shapely.bounds(flat).T
    planes = [plane_at(LonLat(lon, lat)) for lon, lat in zip((west + east) / 2, (south + north) / 2, strict=True)]
    origins = np.array([plane.origin for plane in planes]).reshape(-1, 2)
    scales = np.array([(plane.metres_per_lon, plane.metres_per_lat) for plane in planes]).reshape(-1, 2)
    moved: npt.NDArray[np.object_] = shapely.set_coordinates(flat, (lonlats - origins[which]) * scales[which])
    return moved


def widened(box: BBox, metres: float) -> BBox:
    """Return the WGS 84 box with so many metres added on each side."""
    plane = plane_at(LonLat((box.west + box.east) / 2, max(abs(box.south), abs(box.north))))
    lon, lat = metres / plane.metres_per_lon, metres / plane.metres_per_lat
    return BBox(box.west - lon, box.south - lat, box.east + lon, box.north + lat)


def _ring_areas(polygon: BaseGeometry) -> float:
    signed, _ = WGS84_GEOD.geometry_area_perimeter(shapely.orient_polygons(polygon))
    return abs(float(signed))

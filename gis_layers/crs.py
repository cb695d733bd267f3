"""Coordinate systems met in Vietnam, and the way from each to WGS 84 and back.

VN-2000 lies some 200 m from WGS 84. The shift is written out here as its seven parameters, so that no grid
file, no network and no setting of PROJ decides whether it is applied.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.enums import TransformDirection
from shapely.geometry.base import BaseGeometry

from gis_layers.errors import BadGeometryError, UnknownCrsError
from gis_layers.types import BBox

Coordinates = npt.NDArray[np.float64]

# "VN-2000 to WGS 84 (2)", EPSG:6960, coordinate frame rotation: Decision 05/2007/QĐ-BTNMT. Metres, arc
# seconds, ppm.
VN2000_SHIFT = (
    "x=-191.90441429 y=-39.30318279 z=-111.45032835 "
    "rx=-0.00928836 ry=0.01975479 rz=-0.00427372 s=0.252906278 convention=coordinate_frame"
)
VIETNAM = BBox(102.0, 6.0, 118.0, 24.0)  # with Hoàng Sa and Trường Sa


@dataclass(frozen=True, slots=True)
class Crs:
    """One coordinate system. Coordinates are always (east, north): x first, whatever the authority says.

    `projection` is a PROJ step without its name prefix, empty for degrees; `foreign` is the full definition
    of a system that is none of ours; `used_in` the part of the world it is meant for, in WGS 84.
    """

    epsg: int | None
    name: str
    projection: str = ""
    is_vn2000: bool = False
    foreign: str = ""
    used_in: BBox = VIETNAM

    @property
    def is_geographic(self) -> bool:
        """Whether its coordinates are degrees."""
        return not self.projection and not self.foreign


def _tm(meridian: float, scale: float) -> str:
    return f"proj=tmerc lat_0=0 lon_0={meridian:g} k={scale} x_0=500000 y_0=0 ellps=WGS84"


def _tm3(epsg: int, name: str, meridian: float, *used_in: float) -> Crs:
    return Crs(epsg, f"VN-2000 / TM-3 {name}", _tm(meridian, 0.9999), is_vn2000=True, used_in=BBox(*used_in))


WGS84 = Crs(4326, "WGS 84", used_in=BBox(-180.0, -90.0, 180.0, 90.0))
WEB_MERCATOR = Crs(
    3857, "WGS 84 / Web Mercator", "proj=webmerc ellps=WGS84", used_in=BBox(-180.0, -85.06, 180.0, 85.06)
)
VN2000 = Crs(4756, "VN-2000", is_vn2000=True)

# Names, meridians and bounds as in the EPSG registry, version 12. Zones 481, 482 and 491 also serve small
# scales.
KNOWN: tuple[Crs, ...] = (
    WGS84,
    WEB_MERCATOR,
    VN2000,
    _tm3(5896, "102-00 (481)", 102.0, 102.14, 9.2, 103.51, 22.82),
    _tm3(5897, "105-00 (482)", 105.0, 103.5, 8.33, 106.51, 23.4),
    _tm3(5898, "108-00 (491)", 108.0, 106.5, 8.57, 109.53, 22.95),
    _tm3(5899, "107-45", 107.75, 106.43, 8.57, 108.76, 21.67),
    _tm3(9205, "103-00", 103.0, 102.14, 20.89, 103.99, 22.82),
    _tm3(9206, "104-00", 104.0, 103.21, 20.57, 105.03, 22.04),
    _tm3(9207, "104-30", 104.5, 103.4, 8.33, 105.54, 10.55),
    _tm3(9208, "104-45", 104.75, 103.53, 10.18, 105.86, 22.85),
    _tm3(9209, "105-30", 105.5, 104.33, 9.19, 106.69, 23.4),
    _tm3(9210, "105-45", 105.75, 105.26, 9.75, 107.8, 23.12),
    _tm3(9211, "106-00", 106.0, 104.83, 16.92, 107.03, 22.7),
    _tm3(9212, "106-15", 106.25, 106.41, 11.3, 107.43, 17.22),
    _tm3(9213, "106-30", 106.5, 105.43, 21.32, 106.25, 22.75),
    _tm3(9214, "107-00", 107.0, 105.88, 15.99, 108.24, 21.63),
    _tm3(9215, "107-15", 107.25, 106.09, 21.32, 107.37, 22.47),
    _tm3(9216, "107-30", 107.5, 107.33, 13.92, 108.55, 15.42),
    _tm3(9217, "108-15", 108.25, 108.55, 11.25, 109.53, 14.71),
    _tm3(9218, "108-30", 108.5, 107.2, 10.43, 109.52, 14.61),
    Crs(3405, "VN-2000 / UTM 48N", _tm(105, 0.9996), is_vn2000=True, used_in=BBox(102.0, 8.0, 109.6, 23.5)),
    Crs(3406, "VN-2000 / UTM 49N", _tm(111, 0.9996), is_vn2000=True, used_in=BBox(107.9, 8.0, 114.0, 21.6)),
    Crs(32648, "WGS 84 / UTM 48N", _tm(105, 0.9996), used_in=BBox(102.0, 0.0, 109.6, 84.0)),
    Crs(32649, "WGS 84 / UTM 49N", _tm(111, 0.9996), used_in=BBox(107.9, 0.0, 114.0, 84.0)),
)
BY_EPSG = {crs.epsg: crs for crs in KNOWN}


def crs_of(epsg: int) -> Crs:
    """Return one of the systems of `KNOWN`; UnknownCrsError(epsg) for any other number."""
    try:
        return BY_EPSG[epsg]
    except KeyError:
        raise UnknownCrsError(epsg=epsg) from None


def to_wgs84(crs: Crs, coordinates: npt.ArrayLike) -> Coordinates:
    """Turn (n, 2) east, north of `crs` into (n, 2) WGS 84 degrees lon, lat.

    Exact to some millimetres for the known systems. BadGeometryError(reason, position) when a coordinate is not
    a number or lies where the projection has no answer.
    """
    return _transformed(crs, coordinates, TransformDirection.FORWARD)


def from_wgs84(crs: Crs, lonlats: npt.ArrayLike) -> Coordinates:
    """Turn (n, 2) WGS 84 degrees lon, lat into (n, 2) east, north of `crs`. The inverse of `to_wgs84`."""
    return _transformed(crs, lonlats, TransformDirection.INVERSE)


def geometries_to_wgs84(
    crs: Crs, geometries: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """Move (n,) shapes to WGS 84 degrees, without heights; None stays None.

    The second array marks the shapes that lie nowhere on earth: they are None in the first.
    """
    flat = np.asarray(shapely.force_2d(geometries) if shapely.has_z(geometries).any() else geometries, dtype=object)
    xy, owners = shapely.get_coordinates(flat, return_index=True)
    moved, bad = _moved(crs, xy, TransformDirection.FORWARD)
    nowhere = np.zeros(len(flat), dtype=bool)
    nowhere[owners[bad]] = True
    moved[bad] = 0.0
    there: npt.NDArray[np.object_] = flat.copy() if crs == WGS84 else shapely.set_coordinates(flat.copy(), moved)
    there[nowhere] = None
    return there, nowhere


def geometry_to_wgs84(crs: Crs, geometry: BaseGeometry) -> BaseGeometry:
    """Return the shape in WGS 84 degrees, without heights."""
    moved: BaseGeometry = shapely.transform(shapely.force_2d(geometry), lambda xy: to_wgs84(crs, xy))
    return moved


def declared(definition: Any) -> Crs:
    """Recognise what a file says about itself: "EPSG:5897", WKT (also ESRI's), PROJ text or a number.

    Whatever is built on VN-2000 by datum or by name, or is a three-degree zone with scale 0.9999 inside
    Vietnam, is read with our own shift, also when the file forgot the datum. UnknownCrsError when nothing
    can be made of it.
    """
    try:
        said = pyproj.CRS.from_user_input(definition)
    except pyproj.exceptions.CRSError as error:
        raise UnknownCrsError(said=str(definition)[:200]) from error
    number = said.to_epsg()
    if number in BY_EPSG and _is_vn2000_by_name(said) == BY_EPSG[number].is_vn2000:
        return BY_EPSG[number]
    return _zone_of_ours(said) or _foreign(said, number)


@lru_cache(maxsize=64)
def _transformer(crs: Crs) -> pyproj.Transformer:
    if crs.foreign:
        try:
            return pyproj.Transformer.from_crs(crs.foreign, 4326, always_xy=True, allow_ballpark=False)
        except pyproj.exceptions.ProjError as error:
            raise UnknownCrsError(said=crs.name) from error
    steps = [f"inv {crs.projection}" if crs.projection else "proj=unitconvert xy_in=deg xy_out=rad"]
    if crs.is_vn2000:
        cart = "proj=cart ellps=WGS84"
        steps += ["proj=push v_3", cart, f"proj=helmert {VN2000_SHIFT}", f"inv {cart}", "proj=pop v_3"]
    steps.append("proj=unitconvert xy_in=rad xy_out=deg")
    return pyproj.Transformer.from_pipeline("proj=pipeline " + " ".join(f"step {step}" for step in steps))


def _transformed(crs: Crs, coordinates: npt.ArrayLike, way: TransformDirection) -> Coordinates:
    moved, bad = _moved(crs, coordinates, way)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise BadGeometryError(reason="not_on_earth", position=first, crs=crs.name)
    return moved


def _moved(crs: Crs, coordinates: npt.ArrayLike, way: TransformDirection) -> tuple[Coordinates, npt.NDArray[np.bool_]]:
    given = np.asarray(coordinates, dtype=np.float64).reshape(-1, 2)
    if crs == WGS84:
        moved = given.copy()
    else:
        moved = np.column_stack(_transformer(crs).transform(given[:, 0], given[:, 1], direction=way))
    bad = np.asarray(~np.isfinite(moved).all(axis=1))
    if way is TransformDirection.FORWARD:
        bad |= np.asarray((np.abs(moved) > (180.0, 90.0)).any(axis=1))
    return moved, bad


def _is_vn2000_by_name(said: pyproj.CRS) -> bool:
    datum = said.datum.name if said.datum else ""
    words = f"{said.name} {datum} {said.geodetic_crs.name if said.geodetic_crs else ''}".lower()
    plain = "".join(letter for letter in words if letter.isalnum())
    return any(name in plain for name in ("vn2000", "vietnam2000", "vn2k"))


def _carries_our_shift(said: pyproj.CRS) -> bool:
    """Recognise the national parameters of 2001 or 2007 in a +towgs84.

    Whatever sign its rotations were given.
    """
    shift = said.coordinate_operation
    values = list(shift.towgs84) if said.is_bound and shift else []
    return len(values) >= 3 and abs(values[0] + 192.4) < 1.5 and abs(values[1] + 39.35) < 0.5


def _zone_of_ours(said: pyproj.CRS) -> Crs | None:
    """Read a system on VN-2000 that carries no number from its own parameters."""
    named = _is_vn2000_by_name(said) or _carries_our_shift(said)
    base = said.source_crs if said.is_bound and said.source_crs else said
    if base.is_geographic:
        if named:
            return VN2000
        return WGS84 if base.datum and "world geodetic system 1984" in base.datum.name.lower() else None
    operation = base.coordinate_operation
    if operation is None or "transverse mercator" not in operation.method_name.lower():
        return None
    values = {parameter.name.lower(): float(parameter.value) for parameter in operation.params}
    meridian = values.get("longitude of natural origin", 0.0)
    scale = values.get("scale factor at natural origin", 1.0)
    east, north = values.get("false easting", 0.0), values.get("false northing", 0.0)
    in_vietnam = VIETNAM.west <= meridian <= VIETNAM.east
    if not (named or (in_vietnam and scale == 0.9999 and east == 500_000)):
        return None
    for crs in KNOWN:
        if crs.is_vn2000 and crs.projection == _tm(meridian, scale) and (east, north) == (500_000, 0):
            return crs
    step = f"proj=tmerc lat_0=0 lon_0={meridian!r} k={scale!r} x_0={east!r} y_0={north!r} ellps=WGS84"
    return Crs(None, f"VN-2000 / {base.name}", step, is_vn2000=True)


def _foreign(said: pyproj.CRS, number: int | None) -> Crs:
    if not (said.is_geographic or said.is_projected or said.is_bound):
        raise UnknownCrsError(said=said.name)
    area = said.area_of_use
    where = BBox(area.west, area.south, area.east, area.north) if area else WGS84.used_in
    crs = Crs(number, said.name, foreign=said.to_wkt(), used_in=where)
    _transformer(crs)  # now, not in the middle of a file
    return crs

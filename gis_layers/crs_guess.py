"""Which coordinate system can these numbers be in? For files that do not say, or say it wrongly."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis_layers.crs import KNOWN, VIETNAM, VN2000, WEB_MERCATOR, WGS84, Coordinates, Crs, to_wgs84
from gis_layers.errors import BadGeometryError
from gis_layers.types import BBox, LonLat
from gis_layers.zones import zones_of

ENOUGH = 0.9  # share of the points that must fit: a few rows of any real list are wrong
MARGIN_DEGREES = 0.15  # a zone is also used a little beyond the provinces it is made for


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a file's numbers.

    The system, whether x and y are exchanged, and where the middle then lies.
    """

    crs: Crs
    is_north_first: bool
    middle: LonLat


def candidates(coordinates: npt.ArrayLike, near: BBox | None = None, province: str = "") -> tuple[Candidate, ...]:
    """List the readings of (n, 2) numbers that land in Vietnam, the most likely first.

    Empty when there is none.

    Surveyors write X for north and Y for east, so both orders are tried. Degrees and Web Mercator are
    recognised by their size alone. Metres are not: 470,000 / 2,400,000 lies in Sơn La or in Lào Cai, by its
    zone. `near` (WGS 84, the areas the file is about) then decides; without it every zone that reaches
    Vietnam is returned for a person to choose. The zones of a `province` (name or code, see `zones`) come first.
    VN-2000 in degrees cannot be told from WGS 84 and is listed second.
    """
    given = np.asarray(coordinates, dtype=np.float64).reshape(-1, 2)
    given = given[np.isfinite(given).all(axis=1)]
    if len(given) == 0:
        return ()
    found = _in_order(given, is_north_first=False) + _in_order(given[:, ::-1], is_north_first=True)
    if near is not None:
        found = [one for one in found if _holds(near, one.middle, MARGIN_DEGREES)]
    rank = {zone: place for place, zone in enumerate(zones_of(province))} if province else {}
    return tuple(sorted(found, key=lambda one: rank.get(one.crs, len(rank))))


def agrees(crs: Crs, coordinates: npt.ArrayLike) -> bool:
    """Say whether (n, 2) east, north can be in the system a file declares.

    On earth, and where the system is used.

    False for a GeoJSON that is WGS 84 by its standard and holds metres all the same.
    """
    given = np.asarray(coordinates, dtype=np.float64).reshape(-1, 2)
    given = given[np.isfinite(given).all(axis=1)]
    return len(given) == 0 or _share_inside(crs, given, crs.used_in) >= ENOUGH


def _in_order(xy: Coordinates, *, is_north_first: bool) -> list[Candidate]:
    found = []
    for crs in _by_size(xy):
        world = VIETNAM if crs.used_in == WGS84.used_in or crs == WEB_MERCATOR else crs.used_in
        if _share_inside(crs, xy, world) >= ENOUGH:
            lon, lat = np.median(to_wgs84(crs, xy), axis=0)
            found.append(Candidate(crs, is_north_first, LonLat(float(lon), float(lat))))
    return found


def _by_size(xy: Coordinates) -> tuple[Crs, ...]:
    east, north = np.median(xy, axis=0)
    if abs(east) <= 180 and abs(north) <= 90:
        return (WGS84, VN2000)
    if 1.1e7 < east < 1.32e7:
        return (WEB_MERCATOR,)
    if 0 < east < 1_000_000 and 600_000 < north < 2_700_000:
        return tuple(crs for crs in KNOWN if not crs.is_geographic and crs != WEB_MERCATOR)
    return ()


def _share_inside(crs: Crs, xy: Coordinates, world: BBox) -> float:
    try:
        lonlats = to_wgs84(crs, xy)
    except BadGeometryError:
        return 0.0
    low, high = np.array(world[:2]) - MARGIN_DEGREES, np.array(world[2:]) + MARGIN_DEGREES
    return float(((lonlats >= low) & (lonlats <= high)).all(axis=1).mean())


def _holds(box: BBox, place: LonLat, margin: float) -> bool:
    return box.west - margin <= place.lon <= box.east + margin and box.south - margin <= place.lat <= box.north + margin

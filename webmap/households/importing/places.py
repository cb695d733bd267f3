"""Where the households of a file stand: by its coordinates, else by its addresses, else nowhere yet."""

from typing import Any

import numpy as np
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy.orm import Session

from gis_layers.crs import BY_EPSG, Crs, to_wgs84
from gis_layers.crs_guess import candidates
from gis_layers.types import BBox
from webmap.areas.models import Area
from webmap.households.importing.coordinates import Degrees, Metres
from webmap.households.importing.fields import Field
from webmap.households.importing.grouping import Household
from webmap.settings import settings
from webmap.streets.queries import address_book
from webmap.streets.whereabouts import look_up

SLACK_DEGREES = 0.02
"""A house may lie this far (some 2 km) beyond the drawn boundary of its area: boundaries are coarse."""

Place = tuple[float, float, str, int | None]
"""Longitude, latitude, source of the place, and the building when that is the source."""


def places_of(
    session: Session, area_id: int, households: list[Household], epsg: int | None
) -> tuple[dict[int, Place], str]:
    """Household number -> lon, lat, source of the place; and the name of the zone that metres were read in."""
    boundary = _boundary(session, area_id)
    crs = _zone(households, boundary, epsg)
    found: dict[int, Place] = {}
    for household in households:
        if lonlat := _from_columns(household, crs):
            found[household.number] = (*lonlat, "import", None)
    _drop_far_ones(households, found, boundary)
    _find_addresses(session, area_id, households, found)
    return found, crs.name if crs else ""


def _boundary(session: Session, area_id: int) -> Any:
    """Shape of the area, or of the nearest area above that has one; None when there is none."""
    area: Area | None = session.get_one(Area, area_id)
    while area is not None:
        if area.boundary is not None:
            return to_shape(area.boundary)
        area = session.get(Area, area.parent_id) if area.parent_id else None
    return None


def _zone(households: list[Household], boundary: Any, epsg: int | None) -> Crs | None:
    """The zone that the file's metres are in: as chosen on the page, else the one that lands in the area."""
    metres = [(place.east, place.north) for one in households if isinstance(place := _given(one), Metres)]
    if not metres:
        return None
    if epsg is not None:
        return BY_EPSG[epsg]
    near = BBox(*boundary.bounds) if boundary is not None else None
    readings = [one for one in candidates(np.array(metres), near) if one.crs.is_vn2000 and not one.is_north_first]
    return readings[0].crs if readings and near is not None else None


def _given(household: Household) -> Degrees | Metres | None:
    place = household.first("place")
    return place if isinstance(place, Degrees | Metres) else None


def _from_columns(household: Household, crs: Crs | None) -> tuple[float, float] | None:
    place = _given(household)
    if isinstance(place, Degrees):
        return place.lon, place.lat
    if isinstance(place, Metres):
        if crs is None:
            household.head.refuse(Field.NORTH, "no_zone")
            return None
        lon, lat = to_wgs84(crs, [(place.east, place.north)])[0]
        return float(lon), float(lat)
    return None


def _drop_far_ones(households: list[Household], found: dict[int, Place], boundary: Any) -> None:
    """A place far outside the area is a slip: it is named and left out, the household comes in unplaced."""
    if boundary is None or not found:
        return
    wide = boundary.buffer(SLACK_DEGREES)
    shapely.prepare(wide)
    numbers = list(found)
    inside = shapely.contains_xy(
        wide, [found[number][0] for number in numbers], [found[number][1] for number in numbers]
    )
    by_number = {household.number: household for household in households}
    for number, is_inside in zip(numbers, inside, strict=True):
        if not is_inside:
            lon, lat, *_rest = found.pop(number)
            household = by_number[number]
            row = next(one for one in (household.head, *household.rows) if one.place is not None)
            row.refuse(row.place_field, "place_far_from_area", text=f"{lat:.5f}, {lon:.5f}")


def _find_addresses(session: Session, area_id: int, households: list[Household], found: dict[int, Place]) -> None:
    """Households without a place whose address is known well enough. What is less certain waits in the review list."""
    book = address_book(session, area_id)
    if not book:
        return
    certainty = settings().address_certainty
    for household in households:
        number = str(household.first("house_number") or household.first("address") or "")
        if household.number in found or not number:
            continue
        match = look_up(book, number, str(household.first("alley") or ""), certainty)
        if match is not None:
            found[household.number] = (match.position.lon, match.position.lat, "building", match.building_id)

"""Houses and house numbers drawn by hand."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import shapely
from geoalchemy2.shape import from_shape
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_layers.geojson import from_wkb, to_wkb
from gis_layers.measure import area_square_metres
from webmap import clock
from webmap.accounts.scope import Scope, require_area
from webmap.errors import NotFoundError
from webmap.streets import editing_errors as errors
from webmap.streets import same_houses
from webmap.streets.editing import Edited
from webmap.streets.editing_details import require_drawn
from webmap.streets.editing_inputs import NewAddressPoint, NewBuilding, NewOutline, NewPlace, Seen
from webmap.streets.editing_queries import require_mine
from webmap.streets.edits import edit, note_households, require_drawable, require_version
from webmap.streets.models import AddressPoint, Building

SMALLEST_SQUARE_METRES = 4.0
LARGEST_SQUARE_METRES = 50_000.0
SAME_SHARE = 0.5
"""An outline that shares this much of the smaller of the two with a known building is that building."""

Drawn = TypeVar("Drawn", Building, AddressPoint)
Settle = Callable[[Session, int, BaseGeometry], object]
"""Compares a building's outline with those around it and links the households there: webmap.households.settling."""


def add_building(session: Session, scope: Scope, area_id: int, new: NewBuilding, settle: Settle) -> Edited:
    """Draw the outline of a house. Sent a second time it is not drawn again."""
    require_area(session, scope, area_id)
    if session.scalar(select(Building.id).where(Building.uuid == new.uuid)) is not None:
        return Edited(None, (new.uuid,))
    outline = _outline(new)
    require_drawable(session, scope, outline)
    if _covers_another(session, outline):
        raise errors.BuildingThereError
    title = ", ".join(part for part in (new.house_number, new.street) if part)
    with edit(session, scope, area_id, "add_building", title) as change:
        building = Building(
            uuid=new.uuid,
            kind="house",
            house_number=new.house_number or None,
            street=new.street or None,
            edited_at=clock.now(),
            source_id=change.source_id,
            outline=from_shape(outline, srid=4326),
        )
        session.add(building)
        session.flush()
        settle(session, building.id, outline)
    return Edited(change.id, (new.uuid,))


def add_address_point(session: Session, scope: Scope, area_id: int, new: NewAddressPoint) -> Edited:
    """Put a house number where it hangs. Sent a second time it is not put there again."""
    require_area(session, scope, area_id)
    if session.scalar(select(AddressPoint.id).where(AddressPoint.uuid == new.uuid)) is not None:
        return Edited(None, (new.uuid,))
    point = Point(new.lon, new.lat)
    require_drawable(session, scope, point)
    title = ", ".join(part for part in (new.house_number, new.street) if part)
    with edit(session, scope, area_id, "add_address_point", title) as change:
        session.add(
            AddressPoint(
                uuid=new.uuid,
                house_number=new.house_number,
                street=new.street or None,
                edited_at=clock.now(),
                source_id=change.source_id,
                point=from_shape(point, srid=4326),
            )
        )
    return Edited(change.id, (new.uuid,))


def reshape_building(
    session: Session, scope: Scope, area_id: int, uuid: UUID, new: NewOutline, *, settle: Settle
) -> Edited:
    """Move the corners of a drawn house. The households there are linked anew."""
    building = _opened(session, scope, area_id, Building, uuid)
    before, after = from_wkb(bytes(building.outline.data)), _outline(new)
    if shapely.equals_exact(before, after, 1e-8):
        return Edited(None, (uuid,))
    require_version(session, building, new.version)
    require_drawn(session, building)
    require_drawable(session, scope, after, before=before)
    if _covers_another(session, after, building.id):
        raise errors.BuildingThereError
    with edit(session, scope, area_id, "reshape_building", building.house_number or "") as change:
        note_households(session, change, building_ids=[building.id])
        same_houses.touch(session, building.id)  # what it no longer covers shows again
        building.outline, building.edited_at = from_shape(after, srid=4326), clock.now()
        session.flush()
        settle(session, building.id, shapely.union(before, after))
    return Edited(change.id, (uuid,))


def move_address_point(session: Session, scope: Scope, area_id: int, uuid: UUID, new: NewPlace) -> Edited:
    """Hang a drawn house number elsewhere."""
    point = _opened(session, scope, area_id, AddressPoint, uuid)
    before, after = from_wkb(bytes(point.point.data)), Point(new.lon, new.lat)
    if shapely.equals_exact(before, after, 1e-8):
        return Edited(None, (uuid,))
    require_version(session, point, new.version)
    require_drawn(session, point)
    require_drawable(session, scope, after, before=before)
    with edit(session, scope, area_id, "move_address_point", point.house_number) as change:
        point.point, point.edited_at = from_shape(after, srid=4326), clock.now()
    return Edited(change.id, (uuid,))


def remove_building(session: Session, scope: Scope, area_id: int, uuid: UUID, given: Seen, *, settle: Settle) -> Edited:
    """Take away a house that was drawn by mistake. Its households stay, without it or in another near them."""
    building = _opened(session, scope, area_id, Building, uuid)
    require_version(session, building, given.version)
    require_drawn(session, building)
    with edit(session, scope, area_id, "remove_building", building.house_number or "") as change:
        note_households(session, change, building_ids=[building.id])
        building_id, outline = building.id, from_wkb(bytes(building.outline.data))
        same_houses.touch(session, building_id)  # what it hides will show again
        session.delete(building)
        session.flush()
        settle(session, building_id, outline)
    return Edited(change.id)


def remove_address_point(session: Session, scope: Scope, area_id: int, uuid: UUID, given: Seen) -> Edited:
    """Take away a house number that was put down by mistake."""
    point = _opened(session, scope, area_id, AddressPoint, uuid)
    require_version(session, point, given.version)
    require_drawn(session, point)
    with edit(session, scope, area_id, "remove_address_point", point.house_number) as change:
        session.delete(point)
        session.flush()
    return Edited(change.id)


def _opened(session: Session, scope: Scope, area_id: int, table: type[Drawn], uuid: UUID) -> Drawn:
    require_area(session, scope, area_id)
    found = session.scalar(select(table).where(table.uuid == uuid).with_for_update(of=table))
    if found is None:
        raise NotFoundError
    shape = found.outline if isinstance(found, Building) else found.point
    require_mine(session, scope, from_wkb(bytes(shape.data)))
    return found


def _outline(new: NewBuilding | NewOutline) -> Polygon:
    outline = Polygon(new.coordinates)
    if not outline.is_valid:
        raise errors.CrossesItselfError
    size = area_square_metres(outline)
    if size < SMALLEST_SQUARE_METRES:
        raise errors.TooShortError
    if size > LARGEST_SQUARE_METRES:
        raise errors.TooLargeError(most="5 ha")
    return shapely.set_precision(outline, 1e-7)


def _covers_another(session: Session, outline: Polygon, but: int = 0) -> bool:
    """Whether a known building (`but` one) is this one: the common part is half of the smaller of the two."""
    drawn = func.st_geomfromewkb(to_wkb(outline))
    common = func.st_area(func.st_intersection(func.st_makevalid(Building.outline), drawn))
    smaller = func.least(func.st_area(Building.outline), func.st_area(drawn))
    wanted = (
        select(Building.id)
        .where(
            func.st_intersects(Building.outline, drawn), common > SAME_SHARE * smaller, Building.same_as_id.is_(None)
        )
        .where(Building.id != but)
    )
    return session.scalar(wanted.limit(1)) is not None

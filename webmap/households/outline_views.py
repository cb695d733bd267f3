"""Houses drawn by hand, over HTTP: the editor's deeds that concern households too."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.areas import queries as areas
from webmap.households.settling import settle_around, undo
from webmap.streets import editing_places, editing_queries
from webmap.streets.editing import Edited
from webmap.streets.editing_inputs import NewBuilding, NewOutline, Seen
from webmap.streets.editing_views import done, given_as

blueprint = Blueprint("outlines", __name__, url_prefix="/areas/<int:area_id>/edit-map")


@blueprint.post("/buildings")
@allow(*STAFF)
def add_building(area_id: int) -> ResponseReturnValue:
    """Draw the outline of a house."""
    given, scope = given_as(NewBuilding), current_scope()
    return done(area_id, lambda session: editing_places.add_building(session, scope, area_id, given, settle_around))


@blueprint.post("/buildings/<uuid:building_uuid>/shape")
@allow(*STAFF)
def reshape_building(area_id: int, building_uuid: UUID) -> ResponseReturnValue:
    """Move the corners of a drawn house."""
    given, scope = given_as(NewOutline), current_scope()

    def deed(session: Session) -> Edited:
        return editing_places.reshape_building(session, scope, area_id, building_uuid, given, settle=settle_around)

    return done(area_id, deed)


@blueprint.post("/buildings/<uuid:building_uuid>/removal")
@allow(*STAFF)
def remove_building(area_id: int, building_uuid: UUID) -> ResponseReturnValue:
    """Take away a house that was drawn by mistake."""
    given, scope = given_as(Seen), current_scope()

    def deed(session: Session) -> Edited:
        return editing_places.remove_building(session, scope, area_id, building_uuid, given, settle=settle_around)

    return done(area_id, deed)


@blueprint.post("/edits/<uuid:change_id>/undo")
@allow(*STAFF)
def take_back(area_id: int, change_id: UUID) -> ResponseReturnValue:
    """Undo a saved edit."""

    def deed(session: Session) -> Edited:
        areas.place(session, current_scope(), area_id)
        editing_queries.require_edit(session, change_id)
        undo(session, current_scope(), change_id)
        return Edited(None)

    return done(area_id, deed)

"""Editing the map over HTTP: every deed, as JSON for the editor or as a form of a page without scripts."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel
from sqlalchemy.orm import Session

from webmap import http
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.areas.boundary_drawing import set_boundary
from webmap.areas.drawn_inputs import NewBoundary
from webmap.database.engine import transaction
from webmap.errors import AppError, NotFoundError
from webmap.streets import editing, editing_details, editing_places, network
from webmap.streets.editing import Edited
from webmap.streets.editing_inputs import (
    ClosedOn,
    Details,
    Joining,
    Meeting,
    NewAddressPoint,
    NewAlley,
    NewPlace,
    NewShape,
    NotAGap,
    Seen,
    Splitting,
)
from webmap.streets.editor_views import show_alley, show_page
from webmap.streets.edits import by_hand

blueprint = Blueprint("editing", __name__, url_prefix="/areas/<int:area_id>/edit-map")
Given = TypeVar("Given", bound=BaseModel)
Deed = Callable[[Session], Edited]


@blueprint.post("/alleys")
@allow(*STAFF)
def add_alley(area_id: int) -> ResponseReturnValue:
    """Draw an alley, or the missing link of a part."""
    given = given_as(NewAlley)
    return done(area_id, lambda session: editing.add_alley(session, current_scope(), area_id, given))


@blueprint.post("/alleys/<uuid:alley_uuid>/shape")
@allow(*STAFF)
def reshape(area_id: int, alley_uuid: UUID) -> ResponseReturnValue:
    """Move the corners of an alley."""
    return _changed(area_id, alley_uuid, editing.reshape, NewShape)


@blueprint.post("/alleys/<uuid:alley_uuid>/halves")
@allow(*STAFF)
def split(area_id: int, alley_uuid: UUID) -> ResponseReturnValue:
    """Cut an alley in two."""
    return _changed(area_id, alley_uuid, editing.split, Splitting)


@blueprint.post("/alleys/<uuid:alley_uuid>/joined")
@allow(*STAFF)
def join(area_id: int, alley_uuid: UUID) -> ResponseReturnValue:
    """Make one alley of two."""
    return _changed(area_id, alley_uuid, editing.join, Joining)


@blueprint.post("/meetings")
@allow(*STAFF)
def meet(area_id: int) -> ResponseReturnValue:
    """Let two alleys meet where they cross."""
    given = given_as(Meeting)
    return done(area_id, lambda session: editing.meet(session, current_scope(), area_id, given))


@blueprint.post("/alleys/<uuid:alley_uuid>/details")
@allow(*STAFF)
def change_details(area_id: int, alley_uuid: UUID) -> ResponseReturnValue:
    """Rename an alley, say what it is and who may walk it."""
    return _changed(area_id, alley_uuid, editing_details.change_details, Details)


@blueprint.post("/alleys/<uuid:alley_uuid>/closing")
@allow(*STAFF)
def close(area_id: int, alley_uuid: UUID) -> ResponseReturnValue:
    """Close an alley from a day on."""
    return _changed(area_id, alley_uuid, editing_details.close, ClosedOn)


@blueprint.post("/alleys/<uuid:alley_uuid>/reopening")
@allow(*STAFF)
def reopen(area_id: int, alley_uuid: UUID) -> ResponseReturnValue:
    """Open a closed alley again."""
    return _changed(area_id, alley_uuid, editing_details.reopen, Seen)


@blueprint.post("/alleys/<uuid:alley_uuid>/removal")
@allow(*STAFF)
def remove(area_id: int, alley_uuid: UUID) -> ResponseReturnValue:
    """Take away an alley that was drawn by mistake."""
    given, scope = given_as(Seen), current_scope()
    return done(
        area_id,
        lambda session: editing_details.remove(session, scope, area_id, alley_uuid, given),
        lambda error: show_alley(area_id, alley_uuid, error),
    )


@blueprint.post("/address-points")
@allow(*STAFF)
def add_address_point(area_id: int) -> ResponseReturnValue:
    """Put a house number where it hangs."""
    given = given_as(NewAddressPoint)
    return done(area_id, lambda session: editing_places.add_address_point(session, current_scope(), area_id, given))


@blueprint.post("/address-points/<uuid:address_uuid>/place")
@allow(*STAFF)
def move_address_point(area_id: int, address_uuid: UUID) -> ResponseReturnValue:
    """Hang a house number elsewhere."""
    given, scope = given_as(NewPlace), current_scope()
    return done(
        area_id, lambda session: editing_places.move_address_point(session, scope, area_id, address_uuid, given)
    )


@blueprint.post("/address-points/<uuid:address_uuid>/removal")
@allow(*STAFF)
def remove_address_point(area_id: int, address_uuid: UUID) -> ResponseReturnValue:
    """Take away a house number that was put down by mistake."""
    given, scope = given_as(Seen), current_scope()
    return done(
        area_id, lambda session: editing_places.remove_address_point(session, scope, area_id, address_uuid, given)
    )


@blueprint.post("/boundary")
@allow(*STAFF)
def draw_boundary(area_id: int) -> ResponseReturnValue:
    """Give the area a boundary drawn by hand; overlaps with its neighbours are told."""
    given, scope = given_as(NewBoundary), current_scope()
    with transaction(scope) as session:
        made = set_boundary(session, scope, area_id, given, source_id=by_hand(session))
    overlaps = [{"name": one.name, "square_metres": round(one.square_metres)} for one in made.overlaps]
    return jsonify(edit_id=made.edit_id, square_metres=round(made.square_metres), overlaps=overlaps)


@blueprint.post("/not-a-gap")
@allow(*STAFF)
def not_a_gap(area_id: int) -> ResponseReturnValue:
    """Remember that a link is none."""
    given, scope = given_as(NotAGap), current_scope()
    with transaction(scope) as session:
        network.tell_not_a_gap(session, scope, area_id, given)
    return jsonify() if http.wants_json() else redirect(url_for("editor.gaps", area_id=area_id), 303)


@blueprint.post("/not-a-gap/<int:not_a_gap_id>/removal")
@allow(*STAFF)
def ask_again(area_id: int, not_a_gap_id: int) -> ResponseReturnValue:
    """Show a link again that was said to be none."""
    scope = current_scope()
    with transaction(scope) as session:
        network.ask_again(session, scope, area_id, not_a_gap_id)
    return jsonify() if http.wants_json() else redirect(url_for("editor.gaps", area_id=area_id), 303)


def given_as(model: type[Given]) -> Given:
    """What was sent, as JSON or as a form."""
    return http.body(model) if request.is_json else http.form(model)


def _changed(
    area_id: int, alley_uuid: UUID, deed: Callable[..., Edited], model: type[BaseModel]
) -> ResponseReturnValue:
    """A deed on one alley: after it, a form leads to the alley's page again."""
    given, scope = given_as(model), current_scope()
    if http.wants_json():
        return done(area_id, lambda session: deed(session, scope, area_id, alley_uuid, given))
    return done(
        area_id,
        lambda session: deed(session, scope, area_id, alley_uuid, given),
        lambda error: show_alley(area_id, alley_uuid, error),
        url_for("editor.alley", area_id=area_id, alley_uuid=alley_uuid),
    )


def done(
    area_id: int,
    deed: Deed,
    otherwise: Callable[[AppError], ResponseReturnValue] | None = None,
    then: str | None = None,
) -> ResponseReturnValue:
    """Do it in one transaction; tell the editor what there is now, or show the page with what was done or wrong."""
    if http.wants_json():
        with transaction(current_scope()) as session:
            made = deed(session)
        return jsonify(edit_id=made.edit_id, uuids=made.uuids, cuts=made.cuts)
    try:
        with transaction(current_scope()) as session:
            deed(session)
    except NotFoundError:
        raise
    except AppError as error:
        return otherwise(error) if otherwise else show_page(area_id, error)
    flash(gettext("Saved."), "good")
    return redirect(then or url_for("editor.page", area_id=area_id), 303)

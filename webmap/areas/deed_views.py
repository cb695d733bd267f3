"""Changes of the map by hand over HTTP, each from a day on: rename, move, merge, split."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from webmap import clock, http
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import Role
from webmap.areas import deeds, queries
from webmap.areas.inputs import DatedName, Merging, Move, Splitting
from webmap.database.engine import transaction
from webmap.errors import AppError, NotFoundError

blueprint = Blueprint("deeds", __name__, url_prefix="/areas/<int:area_id>/changes")


@blueprint.get("")
@allow(Role.ADMIN, Role.SUPERVISOR)
def show(area_id: int) -> ResponseReturnValue:
    """What can be changed about an area from a day on."""
    return _page(area_id)


@blueprint.post("/name")
@allow(Role.ADMIN, Role.SUPERVISOR)
def rename(area_id: int) -> ResponseReturnValue:
    """Another name or kind from a day on: a commune becomes a ward."""
    return _changed(area_id, lambda db: deeds.rename_on(db, current_scope(), area_id, http.form(DatedName)))


@blueprint.post("/move")
@allow(Role.ADMIN, Role.SUPERVISOR)
def move(area_id: int) -> ResponseReturnValue:
    """Another area above it from a day on."""
    return _changed(area_id, lambda db: deeds.move(db, current_scope(), area_id, http.form(Move)))


@blueprint.post("/merge")
@allow(Role.ADMIN, Role.SUPERVISOR)
def merge(area_id: int) -> ResponseReturnValue:
    """A village becomes part of another from a day on."""
    return _changed(area_id, lambda db: deeds.merge(db, current_scope(), area_id, http.form(Merging)))


@blueprint.post("/split")
@allow(Role.ADMIN, Role.SUPERVISOR)
def split(area_id: int) -> ResponseReturnValue:
    """Some alleys of a village become a village of their own from a day on."""
    return _changed(area_id, lambda db: deeds.split(db, current_scope(), area_id, http.form(Splitting)))


def _changed(area_id: int, deed: Callable[[Session], UUID]) -> ResponseReturnValue:
    try:
        with transaction(current_scope()) as session:
            deed(session)
    except NotFoundError:
        raise
    except AppError as error:
        return _page(area_id, error)
    flash(gettext("Saved. It can be undone in the history of the map."), "good")
    return redirect(url_for("areas.page", area_id=area_id))


def _page(area_id: int, error: AppError | None = None) -> ResponseReturnValue:
    scope = current_scope()
    with transaction(scope) as session:
        place = queries.place(session, scope, area_id)
        is_village = place.level == "village"
        alleys = deeds.alleys_of(session, scope, area_id) if is_village and scope.sees_persons else []
        siblings = queries.below(session, scope, place.parent_id) if place.parent_id else []
        parents = deeds.possible_parents(session, scope, area_id)
    told = "" if error is None else gettext(error.text, **{key: str(value) for key, value in error.facts.items()})
    return render_template(
        "areas/changes.html",
        place=place,
        alleys=alleys,
        siblings=[one for one in siblings if one.id != area_id and one.level == "village"] if is_village else [],
        parents=parents,
        today=clock.today(),
        error=told,
    ), 200 if error is None else error.status

"""Visits over HTTP: the canvasser's routes, what a phone needs of one, and taking in what it recorded."""

from dataclasses import asdict, replace
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from webmap import http
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import EVERYBODY, STAFF, Role
from webmap.accounts.scope import SYSTEM, Scope
from webmap.database.engine import reading, transaction
from webmap.errors import InvalidError, NotFoundError
from webmap.households.errors import HouseholdNotFoundError
from webmap.households.queries import find_household
from webmap.visits import queries, service
from webmap.visits.errors import VisitIdTakenError
from webmap.visits.inputs import NewVisit
from webmap.visits.rules import far_limit_metres
from webmap.visits.service import Receipt

blueprint = Blueprint("visits", __name__)
LARGEST_ENTRY = 64 * 1024


@blueprint.get("/walk")
@allow(*EVERYBODY)
def index() -> ResponseReturnValue:
    """The routes that are mine to walk."""
    scope = current_scope()
    with reading(scope) as session:
        return render_template("visits/index.html", routes=queries.my_routes(session, scope))


@blueprint.get("/walk/<uuid:route_id>")
@allow(*EVERYBODY)
def walk(route_id: UUID) -> ResponseReturnValue:
    """The next door of a route, on a phone. The list is there without any script."""
    scope = current_scope()
    with reading(scope) as session:
        route = queries.walk(session, scope, route_id)
    return render_template("visits/walk.html", route=route, account_id=scope.account_id, far=far_limit_metres(0))


@blueprint.get("/api/walk/<uuid:route_id>")
@allow(*EVERYBODY)
def snapshot(route_id: UUID) -> ResponseReturnValue:
    """What the phone needs of a route."""
    scope = current_scope()
    with reading(scope) as session:
        found = queries.walk(session, scope, route_id)
    return jsonify(_plain(found))


def _plain(value: object) -> object:
    """Days and instants as ISO text, whatever Flask would make of them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@blueprint.put("/api/visits/<uuid:visit_id>")
@allow(*EVERYBODY)
def keep(visit_id: UUID) -> ResponseReturnValue:
    """Take one visit in. PUT, because a phone sends it until it is named as received.

    Every answer that names the id means received and committed: stored, duplicate, or quarantined (kept raw for a
    person to look at). An id used for two different visits is told with 409 as well.
    """
    if (request.content_length or 0) > LARGEST_ENTRY:
        raise RequestEntityTooLarge
    scope = current_scope()
    body = request.get_data(cache=True)
    try:
        receipt = _kept(scope, visit_id, http.body(NewVisit))
    except VisitIdTakenError as error:
        receipt = _set_aside(scope, visit_id, error.code, body)
        return jsonify(**asdict(receipt), title=gettext(error.text)), error.status
    except (InvalidError, NotFoundError) as error:
        receipt = _set_aside(scope, visit_id, error.code, body)
        return jsonify(**asdict(receipt), title=gettext(error.text))
    except DataError:  # something that PostgreSQL cannot hold
        receipt = _set_aside(scope, visit_id, InvalidError.code, body)
    return jsonify(asdict(receipt))


def _kept(scope: Scope, visit_id: UUID, new: NewVisit) -> Receipt:
    try:
        with transaction(scope) as session:
            return service.record_visit(session, scope, visit_id, new)
    except IntegrityError as error:  # a new member's id is taken
        raise VisitIdTakenError from error
    except HouseholdNotFoundError:
        return _kept_late(scope, visit_id, new)


def _kept_late(scope: Scope, visit_id: UUID, new: NewVisit) -> Receipt:
    """Keep a visit that comes after its plan was closed: the door is out of her sight, but she was there."""
    house = replace(SYSTEM, account_id=scope.account_id)
    with transaction(house) as session:
        if scope.account_id is None or not queries.has_walked_past(session, scope.account_id, new.household_id):
            raise HouseholdNotFoundError
        return service.record_visit(session, house, visit_id, new)


def _set_aside(scope: Scope, visit_id: UUID, code: str, body: bytes) -> Receipt:
    with transaction(scope) as session:
        return service.set_aside(session, scope, str(visit_id), code, body)


@blueprint.get("/households/<uuid:household_id>/visits")
@allow(*STAFF)
def household_history(household_id: UUID) -> ResponseReturnValue:
    """What happened at one door, the newest first: a page, or the part of it that the household's page asks for."""
    scope = current_scope()
    with reading(scope) as session:
        household = find_household(session, scope, household_id)
        visits = queries.history(session, household_id)
        template = "visits/_history.html" if request.headers.get("HX-Request") == "true" else "visits/history.html"
        return render_template(template, household=household, visits=visits)


@blueprint.get("/visits/set-aside")
@allow(Role.ADMIN, Role.SUPERVISOR, Role.LEADER)
def set_aside() -> ResponseReturnValue:
    """Entries that could not be kept as visits, for a person to look at."""
    with reading(current_scope()) as session:
        return render_template("visits/set_aside.html", entries=queries.set_aside(session))


@blueprint.post("/visits/set-aside/<int:entry>")
@allow(Role.ADMIN, Role.SUPERVISOR, Role.LEADER)
def settle(entry: int) -> ResponseReturnValue:
    """Note that an entry was looked at."""
    scope = current_scope()
    with transaction(scope) as session:
        service.settle(session, scope, [entry])
    flash(gettext("Noted."), "good")
    return redirect(url_for("visits.set_aside"))

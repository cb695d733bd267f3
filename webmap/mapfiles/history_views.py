"""The history of the map over HTTP: every change, and taking one back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webmap import jobs
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import Role
from webmap.database.engine import reading, transaction
from webmap.errors import ConflictError
from webmap.households.settling import undo
from webmap.mapfiles import queries

blueprint = Blueprint("map_history", __name__, url_prefix="/import/map/history")
A_PAGE = 50
MOST_ROWS_AT_ONCE = 2_000  # more are put back by a job


@blueprint.get("")
@allow(Role.ADMIN, Role.SUPERVISOR)
def index() -> ResponseReturnValue:
    """List the changes of the map, the newest first."""
    before = request.args.get("before", type=UUID)
    with reading(current_scope()) as session:
        found = queries.changes(session, A_PAGE + 1, before)
    return render_template("mapfiles/history.html", changes=found[:A_PAGE], is_more=len(found) > A_PAGE)


@blueprint.get("/<uuid:change_id>")
@allow(Role.ADMIN, Role.SUPERVISOR)
def show(change_id: UUID) -> ResponseReturnValue:
    """One change: what it did, and what undoing it would put back."""
    with reading(current_scope()) as session:
        change = queries.change(session, change_id)
        rows = queries.rows_of(session, change_id)
        box = None if change.kind == "areas" and change.area_id else queries.box_of(session, change_id)
    within = None if box is None else ",".join(f"{side:.5f}" for side in box)
    return render_template("mapfiles/change.html", change=change, rows=rows, within=within)


@blueprint.post("/<uuid:change_id>/undo")
@allow(Role.ADMIN, Role.SUPERVISOR)
def take_back(change_id: UUID) -> ResponseReturnValue:
    """Put everything back as it was before a change; as a job when that is much."""
    scope = current_scope()
    with transaction(scope) as session:
        change = queries.change(session, change_id)
        rows = sum(sum(deeds.values()) for deeds in queries.rows_of(session, change_id).values())
        if rows > MOST_ROWS_AT_ONCE and change.undone_at is None:
            job_id = jobs.enqueue(session, scope, "undo map change", area_id=change.area_id, change_id=str(change_id))
            return redirect(url_for("house.show", job_id=job_id))
    try:
        with transaction(scope) as session:
            undo(session, scope, change_id)
    except ConflictError as error:
        flash(gettext(error.text, **error.facts), "bad")
    else:
        flash(gettext("“%(title)s” is undone. The map is as it was before.", title=change.title), "good")
    return redirect(url_for("map_history.show", change_id=change_id))

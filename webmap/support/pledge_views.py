"""Pledges over HTTP: the list of an area, by state and village, and as a file."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Row
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import Scope
from webmap.areas.queries import place
from webmap.database.engine import reading, transaction
from webmap.errors import N_
from webmap.households.pages import MIMETYPES, download, file_of, headings, scope_with_persons
from webmap.support.pledges import PledgeState, conversions, pledges
from webmap.words import word

blueprint = Blueprint("pledges", __name__)

TITLES = (
    N_("Person"), N_("Household"), N_("Village"), N_("Phone"), N_("Pledged on"), N_("Due on"), N_("Pays how"),
    N_("State"), N_("Card from"), N_("Taken by"), N_("Note"),
)  # fmt: skip


@blueprint.get("/areas/<int:area_id>/pledges")
@allow(*STAFF)
def page(area_id: int) -> ResponseReturnValue:
    """Who pledged, and what came of it."""
    scope = scope_with_persons()
    today = clock.today()
    with reading(scope) as session:
        shown = place(session, scope, area_id)
        everything = pledges(session, scope, area_id, today)
    return render_template(
        "support/pledges.html",
        place=shown,
        rows=_chosen(everything),
        conversions=conversions(everything),
        states=PledgeState,
        state=request.args.get("state", ""),
        village=request.args.get("village", ""),
        today=today,
    )


@blueprint.get("/areas/<int:area_id>/pledges/export.<kind>")
@allow(*STAFF)
def export(area_id: int, kind: str) -> ResponseReturnValue:
    """The same list as a file. That it left is written down in the same transaction."""
    if kind not in MIMETYPES:
        abort(404)
    scope = scope_with_persons()
    with transaction(scope) as session:
        rows = _chosen(pledges(session, scope, area_id, clock.today()))
        _record(session, scope, area_id, kind, len(rows))
    content = file_of(kind, headings(*TITLES), [_line(row) for row in rows], gettext("Pledges"))
    return download(content, f"cam-ket-{clock.today():%Y-%m-%d}", kind)


def _chosen(rows: list[Row[Any]]) -> list[Row[Any]]:
    """Those of the state and village that are asked for; what needs a step first."""
    state, village = request.args.get("state"), request.args.get("village")
    chosen = [row for row in rows if (not state or row.state == state) and (not village or row.village == village)]
    order = {state.value: number for number, state in enumerate(PledgeState)}
    return sorted(chosen, key=lambda row: order[row.state])


def _record(session: Session, scope: Scope, area_id: int, kind: str, rows: int) -> None:
    facts = {"state": request.args.get("state"), "kind": kind, "rows": rows}
    audit.record(session, scope, "export pledges", "area", area_id, area_id=area_id, **facts)


def _line(row: Row[Any]) -> list[object]:
    how = word("pay_how", row.pay_how) if row.pay_how else ""
    return [
        row.full_name, row.code, row.village, row.phone or row.household_phone, row.first_on, row.due_on, how,
        word("pledge", row.state), row.kept_on, row.taken_by, row.note,
    ]  # fmt: skip

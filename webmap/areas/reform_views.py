"""Applying a reform over HTTP: what it would do, and doing it as a background job."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webmap import jobs
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import Role
from webmap.areas import queries, reform
from webmap.areas.errors import NothingToReformError, StaleReformError, UnclearReformError
from webmap.areas.inputs import ReformOrder
from webmap.database.engine import transaction
from webmap.errors import AppError

blueprint = Blueprint("reform", __name__, url_prefix="/areas/<int:area_id>/reform")


@blueprint.get("")
@allow(Role.ADMIN, Role.SUPERVISOR)
def show(area_id: int) -> ResponseReturnValue:
    """Say what ends, what begins, where each village and household goes, and what nobody can tell."""
    return _page(area_id, ReformOrder())


@blueprint.post("")
@allow(Role.ADMIN, Role.SUPERVISOR)
def apply(area_id: int) -> ResponseReturnValue:
    """Put the reform in line, unless something is still to be decided or has changed since."""
    scope, order = current_scope(), _order()
    try:
        with transaction(scope) as session:
            reform.decided_reform(session, scope, area_id, order)
            facts = {"reformed_id": area_id, "order": order.model_dump(mode="json")}
            job_id = jobs.enqueue(session, scope, "apply reform", area_id=area_id, **facts)
    except (StaleReformError, UnclearReformError) as error:
        return _page(area_id, order, error)
    return redirect(url_for("house.show", job_id=job_id))


def _order() -> ReformOrder:
    """The choices of the form: `to-17=23` sends village 17 to commune 23."""
    choices = {
        int(name.removeprefix("to-")): int(value)
        for name, value in request.form.items()
        if name.startswith("to-") and name[3:].isdecimal() and value.isdecimal()
    }
    return ReformOrder(choices=choices, mark=request.form.get("mark", ""))


def _page(area_id: int, order: ReformOrder, error: AppError | None = None) -> ResponseReturnValue:
    scope = current_scope()
    with transaction(scope) as session:
        place = queries.place(session, scope, area_id)
        try:
            found = reform.preview_reform(session, scope, area_id, order.choices)
        except NothingToReformError:
            found = None
    said = "" if error is None else gettext(error.text, **{key: str(value) for key, value in error.facts.items()})
    return render_template("areas/reform.html", place=place, reform=found, error=said), error.status if error else 200

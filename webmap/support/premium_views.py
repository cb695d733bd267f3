"""Premiums over HTTP: a family's quote, and for the administrator the values that it follows from."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webmap import clock, http
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import EVERYBODY, STAFF, Role
from webmap.accounts.scope import Scope
from webmap.database.engine import reading
from webmap.errors import AppError
from webmap.households.pages import scope_with_persons
from webmap.households.queries import areas_to_choose, categories, category_name
from webmap.support import premiums, service
from webmap.support.errors import BadQuestionError
from webmap.support.inputs import NewBaseSalary, NewShare
from webmap.support.pages import do, dong, percent, told, yearly
from webmap.support.premiums import Asked
from webmap.support.rules import BY_STEPS, MONTHS, STEP_PERCENTS

blueprint = Blueprint("premiums", __name__)
blueprint.add_app_template_filter(dong, "dong")
blueprint.add_app_template_filter(percent, "percent")
blueprint.add_app_template_filter(yearly, "yearly")


@blueprint.get("/households/<uuid:household_id>/premium")
@allow(*EVERYBODY)
def quote(household_id: UUID) -> ResponseReturnValue:
    """What a family would pay, step by step."""
    scope = scope_with_persons()
    asked = asked_of(request.args)
    with reading(scope) as session:
        found = premiums.family_quote(session, scope, household_id, asked)
        choices = [(one.code, f"{one.code} · {category_name(one)}") for one in categories(session)]
    return render_template(
        "support/premium.html",
        quote=found,
        categories=choices,
        names=dict(choices),
        months=MONTHS,
        by_steps=BY_STEPS,
        steps=STEP_PERCENTS,
    )


def asked_of(given: MultiDict[str, str]) -> Asked:
    """Read the question from an address. Raises BadQuestionError."""
    try:
        months = int(given.get("months", "12"))
        on = date.fromisoformat(given["on"]) if given.get("on") else clock.today()
        joining = frozenset(map(UUID, given.getlist("join"))) if given.get("asked") else None
        chosen = {
            UUID(key.removeprefix("category-")): code for key, code in given.items() if key.startswith("category-")
        }
    except ValueError as error:
        raise BadQuestionError from error
    if months not in MONTHS:
        raise BadQuestionError
    return Asked(months, on, joining, chosen)


@blueprint.get("/premiums")
@allow(*STAFF)
def values() -> ResponseReturnValue:
    """Base salaries and shares, with the days from which they hold."""
    return _values()


@blueprint.post("/premiums/base-salaries")
@allow(Role.ADMIN)
def add_base_salary() -> ResponseReturnValue:
    """Enter a base salary."""

    def deed(session: Session, scope: Scope) -> None:
        service.add_base_salary(session, scope, http.form(NewBaseSalary))

    return do(deed, url_for("premiums.values"), _values)


@blueprint.post("/premiums/base-salaries/remove")
@allow(Role.ADMIN)
def remove_base_salary() -> ResponseReturnValue:
    """Take a base salary away."""

    def deed(session: Session, scope: Scope) -> None:
        try:
            service.remove_base_salary(session, scope, date.fromisoformat(request.form.get("from_on", "")))
        except ValueError as error:
            raise BadQuestionError from error

    return do(deed, url_for("premiums.values"), _values)


@blueprint.post("/premiums/shares")
@allow(Role.ADMIN)
def add_share() -> ResponseReturnValue:
    """Enter a share that the state or an area pays."""

    def deed(session: Session, scope: Scope) -> None:
        service.add_share(session, scope, http.form(NewShare))

    return do(deed, url_for("premiums.values"), _values)


@blueprint.post("/premiums/shares/<int:share_id>/remove")
@allow(Role.ADMIN)
def remove_share(share_id: int) -> ResponseReturnValue:
    """Take a share away."""

    def deed(session: Session, scope: Scope) -> None:
        service.remove_share(session, scope, share_id)

    return do(deed, url_for("premiums.values"), _values)


def _values(error: AppError | None = None) -> ResponseReturnValue:
    scope = current_scope()
    with reading(scope) as session:
        facts: dict[str, Any] = {
            "salaries": premiums.base_salaries(session),
            "shares": premiums.shares_to_show(session),
            "areas": [(id_, name) for id_, name, _depth in areas_to_choose(session, scope)],
            "categories": [(one.code, f"{one.code} · {category_name(one)}") for one in categories(session)],
        }
    said, problems = told(error)
    page = render_template(
        "support/values.html",
        **facts,
        category_name=category_name,
        error=said,
        problems=problems,
        today=clock.today(),
        given=request.form,
    )
    return page, 200 if error is None else error.status

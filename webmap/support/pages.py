"""What several pages of support need: đồng as people write them, and saying what was wrong beside the form."""

from collections.abc import Callable
from decimal import Decimal

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from webmap.accounts.scope import Scope
from webmap.database.engine import transaction
from webmap.errors import AppError, NotFoundError
from webmap.households.pages import scope_with_persons
from webmap.i18n import number
from webmap.support.rules import premium_dong


def dong(amount: int | None) -> str:
    """An amount: 1.263.600 đ."""
    return "–" if amount is None else f"{number(amount)}\u00a0đ"


def percent(value: Decimal) -> str:
    """A percentage as people write it: 70, or 12,5."""
    return number(value, 0 if value == value.to_integral_value() else 2)


def yearly(base_salary_dong: int) -> int:
    """What a first member pays for a year."""
    return premium_dong(base_salary_dong, 12)


def told(error: AppError | None) -> tuple[str, dict[str, str]]:
    """What was wrong, in the reader's language: of the whole, and beside the fields."""
    if error is None:
        return "", {}
    facts = {key: str(value) for key, value in error.facts.items()}
    problems = {field: str(gettext(text)) for field, text in getattr(error, "problems", ())}
    return str(gettext(error.text, **facts)), problems


def do(
    deed: Callable[[Session, Scope], str | None], then: str, page: Callable[[AppError], ResponseReturnValue]
) -> ResponseReturnValue:
    """Do it in one transaction and go on; or show the page again with what was wrong. `deed` may say what was done."""
    scope = scope_with_persons()
    try:
        with transaction(scope) as session:
            said = deed(session, scope)
    except NotFoundError:
        raise
    except AppError as error:
        return page(error)
    flash(said or gettext("Saved."), "good")
    return redirect(then)

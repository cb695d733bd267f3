"""The gate: every view is closed until it says whom it is open to."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from webmap.accounts.rules import EVERYBODY, Role
from webmap.errors import N_, NotAllowedError
from webmap.http import problem, wants_json


class PasswordChangeDueError(NotAllowedError):
    """The first password must be changed before anything else."""

    code = "password_change_due"
    text = N_("Please choose a password of your own first.")


View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

# Flask's own view of files that hold no data (css, js, fonts).
OPEN_ENDPOINTS = {"static"}

# All that somebody may do who has not chosen a password yet.
WITH_A_FIRST_PASSWORD = {"accounts.change_password", "accounts.sign_out"}


def allow(*roles: Role) -> Callable[[View], View]:
    """Open a view to these roles. Stands below the blueprint's line."""

    def mark(view: View) -> View:
        view.allowed_roles = frozenset(roles or EVERYBODY)  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    """Open a view to people who are not signed in."""
    view.allowed_roles = None  # type: ignore[attr-defined]
    return view


def install(app: Flask) -> None:
    """Put the gate in front of every request."""
    app.before_request(_check)


def _check() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return None  # 404 is told by Flask

    roles: frozenset[Role] | None = getattr(current_app.view_functions[endpoint], "allowed_roles", frozenset())
    if roles is None:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if current_user.must_change_password and endpoint not in WITH_A_FIRST_PASSWORD:
        if is_program():
            raise PasswordChangeDueError
        return redirect(url_for("accounts.change_password"))
    if current_user.scope.role not in roles:
        raise NotAllowedError
    return None


def is_program() -> bool:
    """Whether code of a page or phone asks, and not a person who could be led to another page."""
    return request.method not in ("GET", "HEAD") or "HX-Request" in request.headers or wants_json()


def _ask_to_sign_in() -> ResponseReturnValue:
    wanted = request.full_path.rstrip("?")
    page = url_for("accounts.sign_in", next=None if wanted == "/" else wanted)
    if "HX-Request" in request.headers:
        return "", 401, {"HX-Redirect": url_for("accounts.sign_in")}
    return problem(401, "not_signed_in", gettext("Please sign in again.")) if is_program() else redirect(page)

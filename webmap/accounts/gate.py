"""The gate: every view is closed until it says whom it is open to."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webmap.accounts.rules import EVERYBODY, Role
from webmap.errors import NotAllowedError

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

# Flask's own view of files that hold no data (css, js, fonts).
OPEN_ENDPOINTS = {"static"}


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
        if request.path.startswith(("/api/", "/tiles/")) or request.method != "GET":
            return {"status": 401, "code": "not_signed_in", "title": "Not signed in"}, 401
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if current_user.scope.role not in roles:
        raise NotAllowedError
    if current_user.must_change_password and endpoint not in (
        "accounts.change_password",
        "accounts.sign_out",
    ):
        return redirect(url_for("accounts.change_password"))
    return None

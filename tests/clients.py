"""A browser's stand-in for tests: it carries the form token as our pages do, and can be signed in."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from webmap import clock
from webmap.accounts.models import LoginSession
from webmap.ids import uuid7

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class PageClient(FlaskClient):
    """Sends the form token with every writing request; `csrf=False` leaves it out, as a stranger's page would."""

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> TestResponse:
        if csrf and str(kwargs.get("method", "GET")).upper() not in SAFE_METHODS:
            kwargs["headers"] = [*_pairs(kwargs.get("headers")), ("X-CSRFToken", self.token())]
        return super().open(*args, **kwargs)

    def token(self) -> str:
        """The token that a page of this session holds."""
        with self.session_transaction() as cookie, self.application.test_request_context():
            from flask import g, session  # noqa: PLC0415 - only meaningful inside a request

            session.update(cookie)
            token = generate_csrf()
            cookie["csrf_token"] = session["csrf_token"]
            g.pop("csrf_token", None)
        return token


def sign_in(session: Session, client: FlaskClient, account_id: UUID) -> None:
    """Sign an account in without its password."""
    login = LoginSession(id=uuid7(), account_id=account_id, expires_at=clock.now() + timedelta(days=1))
    session.add(login)
    session.flush()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(login.id)
        cookie["_fresh"] = True


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return list(headers.items()) if hasattr(headers, "items") else list(headers or [])

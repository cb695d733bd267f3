"""Who is asking, in this request. Flask-Login's id is the id of the sign-in, so ending the row ends the session."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask, current_app
from flask_login import LoginManager, current_user
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.models import Account, LoginSession
from webmap.accounts.queries import scope_of
from webmap.accounts.rules import SEEN_EVERY
from webmap.accounts.scope import NOBODY, SYSTEM, Scope
from webmap.accounts.service import renew
from webmap.database.engine import at_once, transaction


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account of this request, as templates and views need it."""

    login_id: UUID
    account_id: UUID
    username: str
    full_name: str
    language: str
    must_change_password: bool
    scope: Scope

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def role(self) -> str:
        """The role's code, for menus."""
        return self.scope.role

    def get_id(self) -> str:
        """Flask-Login's name for the id of the sign-in."""
        return str(self.login_id)


def current_scope() -> Scope:
    """The scope of whoever sent this request; nobody's when not signed in."""
    return current_user.scope if current_user.is_authenticated else NOBODY


def load(login_id: str) -> SignedIn | None:
    """Find a sign-in by the id in the cookie, and note now and then that it was used."""
    try:
        wanted = UUID(login_id)
    except ValueError:
        return None
    found = at_once("select * from app_sign_in(%(login_id)s)", {"login_id": wanted})
    if found is None or found.expires_at <= clock.now():
        return None
    if clock.now() - found.seen_at >= SEEN_EVERY:
        with transaction(SYSTEM) as session:
            renew(session, wanted, current_app.config["WEBMAP"].session_days)
    return SignedIn(
        login_id=wanted,
        account_id=found.id,
        username=found.username,
        full_name=found.full_name,
        language=found.language,
        must_change_password=found.must_change_password,
        scope=Scope(found.id, found.role, frozenset(found.area_ids), found.sees_persons),
    )


def signed_in(session: Session, login: LoginSession, account: Account) -> SignedIn:
    """What the rest of the app knows of a sign-in."""
    return SignedIn(
        login_id=login.id,
        account_id=account.id,
        username=account.username,
        full_name=account.full_name,
        language=account.language,
        must_change_password=account.must_change_password,
        scope=scope_of(session, account.id),
    )


def install(app: Flask) -> None:
    """Teach the app to know its people."""
    manager = LoginManager(app)
    manager.login_view = "accounts.sign_in"
    manager.session_protection = None  # the sign-in row decides, not the browser's name
    manager.user_loader(load)

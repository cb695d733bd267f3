"""Signing in and out, and one's own account. Administration and audit are in `staff_views` and `audit_views`."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from flask_login import current_user, login_user, logout_user

from webmap import http, i18n
from webmap.accounts import current, passwords, queries, rules, service
from webmap.accounts.current import current_scope
from webmap.accounts.errors import TooManyTriesError, WrongPasswordError
from webmap.accounts.gate import allow, open_to_all
from webmap.accounts.inputs import LanguageChoice, PasswordChange, SignIn
from webmap.accounts.models import Account
from webmap.accounts.scope import SYSTEM
from webmap.database.engine import reading, transaction
from webmap.errors import AppError
from webmap.settings import Settings

blueprint = Blueprint("accounts", __name__)
blueprint.add_app_template_filter(rules.device_name, "device")


def settings() -> Settings:
    """The settings of this app."""
    chosen: Settings = current_app.config["WEBMAP"]
    return chosen


@blueprint.get("/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    """Ask for name and password."""
    if current_user.is_authenticated:
        return redirect(http.local_path(request.args.get("next")))
    return render_template("accounts/sign_in.html", next=http.local_path(request.args.get("next")))


@blueprint.post("/sign-in")
@open_to_all
def enter() -> ResponseReturnValue:
    """Sign in. A wrong name, a wrong password and a switched-off account give the same answer in the same time."""
    typed = http.form(SignIn)
    goal = http.local_path(request.args.get("next"))
    try:
        attempt_id, account = prove(rules.typed_username(typed.username), typed.password)
        is_outdated = passwords.is_outdated(account.password_hash)
        new_hash = passwords.hashed(typed.password) if is_outdated else None
        with transaction(SYSTEM) as db:
            login = service.finish_sign_in(
                db, attempt_id, account.id, **device(), days=settings().session_days, new_hash=new_hash
            )
            found = current.signed_in(db, login, account)
    except AppError as error:
        page = render_template("accounts/sign_in.html", next=goal, username=typed.username[:40], error=tell(error))
        return page, error.status, retry_after(error)
    start(found)
    return i18n.remember(redirect(goal), account.language)


@blueprint.post("/sign-out")
@open_to_all
def sign_out() -> ResponseReturnValue:
    """End this sign-in. Its cookie is worth nothing afterwards, wherever a copy of it may lie."""
    if current_user.is_authenticated:
        with transaction(current_scope()) as db:
            service.end_login(db, current_scope(), current_user.login_id)
    forget()
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/account")
@allow()
def own() -> ResponseReturnValue:
    """Show one's own account: language, password, where one is signed in."""
    scope = current_scope()
    with reading(scope) as db:
        return render_template(
            "accounts/own.html",
            areas=queries.names_of(db, scope, sorted(scope.area_ids)),
            logins=queries.logins_of(db, current_user.account_id),
        )


@blueprint.post("/account/language")
@allow()
def keep_language() -> ResponseReturnValue:
    """Keep the language one is spoken to in."""
    chosen = http.form(LanguageChoice)
    with transaction(current_scope()) as db:
        service.speak(db, current_scope(), chosen.language)
    with force_locale(chosen.language):
        flash(gettext("Saved."), "success")
    return i18n.remember(redirect(url_for(".own")), chosen.language)


@blueprint.route("/account/password", methods=["GET", "POST"])
@allow()
def change_password() -> ResponseReturnValue:
    """Ask for a new password and keep it. All other sign-ins end; this one gets a new cookie."""
    if request.method == "GET":
        return render_template("accounts/password.html", least=passwords.SHORTEST)
    typed = http.form(PasswordChange)
    try:
        service.refuse_weak(typed, current_user.username, current_user.full_name)
        attempt_id, account = prove(current_user.username, typed.old_password)
        new_hash = passwords.hashed(typed.new_password)
        with transaction(SYSTEM) as db:
            service.settle_try(db, attempt_id)
        with transaction(current_scope()) as db:
            service.change_password(db, current_scope(), new_hash)
            login = service.open_login(db, account.id, **device(), days=settings().session_days)
            found = current.signed_in(db, login, db.get_one(Account, account.id))
    except AppError as error:
        page = render_template("accounts/password.html", least=passwords.SHORTEST, error=tell(error))
        return page, error.status, retry_after(error)
    start(found)
    flash(gettext("The new password is kept. All other devices are signed out."), "success")
    return redirect(url_for(".own"))


@blueprint.post("/account/sign-out-everywhere")
@allow()
def sign_out_everywhere() -> ResponseReturnValue:
    """End all of one's own sign-ins, this one too."""
    with transaction(current_scope()) as db:
        service.sign_out_everywhere(db, current_scope())
    forget()
    flash(gettext("You are signed out on all devices."), "success")
    return redirect(url_for(".sign_in"))


def prove(username: str, password: str) -> tuple[int, Account]:
    """Look at a password: the try's number and the account, or WrongPasswordError. No connection waits meanwhile."""
    with transaction(SYSTEM) as db:
        attempt_id, account = service.begin_sign_in(db, username, request.remote_addr or "", settings().login_attempts)
    if not passwords.is_right(password, account.password_hash if account else None) or account is None:
        raise WrongPasswordError
    return attempt_id, account


def start(found: current.SignedIn) -> None:
    """Give the browser a new session, so that nobody who knew the old one shares it."""
    session.clear()
    session.permanent = True
    login_user(found)


def forget() -> None:
    """Leave nothing of a sign-in in the browser."""
    logout_user()
    session.clear()


def device() -> dict[str, str]:
    """Where the request comes from."""
    return {"address": request.remote_addr or "", "agent": request.user_agent.string}


def tell(error: AppError) -> str:
    """The error's sentence in the reader's language."""
    return str(gettext(error.text, **error.facts))


def retry_after(error: AppError) -> dict[str, str]:
    """The header that says the same to programs."""
    return {"Retry-After": str(error.facts["seconds"])} if isinstance(error, TooManyTriesError) else {}

"""Accounts of others: who may sign in, as what, where. For administrators; supervisors may look."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from webmap import http
from webmap.accounts import passwords, queries, service
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.inputs import AccountChange, NewAccount, page_number
from webmap.accounts.models import Account
from webmap.accounts.rules import Role
from webmap.database.engine import reading, transaction
from webmap.errors import AppError, InvalidError

blueprint = Blueprint("staff", __name__)


@blueprint.get("/accounts")
@allow(Role.ADMIN, Role.SUPERVISOR)
def index() -> ResponseReturnValue:
    """List the accounts of one's areas."""
    scope = current_scope()
    wanted = request.args.get("q", "")[:100].replace("\x00", "")
    with reading(scope) as session:
        lines, page = queries.accounts_in(session, scope, wanted, page_number(request.args.get("page", "")))
        return render_template("accounts/index.html", lines=lines, page=page, q=wanted)


@blueprint.get("/accounts/new")
@allow(Role.ADMIN)
def new() -> ResponseReturnValue:
    """Ask for the facts of a new account."""
    with reading(current_scope()) as session:
        return _form(session, None, {"language": "vi", "role": Role.CANVASSER, "sees_persons": True}, [])


@blueprint.post("/accounts")
@allow(Role.ADMIN)
def add() -> ResponseReturnValue:
    """Add an account, and show its first password this one time."""
    scope = current_scope()
    if "find" in request.form:
        return _form_again(None)
    password = passwords.made_up()
    try:
        given = http.form(NewAccount)
        password_hash = passwords.hashed(password)
        with transaction(scope) as session:
            account = service.add_account(session, scope, given, password_hash)
    except AppError as error:
        return _form_again(None, error)
    return render_template("accounts/first_password.html", account=account, password=password, is_new=True)


@blueprint.get("/accounts/<uuid:account_id>")
@allow(Role.ADMIN)
def show(account_id: UUID) -> ResponseReturnValue:
    """Show an account, to be changed."""
    scope = current_scope()
    with reading(scope) as session:
        account = service.account_of_mine(session, scope, account_id)
        return _form(session, account, _values(account), queries.area_ids_of(session, account_id))


@blueprint.post("/accounts/<uuid:account_id>")
@allow(Role.ADMIN)
def change(account_id: UUID) -> ResponseReturnValue:
    """Change an account. It holds from its next request on."""
    scope = current_scope()
    if "find" in request.form:
        return _form_again(account_id)
    try:
        given = http.form(AccountChange)
        with transaction(scope) as session:
            account = service.change_account(session, scope, account_id, given)
    except AppError as error:
        return _form_again(account_id, error)
    flash(gettext("%(name)s: saved.", name=account.full_name), "success")
    return redirect(url_for(".index"))


@blueprint.post("/accounts/<uuid:account_id>/password")
@allow(Role.ADMIN)
def reset_password(account_id: UUID) -> ResponseReturnValue:
    """Give a first password again, and show it this one time."""
    scope = current_scope()
    with reading(scope) as session:
        service.account_of_mine(session, scope, account_id)  # before the work of hashing
    password = passwords.made_up()
    password_hash = passwords.hashed(password)
    with transaction(scope) as session:
        account = service.reset_password(session, scope, account_id, password_hash)
    return render_template("accounts/first_password.html", account=account, password=password, is_new=False)


@blueprint.post("/accounts/<uuid:account_id>/end-sign-ins")
@allow(Role.ADMIN)
def end_sign_ins(account_id: UUID) -> ResponseReturnValue:
    """Sign somebody out on all devices, for a lost phone."""
    scope = current_scope()
    with transaction(scope) as session:
        ended = service.end_logins_of(session, scope, account_id)
    flash(gettext("Signed out on %(number)s devices.", number=ended), "success")
    return redirect(url_for(".show", account_id=account_id))


def _values(account: Account) -> dict[str, object]:
    names = ("username", "full_name", "role", "phone", "sees_persons", "language", "is_active")
    return {name: getattr(account, name) for name in names}


def _form(
    session: Session,
    account: Account | None,
    values: dict[str, object],
    chosen: list[int],
    *,
    find: str = "",
    error: AppError | None = None,
) -> str:
    return render_template(
        "accounts/edit.html",
        account=account,
        values=values,
        chosen=chosen,
        find=find,
        areas=queries.areas_to_give(session, current_scope(), find, chosen),
        most_areas=queries.MOST_AREAS,
        logins=queries.logins_of(session, account.id) if account else [],
        error=gettext(error.text, **error.facts) if error else "",
        problems={name.split(".")[0]: said for name, said in error.problems} if isinstance(error, InvalidError) else {},
    )


def _form_again(account_id: UUID | None, error: AppError | None = None) -> ResponseReturnValue:
    """The form with what was typed: to look for areas, or with what was wrong."""
    scope = current_scope()
    values: dict[str, object] = dict(request.form.items())
    chosen = [
        int(one) for one in request.form.getlist("area_ids") if one.isascii() and one.isdecimal() and len(one) < 10
    ]
    with reading(scope) as session:
        account = service.account_of_mine(session, scope, account_id) if account_id else None
        find = request.form.get("find_area", "")[:100].replace("\x00", "")
        page = _form(session, account, values, chosen[:200], find=find, error=error)
    return page, error.status if error else 200

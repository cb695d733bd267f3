"""Signing in and out, passwords, and who may be what. Every deed is in the audit, in the same transaction."""

from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts import passwords, queries, rules, throttle
from webmap.accounts.errors import (
    FirstPasswordExpiredError,
    LastAdminError,
    PasswordNotNewError,
    PasswordsDifferError,
    PasswordTooCommonError,
    PasswordTooLongError,
    PasswordTooShortError,
    UsernameTakenError,
    WiderAccountError,
)
from webmap.accounts.inputs import AccountChange, AccountForm, NewAccount, PasswordChange
from webmap.accounts.models import Account, AccountArea, LoginSession
from webmap.accounts.rules import Role
from webmap.accounts.scope import CLOSURE, Scope, require_area
from webmap.errors import NotAllowedError, NotFoundError
from webmap.ids import uuid7


def begin_sign_in(session: Session, username: str, address: str, free: int) -> tuple[int, Account | None]:
    """First half of a sign-in: count the try, and find the account whose password is to be looked at."""
    attempt_id = throttle.begin_try(session, username, address, free)
    return attempt_id, queries.account_named(session, username)


def finish_sign_in(
    session: Session, attempt_id: int, account_id: UUID, *, address: str, agent: str, days: int, new_hash: str | None
) -> LoginSession:
    """Second half, once the password proved right: open the sign-in."""
    account = session.get_one(Account, account_id)
    given_at = account.password_changed_at if account.must_change_password else None
    if given_at is not None and given_at < clock.now() - rules.FIRST_PASSWORD_HOLDS:
        raise FirstPasswordExpiredError
    throttle.proved_right(session, attempt_id)
    if new_hash is not None:
        account.password_hash = new_hash
    scope = queries.scope_of(session, account_id)
    audit.record(session, scope, "sign in", "account", account_id, area_id=_first_area(scope), address=address)
    return open_login(session, account_id, address=address, agent=agent, days=days)


def open_login(session: Session, account_id: UUID, *, address: str, agent: str, days: int) -> LoginSession:
    """A new sign-in; its id is what the browser's cookie carries."""
    now = clock.now()
    login = LoginSession(
        id=uuid7(),
        account_id=account_id,
        started_at=now,
        seen_at=now,
        expires_at=rules.expiry(now, now, days),
        address=address,
        agent=agent[:200],
    )
    session.add(login)
    session.flush()
    return login


def renew(session: Session, login_id: UUID, days: int) -> None:
    """Note that a sign-in was used: it holds for so many days from now, but not longer than the longest."""
    login = session.get_one(LoginSession, login_id)
    login.seen_at = clock.now()
    login.expires_at = rules.expiry(login.started_at, login.seen_at, days)


def settle_try(session: Session, attempt_id: int) -> None:
    """A try proved right that opens no new sign-in by itself."""
    throttle.proved_right(session, attempt_id)


def end_login(session: Session, scope: Scope, login_id: UUID) -> None:
    """End one sign-in of one's own. A cookie that still names it is dead from now on."""
    ended = session.scalar(
        update(LoginSession)
        .where(
            LoginSession.id == login_id,
            LoginSession.account_id == scope.account_id,
            LoginSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
        .returning(LoginSession.id)
    )
    if ended is None:
        raise NotFoundError
    audit.record(session, scope, "sign out", "account", scope.account_id, area_id=_first_area(scope))


def end_all_logins(session: Session, account_id: UUID) -> int:
    """End every sign-in of an account. Returns how many there were."""
    ended = session.scalars(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(LoginSession.id)
    )
    return len(ended.all())


def sign_out_everywhere(session: Session, scope: Scope) -> int:
    """End all of one's own sign-ins."""
    assert scope.account_id is not None  # noqa: S101 - only people who are signed in get here
    ended = end_all_logins(session, scope.account_id)
    audit.record(
        session, scope, "sign out everywhere", "account", scope.account_id, area_id=_first_area(scope), ended=ended
    )
    return ended


def refuse_weak(new: PasswordChange, username: str, full_name: str) -> None:
    """Refuse a new password that is too short, easy to guess, or not typed twice the same."""
    if len(new.new_password) < passwords.SHORTEST:
        raise PasswordTooShortError(least=passwords.SHORTEST)
    if len(new.new_password) > passwords.LONGEST:
        raise PasswordTooLongError(most=passwords.LONGEST)
    if new.new_password == new.old_password:
        raise PasswordNotNewError
    if passwords.is_common(new.new_password) or rules.is_about_oneself(new.new_password, username, full_name):
        raise PasswordTooCommonError
    if new.new_password != new.again:
        raise PasswordsDifferError


def change_password(session: Session, scope: Scope, password_hash: str) -> None:
    """Keep one's own new password and end all sign-ins; the caller opens a new one for this browser."""
    account = session.get_one(Account, scope.account_id)
    account.password_hash = password_hash
    account.password_changed_at = clock.now()
    account.must_change_password = False
    ended = end_all_logins(session, account.id)
    audit.record(session, scope, "change password", "account", account.id, area_id=_first_area(scope), ended=ended)


def speak(session: Session, scope: Scope, language: str) -> None:
    """The language one is spoken to in."""
    session.get_one(Account, scope.account_id).language = language
    audit.record(session, scope, "change language", "account", scope.account_id, language=language)


def add_account(session: Session, scope: Scope, new: NewAccount, password_hash: str) -> Account:
    """Add somebody who must choose a password at the first sign-in."""
    _refuse_more_than_own(session, scope, new, had_persons=False)
    account = Account(
        id=uuid7(),
        username=new.username,
        full_name=new.full_name,
        role=new.role,
        phone=new.phone or None,
        password_hash=password_hash,
        sees_persons=new.sees_persons,
        language=new.language,
        password_changed_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        if "uq_account_username" in str(error.orig):
            raise UsernameTakenError from error
        raise
    session.add_all(AccountArea(account_id=account.id, area_id=area_id) for area_id in sorted(set(new.area_ids)))
    session.flush()
    audit.record(
        session,
        scope,
        "add account",
        "account",
        account.id,
        area_id=min(new.area_ids),
        role=new.role,
        areas=sorted(set(new.area_ids)),
        sees_persons=new.sees_persons,
    )
    return account


def change_account(session: Session, scope: Scope, account_id: UUID, change: AccountChange) -> Account:
    """Change what somebody is. Raises LastAdminError when an area would be left without an administrator."""
    account = account_of_mine(session, scope, account_id)
    _refuse_more_than_own(session, scope, change, had_persons=account.sees_persons)
    before = set(queries.area_ids_of(session, account_id))
    after = set(change.area_ids)
    _refuse_last_admin(session, account, before, change)
    changed = {
        name: getattr(change, name)
        for name in ("role", "sees_persons", "is_active")
        if getattr(account, name) != getattr(change, name)
    }
    for name in ("full_name", "role", "sees_persons", "is_active", "language"):
        setattr(account, name, getattr(change, name))
    account.phone = change.phone or None
    session.execute(
        delete(AccountArea).where(AccountArea.account_id == account_id, AccountArea.area_id.in_(before - after))
    )
    session.add_all(AccountArea(account_id=account_id, area_id=area_id) for area_id in sorted(after - before))
    session.flush()
    if not account.is_active:
        end_all_logins(session, account_id)
    if before != after:
        changed["areas"] = sorted(after)
    audit.record(session, scope, "change account", "account", account_id, area_id=min(after), **changed)
    return account


def reset_password(session: Session, scope: Scope, account_id: UUID, password_hash: str) -> Account:
    """Give an account a first password again, and end all its sign-ins."""
    account = account_of_mine(session, scope, account_id)
    account.password_hash = password_hash
    account.must_change_password = True
    account.password_changed_at = clock.now()
    ended = end_all_logins(session, account_id)
    area_id = min(queries.area_ids_of(session, account_id), default=None)
    audit.record(session, scope, "reset password", "account", account_id, area_id=area_id, ended=ended)
    return account


def end_logins_of(session: Session, scope: Scope, account_id: UUID) -> int:
    """End all sign-ins of somebody else."""
    account_of_mine(session, scope, account_id)
    ended = end_all_logins(session, account_id)
    area_id = min(queries.area_ids_of(session, account_id), default=None)
    audit.record(session, scope, "end sign-ins", "account", account_id, area_id=area_id, ended=ended)
    return ended


def account_of_mine(session: Session, scope: Scope, account_id: UUID) -> Account:
    """An account all of whose areas are the administrator's. Raises WiderAccountError when only some are."""
    account = queries.account_in(session, scope, account_id)
    if not queries.is_mine(session, account_id):
        raise WiderAccountError
    return account


def _refuse_more_than_own(session: Session, scope: Scope, given: AccountForm, *, had_persons: bool) -> None:
    """Nobody gives areas or rights that are not his own."""
    for area_id in given.area_ids:
        require_area(session, scope, area_id)
    if given.sees_persons and not scope.sees_persons and not had_persons:
        raise NotAllowedError


def _refuse_last_admin(session: Session, account: Account, areas: set[int], change: AccountChange) -> None:
    if account.role != Role.ADMIN or not account.is_active:
        return
    # Two administrators may switch each other off at the same time: one after the other.
    session.execute(select(func.pg_advisory_xact_lock(3, 0)))
    kept = change.area_ids if change.role == Role.ADMIN and change.is_active else []
    still_his = set(session.scalars(select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id.in_(kept))))
    for area_id in areas - still_his:
        if not session.scalar(select(func.app_has_other_admin(area_id, account.id))):
            raise LastAdminError


def _first_area(scope: Scope) -> int | None:
    """An area to file a deed about an account under, so that those who administer it find it."""
    return min(scope.area_ids, default=None)

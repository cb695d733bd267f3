"""Reads of accounts, sign-ins and the audit."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, any_, column, exists, func, literal, or_, select, table
from sqlalchemy.orm import Mapped, Session

from webmap import clock
from webmap.accounts.models import Account, AccountArea, AuditEvent, LoginSession
from webmap.accounts.scope import CLOSURE, NOBODY, Scope, areas_in
from webmap.errors import NotFoundError

# What is shown of areas, whose table stands above this package (webmap.areas.models.Area).
AREA = table("area", *map(column, ("id", "code", "name", "parent_id", "path", "valid_to", "kind")))
# The list of areas to tick, and a page of accounts or deeds, are no longer than this.
MOST_AREAS = 60
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Where one is in a long list, as the macro `pager` wants it."""

    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return min(self.number * PAGE, self.total)


@dataclass(frozen=True, slots=True)
class NamedArea:
    """An area to tick: its name, and how deep it stands below the areas of the asking person."""

    id: int
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class Line:
    """An account in the list."""

    account: Account
    areas: list[str]
    last_seen_at: datetime | None


def scope_of(session: Session, account_id: UUID) -> Scope:
    """The scope of an account as it stands now; nobody's when it is switched off or gone."""
    account = session.get(Account, account_id)
    if account is None or not account.is_active:
        return NOBODY
    return Scope(account_id, account.role, frozenset(area_ids_of(session, account_id)), account.sees_persons)


def account_named(session: Session, username: str) -> Account | None:
    """The account of that user name, unless it is switched off."""
    return session.scalar(select(Account).where(Account.username == username, Account.is_active))


def logins_of(session: Session, account_id: UUID) -> list[LoginSession]:
    """Where an account is signed in now, last used first."""
    return list(
        session.scalars(
            select(LoginSession)
            .where(
                LoginSession.account_id == account_id,
                LoginSession.ended_at.is_(None),
                LoginSession.expires_at > clock.now(),
            )
            .order_by(LoginSession.seen_at.desc())
        )
    )


def area_ids_of(session: Session, account_id: UUID) -> list[int]:
    """The areas an account is tied to."""
    return list(session.scalars(select(AccountArea.area_id).where(AccountArea.account_id == account_id)))


def in_scope(scope: Scope) -> Select[UUID]:
    """Ids of the accounts that work in the scope's areas."""
    return select(AccountArea.account_id).where(AccountArea.area_id.in_(areas_in(scope)))


def account_in(session: Session, scope: Scope, account_id: UUID) -> Account:
    """An account that works in the scope's areas; others do not exist."""
    found = session.scalar(select(Account).where(Account.id == account_id, Account.id.in_(in_scope(scope))))
    if found is None:
        raise NotFoundError
    return found


def is_mine(session: Session, account_id: UUID) -> bool:
    """Whether the asking person administers all areas of the account."""
    return bool(session.scalar(select(func.app_account_is_mine(account_id))))


def accounts_in(session: Session, scope: Scope, wanted: str, number: int) -> tuple[list[Line], Page]:
    """Accounts that work in the scope's areas, by name; `wanted` is a part of a name, with or without marks."""
    which: ColumnElement[bool] = Account.id.in_(in_scope(scope))
    for token in wanted.split():
        which &= or_(_has(func.fold(Account.full_name), token), _has(Account.username, token))
    page = Page(number, session.scalar(select(func.count()).select_from(Account).where(which)) or 0)
    found = session.scalars(
        select(Account)
        .where(which)
        .order_by(Account.is_active.desc(), func.given_name(Account.full_name), Account.full_name, Account.username)
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    ).all()
    ids = [account.id for account in found]
    names: dict[UUID, list[str]] = {}
    theirs = select(AccountArea.account_id, AREA.c.name).join(AREA, AREA.c.id == AccountArea.area_id)
    for account_id, name in session.execute(theirs.where(AccountArea.account_id.in_(ids)).order_by(AREA.c.path)):
        names.setdefault(account_id, []).append(name)
    seen = select(LoginSession.account_id, func.max(LoginSession.seen_at).label("at")).group_by(LoginSession.account_id)
    seen_at = {row.account_id: row.at for row in session.execute(seen.where(LoginSession.account_id.in_(ids)))}
    return [Line(account, names.get(account.id, []), seen_at.get(account.id)) for account in found], page


def areas_to_give(session: Session, scope: Scope, wanted: str, chosen: list[int]) -> list[NamedArea]:
    """Today's areas of the scope in the order of the tree: those found by name (at most MOST_AREAS), and the chosen."""
    mine = literal(sorted(scope.area_ids), ARRAY(Integer))
    depth = select(func.max(column("depth", Integer))).where(
        CLOSURE.c.descendant_id == AREA.c.id, CLOSURE.c.ancestor_id == any_(mine)
    )
    base = (
        select(AREA.c.id, AREA.c.name, depth.scalar_subquery().label("depth"))
        .where(AREA.c.id.in_(areas_in(scope)))
        .order_by(AREA.c.path)
    )
    some = base.where(AREA.c.valid_to.is_(None)).limit(MOST_AREAS)
    for token in wanted.split():
        some = some.where(_has(func.fold(AREA.c.name), token))
    found = session.execute(some).all()
    others = base.where(AREA.c.id.in_(set(chosen) - {row.id for row in found}))
    return [NamedArea(row.id, row.name, row.depth) for row in (*session.execute(others), *found)]


def open_areas(session: Session, codes: Collection[str]) -> list[int]:
    """Today's areas with these codes; without codes, those at the top of the tree. For the command line alone."""
    wanted = select(AREA.c.id).where(AREA.c.valid_to.is_(None)).order_by(AREA.c.path)
    wanted = wanted.where(AREA.c.code.in_(codes) if codes else AREA.c.parent_id.is_(None))
    return list(session.scalars(wanted))


def names_of(session: Session, scope: Scope, area_ids: list[int]) -> list[str]:
    """Names of areas; only those of the scope have one here."""
    wanted = select(AREA.c.name).where(AREA.c.id.in_(area_ids), AREA.c.id.in_(areas_in(scope))).order_by(AREA.c.path)
    return list(session.scalars(wanted))


def area_names(session: Session, scope: Scope, lists: Iterable[object]) -> dict[int, str]:
    """Names of the areas in these lists of ids, as far as they are the scope's."""
    ids = {one for many in lists if isinstance(many, list) for one in many if isinstance(one, int)}
    wanted = select(AREA.c.id, AREA.c.name).where(AREA.c.id.in_(ids), AREA.c.id.in_(areas_in(scope)))
    return {row.id: row.name for row in session.execute(wanted)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deeds of the audit are wanted."""

    action: str = ""
    account_id: UUID | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed in the audit, with the names that go with it."""

    event: AuditEvent
    who: str | None
    area: str | None


def deeds(session: Session, scope: Scope, wanted: Wanted, number: int) -> tuple[list[Deed], Page]:
    """Who did what in the scope's areas, newest first."""
    which = _seen_by(scope)
    if wanted.action:
        which &= AuditEvent.action == wanted.action
    if wanted.account_id:
        which &= AuditEvent.account_id == wanted.account_id
    if wanted.from_on:
        which &= AuditEvent.at >= datetime.combine(wanted.from_on, time(), clock.VIETNAM)
    if wanted.to_on:
        which &= AuditEvent.at < datetime.combine(wanted.to_on + timedelta(days=1), time(), clock.VIETNAM)
    page = Page(number, session.scalar(select(func.count()).select_from(AuditEvent).where(which)) or 0)
    rows = session.execute(
        select(AuditEvent, Account.full_name, AREA.c.name)
        .outerjoin(Account, Account.id == AuditEvent.account_id)
        .outerjoin(AREA, AREA.c.id == AuditEvent.area_id)
        .where(which)
        .order_by(AuditEvent.id.desc())
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    )
    return [Deed(event, who, area) for event, who, area in rows], page


def actions(session: Session, scope: Scope) -> list[str]:
    """The kinds of deeds that happened in the scope's areas."""
    return list(
        session.scalars(select(AuditEvent.action).where(_seen_by(scope)).distinct().order_by(AuditEvent.action))
    )


def doers(session: Session, scope: Scope) -> list[tuple[UUID, str]]:
    """Who did something in the scope's areas: accounts and names."""
    did = exists().where(AuditEvent.account_id == Account.id, _seen_by(scope))
    found = select(Account.id, Account.full_name).where(did).order_by(func.given_name(Account.full_name))
    return [(row.id, row.full_name) for row in session.execute(found)]


def _has(text: ColumnElement[str] | Mapped[str], part: str) -> ColumnElement[bool]:
    return func.strpos(text, func.fold(part)) > 0


def _seen_by(scope: Scope) -> ColumnElement[bool]:
    return or_(AuditEvent.account_id == scope.account_id, AuditEvent.area_id.in_(areas_in(scope)))

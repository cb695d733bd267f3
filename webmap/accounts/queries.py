"""Reads of accounts and sign-ins."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.accounts.models import Account, AccountArea, LoginSession
from webmap.accounts.scope import NOBODY, Scope


def scope_of(session: Session, account_id: UUID) -> Scope:
    """The scope of an account as it stands now; nobody's when it is switched off or gone."""
    account = session.get(Account, account_id)
    if account is None or not account.is_active:
        return NOBODY
    area_ids = session.scalars(select(AccountArea.area_id).where(AccountArea.account_id == account_id))
    return Scope(account_id, account.role, frozenset(area_ids), account.sees_persons)


def login_with_account(session: Session, login_id: UUID) -> tuple[LoginSession, Account] | None:
    """A sign-in that has not ended, with its account."""
    row = session.execute(
        select(LoginSession, Account)
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.id == login_id, LoginSession.ended_at.is_(None), Account.is_active)
    ).one_or_none()
    return None if row is None else (row[0], row[1])

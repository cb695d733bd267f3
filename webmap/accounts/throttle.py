"""Guessing made slow: wrong passwords are counted by account and by address, and each more makes the next wait longer.

A try is written down as wrong before its password is looked at, and turned into a right one afterwards. So a
thousand tries at once count as a thousand. Refused tries are not counted: nobody can keep a wait alive for ever.
"""

from datetime import datetime
from math import ceil

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts import rules
from webmap.accounts.errors import TooManyTriesError
from webmap.accounts.models import LoginAttempt


def begin_try(session: Session, username: str, address: str, free: int) -> int:
    """Write down a try as wrong and return its number. Raises TooManyTriesError when it has to wait."""
    # One after the other for one name and for one address; always in this order.
    session.execute(select(func.pg_advisory_xact_lock(1, func.hashtext(username))))
    session.execute(select(func.pg_advisory_xact_lock(2, func.hashtext(address))))
    now = clock.now()
    until = allowed_at(session, username, address, free, now)
    if until is not None and until > now:
        seconds = ceil((until - now).total_seconds())
        raise TooManyTriesError(seconds=seconds, minutes=ceil(seconds / 60))
    attempt = LoginAttempt(username=username, address=address, at=now, has_succeeded=False)
    session.add(attempt)
    session.flush()
    return attempt.id


def proved_right(session: Session, attempt_id: int) -> None:
    """The try had the right password. Old tries are forgotten on this occasion: they are people's traces."""
    attempt = session.get_one(LoginAttempt, attempt_id)
    session.add(
        LoginAttempt(username=attempt.username, address=attempt.address, at=attempt.at, has_succeeded=True),
    )
    session.delete(attempt)
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < clock.now() - rules.ADDRESS_KNOWN_FOR))


def allowed_at(session: Session, username: str, address: str, free: int, now: datetime) -> datetime | None:
    """When the next try for this name from this address is allowed; None when at once."""
    good_since = now - rules.ADDRESS_KNOWN_FOR
    right = (
        select(LoginAttempt.address, func.max(LoginAttempt.at).label("at"))
        .where(LoginAttempt.username == username, LoginAttempt.has_succeeded, LoginAttempt.at > good_since)
        .group_by(LoginAttempt.address)
    )
    right_at = {row.address: row.at for row in session.execute(right)}
    wrong = select(func.count(), func.max(LoginAttempt.at)).where(LoginAttempt.has_succeeded.is_(False))
    by_name = wrong.where(LoginAttempt.username == username)

    if address in right_at:
        since = max(right_at[address], now - rules.FAILURES_COUNT_FOR)
        here = by_name.where(LoginAttempt.address == address, LoginAttempt.at > since)
        return _wait(session, here, free)

    elsewhere = by_name.where(LoginAttempt.address.not_in(right_at), LoginAttempt.at > now - rules.FAILURES_COUNT_FOR)
    from_address = wrong.where(
        LoginAttempt.address == address, LoginAttempt.at > now - rules.ADDRESS_FAILURES_COUNT_FOR
    )
    waits = (
        _wait(session, elsewhere, free),
        _wait(session, from_address, free * rules.ADDRESS_FACTOR),
    )
    return max((one for one in waits if one is not None), default=None)


def _wait(session: Session, wrong: Select[int, datetime | None], free: int) -> datetime | None:
    failures, last_at = session.execute(wrong).one()
    return rules.wait_until(failures, free, last_at)

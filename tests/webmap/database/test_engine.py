"""Transactions: all or nothing, reads that cannot write, and who asks is told anew each time."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from webmap.accounts.models import Account
from webmap.accounts.scope import NOBODY, SYSTEM
from webmap.database.engine import reading, transaction
from webmap.ids import uuid7


def somebody(username: str = "lan") -> Account:
    return Account(id=uuid7(), username=username, full_name="Nguyễn Thị Lan", role="leader", password_hash="-")


def accounts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Account)) or 0


def test_what_a_transaction_keeps_the_test_sees(session: Session) -> None:
    with transaction(SYSTEM) as inner:
        inner.add(somebody())

    assert accounts(session) == 1


def test_nothing_is_left_of_the_test_before(session: Session) -> None:
    assert accounts(session) == 0


def add_and_fail() -> None:
    with transaction(SYSTEM) as inner:
        inner.add(somebody())
        inner.flush()
        raise ZeroDivisionError


def add_while_reading() -> None:
    with reading(SYSTEM) as looking:
        looking.add(somebody())
        looking.flush()


def test_a_transaction_that_fails_leaves_nothing(session: Session) -> None:
    with pytest.raises(ZeroDivisionError):
        add_and_fail()

    assert accounts(session) == 0


def test_postgresql_itself_refuses_to_write_while_reading(session: Session) -> None:
    with pytest.raises(InternalError, match="read-only"):
        add_while_reading()

    session.add(somebody())
    session.flush()
    assert accounts(session) == 1


def test_the_app_is_neither_owner_nor_superuser(session: Session) -> None:
    assert session.scalar(text("select current_user")) == "web_app"
    assert session.scalar(text("select rolsuper or rolbypassrls from pg_roles where rolname = 'web_app'")) is False


def test_nobody_sees_no_account(session: Session) -> None:
    session.add(somebody())
    session.commit()

    with reading(NOBODY) as looking:
        assert accounts(looking) == 0
    with transaction(NOBODY) as writing:
        assert accounts(writing) == 0
    assert accounts(session) == 1


def test_a_database_of_its_own_keeps_real_commits(fresh_database: str) -> None:
    with transaction(SYSTEM) as first:
        first.add(somebody())
    with transaction(SYSTEM) as second:
        assert accounts(second) == 1

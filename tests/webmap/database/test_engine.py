"""Transactions: all or nothing, reads that cannot write, and who asks is told anew each time."""

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from webmap.accounts.models import Account
from webmap.accounts.scope import NOBODY, SYSTEM
from webmap.database import engine
from webmap.database.engine import answer, at_once, reading, transaction
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


def test_one_journey_tells_who_asks_and_tells_it_to_nobody_else(fresh_database: str) -> None:
    with transaction(SYSTEM) as session:
        session.add(somebody())
    count, setting = "select count(*) from account", "select current_setting('app.role', true) as role"

    assert answer(SYSTEM, count, {}, "many bigint").many == 1
    assert answer(NOBODY, count, {}, "many bigint").many == 0
    assert at_once(setting, {}).role in (None, "")  # the same connection, used by the next one who asks
    with transaction(SYSTEM) as session:  # and it can still be written with
        session.add(somebody("mai"))
    assert answer(SYSTEM, f"{count} where username = %(name)s", {"name": "mai"}, "many bigint").many == 1


def test_what_is_answered_in_one_journey_cannot_write(session: Session) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        answer(SYSTEM, "update account set full_name = 'x' returning 1", {}, "one int")


def test_a_connection_that_was_cut_while_it_lay_still_is_made_anew(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "QUIET_SECONDS", 0)
    cut = at_once("select pg_backend_pid() as id", {}).id
    with psycopg.connect(fresh_database, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [cut])

    assert at_once("select pg_backend_pid() as id", {}).id != cut

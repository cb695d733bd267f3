"""Connections and transactions. Whoever asks is told to PostgreSQL at the start of each transaction."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, cast
from uuid import UUID

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session, sessionmaker

sessions = sessionmaker(expire_on_commit=False)

# `role` holds for the whole connection: the app is never the owner of the tables, so row-level security holds it.
APP_OPTIONS = (
    "-c role=web_app -c search_path=public,jobs -c timezone=UTC -c jit=off"
    " -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c lock_timeout=10s"
)


class Asking(Protocol):
    """Who asks, as PostgreSQL has to know it (see webmap.accounts.scope.Scope)."""

    @property
    def account_id(self) -> UUID | None: ...
    @property
    def role(self) -> str: ...
    @property
    def area_ids(self) -> frozenset[int]: ...
    @property
    def sees_persons(self) -> bool: ...


def psycopg_url(url: str) -> URL:
    """The same address, for SQLAlchemy with psycopg 3."""
    return make_url(url).set(drivername="postgresql+psycopg")


def connect(url: str, pool_size: int = 8) -> Engine:
    """Open the pool that `transaction()` and `reading()` use."""
    engine = create_engine(
        psycopg_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"options": APP_OPTIONS, "connect_timeout": 5},
    )
    sessions.configure(bind=engine)
    return engine


def owner_engine(url: str) -> Engine:
    """A connection as the owner, for migrations and bulk loading. Row-level security does not hold it."""
    return create_engine(psycopg_url(url), connect_args={"options": "-c timezone=UTC -c search_path=public"})


TELL = text(
    "select set_config('app.role', :role, true), set_config('app.account_id', :account_id, true),"
    " set_config('app.area_ids', :area_ids, true), set_config('app.sees_persons', :sees_persons, true)"
)


# The same and "set transaction read only" in one statement: one journey to the server less for every read.
TELL_READER = "select set_config('transaction_read_only', 'on', true), " + TELL.text.removeprefix("select ")
TELL_READER_DIRECTLY = re.sub(r":(\w+)", r"%(\1)s", TELL_READER)


def tell(session: Session, scope: Asking) -> None:
    """Say to PostgreSQL who asks, for this transaction only."""
    session.execute(TELL, facts_of(scope))


def facts_of(scope: Asking) -> dict[str, str]:
    """Who asks, as text for PostgreSQL's settings."""
    return {
        "role": str(scope.role),
        "account_id": str(scope.account_id or ""),
        "area_ids": "{" + ",".join(map(str, sorted(scope.area_ids))) + "}",
        "sees_persons": "on" if scope.sees_persons else "off",
    }


@contextmanager
def transaction(scope: Asking) -> Iterator[Session]:
    """Write: all of it is kept, or none of it."""
    with sessions.begin() as session:
        tell(session, scope)
        yield session


@contextmanager
def reading(scope: Asking) -> Iterator[Session]:
    """Look at the data. PostgreSQL itself refuses a write in here."""
    with sessions() as session:
        session.execute(text(TELL_READER), facts_of(scope))
        yield session


@contextmanager
def direct_reading(scope: Asking) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Look at the data through psycopg itself: for tiles, where every journey to the server counts.

    What is executed is sent together when the first answer is fetched (psycopg's pipeline).
    """
    with sessions() as session:
        connection = cast("psycopg.Connection[tuple[Any, ...]]", session.connection().connection.driver_connection)
        with connection.pipeline():
            connection.execute(TELL_READER_DIRECTLY, facts_of(scope))
            yield connection


@contextmanager
def patient_transaction(scope: Asking) -> Iterator[Session]:
    """Write, as long as it takes: for background jobs and the command line, never for a web request."""
    with transaction(scope) as session:
        session.execute(text("set local statement_timeout = 0"))
        session.execute(text("set local idle_in_transaction_session_timeout = 0"))
        yield session

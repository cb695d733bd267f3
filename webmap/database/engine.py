"""Connections and transactions. Whoever asks is told to PostgreSQL at the start of each transaction."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, cast
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Engine, PoolProxiedConnection, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

sessions = sessionmaker(expire_on_commit=False)

# `role` holds for the whole connection: the app is never the owner of the tables, so row-level security holds it.
APP_OPTIONS = (
    "-c role=web_app -c search_path=public,jobs -c timezone=UTC -c jit=off"
    " -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c lock_timeout=10s"
)

# A connection that was used a moment ago is alive; one that lay still for longer is asked before it is used.
QUIET_SECONDS = 1.0


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
        connect_args={"options": APP_OPTIONS, "connect_timeout": 5},
    )
    _ask_the_quiet(engine)
    sessions.configure(bind=engine)
    return engine


def _ask_the_quiet(engine: Engine) -> None:
    """As `pool_pre_ping` does, but not before every use: it costs a journey to the server."""

    @event.listens_for(engine, "checkin")
    def note(_: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _: Any) -> None:
        if time.monotonic() - record.info.get("used_at", time.monotonic()) < QUIET_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.OperationalError as error:
            raise InvalidatePoolError from error  # the pool makes new ones


def owner_engine(url: str) -> Engine:
    """A connection as the owner, for migrations and bulk loading. Row-level security does not hold it."""
    return create_engine(psycopg_url(url), connect_args={"options": "-c timezone=UTC -c search_path=public"})


TELL = text(
    "select set_config('app.role', :role, true), set_config('app.account_id', :account_id, true),"
    " set_config('app.area_ids', :area_ids, true), set_config('app.sees_persons', :sees_persons, true)"
)


# The same and "set transaction read only" in one statement: one journey to the server less for every read.
TELL_READER = "select set_config('transaction_read_only', 'on', true), " + TELL.text.removeprefix("select ")
ANSWER = "app_answer(%(role)s, %(account_id)s, %(area_ids)s, %(sees_persons)s, %(question)s)"


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


def answer(scope: Asking, question: str, given: Mapping[str, Any], columns: str) -> Any:
    """Look at the data past SQLAlchemy, in a single journey to the server: for what is asked often, as tiles are.

    Returns the first row, or None. `question`: SQL for psycopg; `columns`: what it returns, as "id uuid, …".
    """
    with _alone() as cursor:
        with_values = psycopg.ClientCursor(cursor.connection).mogrify(question, given)
        facts = {**facts_of(scope), "question": with_values}
        return cursor.execute(f"select * from {ANSWER} as ({columns})", facts).fetchone()


def at_once(statement: str, given: Mapping[str, Any]) -> Any:
    """The first row of a statement that needs not say who asks, in a single journey to the server."""
    with _alone() as cursor:
        return cursor.execute(statement, given).fetchone()


@contextmanager
def _alone() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor that makes each statement a transaction of its own: without journeys for begin and commit."""
    bind = sessions.kw["bind"]
    if not isinstance(bind, Engine):  # a test's connection, with a transaction under way
        with sessions() as session:
            yield _cursor(session.connection().connection)
        return
    pooled = bind.raw_connection()
    try:
        cursor = _cursor(pooled)
        cursor.connection.autocommit = True
        yield cursor
        cursor.connection.autocommit = False
    except BaseException:
        pooled.invalidate()  # in whatever state it is: nobody else shall use it
        raise
    pooled.close()


def _cursor(pooled: PoolProxiedConnection) -> psycopg.Cursor[Any]:
    connection = cast("psycopg.Connection[Any]", pooled.driver_connection)
    return connection.cursor(binary=True, row_factory=namedtuple_row)


@contextmanager
def patient_transaction(scope: Asking) -> Iterator[Session]:
    """Write, as long as it takes: for background jobs and the command line, never for a web request."""
    with transaction(scope) as session:
        session.execute(text("set local statement_timeout = 0"))
        session.execute(text("set local idle_in_transaction_session_timeout = 0"))
        yield session

"""What is wrong with the database, in plain words with the command that mends it. `webmap doctor` tells it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Row
from sqlalchemy.exc import OperationalError

from webmap import clock
from webmap.database import migrate
from webmap.database.durability import switched_off
from webmap.database.engine import owner_engine
from webmap.database.postgres_binaries import OLDEST_MAJOR
from webmap.database.sql_files import sql

EXTENSIONS = ("postgis", "ltree", "pg_trgm", "fuzzystrmatch")
# Tables that anybody who may sign in may read: nothing in them is about a person. All others are closed.
OPEN_TABLES = (
    "address_point",
    "alembic_version",
    "alley",
    "area",
    "area_closure",
    "area_crosswalk",
    "area_level",
    "area_parent",
    "area_reach",
    "base_salary",
    "building",
    "building_finding",
    "campaign",
    "card_category",
    "milestone",
    "not_a_gap",
    "premium_share",
    "source",
    "spatial_ref_sys",
    "terrain",
)
SECONDS_APART = 5
SECONDS_WITHOUT_WORKER = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `is_wrong`: people must mend it; `remedy`: how."""

    sentence: str
    is_wrong: bool = False
    remedy: str = ""


def findings(url: str, *, is_up: bool) -> Iterator[Finding]:
    """Look at a database from top to bottom; stops where the rest could not be true. `is_up`: so should a worker."""
    engine = owner_engine(url)
    try:
        with engine.connect() as connection:
            facts = connection.execute(
                sql("webmap.database", "health"),
                {"extensions": list(EXTENSIONS), "open": list(OPEN_TABLES)},
            ).one()
            yield from _server(facts)
            yield from _durability(connection)
            version = migrate.current(url)
            yield from _migrations(version)
            if version is None:
                return
            yield from _access(facts)
            if version == migrate.newest():
                yield from _work(connection, is_up=is_up)
    except OperationalError as error:
        yield Finding(f"The database does not answer: {error.orig}", is_wrong=True, remedy="webmap up")
    finally:
        engine.dispose()


def is_somebody_working(url: str) -> bool:
    """Say whether a worker was seen within the last minute."""
    engine = owner_engine(url)
    try:
        with engine.connect() as connection:
            facts = connection.execute(sql("webmap.database", "health_of_work")).one()
    finally:
        engine.dispose()
    return facts.seconds_since_worker is not None and facts.seconds_since_worker < SECONDS_WITHOUT_WORKER


def _server(facts: Row[tuple[object, ...]]) -> Iterator[Finding]:
    if facts.major_version < OLDEST_MAJOR:
        yield Finding(
            f"PostgreSQL {facts.major_version} is too old: {OLDEST_MAJOR} or newer is needed.",
            is_wrong=True,
            remedy="docs/operations.md says how to move the data to a newer server",
        )
    else:
        yield Finding(f"PostgreSQL {facts.major_version} answers.")
    missing = ", ".join(facts.missing_extensions)
    if missing:
        yield Finding(f"The database lacks the extensions {missing}.", is_wrong=True, remedy="webmap migrate")
    elif facts.postgis != facts.postgis_on_disk:
        yield Finding(
            f"PostGIS {facts.postgis_on_disk} is installed, but the database still works with {facts.postgis}.",
            is_wrong=True,
            remedy="in the database: alter extension postgis update",
        )
    else:
        yield Finding(f"PostGIS {facts.postgis} is there.")
    if not facts.sorts_vietnamese:
        yield Finding(
            "This PostgreSQL was built without ICU and cannot sort Vietnamese names.",
            is_wrong=True,
            remedy="install PostgreSQL from your distribution or from the PostgreSQL project",
        )
    apart = abs(facts.seconds_since_1970 - clock.now().timestamp())
    if apart > SECONDS_APART:
        yield Finding(
            f"The clocks of this machine and of the database are {apart:.0f} seconds apart.",
            is_wrong=True,
            remedy="timedatectl set-ntp true",
        )


def _durability(connection: Connection) -> Iterator[Finding]:
    off = switched_off(connection.connection.driver_connection)  # type: ignore[arg-type] # it is psycopg's
    if off:
        yield Finding(
            f"{', '.join(off)} is switched off: a power cut would lose visits.",
            is_wrong=True,
            remedy=f"in the database: alter system reset {off[0]}; select pg_reload_conf()",
        )
    else:
        yield Finding("What the database acknowledges survives a power cut.")


def _migrations(version: str | None) -> Iterator[Finding]:
    newest = migrate.newest()
    if version == newest:
        yield Finding(f"The database stands at {version}, the newest version.")
    elif version is not None and version > newest:
        yield Finding(
            f"The database stands at {version}, which is newer than this program ({newest}).",
            is_wrong=True,
            remedy="install the newer program; never run an older one on newer data",
        )
    else:
        stands = f"stands at {version}" if version else "is empty"
        yield Finding(f"The database {stands}; the newest is {newest}.", is_wrong=True, remedy="webmap migrate")


def _access(facts: Row[tuple[object, ...]]) -> Iterator[Finding]:
    wrong = len(facts.open_tables) + len(facts.tables_of_app_role)
    for table in facts.open_tables:
        yield Finding(
            f"Row-level security is off on the table {table}: people could see beyond their areas.",
            is_wrong=True,
            remedy=f"in the database: alter table {table} enable row level security",
        )
    for table in facts.tables_of_app_role:
        yield Finding(
            f"The table {table} belongs to web_app, so that row-level security does not hold.",
            is_wrong=True,
            remedy=f"in the database: alter table {table} owner to current_user",
        )
    if not facts.has_app_role or not facts.may_become_app_role:
        wrong += 1
        yield Finding(
            "The database user cannot become web_app, the role that the pages work as.",
            is_wrong=True,
            remedy="in the database, as superuser: create role web_app nologin; grant web_app to the database user",
        )
    if facts.app_role_sees_all:
        wrong += 1
        yield Finding(
            "The role web_app passes by row-level security: people could see beyond their areas.",
            is_wrong=True,
            remedy="in the database: alter role web_app nosuperuser nobypassrls",
        )
    if not wrong:
        yield Finding("Row-level security holds on every table with personal data.")
    for function in facts.leaking:
        yield Finding(
            f"{function} is not marked leakproof: the map is right, but slow for people with few areas.",
            is_wrong=True,
            remedy="webmap migrate  (as a superuser of the database)",
        )


def _work(connection: Connection, *, is_up: bool) -> Iterator[Finding]:
    facts = connection.execute(sql("webmap.database", "health_of_work")).one()
    if not is_up:
        yield Finding("Everything is stopped at the moment.")
    elif facts.seconds_since_worker is None or facts.seconds_since_worker > SECONDS_WITHOUT_WORKER:
        yield Finding("No worker is running: imports and plans wait.", is_wrong=True, remedy="webmap up")
    else:
        yield Finding("A worker is running.")
    if facts.stuck_jobs:
        yield Finding(
            f"{facts.stuck_jobs} jobs were left behind by a worker that died.",
            is_wrong=True,
            remedy="webmap worker  (a worker takes them up again)",
        )
    if not facts.administrators:
        yield Finding("No administrator can sign in.", is_wrong=True, remedy="webmap accounts add NAME")

"""One throw-away PostgreSQL for the whole run, a migrated template in it, and copies of that for whoever asks.

The folder's name carries the number of the process that made it, so that the next run can clear away what a killed
one left behind.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from webmap.database import migrate, private_server

PREFIX = "webmap-tests-"
VARIABLE = "WEBMAP_TEST_FOLDER"
TEMPLATE = "webmap_template"


def choose_folder() -> None:
    """Name the folder of this run; nothing is started before a test asks. Processes started from here inherit it."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o755)  # also for the user who runs the database when root runs the tests
    os.environ[VARIABLE] = str(folder)


def remove() -> None:
    _remove(Path(os.environ.pop(VARIABLE)))


def remove_forgotten() -> None:
    """Stop and remove the clusters of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).split("-")[0]
        if folder.stat().st_uid == os.geteuid() and not Path(f"/proc/{number}").exists():
            _remove(folder)


def new_database(name: str) -> str:
    """Make a migrated, empty database and return its URL."""
    folder = Path(os.environ[VARIABLE])
    with _one_at_a_time(folder):
        url = private_server.start(folder / "cluster", durable=False)
        with psycopg.connect(url, autocommit=True) as connection:
            known = {"name": TEMPLATE}
            if not connection.execute("select 1 from pg_database where datname = %(name)s", known).fetchone():
                _make_template(connection, url)
            connection.execute(
                sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
            )
    return database_in(url, name)


def drop_database(url: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(database_in(url, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(str(name))))


def database_in(url: str, name: str) -> str:
    """The address of another database of the same server."""
    server, _, options = url.partition("?")
    return f"{server.rpartition('/')[0]}/{name}?{options}"


def _make_template(connection: "psycopg.Connection[tuple[object, ...]]", url: str) -> None:
    connection.execute("create database half_made")
    migrate.upgrade(database_in(url, "half_made"))
    connection.execute(sql.SQL("alter database half_made rename to {}").format(sql.Identifier(TEMPLATE)))


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove(folder: Path) -> None:
    private_server.stop(folder / "cluster")
    shutil.rmtree(folder, ignore_errors=True)

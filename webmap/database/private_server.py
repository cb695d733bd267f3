"""The project's own PostgreSQL + PostGIS in a data folder: a unix socket, no TCP port, never as root.

    data folder/
        postgres/            the cluster; made under the name postgres.new and renamed when it is whole
        postgres.log         what the server says
        postgres.starting    locked while somebody starts or stops the server
        postgres.alive       locked by the server's own processes, as long as one of them lives
        postgres.users       locked, together, by everybody who uses the server

Two callers may start at once: one does the work, both get the URL. After a crash the next start recovers.
"""

import fcntl
import getpass
import hashlib
import os
import shutil
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from webmap.database.durability import switched_off
from webmap.database.postgres_account import (
    Account,
    DataFolderError,
    check_reach,
    choose_account,
    make_data_dir,
    run_as,
)
from webmap.database.postgres_binaries import Binaries, PrivateServerError, find_binaries

DATABASE = "webmap"
OWNER = "webmap"  # owns the tables; superuser of this cluster

INITDB_OPTIONS = f"-U {OWNER} -E UTF8 --locale=C.UTF-8 --data-checksums -A peer".split()
SOCKET_NAME = ".s.PGSQL.5432"
ATTEMPTS = 200
SECONDS_BETWEEN_ATTEMPTS = 0.05
SECONDS_TO_RECOVER = 600  # replaying the log of a busy hour on a slow disk
SECONDS_TO_STOP = 120

SETTINGS = """\
# Written at every start by webmap/database/private_server.py. Your own settings: ALTER SYSTEM.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
max_locks_per_transaction = 256         # one import makes many tables; two at once must not run out
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_parameter_max_length = 0            # values are people's names and numbers: never in a log
log_parameter_max_length_on_error = 0
log_min_error_statement = panic
fsync = {durable}
full_page_writes = {durable}
synchronous_commit = {durable}
"""


class NotStartedError(PrivateServerError):
    """The server did not come up; the sentence ends with the last lines of its log."""


class NotDurableError(PrivateServerError):
    """Somebody switched crash safety off. The product must not run like that."""


def start(data_dir: Path, *, durable: bool = True) -> str:
    """Make the cluster if there is none, start it if it does not run, and return its URL.

    `durable=False` is for throw-away clusters of tests: fast, and lost by a power cut.
    """
    data_dir = data_dir.absolute()
    with _only_one_at_a_time(data_dir):
        said: str | None = ""
        for _ in range(ATTEMPTS):
            if not is_running(data_dir):
                _make_and_launch(data_dir, durable=durable)
            if (said := _ensure_database(data_dir)) is None:
                break
            time.sleep(SECONDS_BETWEEN_ATTEMPTS)  # it still reads its log, or it was killed a moment ago
        else:
            raise NotStartedError(f"The database server runs, but does not let us in: {said}")
    url = _url(data_dir, DATABASE)
    if durable:
        _refuse_unless_durable(url)
    return url


@contextmanager
def using(data_dir: Path) -> Iterator[str]:
    """Run the server as long as anybody uses it: the last one out stops it."""
    data_dir = data_dir.absolute()
    with _only_one_at_a_time(data_dir):
        users = os.open(data_dir / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield start(data_dir)
    finally:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            stop(data_dir)
        except BlockingIOError:
            pass  # somebody else still uses it
        os.close(users)


def stop(data_dir: Path) -> None:
    """Stop the server in good order; nothing happens when it does not run."""
    data_dir = data_dir.absolute()
    if not is_running(data_dir):
        return
    with _only_one_at_a_time(data_dir):
        cluster = data_dir / "postgres"
        binaries, account = find_binaries(_cluster_version(cluster)), choose_account(cluster)
        wait = ["-w", "-t", str(SECONDS_TO_STOP)]
        done = run_as(account, [binaries.program("pg_ctl"), "-D", str(cluster), "-m", "fast", *wait, "stop"])
        if done.returncode != 0 and is_running(data_dir):
            raise PrivateServerError(f"The database server did not stop: {done.stdout.strip()}")
        shutil.rmtree(_socket_folder(data_dir), ignore_errors=True)


def is_running(data_dir: Path) -> bool:
    """Say whether a server listens for this data folder."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(_socket_folder(data_dir.absolute()) / SOCKET_NAME)) == 0


@contextmanager
def _only_one_at_a_time(data_dir: Path) -> Iterator[None]:
    try:
        make_data_dir(data_dir)
        descriptor = os.open(data_dir / "postgres.starting", os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise DataFolderError(f"{getpass.getuser()} may not write in {data_dir}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _socket_folder(data_dir: Path) -> Path:
    """Name a folder of this data folder's own, always short: a socket's path may have 107 bytes at most."""
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    return Path(f"/tmp/webmap-pg-{digest}")  # noqa: S108 made 0700, and its owner is checked


def _make_socket_folder(data_dir: Path, account: Account) -> Path:
    folder = _socket_folder(data_dir)
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
            raise DataFolderError(
                f"{folder} is not a private folder of {account.name}: somebody else made it. As its owner:",
                f"rm -r {folder}",
            ) from None
    return folder


def _write(path: Path, text: str, account: Account, *options: str) -> None:
    """Write in the cluster's folder as its owner: root does not follow links that somebody else may lay."""
    done = run_as(account, ["tee", *options, "--", str(path)], typed=text)
    if done.returncode != 0:
        raise DataFolderError(f"{path} cannot be written: {done.stdout.strip()}")


def _begin_log(data_dir: Path, account: Account) -> Path:
    log = data_dir / "postgres.log"
    if log.exists():
        log.replace(data_dir / "postgres.previous.log")
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.fchown(descriptor, account.uid, account.gid)
    os.close(descriptor)
    return log


def _cluster_version(cluster: Path) -> int | None:
    try:
        return int((cluster / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        if cluster.exists():
            raise DataFolderError(
                f"{cluster} is not a PostgreSQL cluster. If nothing in it is needed, move it away:",
                f"mv {cluster} {cluster}.old",
            ) from None
        return None
    except PermissionError as error:
        raise DataFolderError(
            f"{cluster} belongs to another user; start as the user who made it:", f"ls -ld {cluster}"
        ) from error


def _half_made(data_dir: Path) -> Path:
    return data_dir / "postgres.new"


def _make_and_launch(data_dir: Path, *, durable: bool) -> None:
    cluster = data_dir / "postgres"
    account = choose_account(cluster)
    shutil.rmtree(_half_made(data_dir), ignore_errors=True)
    binaries = find_binaries(_cluster_version(cluster))
    if not cluster.exists():
        _make_cluster(binaries, data_dir, account, durable=durable)
    _launch(binaries, data_dir, account, durable=durable)


def _make_cluster(binaries: Binaries, data_dir: Path, account: Account, *, durable: bool) -> None:
    new = _half_made(data_dir)
    new.mkdir(mode=0o700)
    os.chown(new, account.uid, account.gid)
    check_reach(new, account)
    options = INITDB_OPTIONS if durable else [*INITDB_OPTIONS, "--no-sync"]
    done = run_as(account, [binaries.program("initdb"), "-D", str(new), *options])
    if done.returncode != 0:
        raise NotStartedError(f"The database could not be made: {done.stdout.strip()}")
    users = dict.fromkeys([account.name, "root"])
    own = "".join(f"own {user} {OWNER}\n" for user in users)
    _write(new / "pg_ident.conf", own, account)
    _write(new / "pg_hba.conf", "local all all peer map=own\n", account)
    _write(new / "postgresql.conf", "include 'webmap.conf'\n", account, "--append")
    new.rename(data_dir / "postgres")


def _launch(binaries: Binaries, data_dir: Path, account: Account, *, durable: bool) -> None:
    cluster, log = data_dir / "postgres", _begin_log(data_dir, account)
    sockets = _make_socket_folder(data_dir, account)
    settings = SETTINGS.format(sockets=sockets, durable="on" if durable else "off")
    _write(cluster / "webmap.conf", settings, account)
    with _no_server_alive(data_dir) as alive:
        # Whoever wrote these files is gone, and its number may by now be another program's.
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        (sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        pg_ctl = [binaries.program("pg_ctl"), "-D", str(cluster), "-l", str(log), "-s"]
        done = run_as(account, [*pg_ctl, "-w", "-t", str(SECONDS_TO_RECOVER), "start"], keep_open=(alive,))
    if done.returncode != 0:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
        raise NotStartedError(f"The database server did not start. The end of {log}:\n{tail or done.stdout}")


@contextmanager
def _no_server_alive(data_dir: Path) -> Iterator[int]:
    """Wait until every process of an earlier server is gone, and yield the lock the next server inherits.

    The kernel frees the lock when the last process that holds it ends, however it ends. A killed postmaster's
    children need a moment; starting beside one of them would destroy the data.
    """
    descriptor = os.open(data_dir / "postgres.alive", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for _ in range(ATTEMPTS):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(SECONDS_BETWEEN_ATTEMPTS)
            else:
                yield descriptor
                return
    finally:
        os.close(descriptor)
    raise NotStartedError(
        "Processes of an earlier database server are still alive but do not answer. Find them:",
        "pgrep --list-full postgres",
    )


def _ensure_database(data_dir: Path) -> str | None:
    """Make our database unless it is there; return what the server says when it lets nobody in."""
    try:
        with psycopg.connect(_url(data_dir, "postgres"), autocommit=True) as connection:
            ours = {"name": DATABASE}
            if not connection.execute("select 1 from pg_database where datname = %(name)s", ours).fetchone():
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
    except psycopg.OperationalError as error:
        return str(error)
    return None


def _refuse_unless_durable(url: str) -> None:
    with psycopg.connect(url) as connection:
        off = switched_off(connection)
    if off:
        raise NotDurableError(
            f"The database has {', '.join(off)} switched off: a power cut would lose visits. Switch it on:",
            f"psql '{url}' -c 'alter system reset {off[0]}' -c 'select pg_reload_conf()'",
        )


def _url(data_dir: Path, database: str) -> str:
    host = quote(str(_socket_folder(data_dir)), safe="")
    return f"postgresql:///{database}?host={host}&port=5432&user={OWNER}"

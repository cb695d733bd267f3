"""One file with everything in it, and back: the database as it stood at one instant, and the files beside it.

A restore goes into a new database, which takes the old one's place only when every table has as many rows as were
saved. The old database and the old files are kept under another name.
"""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from webmap import __version__, clock
from webmap.database import migrate
from webmap.database.postgres_binaries import find_binaries
from webmap.database.sql_files import sql_text

MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"
# Not worth keeping: the private server's own folder and locks, and what an interrupted restore left.
NOT_KEPT = ("postgres", "webmap.lock", "before-restore", "restore.new")
ROLE = "do $$ begin create role web_app nologin; exception when duplicate_object or unique_violation then null; end $$"


class BackupError(Exception):
    """A backup cannot be made or brought back; the words say why. Nothing was changed."""


def save(url: str, data_dir: Path, target: Path) -> dict[str, int]:
    """Write everything into one file, which appears when it is whole. Returns the rows of each table."""
    target = target.absolute()
    with (
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder,
        psycopg.connect(url) as connection,
    ):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = str(_one(connection, "select pg_export_snapshot()"))
        rows = _rows(connection)
        dump = Path(folder, DUMP)
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={dump}", f"--dbname={url}")
        manifest = {
            "made_at": clock.now().isoformat(),
            "program": __version__,
            "migration": _one(connection, "select version_num from alembic_version"),
            "rows": rows,
        }
        Path(folder, MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
        half = Path(folder, "half")
        with tarfile.open(half, "w") as tar:
            tar.add(Path(folder, MANIFEST), MANIFEST)
            tar.add(dump, DUMP)
            for path in _kept_files(data_dir):
                tar.add(path, f"{FILES}/{path.name}")
        _put_in_place(half, target)
    return rows


def restore(url: str, data_dir: Path, source: Path) -> str:
    """Bring a saved file back. Returns the name under which the old database is kept."""
    new = data_dir / "restore.new"
    shutil.rmtree(new, ignore_errors=True)
    manifest = _unpack(source, new)
    if str(manifest["migration"]) > migrate.newest():
        raise BackupError(f"{source} was made by a newer program ({manifest['program']}). Install that one first.")
    old = str(make_url(url).database)
    restored, kept = f"{old}_restored", f"{old}_before_{clock.now():%Y%m%d_%H%M%S}"
    with psycopg.connect(_in_database(url, "postgres"), autocommit=True) as connection:
        _refuse_while_used(connection, old)
        connection.execute(ROLE)
        connection.execute(_named("drop database if exists {}", restored))
        connection.execute(_named("create database {}", restored))
        try:
            _fill(_in_database(url, restored), new / DUMP, manifest["rows"])
            with connection.transaction():
                connection.execute(_named("alter database {} rename to {}", old, kept))
                connection.execute(_named("alter database {} rename to {}", restored, old))
        except (BackupError, psycopg.Error) as error:
            connection.execute(_named("drop database if exists {}", restored))
            raise BackupError(f"{source} could not be brought back; nothing was changed. {error}") from error
    _swap_files(new / FILES, data_dir, data_dir / f"before-restore-{kept.rpartition('_before_')[2]}")
    shutil.rmtree(new)
    return kept


def _fill(url: str, dump: Path, rows: dict[str, int]) -> None:
    _run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={url}", str(dump))
    with psycopg.connect(url) as connection:
        there = _rows(connection)
    if there != rows:
        differing = ", ".join(sorted(name for name in rows.keys() | there.keys() if rows.get(name) != there.get(name)))
        raise BackupError(f"These tables have not as many rows as were saved: {differing}.")
    migrate.upgrade(url)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                _unpack_one(tar, member, folder)
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, tarfile.TarError, ValueError) as error:
        raise BackupError(f"{source} is not a backup, or is damaged; nothing was changed. {error}") from error
    return manifest


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file of ours. (tarfile's own filters are missing in Python 3.11.2, which Debian 12 has.)"""
    target = (folder / member.name).resolve()
    content = tar.extractfile(member) if member.isfile() else None
    if not target.is_relative_to(folder.resolve()) or (content is None and not member.isdir()):
        raise ValueError(f"{member.name} is no file of a backup")
    if content is None:
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("xb") as file:
        shutil.copyfileobj(content, file)
    target.chmod(member.mode & 0o700)


def _refuse_while_used(connection: "psycopg.Connection[tuple[Any, ...]]", database: str) -> None:
    used = "select count(*) from pg_stat_activity where datname = %(database)s and backend_type = 'client backend'"
    if _one(connection, used, {"database": database}):
        raise BackupError("Somebody works with the database. Stop `webmap up`, or web server and worker, first.")


def _swap_files(new: Path, data_dir: Path, old: Path) -> None:
    for path in sorted(new.iterdir()) if new.exists() else ():
        old.mkdir(mode=0o700, exist_ok=True)
        if (data_dir / path.name).exists():
            (data_dir / path.name).rename(old / path.name)
        path.rename(data_dir / path.name)


def _kept_files(data_dir: Path) -> list[Path]:
    return [path for path in sorted(data_dir.iterdir()) if not path.name.startswith(NOT_KEPT)]


def _put_in_place(half: Path, target: Path) -> None:
    half.chmod(0o600)  # it holds everybody's data and the secret key
    with half.open("rb") as file:
        os.fsync(file.fileno())
    half.replace(target)


def _rows(connection: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, int]:
    return dict(connection.execute(sql_text("webmap.database", "rows_of_tables").encode()).fetchall())


def _one(connection: "psycopg.Connection[tuple[Any, ...]]", query: str, values: dict[str, object] | None = None) -> Any:
    row = connection.execute(query.encode(), values).fetchone()
    return row[0] if row else None


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


def _in_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    command = [find_binaries().program(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")

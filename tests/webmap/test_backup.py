"""Backup and restore: everything comes back, and a restore that fails leaves what was there."""

import tarfile
from pathlib import Path

import psycopg
import pytest

from tests import cluster
from webmap import backup
from webmap.backup import BackupError
from webmap.database import health, migrate

SOURCE = "insert into source (kind, name) values ('areas', 'a map file')"
COUNT = "select count(*) from source"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "maps").mkdir(parents=True)
    (folder / "maps" / "commune.gpkg").write_text("a map")
    (folder / "secret_key").write_text("as it was")
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("15")
    return folder


def run(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        asked = connection.execute(statement)  # type: ignore[call-overload]
        row = asked.fetchone() if asked.description else None
    return row[0] if row else None


def databases(url: str) -> set[str]:
    return set(str(run(url, "select string_agg(datname, ' ') from pg_database")).split())


def test_everything_comes_back_and_the_old_is_kept(fresh_database: str, data_dir: Path, tmp_path: Path) -> None:
    run(fresh_database, SOURCE)
    rows = backup.save(fresh_database, data_dir, tmp_path / "saved")
    run(fresh_database, SOURCE)
    (data_dir / "secret_key").write_text("changed since")
    (data_dir / "maps" / "commune.gpkg").unlink()

    kept = backup.restore(fresh_database, data_dir, tmp_path / "saved")

    try:
        assert rows["public.source"] == 1
        assert run(fresh_database, COUNT) == 1
        assert run(cluster.database_in(fresh_database, kept), COUNT) == 2
        assert (data_dir / "secret_key").read_text() == "as it was"
        assert (data_dir / "maps" / "commune.gpkg").read_text() == "a map"
        [old] = data_dir.glob("before-restore-*")
        assert (old / "secret_key").read_text() == "changed since"
        assert (data_dir / "postgres" / "PG_VERSION").exists()
    finally:
        cluster.drop_database(cluster.database_in(fresh_database, kept))


def test_what_came_back_is_as_safe_and_as_quick_as_before(fresh_database: str, data_dir: Path, tmp_path: Path) -> None:
    backup.save(fresh_database, data_dir, tmp_path / "saved")

    kept = backup.restore(fresh_database, data_dir, tmp_path / "saved")

    try:
        wrong = [found.sentence for found in health.findings(fresh_database, is_up=False) if found.is_wrong]
        assert not any("Row-level" in sentence or "leakproof" in sentence for sentence in wrong)
        assert migrate.current(fresh_database) == migrate.newest()
    finally:
        cluster.drop_database(cluster.database_in(fresh_database, kept))


def test_a_backup_is_for_its_owner_only_and_replaces_an_older_one_at_once(
    fresh_database: str, data_dir: Path, tmp_path: Path
) -> None:
    target = tmp_path / "saved"
    target.write_text("last week's")
    backup.save(fresh_database, data_dir, target)

    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "saved"]


def test_a_damaged_backup_leaves_what_was_there(fresh_database: str, data_dir: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    backup.save(fresh_database, data_dir, saved)
    whole = saved.read_bytes()
    run(fresh_database, SOURCE)
    before = databases(fresh_database)

    for kept_percent in (0, 1, 20, 50, 90):
        saved.write_bytes(whole[: len(whole) * kept_percent // 100])
        with pytest.raises(BackupError, match="nothing was changed"):
            backup.restore(fresh_database, data_dir, saved)

    assert run(fresh_database, COUNT) == 1
    assert databases(fresh_database) == before
    assert (data_dir / "secret_key").read_text() == "as it was"


@pytest.mark.parametrize("name", ["../outside", "/outside", "files/../../outside"])
def test_a_file_that_would_land_elsewhere_is_refused(
    fresh_database: str, data_dir: Path, tmp_path: Path, name: str
) -> None:
    with tarfile.open(tmp_path / "forged", "w") as tar:
        tar.addfile(tarfile.TarInfo(name))

    with pytest.raises(BackupError, match="is no file of a backup"):
        backup.restore(fresh_database, data_dir, tmp_path / "forged")
    assert not (tmp_path / "outside").exists()
    assert not Path("/outside").exists()


def test_a_link_in_a_backup_is_refused(fresh_database: str, data_dir: Path, tmp_path: Path) -> None:
    link = tarfile.TarInfo("files/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "forged", "w") as tar:
        tar.addfile(link)

    with pytest.raises(BackupError, match="is no file of a backup"):
        backup.restore(fresh_database, data_dir, tmp_path / "forged")


def test_rows_that_are_missing_after_a_restore_are_noticed(
    fresh_database: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.save(fresh_database, data_dir, tmp_path / "saved")
    monkeypatch.setattr(backup, "_rows", lambda _: {"public.source": 7})

    with pytest.raises(BackupError, match=r"not as many rows as were saved: .*public\.source"):
        backup.restore(fresh_database, data_dir, tmp_path / "saved")


def test_a_database_in_use_is_not_replaced(fresh_database: str, data_dir: Path, tmp_path: Path) -> None:
    backup.save(fresh_database, data_dir, tmp_path / "saved")

    with psycopg.connect(fresh_database), pytest.raises(BackupError, match="Stop `webmap up`"):
        backup.restore(fresh_database, data_dir, tmp_path / "saved")


def test_a_backup_of_a_newer_program_is_refused(
    fresh_database: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.save(fresh_database, data_dir, tmp_path / "saved")
    monkeypatch.setattr(migrate, "newest", lambda: "0001")

    with pytest.raises(BackupError, match="newer program"):
        backup.restore(fresh_database, data_dir, tmp_path / "saved")

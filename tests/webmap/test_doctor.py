"""`webmap doctor`: each thing that can be wrong is provoked, and said with the command that mends it."""

import shutil
import time
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import cluster
from webmap import assets, cli, doctor, translate
from webmap.database import health, migrate, postgres_binaries
from webmap.database.health import Finding, findings
from webmap.settings import Settings

KEY = "a-key-long-enough-that-nobody-guesses-it"


def wrong_in(url: str) -> dict[str, str]:
    return {found.sentence: found.remedy for found in findings(url, is_up=True) if found.is_wrong}


def change(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def test_a_migrated_database_lacks_only_people_and_a_worker(fresh_database: str) -> None:
    wrong = wrong_in(fresh_database)

    assert [sentence.split(":")[0] for sentence in wrong] == [
        "fsync, full_page_writes, synchronous_commit is switched off",  # the tests' own cluster is like that
        "No worker is running",
        "No administrator can sign in.",
    ]


def test_every_table_is_closed_or_named_as_open(session: Session) -> None:
    named = text(
        "select relname::text from pg_class"
        " where relkind = 'r' and not relrowsecurity and relnamespace = 'public'::regnamespace"
    )

    assert set(session.scalars(named)) == set(health.OPEN_TABLES)


def test_a_table_that_was_opened_is_named_with_the_command_that_closes_it(fresh_database: str) -> None:
    change(fresh_database, "alter table person disable row level security")

    remedy = wrong_in(fresh_database)[
        "Row-level security is off on the table person: people could see beyond their areas."
    ]
    change(fresh_database, remedy.removeprefix("in the database: "))
    assert not any("person" in sentence for sentence in wrong_in(fresh_database))


def test_a_table_that_belongs_to_the_app_is_named(fresh_database: str) -> None:
    change(fresh_database, "alter table card owner to web_app")

    assert any("The table card belongs to web_app" in sentence for sentence in wrong_in(fresh_database))


def test_an_operator_that_keeps_the_index_from_being_used_is_named(fresh_database: str) -> None:
    change(fresh_database, "alter function geometry_overlaps(geometry, geometry) not leakproof")

    assert any("geometry_overlaps" in sentence for sentence in wrong_in(fresh_database))
    migrate.upgrade(fresh_database)  # the remedy
    assert not any("leakproof" in sentence for sentence in wrong_in(fresh_database))


@pytest.mark.parametrize(
    ("fact", "value", "sentence"),
    [
        ("app_role_sees_all", True, "passes by row-level security"),
        ("has_app_role", False, "cannot become web_app"),
        ("may_become_app_role", False, "cannot become web_app"),
    ],
)
def test_a_role_that_sees_all_or_cannot_be_taken_is_named(fact: str, value: object, sentence: str) -> None:
    # Roles belong to the whole server, which other tests share: the facts are made up instead.
    facts = {
        "open_tables": [],
        "tables_of_app_role": [],
        "has_app_role": True,
        "may_become_app_role": True,
        "app_role_sees_all": False,
        "leaking": [],
    }

    assert sentence in next(iter(health._access(SimpleNamespace(**{**facts, fact: value})))).sentence


def test_a_server_too_old_or_without_vietnamese_order_or_with_another_clock_is_named() -> None:
    facts = SimpleNamespace(
        major_version=13,
        postgis="3.3.2",
        postgis_on_disk="3.5.0",
        missing_extensions=[],
        sorts_vietnamese=False,
        seconds_since_1970=time.time() - 3600,
    )

    said = " ".join(found.sentence for found in health._server(facts) if found.is_wrong)
    assert "PostgreSQL 13 is too old" in said
    assert "PostGIS 3.5.0 is installed, but the database still works with 3.3.2" in said
    assert "cannot sort Vietnamese" in said
    assert "3600 seconds apart" in said


def test_an_empty_database_is_told_to_migrate(fresh_database: str) -> None:
    empty = cluster.database_in(fresh_database, "nothing_in_it")
    change(fresh_database, "create database nothing_in_it")
    try:
        wrong = wrong_in(empty)
        assert wrong["The database lacks the extensions fuzzystrmatch, ltree, pg_trgm, postgis."] == "webmap migrate"
        assert wrong[f"The database is empty; the newest is {migrate.newest()}."] == "webmap migrate"
    finally:
        cluster.drop_database(empty)


@pytest.mark.parametrize(("version", "sentence"), [("0001", "stands at 0001; the newest"), ("9999", "newer than this")])
def test_a_database_of_another_version_is_named(fresh_database: str, version: str, sentence: str) -> None:
    change(fresh_database, f"update alembic_version set version_num = '{version}'")

    assert any(sentence in wrong for wrong in wrong_in(fresh_database))


def test_a_worker_and_jobs_left_behind_are_seen(fresh_database: str) -> None:
    change(
        fresh_database,
        "insert into jobs.procrastinate_workers default values",
        "insert into jobs.procrastinate_jobs (queue_name, task_name, status) values ('default', 'webmap.run', 'doing')",
    )

    wrong = wrong_in(fresh_database)
    assert not any("No worker" in sentence for sentence in wrong)
    assert any("left behind by a worker that died" in sentence for sentence in wrong)


def test_a_database_that_does_not_answer_is_said(fresh_database: str) -> None:
    [found] = findings(cluster.database_in(fresh_database, "never_made"), is_up=True)

    assert "does not answer" in found.sentence
    assert found.is_wrong


def test_missing_programs_come_with_the_command_that_installs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_binaries, "_candidate_folders", lambda: iter(()))

    wrong = [found for found in doctor.examine(Settings(data_dir=tmp_path)) if found.is_wrong]
    assert any("not installed" in found.sentence and "apt-get install" in found.remedy for found in wrong)


def test_a_short_key_a_readable_key_and_pages_without_https_are_named(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(KEY)
    (tmp_path / "secret_key").chmod(0o644)

    short = Settings(data_dir=tmp_path, secret_key="123", host="0.0.0.0", is_https=False)  # noqa: S104 - never bound
    assert [found.sentence.split(" ")[0:4] for found in doctor._secrets(short)] == [
        ["The", "secret", "key", "is"],
        ["Pages", "are", "served", "on"],
    ]
    [readable] = doctor._secrets(Settings(data_dir=tmp_path))
    assert readable.remedy == f"chmod 600 {tmp_path / 'secret_key'}"
    [safe] = doctor._secrets(Settings(data_dir=tmp_path, secret_key=KEY))
    assert not safe.is_wrong


def test_files_that_are_not_built_or_are_gone_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "manifest.json")
    [not_built] = doctor._built_files()
    assert not_built.remedy == "python hatch_build.py"

    (tmp_path / "manifest.json").write_text('{"app.js": "app-1234.js"}')
    assert "1 of the browser's files" in next(doctor._built_files()).sentence


def test_old_translations_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "manifest.json")
    monkeypatch.setattr(translate, "CATALOGUE", tmp_path / "messages.po")
    (tmp_path / "messages.po").write_text('msgid "Door"\nmsgstr "Cửa"\n')
    translate.compile_all()
    assert not any(found.is_wrong for found in doctor._built_files())

    (tmp_path / "messages.po").write_text('msgid "Door"\nmsgstr "Nhà"\n')
    assert [found.remedy for found in doctor._built_files() if found.is_wrong] == ["webmap i18n"]


@pytest.mark.parametrize(
    ("free", "total", "is_wrong"), [(1, 100, True), (10, 100, True), (30, 1000, False), (50, 100, False)]
)
def test_a_full_disk_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, total: int, *, is_wrong: bool
) -> None:
    Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil's own
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(total * 1e9, (total - free) * 1e9, free * 1e9))

    [found] = doctor._folder(tmp_path)
    assert found.is_wrong is is_wrong


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")  # root may write anywhere, so the kernel's answer is made up

    monkeypatch.setattr(Path, "touch", refuse)

    [found] = doctor._folder(tmp_path)
    assert found.is_wrong
    assert "Permission denied" in found.sentence


def test_the_command_ends_with_1_when_anything_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda _: iter([Finding("All good."), Finding("Bad.", True, "mend it")]))
    result = CliRunner().invoke(cli.main, ["doctor"])

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "good   All good.",
        "WRONG  Bad.",
        "           mend it",
        "",
        "One thing is wrong.",
    ]

    monkeypatch.setattr(doctor, "examine", lambda _: iter([Finding("All good.")]))
    assert CliRunner().invoke(cli.main, ["doctor"]).exit_code == 0

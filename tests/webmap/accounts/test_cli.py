"""The first administrator, and a way back in, from the command line."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from webmap import cli
from webmap.accounts.passwords import is_right
from webmap.settings import settings


@pytest.fixture
def url(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    settings.cache_clear()
    yield fresh_database
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def with_areas(url: str, _app: Flask) -> str:
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into area (level_id, code, name, valid_from) select id, 'P1', 'Lào Cai', '2025-07-01'"
            " from area_level order by id limit 1"
        )
        connection.execute("select area_tree_rebuild()")
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["accounts", *arguments])


def one(url: str, query: str) -> tuple[object, ...] | None:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()  # type: ignore[call-overload, no-any-return]


def test_the_first_administrator_looks_after_the_top_of_the_tree(with_areas: str) -> None:
    said = run("add", "Lan", "--name", "Nguyễn Thị Lan")

    assert said.exit_code == 0, said.output
    kept = one(with_areas, "select full_name, role, must_change_password, sees_persons, password_hash from account")
    assert kept
    assert kept[:4] == ("Nguyễn Thị Lan", "admin", True, True)
    password = re.findall(r"signs in with (\S+)", said.output)[0]
    assert is_right(password, str(kept[4]))
    assert one(with_areas, "select name from account_area join area on area.id = area_id") == ("Lào Cai",)
    assert one(with_areas, "select action, account_id from audit_event") == ("add account", None)


def test_without_areas_it_says_what_comes_first(url: str) -> None:
    said = run("add", "lan")

    assert said.exit_code == 1
    assert "webmap import map" in said.output


def test_a_code_that_is_nowhere_is_named_and_nothing_is_added(with_areas: str) -> None:
    said = run("add", "lan", "--area", "P1", "--area", "P9")

    assert said.exit_code == 1
    assert "P1, P9" in said.output
    assert one(with_areas, "select count(*) from account") == (0,)


def test_the_same_name_twice_is_refused_in_words(with_areas: str) -> None:
    run("add", "lan")
    again = run("add", "lan")

    assert again.exit_code == 1
    assert "user name is taken" in again.output


def test_a_name_that_cannot_be_one_is_refused_in_words(with_areas: str) -> None:
    said = run("add", "Lan Anh")

    assert said.exit_code == 1
    assert "username" in said.output


def test_somebody_locked_out_gets_a_first_password_again(with_areas: str) -> None:
    run("add", "lan")
    before = one(with_areas, "select password_hash from account")
    said = run("reset-password", "lan")

    assert said.exit_code == 0, said.output
    after = one(with_areas, "select password_hash from account")
    assert after != before
    assert after
    assert is_right(re.findall(r"signs in with (\S+)", said.output)[0], str(after[0]))
    assert run("reset-password", "nobody").exit_code == 1

"""A database of the journey's own, its command line, and people at browsers."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from tests.journey.browser import Person
from webmap import cli
from webmap.database.engine import connect
from webmap.settings import settings


@pytest.fixture
def url(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    settings.cache_clear()
    yield fresh_database
    settings.cache_clear()


@pytest.fixture
def webmap(url: str) -> Iterator[Callable[..., str]]:
    """The command line. The pool is the test's own again afterwards."""
    engines = []

    def run(*words: str) -> str:
        said = CliRunner().invoke(cli.main, list(words))
        assert said.exit_code == 0, said.output
        engines.append(connect(url))
        return said.output

    yield run
    for engine in engines:
        engine.dispose()


@pytest.fixture
def at_a_browser(_app: Flask, url: str) -> Callable[[], Person]:
    assert url
    return lambda: Person(FlaskClient(_app, _app.response_class, use_cookies=True))

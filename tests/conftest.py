"""Fixtures for all tests: a database for the run, a transaction for the test.

session          everything written through it, or by the app while it is in use, is undone after the test
app, client      the app on that database; the client carries the form token
fresh_database   a database of the test's own, for tests that need real commits or several connections
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests import cluster
from tests.builders import Village
from tests.clients import PageClient
from webmap.accounts.scope import SYSTEM
from webmap.app import create_app
from webmap.areas.map_reading import in_one_process
from webmap.database.engine import connect, sessions, tell
from webmap.settings import Settings

# A busy machine is no failure: the suite has its own time limit.
hypothesis_settings.register_profile("suite", deadline=None)
hypothesis_settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name == "DATABASE_URL" or name.startswith("WEBMAP_")]:
        if name != cluster.VARIABLE:
            del os.environ[name]  # a developer's own settings are none of the tests' business
    if not hasattr(config, "workerinput"):
        cluster.remove_forgotten()
        cluster.choose_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        cluster.remove()


@pytest.fixture(scope="session")
def database_url() -> str:
    """This worker's database: migrated and empty. Write to it only through `session` or `app`."""
    return cluster.new_database(f"tests_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")


@pytest.fixture(scope="session")
def app_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("data"), secret_key="only-for-tests", is_https=False)


@pytest.fixture(scope="session")
def _app(database_url: str, app_settings: Settings) -> Iterator[Flask]:
    app = create_app(app_settings, database_url=database_url, testing=True)
    app.test_client_class = PageClient
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def session(_app: Flask) -> Iterator[Session]:
    """A session that asks as the system. The code under test shares its connection; all of it is undone."""
    engine = _app.extensions["engine"]
    with engine.connect() as connection:
        outer = connection.begin()
        sessions.configure(bind=connection, join_transaction_mode="create_savepoint")

        def remind(*_: object) -> None:
            tell(connection, SYSTEM)

        remind()
        # What the code under test tells PostgreSQL about who asks outlives its savepoint: tell again.
        event.listen(sessions, "after_commit", remind)
        with sessions() as own:
            own.begin()
            yield own
        event.remove(sessions, "after_commit", remind)
        outer.rollback()
    sessions.configure(bind=engine, join_transaction_mode="conditional_savepoint")


@pytest.fixture
def app(_app: Flask, session: Session) -> Flask:
    """The app; what it writes is undone after the test."""
    return _app


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser that is not signed in; `tests.clients.sign_in(session, client, account.id)` signs one in."""
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    return browser


@pytest.fixture
def fresh_database(_app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own, with real commits; `transaction()` and the app's code use it meanwhile."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    url = cluster.new_database(f"fresh_{worker}_{abs(hash(request.node.nodeid))}")
    engine = connect(url)
    yield url
    engine.dispose()
    sessions.configure(bind=_app.extensions["engine"], join_transaction_mode="conditional_savepoint")
    cluster.drop_database(url)


@pytest.fixture(scope="module")
def one_reader() -> Iterator[None]:
    """One process apart reads the map files of a module; what such a process withstands, test_apart.py asks."""
    with in_one_process():
        yield


@pytest.fixture
def shared_data() -> Path:
    """The folder of real files that may lie beside the project; tests that need it are skipped without it."""
    folder = Path(__file__).parent.parent.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with real files is not here")
    return folder


@pytest.fixture
def village(session: Session) -> Village:
    """The small world of tests/builders.py: two communes, families with cards, an account of each role."""
    return Village.built(session)

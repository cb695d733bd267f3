"""Starting a process to read each of a thousand small files would take half of these tests' time."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.mapfiles.files import Walk


@pytest.fixture(scope="module", autouse=True)
def _one_reader(one_reader: None) -> None:
    pass


@pytest.fixture
def walk(session: Session, client: PageClient, village: Village) -> Any:
    """Begin with a file as the administrator."""
    sign_in(session, client, village.admin.id)
    return lambda content, name="": Walk(session, client, village.admin.scope, content, name)

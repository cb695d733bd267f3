"""A village whose canvasser is signed in."""

import pytest
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in


@pytest.fixture
def village(session: Session, client: PageClient) -> Village:
    built = Village.built(session)
    sign_in(session, client, built.canvasser.id)
    return built

"""The small world with rows in every table."""

import pytest
from sqlalchemy.orm import Session

from tests.architecture.every_table import fill
from tests.builders import Village


@pytest.fixture
def full(session: Session, village: Village) -> Village:
    """The small world with rows in every table."""
    fill(session, village)
    return village

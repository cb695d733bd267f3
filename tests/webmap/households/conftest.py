"""What tests of households share: the small world, a browser for somebody of it, a page as text."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.builders import Member
from tests.clients import PageClient, sign_in

As = Callable[[Member], PageClient]


@pytest.fixture
def as_(session: Session, client: PageClient) -> As:
    """The browser, signed in as somebody."""

    def signed_in(member: Member) -> PageClient:
        sign_in(session, client, member.id)
        return client

    return signed_in


def page(client: PageClient, url: str, status: int = 200) -> str:
    """A page that has to answer with this status."""
    answer = client.get(url, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text[:2000]
    return answer.text

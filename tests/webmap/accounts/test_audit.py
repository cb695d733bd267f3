"""The audit's page: who did what in my areas, and what cannot be asked of it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from webmap import audit, clock


@pytest.fixture
def deeds(session: Session, village: Village) -> None:
    """One deed of the leader's, one of the canvasser's, one next door, one without an area."""
    audit.record(session, village.leader.scope, "publish plan", "plan", "p-1", area_id=village.commune_id, routes=3)
    audit.record(session, village.canvasser.scope, "record visit", "visit", "v-1", area_id=village.id)
    audit.record(session, village.stranger.scope, "export list", "household", area_id=village.neighbour_id, rows=9)
    audit.record(session, village.leader.scope, "<script>alert(1)</script>", "plan", area_id=village.id)
    session.flush()


@pytest.fixture
def supervisor(client: PageClient, session: Session, village: Village, deeds: None) -> PageClient:
    sign_in(session, client, village.supervisor.id)
    return client


def test_deeds_of_ones_areas_are_shown_newest_first(supervisor: PageClient) -> None:
    page = supervisor.get("/audit").text

    assert page.index("<b>Record visit</b>") < page.index("<b>Publish plan</b>")
    assert "tuyến: 3" in page
    assert "Hữu Tân" in page


def test_what_was_written_into_a_deed_is_text(supervisor: PageClient) -> None:
    page = supervisor.get("/audit").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_deeds_next_door_are_not_there(client: PageClient, session: Session, village: Village, deeds: None) -> None:
    sign_in(session, client, village.counter.id)
    page = client.get("/audit").text

    assert "Publish plan" in page
    assert "Export list" not in page
    assert "Export list" not in client.get("/audit?action=export+list").text


def test_deeds_are_found_by_kind_person_and_day(supervisor: PageClient, village: Village) -> None:
    today = clock.today()
    by_kind = supervisor.get("/audit?action=record+visit").text
    by_person = supervisor.get(f"/audit?account={village.canvasser.id}").text
    by_day = supervisor.get(f"/audit?from={today}&to={today}").text
    before = supervisor.get(f"/audit?to={today - timedelta(days=1)}").text

    for page in (by_kind, by_person):
        assert "<b>Record visit</b>" in page
        assert "<b>Publish plan</b>" not in page
    assert "<b>Publish plan</b>" in by_day
    assert "<b>Publish plan</b>" not in before


@pytest.mark.parametrize(
    "query",
    [
        "action=%00",
        "account=not-an-id",
        "from=2026-02-31&to=x",
        "page=-1",
        "page=99999999999999",
        "page=1e9",
        "from=0001-01-01",
    ],
)
def test_an_address_that_makes_no_sense_is_answered_all_the_same(supervisor: PageClient, query: str) -> None:
    assert supervisor.get(f"/audit?{query}").status_code == 200


def test_long_lists_are_paged(supervisor: PageClient, session: Session, village: Village) -> None:
    for number in range(60):
        audit.record(session, village.leader.scope, "place household", "household", number, area_id=village.id)
    session.flush()
    first, second = (supervisor.get(f"/audit?action=place+household&page={page}").text for page in (1, 2))

    assert first.count("<b>Place household</b>") == 50
    assert second.count("<b>Place household</b>") == 10
    assert "action=place+household&amp;page=2" in first

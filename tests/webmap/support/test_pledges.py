from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Member, Village, a_card, people_of
from tests.clients import PageClient, sign_in
from webmap import clock
from webmap.accounts.models import AuditEvent
from webmap.errors import NotFoundError
from webmap.households.models import Household, Person
from webmap.ids import uuid7
from webmap.support.pledges import conversions, pledges
from webmap.visits.inputs import NewVisit
from webmap.visits.service import record_visit

TODAY = clock.today()


def visited(
    session: Session, who: Member, household: Household, found: dict[UUID, dict[str, Any]], days_ago: int, **given: Any
) -> UUID:
    """A visit some days ago, through the service that phones use."""
    visit_id = uuid7()
    people = [{"person_id": str(person_id), **said} for person_id, said in found.items()]
    when = clock.now() - timedelta(days=days_ago)
    new = NewVisit.model_validate(
        {"household_id": str(household.id), "outcome": "met", "happened_at": when, "people": people, **given}
    )
    record_visit(session, who.scope, visit_id, new)
    return visit_id


def pledge(due_in: int, how: str | None = None) -> dict[str, Any]:
    return {"outcome": "pledged", "pledged_until": TODAY + timedelta(days=due_in), "pay_how": how}


@pytest.fixture
def woman(session: Session, village: Village) -> Person:
    """The one without a card of the second house, which is on the canvasser's route."""
    return people_of(session, village.households[1])[1]


def promised(session: Session, village: Village, person: Person, due_in: int, days_ago: int = 10) -> UUID:
    household = village.households[1]
    return visited(session, village.canvasser, household, {person.id: pledge(due_in, "forest_fund")}, days_ago)


def states(session: Session, village: Village, day: date = TODAY) -> dict[str, str]:
    return {row.full_name: row.state for row in pledges(session, village.leader.scope, village.commune_id, day)}


def test_a_pledge_is_open_until_its_day_and_overdue_after_it(session: Session, village: Village, woman: Person) -> None:
    promised(session, village, woman, 0)

    [row] = pledges(session, village.leader.scope, village.commune_id, TODAY)

    assert (row.state, row.pay_how, row.taken_by) == ("open", "forest_fund", "Canvasser Nguyễn")
    assert (row.first_on, row.due_on) == (TODAY - timedelta(days=10), TODAY)
    assert states(session, village, TODAY + timedelta(days=1)) == {woman.full_name: "overdue"}
    assert states(session, village, TODAY - timedelta(days=11)) == {}


def test_it_is_kept_by_a_card_that_begins_since_also_when_late(
    session: Session, village: Village, woman: Person
) -> None:
    promised(session, village, woman, -3)
    a_card(session, woman, valid_from=TODAY - timedelta(days=400), valid_to=TODAY - timedelta(days=30))
    assert states(session, village) == {woman.full_name: "overdue"}

    a_card(session, woman, valid_from=TODAY - timedelta(days=1), valid_to=TODAY + timedelta(days=90))

    assert states(session, village) == {woman.full_name: "kept"}


@pytest.mark.parametrize(
    ("later", "state"),
    [
        ({"outcome": "refused", "reason_group": "not_interested"}, "withdrawn"),
        ({"outcome": "deceased"}, "withdrawn"),
        ({"outcome": "moved"}, "withdrawn"),
        ({"outcome": "needs_support"}, "withdrawn"),
        ({"outcome": "enrolled"}, "reported"),
        ({"outcome": "away"}, "open"),
    ],
)
def test_what_is_said_later_may_end_it(
    session: Session, village: Village, woman: Person, later: dict[str, Any], state: str
) -> None:
    promised(session, village, woman, 5)

    visited(session, village.canvasser, village.households[1], {woman.id: later}, 2)

    assert states(session, village) == {woman.full_name: state}


def test_who_promises_again_has_one_pledge_with_the_newest_day(
    session: Session, village: Village, woman: Person
) -> None:
    visited(session, village.canvasser, village.households[1], {woman.id: {"outcome": "refused"}}, 30)
    promised(session, village, woman, -2, days_ago=20)
    promised(session, village, woman, 7, days_ago=1)

    [row] = pledges(session, village.leader.scope, village.commune_id, TODAY)

    assert (row.state, row.times, row.first_on) == ("open", 2, TODAY - timedelta(days=20))


def test_a_visit_recorded_by_mistake_leaves_no_pledge(session: Session, village: Village, woman: Person) -> None:
    wrong = promised(session, village, woman, 5)
    visited(
        session, village.canvasser, village.households[1], {woman.id: {"outcome": "refused"}}, 1,
        corrects_visit_id=str(wrong),
    )  # fmt: skip

    assert states(session, village) == {}


def test_the_page_tells_the_rate_by_village_and_whose_the_overdue_are(
    session: Session, client: PageClient, village: Village, woman: Person
) -> None:
    promised(session, village, woman, -3)
    for household in village.second_households:
        [_, other] = people_of(session, household)
        visited(session, village.leader, household, {other.id: pledge(9, "transfer")}, 5)
        if household.code == "QX-1":
            a_card(session, other, valid_from=TODAY, valid_to=TODAY + timedelta(days=90))
    sign_in(session, client, village.leader.id)
    rows = pledges(session, village.leader.scope, village.commune_id, TODAY)

    page = client.get(f"/areas/{village.commune_id}/pledges?lang=en").text

    assert [(one.name, one.kept, one.pledged) for one in conversions(rows)] == [
        ("", 1, 3), ("Hữu Tân", 0, 1), ("Quảng Xá", 1, 2),
    ]  # fmt: skip
    assert "33.3%" in page
    assert "3 days overdue" in page
    assert "taken by Canvasser Nguyễn" in page
    assert page.index("3 days overdue") < page.index("Bank transfer")
    only = client.get(f"/areas/{village.commune_id}/pledges?state=kept").text
    assert "Chuyển khoản" in only
    assert "rừng" not in only
    assert f"/areas/{village.commune_id}/pledges" in client.get(f"/areas/{village.commune_id}").text


def test_an_area_without_pledges_says_so(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.leader.id)

    answer = client.get(f"/areas/{village.second_id}/pledges?lang=en&state=nonsense")

    assert answer.status_code == 200
    assert "Nobody has pledged here yet" in answer.text


def test_a_stranger_and_who_may_not_see_persons_see_no_pledge(
    session: Session, client: PageClient, village: Village, woman: Person
) -> None:
    promised(session, village, woman, 3)

    with pytest.raises(NotFoundError):
        pledges(session, village.stranger.scope, village.commune_id, TODAY)
    assert pledges(session, village.stranger.scope, village.neighbour_commune_id, TODAY) == []
    sign_in(session, client, village.counter.id)
    assert client.get(f"/areas/{village.commune_id}/pledges").status_code == 403


def test_the_list_leaves_as_a_file_and_the_audit_knows(
    session: Session, client: PageClient, village: Village, woman: Person
) -> None:
    promised(session, village, woman, 3)
    sign_in(session, client, village.leader.id)
    address = f"/areas/{village.commune_id}/pledges/export"

    with client.get(f"{address}.csv") as sent:
        words = sent.text

    assert woman.full_name in words
    assert "rừng" in words
    assert client.get(f"{address}.pdf").status_code == 404
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "export pledges")).all()
    assert (event.area_id, event.facts["rows"]) == (village.commune_id, 1)

"""A visit that was wrong: the next one puts right what it did, and both stay in the history."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tests.builders import Village, people_of
from tests.clients import PageClient, sign_in
from tests.webmap.visits.phone import a_visit, count
from webmap.households.models import Person
from webmap.ids import uuid7
from webmap.visits.models import Visit


def sent(client: PageClient, household: Any, **given: Any) -> UUID:
    visit_id = uuid7()
    answer = client.put(f"/api/visits/{visit_id}", json=a_visit(household, **given)).get_json()
    assert answer["status"] == "stored"
    return visit_id


def about(person: Person, outcome: str, **given: Any) -> dict[str, Any]:
    return {"person_id": str(person.id), "outcome": outcome, **given}


def test_a_correction_puts_people_back_as_they_were(session: Session, client: PageClient, village: Village) -> None:
    person = people_of(session, village.household)[0]
    person.reason_group = "lost_subsidy"
    session.flush()
    wrong = sent(client, village.household, outcome="met", people=[about(person, "enrolled")])
    session.expire_all()
    assert (person.reported_on is not None, person.reason_group) == (True, None)

    sent(client, village.household, corrects_visit_id=str(wrong))

    session.expire_all()
    assert (person.reported_on, person.reason_group) == (None, "lost_subsidy")
    assert village.household.door_mark == "not_home"
    assert count(session, Visit) == 2


def test_a_correction_may_say_something_else_of_the_same_person(
    session: Session, client: PageClient, village: Village
) -> None:
    person = people_of(session, village.household)[0]
    wrong = sent(client, village.household, outcome="met", people=[about(person, "deceased")])

    refuses = about(person, "refused", reason_group="commercial")
    sent(client, village.household, outcome="met", people=[refuses], corrects_visit_id=str(wrong))

    session.expire_all()
    assert (person.residency, person.reason_group) == ("living", "commercial")


def test_what_a_later_visit_said_outlives_the_correction_of_an_earlier_one(
    session: Session, client: PageClient, village: Village
) -> None:
    person = people_of(session, village.household)[0]
    wrong = sent(client, village.household, outcome="met", people=[about(person, "needs_support")])
    sent(client, village.household, outcome="met", people=[about(person, "enrolled")])

    sent(client, village.household, corrects_visit_id=str(wrong))

    session.expire_all()
    assert person.reported_on is not None


def test_a_correction_sent_twice_is_one(session: Session, client: PageClient, village: Village) -> None:
    person = people_of(session, village.household)[0]
    wrong = sent(client, village.household, outcome="met", people=[about(person, "enrolled")])
    again, body = uuid7(), a_visit(village.household, corrects_visit_id=str(wrong))

    answers = [client.put(f"/api/visits/{again}", json=body).get_json()["status"] for _ in range(2)]

    assert answers == ["stored", "duplicate"]
    assert count(session, Visit) == 2


def test_the_phone_knows_the_last_visit_and_the_history_says_which_was_wrong(
    session: Session, client: PageClient, village: Village
) -> None:
    wrong = sent(client, village.household)
    right = sent(client, village.household, outcome="vacant", corrects_visit_id=str(wrong))

    stops = client.get(f"/api/walk/{village.route.id}").get_json()["stops"]
    last = next(stop for stop in stops if stop["household_id"] == str(village.household.id))["last_visit"]
    assert (last["id"], last["is_mine"], last["times"]) == (str(right), True, 1)

    sign_in(session, client, village.leader.id)
    page = client.get(f"/households/{village.household.id}/visits").get_data(as_text=True)
    assert page.count("ghi nhầm, đã được sửa") == 1

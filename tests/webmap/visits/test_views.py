"""Visits over HTTP: what a phone sends and what becomes of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Village, a_household, people_of
from tests.clients import PageClient
from tests.webmap.visits.phone import a_visit, count
from webmap import clock
from webmap.households.models import Household, Person
from webmap.ids import uuid7
from webmap.planning.models import Stop
from webmap.visits.models import QuarantinedEntry, Visit, VisitPerson


def test_a_visit_is_kept_and_the_door_carries_its_mark(session: Session, client: PageClient, village: Village) -> None:
    visit_id = uuid7()

    answer = client.put(f"/api/visits/{visit_id}", json=a_visit(village.household, note="Tối mới về"))

    assert answer.status_code == 200
    assert answer.get_json()["status"] == "stored"
    assert answer.get_json()["id"] == str(visit_id)
    session.expire_all()
    kept = session.get_one(Visit, visit_id)
    assert (kept.outcome, kept.note, kept.account_id) == ("not_home", "Tối mới về", village.canvasser.id)
    assert not kept.is_far
    assert village.household.door_mark == "not_home"
    assert village.household.due_on == clock.today() + timedelta(days=2)


def test_people_who_enrol_colour_the_house_and_change_the_figures(
    session: Session, client: PageClient, village: Village
) -> None:
    house = village.households[1]  # the man has a card, the woman has none
    woman = next(one for one in people_of(session, house) if one.status == "uncovered")

    client.put(
        f"/api/visits/{uuid7()}",
        json=a_visit(house, outcome="met", people=[{"person_id": str(woman.id), "outcome": "enrolled"}]),
    )

    session.expire_all()
    assert woman.status == "reported"
    assert woman.reported_on == clock.today()
    assert house.status == "reported"
    assert house.door_mark == "done"


def test_a_pledge_carries_its_day_and_its_next_step(session: Session, client: PageClient, village: Village) -> None:
    house = village.households[1]
    woman = next(one for one in people_of(session, house) if one.status == "uncovered")
    until = (clock.today() + timedelta(days=20)).isoformat()
    entry = {"person_id": str(woman.id), "outcome": "pledged", "pledged_until": until, "pay_how": "forest_fund"}

    client.put(f"/api/visits/{uuid7()}", json=a_visit(house, outcome="met", people=[entry]))

    session.expire_all()
    assert (woman.status, woman.pledged_until.isoformat(), woman.next_step) == ("pledged", until, "collect")  # type: ignore[union-attr]
    assert house.status == "pledged"
    assert session.scalars(select(VisitPerson.pay_how)).all() == ["forest_fund"]


def test_a_new_member_is_added_with_the_visit(session: Session, client: PageClient, village: Village) -> None:
    baby = uuid7()
    body = a_visit(
        village.household,
        outcome="met",
        new_people=[{"id": str(baby), "full_name": "Nguyễn  Thị Na", "birth_year": 2025}],
        people=[{"person_id": str(baby), "outcome": "needs_support", "reason_group": "under_six"}],
    )

    answer = client.put(f"/api/visits/{uuid7()}", json=body)

    assert answer.get_json()["status"] == "stored"
    session.expire_all()
    kept = session.get_one(Person, baby)
    assert (kept.full_name, kept.reason_group, kept.next_step) == ("Nguyễn Thị Na", "under_six", "sponsor")
    assert village.household.registered_count == 3


def test_the_first_visit_places_a_house_nobody_placed(session: Session, client: PageClient, village: Village) -> None:
    lost = a_household(session, village.id, "HT-99", lonlat=None)
    session.add(Stop(route_id=village.route.id, position=99, household_id=lost.id))
    session.flush()
    unsure = client.put(f"/api/visits/{uuid7()}", json=a_visit(lost, accuracy_metres=800))
    session.expire_all()
    assert unsure.get_json()["status"] == "stored"
    assert lost.point is None

    client.put(f"/api/visits/{uuid7()}", json=a_visit(lost, accuracy_metres=12))

    session.expire_all()
    assert lost.place_source == "surveyed"
    assert lost.place_accuracy_metres == 12
    where = session.execute(
        select(func.st_x(Household.point), func.st_y(Household.point)).where(Household.id == lost.id)
    )
    assert where.one() == (106.611, 17.26)


def test_far_from_the_door_is_marked_and_never_refused(session: Session, client: PageClient, village: Village) -> None:
    near, far = uuid7(), uuid7()

    client.put(f"/api/visits/{near}", json=a_visit(village.household))
    answer = client.put(f"/api/visits/{far}", json=a_visit(village.household, position={"lon": 106.615, "lat": 17.26}))

    assert answer.get_json()["is_far"] is True
    assert session.get_one(Visit, near).is_far is False
    assert session.get_one(Visit, far).metres_from_door == pytest.approx(425, abs=3)


def test_without_a_position_a_visit_is_kept_all_the_same(
    session: Session, client: PageClient, village: Village
) -> None:
    answer = client.put(f"/api/visits/{uuid7()}", json=a_visit(village.household, position=None, accuracy_metres=None))

    assert answer.get_json() | {"id": ""} == {
        "id": "", "status": "stored", "code": None, "is_far": False, "metres_from_door": None,
    }  # fmt: skip


def test_sent_twice_is_kept_once(session: Session, client: PageClient, village: Village) -> None:
    visit_id, body = uuid7(), a_visit(village.household)

    answers = [client.put(f"/api/visits/{visit_id}", json=body).get_json()["status"] for _ in range(3)]

    assert answers == ["stored", "duplicate", "duplicate"]
    assert count(session, Visit) == 1


def test_one_id_for_two_visits_is_a_conflict_that_loses_nothing(
    session: Session, client: PageClient, village: Village
) -> None:
    visit_id = uuid7()
    client.put(f"/api/visits/{visit_id}", json=a_visit(village.household))
    other = a_visit(village.household, note="khác hẳn")

    first = client.put(f"/api/visits/{visit_id}", json=other)
    again = client.put(f"/api/visits/{visit_id}", json=other)

    assert (first.status_code, again.status_code) == (409, 409)
    assert first.get_json()["status"] == "quarantined"
    assert first.get_json()["id"] == str(visit_id)
    assert session.get_one(Visit, visit_id).note is None
    kept = session.scalars(select(QuarantinedEntry)).one()
    assert json.loads(kept.body)["note"] == "khác hẳn"
    assert kept.code == "visit_id_taken"


@pytest.mark.parametrize(
    "spoil",
    [
        {"outcome": "danced"},
        {"happened_at": "yesterday"},
        {"happened_at": "2026-05-20T08:00:00"},
        {"happened_at": "1970-01-01T00:00:00+00:00"},
        {"position": {"lon": False, "lat": 1e400}},
        {"note": "a\x00b"},
        {"accuracy_metres": 1e-60, "position": {"lon": 181, "lat": 0}},
        {"people": [{"person_id": "00000000-0000-4000-8000-00000000000a", "outcome": "pledged"}]},
        {"people": [{"person_id": "00000000-0000-4000-8000-00000000000b", "outcome": "enrolled"}]},
        {"unheard_of": 1},
    ],
    ids=str,
)
def test_what_cannot_be_kept_is_set_aside_raw_and_named_as_received(
    session: Session, client: PageClient, village: Village, spoil: dict[str, Any]
) -> None:
    visit_id = uuid7()

    answer = client.put(f"/api/visits/{visit_id}", json=a_visit(village.household) | spoil)

    assert answer.status_code == 200
    assert (answer.get_json()["id"], answer.get_json()["status"]) == (str(visit_id), "quarantined")
    assert count(session, Visit) == 0
    assert json.loads(session.scalars(select(QuarantinedEntry.body)).one())["outcome"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff\xfe", b"[" * 5000])
def test_bytes_that_are_no_visit_are_set_aside(
    session: Session, client: PageClient, village: Village, body: bytes
) -> None:
    answer = client.put(f"/api/visits/{uuid7()}", data=body, content_type="application/json")

    assert answer.status_code == 200
    assert answer.get_json()["status"] == "quarantined"
    assert session.scalars(select(QuarantinedEntry.body)).one() == body


def test_a_body_of_a_megabyte_is_no_visit(client: PageClient, village: Village) -> None:
    answer = client.put(f"/api/visits/{uuid7()}", data=b"x" * 1_000_000, content_type="application/json")

    assert answer.status_code == 413

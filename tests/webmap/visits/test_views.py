"""Visits over HTTP: what a phone sends, from whom, how often, how late."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village, a_household, people_of
from tests.clients import PageClient, sign_in
from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.database.engine import reading, transaction
from webmap.households.models import Household, Person
from webmap.ids import uuid7
from webmap.planning.models import Stop
from webmap.visits.inputs import NewVisit
from webmap.visits.models import QuarantinedEntry, Visit, VisitPerson
from webmap.visits.service import record_visit


@pytest.fixture
def village(session: Session, client: PageClient) -> Village:
    built = Village.built(session)
    sign_in(session, client, built.canvasser.id)
    return built


def a_visit(household: Household | UUID, **given: Any) -> dict[str, Any]:
    """What a phone sends: nobody home, just now, at the door."""
    household_id = household if isinstance(household, UUID) else household.id
    happened = given.pop("happened_at", clock.now())
    return {
        "household_id": str(household_id),
        "outcome": "not_home",
        "happened_at": happened.isoformat(),
        "position": {"lon": 106.611, "lat": 17.26},
        "accuracy_metres": 6.5,
        **given,
    }


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


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
        {"people": [{"person_id": str(uuid4()), "outcome": "pledged"}]},
        {"people": [{"person_id": str(uuid4()), "outcome": "enrolled"}]},
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


def test_a_stranger_changes_nothing_and_learns_nothing(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.members["strange_canvasser"].id)

    mine = client.put(f"/api/visits/{uuid7()}", json=a_visit(village.household))
    absent = client.put(f"/api/visits/{uuid7()}", json=a_visit(uuid7()))

    assert mine.get_json() | {"id": ""} == absent.get_json() | {"id": ""}
    assert count(session, Visit) == 0
    session.expire_all()
    assert village.household.door_mark == "not_visited"


def test_a_canvasser_sees_only_the_doors_of_her_routes(session: Session, client: PageClient, village: Village) -> None:
    other_door = village.households[2]  # of her village, but on nobody's route

    answer = client.put(f"/api/visits/{uuid7()}", json=a_visit(other_door))

    assert answer.get_json()["status"] == "quarantined"
    assert client.get(f"/api/walk/{village.neighbour_route.id}").status_code == 404
    assert client.get(f"/walk/{village.neighbour_route.id}").status_code == 404


def test_nobody_is_asked_to_sign_in_and_nothing_is_kept(session: Session, app: Flask, village: Village) -> None:
    nobody = app.test_client()
    assert isinstance(nobody, PageClient)

    assert nobody.put(f"/api/visits/{uuid7()}", json=a_visit(village.household)).status_code == 401
    assert count(session, Visit) == count(session, QuarantinedEntry) == 0


def test_a_visit_that_comes_after_the_plan_was_closed_is_kept(
    session: Session, client: PageClient, village: Village
) -> None:
    village.plan.state = "closed"
    session.flush()

    answer = client.put(f"/api/visits/{uuid7()}", json=a_visit(village.household))

    assert answer.get_json()["status"] == "stored"
    session.expire_all()
    assert session.scalars(select(Visit.account_id)).one() == village.canvasser.id
    assert village.household.door_mark == "not_home"


def test_a_late_visit_does_not_undo_a_newer_one(session: Session, client: PageClient, village: Village) -> None:
    now = clock.now()
    woman = people_of(session, village.households[1])[1]
    newer = a_visit(
        village.households[1],
        outcome="met",
        happened_at=now - timedelta(hours=1),
        people=[{"person_id": str(woman.id), "outcome": "enrolled"}],
    )
    older = a_visit(
        village.households[1],
        outcome="met",
        happened_at=now - timedelta(days=9),
        people=[{"person_id": str(woman.id), "outcome": "refused"}],
    )

    for body in (newer, older):
        assert client.put(f"/api/visits/{uuid7()}", json=body).get_json()["status"] == "stored"

    session.expire_all()
    assert count(session, Visit) == 2
    assert village.households[1].door_mark == "done"
    assert woman.status == "reported"


def test_a_phone_from_the_future_does_not_stand_above_all_later_visits(
    session: Session, client: PageClient, village: Village
) -> None:
    client.put(f"/api/visits/{uuid7()}", json=a_visit(village.household, happened_at=clock.now() + timedelta(days=400)))
    client.put(f"/api/visits/{uuid7()}", json=a_visit(village.household, outcome="refused"))

    session.expire_all()
    assert village.household.door_mark == "refused"


def test_an_early_morning_visit_counts_for_the_day_in_vietnam(
    session: Session, client: PageClient, village: Village
) -> None:
    at_dawn = datetime(2026, 5, 20, 23, 30, tzinfo=UTC)  # 06:30 on the 21st in the village

    client.put(f"/api/visits/{uuid7()}", json=a_visit(village.household, happened_at=at_dawn))

    session.expire_all()
    assert village.household.due_on.isoformat() == "2026-05-23"  # type: ignore[union-attr]


def test_a_visit_cannot_be_changed_or_taken_away(session: Session, client: PageClient, village: Village) -> None:
    client.put(f"/api/visits/{uuid7()}", json=a_visit(village.household))

    for deed in ("update visit set note = 'x'", "delete from visit"):
        with pytest.raises(Exception, match="permission denied"), session.begin_nested():
            session.execute(text(deed))


def test_every_visit_is_in_the_audit(session: Session, client: PageClient, village: Village) -> None:
    client.put(f"/api/visits/{uuid7()}", json=a_visit(village.household))

    assert (
        session.scalar(
            text("select count(*) from audit_event where action = 'recorded a visit' and account_id = :id"),
            {"id": village.canvasser.id},
        )
        == 1
    )


def test_twelve_phones_that_send_one_visit_at_once_leave_one_row(fresh_database: str) -> None:
    with transaction(SYSTEM) as session:
        village = Village.built(session)
        scope, household_id = village.canvasser.scope, village.household.id
    visit_id = uuid7()
    new = NewVisit.model_validate(a_visit(household_id))

    def send(_: int) -> str:
        with transaction(scope) as session:
            return record_visit(session, scope, visit_id, new).status

    with ThreadPoolExecutor(12) as pool:
        answers = sorted(pool.map(send, range(12)))

    assert answers == ["duplicate"] * 11 + ["stored"]
    with reading(SYSTEM) as session:
        assert count(session, Visit) == 1


def test_the_page_of_a_route_lists_its_doors_without_any_script(client: PageClient, village: Village) -> None:
    index = client.get("/walk?lang=en")
    page = client.get(f"/walk/{village.route.id}?lang=en")
    snapshot = client.get(f"/api/walk/{village.route.id}").get_json()

    assert f"/walk/{village.route.id}" in index.text
    assert "Nguyễn Văn Đào HT-1" in page.text
    assert [stop["position"] for stop in snapshot["stops"]] == [1, 2]
    assert len(snapshot["stops"][0]["people"]) == 2
    assert "citizen_id" not in json.dumps(snapshot)


def test_leaders_look_at_what_was_set_aside_and_strangers_do_not(
    session: Session, client: PageClient, village: Village
) -> None:
    client.put(f"/api/visits/{uuid7()}", json={"nothing": "of use"})
    entry = session.scalars(select(QuarantinedEntry)).one()
    sign_in(session, client, village.stranger.id)
    assert "of use" not in client.get("/visits/set-aside").text
    assert client.post(f"/visits/set-aside/{entry.id}").status_code == 404

    sign_in(session, client, village.leader.id)
    assert "of use" in client.get("/visits/set-aside").text
    client.post(f"/visits/set-aside/{entry.id}")

    session.expire_all()
    assert entry.settled_by == village.leader.id
    assert "of use" not in client.get("/visits/set-aside").text

"""Visits over HTTP: from whom, how often, how late, in what order."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.builders import Village, people_of
from tests.clients import PageClient, sign_in
from tests.webmap.visits.phone import a_visit, count
from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.database.engine import reading, transaction
from webmap.ids import uuid7
from webmap.visits.inputs import NewVisit
from webmap.visits.models import QuarantinedEntry, Visit
from webmap.visits.service import record_visit


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

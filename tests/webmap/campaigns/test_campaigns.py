from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from webmap import clock
from webmap.accounts.models import AuditEvent
from webmap.campaigns import queries
from webmap.campaigns.models import Campaign, Milestone
from webmap.campaigns.rules import goal_of_day, read_bounds
from webmap.jobs import Job

WORDS = {
    "name": "Đi từng ngõ",
    "starts_on": "2026-01-01",
    "ends_on": "2026-06-30",
    "warning_days": "30",
    "class_bounds": "70 80 90 95 97",
}


@pytest.fixture
def village(session: Session) -> Village:
    return Village.built(session)


@pytest.fixture
def campaign(session: Session, village: Village) -> Campaign:
    new = Campaign(
        area_id=village.commune_id,
        name="Tân Ninh 2026",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 30),
        class_bounds=[Decimal(90), Decimal(95)],
    )
    session.add(new)
    session.flush()
    for due_on, measure, value in (
        (date(2026, 5, 31), "registered_rate", 97),
        (date(2026, 6, 30), "living_rate", 100),
        (date(2026, 2, 28), "new_cards", 500),
    ):
        session.add(Milestone(campaign_id=new.id, due_on=due_on, measure=measure, value=Decimal(value)))
    session.flush()
    return new


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("70 80 90 95 97", [70, 80, 90, 95, 97]),
        ("92,5; 97%", [Decimal("92.5"), 97]),
        ("101.12", [Decimal("101.12")]),
        ("80 70", None),
        ("70 70", None),
        ("0 50", None),
        ("1 2 3 4 5 6", None),
        ("NaN", None),
        ("many", None),
        ("", None),
        ("201", None),
    ],
)
def test_bounds_are_read_as_people_type_them(words: str, expected: list[Decimal] | None) -> None:
    assert read_bounds(words) == expected


def test_a_day_is_measured_by_the_next_rate_that_is_due(session: Session, campaign: Campaign) -> None:
    milestones = queries.milestones(session, campaign.id)

    def goal(day: date) -> Decimal | None:
        found = goal_of_day(milestones, day)
        return None if found is None else found.value

    assert (goal(date(2026, 1, 5)), goal(date(2026, 5, 31)), goal(date(2026, 6, 1))) == (97, 97, 100)
    assert goal(date(2026, 9, 1)) == 100
    assert goal_of_day([], date(2026, 9, 1)) is None


def test_a_village_takes_part_in_the_campaign_of_its_commune(
    session: Session, village: Village, campaign: Campaign
) -> None:
    day = date(2026, 3, 1)

    found = queries.campaign_of(session, village.leader.scope, village.id, day)

    assert found is campaign
    assert queries.class_bounds(session, village.leader.scope, village.id, day) == (90, 95)
    assert queries.campaign_of(session, village.stranger.scope, village.neighbour_id, day) is None
    assert queries.class_bounds(session, village.stranger.scope, village.neighbour_id, day) == queries.USUAL_BOUNDS


def test_a_running_campaign_above_goes_before_one_that_is_over(
    session: Session, village: Village, campaign: Campaign
) -> None:
    province = Campaign(
        area_id=village.province_id, name="Tỉnh", starts_on=date(2026, 7, 1), ends_on=date(2026, 12, 31)
    )
    session.add(province)
    session.flush()

    found = queries.campaign_of(session, village.leader.scope, village.id, date(2026, 8, 1))

    assert found is province


def test_a_supervisor_begins_and_changes_a_campaign_and_the_audit_knows(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.supervisor.id)
    page = f"/areas/{village.commune_id}/campaign"

    assert client.post(page, data=WORDS).status_code == 302
    made = session.scalars(select(Campaign)).one()
    address = f"/areas/{village.commune_id}/campaigns/{made.id}"
    changed = {**WORDS, "warning_days": "45", "class_bounds": "80 90 100"}
    assert client.post(address, data=changed).status_code == 302
    assert client.post(address, data=changed).status_code == 302

    session.refresh(made)
    assert (made.warning_days, made.class_bounds) == (45, [80, 90, 100])
    deeds = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert deeds == ["begin campaign", "change campaign"]  # saying the same twice is no change
    assert session.scalar(select(func.count()).where(Job.name == "coverage of an area")) == 2
    assert "Đi từng ngõ" in client.get(page).text


def test_milestones_are_added_once_and_removed(
    session: Session, client: PageClient, village: Village, campaign: Campaign
) -> None:
    sign_in(session, client, village.supervisor.id)
    address = f"/areas/{village.commune_id}/campaigns/{campaign.id}/milestones"
    given = {"due_on": "2026-04-30", "measure": "living_rate", "value": "98,5"}

    assert client.post(address, data=given).status_code == 302
    assert client.post(address, data=given).status_code == 302
    assert client.post(address, data={**given, "value": "99"}).status_code == 409
    made = session.scalars(select(Milestone).where(Milestone.due_on == date(2026, 4, 30))).one()
    assert made.value == Decimal("98.5")

    for _ in range(2):
        assert client.post(f"{address}/{made.id}/remove").status_code == 302
    assert session.scalar(select(func.count()).select_from(Milestone)) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": "2025-12-31"},
        {"class_bounds": "97 95"},
        {"warning_days": "0"},
        {"name": ""},
        {"starts_on": "31/01/2026"},
    ],
)
def test_a_wrong_campaign_is_named_and_changes_nothing(
    session: Session, client: PageClient, village: Village, wrong: dict[str, str]
) -> None:
    sign_in(session, client, village.supervisor.id)

    answer = client.post(f"/areas/{village.commune_id}/campaign", data={**WORDS, **wrong})

    assert answer.status_code == 422
    assert session.scalar(select(func.count()).select_from(Campaign)) == 0


def test_a_milestone_of_half_a_person_is_refused(
    session: Session, client: PageClient, village: Village, campaign: Campaign
) -> None:
    sign_in(session, client, village.supervisor.id)
    address = f"/areas/{village.commune_id}/campaigns/{campaign.id}/milestones"

    for wrong in ({"measure": "new_cards", "value": "10.5"}, {"measure": "living_rate", "value": "300"}):
        assert client.post(address, data={"due_on": "2026-04-30", **wrong}).status_code == 422


def test_strangers_find_no_campaign_and_leaders_may_only_look(
    session: Session, client: PageClient, village: Village, campaign: Campaign
) -> None:
    page = f"/areas/{village.commune_id}/campaign"
    sign_in(session, client, village.stranger.id)
    assert client.get(page).status_code == 404

    sign_in(session, client, village.leader.id)
    shown = client.get(page)
    assert shown.status_code == 200
    assert "<form" not in shown.text.partition("<main")[2]
    assert client.post(page, data=WORDS).status_code == 403


def test_a_supervisor_cannot_change_the_campaign_of_a_larger_area(
    session: Session, client: PageClient, village: Village
) -> None:
    today = clock.today()
    above = Campaign(area_id=village.province_id, name="Tỉnh", starts_on=today, ends_on=today)
    session.add(above)
    session.flush()
    sign_in(session, client, village.counter.id)  # a supervisor of the commune
    page = f"/areas/{village.commune_id}/campaign"

    assert "Tỉnh" in client.get(page).text
    answer = client.post(f"/areas/{village.commune_id}/campaigns/{above.id}", data=WORDS)

    assert answer.status_code == 404
    assert above.name == "Tỉnh"

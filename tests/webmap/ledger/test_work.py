"""Work lists: one line a person, what is next, by when, whose; and the reasons that follow from cards."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.builders import Village, a_card, a_person, people_of
from tests.clients import PageClient, sign_in
from webmap import clock
from webmap.accounts.models import AuditEvent
from webmap.campaigns.models import Team
from webmap.coverage.service import refresh_households
from webmap.households.models import Card, Person
from webmap.ledger import service, work
from webmap.ledger.errors import UnknownWorkFilterError

TODAY = clock.today()


@pytest.fixture
def person(session: Session, village: Village) -> Person:
    """Somebody of a third household without anybody else to visit."""
    for one in people_of(session, village.households[2]):
        a_card(session, one)
        one.reason_group = None
    made = a_person(session, village.households[2], "Lê Thị Hoa", residency="living")
    refreshed(session, village)
    return made


def refreshed(session: Session, village: Village) -> None:
    refresh_households(session, [one.id for one in village.households])


def told(session: Session, village: Village, name: str) -> list[tuple[str, date | None]]:
    rows = work.everything(session, village.commune_id, work.WorkFilter())
    return [(row.task, row.due_on) for row in rows if row.full_name == name]


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("facts", "meant"),
    [
        ({}, ("no_step", None)),
        ({"pledged_until": in_days(-1)}, ("pledge_overdue", in_days(-1))),
        ({"pledged_until": in_days(3)}, ("collect", in_days(3))),
        ({"next_step": "sponsor"}, ("sponsor", None)),
        ({"next_step": "revisit", "next_step_on": in_days(9)}, ("revisit", in_days(9))),
        ({"reported_on": in_days(-15)}, ("reported_late", in_days(-1))),
    ],
)
def test_each_of_the_uncovered_has_one_next_step(
    session: Session, village: Village, person: Person, facts: dict[str, object], meant: object
) -> None:
    for name, value in facts.items():
        setattr(person, name, value)
    refreshed(session, village)

    assert told(session, village, "Lê Thị Hoa") == [meant]


def test_who_reported_lately_or_left_the_register_needs_nothing(
    session: Session, village: Village, person: Person
) -> None:
    person.reported_on = TODAY
    refreshed(session, village)
    assert told(session, village, "Lê Thị Hoa") == []

    person.reported_on, person.residency = None, "moved_out"
    refreshed(session, village)
    assert told(session, village, "Lê Thị Hoa") == []


@pytest.mark.parametrize(
    ("days", "seen"), [(6, {"7": 1, "30": 1, "60": 1}), (45, {"7": 0, "30": 0, "60": 1}), (61, None)]
)
def test_the_radar_shows_cards_that_end(
    session: Session, village: Village, person: Person, days: int, seen: dict[str, int] | None
) -> None:
    before = work.radar(session, village.commune_id)
    a_card(session, person, valid_to=in_days(days))
    refreshed(session, village)

    after = work.radar(session, village.commune_id)

    assert {name: after[name] - before[name] for name in ("7", "30", "60")} == (seen or {"7": 0, "30": 0, "60": 0})


def test_work_belongs_to_whose_route_it_is_else_to_the_only_team_of_the_village(
    session: Session, village: Village, person: Person
) -> None:
    team = Team(area_id=village.id, name="Tổ Phụ nữ", organisation="Hội Phụ nữ")
    session.add(team)
    session.flush()
    rows = {row.code: row for row in work.everything(session, village.commune_id, work.WorkFilter())}

    assert rows["HT-2"].walkers == "Canvasser Nguyễn"  # on her published route
    assert (rows["HT-3"].team, rows["HT-3"].organisation, rows["HT-3"].walkers) == ("Tổ Phụ nữ", "Hội Phụ nữ", None)
    assert rows["QX-2"].team is None

    session.add(Team(area_id=village.id, name="Tổ Thanh niên"))
    session.flush()
    rows = {row.code: row for row in work.everything(session, village.commune_id, work.WorkFilter())}
    assert rows["HT-3"].team is None  # two teams: nobody knows whose


def test_the_page_filters_and_counts(session: Session, village: Village, person: Person, client: PageClient) -> None:
    person.pledged_until = in_days(-2)
    refreshed(session, village)
    sign_in(session, client, village.leader.id)

    page = client.get(f"/areas/{village.commune_id}/work?task=pledge_overdue&within=overdue").get_data(as_text=True)
    empty = client.get(f"/areas/{village.commune_id}/work?task=sponsor").get_data(as_text=True)
    sheet = client.get(f"/areas/{village.commune_id}/work/sheet?task=pledge_overdue").get_data(as_text=True)
    book = client.get(f"/areas/{village.commune_id}/work.xlsx?task=pledge_overdue", buffered=True)

    assert "Lê Thị Hoa" in page
    assert "HT-2" not in page
    assert "không còn việc gì" in empty
    assert "Lê Thị Hoa" in sheet
    rows = list(openpyxl.load_workbook(BytesIO(book.data)).active.iter_rows(min_row=2, values_only=True))  # type: ignore[union-attr]
    assert [row[2] for row in rows] == ["Lê Thị Hoa"]
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "export work list")).all()
    assert [(event.facts["kind"], event.facts["rows"]) for event in events] == [("paper", 1), ("xlsx", 1)]


@pytest.mark.parametrize("asked", [{"task": "dance"}, {"within": "5"}, {"team": "x"}, {"reason": "none"}])
def test_an_unknown_filter_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(UnknownWorkFilterError):
        work.parse(MultiDict(asked))


def test_a_card_that_ended_says_why_unless_somebody_said_it_already(
    session: Session, village: Village, person: Person
) -> None:
    ended = {"valid_from": in_days(-400), "valid_to": in_days(-3)}
    poor, hard = (a_person(session, village.households[2], name) for name in ("Nguyễn Văn Nghèo", "Nguyễn Văn Khó"))
    hard.reason_group = "hardship"
    a_card(session, person, **ended)
    a_card(session, poor, category="HN", **ended)
    a_card(session, poor, category="GD", valid_from=in_days(-900), valid_to=in_days(-500))
    a_card(session, hard, **ended)
    refreshed(session, village)

    assert service.reasons_by_rule(session, village.id) == 2
    assert service.reasons_by_rule(session, village.id) == 0

    session.expire_all()
    assert [one.reason_group for one in (person, poor, hard)] == ["expired", "lost_subsidy", "hardship"]


def test_a_reason_that_the_rule_gave_goes_when_a_card_holds_again(
    session: Session, village: Village, person: Person
) -> None:
    card = a_card(session, person, valid_from=in_days(-400), valid_to=in_days(-3))
    refreshed(session, village)
    service.reasons_by_rule(session, village.id)

    session.get_one(Card, card.id).valid_to = in_days(300)
    refreshed(session, village)
    service.reasons_by_rule(session, village.id)

    assert session.scalar(text("select reason_group from person where id = :id"), {"id": person.id}) is None

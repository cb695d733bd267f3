"""The ledger through its pages: figures, the people behind each, files, and who may see them."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tests.builders import Village, a_card, a_household, a_person, an_area, people_of
from tests.clients import PageClient, sign_in
from webmap import clock
from webmap.accounts.models import AuditEvent
from webmap.accounts.scope import SYSTEM
from webmap.areas.models import AreaParent, HouseholdMove
from webmap.database.engine import tell
from webmap.households.models import Card, Person
from webmap.ids import uuid7
from webmap.ledger import queries
from webmap.ledger.queries import Period
from webmap.ledger.rules import LINES
from webmap.roll.models import RollImport, RollRow

TODAY = clock.today()
LAST_WEEK = TODAY - timedelta(days=7)
ADDRESS = f"from={LAST_WEEK}&to={TODAY}"


@pytest.fixture
def known(session: Session, village: Village) -> Village:
    """Everything of the small world has been known for ten days. In HT-1 she has the card of a poor household."""
    woman = people_of(session, village.households[0])[1]
    session.execute(update(Card).where(Card.person_id == woman.id).values(category="HN"))
    for table in (Person, Card):
        session.execute(update(table).values(known_from=clock.now() - timedelta(days=10)))
    session.expire_all()
    return village


def a_roll(session: Session, village: Village, *, is_complete: bool = True, area_id: int | None = None) -> RollImport:
    """A roll of the commune that was applied today."""
    new = RollImport(
        id=uuid7(), area_id=area_id or village.commune_id, account_id=village.leader.id, file_name="ds.xlsx",
        sha256="0", purpose="coverage", legal_basis="task", listed_on=TODAY, is_complete=is_complete, state="applied",
        applied_at=clock.now(),
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new


def numbers(session: Session, area_id: int) -> dict[str, int]:
    """The lines of the sheet that are not empty."""
    sheet = queries.sheet(session, SYSTEM, area_id, Period(LAST_WEEK, TODAY))
    return {code: sheet.number(code) for code in LINES if sheet.number(code)}


def test_a_week_in_which_something_of_everything_happened(session: Session, known: Village) -> None:
    man, woman = people_of(session, known.households[0])  # both covered
    alone, other = people_of(session, known.households[1])  # he covered, she not
    third, fourth = people_of(session, known.households[2])  # nobody covered
    a_person(session, known.households[0], "Nguyễn Bé Na", birth_on=TODAY - timedelta(days=2))
    man.residency = "deceased"
    session.execute(update(Card).where(Card.person_id == woman.id).values(valid_to=TODAY - timedelta(days=1)))
    alone.residency = "moved_out"
    other.reported_on = LAST_WEEK - timedelta(days=2)
    a_card(session, other)
    third.reported_on = TODAY - timedelta(days=30)
    fourth.residency = "away"
    session.flush()

    found = numbers(session, known.id)

    assert {code: found.get(code) for code in ("opening", "born", "deceased", "moved_out", "closing")} == {
        "opening": 6, "born": 1, "deceased": 1, "moved_out": 1, "closing": 5,
    }  # fmt: skip
    assert {code for code in found if code in {"confirmed", "reported_late", "lost_subsidy", "away", "stayed"}} == {
        "confirmed", "reported_late", "lost_subsidy", "away", "stayed",
    }  # fmt: skip
    assert (found["opening_covered"], found["left_covered"], found["lost_cover"], found["closing_covered"]) == (
        3,
        2,
        1,
        1,
    )


def test_a_move_within_the_area_is_no_event_and_one_across_its_border_is(session: Session, known: Village) -> None:
    mover = people_of(session, known.households[0])[0]
    mover.household_id, mover.area_id = known.second_households[0].id, known.second_id
    session.flush()

    assert "moved_out" not in numbers(session, known.commune_id)
    assert numbers(session, known.id)["moved_out"] == 1
    assert numbers(session, known.second_id)["arrived"] == 1


def test_a_village_that_was_split_on_the_map_has_moved_nobody(session: Session, known: Village) -> None:
    new = an_area(session, "1920709", "Hữu Tân Mới", "village", None)
    session.add(AreaParent(area_id=new, parent_id=known.commune_id, valid_from=date(2020, 1, 1)))
    session.flush()
    session.execute(text("select area_tree_rebuild()"))
    door = known.households[0]
    session.execute(text("update household set area_id = :new where id = :id"), {"new": new, "id": door.id})
    move = {"from_area_id": known.id, "to_area_id": new}
    session.add(HouseholdMove(household_id=door.id, moved_on=TODAY - timedelta(days=100), **move))
    session.flush()

    assert numbers(session, new)["covered"] == 2
    assert numbers(session, new)["opening"] == numbers(session, new)["closing"] == 2
    assert "moved_out" not in numbers(session, known.id)


def test_the_sheet_shows_figures_that_open_their_people(session: Session, known: Village, client: PageClient) -> None:
    person = people_of(session, known.households[2])[0]
    a_card(session, person)
    sign_in(session, client, known.leader.id)

    page = client.get(f"/areas/{known.commune_id}/ledger?{ADDRESS}").get_data(as_text=True)
    behind = client.get(f"/areas/{known.commune_id}/ledger/newly_covered?{ADDRESS}").get_data(as_text=True)

    assert f"/areas/{known.commune_id}/ledger/newly_covered?" in page
    assert person.full_name in behind
    assert f"/households/{person.household_id}" in behind
    assert people_of(session, known.households[0])[0].full_name not in behind


def test_people_of_one_village_only(session: Session, known: Village, client: PageClient) -> None:
    sign_in(session, client, known.leader.id)

    page = client.get(f"/areas/{known.commune_id}/ledger/covered?{ADDRESS}&below={known.second_id}")
    nobody = client.get(f"/areas/{known.commune_id}/ledger/covered?{ADDRESS}&below={known.neighbour_id}")

    assert "QX-1" in page.get_data(as_text=True)
    assert "HT-1" not in page.get_data(as_text=True)
    assert nobody.status_code == 404


def test_someone_who_moved_beyond_my_areas_is_named_as_she_was_and_not_where_she_is(
    session: Session, known: Village, client: PageClient
) -> None:
    mover = people_of(session, known.households[0])[0]
    mover.household_id, mover.area_id = known.neighbour_households[0].id, known.neighbour_id
    mover.full_name = "Tên Mới Ở Nơi Khác"
    session.flush()
    sign_in(session, client, known.leader.id)

    page = client.get(f"/areas/{known.commune_id}/ledger/moved_out?{ADDRESS}").get_data(as_text=True)

    assert "Nguyễn Văn Đào HT-1" in page
    assert "Tên Mới" not in page
    assert str(known.neighbour_households[0].id) not in page


def test_the_roll_side_stands_beside_the_sums(session: Session, known: Village, client: PageClient) -> None:
    roll = a_roll(session, known)
    listed, unlisted = people_of(session, known.households[0])
    rows = [
        {"verdict": "same", "person_id": listed.id, "area_id": known.id},
        {"verdict": "twice", "person_id": listed.id, "area_id": known.id},
        {"verdict": "stranger", "area_id": known.second_id},
        {"verdict": "stranger", "area_id": None},
        {"verdict": "stranger", "area_id": known.neighbour_id},
    ]
    for number, row in enumerate(rows):
        session.add(RollRow(import_id=roll.id, row_number=number, full_name=f"Người Lạ {number}", **row))
    session.flush()
    sign_in(session, client, known.leader.id)

    page = client.get(f"/areas/{known.commune_id}/ledger/stranger?{ADDRESS}").get_data(as_text=True)
    missing = client.get(f"/areas/{known.commune_id}/ledger/not_on_roll?{ADDRESS}").get_data(as_text=True)
    twice = client.get(f"/areas/{known.commune_id}/ledger/twice?{ADDRESS}").get_data(as_text=True)

    assert ("Người Lạ 2" in page, "Người Lạ 3" in page, "Người Lạ 4" in page) == (True, True, False)
    assert f">{unlisted.full_name}</a>" in missing
    assert f">{listed.full_name}</a>" not in missing
    assert "Người Lạ 1" in twice
    assert numbers(session, known.commune_id)["opening"] == 10  # the roll adds nobody to the register


def test_without_days_it_is_asked_between_the_last_two_rolls(
    session: Session, known: Village, client: PageClient
) -> None:
    a_roll(session, known)
    a_roll(session, known).applied_at = clock.now() - timedelta(days=6)
    session.flush()
    sign_in(session, client, known.leader.id)

    page = client.get(f"/areas/{known.commune_id}/ledger").get_data(as_text=True)

    assert f'value="{TODAY - timedelta(days=6)}"' in page
    assert f'value="{TODAY}"' in page


@pytest.mark.parametrize("asked", ["from=2026-13-01", "from=x", "from=2026-05-02&to=2026-05-01", "to=2999-01-01"])
def test_days_that_are_no_period_are_refused_in_a_sentence(
    session: Session, known: Village, client: PageClient, asked: str
) -> None:
    sign_in(session, client, known.leader.id)

    answer = client.get(f"/areas/{known.commune_id}/ledger?{asked}")

    assert answer.status_code == 422
    assert "không phải là một kỳ" in answer.get_data(as_text=True)


def test_an_area_with_nobody_says_so(session: Session, known: Village, client: PageClient) -> None:
    empty = an_area(session, "1920777", "Vắng", "village", known.commune_id)
    session.execute(text("select area_tree_rebuild()"))
    sign_in(session, client, known.leader.id)

    page = client.get(f"/areas/{empty}/ledger").get_data(as_text=True)

    assert "không có ai trong sổ" in page


def test_the_files_hold_the_same_and_leave_a_trace(session: Session, known: Village, client: PageClient) -> None:
    a_person(session, known.households[0], "=cmd|' /C calc'!A1", birth_on=TODAY)
    sign_in(session, client, known.leader.id)

    figures = client.get(f"/areas/{known.commune_id}/ledger.xlsx?{ADDRESS}", buffered=True)
    people = client.get(f"/areas/{known.commune_id}/ledger/everybody/people.xlsx?{ADDRESS}", buffered=True)

    rows = list(openpyxl.load_workbook(BytesIO(figures.data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [row[:2] for row in rows if row[0] == "Trong sổ cuối kỳ"] == [("Trong sổ cuối kỳ", 11)]
    listed = openpyxl.load_workbook(BytesIO(people.data)).active
    assert listed is not None
    names = [row[3] for row in listed.iter_rows(min_row=2)]
    assert len(names) == 11
    assert {cell.data_type for cell in names} == {"s"}
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "export ledger")).all()
    assert [event.facts.get("rows") for event in events] == [None, 11]


@pytest.mark.parametrize("path", ["ledger", "ledger/covered", "ledger.xlsx", "work", "work.xlsx"])
def test_strangers_find_nothing_and_counters_may_not_enter(
    session: Session, known: Village, client: PageClient, path: str
) -> None:
    sign_in(session, client, known.stranger.id)
    strange = client.get(f"/areas/{known.commune_id}/{path}", buffered=True)
    sign_in(session, client, known.counter.id)
    counting = client.get(f"/areas/{known.commune_id}/{path}")

    assert (strange.status_code, counting.status_code) == (404, 403)


def test_the_database_itself_tells_a_stranger_and_a_canvasser_nothing(session: Session, known: Village) -> None:
    asked = text("select count(*) from ledger_people(:area, :first, :last, 14)")
    facts = {"area": known.commune_id, "first": LAST_WEEK, "last": TODAY}
    seen = []
    for member in (known.leader, known.stranger, known.canvasser, known.counter):
        tell(session, member.scope)
        seen.append(session.scalar(asked, facts))

    assert seen == [10, 0, 0, 0]


def test_a_line_nobody_knows_is_not_there(session: Session, known: Village, client: PageClient) -> None:
    a_household(session, known.id, "HT-77")
    sign_in(session, client, known.leader.id)

    assert client.get(f"/areas/{known.commune_id}/ledger/nonsense").status_code == 404

"""A leader takes a roll in through the pages: headings, dry run, doubtful rows, applied, taken back."""

import io
import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Village, a_card
from tests.clients import PageClient, sign_in
from tests.webmap.roll.rolls import a_file, checked, facts, line, somebody
from webmap import clock
from webmap.coverage.service import refresh_households
from webmap.households.models import Card, Household, Person
from webmap.jobs import Job
from webmap.roll.models import RollRow
from webmap.worker import load_jobs, run_one

BORN = date(1985, 3, 7)
ROWS = [
    line("Phạm Thị Lụa", "07/03/1985", code="4412345678", sex="Nữ"),
    line("Phạm Văn Tám", "01/05/1990", sex="Nam"),
    line("Ngô Thị Lạ", "02/02/1992", sex="Nữ"),
    line("Ngô Văn Sai", "31/02/1992", sex="Nam"),
    ["Tổng cộng", "", "", "", "", "", "", "", ""],
]


@pytest.fixture(autouse=True)
def _jobs_are_known() -> None:
    load_jobs()


@pytest.fixture
def leader(session: Session, client: PageClient, village: Village) -> PageClient:
    """The browser of Tân Ninh's leader."""
    sign_in(session, client, village.leader.id)
    return client


def upload(client: PageClient, area_id: int, content: bytes, status: int = 302, **form: str) -> str:
    data = {
        "file": (io.BytesIO(content), "danh sách.csv"), "area_id": str(area_id), "purpose": "campaign",
        "legal_basis": "task", "listed_on": clock.today().isoformat(), **form,
    }  # fmt: skip
    answer = client.post("/rolls?lang=en", data=data, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text[:3000]
    return answer.headers["Location"] if status == 302 else answer.text


def confirm(client: PageClient, where: str) -> str:
    html = client.get(where).text
    selects = re.findall(r'<select id="(column-\d+)".*?</select>', html, re.DOTALL)
    chosen = re.findall(
        r'<select id="(column-\d+)"[^>]*>(?:(?!</select>).)*?<option value="(\w+)" selected', html, re.DOTALL
    )
    assert selects
    return client.post(f"{where}/check", data=dict(chosen)).headers["Location"]


def run_job(session: Session, where: str) -> Job:
    job_id = where.rsplit("/", 1)[-1]
    run_one(job_id)
    session.expire_all()
    job = session.get_one(Job, UUID(job_id))
    assert job.state == "done", job.error
    return job


def test_a_roll_goes_all_the_way(session: Session, leader: PageClient, village: Village) -> None:
    lua = somebody(session, village, "Phạm Thị Lụa", BORN)
    twins = [somebody(session, village, "Phạm Văn Tám", date(1990, 5, 1)) for _ in range(2)]
    gone = somebody(session, village, "Lý Thị Xa", date(1970, 1, 2))
    a_card(session, gone, category="HN", origin="roll", valid_from=date(2020, 1, 1), valid_to=None)
    refresh_households(session, [one.id for one in session.scalars(select(Household))])
    before = facts(session)

    where = upload(leader, village.id, a_file(ROWS), is_complete="1")
    run_job(session, confirm(leader, where))
    page = leader.get(f"{where}?lang=en").text
    assert re.findall(r'<span class="figure[^>]*>(\d+)</span>', page) == ["1", "0", "0", "4", "1", "1", "0", "1"]
    assert facts(session) == before

    with leader.get(f"{where}/refusals.csv?lang=en") as refused:
        assert "5,C,Ngày sinh,there is no day 31/02/1992" in refused.get_data(as_text=True)
    for verdict in ("add", "change", "same", "ended", "doubtful", "stranger", "twice", "refuse"):
        assert leader.get(f"{where}/rows/{verdict}").status_code == 200
    assert "Lý Thị Xa" in leader.get(f"{where}/rows/ended").text

    review = leader.get(f"{where}/review?lang=en").text
    assert [f'data-key="{key}"' in review for key in "012"] == [True, True, True]
    leader.post(f"{where}/choices", data={"row_number": "3", "person_id": str(twins[1].id)})
    leader.post(f"{where}/choices/undo", data={"row_number": "3"})
    leader.post(f"{where}/choices", data={"row_number": "3", "person_id": str(twins[0].id)})
    assert "No row waits" in leader.get(f"{where}/review?lang=en").text

    run_job(session, leader.post(f"{where}/apply").headers["Location"])
    with_card = session.scalars(
        select(Card.person_id).where(Card.origin == "roll", Card.valid_from >= date(clock.today().year, 1, 1))
    )
    assert set(with_card) == {lua.id, twins[0].id}
    assert session.get_one(Person, gone.id).reason_group == "lost_subsidy"

    run_job(session, leader.post(f"{where}/undo").headers["Location"])
    assert facts(session) == before


def test_a_choice_is_remembered_for_the_next_roll(session: Session, leader: PageClient, village: Village) -> None:
    twins = [somebody(session, village, "Phạm Văn Tám", date(1990, 5, 1)) for _ in range(2)]
    first = checked(session, village.id, ROWS[1:2], listed_on=clock.today() - timedelta(days=7))
    leader.post(f"/rolls/{first.id}/choices", data={"row_number": "2", "person_id": str(twins[1].id)})

    second = checked(session, village.id, ROWS[1:2])

    row = session.get_one(RollRow, (second.id, 2))
    assert (row.person_id, row.matched_by, row.verdict) == (twins[1].id, "choice", "add")


def test_nobody_we_know_is_a_choice_too(session: Session, leader: PageClient, village: Village) -> None:
    for _ in range(2):
        somebody(session, village, "Phạm Văn Tám", date(1990, 5, 1))
    roll = checked(session, village.id, ROWS[1:2])
    for _ in range(2):  # the second time it is said already
        assert leader.post(f"/rolls/{roll.id}/choices", data={"row_number": "2"}).status_code == 302

    session.expire_all()
    assert session.get_one(RollRow, (roll.id, 2)).verdict == "stranger"


def test_a_choice_after_applying_is_written_at_once_and_can_be_unsaid(
    session: Session, leader: PageClient, village: Village
) -> None:
    twins = [somebody(session, village, "Phạm Văn Tám", date(1990, 5, 1)) for _ in range(2)]
    roll = checked(session, village.id, ROWS[1:2])
    run_job(session, leader.post(f"/rolls/{roll.id}/apply").headers["Location"])

    leader.post(f"/rolls/{roll.id}/choices", data={"row_number": "2", "person_id": str(twins[0].id)})
    written = list(session.scalars(select(Card.person_id).where(Card.person_id.in_([one.id for one in twins]))))
    leader.post(f"/rolls/{roll.id}/choices/undo", data={"row_number": "2"})

    assert written == [twins[0].id]
    assert session.scalars(select(Card).where(Card.person_id == twins[0].id)).all() == []


def test_a_choice_that_was_not_offered_is_none(session: Session, leader: PageClient, village: Village) -> None:
    for _ in range(2):
        somebody(session, village, "Phạm Văn Tám", date(1990, 5, 1))
    other = somebody(session, village, "Phạm Thị Lụa", BORN)
    roll = checked(session, village.id, ROWS[1:2])

    for number, person in (("2", str(other.id)), ("9", str(other.id)), ("9", "")):
        form = {"row_number": number, "person_id": person}
        assert leader.post(f"/rolls/{roll.id}/choices", data=form).status_code == 404


def test_headings_are_remembered_for_the_next_week(leader: PageClient, village: Village) -> None:
    content = a_file(ROWS, ("Cột A", "Họ và tên", "Ngày sinh", *(f"Cột {n}" for n in range(6))))
    where = upload(leader, village.id, content)
    leader.post(f"{where}/check", data={"column-0": "insurance_code", "column-1": "full_name", "category": "GD"})

    again = leader.get(upload(leader, village.id, content)).text

    assert re.search(r'<select id="column-0".*?value="insurance_code" selected', again, re.DOTALL)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"listed_on": ""}, "say the day of the roll"),
        ({"legal_basis": ""}, "on which legal basis"),
        ({"listed_on": (clock.today() + timedelta(days=1)).isoformat()}, "lies in the future"),
    ],
)
def test_a_roll_says_what_it_is(leader: PageClient, village: Village, form: dict[str, str], said: str) -> None:
    assert said in upload(leader, village.id, a_file(ROWS), 422, **form)


def test_a_roll_of_a_strange_area_is_nothing(leader: PageClient, village: Village) -> None:
    upload(leader, village.neighbour_id, a_file(ROWS), 404)


def test_who_may_not_see_persons_sees_no_roll(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.counter.id)

    assert client.get("/rolls").status_code == 403


def test_a_file_is_let_go(session: Session, leader: PageClient, village: Village) -> None:
    where = upload(leader, village.id, a_file(ROWS))

    assert leader.post(f"{where}/drop").status_code == 302
    assert leader.post(f"{where}/apply").status_code == 409
    assert "let go" in leader.get(f"{where}?lang=en").text

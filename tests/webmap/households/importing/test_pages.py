"""A leader imports a list through the pages: headings, dry run, refusals as a file, applied, and the list shows it."""

import io
import re
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.households.conftest import As
from tests.webmap.households.importing.planted import COLUMN, HEADINGS, PLANTED, good_rows, planted_rows, write_list
from tests.webmap.households.importing.worlds import VILLAGES
from webmap.households.importing.fields import Field
from webmap.households.importing.models import HouseholdImport
from webmap.households.models import Household
from webmap.jobs import Job
from webmap.worker import load_jobs, run_one


@pytest.fixture(autouse=True)
def _jobs_are_known() -> None:
    load_jobs()


def list_file(folder: Path, rows: list[list[object]]) -> Path:
    for row in rows:
        if row[COLUMN["Kinh độ"]] != 17.39:
            row[COLUMN["Kinh độ"]], row[COLUMN["Vĩ độ"]] = 106.611, 17.26
    return write_list(folder / "Danh sách hộ.xlsx", rows)


def upload(client: PageClient, into: int, path: Path, status: int = 302, **form: str) -> str:
    data = {
        "file": (io.BytesIO(path.read_bytes()), path.name), "area_id": str(into), "purpose": "campaign",
        "legal_basis": "task", **form,
    }  # fmt: skip
    answer = client.post("/households/import?lang=en", data=data, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text[:3000]
    return answer.headers["Location"] if status == 302 else answer.text


def confirm(client: PageClient, where: str, **form: str) -> UUID:
    guessed = {index: field for index, field in columns_on(client.get(where).text).items() if field}
    data = {**{f"column-{index}": field for index, field in guessed.items()}, "fills_down": "1", "way": "code", **form}
    answer = client.post(f"{where}/check", data=data)
    assert answer.status_code == 302, answer.text[:3000]
    return UUID(answer.headers["Location"].rsplit("/", 1)[-1])


def columns_on(html: str) -> dict[int, str]:
    """What each column's choice stands at."""
    found = {}
    for index, body in re.findall(r'<select id="column-(\d+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="(\w+)" selected', body)
        found[int(index)] = chosen[1] if chosen else ""
    return found


def finish(session: Session, job_id: UUID) -> Job:
    run_one(str(job_id))
    session.expire_all()
    return session.get_one(Job, job_id)


def test_from_upload_to_the_list_with_twenty_planted_errors(
    session: Session, village: Village, as_: As, tmp_path: Path
) -> None:
    client = as_(village.leader)
    path = list_file(tmp_path, planted_rows(villages=VILLAGES))

    where = upload(client, village.commune_id, path)
    guessed = columns_on(client.get(where).text)
    assert guessed[COLUMN["Họ và tên"]] == Field.FULL_NAME
    assert guessed[COLUMN["Đến ngày"]] == Field.VALID_TO
    assert guessed[COLUMN["STT"]] == ""
    job = finish(session, confirm(client, where))
    assert (job.state, job.result) == ("done", {"next": where})

    html = client.get(f"{where}?lang=en").text
    for error in PLANTED:
        letter = chr(65 + COLUMN[error.heading])
        assert re.search(rf"Row {error.row}</b>, column {letter}<", html), error
    assert "there is no day 31/02/1971" in html

    answer = client.get(f"{where}/refusals.xlsx?lang=en")
    content = answer.data
    answer.close()
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert {(line[0], line[2]) for line in lines} >= {(error.row, error.heading) for error in PLANTED}
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)

    applied = client.post(f"{where}/apply")
    job = finish(session, UUID(applied.headers["Location"].rsplit("/", 1)[-1]))
    assert job.state == "done", job.error
    assert "TN-0000" in client.get(f"/households?q=TN&area={village.id}").text
    run = session.get_one(HouseholdImport, UUID(where.rsplit("/", 1)[-1]))
    assert (run.state, run.content, run.purpose, run.legal_basis) == ("applied", None, "campaign", "task")


def test_a_confirmed_mapping_is_remembered_for_the_same_headings(
    session: Session, village: Village, as_: As, tmp_path: Path
) -> None:
    client = as_(village.leader)
    path = list_file(tmp_path, good_rows(4, villages=VILLAGES))
    confirm(client, upload(client, village.commune_id, path), **{f"column-{COLUMN['Lý do']}": "note"})

    where = upload(client, village.commune_id, path)

    assert columns_on(client.get(where).text)[COLUMN["Lý do"]] == "note"


@pytest.mark.parametrize("form", [{"purpose": ""}, {"legal_basis": ""}, {"area_id": ""}, {"purpose": "curiosity"}])
def test_the_law_asks_for_purpose_and_basis(village: Village, as_: As, tmp_path: Path, form: dict[str, str]) -> None:
    path = list_file(tmp_path, good_rows(1, villages=VILLAGES))

    html = upload(as_(village.leader), village.commune_id, path, 422, **form)

    assert "legal basis" in html


def test_a_file_that_is_none_says_what_it_is_and_what_to_do(
    session: Session, village: Village, as_: As, tmp_path: Path
) -> None:
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(b"%PDF-1.7")

    html = upload(as_(village.leader), village.commune_id, path, 422)

    assert "This is a PDF" in html
    assert session.scalar(select(HouseholdImport.id)) is None


def test_a_stranger_sees_no_import_and_cannot_upload_here(
    session: Session, village: Village, client: PageClient, tmp_path: Path
) -> None:
    sign_in(session, client, village.leader.id)
    path = list_file(tmp_path, good_rows(4, villages=VILLAGES))
    where = upload(client, village.commune_id, path)
    sign_in(session, client, village.stranger.id)

    assert client.get(where).status_code == 404
    for action in ("check", "apply", "drop", "sheet"):
        assert client.post(f"{where}/{action}", data={"column-1": "full_name"}).status_code in (404, 422)
    assert client.get(f"{where}/refusals.csv").status_code == 404
    assert "Danh sách hộ.xlsx" not in client.get("/households/import").text
    upload(client, village.commune_id, path, 404)


def test_a_mapping_without_names_is_refused_on_the_same_page(village: Village, as_: As, tmp_path: Path) -> None:
    client = as_(village.leader)
    where = upload(client, village.commune_id, list_file(tmp_path, good_rows(2, villages=VILLAGES)))

    answer = client.post(f"{where}/check?lang=en", data={"column-1": "household_code"})

    assert answer.status_code == 422
    assert "No column holds the names" in answer.text


def test_a_file_let_go_leaves_nothing_behind(session: Session, village: Village, as_: As, tmp_path: Path) -> None:
    client = as_(village.leader)
    where = upload(client, village.commune_id, list_file(tmp_path, good_rows(4, villages=VILLAGES)))
    finish(session, confirm(client, where))

    client.post(f"{where}/drop")
    assert client.post(f"{where}/apply").status_code == 409

    import_id = UUID(where.rsplit("/", 1)[-1])
    assert session.get_one(HouseholdImport, import_id).content is None
    assert session.scalar(text("select count(*) from household_import_row")) == 0


def test_applying_twice_from_two_windows_is_once(session: Session, village: Village, as_: As, tmp_path: Path) -> None:
    client = as_(village.leader)
    where = upload(client, village.commune_id, list_file(tmp_path, good_rows(4, villages=VILLAGES)))
    finish(session, confirm(client, where))

    first = client.post(f"{where}/apply")
    second = client.post(f"{where}/apply")
    finish(session, UUID(first.headers["Location"].rsplit("/", 1)[-1]))

    assert second.status_code == 409
    assert session.scalar(text("select count(*) from household where code = 'TN-0000'")) == 1


def test_a_cancelled_dry_run_leaves_the_headings_to_confirm(
    session: Session, village: Village, as_: As, tmp_path: Path
) -> None:
    client = as_(village.leader)
    where = upload(client, village.commune_id, list_file(tmp_path, good_rows(4, villages=VILLAGES)))
    job_id = confirm(client, where)
    session.get_one(Job, job_id).is_cancel_wanted = True
    session.flush()

    job = finish(session, job_id)

    assert job.state == "cancelled"
    assert columns_on(client.get(where).text)[COLUMN["Mã hộ"]] == "household_code"
    assert session.scalar(select(Household.id).where(Household.code == "TN-0000")) is None


def test_another_line_can_be_named_as_the_headings(village: Village, as_: As, tmp_path: Path) -> None:
    client = as_(village.leader)
    where = upload(client, village.commune_id, list_file(tmp_path, good_rows(4, villages=VILLAGES)))

    client.post(f"{where}/sheet", data={"sheet": "Danh sách", "header_line": "5"})

    html = client.get(where).text
    assert "TN-0000" in re.findall(r'<select id="column-1".*?</select>', html, re.DOTALL)[0] or "<b>TN-0000</b>" in html
    assert HEADINGS[1] in html

"""A roll for tests: a line for each person, applied in a few words."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders import Village, a_household, a_person
from webmap import clock
from webmap.accounts.scope import SYSTEM, Scope
from webmap.coverage.service import refresh_households
from webmap.households.importing.reading import on_disk
from webmap.households.models import Person
from webmap.ids import uuid7
from webmap.roll import applying, checking, runs
from webmap.roll.models import RollImport

HEADINGS = (
    "Mã số BHXH",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số CCCD",
    "Thôn",
    "Mã đối tượng",
    "Từ ngày",
    "Đến ngày",
)
YEAR = clock.today().year
FROM, TO = f"01/01/{YEAR}", f"31/12/{YEAR}"


def line(name: str, birth: str = "", **given: str) -> list[str]:
    """One row of a roll; what is not said is empty, the card holds for this year."""
    cells = {
        "code": "",
        "sex": "",
        "id": "",
        "village": "Hữu Tân",
        "category": "GD",
        "since": FROM,
        "until": TO,
        **given,
    }
    return [
        cells["code"],
        name,
        birth,
        cells["sex"],
        cells["id"],
        cells["village"],
        cells["category"],
        cells["since"],
        cells["until"],
    ]


def a_file(rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    """The rows as a csv."""
    return "\n".join(";".join(cells) for cells in (headings, *rows)).encode()


def uploaded(session: Session, area_id: int, content: bytes, scope: Scope = SYSTEM, **given: Any) -> RollImport:
    """A roll whose headings are as they were guessed."""
    values = {"listed_on": clock.today(), "is_complete": False, "purpose": "campaign", "legal_basis": "task", **given}
    return runs.begin(session, scope, area_id, content=content, file_name="danh sách.csv", **values)


def checked(session: Session, area_id: int, rows: Iterable[Sequence[str]], **given: Any) -> RollImport:
    """A roll after its dry run."""
    content = a_file(rows)
    roll = uploaded(session, area_id, content, **given)
    with on_disk(content) as path:
        checking.check(session, SYSTEM, roll.id, path)
    session.expire_all()
    return roll


def applied(session: Session, area_id: int, rows: Iterable[Sequence[str]], **given: Any) -> RollImport:
    """A roll after it was applied."""
    roll = checked(session, area_id, rows, **given)
    applying.apply(SYSTEM, roll.id)
    session.expire_all()
    return roll


def verdicts(session: Session, roll: RollImport) -> list[str]:
    """The verdicts of its rows in the order of the file."""
    wanted = text("select verdict from roll_row where import_id = :id order by row_number")
    return list(session.scalars(wanted, {"id": roll.id}))


def somebody(session: Session, village: Village, full_name: str, birth_on: date | None = None, **given: Any) -> Person:
    """One more person of Hữu Tân in a house of her own."""
    household = a_household(session, given.pop("area_id", village.id), f"R-{uuid7()}", head_name=full_name)
    year = {"birth_year": birth_on.year} if birth_on else {}
    person = a_person(session, household, full_name, **{"birth_on": birth_on, **year, **given})
    refresh_households(session, [household.id])
    return person


def facts(session: Session) -> list[tuple[str, ...]]:
    """Everything that people and cards say of themselves, as text."""
    people = """select id::text, full_name, coalesce(insurance_code, ''), coalesce(citizen_id, ''),
      coalesce(reason_group, ''), status, household_id::text from person order by id"""
    cards = """select id::text, person_id::text, category, coalesce(number, ''), valid_from::text,
      coalesce(valid_to::text, ''), origin, coalesce(source_id::text, '') from card order by id"""
    return [tuple(row) for statement in (people, cards) for row in session.execute(text(statement))]

"""Rows of a roll -> the people they are. Everything is set-based: one statement, all rows."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webmap.database.sql_files import run_statements, sql_text
from webmap.errors import N_
from webmap.households.importing.reading import Layout
from webmap.households.importing.rows import Row
from webmap.roll import rules
from webmap.roll.reading import is_from_assumed, reasons_of

PACKAGE = "webmap.roll"
COLUMNS = (
    "row_number", "area_id", "full_name", "sex", "birth_on", "birth_year", "citizen_id", "insurance_code",
    "card_number", "category", "valid_from", "valid_to", "is_from_assumed", "household_code", "head_name", "address",
    "is_refused", "reasons", "given",
)  # fmt: skip
IDENTITY = """encode(sha256(convert_to(case
  when r.insurance_code is not null then 'I' || r.insurance_code
  when r.citizen_id is not null then 'C' || r.citizen_id
  else concat_ws('|', 'N', fold(r.full_name), r.birth_on, r.birth_year, r.sex, r.area_id, r.card_number)
  end, 'UTF8')), 'hex')"""
"""What stays the same of a row `r` from week to week, as a fingerprint: choices are remembered by it."""

Report = Callable[[int, int, str], None]
STEPS = 6


def silent(_done: int, _total: int, _step: str) -> None:
    """Report nothing."""


def open_stage(session: Session, area_id: int) -> None:
    """Make the temporary tables. They vanish with the transaction."""
    run_statements(session, PACKAGE, "stage", area_id=area_id)


def copy_rows(session: Session, rows: Iterable[tuple[Row, int | None, dict[str, str]]], layout: Layout) -> None:
    """Copy rows onto the stage as they are read; none is kept here."""
    connection = session.connection().connection.driver_connection
    assert connection is not None  # noqa: S101 - the session is in a transaction
    statement = f"copy staged_roll ({', '.join(COLUMNS)}) from stdin"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row, area_id, given in rows:
            copy.write_row(_values(row, area_id, given, layout))


def _values(row: Row, area_id: int | None, given: dict[str, str], layout: Layout) -> tuple[object, ...]:
    birth = row.birth
    address = row.address or " ".join(part for part in (row.house_number, row.alley) if part) or None
    return (
        row.number, area_id, row.full_name, row.sex, birth.on if birth else None, birth.year if birth else None,
        row.citizen_id, row.insurance_code, row.card_number, row.card_category, row.valid_from, row.valid_to,
        is_from_assumed(row, layout), row.household_code, row.head_name, address, row.is_refused,
        json.dumps(reasons_of(row), ensure_ascii=False) if row.problems else "[]",
        json.dumps(given, ensure_ascii=False) if given else "{}",
    )  # fmt: skip


def match(session: Session, area_id: int, report: Report = silent) -> None:
    """Find whom each row on the stage is, and what it would do. Changes nothing but the stage."""
    session.execute(text("set local work_mem = '64MB'"))
    report(0, STEPS, N_("Gathering the people of the area"))
    run_statements(session, PACKAGE, "known")
    _remembered(session, area_id)
    report(1, STEPS, N_("Comparing numbers"))
    run_statements(session, PACKAGE, "numbers")
    report(2, STEPS, N_("Looking for names"))
    run_statements(session, PACKAGE, "pairs")
    report(3, STEPS, N_("Weighing what agrees"))
    _score(session)
    run_statements(session, PACKAGE, "twice")
    report(4, STEPS, N_("Comparing cards"))
    settle(session)


def _remembered(session: Session, area_id: int) -> None:
    """Whoever was chosen before. The fingerprints of all rows are only worth making when there is a choice."""
    chosen = session.scalar(
        text("select exists (select 1 from roll_choice where area_id = :area_id)"), {"area_id": area_id}
    )
    if chosen:
        statement = sql_text(PACKAGE, "choices").replace("{identity}", IDENTITY)
        session.execute(text(statement), {"area_id": area_id})


def _score(session: Session) -> None:
    if not session.scalar(text("select exists (select 1 from roll_pair)")):
        return
    parameters: dict[str, Any] = {
        "automatic": rules.AUTOMATIC,
        "doubtful": rules.DOUBTFUL,
        "most": rules.CANDIDATES,
    }
    statements = sql_text(PACKAGE, "score")
    for what in rules.WEIGHTS:
        statements = statements.replace("{" + what + "}", rules.weighing(what))
    for statement in statements.split(";\n"):
        if statement.strip():
            used = {key: value for key, value in parameters.items() if f":{key}" in statement}
            session.execute(text(statement), used)


def settle(session: Session) -> None:
    """Work out what each row on the stage that has a person would do to her cards and numbers."""
    session.execute(text("analyze roll_found"))
    run_statements(session, PACKAGE, "settle")


def restage(session: Session, area_id: int, import_id: object, rows: list[int]) -> None:
    """Put some kept rows back on the stage, and work out anew what they would do."""
    open_stage(session, area_id)
    run_statements(session, PACKAGE, "restage", import_id=import_id, rows=rows)
    settle(session)

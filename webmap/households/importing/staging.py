"""Clean rows -> temporary tables, and the questions asked of them. Everything is set-based: one statement, all rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webmap.database.sql_files import run_statements
from webmap.households.importing import cleaning
from webmap.households.importing.fields import Field
from webmap.households.importing.grouping import Household
from webmap.households.importing.rows import Row

PACKAGE = "webmap.households.importing"
COLUMNS = (
    "row_number", "person_no", "household_no", "area_id", "household_code", "head_name", "full_name", "sex", "birth_on",
    "birth_year", "citizen_id", "insurance_code", "phone", "relationship", "is_head", "residency", "reason_group",
    "has_card", "card_number", "card_category", "valid_from", "valid_to", "is_from_assumed", "alley", "house_number",
    "address", "note", "lon", "lat", "place_source", "building_id",
)  # fmt: skip
LONGEST_STATEMENT = "5min"


def run(session: Session, name: str, **parameters: Any) -> list[Any]:
    """Run the statements of sql/<name>.sql one after the other; return the rows of the last."""
    return run_statements(session, PACKAGE, name, **parameters)


def open_stage(session: Session, area_id: int) -> None:
    """Make the temporary tables. They vanish with the transaction."""
    session.execute(text(f"set local statement_timeout = '{LONGEST_STATEMENT}'"))
    run(session, "stage")
    session.execute(
        text("insert into import_area select descendant_id from area_closure where ancestor_id = :area_id"),
        {"area_id": area_id},
    )


def stage_rows(
    session: Session, households: Iterable[Household], areas: dict[int, int], places: dict[int, Any]
) -> None:
    """Copy the good rows of each household. `areas`: household number -> area id; `places`: -> lon, lat, source."""
    connection = session.connection().connection.driver_connection
    assert connection is not None  # noqa: S101 - the session is in a transaction
    with connection.cursor() as cursor, cursor.copy(f"copy staged_row ({', '.join(COLUMNS)}) from stdin") as copy:
        for household in households:
            persons = person_numbers([row for row in household.rows if not row.is_refused])
            for row, person_no in persons:
                copy.write_row(_values(row, person_no, household, areas[household.number], places))


def person_numbers(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """Each row with the number of its person's first row: rows of one person differ only in their cards."""
    first: dict[object, int] = {}
    return [(row, first.setdefault(_identity(row), row.number)) for row in rows]


def _identity(row: Row) -> object:
    return row.citizen_id or row.insurance_code or (row.full_name, row.birth, row.sex)


def _values(row: Row, person_no: int, household: Household, area_id: int, places: dict[int, Any]) -> tuple[object, ...]:
    nowhere = (None, None, None, None)
    place = places.get(household.number, nowhere) if row is household.rows[0] or row is household.head else nowhere
    number = row.card_number if row.card_number and cleaning.category_of_card(row.card_number) else None
    code = household.code or next((one.household_code for one in household.rows if one.household_code), None)
    head_name = household.head.full_name or row.head_name
    return (
        row.number, person_no, household.number, area_id, code, head_name, row.full_name, row.sex,
        row.birth.on if row.birth else None, row.birth.year if row.birth else None, row.citizen_id, row.insurance_code,
        row.phone, None if row.is_head else row.relationship, _is_head(row), row.residency, row.reason_group,
        row.has_card, number, row.card_category, row.valid_from, row.valid_to, _is_from_assumed(row),
        row.alley, row.house_number, row.address, row.note, *place,
    )  # fmt: skip


def _is_head(row: Row) -> bool | None:
    """None where the file does not say; a first row that only stands in for a missing head does not say."""
    if row.relationship is None or (Field.RELATIONSHIP, "first_row_as_head") in row.remarks:
        return None
    return row.is_head


def _is_from_assumed(row: Row) -> bool:
    return (Field.VALID_FROM, "valid_from_list_day") in row.remarks


def match(session: Session) -> list[Any]:
    """Find who and what is on the register already; return the rows that contradict it, which leave the stage."""
    for step in ("gather", "match_numbers", "match_names", "contradictions"):
        run(session, step)
    refused = run(session, "contradicted_rows")
    run(session, "changes")
    return refused

"""The dry run: what a file would add, change, leave and refuse, before anything does."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.scope import Scope
from webmap.areas.models import Area
from webmap.households.importing import runs, staging
from webmap.households.importing.cells import Cell
from webmap.households.importing.fields import Field
from webmap.households.importing.models import HouseholdImport, HouseholdImportRow
from webmap.households.importing.named_areas import areas_above, areas_below
from webmap.households.importing.places import places_of
from webmap.households.importing.reading import Layout, Reading, layout_from, on_disk, read_file
from webmap.households.importing.results import Trouble
from webmap.households.importing.rows import LEFT_OUT, Row
from webmap.households.importing.villages import Names, names_of
from webmap.households.models import CardCategory

Report = Callable[[int], None]
CHUNK = 5000


def understand(session: Session, scope: Scope, import_id: UUID) -> Callable[[Report], Reading]:
    """Fetch a file and how it is to be read; what is returned reads it, and needs no transaction to do so."""
    run = runs.find(session, scope, import_id)
    if run.content is None or run.state == "applied":
        raise runs.ImportBusyError
    content, layout = run.content, layout_from(run.mapping)

    def read(report: Report) -> Reading:
        with on_disk(content) as path:
            return read_file(path, layout, runs.limits(), clock.today(), report)

    return read


def check(session: Session, scope: Scope, import_id: UUID, reading: Reading) -> dict[str, Any]:
    """Compare what was read with the register, and keep what would be done. Changes nothing else."""
    run = runs.find(session, scope, import_id, lock=True)
    layout = layout_from(run.mapping)
    _refuse_unknown_categories(session, reading)
    areas = _areas_of(session, run.area_id, reading, layout)
    places, zone = places_of(session, run.area_id, reading.households, layout.epsg)
    session.execute(delete(HouseholdImportRow).where(HouseholdImportRow.import_id == run.id))
    staging.open_stage(session, run.area_id)
    staging.stage_rows(session, reading.households, areas, places)
    contradicted = staging.match(session)
    _keep(session, run, reading, layout, contradicted)
    run.counts = _counts(session, reading, contradicted, zone)
    run.state = "checked"
    return dict(run.counts)


def _refuse_unknown_categories(session: Session, reading: Reading) -> None:
    known = set(session.scalars(select(CardCategory.code)))
    for row in reading.rows:
        if row.card_category and row.card_category not in known:
            if row.has_card:
                row.refuse(Field.CARD_CATEGORY, "unknown_category", text=row.card_category)
            else:
                row.card_category = None


def _areas_of(session: Session, area_id: int, reading: Reading, layout: Layout) -> dict[int, int]:
    """Household number -> the village it belongs to; rows that name none of the area's are refused."""
    area = session.get_one(Area, area_id)
    held = set(layout.columns.values())
    if Field.COMMUNE in held:
        _refuse_other_communes(session, area, reading)
    villages = areas_below(session, area_id, "village")
    if Field.VILLAGE not in held or not villages:
        return {household.number: area_id for household in reading.households}
    names = names_of(villages)
    found = {}
    for household in reading.households:
        found[household.number] = _village(household.rows, names, area_id, str(household.first("village") or ""))
    return found


def _village(rows: list[Row], names: Names, area_id: int, text: str) -> int:
    """The village of one household. Each row that says something impossible is refused with its own words."""
    if not text:
        for row in rows:
            row.refuse(Field.VILLAGE, "village_missing")
        return area_id
    meant = names.find(text)
    for row in rows:
        own = names.find(row.village) if row.village else meant
        if isinstance(own, Trouble):
            row.refuse(Field.VILLAGE, own.code, **own.facts)
    return area_id if isinstance(meant, Trouble) else meant


def _refuse_other_communes(session: Session, area: Area, reading: Reading) -> None:
    """Rows of another commune: judged by the chosen area and those above it."""
    names = names_of(areas_above(session, area.id))
    for row in reading.rows:
        if row.commune and isinstance(names.find(row.commune), Trouble):
            row.refuse(Field.COMMUNE, "commune_differs", text=row.commune[:60])


def _keep(session: Session, run: HouseholdImport, reading: Reading, layout: Layout, contradicted: list[Any]) -> None:
    """Write down every row: the good ones from the stage, the refused ones with the cells as they were given."""
    told = {row.row_number: row for row in contradicted}
    left_out = [
        {"row_number": row.number, "reasons": reasons_of(row)}
        for row in reading.rows
        if row.problems and not row.is_refused and row.number not in told
    ]
    _insert_left_out(session, left_out)
    staging.run(session, "verdicts", import_id=run.id)
    refused = []
    for row in reading.rows:
        if row.number in told:
            one = told[row.number]
            row.refuse(Field(one.problem_field or "full_name"), one.problem, **one.facts)
        if row.is_refused:
            given = _given(layout, reading.lines[row.number])
            refused.append(
                {
                    "import_id": run.id,
                    "row_number": row.number,
                    "verdict": "refuse",
                    "given": given,
                    "reasons": reasons_of(row),
                }
            )
    for start in range(0, len(refused), CHUNK):
        session.execute(insert(HouseholdImportRow), refused[start : start + CHUNK])


def _insert_left_out(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(
            text(
                "insert into staged_left_out select (one->>'row_number')::int, one->'reasons'"
                " from jsonb_array_elements(cast(:rows as jsonb)) one"
            ),
            {"rows": json.dumps(rows, ensure_ascii=False)},
        )


def reasons_of(row: Row) -> list[dict[str, Any]]:
    """The problems of a row as the table keeps them: field, code, facts, and whether the row is refused for it."""
    return [
        {"field": one.field.value, **asdict(one.trouble), "is_fatal": one.field not in LEFT_OUT} for one in row.problems
    ]


def _given(layout: Layout, cells: tuple[Cell, ...]) -> dict[str, str]:
    return {
        f"{index}": "" if cell is None else str(cell)[:200]
        for index, cell in enumerate(cells)
        if index < len(layout.headings) and cell is not None
    }


def _counts(session: Session, reading: Reading, contradicted: list[Any], zone: str) -> dict[str, Any]:
    counts = staging.run(session, "counts")[0][0]
    refused = sum(1 for row in reading.rows if row.is_refused)
    remarks = Counter(code for row in reading.rows if not row.is_refused for _field, code in row.remarks)
    unknown = Counter(
        row.village or ""
        for row in reading.rows
        if any(problem.trouble.code == "unknown_village" for problem in row.problems)
    )
    return {
        **counts,
        "rows": len(reading.rows),
        "refused": refused,
        "left_out": sum(1 for row in reading.rows if row.problems and not row.is_refused),
        "other_lines": reading.other_lines[:100],
        "remarks": dict(remarks),
        "unknown_villages": dict(unknown.most_common(50)),
        "zone": zone,
        "checked_at": clock.now().isoformat(),
        "contradicted": len(contradicted),
    }

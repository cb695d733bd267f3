"""The dry run of a roll: what it would add, change, leave and refuse, before anything does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.scope import Scope
from webmap.database.sql_files import run_statements
from webmap.errors import N_
from webmap.households.importing.named_areas import Named, areas_above, areas_below
from webmap.households.importing.reading import layout_from
from webmap.households.models import CardCategory
from webmap.roll import matching, queries, runs
from webmap.roll.errors import RollBusyError
from webmap.roll.matching import PACKAGE, Report, silent
from webmap.roll.models import RollImport, RollRow
from webmap.roll.reading import Places, Tally, options_of, rows_of


def check(session: Session, scope: Scope, roll_id: UUID, path: Path, report: Report = silent) -> dict[str, Any]:
    """Read a roll, find whom its rows are, and keep what would be done. Changes nothing else."""
    roll = queries.find(session, scope, roll_id)
    if roll.state not in ("uploaded", "checking", "checked"):
        raise RollBusyError
    matching.open_stage(session, roll.area_id)
    tally = _read(session, roll, path, lambda rows: report(rows, 0, N_("Reading rows")))
    matching.match(session, roll.area_id, report)
    report(5, matching.STEPS, N_("Keeping what was found"))
    _keep(session, roll)
    roll.counts = _counts(session, roll, tally)
    roll.state = "checked"
    session.flush()
    return dict(roll.counts)


def _read(session: Session, roll: RollImport, path: Path, report: Callable[[int], None]) -> Tally:
    layout = layout_from(roll.mapping)
    tally = Tally()
    rows = rows_of(
        path,
        layout,
        runs.limits(),
        options_of(layout, roll.listed_on, clock.today()),
        places=places_of(session, roll.area_id),
        categories=session.scalars(select(CardCategory.code)).all(),
        tally=tally,
        report=report,
    )
    matching.copy_rows(session, rows, layout)
    return tally


def places_of(session: Session, area_id: int) -> Places:
    """The villages and communes that rows of a roll of this area may name."""
    communes = areas_below(session, area_id, "commune")
    villages: dict[int, list[Named]] = {one[0]: areas_below(session, one[0], "village") for one in communes}
    if not communes:
        villages = {area_id: areas_below(session, area_id, "village")}
    named = communes + [one for one in areas_above(session, area_id) if one[0] not in villages] if communes else []
    return Places(area_id, named, villages, areas_above(session, area_id))


def _keep(session: Session, roll: RollImport) -> None:
    session.execute(delete(RollRow).where(RollRow.import_id == roll.id))
    run_statements(session, PACKAGE, "keep", import_id=roll.id)
    session.execute(text("analyze roll_row"))


def _counts(session: Session, roll: RollImport, tally: Tally) -> dict[str, Any]:
    return {
        "rows": tally.rows,
        "ended": len(queries.unlisted(session, roll, most=queries.EVERYBODY)),
        "other_lines": tally.other_lines,
        "remarks": dict(tally.remarks),
        "unknown_villages": dict(tally.unknown_villages.most_common(50)),
        "checked_at": clock.now().isoformat(),
    }

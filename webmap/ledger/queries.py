"""The ledger of an area between two days: its sheet of figures, and the people behind each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.scope import Scope
from webmap.areas import by_date
from webmap.areas import queries as areas
from webmap.areas.queries import Place
from webmap.database.sql_files import sql
from webmap.households.queries import Page
from webmap.ledger import rules
from webmap.ledger.errors import BadPeriodError
from webmap.ledger.rules import LINES, Cell, Line
from webmap.settings import settings

PACKAGE = "webmap.ledger"
PAGE_SIZE = 50
EXPORTED_AT_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Period:
    """Between the ends of two days. Areas are those of the map of the last."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Sheet:
    """The ledger of an area. `parts`: what lies right below it, with people in the ledger; `cells` by part."""

    place: Place
    period: Period
    parts: list[Place]
    cells: dict[int, list[Cell]]
    listed: dict[tuple[int, str], int]

    def number(self, code: str, part_id: int | None = None) -> int:
        """What stands on a line: of the whole area, or of one part of it."""
        if code in rules.ROLL_LINES:
            return sum(n for (area_id, line), n in self.listed.items() if line == code and part_id in (None, area_id))
        chosen = self.cells.values() if part_id is None else [self.cells.get(part_id, [])]
        return sum(rules.total(cells, LINES[code]) for cells in chosen)

    @property
    def has_roll(self) -> bool:
        """Whether a complete roll was ever applied, so that it is known who is not on it."""
        return any(cell.is_listed is not None for cells in self.cells.values() for cell in cells)


def period_of(session: Session, area_id: int, first: str | None, last: str | None) -> Period:
    """The period of an address. Raises BadPeriodError. Without days: between the last two rolls, or two weeks."""
    today = clock.today()
    usual = rules.usual_period(list(session.scalars(sql(PACKAGE, "roll_days"), {"area_id": area_id})), today)
    try:
        start = date.fromisoformat(first) if first else None
        end = date.fromisoformat(last) if last else None
    except ValueError:
        raise BadPeriodError(first=first or "", last=last or "") from None
    end = end or (usual[1] if start is None else today)
    start = start or min(usual[0], end)
    if start > end or end > today or start.year < 1900:
        raise BadPeriodError(first=start.isoformat(), last=end.isoformat())
    return Period(start, end)


def sheet(session: Session, scope: Scope, area_id: int, period: Period) -> Sheet:
    """The figures of an area of the scope, and of what lies right below it by the map of the last day."""
    place = areas.place(session, scope, area_id)
    below = _below(session, scope, area_id, period)
    ground = session.execute(sql(PACKAGE, "parts"), {"parts": [one.id for one in below], "last": period.last}).all()
    asked = {
        "areas": [row.area_id for row in ground],
        "parts": [row.part_id for row in ground],
        **_asked(area_id, period),
    }
    cells: dict[int, list[Cell]] = {}
    for row in session.execute(sql(PACKAGE, "sheet"), asked):
        cells.setdefault(row.area_id, []).append(Cell(*row))
    rows = session.execute(sql(PACKAGE, "roll_figures"), asked)
    listed = {(row.area_id, row.verdict): row.people for row in rows}
    own = [place] if below and (area_id in cells or any(part == area_id for part, _ in listed)) else []
    return Sheet(place, period, [*below, *own], cells, listed)


def people(session: Session, area_id: int, period: Period, line: Line, *, below: int | None, number: int) -> Page:
    """A page of the people on a line; of one part of the area with `below`."""
    asked = {**_asked(area_id, period), **_chosen(line), "below": below}
    return _page(session, "people", asked, number)


def all_people(session: Session, area_id: int, period: Period, line: Line, below: int | None) -> Sequence[Row[Any]]:
    """Everybody on a line, for files."""
    asked = {**_asked(area_id, period), **_chosen(line), "below": below, "most": EXPORTED_AT_MOST, "skipped": 0}
    return session.execute(sql(PACKAGE, "people"), asked).all()


def roll_rows(session: Session, area_id: int, period: Period, verdict: str, *, below: int | None, number: int) -> Page:
    """A page of the rows of the newest rolls that fit nobody, or somebody twice."""
    asked = {"area_id": area_id, "last": period.last, "verdict": verdict, "below": below}
    return _page(session, "roll_rows", asked, number)


def all_roll_rows(
    session: Session, area_id: int, period: Period, verdict: str, below: int | None
) -> Sequence[Row[Any]]:
    """All of these rows, for files."""
    asked = {"area_id": area_id, "last": period.last, "verdict": verdict, "below": below}
    return session.execute(sql(PACKAGE, "roll_rows"), {**asked, "most": EXPORTED_AT_MOST, "skipped": 0}).all()


def _below(session: Session, scope: Scope, area_id: int, period: Period) -> list[Place]:
    if period.last >= clock.today():
        return areas.below(session, scope, area_id)
    return by_date.below_on(session, scope, area_id, period.last)


def _asked(area_id: int, period: Period) -> dict[str, Any]:
    late_days = settings().reported_late_days
    return {"area_id": area_id, "first": period.first, "last": period.last, "late_days": late_days}


def _chosen(line: Line) -> dict[str, Any]:
    return {
        "buckets": [str(one) for one in line.buckets],
        "reason": line.reason,
        "was_covered": line.was_covered,
        "is_covered": line.is_covered,
        "is_listed": line.is_listed,
    }


def _page(session: Session, name: str, asked: dict[str, Any], number: int) -> Page:
    """One page of a query that counts all its rows as `total`; a number beyond the end gives the first."""
    size = {"most": PAGE_SIZE}
    rows = session.execute(sql(PACKAGE, name), {**asked, **size, "skipped": (max(number, 1) - 1) * PAGE_SIZE}).all()
    if not rows and number > 1:
        return _page(session, name, asked, 1)
    all_of_them = rows[0].total if rows else 0
    pages = max(1, -(-all_of_them // PAGE_SIZE))
    first = (number - 1) * PAGE_SIZE + 1 if rows else 0
    return Page(max(number, 1), pages, all_of_them, first, first + len(rows) - 1 if rows else 0, rows)

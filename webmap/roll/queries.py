"""Looks at rolls, their rows, and those that wait for a choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, undefer

from webmap.accounts.scope import Scope, areas_in
from webmap.database.sql_files import run_statements
from webmap.households.models import Household, Person
from webmap.roll.errors import RollNotFoundError
from webmap.roll.models import RollCandidate, RollImport, RollRow

PAGE = 100
EVERYBODY = 10_000_000
FIRST = UUID(int=0)


def find(
    session: Session, scope: Scope, roll_id: UUID, *, lock: bool = False, with_content: bool = False
) -> RollImport:
    """One roll of the scope. Raises RollNotFoundError."""
    wanted = select(RollImport).where(RollImport.id == roll_id, RollImport.area_id.in_(areas_in(scope)))
    if with_content:
        wanted = wanted.options(undefer(RollImport.content))
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise RollNotFoundError
    return found


def recent(session: Session, scope: Scope, most: int = 30) -> Sequence[RollImport]:
    """The newest rolls of the scope."""
    wanted = select(RollImport).where(RollImport.area_id.in_(areas_in(scope)))
    return session.scalars(wanted.order_by(RollImport.created_at.desc()).limit(most)).all()


def verdict_counts(session: Session, roll_id: UUID) -> dict[str, int]:
    """How many rows of each verdict, as they stand now."""
    wanted = select(RollRow.verdict, func.count()).where(RollRow.import_id == roll_id).group_by(RollRow.verdict)
    return {verdict: int(count) for verdict, count in session.execute(wanted)}


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a roll with the person it was taken for, if any."""

    row: RollRow
    person: Person | None
    household: Household | None


def rows_of(session: Session, roll_id: UUID, verdict: str, *, after: int = 0, most: int = PAGE) -> list[Listed]:
    """The rows of a verdict in the order of the file, with whom they were taken for."""
    wanted = (
        select(RollRow, Person, Household)
        .outerjoin(Person, Person.id == RollRow.person_id)
        .outerjoin(Household, Household.id == Person.household_id)
        .where(RollRow.import_id == roll_id, RollRow.verdict == verdict, RollRow.row_number > after)
        .order_by(RollRow.row_number)
        .limit(most)
    )
    return [Listed(row, person, household) for row, person, household in session.execute(wanted)]


def rows_with_reasons(session: Session, roll_id: UUID, *, most: int | None = None) -> list[RollRow]:
    """Rows that are refused, in the order of the file."""
    wanted = (
        select(RollRow).where(RollRow.import_id == roll_id, RollRow.verdict == "refuse").order_by(RollRow.row_number)
    )
    return list(session.scalars(wanted if most is None else wanted.limit(most)))


def unlisted(session: Session, roll: RollImport, *, after: UUID = FIRST, most: int = PAGE) -> list[UUID]:
    """People of the area whose card held on the roll's day and who are not on it. Nobody if it is not complete."""
    if not roll.is_complete:
        return []
    found = run_statements(
        session, "webmap.roll", "unlisted",
        area_id=roll.area_id, after=after, listed_on=roll.listed_on, import_id=roll.id, most=most,
    )  # fmt: skip
    return [row[0] for row in found]


def ended(session: Session, roll: RollImport, *, most: int = PAGE) -> list[tuple[Person, Household]]:
    """The people whose cards would end, or were ended, because a complete roll does not list them."""
    if roll.state == "applied":
        ids = list(session.scalars(ENDED, {"roll_id": roll.id, "most": most}))
    else:
        ids = unlisted(session, roll, most=most)
    wanted = select(Person, Household).join(Household, Household.id == Person.household_id)
    return [(person, household) for person, household in session.execute(wanted.where(Person.id.in_(ids)))]


ENDED = text(
    "select distinct (after->>'person_id')::uuid from roll_change"
    " where import_id = :roll_id and row_number is null and table_name = 'card' limit :most"
)


def newer_roll(session: Session, roll: RollImport) -> date | None:
    """The day of a later roll that was applied to this area, to one it lies in, or to one within it."""
    found: date | None = session.scalar(NEWER, {"area_id": roll.area_id, "id": roll.id, "listed_on": roll.listed_on})
    return found


SHARED = """
    (exists (select 1 from area_closure where ancestor_id = :area_id and descendant_id = later.area_id)
     or exists (select 1 from area_closure where ancestor_id = later.area_id and descendant_id = :area_id))
"""
NEWER = text(
    "select max(listed_on) from roll_import later where later.state in ('applied', 'applying')"
    f" and later.id <> :id and later.listed_on > :listed_on and {SHARED}"
)
LATER = text(
    "select exists (select 1 from roll_import later where later.state in ('applied', 'applying')"
    f" and later.id <> :id and later.applied_at > :applied_at and {SHARED})"
)


def is_built_upon(session: Session, roll: RollImport, row_number: int | None = None) -> bool:
    """Whether a later roll was applied to the same area, or somebody has changed a card since this one wrote it."""
    values = {"area_id": roll.area_id, "id": roll.id, "applied_at": roll.applied_at}
    if roll.applied_at and session.scalar(LATER, values):
        return True
    return bool(run_statements(session, "webmap.roll", "changed_since", import_id=roll.id, row_number=row_number))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a doubtful row may be: how sure, and what agrees."""

    person: Person
    household: Household
    confidence: float
    agreement: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that waits for a choice, those it may be, and its neighbours in the line."""

    row: RollRow
    candidates: list[Candidate]
    before: int | None
    after: int | None


def doubt(session: Session, roll: RollImport, row_number: int) -> Doubt | None:
    """The doubtful row of that number or the next one after it, else the first; None when none waits."""
    waiting = select(RollRow).where(RollRow.import_id == roll.id, RollRow.verdict == "doubtful")
    row = session.scalar(waiting.where(RollRow.row_number >= row_number).order_by(RollRow.row_number).limit(1))
    row = row or session.scalar(waiting.order_by(RollRow.row_number).limit(1))
    if row is None:
        return None
    number = RollRow.row_number
    before = session.scalar(waiting.with_only_columns(func.max(number)).where(number < row.row_number))
    after = session.scalar(waiting.with_only_columns(func.min(number)).where(number > row.row_number))
    return Doubt(row, candidates_of(session, row), before, after)


def candidates_of(session: Session, row: RollRow) -> list[Candidate]:
    """Those a row may be, the surest first."""
    wanted = (
        select(Person, Household, RollCandidate.confidence, RollCandidate.agreement)
        .join(RollCandidate, RollCandidate.person_id == Person.id)
        .join(Household, Household.id == Person.household_id)
        .where(RollCandidate.import_id == row.import_id, RollCandidate.row_number == row.row_number)
        .order_by(RollCandidate.confidence.desc(), Person.id)
    )
    return [Candidate(*found) for found in session.execute(wanted)]

"""Do what a dry run promised, and take it back: in short transactions, and in the end all of it or nothing.

A roll of a province writes for minutes. One transaction would keep visits at all these doors waiting; so some thousand
rows are written at a time, each noted as it was. When one of them fails, or the job is stopped, what was written is put
back before the job ends; when the worker dies, the job runs again and goes on where it was.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.scope import Scope
from webmap.areas.models import Source
from webmap.coverage.service import refresh_households
from webmap.database.engine import transaction
from webmap.database.sql_files import run_statements
from webmap.errors import N_
from webmap.roll import matching, queries, runs
from webmap.roll.errors import NewerRollError, RollBuiltUponError, RollBusyError, RollRegisterChangedError
from webmap.roll.matching import PACKAGE, Report, silent
from webmap.roll.models import RollChange, RollImport, RollRow
from webmap.roll.rules import SUBSIDIES

AT_ONCE = 1000
Open = Callable[[], AbstractContextManager[Session]]


def apply(scope: Scope, roll_id: UUID, report: Report = silent) -> None:
    """Apply a checked roll. Applied already: nothing more is done. Raises RollRegisterChangedError, NewerRollError."""
    in_turn: Open = partial(transaction, scope)
    with in_turn() as session:
        roll = queries.find(session, scope, roll_id, lock=True)
        if roll.state == "applied":
            return
        _start(session, roll)
        total = _to_write(session, roll)
    try:
        _write_all(in_turn, scope, roll_id, total, report)
    except BaseException:
        _put_all_back(in_turn, scope, roll_id)
        with in_turn() as session:
            queries.find(session, scope, roll_id, lock=True).state = "checked"
        raise


def _start(session: Session, roll: RollImport) -> None:
    if roll.state not in ("checked", "applying"):
        raise RollBusyError
    if newer := queries.newer_roll(session, roll):
        raise NewerRollError(day=f"{newer:%d/%m/%Y}")
    roll.state = "applying"
    if roll.source_id is None:
        source = Source(
            name=roll.file_name, kind="roll", dated_on=roll.listed_on, file_name=roll.file_name, sha256=roll.sha256
        )
        session.add(source)
        session.flush()
        roll.source_id = source.id


def _to_write(session: Session, roll: RollImport) -> int:
    wanted = select(func.count()).where(RollRow.import_id == roll.id, RollRow.verdict.in_(("add", "change")))
    return (session.scalar(wanted) or 0) + int(roll.counts.get("ended", 0))


def _write_all(in_turn: Open, scope: Scope, roll_id: UUID, total: int, report: Report) -> None:
    done = 0
    while True:
        report(done, total, N_("Writing cards"))
        with in_turn() as session:
            written = write_next(session, queries.find(session, scope, roll_id, lock=True))
        if not written:
            break
        done += written
    after = queries.FIRST
    while True:
        report(min(done, total), total, N_("Ending the cards of people who are not listed"))
        with in_turn() as session:
            people = _end_next(session, queries.find(session, scope, roll_id, lock=True), after)
        if not people:
            break
        done, after = done + len(people), people[-1]
    with in_turn() as session:
        _finish(session, scope, queries.find(session, scope, roll_id, lock=True))


def write_next(session: Session, roll: RollImport) -> int:
    """Write the next rows of a roll; returns how many. Raises RollRegisterChangedError."""
    wanted = (
        select(RollRow.row_number)
        .where(
            RollRow.import_id == roll.id,
            RollRow.verdict.in_(("add", "change")),
            RollRow.row_number > roll.applied_through,
        )
        .order_by(RollRow.row_number)
        .limit(AT_ONCE)
    )
    rows = list(session.scalars(wanted))
    if rows:
        write_rows(session, roll, rows)
        roll.applied_through = rows[-1]
    return len(rows)


def write_rows(session: Session, roll: RollImport, rows: list[int]) -> None:
    """Write these rows of a roll as they promise it. Raises RollRegisterChangedError."""
    matching.restage(session, roll.area_id, roll.id, rows)
    if run_statements(session, PACKAGE, "promise_differs", import_id=roll.id, rows=rows):
        raise RollRegisterChangedError
    since = _last_change(session)
    run_statements(session, PACKAGE, "note_rows", import_id=roll.id, source_id=roll.source_id)
    _write(session, roll, since)


def _end_next(session: Session, roll: RollImport, after: UUID) -> list[UUID]:
    people = queries.unlisted(session, roll, after=after, most=AT_ONCE)
    if people:
        since = _last_change(session)
        run_statements(
            session, PACKAGE, "note_endings",
            import_id=roll.id, people=people, listed_on=roll.listed_on, source_id=roll.source_id,
            subsidies=list(SUBSIDIES), since=since,
        )  # fmt: skip
        _write(session, roll, since)
    return people


def _last_change(session: Session) -> int:
    return session.scalar(select(func.coalesce(func.max(RollChange.id), 0))) or 0


def _write(session: Session, roll: RollImport, since: int) -> None:
    touched = run_statements(session, PACKAGE, "write", import_id=roll.id, since=since)
    session.expire_all()
    refresh_households(session, [row[0] for row in touched])


def _finish(session: Session, scope: Scope, roll: RollImport) -> None:
    roll.state = "applied"
    roll.applied_at = clock.now()
    roll.content = None  # the file has done its duty; what it said is in its rows
    runs.note(
        session, scope, "apply roll", roll, **queries.verdict_counts(session, roll.id), ended=roll.counts["ended"]
    )


def take_back(scope: Scope, roll_id: UUID, report: Report = silent) -> None:
    """Take an applied roll back: people and cards are as before. Raises RollBuiltUponError."""
    in_turn: Open = partial(transaction, scope)
    with in_turn() as session:
        roll = queries.find(session, scope, roll_id, lock=True)
        if roll.state == "undone":
            return
        has_begun = roll.applied_through < 0
        if roll.state not in ("applied", "undoing"):
            raise RollBusyError
        is_refused = not has_begun and queries.is_built_upon(session, roll)
        roll.state = "applied" if is_refused else roll.state
        total = session.scalar(select(func.count()).where(RollChange.import_id == roll_id)) or 0
    if is_refused:
        raise RollBuiltUponError
    report(0, total, N_("Putting cards and people back"))  # the last moment to stop it
    with in_turn() as session:
        roll = queries.find(session, scope, roll_id, lock=True)
        roll.state, roll.applied_through = "undoing", -1
    _put_all_back(in_turn, scope, roll_id)
    with in_turn() as session:
        roll = queries.find(session, scope, roll_id, lock=True)
        roll.state, roll.undone_at = "undone", clock.now()
        runs.note(session, scope, "take roll back", roll, changes=total)


def _put_all_back(in_turn: Open, scope: Scope, roll_id: UUID) -> None:
    while True:
        with in_turn() as session:
            roll = queries.find(session, scope, roll_id, lock=True)
            wanted = select(RollChange.id).where(RollChange.import_id == roll_id).order_by(RollChange.id.desc())
            changes = list(session.scalars(wanted.limit(AT_ONCE)))
            if not changes:
                roll.applied_through = 0
                return
            put_back(session, changes)


def put_back(session: Session, changes: list[int]) -> None:
    """Put back what these changes wrote."""
    touched = run_statements(session, PACKAGE, "put_back", changes=changes)
    session.expire_all()
    refresh_households(session, [row[0] for row in touched])


def changes_of(session: Session, roll_id: UUID, row_number: int) -> list[int]:
    """What one row of a roll has written."""
    wanted = select(RollChange.id).where(RollChange.import_id == roll_id, RollChange.row_number == row_number)
    return list(session.scalars(wanted))


def facts(session: Session, roll: RollImport) -> dict[str, Any]:
    """How many cards and people a roll wrote."""
    counted = session.execute(COUNTED, {"roll_id": roll.id}).one()
    return dict(counted._mapping)  # noqa: SLF001 - the documented way to a row's mapping


COUNTED = text(
    "select count(*) filter (where table_name = 'card' and deed = 'added') as cards_added,"
    " count(*) filter (where table_name = 'card' and deed = 'changed' and row_number is not null) as cards_changed,"
    " count(distinct after->>'person_id') filter (where table_name = 'card' and row_number is null) as ended"
    " from roll_change where import_id = :roll_id"
)

"""The life of one roll: uploaded, its headings confirmed, checked, applied, taken back, or let go."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webmap import audit, clock, jobs
from webmap.accounts.scope import Scope, areas_in, require_area
from webmap.households.importing.cells import Limits
from webmap.households.importing.fields import Field
from webmap.households.importing.models import HeadingMapping
from webmap.households.importing.reading import Layout, guessed_layout, on_disk, signature_of
from webmap.ids import uuid7
from webmap.roll import queries
from webmap.roll.errors import ListedInFutureError, RollBusyError
from webmap.roll.models import RollImport, RollRow
from webmap.roll.reading import check_columns, roll_columns
from webmap.settings import settings

READY = ("uploaded", "checked", "failed", "cancelled", "undone")
STEP_BACK = {"checking": "uploaded", "applying": "checked", "undoing": "applied"}
KIND = "roll:"
"""Headings of rolls are remembered beside those of lists of households, and never mixed up with them."""


def limits() -> Limits:
    """How much of a roll is read, by the settings. A whole province's is large; what a reader may use is not."""
    chosen = settings()
    most = max(chosen.upload_megabytes, 1024)
    return Limits(megabytes=most, rows=chosen.roll_rows, unpacked_megabytes=most, memory_megabytes=1536, seconds=300)


def begin(session: Session, scope: Scope, area_id: int, *, content: bytes, **given: Any) -> RollImport:
    """Take an uploaded roll in and guess its headings; `given` as for `begin_with`, and its `file_name`."""
    with on_disk(content) as path:
        roll = begin_with(session, scope, area_id, path, **given)
    roll.content = content
    return roll


def begin_with(
    session: Session,
    scope: Scope,
    area_id: int,
    path: Path,
    *,
    listed_on: date,
    is_complete: bool,
    purpose: str,
    legal_basis: str,
    file_name: str = "",
) -> RollImport:
    """Take a roll in from a file that stays where it is. Raises FileRefusedError, ListedInFutureError."""
    layout = guess(session, scope, area_id, path, listed_on)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    roll = RollImport(
        id=uuid7(),
        area_id=area_id,
        account_id=scope.account_id or UUID(int=0),
        file_name=(file_name or path.name)[:200],
        sha256=sha256,
        purpose=purpose,
        legal_basis=legal_basis,
        mapping=layout.as_json(),
        listed_on=listed_on,
        is_complete=is_complete,
    )
    session.add(roll)
    session.flush()
    size = path.stat().st_size
    note(session, scope, "upload roll", roll, bytes=size, purpose=purpose, legal_basis=legal_basis)
    return roll


def guess(session: Session, scope: Scope, area_id: int, path: Path, listed_on: date) -> Layout:
    """How a roll's file is to be read, by its headings or as somebody confirmed it before."""
    require_area(session, scope, area_id)
    if listed_on > clock.today():
        raise ListedInFutureError(day=f"{listed_on:%d/%m/%Y}")
    layout = guessed_layout(path, limits())
    layout = replace(layout, columns=roll_columns(layout.columns), list_on=listed_on)
    return _remembered(session, scope, layout)


def _signature(layout: Layout) -> str:
    return KIND + signature_of(layout)


def _remembered(session: Session, scope: Scope, layout: Layout) -> Layout:
    kept = session.scalar(
        select(HeadingMapping.mapping)
        .where(HeadingMapping.signature == _signature(layout), HeadingMapping.area_id.in_(areas_in(scope)))
        .order_by(HeadingMapping.confirmed_at.desc())
        .limit(1)
    )
    if kept is None:
        return layout
    columns = {int(index): Field(name) for index, name in kept["columns"].items()}
    return replace(layout, columns=columns, category=kept.get("category"))


def point_at(session: Session, scope: Scope, roll_id: UUID, sheet: str, line: int | None) -> None:
    """Guess again from another sheet, or from the line of headings that a person pointed at."""
    roll = _ready(session, scope, roll_id)
    with on_disk(roll.content or b"") as path:
        layout = guessed_layout(path, limits(), sheet=sheet, line=line)
    roll.mapping = replace(layout, columns=roll_columns(layout.columns), list_on=roll.listed_on).as_json()
    roll.state = "uploaded"


def confirm(session: Session, scope: Scope, roll_id: UUID, layout: Layout) -> UUID:
    """Take the headings as confirmed, remember them for such files, and put the dry run in line. Returns the job."""
    check_columns(layout.columns)
    roll = _ready(session, scope, roll_id)
    roll.mapping = layout.as_json()
    roll.state = "checking"
    remember(session, roll, layout)
    note(session, scope, "confirm headings", roll, columns=roll.mapping["columns"])
    return jobs.enqueue(session, scope, "check roll", area_id=roll.area_id, roll_id=str(roll.id))


def remember(session: Session, roll: RollImport, layout: Layout) -> None:
    """Keep the headings for the next roll from the same source."""
    values = {
        "signature": _signature(layout),
        "area_id": roll.area_id,
        "mapping": layout.as_json(),
        "confirmed_by": roll.account_id,
        "confirmed_at": func.now(),
    }
    session.execute(
        insert(HeadingMapping)
        .values(values)
        .on_conflict_do_update(index_elements=["signature", "area_id"], set_=values)
    )


def approve(session: Session, scope: Scope, roll_id: UUID) -> UUID:
    """Put the applying of a checked roll in line. Returns the job."""
    roll = queries.find(session, scope, roll_id, lock=True)
    _revive(session, roll)
    if roll.state != "checked":
        raise RollBusyError
    roll.state = "applying"
    return jobs.enqueue(session, scope, "apply roll", area_id=roll.area_id, roll_id=str(roll.id))


def want_back(session: Session, scope: Scope, roll_id: UUID) -> UUID:
    """Put the taking back of an applied roll in line. Returns the job."""
    roll = queries.find(session, scope, roll_id, lock=True)
    _revive(session, roll)
    if roll.state != "applied":
        raise RollBusyError
    roll.state = "undoing"
    return jobs.enqueue(session, scope, "take roll back", area_id=roll.area_id, roll_id=str(roll.id))


def let_go(session: Session, scope: Scope, roll_id: UUID) -> None:
    """Forget a roll that is not applied: its content and its rows are deleted, the record of it stays."""
    roll = queries.find(session, scope, roll_id, lock=True)
    _revive(session, roll)
    if roll.state not in READY:
        raise RollBusyError
    roll.content = None
    roll.state = "cancelled"
    session.execute(delete(RollRow).where(RollRow.import_id == roll.id))
    note(session, scope, "drop roll", roll)


def step_back(session: Session, scope: Scope, roll_id: UUID) -> None:
    """After a stopped or failed job: the roll stands where it stood before the job."""
    roll = queries.find(session, scope, roll_id, lock=True)
    roll.state = STEP_BACK.get(roll.state, roll.state)


def note(session: Session, scope: Scope, verb: str, roll: RollImport, **facts: object) -> None:
    """Write an audit entry about a roll."""
    day = roll.listed_on.isoformat()
    audit.record(
        session, scope, verb, "roll_import", roll.id, area_id=roll.area_id, sha256=roll.sha256, listed_on=day, **facts
    )


def _ready(session: Session, scope: Scope, roll_id: UUID) -> RollImport:
    roll = queries.find(session, scope, roll_id, lock=True, with_content=True)
    _revive(session, roll)
    if roll.state not in READY or roll.content is None:
        raise RollBusyError
    return roll


def _revive(session: Session, roll: RollImport) -> None:
    """A roll whose job is gone for good (the house was moved, the job failed badly) does not wait for it for ever."""
    if roll.state in STEP_BACK and roll.applied_through == 0 and not _has_job(session, roll.id):
        roll.state = STEP_BACK[roll.state]


def _has_job(session: Session, roll_id: UUID) -> bool:
    wanted = select(func.count()).where(
        jobs.Job.facts["roll_id"].as_string() == str(roll_id), jobs.Job.state.in_(("waiting", "running"))
    )
    return bool(session.scalar(wanted))

"""The life of one file: uploaded, its headings confirmed, checked, applied, or let go."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webmap import audit, clock, jobs
from webmap.accounts.scope import Scope, areas_in, require_area
from webmap.errors import N_, ConflictError, NotFoundError
from webmap.households.importing.cells import Limits
from webmap.households.importing.fields import Field
from webmap.households.importing.models import HeadingMapping, HouseholdImport, HouseholdImportRow
from webmap.households.importing.reading import (
    Layout,
    check_layout,
    guessed_layout,
    layout_from,
    on_disk,
    signature_of,
)
from webmap.ids import uuid7
from webmap.settings import settings

READY = ("uploaded", "checked", "failed", "cancelled")


class ImportNotFoundError(NotFoundError):
    """No such import, or not in the areas of whoever asks."""

    code = "import_not_found"
    text = N_("This import does not exist, or it is not in your areas.")


class ImportBusyError(ConflictError):
    """The file is being checked or applied, or it is done with."""

    code = "import_busy"
    text = N_("This file is being worked on, or it was applied already.")


def limits() -> Limits:
    """How much of a file is read, by the settings."""
    chosen = settings()
    return Limits(megabytes=chosen.upload_megabytes, rows=chosen.import_rows)


def begin(
    session: Session,
    scope: Scope,
    area_id: int,
    *,
    file_name: str,
    content: bytes,
    purpose: str,
    legal_basis: str,
) -> HouseholdImport:
    """Take a file in and guess its headings. Raises FileRefusedError, or NotFoundError outside the scope's areas."""
    require_area(session, scope, area_id)
    with on_disk(content) as path:
        layout = guessed_layout(path, limits())
    layout = replace(_remembered(session, scope, layout), list_on=clock.today())
    account_id = scope.account_id or UUID(int=0)
    run = HouseholdImport(
        id=uuid7(),
        area_id=area_id,
        account_id=account_id,
        file_name=file_name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        purpose=purpose,
        legal_basis=legal_basis,
        mapping=layout.as_json(),
    )
    session.add(run)
    session.flush()
    audit.record(
        session,
        scope,
        "upload household file",
        "household_import",
        run.id,
        area_id=area_id,
        sha256=run.sha256,
        bytes=len(content),
        purpose=purpose,
        legal_basis=legal_basis,
    )
    return run


def _remembered(session: Session, scope: Scope, layout: Layout) -> Layout:
    """Use what somebody confirmed for the same headings, the newest first."""
    kept = session.scalar(
        select(HeadingMapping.mapping)
        .where(HeadingMapping.signature == signature_of(layout), HeadingMapping.area_id.in_(areas_in(scope)))
        .order_by(HeadingMapping.confirmed_at.desc())
        .limit(1)
    )
    if kept is None:
        return layout
    columns = {int(index): Field(name) for index, name in kept["columns"].items()}
    known = layout_from({**layout.as_json(), **{key: kept[key] for key in ("way", "fills_down", "category", "epsg")}})
    return replace(known, columns=columns)


def find(session: Session, scope: Scope, import_id: UUID, *, lock: bool = False) -> HouseholdImport:
    """One import of the scope. Raises ImportNotFoundError."""
    wanted = select(HouseholdImport).where(
        HouseholdImport.id == import_id, HouseholdImport.area_id.in_(areas_in(scope))
    )
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise ImportNotFoundError
    return found


def recent(session: Session, scope: Scope, most: int = 30) -> Sequence[HouseholdImport]:
    """The newest imports of the scope."""
    return session.scalars(
        select(HouseholdImport)
        .where(HouseholdImport.area_id.in_(areas_in(scope)))
        .order_by(HouseholdImport.created_at.desc())
        .limit(most)
    ).all()


def point_at(session: Session, scope: Scope, import_id: UUID, sheet: str, line: int | None) -> Layout:
    """Guess again from another sheet, or from the line of headings that a person pointed at."""
    run = _ready(session, scope, import_id)
    with on_disk(run.content or b"") as path:
        layout = guessed_layout(path, limits(), sheet=sheet, line=line)
    layout = replace(layout, list_on=layout_from(run.mapping).list_on)
    run.mapping = layout.as_json()
    run.state = "uploaded"
    return layout


def confirm(session: Session, scope: Scope, import_id: UUID, layout: Layout) -> UUID:
    """Take the headings as confirmed, remember them for such files, and put the dry run in line. Returns the job."""
    check_layout(layout.columns)
    run = _ready(session, scope, import_id)
    run.mapping = layout.as_json()
    run.state = "checking"
    values = {
        "signature": signature_of(layout),
        "area_id": run.area_id,
        "mapping": layout.as_json(),
        "confirmed_by": run.account_id,
        "confirmed_at": func.now(),
    }
    session.execute(
        insert(HeadingMapping)
        .values(values)
        .on_conflict_do_update(index_elements=["signature", "area_id"], set_=values)
    )
    audit.record(
        session,
        scope,
        "confirm headings",
        "household_import",
        run.id,
        area_id=run.area_id,
        columns=run.mapping["columns"],
    )
    return jobs.enqueue(session, scope, "check household file", area_id=run.area_id, import_id=str(run.id))


def approve(session: Session, scope: Scope, import_id: UUID) -> UUID:
    """Put the applying of a checked file in line. Returns the job."""
    run = find(session, scope, import_id, lock=True)
    if run.state != "checked":
        raise ImportBusyError
    run.state = "applying"
    return jobs.enqueue(session, scope, "apply household file", area_id=run.area_id, import_id=str(run.id))


def let_go(session: Session, scope: Scope, import_id: UUID) -> None:
    """Forget a file that was not applied: its content and its rows are deleted, the record of it stays."""
    run = _ready(session, scope, import_id)
    run.content = None
    run.state = "cancelled"
    session.query(HouseholdImportRow).where(HouseholdImportRow.import_id == run.id).delete(synchronize_session=False)
    audit.record(session, scope, "drop household file", "household_import", run.id, area_id=run.area_id)


def step_back(session: Session, scope: Scope, import_id: UUID) -> None:
    """After a stopped or failed job: the file stands where it stood before the job."""
    run = find(session, scope, import_id, lock=True)
    if run.state in ("checking", "applying"):
        run.state = "uploaded" if run.state == "checking" else "checked"


def _ready(session: Session, scope: Scope, import_id: UUID) -> HouseholdImport:
    run = find(session, scope, import_id, lock=True)
    if run.state not in READY or run.content is None:
        raise ImportBusyError
    return run


def rows_of(
    session: Session, import_id: UUID, verdicts: Sequence[str], *, most: int, after: int = 0
) -> list[HouseholdImportRow]:
    """Rows of an import by verdict, in the order of the file."""
    return list(
        session.scalars(
            select(HouseholdImportRow)
            .where(
                HouseholdImportRow.import_id == import_id,
                HouseholdImportRow.verdict.in_(verdicts),
                HouseholdImportRow.row_number > after,
            )
            .order_by(HouseholdImportRow.row_number)
            .limit(most)
        )
    )


def rows_with_reasons(session: Session, import_id: UUID, *, most: int | None = None) -> list[HouseholdImportRow]:
    """Rows that are refused, or come in without some of their cells, in the order of the file."""
    wanted = (
        select(HouseholdImportRow)
        .where(
            HouseholdImportRow.import_id == import_id,
            (HouseholdImportRow.verdict == "refuse") | (func.jsonb_array_length(HouseholdImportRow.reasons) > 0),
        )
        .order_by(HouseholdImportRow.row_number)
    )
    return list(session.scalars(wanted if most is None else wanted.limit(most)))


def list_day(run: HouseholdImport) -> date:
    """The day on which the list was true, as confirmed."""
    return layout_from(run.mapping).list_on or clock.day_of(run.created_at)


def counts_of(run: HouseholdImport) -> dict[str, Any]:
    """The figures of the last dry run."""
    return dict(run.counts)

"""Do what a dry run promised: all of it in one transaction, or nothing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.scope import Scope
from webmap.areas.boundaries import refresh_hulls_below
from webmap.areas.models import Source
from webmap.errors import N_, ConflictError
from webmap.households import derived, settling
from webmap.households.importing import runs, staging
from webmap.households.importing.models import HouseholdImport, HouseholdImportRow

REFRESHED_AT_ONCE = 2000
Report = Callable[[int, int, str], None]


class RegisterChangedError(ConflictError):
    """Somebody wrote to the register between the dry run and now; what was promised is no longer what would be done."""

    code = "register_changed"
    text = N_("The register has changed since the file was checked. Check the file again; nothing was changed.")


def apply(
    session: Session, scope: Scope, import_id: UUID, report: Report = lambda _done, _total, _step: None
) -> dict[str, Any]:
    """Apply a checked file. Applied already: nothing more is done. Raises RegisterChangedError."""
    run = runs.find(session, scope, import_id, lock=True)
    if run.state == "applied":
        return dict(run.counts)
    if run.state not in ("checked", "applying"):
        raise runs.ImportBusyError
    report(0, 4, N_("Comparing with the register"))
    _stage_again(session, run)
    has_changes = bool(staging.run(session, "has_changes"))
    if has_changes:
        report(1, 4, N_("Writing households and people"))
        _write(session, run, report)
        refresh_hulls_below(session, scope, run.area_id)
    run.state = "applied"
    run.applied_at = clock.now()
    run.content = None  # the file has done its duty; what it said is in the register
    session.execute(
        delete(HouseholdImportRow).where(HouseholdImportRow.import_id == run.id, HouseholdImportRow.verdict == "same")
    )
    figures = {key: value for key, value in run.counts.items() if isinstance(value, int)}
    audit.record(
        session,
        scope,
        "apply household file",
        "household_import",
        run.id,
        area_id=run.area_id,
        sha256=run.sha256,
        **figures,
    )
    return dict(run.counts)


def _stage_again(session: Session, run: HouseholdImport) -> None:
    """Match anew, and hold the result against the promise."""
    staging.open_stage(session, run.area_id)
    staging.run(session, "restage", import_id=run.id)
    contradicted = staging.match(session)
    if contradicted or _promise_differs(session, run.id):
        raise RegisterChangedError


def _promise_differs(session: Session, import_id: UUID) -> bool:
    return bool(staging.run(session, "promise_differs", import_id=import_id))


def _write(session: Session, run: HouseholdImport, report: Report) -> None:
    source = Source(
        name=run.file_name, kind="households", dated_on=runs.list_day(run), file_name=run.file_name, sha256=run.sha256
    )
    session.add(source)
    session.flush()
    run.source_id = source.id
    staging.run(session, "left_behind")
    staging.run(session, "apply_households", source_id=source.id)
    staging.run(session, "apply_people", source_id=source.id)
    staging.run(session, "written", import_id=run.id)
    touched = [row[0] for row in staging.run(session, "touched")]
    report(2, 4, N_("Working out who is covered"))
    for start in range(0, len(touched), REFRESHED_AT_ONCE):
        derived.refresh_households(session, touched[start : start + REFRESHED_AT_ONCE])
    report(3, 4, N_("Finishing"))
    if touched:
        settling.link(session, touched)


def is_applied(session: Session, import_id: UUID) -> bool:
    """Whether the file has been applied."""
    return session.scalar(select(HouseholdImport.state).where(HouseholdImport.id == import_id)) == "applied"

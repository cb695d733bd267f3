"""Long work on households: the dry run of a file, and applying it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from webmap.accounts.scope import Scope
from webmap.database.engine import reading, transaction
from webmap.errors import N_
from webmap.households.importing import apply, preview, runs
from webmap.jobs import Run, job


@job("check household file")
def check_file(run: Run) -> dict[str, Any]:
    """Read the file and keep what it would do."""
    import_id, scope = _asked(run)
    with _stepping_back(scope, import_id):
        with reading(scope) as session:
            read = preview.understand(session, scope, import_id)
        understood = read(lambda rows: run.progress(rows, None, N_("Reading rows")))
        run.progress(len(understood.rows), len(understood.rows), N_("Comparing with the register"))
        with transaction(scope) as session:
            preview.check(session, scope, import_id, understood)
    return {"next": f"/households/import/{import_id}"}


@job("apply household file")
def apply_file(run: Run) -> dict[str, Any]:
    """Write what the dry run promised, all of it or nothing."""
    import_id, scope = _asked(run)
    with _stepping_back(scope, import_id), transaction(scope) as session:
        apply.apply(session, scope, import_id, run.progress)
    return {"next": f"/households/import/{import_id}"}


def _asked(run: Run) -> tuple[UUID, Scope]:
    asking = run.scope
    scope = Scope(asking.account_id, asking.role, asking.area_ids, asking.sees_persons)
    return UUID(run.facts["import_id"]), scope


@contextmanager
def _stepping_back(scope: Scope, import_id: UUID) -> Iterator[None]:
    """A job that stops or fails leaves the file as it stood before."""
    try:
        yield
    except BaseException:
        with transaction(scope) as session:
            runs.step_back(session, scope, import_id)
        raise

"""Long work on rolls: the dry run, applying, and taking back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from webmap.accounts.scope import Scope
from webmap.database.engine import patient_transaction, reading, transaction
from webmap.households.importing.reading import on_disk
from webmap.jobs import Run, job
from webmap.roll import applying, checking, matching, queries, runs
from webmap.roll.errors import RollBusyError


@job("check roll")
def check_roll(run: Run) -> dict[str, Any]:
    """Read a roll, find whom its rows are, and keep what it would do."""
    roll_id, scope = _asked(run)
    with _stepping_back(scope, roll_id):
        with reading(scope) as session:
            content = queries.find(session, scope, roll_id, with_content=True).content
        if content is None:
            raise RollBusyError
        with on_disk(content) as path, patient_transaction(scope) as session:
            del content
            checking.check(session, scope, roll_id, path, _reporting(run))
    return {"next": f"/rolls/{roll_id}"}


@job("apply roll")
def apply_roll(run: Run) -> dict[str, Any]:
    """Write what the dry run of a roll promised, in the end all of it or nothing."""
    roll_id, scope = _asked(run)
    with _stepping_back(scope, roll_id):
        applying.apply(scope, roll_id, _reporting(run))
    return {"next": f"/rolls/{roll_id}"}


@job("take roll back")
def take_roll_back(run: Run) -> dict[str, Any]:
    """Put people and cards back as they were before a roll was applied."""
    roll_id, scope = _asked(run)
    with _stepping_back(scope, roll_id):
        applying.take_back(scope, roll_id, _reporting(run))
    return {"next": f"/rolls/{roll_id}"}


def _reporting(run: Run) -> matching.Report:
    return lambda done, total, step: run.progress(done, total or None, step)


def _asked(run: Run) -> tuple[UUID, Scope]:
    asking = run.scope
    return UUID(run.facts["roll_id"]), Scope(asking.account_id, asking.role, asking.area_ids, asking.sees_persons)


@contextmanager
def _stepping_back(scope: Scope, roll_id: UUID) -> Iterator[None]:
    """A job that stops or fails leaves the roll as it stood before."""
    try:
        yield
    except BaseException:
        with transaction(scope) as session:
            runs.step_back(session, scope, roll_id)
        raise

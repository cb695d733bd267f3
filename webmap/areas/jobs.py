"""Long work on places."""

from typing import TYPE_CHECKING, Any, cast

from webmap.areas.inputs import ReformOrder
from webmap.areas.reform import apply_reform
from webmap.database.engine import patient_transaction
from webmap.jobs import Run, job

if TYPE_CHECKING:
    from webmap.accounts.scope import Scope


@job("apply reform")
def apply_reform_job(run: Run) -> dict[str, Any]:
    """Apply a reform to an area, as it was previewed and decided."""
    area_id = int(run.facts["reformed_id"])
    order = ReformOrder.model_validate(run.facts["order"])
    with patient_transaction(run.scope) as session:
        change_id = apply_reform(session, cast("Scope", run.scope), area_id, order, run.progress)
    return {"next": f"/areas/{area_id}", "change": str(change_id)}

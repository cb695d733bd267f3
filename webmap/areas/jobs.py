"""Long work on places."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from webmap.areas.importing import import_areas
from webmap.areas.inputs import AreasOrder
from webmap.database.engine import patient_transaction
from webmap.errors import N_
from webmap.jobs import Run, job

if TYPE_CHECKING:
    from webmap.accounts.scope import Scope

READING = N_("Reading the file")


@job("import areas")
def import_areas_job(run: Run) -> dict[str, Any]:
    """Bring the tree of areas to what an uploaded file says."""
    order = AreasOrder.model_validate(run.facts["order"])
    total = run.facts.get("total")

    def tell(done: int) -> None:
        run.progress(done, total, READING)

    with patient_transaction(run.scope) as session:
        found = import_areas(session, cast("Scope", run.scope), Path(run.facts["path"]), order, tell)
    counts = {"added": found.added, "changed": found.changed, "same": found.same, "mended": len(found.mended)}
    return {**counts, "level": order.level, "next": f"/import/map/result/{run.id}"}

"""Long work on map files."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from webmap.database.engine import patient_transaction
from webmap.errors import N_
from webmap.households.settling import undo
from webmap.jobs import Run, job
from webmap.mapfiles.area_merge import import_areas
from webmap.mapfiles.inputs import AreasOrder, StreetsOrder
from webmap.mapfiles.streets import import_streets

if TYPE_CHECKING:
    from webmap.accounts.scope import Scope

READING = N_("Reading the file")
UNDOING = N_("Putting the map back as it was")


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


@job("import streets")
def import_streets_job(run: Run) -> dict[str, Any]:
    """Bring streets, buildings and water to what an uploaded file holds."""
    order = StreetsOrder.model_validate(run.facts["order"])
    total = run.facts.get("total")

    def tell(done: int) -> None:
        run.progress(done if total is None else min(done, total), total, READING)

    with patient_transaction(run.scope) as session:
        counts = import_streets(session, cast("Scope", run.scope), Path(run.facts["path"]), order, tell)
    return {**asdict(counts), "next": f"/import/map/result/{run.id}"}


@job("undo map change")
def undo_map_change_job(run: Run) -> dict[str, Any]:
    """Put everything back as it was before a change of the map."""
    change_id = UUID(run.facts["change_id"])
    run.progress(0, None, UNDOING)
    with patient_transaction(run.scope) as session:
        undo(session, cast("Scope", run.scope), change_id)
    return {"next": f"/import/map/history/{change_id}"}

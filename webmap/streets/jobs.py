"""Long work on the basemap."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from webmap.database.engine import patient_transaction
from webmap.errors import N_
from webmap.jobs import Run, job
from webmap.streets.inputs import StreetsOrder
from webmap.streets.service import import_streets

if TYPE_CHECKING:
    from webmap.accounts.scope import Scope

READING = N_("Reading the file")


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

"""Writing files of the map, and taking them away again."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from webmap.database.engine import patient_transaction
from webmap.errors import N_
from webmap.exports import service
from webmap.exports.inputs import ExportOrder
from webmap.jobs import Run, every, job
from webmap.settings import settings

if TYPE_CHECKING:
    from webmap.accounts.scope import Scope

WRITING = N_("Writing the file")


@job("export map")
def export_map_job(run: Run) -> dict[str, Any]:
    """Write the layers that were asked for into a file of the data folder."""
    order = ExportOrder.model_validate(run.facts["order"])
    folder = Path(run.facts["folder"]) / str(run.id)

    def tell(done: int, total: int | None) -> None:
        run.progress(done, total, WRITING)

    with patient_transaction(run.scope) as session:
        scope = cast("Scope", run.scope)
        path, written = service.export(session, scope, run.facts["of_area"], order, folder, tell=tell)
    return {"file": path.name, "counts": written, "next": f"/exports/{run.id}"}


@every(seconds=3600)
def remove_old_exports() -> None:
    """Files that nobody fetched in time go."""
    service.remove_old(settings().data_dir)

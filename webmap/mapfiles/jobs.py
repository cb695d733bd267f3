"""Long work on map files: looking into them, previewing, applying, and taking a change back."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from gis_layers.sources import apart
from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.areas import queries as areas
from webmap.areas.map_reading import looked_at
from webmap.database.engine import patient_transaction, transaction
from webmap.errors import N_
from webmap.households.settling import undo
from webmap.jobs import Run, every, job
from webmap.mapfiles import service, uploads
from webmap.mapfiles.looks import as_json, with_list
from webmap.mapfiles.models import MapFile
from webmap.settings import settings

if TYPE_CHECKING:
    from webmap.accounts.scope import Scope

READING = N_("Reading the file")
UNDOING = N_("Putting the map back as it was")


@job("look into map file")
def look_into_map_file_job(run: Run) -> dict[str, Any]:
    """Find out what a large map file holds."""
    file_id = UUID(run.facts["file_id"])
    run.progress(0, None, READING)
    scope = cast("Scope", run.scope)
    with patient_transaction(scope) as session:
        file, path = uploads.find(session, Path(run.facts["data_dir"]), file_id)
        seen = looked_at(path, areas.extent(session, scope), is_patient=True)
        file.look = with_list(as_json(seen), path)
    return {"next": f"/import/map/{file_id}"}


@job("preview map file")
def preview_map_file_job(run: Run) -> dict[str, Any]:
    """Find out what a map file would change, and keep that for its page. The map stays as it is."""
    file_id = UUID(run.facts["file_id"])
    with patient_transaction(run.scope) as session:
        file, path = uploads.find(session, Path(run.facts["data_dir"]), file_id)
        service.preview(session, cast("Scope", run.scope), file, path, _telling(run))
    return {"next": f"/import/map/{file_id}/preview"}


@job("apply map file")
def apply_map_file_job(run: Run) -> dict[str, Any]:
    """Bring the map to what a map file holds, in one transaction; the file goes then, what it did stays known."""
    file_id, data_dir = UUID(run.facts["file_id"]), Path(run.facts["data_dir"])
    with patient_transaction(run.scope) as session:
        known = session.get(MapFile, file_id)
        if known is not None and known.import_id is not None:  # another worker did it and died before it could say so
            return {"next": f"/import/map/history/{known.import_id}"}
        file, path = uploads.find(session, data_dir, file_id)
        done = service.apply(session, cast("Scope", run.scope), file, path, _telling(run))
    if done.import_id is None:
        return {"counts": done.counts, "next": f"/import/map/result/{run.id}"}
    uploads.remove_content(data_dir, file_id)
    return {"counts": done.counts, "next": f"/import/map/history/{done.import_id}?done=1"}


@every(seconds=3600)
def remove_old_map_files() -> None:
    """Map files that nobody applied in time go, and what killed readers have left."""
    apart.sweep(clock.now().timestamp() - apart.FORGOTTEN_SECONDS)
    with transaction(SYSTEM) as session:
        uploads.remove_old(session, settings().data_dir)


@job("undo map change")
def undo_map_change_job(run: Run) -> dict[str, Any]:
    """Put everything back as it was before a change of the map."""
    change_id = UUID(run.facts["change_id"])
    run.progress(0, None, UNDOING)
    with patient_transaction(run.scope) as session:
        undo(session, cast("Scope", run.scope), change_id)
    return {"next": f"/import/map/history/{change_id}"}


def _telling(run: Run) -> Callable[[int], None]:
    total = run.facts.get("total")
    run.progress(0, total, READING)

    def tell(done: int) -> None:
        run.progress(done if total is None else min(done, total), total, READING)

    return tell

"""A map file as a whole: what it would change, and changing it, each in one transaction."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis_layers.sources.vector_layer import Layer
from webmap import audit, clock
from webmap.accounts.scope import Scope
from webmap.areas.crosswalk import import_list, preview_list
from webmap.areas.inputs import ListOrder
from webmap.areas.map_imports import noting
from webmap.areas.map_reading import in_one_process, layers_of
from webmap.areas.models import MapImport
from webmap.exports.returning import import_returned, preview_returned
from webmap.mapfiles import previewing
from webmap.mapfiles.area_merge import Tell, merge_areas, preview_areas
from webmap.mapfiles.errors import NothingChosenError, OnlyAdministratorError
from webmap.mapfiles.inputs import TOP, AreasOrder, Choices, StreetsOrder
from webmap.mapfiles.models import MapFile
from webmap.mapfiles.streets import merge_streets, summed

IN_MEMORY_BYTES = 16 * 1024**2
MOST_DOUBTFUL = 200


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a file: the change that can be undone, None when there was nothing to change."""

    import_id: UUID | None
    counts: dict[str, int]


@in_one_process()
def preview(session: Session, scope: Scope, file: MapFile, path: Path, tell: Tell) -> dict[str, Any]:
    """Say what a file would change, and keep it with the file: figures, findings, features. The map stays as it is."""
    choices = _chosen(scope, file)
    previewing.clear(session, file.id)
    told: dict[str, Any] = {"findings": [], "ended": 0, "kept_open": 0, "skipped": {}}
    for order in choices.areas_orders(file.name):
        found = preview_areas(session, scope, path, order, tell)
        previewing.keep_areas(session, file.id, order.layer, found.left, found.findings)
        told["findings"] += [{**one.as_json(), "layer": order.layer} for one in found.findings]
        told["ended"] += found.ended
        told["kept_open"] += found.kept_open
    for layer in _returning(path, choices):
        returned = preview_returned(session, scope, path, layer, tell)
        previewing.keep_returned(session, file.id, layer.name, returned)
    if (listing := choices.list_order(file.name)) is not None:
        _preview_list(session, scope, file, path, listing, told=told, tell=tell)
    streets = choices.streets_order(file.name)
    if streets is not None:
        _preview_streets(session, scope, file, path, streets, told=told, tell=tell)
    told["findings"].sort(key=lambda one: (one["remedy"] is None, -one["square_metres"]))
    told["counts"] = previewing.counts(session, file.id)
    if "listed" in told:
        told["counts"]["list"] = {**told["counts"].get("list", {}), **told.pop("listed")}
    told["extent"] = previewing.extent(session, file.id)
    file.preview = told
    file.previewed_at = clock.now()
    session.flush()
    return told


def _preview_list(
    session: Session, scope: Scope, file: MapFile, path: Path, order: ListOrder, *, told: dict[str, Any], tell: Tell
) -> None:
    listed = preview_list(session, scope, path, order, tell)
    previewing.keep_refused_rows(session, file.id, listed.refused)
    told["listed"] = {"new": listed.added, "changed": listed.changed, "same": listed.same}
    told["doubtful"] = [[number, name, people] for number, name, people, _ in listed.doubtful[:MOST_DOUBTFUL]]
    told["elsewhere"] = listed.elsewhere


def _preview_streets(
    session: Session,
    scope: Scope,
    file: MapFile,
    path: Path,
    order: StreetsOrder,
    *,
    told: dict[str, Any],
    tell: Tell,
) -> None:
    """Do it, write down what was done, and roll it back: a preview that cannot be wrong."""
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as held:
        with session.begin_nested() as before:
            with noting(session, scope, "streets", file.name) as change:
                done = merge_streets(session, scope, path, order, tell)
            previewing.write_basemap_rows(session, change.id, held)
            before.rollback()
        session.expire_all()
        held.seek(0)
        previewing.keep_basemap(session, file.id, held)
    previewing.keep_skipped(session, file.id, done.skipped)
    told["skipped"] = done.counts.skipped


@in_one_process()
def apply(session: Session, scope: Scope, file: MapFile, path: Path, tell: Tell) -> Applied:
    """Bring the map to what a file holds, as one change that can be undone. The same file again changes nothing.

    RefusedAreasError, and no change, when features of it cannot be used and are not to be left out.
    """
    choices = _chosen(scope, file)
    areas, streets = choices.areas_orders(file.name), choices.streets_order(file.name)
    if (order := choices.list_order(file.name)) is not None:
        listed = import_list(session, scope, path, order, tell)
        counts = {"added": listed.added, "changed": listed.changed + listed.ended, "same": listed.same}
        return _as_last_change(session, file, {**counts, "removed": 0, "refused": 0})
    if returning := _returning(path, choices):
        return _applied_returns(session, scope, file, path, returning=returning, tell=tell)
    session.execute(text("select pg_advisory_xact_lock(hashtext('area_tree_rebuild'))"))
    with session.begin_nested() as before:
        with noting(session, scope, "areas" if areas else "streets", file.name) as change:
            counts = _merged(session, scope, path, change, areas=areas, streets=streets, tell=tell)
            change.counts = counts
        has_changed = any(counts[part] for part in ("added", "changed", "removed"))
        if not has_changed:
            before.rollback()
    session.expire_all()
    if not has_changed:
        return Applied(None, counts)
    file.import_id = change.id
    audit.record(
        session, scope, "import map file", "map_file", file.id, area_id=change.area_id, name=file.name, **counts
    )
    session.flush()
    return Applied(change.id, counts)


def _merged(
    session: Session,
    scope: Scope,
    path: Path,
    change: MapImport,
    *,
    areas: tuple[AreasOrder, ...],
    streets: StreetsOrder | None,
    tell: Tell,
) -> dict[str, int]:
    counts = dict.fromkeys(("added", "changed", "removed", "same", "refused"), 0)
    for order in areas:
        merged = merge_areas(session, scope, path, order, tell)
        counts["added"] += merged.did.added
        counts["changed"] += merged.did.changed + merged.did.ended
        counts["same"] += merged.did.same
        counts["refused"] += len(merged.did.refused)
        change.source_id = merged.source_id or change.source_id
        change.area_id = merged.area_id or change.area_id
    if streets is not None:
        done = merge_streets(session, scope, path, streets, tell)
        for part, many in summed(done.counts).items():
            counts[part] += many
        change.source_id = change.source_id or done.source_id
        change.area_id = change.area_id or done.area_id
    return counts


def _returning(path: Path, choices: Choices) -> list[Layer]:
    wanted = {one.layer for one in choices.layers if one.becomes == "returning"}
    return [layer for layer in layers_of(path) if layer.name in wanted] if wanted else []


def _applied_returns(
    session: Session, scope: Scope, file: MapFile, path: Path, *, returning: list[Layer], tell: Tell
) -> Applied:
    """Bring the edits of layers back that left by an export; each layer is a change of its own."""
    counts = dict.fromkeys(("added", "changed", "removed", "same", "refused"), 0)
    for layer in returning:
        for one in import_returned(session, scope, path, layer, source_name=file.name, tell=tell):
            counts[one.verdict] += 1
    return _as_last_change(session, file, counts)


def _as_last_change(session: Session, file: MapFile, counts: dict[str, int]) -> Applied:
    """The change that a deed of another step has noted by itself."""
    if not counts["added"] and not counts["changed"]:
        return Applied(None, counts)
    file.import_id = session.scalar(select(MapImport.id).order_by(MapImport.id.desc()).limit(1))
    session.flush()
    return Applied(file.import_id, counts)


def _chosen(scope: Scope, file: MapFile) -> Choices:
    choices = Choices.model_validate(file.choices or {})
    if all(one.becomes == "nothing" for one in choices.layers):
        raise NothingChosenError
    if scope.role not in {"admin", "system"} and any(one.under == TOP for one in choices.layers):
        raise OnlyAdministratorError
    return choices

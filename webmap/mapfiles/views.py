"""Map files over HTTP: upload, see what a file holds, confirm, and what became of it."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gis_layers.sources.recognise import OSM_KINDS
from gis_layers.sources.vector_files import find_crs
from webmap import http, jobs
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import Role
from webmap.areas import queries as areas
from webmap.areas.errors import REFUSALS, UNREADABLE
from webmap.database.engine import reading, transaction
from webmap.errors import AppError, NotFoundError
from webmap.mapfiles import streets as service
from webmap.mapfiles import uploads
from webmap.mapfiles.area_merge import AreasPreview, preview_areas
from webmap.mapfiles.area_rows import guess_fields, guess_level, map_layers, sample_rows
from webmap.mapfiles.errors import NoFileError
from webmap.mapfiles.forms import AreasForm, StreetsForm
from webmap.mapfiles.inputs import OSM_ATTRIBUTION, OSM_LICENCE, AreaFields, AreasOrder

blueprint = Blueprint("mapfiles", __name__, url_prefix="/import/map")
LARGEST_PREVIEW_BYTES = 64 * 1024**2
MOST_REFUSALS = 30


def data_dir() -> Path:
    """The folder of this installation."""
    folder: Path = current_app.config["WEBMAP"].data_dir
    return folder


@blueprint.get("")
@allow(Role.ADMIN)
def choose() -> ResponseReturnValue:
    """Ask for a map file."""
    return render_template("mapfiles/choose.html", error="")


@blueprint.post("")
@allow(Role.ADMIN)
def upload() -> ResponseReturnValue:
    """Take a map file in; it is looked at before anything is imported."""
    given = request.files.get("file")
    try:
        if given is None or not given.filename:
            raise NoFileError
        file_id = uploads.keep(data_dir(), given)
        try:
            service.kind_of(uploads.find(data_dir(), file_id)[0])
        except AppError:
            uploads.remove(data_dir(), file_id)
            raise
    except AppError as error:
        return render_template("mapfiles/choose.html", error=tell(error)), error.status
    return redirect(url_for("mapfiles.look", file_id=file_id))


@blueprint.get("/<uuid:file_id>")
@allow(Role.ADMIN)
def look(file_id: UUID) -> ResponseReturnValue:
    """Show what a file holds and how it would be read. With `check`, what it would change."""
    path, name = uploads.find(data_dir(), file_id)
    try:
        if service.kind_of(path) in OSM_KINDS:
            return _osm_page(file_id, path, name)
        return _vector_page(file_id, path, name)
    except AppError as error:
        page = render_template("mapfiles/broken.html", file_id=file_id, name=name, error=tell(error))
        return page, error.status


@blueprint.post("/<uuid:file_id>/areas")
@allow(Role.ADMIN)
def import_areas(file_id: UUID) -> ResponseReturnValue:
    """Put the import of areas in line."""
    path, name = uploads.find(data_dir(), file_id)
    order = http.form(AreasForm).order(name)
    total = next((layer.feature_count for layer in map_layers(path) if layer.name == order.layer), None)
    return _enqueued("import areas", path, order.model_dump(mode="json"), total)


@blueprint.post("/<uuid:file_id>/streets")
@allow(Role.ADMIN)
def import_streets(file_id: UUID) -> ResponseReturnValue:
    """Put the import of streets, buildings and water in line."""
    path, name = uploads.find(data_dir(), file_id)
    order = http.form(StreetsForm).order(name)
    with reading(current_scope()) as session:
        service.region_of(session, current_scope(), order.area_ids)
    total = service.osm_summary(path).objects if service.kind_of(path) in OSM_KINDS else None
    return _enqueued("import streets", path, order.model_dump(mode="json"), total)


@blueprint.post("/<uuid:file_id>/removal")
@allow(Role.ADMIN)
def remove(file_id: UUID) -> ResponseReturnValue:
    """Take the file away without importing it."""
    uploads.remove(data_dir(), file_id)
    return redirect(url_for("mapfiles.choose"))


@blueprint.get("/result/<uuid:job_id>")
@allow(Role.ADMIN)
def result(job_id: UUID) -> ResponseReturnValue:
    """What an import did."""
    with reading(current_scope()) as session:
        job = jobs.find(session, job_id)
        if job.name not in {"import areas", "import streets"}:
            raise NotFoundError  # another kind of job
        return render_template("mapfiles/result.html", name=job.name, result=job.result or {}, order=job.facts["order"])


def tell(error: AppError) -> str:
    """The sentence of an error, with the reason of an unreadable file in the reader's language."""
    facts = {key: str(value) for key, value in error.facts.items()}
    if facts.get("reason") in UNREADABLE:
        facts["reason"] = gettext(UNREADABLE[facts["reason"]])
    return str(gettext(error.text, **facts))


def _enqueued(job: str, path: Path, order: dict[str, Any], total: int | None) -> ResponseReturnValue:
    with transaction(current_scope()) as session:
        job_id = jobs.enqueue(session, current_scope(), job, path=str(path), order=order, total=total)
    return redirect(f"/jobs/{job_id}")


def _osm_page(file_id: UUID, path: Path, name: str) -> ResponseReturnValue:
    about = service.osm_summary(path)
    scope = current_scope()
    with reading(scope) as session:
        near = areas.with_boundary_near(session, scope, about.bbox) if about.bbox else []
    return render_template(
        "mapfiles/osm.html",
        file_id=file_id,
        name=name,
        about=about,
        near=near,
        licence=OSM_LICENCE,
        attribution=OSM_ATTRIBUTION,
    )


def _vector_page(file_id: UUID, path: Path, name: str) -> ResponseReturnValue:
    layers = map_layers(path)
    layer = next((one for one in layers if one.name == request.args.get("layer")), layers[0])
    scope = current_scope()
    with reading(scope) as session:
        finding = find_crs(path, layer, areas.extent(session, scope))
        places = [one for top in areas.roots(session, scope) for one in (top, *areas.below(session, scope, top.id))]
        levels = areas.levels(session)
    fields = guess_fields(layer)
    level = guess_level(layer, fields, sample_rows(path, layer))
    asked = AreasForm.model_validate(
        {
            "layer": layer.name,
            "level": level,
            "under": "top" if level == "province" and not any(one.level == "country" for one in places) else "",
            **fields.model_dump(),
            "valid_from": date(2025, 7, 1),
            "epsg": "" if finding.is_believable or not finding.candidates else str(finding.candidates[0].crs.epsg),
            **{key: value for key, value in request.args.items() if key in AreasForm.model_fields},
        }
    )
    preview = _preview(path, asked.order(name)) if "check" in request.args else None
    return render_template(
        "mapfiles/vector.html",
        file_id=file_id,
        name=name,
        layers=layers,
        layer=layer,
        finding=finding,
        asked=asked,
        places=places,
        levels=levels,
        roles=tuple(AreaFields.model_fields),
        preview=preview,
        refusals=[] if preview is None else _sentences(preview),
    )


def _preview(path: Path, order: AreasOrder) -> AreasPreview | None:
    if path.stat().st_size > LARGEST_PREVIEW_BYTES:
        return None
    with transaction(current_scope()) as session:
        return preview_areas(session, current_scope(), path, order, lambda _: None)


def _sentences(preview: AreasPreview) -> list[str]:
    return [
        gettext(REFUSALS[one.reason], number=one.number, about=one.about) for one in preview.refused[:MOST_REFUSALS]
    ]

"""Map files over HTTP: upload, see what a file holds, say what shall become of it."""

from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from gis_layers.letters import Letters
from gis_layers.types import LonLat
from webmap import jobs
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import Role
from webmap.areas import queries as areas
from webmap.areas.errors import UNREADABLE
from webmap.areas.map_reading import kind_of, looked_at
from webmap.database.engine import reading, transaction
from webmap.errors import AppError, NotFoundError
from webmap.mapfiles import forms, proposals, queries, uploads
from webmap.mapfiles.errors import NoFileError
from webmap.mapfiles.inputs import Choices
from webmap.mapfiles.looks import as_json, near, with_list
from webmap.mapfiles.models import MapFile

blueprint = Blueprint("mapfiles", __name__, url_prefix="/import/map")
LOOKED_AT_ONCE_BYTES = 24 * 1024**2  # larger files are looked into by a job


def data_dir() -> Path:
    """The folder of this installation."""
    folder: Path = current_app.config["WEBMAP"].data_dir
    return folder


@blueprint.get("")
@allow(Role.ADMIN, Role.SUPERVISOR)
def choose() -> ResponseReturnValue:
    """Ask for map files; those that wait are listed."""
    return _choose_page("")


@blueprint.post("")
@allow(Role.ADMIN, Role.SUPERVISOR)
def upload() -> ResponseReturnValue:
    """Take map files in; each is looked at before anything is imported. One that is no map is not kept."""
    given = [one for one in request.files.getlist("file") if one.filename]
    told = []
    scope = current_scope()
    try:
        if not given:
            raise NoFileError
        with transaction(scope) as session:
            kept = [(one.id, one.name) for one in uploads.keep(session, scope, data_dir(), given)]
    except AppError as error:
        return _choose_page(tell(error)), error.status
    good = []
    for file_id, name in kept:
        try:
            with transaction(scope) as session:
                file, path = uploads.find(session, data_dir(), file_id)
                if file.bytes > LOOKED_AT_ONCE_BYTES:
                    kind_of(path)
                else:
                    file.look = with_list(as_json(looked_at(path, areas.extent(session, scope))), path)
            good.append(file_id)
        except AppError as error:
            told.append(f"{name}: {tell(error)}")
            with transaction(scope) as session:
                uploads.remove(session, data_dir(), file_id)
    if told:
        return _choose_page(" ".join(told)), 422
    return redirect(url_for("mapfiles.look", file_id=good[0]) if len(good) == 1 else url_for("mapfiles.choose"))


@blueprint.get("/<uuid:file_id>")
@allow(Role.ADMIN, Role.SUPERVISOR)
def look(file_id: UUID) -> ResponseReturnValue:
    """Show what a file holds and what is proposed to become of it."""
    scope = current_scope()
    with transaction(scope) as session:
        file, _ = uploads.find(session, data_dir(), file_id)
        if file.look is None:
            return job_for(session, "look into map file", file, None)
        return _look_page(session, file, file.look)


@blueprint.post("/<uuid:file_id>/preview")
@allow(Role.ADMIN, Role.SUPERVISOR)
def ask(file_id: UUID) -> ResponseReturnValue:
    """Keep what was chosen, and put the preview in line."""
    scope = current_scope()
    with transaction(scope) as session:
        file, _ = uploads.find(session, data_dir(), file_id)
        if file.look is None:
            return redirect(url_for("mapfiles.look", file_id=file_id))
        chosen = forms.choices_of(request.form, file.look)
        for area_id in chosen.area_ids:
            areas.place(session, scope, area_id)  # one that is not hers does not exist
        file.choices = chosen.model_dump(mode="json")
        file.preview = None
        return job_for(session, "preview map file", file, total_of(file.look, chosen))


@blueprint.post("/<uuid:file_id>/removal")
@allow(Role.ADMIN, Role.SUPERVISOR)
def remove(file_id: UUID) -> ResponseReturnValue:
    """Take the file away without importing it."""
    with transaction(current_scope()) as session:
        uploads.remove(session, data_dir(), file_id)
    flash(gettext("The file is removed. The map was not changed."))
    return redirect(url_for("mapfiles.choose"))


@blueprint.get("/result/<uuid:job_id>")
@allow(Role.ADMIN, Role.SUPERVISOR)
def result(job_id: UUID) -> ResponseReturnValue:
    """What an import did that found nothing to change."""
    with reading(current_scope()) as session:
        job = jobs.find(session, job_id)
        if job.name != "apply map file":
            raise NotFoundError  # another kind of job
        return render_template("mapfiles/result.html", counts=(job.result or {}).get("counts", {}))


def tell(error: AppError) -> str:
    """The sentence of an error, with the reason of an unreadable file in the reader's language."""
    facts = {key: str(value) for key, value in error.facts.items()}
    if facts.get("reason") in UNREADABLE:
        facts["reason"] = gettext(UNREADABLE[facts["reason"]])
    return str(gettext(error.text, **facts))


def total_of(look: dict[str, Any], chosen: Choices) -> int | None:
    """How many features will be read, for the progress; None when that cannot be said."""
    if look["osm"]:
        return int(look["osm"]["objects"])
    wanted = {one.layer for one in chosen.layers if one.becomes != "nothing"}
    return sum(int(one["count"]) for one in look["layers"] if one["name"] in wanted) or None


def job_for(session: Session, name: str, file: MapFile, total: int | None) -> ResponseReturnValue:
    """Put work on a file in line, and show how far it is."""
    job_id = jobs.enqueue(session, current_scope(), name, file_id=str(file.id), data_dir=str(data_dir()), total=total)
    return redirect(url_for("house.show", job_id=job_id))


def _choose_page(error: str) -> str:
    with reading(current_scope()) as session:
        return render_template(
            "mapfiles/choose.html",
            error=error,
            waiting=uploads.waiting(session),
            changes=queries.changes(session, 5),
            most_megabytes=current_app.config["WEBMAP"].upload_megabytes,
        )


def _look_page(session: Session, file: MapFile, seen: dict[str, Any]) -> str:
    scope = current_scope()
    box = near(seen)
    around = [] if box is None else areas.with_boundary_near(session, scope, box)
    is_admin = scope.role == Role.ADMIN
    chosen = (
        Choices.model_validate(file.choices)
        if file.choices
        else proposals.proposed(seen, file.name, around, is_top_free=is_admin)
    )
    candidates = {
        (one["at"][0], one["at"][1]): queries.name_at(session, scope, LonLat(*one["at"]))
        for layer in seen["layers"]
        for one in layer.get("candidates", ())
    }
    return render_template(
        "mapfiles/look.html",
        file=file,
        look=seen,
        chosen=chosen,
        around=around,
        candidates=candidates,
        earlier_year=proposals.earlier_year(seen, file.name),
        places=[one for top in areas.roots(session, scope) for one in (top, *areas.below(session, scope, top.id))],
        levels=areas.levels(session),
        roles=forms.ROLES,
        usual=proposals.USUAL,
        letters=[one.value for one in Letters],
        is_admin=is_admin,
    )

"""Exports over HTTP: ask for a file, see what is in it, fetch it."""

from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, send_file
from flask.typing import ResponseReturnValue

from webmap import audit, clock, http, jobs
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.areas import queries as areas
from webmap.database.engine import reading, transaction
from webmap.errors import InvalidError
from webmap.exports import queries, service
from webmap.exports.errors import ExportGoneError
from webmap.exports.inputs import ExportOrder
from webmap.exports.layers import COLUMNS
from webmap.households.pages import scope_with_persons
from webmap.text import fold
from webmap.words import words

blueprint = Blueprint("exports", __name__)


@blueprint.get("/areas/<int:area_id>/export")
@allow(*STAFF)
def ask(area_id: int) -> ResponseReturnValue:
    """Choose layers and the kind of file."""
    return _page(area_id)


@blueprint.post("/areas/<int:area_id>/export")
@allow(*STAFF)
def begin(area_id: int) -> ResponseReturnValue:
    """Put the writing of the file in line."""
    try:
        order = http.form(ExportOrder)
    except InvalidError as error:
        return _page(area_id, error)
    scope = scope_with_persons() if "households" in order.layers else current_scope()
    with transaction(scope) as session:
        areas.place(session, scope, area_id)
        wanted = order.model_copy(update={"labels": _labels()}).model_dump()
        facts = {"of_area": area_id, "order": wanted, "folder": str(_folder())}
        job_id = jobs.enqueue(session, scope, "export map", area_id=area_id, **facts)
    return redirect(f"/jobs/{job_id}")


@blueprint.get("/exports/<uuid:job_id>")
@allow(*STAFF)
def made(job_id: UUID) -> ResponseReturnValue:
    """Show what is in a file, and hand it out."""
    job, path = _file(job_id)
    order = ExportOrder.model_validate(job.facts["order"])
    return render_template(
        "exports/made.html", job=job, order=order, counts=job.result["counts"], bytes=path.stat().st_size
    )


@blueprint.get("/exports/<uuid:job_id>/file")
@allow(*STAFF)
def fetch(job_id: UUID) -> ResponseReturnValue:
    """Hand out the file to whoever had it made. Each time is written down."""
    scope = current_scope()
    job, path = _file(job_id)
    with transaction(scope) as session:
        place = areas.place(session, scope, job.facts["of_area"])
        audit.record(session, scope, "fetch export", "job", job_id, area_id=place.id)
    name = "-".join("".join(letter if letter.isalnum() else " " for letter in fold(place.full_name)).split())
    answer = send_file(path, as_attachment=True, download_name=f"{name}-{clock.today():%Y-%m-%d}{path.suffix}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _file(job_id: UUID) -> tuple[Any, Path]:
    scope = current_scope()
    with reading(scope) as session:
        job = jobs.find(session, job_id)
    is_hers = job.name == "export map" and job.account_id == scope.account_id
    if not is_hers or not job.result or ("households" in job.facts["order"]["layers"] and not scope.sees_persons):
        raise ExportGoneError
    path = _folder() / str(job_id) / job.result["file"]
    if not path.is_file():
        raise ExportGoneError
    return job, path


def _folder() -> Path:
    folder: Path = current_app.config["WEBMAP"].data_dir / service.FOLDER
    return folder


def _page(area_id: int, error: InvalidError | None = None) -> ResponseReturnValue:
    scope = current_scope()
    with reading(scope) as session:
        place = areas.place(session, scope, area_id)
        offered = [name for name in COLUMNS if name != "households" or scope.sees_persons]
        counts = {name: queries.count(session, scope, name, area_id) for name in offered}
    page = render_template(
        "exports/ask.html",
        place=place,
        counts=counts,
        problems=error.problems if error else (),
    )
    return page, error.status if error else 200


def _labels() -> dict[str, str]:
    """Words for styles, in the language of whoever asks: the worker has none."""
    said = dict(words("map_layer"))
    for kind in ("status", "alley"):
        said |= {f"{kind} {code}": label for code, label in words(kind)}
    return said

"""The first page of each role, the page of a job that runs in the background, and the sign of life for machines."""

from datetime import timedelta
from functools import cache
from uuid import UUID

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from webmap import clock, jobs
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow, open_to_all
from webmap.accounts.rules import Role
from webmap.accounts.scope import NOBODY
from webmap.assets import has_page
from webmap.database import migrate
from webmap.database.engine import reading, transaction
from webmap.house import queries
from webmap.http import local_path

blueprint = Blueprint("house", __name__)

JUST_NOW = timedelta(seconds=5)
ENDED = ("done", "failed", "cancelled")
newest_version = cache(migrate.newest)


@blueprint.get("/")
@allow()
def home() -> ResponseReturnValue:
    """Lead everybody to the page her day begins with."""
    first = "/walk" if current_scope().role == Role.CANVASSER else "/map"
    return redirect(first if has_page(first) else url_for("accounts.own"))


@blueprint.get("/jobs/<uuid:job_id>")
@allow()
def show(job_id: UUID) -> ResponseReturnValue:
    """Show how far a job of one's own is; whoever has just waited for it is led on to what came of it."""
    onward = _onward(job_id, within=JUST_NOW)
    return redirect(onward) if onward else _told(job_id, "house/job.html")


@blueprint.get("/jobs/<uuid:job_id>/fragment")
@allow()
def fragment(job_id: UUID) -> ResponseReturnValue:
    """The moving part of the page alone; it asks for itself again until the job has ended, then goes where it leads."""
    answer = make_response(_told(job_id, "house/progress.html"))
    if onward := _onward(job_id):
        answer.headers["HX-Redirect"] = onward
    return answer


def _onward(job_id: UUID, within: timedelta | None = None) -> str:
    """Where a job that is done leads; nowhere when it ended longer ago."""
    with reading(current_scope()) as session:
        job = jobs.find(session, job_id)
        is_past = within is not None and (job.ended_at is None or clock.now() - job.ended_at > within)
        if job.state != "done" or is_past:
            return ""
        return local_path((job.result or {}).get("next"), "")


@blueprint.post("/jobs/<uuid:job_id>/cancel")
@allow()
def cancel(job_id: UUID) -> ResponseReturnValue:
    """Ask a job to stop."""
    with transaction(current_scope()) as session:
        jobs.want_cancel(session, job_id)
    if "HX-Request" in request.headers:
        return _told(job_id, "house/progress.html")
    return redirect(url_for(".show", job_id=job_id))


@blueprint.get("/api/jobs/<uuid:job_id>")
@allow()
def state(job_id: UUID) -> ResponseReturnValue:
    """How far a job is, for modules of pages."""
    with reading(current_scope()) as session:
        job = jobs.find(session, job_id)
        return jsonify(
            id=str(job.id),
            name=job.name,
            state=job.state,
            done=job.done,
            total=job.total,
            step=gettext(job.step) if job.step else None,
            result=job.result,
            error={"code": job.error["code"], "text": said(job)} if job.error else None,
        )


@blueprint.get("/health")
@open_to_all
def health() -> ResponseReturnValue:
    """Whether the database answers and is of this version (else 503), and whether a worker is there."""
    try:
        with reading(NOBODY) as session:
            is_current = queries.version(session) == newest_version()
            has_worker = queries.has_worker(session)
    except (OperationalError, ProgrammingError, NoConnectionError):
        return jsonify(status="down", database=False, migrated=False, worker=False), 503
    status = "down" if not is_current else "ok" if has_worker else "no worker"
    return jsonify(status=status, database=True, migrated=is_current, worker=has_worker), 200 if is_current else 503


def _told(job_id: UUID, template: str) -> ResponseReturnValue:
    with reading(current_scope()) as session:
        job = jobs.find(session, job_id)
        return render_template(
            template,
            job=job,
            name=gettext(job.name),
            step=gettext(job.step) if job.step else "",
            percent=min(100, job.done * 100 // job.total) if job.total else None,
            error=said(job),
            next=local_path((job.result or {}).get("next"), ""),
            has_ended=job.state in ENDED,
            has_worker=job.state in ENDED or queries.has_worker(session),
        )


def said(job: jobs.Job) -> str:
    """Why a job failed, in the reader's language."""
    return str(gettext(job.error["text"], **job.error["facts"])) if job.error else ""

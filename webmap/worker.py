"""The worker: runs jobs one after the other, and what the timetable asks for."""

import logging
from importlib import import_module, util
from uuid import UUID

from procrastinate import App, PsycopgConnector

from webmap import jobs
from webmap.accounts.queries import scope_of
from webmap.accounts.scope import SYSTEM
from webmap.app import JOURNEY, load_models
from webmap.database.engine import transaction

log = logging.getLogger("webmap.worker")


def procrastinate_app(url: str) -> App:
    """Procrastinate on our database, with its own schema and the app's role."""
    options = "-c role=web_app -c search_path=jobs,public -c timezone=UTC"
    return App(connector=PsycopgConnector(conninfo=url, kwargs={"options": options}, min_size=1, max_size=4))


def load_jobs() -> None:
    """Import every capability's jobs, so that they are registered."""
    for step in JOURNEY:
        if util.find_spec(f"webmap.{step}.jobs"):
            import_module(f"webmap.{step}.jobs")


def run_one(job_id: str) -> None:
    """Run the job of that id with the scope of the person who asked, as it stands now."""
    with transaction(SYSTEM) as session:
        found = jobs.find(session, UUID(job_id))
        if found.state not in ("waiting", "running"):
            return
        scope = scope_of(session, found.account_id) if found.account_id else SYSTEM
        watch = jobs.Watch(found.id, dict(found.facts), scope)
        name = found.name
    log.info("job %s %s", name, job_id)
    jobs.run(watch, name)


def work(url: str, *, once: bool = False) -> None:
    """Work until told to stop; `once`: until nothing waits. The caller has opened the pool (`engine.connect`)."""
    load_models()
    load_jobs()
    app = procrastinate_app(url)
    app.task(name="webmap.run")(run_one)
    app.run_worker(wait=not once, install_signal_handlers=not once, concurrency=1, fetch_job_polling_interval=5.0)

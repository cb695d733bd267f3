"""The worker: runs jobs one after the other and, beside them, what the timetable asks for."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module, util
from threading import Event, Thread
from uuid import UUID

from procrastinate import App, PsycopgConnector
from sqlalchemy import text

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


# A worker that was killed leaves its job `doing`, and its heartbeat (every 10 seconds) stops.
SECONDS_WITHOUT_HEARTBEAT = 30
RETRY_STALLED = text("""
    select job.id, jobs.procrastinate_retry_job_v2(job.id, now(), null, null, null)
      from jobs.procrastinate_jobs job left join jobs.procrastinate_workers worker on worker.id = job.worker_id
     where job.status = 'doing'
       and (worker.id is null or worker.last_heartbeat < now() - make_interval(secs => :seconds))
""")


@jobs.every(seconds=10)
def retry_stalled() -> None:
    """Put the jobs of workers that died in line again."""
    with transaction(SYSTEM) as session:
        for row in session.execute(RETRY_STALLED, {"seconds": SECONDS_WITHOUT_HEARTBEAT}):
            log.warning("job %s was left by a worker that died: it runs again", row.id)


def work(url: str, *, once: bool = False) -> None:
    """Work until told to stop; `once`: until nothing waits. The caller has opened the pool (`engine.connect`)."""
    load_models()
    load_jobs()
    app = procrastinate_app(url)
    app.task(name="webmap.run")(run_one)
    if once:
        do_all()
        with ThreadPoolExecutor(1) as aside:  # the caller's thread may have an event loop of its own
            aside.submit(app.run_worker, wait=False, install_signal_handlers=False, concurrency=1).result()
        do_all()
        return
    with timetable():
        app.run_worker(wait=True, concurrency=1, fetch_job_polling_interval=5.0)


@contextmanager
def timetable() -> Iterator[None]:
    """Do what recurs in a thread of its own, so that a long job does not hold it up."""
    stop = Event()
    thread = Thread(target=_keep_time, args=(stop,), name="timetable")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def do_all() -> None:
    """Do everything of the timetable once. What fails is logged and tried again at its next time."""
    for one in jobs.TIMETABLE:
        _do(one)


def _keep_time(stop: Event) -> None:
    due = dict.fromkeys(range(len(jobs.TIMETABLE)), 0.0)
    while not stop.is_set():
        for number, one in enumerate(jobs.TIMETABLE):
            if time.monotonic() >= due[number]:
                _do(one)
                due[number] = time.monotonic() + one.seconds
        stop.wait(max(0.05, min(due.values()) - time.monotonic()))


def _do(one: jobs.Recurring) -> None:
    try:
        one.function()
    except Exception:
        log.exception("%s failed; it is tried again", one.function.__name__)

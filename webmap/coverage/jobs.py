"""Work on coverage that nobody waits for: adding up, and what a new day changes."""

import logging
from typing import Any

from sqlalchemy import func, select

from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.coverage import publishing, service
from webmap.coverage.queries import drift
from webmap.database.engine import reading, transaction
from webmap.errors import N_
from webmap.households.models import Household
from webmap.jobs import Job, Run, enqueue, every, job

log = logging.getLogger("webmap.coverage")


@every(seconds=1.5)
def fold() -> None:
    """Add up what writers left since the last time."""
    while True:
        with transaction(SYSTEM) as session:
            if service.fold(session) == 0:
                return


@every(seconds=60)
def begin_day() -> None:
    """Put the day's work in line once: just after midnight in Vietnam, or when the first worker starts that day."""
    today = clock.today().isoformat()
    with transaction(SYSTEM) as session:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("coverage begin day"))))
        known = select(Job.id).where(Job.name == "coverage day", Job.facts["day"].astext == today)
        if session.scalar(known.limit(1)) is None:
            enqueue(session, SYSTEM, "coverage day", day=today)


@job("coverage day")
def day(run: Run) -> dict[str, Any]:
    """Bring every door to the new day, area by area; then make the public counts anew and look for drift.

    Running it twice changes nothing. A worker that was away for days catches up with one run.
    """
    with reading(SYSTEM) as session:
        areas = list(session.scalars(select(Household.area_id).distinct().order_by(Household.area_id)))
    changed = 0
    for number, area_id in enumerate(areas):
        run.progress(number, len(areas), N_("Working out who is covered today"))
        with transaction(SYSTEM) as session:
            changed += service.refresh_day(session, [area_id])
    with transaction(SYSTEM) as session:
        publishing.publish(session)
    with reading(SYSTEM) as session:
        differing = len(drift(session))
    if differing:
        log.error("figures differ from a recount in %s areas: run `webmap doctor`", differing)
    return {"areas": len(areas), "households": changed, "differing": differing}

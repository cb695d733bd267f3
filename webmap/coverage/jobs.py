"""Work on coverage that nobody waits for: adding up, and what a new day changes."""

import logging
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from webmap import clock
from webmap.accounts.scope import CLOSURE, SYSTEM
from webmap.coverage import publishing, service, snapshots
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
    """Put the day's work in line: just after midnight in Vietnam, or when the first worker starts that day.

    Once more when a list was imported for an area of which nothing was public: nobody shall wait for tomorrow.
    """
    today = clock.today().isoformat()
    with transaction(SYSTEM) as session:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("coverage begin day"))))
        runs = select(Job.state).where(Job.name == "coverage day", Job.facts["day"].astext == today)
        states = set(session.scalars(runs))
        is_under_way = bool(states & {"waiting", "running"})
        if not states or (not is_under_way and publishing.is_outgrown(session)):
            enqueue(session, SYSTEM, "coverage day", day=today)


@job("coverage of an area")
def area(run: Run) -> dict[str, Any]:
    """Work out again who is covered in an area and all below, after its campaign's warning has changed."""
    below = select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == run.facts["below_area_id"])
    with reading(SYSTEM) as session:
        areas = list(session.scalars(below.order_by(CLOSURE.c.descendant_id)))
    return {"areas": len(areas), "households": _refresh(run, areas)}


@job("coverage day")
def day(run: Run) -> dict[str, Any]:
    """Bring every door to the new day, area by area; then make the public counts anew and look for drift.

    Running it twice changes nothing. A worker that was away for days catches up with one run.
    """
    fold()
    with transaction(SYSTEM) as session:
        areas = list(session.scalars(select(Household.area_id).distinct().order_by(Household.area_id)))
        # Nothing of the new day is worked out yet: this is how the day before ended.
        snapshots.keep_day(session, date.fromisoformat(run.facts["day"]) - timedelta(days=1))
    changed = _refresh(run, areas)
    with transaction(SYSTEM) as session:
        publishing.publish(session)
    with reading(SYSTEM) as session:
        differing = len(drift(session))
    if differing:
        log.error("figures differ from a recount in %s areas: run `webmap doctor`", differing)
    return {"areas": len(areas), "households": changed, "differing": differing}


def _refresh(run: Run, areas: list[int]) -> int:
    """One transaction for each area, so that nobody at a door has to wait."""
    changed = 0
    for number, area_id in enumerate(areas):
        run.progress(number, len(areas), N_("Working out who is covered today"))
        with transaction(SYSTEM) as session:
            changed += service.refresh_day(session, [area_id])
    return changed

"""Work of the ledger that nobody waits for: reasons that a new day brings."""

from typing import Any

from sqlalchemy import func, select

from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.database.engine import reading, transaction
from webmap.errors import N_
from webmap.households.models import Household
from webmap.jobs import Job, Run, enqueue, every, job
from webmap.ledger import service


@every(seconds=60)
def begin_day() -> None:
    """Put the day's work in line, once the statuses of that day are worked out."""
    today = clock.today().isoformat()
    with transaction(SYSTEM) as session:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("ledger begin day"))))
        runs = select(Job.name, Job.state).where(
            Job.name.in_(("coverage day", "reasons of a day")), Job.facts["day"].astext == today
        )
        states: dict[str, set[str]] = {}
        for name, state in session.execute(runs):
            states.setdefault(name, set()).add(state)
        if "done" in states.get("coverage day", set()) and "reasons of a day" not in states:
            enqueue(session, SYSTEM, "reasons of a day", day=today)


@job("reasons of a day")
def day(run: Run) -> dict[str, Any]:
    """Say of people whose card has ended why they have none, area by area. Running it twice changes nothing."""
    with reading(SYSTEM) as session:
        areas = list(session.scalars(select(Household.area_id).distinct().order_by(Household.area_id)))
    people = 0
    for number, area_id in enumerate(areas):
        run.progress(number, len(areas), N_("Saying why people have no card"))
        with transaction(SYSTEM) as session:
            people += service.reasons_by_rule(session, area_id)
    return {"areas": len(areas), "people": people}

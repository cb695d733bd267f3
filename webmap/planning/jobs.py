"""The background job that shares doors among teams."""

import time
from typing import Any
from uuid import UUID

from gis_layers.types import LonLat
from webmap.accounts.scope import Scope
from webmap.database.engine import reading, transaction
from webmap.errors import N_
from webmap.jobs import JobCancelledError, Run, job
from webmap.planning import making, queries
from webmap.planning.inputs import NewPlan
from webmap.planning.sharing import Wanted, make_routes

STEPS = 100
SECONDS_BETWEEN_WORDS = 0.5
READING, SHARING, KEEPING = (
    N_("Reading households and alleys"),
    N_("Sharing doors among teams"),
    N_("Keeping the routes"),
)


@job("plan routes")
def plan_routes(run: Run) -> dict[str, Any]:
    """Work the routes of a plan out, and keep them. Cancelled: the plan stays as it was."""
    scope = run.scope
    assert isinstance(scope, Scope)  # noqa: S101 - the worker gives nothing else
    plan_id = UUID(run.facts["plan_id"])
    run.progress(0, STEPS, READING)
    with reading(scope) as session:
        plan = queries.find_plan(session, scope, plan_id)
        wanted = NewPlan.model_validate(plan.parameters)
        doors = making.the_doors(session, scope, wanted)
        alleys = making.the_alleys(session, doors)
    line = _Line(run)
    start = (
        LonLat(wanted.start_lon, wanted.start_lat)
        if wanted.start_lon is not None and wanted.start_lat is not None
        else None
    )
    made = make_routes(doors, alleys, Wanted(wanted.teams, start), progress=line.tell, is_cancelled=line.is_cancelled)
    if line.was_cancelled:
        raise JobCancelledError
    run.progress(STEPS - 1, STEPS, KEEPING)
    with transaction(scope) as session:
        making.keep_routes(session, scope, plan_id, made)
    return {"next": f"/plans/{plan_id}", "routes": sum(bool(route.stops) for route in made.routes)}


class _Line:
    """The job's line to the person who waits: tells how far it is now and then, hears whether to stop."""

    def __init__(self, run: Run) -> None:
        self.was_cancelled = False
        self._run = run
        self._done = 0
        self._next_word = 0.0

    def tell(self, done: float) -> None:
        self._done = int(done * (STEPS - 2))
        self.is_cancelled()

    def is_cancelled(self) -> bool:
        if not self.was_cancelled and time.monotonic() >= self._next_word:
            self._next_word = time.monotonic() + SECONDS_BETWEEN_WORDS
            try:
                self._run.progress(self._done, STEPS, SHARING)
            except JobCancelledError:
                self.was_cancelled = True
        return self.was_cancelled

"""Making plans, giving routes to people, publishing and closing."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webmap import audit, clock, jobs
from webmap.accounts.models import AccountArea
from webmap.accounts.scope import CLOSURE, Scope, areas_in, require_area
from webmap.areas.models import Area
from webmap.households.models import Household
from webmap.ids import uuid7
from webmap.planning import queries
from webmap.planning.errors import (
    AreasApartError,
    NobodyAssignedError,
    NoDoorsError,
    TooManyDoorsError,
    WalkerOutsideError,
)
from webmap.planning.inputs import NewPlan, Walkers
from webmap.planning.models import Plan, RouteMember, Stop
from webmap.planning.rules import MOST_DOORS, PlanState
from webmap.planning.teams import find_team

JOB = "plan routes"


def ask_for_plan(session: Session, scope: Scope, new: NewPlan) -> tuple[UUID, UUID]:
    """Note a plan and put its making in line. Returns the ids of plan and job."""
    for area_id in new.areas:
        require_area(session, scope, area_id)
    doors = session.scalar(select(func.count()).select_from(queries.chosen_doors(new, scope).subquery())) or 0
    if doors == 0:
        raise NoDoorsError
    if doors > MOST_DOORS:
        raise TooManyDoorsError(doors=doors, most=MOST_DOORS)
    area_id = _common_area(session, scope, new.areas)
    names = session.scalars(select(Area.name).where(Area.id.in_(new.areas)).order_by(Area.name)).all()
    plan = Plan(
        id=uuid7(),
        area_id=area_id,
        name=new.name or f"{', '.join(names[:3])}{'…' if len(names) > 3 else ''} {clock.today():%d/%m}",
        state=PlanState.DRAFT,
        parameters=new.model_dump(mode="json"),
        summary={"doors": doors},
        created_by=scope.account_id,
    )
    session.add(plan)
    session.flush()
    plan.job_id = jobs.enqueue(session, scope, JOB, area_id=area_id, plan_id=str(plan.id))
    audit.record(session, scope, "asked for a plan", "plan", plan.id, area_id=area_id, doors=doors, teams=new.teams)
    return plan.id, plan.job_id


def share_again(session: Session, scope: Scope, plan_id: UUID) -> UUID:
    """Put the making of a draft in line again, after it was stopped or the lists changed. Returns the job's id."""
    plan = queries.plan_in(session, scope, plan_id, PlanState.DRAFT)
    plan.job_id = jobs.enqueue(session, scope, JOB, area_id=plan.area_id, plan_id=str(plan.id))
    audit.record(session, scope, "asked for a plan again", "plan", plan.id, area_id=plan.area_id)
    return plan.job_id


def assign(session: Session, scope: Scope, route_id: UUID, walkers: Walkers) -> Plan:
    """Give a route to these people and this team, and to nobody else. They must have the right to all its villages."""
    route, plan = queries.find_route(session, scope, route_id)
    queries.plan_in(session, scope, plan.id, PlanState.DRAFT, PlanState.PUBLISHED)
    known = {walker.id: walker for walker in queries.walkers(session, scope, plan.area_id)}
    villages = set(
        session.scalars(
            select(Household.area_id).join(Stop, Stop.household_id == Household.id).where(Stop.route_id == route.id)
        )
    )
    team = find_team(session, scope, plan.area_id, walkers.team) if walkers.team else None
    chosen = set(walkers.accounts or (team.members if team else ()))
    for account_id in chosen:
        walker = known.get(account_id)
        if walker is None or not villages <= _reach(session, account_id, villages):
            raise WalkerOutsideError(name=walker.full_name if walker else "?")
    session.execute(delete(RouteMember).where(RouteMember.route_id == route.id))
    session.add_all(RouteMember(route_id=route.id, account_id=account_id) for account_id in chosen)
    route.team_id = team.id if team else None
    session.flush()
    audit.record(
        session,
        scope,
        "gave a route to people",
        "route",
        route.id,
        area_id=plan.area_id,
        accounts=sorted(map(str, chosen)),
        team=walkers.team,
    )
    return plan


def publish(session: Session, scope: Scope, plan_id: UUID) -> None:
    """Show the routes to those who walk them. Every route needs somebody."""
    plan = queries.plan_in(session, scope, plan_id, PlanState.DRAFT)
    lines = queries.route_lines(session, plan)
    if not lines:
        raise NoDoorsError
    if alone := [f"T{line.number}" for line in lines if not line.members]:
        raise NobodyAssignedError(routes=", ".join(alone))
    plan.state = PlanState.PUBLISHED
    plan.published_at = clock.now()
    plan.version += 1
    audit.record(session, scope, "published a plan", "plan", plan.id, area_id=plan.area_id, routes=len(lines))


def close(session: Session, scope: Scope, plan_id: UUID) -> None:
    """End a plan: its routes leave the phones. Visits that come later are kept all the same."""
    plan = queries.plan_in(session, scope, plan_id, PlanState.PUBLISHED)
    plan.state = PlanState.CLOSED
    plan.closed_at = clock.now()
    plan.version += 1
    audit.record(session, scope, "closed a plan", "plan", plan.id, area_id=plan.area_id)


def discard(session: Session, scope: Scope, plan_id: UUID) -> None:
    """Throw a draft away."""
    plan = queries.plan_in(session, scope, plan_id, PlanState.DRAFT)
    audit.record(session, scope, "discarded a draft plan", "plan", plan.id, area_id=plan.area_id, name=plan.name)
    session.delete(plan)


def _common_area(session: Session, scope: Scope, area_ids: Sequence[int]) -> int:
    """The lowest area of the scope that holds all of these."""
    wanted = set(area_ids)
    mine = areas_in(scope)
    depth = select(func.count()).where(CLOSURE.c.descendant_id == Area.id).scalar_subquery()
    holding: dict[int, set[int]] = defaultdict(set)
    for above, below in session.execute(
        select(CLOSURE.c.ancestor_id, CLOSURE.c.descendant_id).where(
            CLOSURE.c.descendant_id.in_(wanted), CLOSURE.c.ancestor_id.in_(mine)
        )
    ):
        holding[above].add(below)
    common = [above for above, below in holding.items() if below == wanted]
    lowest = session.scalar(select(Area.id).where(Area.id.in_(common)).order_by(depth.desc()).limit(1))
    if lowest is None:
        raise AreasApartError
    return lowest


def _reach(session: Session, account_id: UUID, area_ids: set[int]) -> set[int]:
    """Which of these areas an account has a right to."""
    return set(
        session.scalars(
            select(CLOSURE.c.descendant_id)
            .join(AccountArea, AccountArea.area_id == CLOSURE.c.ancestor_id)
            .where(AccountArea.account_id == account_id, CLOSURE.c.descendant_id.in_(area_ids))
        )
    )

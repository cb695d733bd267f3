"""Making plans, giving routes to people, publishing and closing."""

from collections import defaultdict
from collections.abc import Sequence
from typing import cast
from uuid import UUID

import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from gis_layers.routing.network import Alley
from gis_layers.types import LonLat
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
    PlanStateError,
    TooManyDoorsError,
    WalkerOutsideError,
)
from webmap.planning.inputs import NewPlan, Walkers
from webmap.planning.models import Plan, Route, RouteMember, Stop
from webmap.planning.rules import MOST_DOORS, PlanState
from webmap.planning.sharing import Door, MadePlan, MadeRoute
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
    plan = _plan_in(session, scope, plan_id, PlanState.DRAFT)
    plan.job_id = jobs.enqueue(session, scope, JOB, area_id=plan.area_id, plan_id=str(plan.id))
    audit.record(session, scope, "asked for a plan again", "plan", plan.id, area_id=plan.area_id)
    return plan.job_id


def the_doors(session: Session, scope: Scope, wanted: NewPlan) -> list[Door]:
    """The households that a plan asks for, as they are now."""
    return [
        Door(
            id=row.id,
            area_id=row.area_id,
            alley_id=row.alley_id,
            alley_name=row.alley_name,
            uncovered=row.uncovered,
            lonlat=LonLat(row.lon, row.lat) if row.lon is not None else None,
        )
        for row in session.execute(queries.chosen_doors(wanted, scope))
    ]


def the_alleys(session: Session, doors: Sequence[Door]) -> list[Alley]:
    """The alleys around these doors."""
    lonlats = [(door.lonlat.lon, door.lonlat.lat) for door in doors if door.lonlat]
    return [
        Alley(row.id, cast("shapely.LineString", shapely.from_wkb(bytes(row.line))), row.kind, row.name, row.is_private)
        for row in queries.alleys_around(session, lonlats)
    ]


def keep_routes(session: Session, scope: Scope, plan_id: UUID, made: MadePlan) -> None:
    """Write the routes of a draft, in place of those it had. May be done twice."""
    plan = _plan_in(session, scope, plan_id, PlanState.DRAFT)
    session.execute(delete(Route).where(Route.plan_id == plan.id))
    for number, route in enumerate((route for route in made.routes if route.stops), start=1):
        _keep_route(session, plan, number, route)
    plan.summary = {
        "doors": sum(len(route.stops) for route in made.routes),
        "ending": made.ending,
        "far_doors": made.far_doors,
        "gap_metres": made.gap_metres,
        "has_alleys": made.has_alleys,
        "idle_teams": sum(not route.stops for route in made.routes),
    }
    plan.version += 1
    audit.record(session, scope, "shared doors among teams", "plan", plan.id, area_id=plan.area_id)


def _keep_route(session: Session, plan: Plan, number: int, made: MadeRoute) -> None:
    areas = {stop.door.area_id for stop in made.stops}
    route = Route(
        id=uuid7(),
        plan_id=plan.id,
        area_id=areas.pop() if len(areas) == 1 else plan.area_id,
        number=number,
        line=_shape(made.line),
        turf=_shape(made.turf),
        walk_metres=round(made.metres),
        walk_minutes=made.walk_minutes,
        door_minutes=made.door_minutes,
        uncovered_count=sum(stop.door.uncovered for stop in made.stops),
    )
    session.add(route)
    session.flush()
    session.execute(
        insert(Stop),
        [
            {
                "route_id": route.id,
                "position": position,
                "household_id": stop.door.id,
                "alley_id": stop.alley_id,
                "side": stop.side,
                "walk_metres": round(stop.metres),
                "arrive_minutes": stop.arrive_minutes,
                "door_minutes": stop.minutes,
            }
            for position, stop in enumerate(made.stops, start=1)
        ],
    )


def assign(session: Session, scope: Scope, route_id: UUID, walkers: Walkers) -> Plan:
    """Give a route to these people and this team, and to nobody else. They must have the right to all its villages."""
    route, plan = queries.find_route(session, scope, route_id)
    _plan_in(session, scope, plan.id, PlanState.DRAFT, PlanState.PUBLISHED)
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
    plan = _plan_in(session, scope, plan_id, PlanState.DRAFT)
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
    plan = _plan_in(session, scope, plan_id, PlanState.PUBLISHED)
    plan.state = PlanState.CLOSED
    plan.closed_at = clock.now()
    plan.version += 1
    audit.record(session, scope, "closed a plan", "plan", plan.id, area_id=plan.area_id)


def discard(session: Session, scope: Scope, plan_id: UUID) -> None:
    """Throw a draft away."""
    plan = _plan_in(session, scope, plan_id, PlanState.DRAFT)
    audit.record(session, scope, "discarded a draft plan", "plan", plan.id, area_id=plan.area_id, name=plan.name)
    session.delete(plan)


def _plan_in(session: Session, scope: Scope, plan_id: UUID, *states: PlanState) -> Plan:
    plan = queries.find_plan(session, scope, plan_id, lock=True)
    if plan.state not in states:
        raise PlanStateError(state=plan.state)
    return plan


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


def _shape(shape: BaseGeometry | None) -> WKBElement | None:
    return from_shape(shape, srid=4326) if shape is not None and not shape.is_empty else None

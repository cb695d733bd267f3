"""Reads about plans, their routes and stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select, true
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.models import Account, AccountArea
from webmap.accounts.scope import CLOSURE, Scope, areas_in
from webmap.areas.models import Area
from webmap.households.filters import conditions
from webmap.households.models import Household
from webmap.planning.errors import PlanNotFoundError, PlanStateError, RouteNotFoundError
from webmap.planning.inputs import NewPlan
from webmap.planning.models import Plan, Route, RouteMember, Stop
from webmap.planning.rules import Balance, PlanState, balance
from webmap.streets.models import Alley

UNCOVERED = Household.registered_count - Household.covered_count
MARGIN_DEGREES = 0.006
"""Alleys up to some 600 m around the doors belong to a plan: ways between them may lead outside."""


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who may walk routes."""

    id: UUID
    full_name: str


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A route as a line of the table."""

    id: UUID
    number: int
    doors: int
    unplaced: int
    visited: int
    uncovered: int
    metres: int
    walk_minutes: float
    door_minutes: float
    balance: Balance
    members: list[Walker]
    team_id: int | None

    @property
    def minutes(self) -> float:
        return self.walk_minutes + self.door_minutes


def plans(session: Session, scope: Scope, area_id: int | None = None, on: date | None = None) -> list[Row[Any]]:
    """Plans of the scope, the newest first, with their area, routes and doors; only those in an area, if one is given.

    `on`: by the map of that day.
    """
    within = true() if area_id is None else Plan.area_id.in_(ids_within(area_id, on))
    stops = select(func.count()).join(Route, Route.id == Stop.route_id).where(Route.plan_id == Plan.id)
    routes = select(func.count()).select_from(Route).where(Route.plan_id == Plan.id)
    return list(
        session.execute(
            select(
                Plan.id, Plan.name, Plan.state, Plan.created_at, Plan.published_at, Area.name.label("area"),
                routes.scalar_subquery().label("routes"), stops.select_from(Stop).scalar_subquery().label("doors"),
            )
            .join(Area, Area.id == Plan.area_id)
            .where(Plan.area_id.in_(areas_in(scope)), within)
            .order_by(Plan.created_at.desc())
            .limit(200)
        )
    )  # fmt: skip


def find_plan(session: Session, scope: Scope, plan_id: UUID, *, lock: bool = False) -> Plan:
    """A plan of the scope. Raises PlanNotFoundError."""
    wanted = select(Plan).where(Plan.id == plan_id, Plan.area_id.in_(areas_in(scope)))
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise PlanNotFoundError
    return found


def plan_in(session: Session, scope: Scope, plan_id: UUID, *states: PlanState) -> Plan:
    """The plan, held for writing, when it is in one of these states. Raises PlanStateError."""
    plan = find_plan(session, scope, plan_id, lock=True)
    if plan.state not in states:
        raise PlanStateError(state=plan.state)
    return plan


def find_route(session: Session, scope: Scope, route_id: UUID) -> tuple[Route, Plan]:
    """A route of the scope with its plan. Raises RouteNotFoundError."""
    wanted = (
        select(Route, Plan)
        .join(Plan, Plan.id == Route.plan_id)
        .where(Route.id == route_id, Plan.area_id.in_(areas_in(scope)))
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise RouteNotFoundError
    return found[0], found[1]


def villages(session: Session, scope: Scope) -> list[Row[Any]]:
    """Areas of the scope that households belong to themselves, with the figures a leader chooses by."""
    registered, covered = func.sum(Household.registered_count), func.sum(Household.covered_count)
    return list(
        session.execute(
            select(
                Area.id, Area.name, func.count().label("households"),
                registered.label("registered"), covered.label("covered"),
                func.count().filter(Household.point.is_(None)).label("unplaced"),
                func.st_xmin(func.st_extent(Household.point)).label("west"),
                func.st_ymin(func.st_extent(Household.point)).label("south"),
                func.st_xmax(func.st_extent(Household.point)).label("east"),
                func.st_ymax(func.st_extent(Household.point)).label("north"),
            )
            .join(Household, Household.area_id == Area.id)
            .where(Area.id.in_(areas_in(scope)), Household.ended_on.is_(None))
            .group_by(Area.id, Area.name)
            .order_by((registered - covered).desc(), Area.name)
        )
    )  # fmt: skip


def villages_below(session: Session, area_ids: Sequence[int], on: date | None = None) -> list[int]:
    """These areas and all below them: what is chosen when a map's commune is asked to be planned.

    `on`: those that lay in them by the map of that day, by their names of today.
    """
    return [one for area_id in area_ids for one in session.scalars(ids_within(area_id, on))]


def ids_within(area_id: int, on: date | None) -> Select[int]:
    """The ids of an area and of all below it, by the map of a day."""
    if on is None or on >= clock.today():
        return select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == area_id)
    return select(func.area_ground(area_id, on))


def chosen_doors(wanted: NewPlan, scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the households that a plan asks for; sorted, so that one plan sees one order."""
    below = select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id.in_(wanted.areas))
    return (
        select(
            Household.id, Household.area_id, Household.alley_id, Household.alley_name,
            func.st_x(Household.point).label("lon"), func.st_y(Household.point).label("lat"),
            UNCOVERED.label("uncovered"),
        )
        .where(
            Household.area_id.in_(areas_in(scope)),
            Household.area_id.in_(below),
            *conditions(wanted.asked, clock.today()),
        )
        .order_by(Household.area_id, Household.code, Household.id)
    )  # fmt: skip


def alleys_around(session: Session, lonlats: Sequence[tuple[float, float]]) -> list[Row[Any]]:
    """Walkable alleys around some places: id, name, kind, whether private, line as WKB."""
    if not lonlats:
        return []
    lons, lats = [lon for lon, _ in lonlats], [lat for _, lat in lonlats]
    box = func.st_makeenvelope(
        min(lons) - MARGIN_DEGREES,
        min(lats) - MARGIN_DEGREES,
        max(lons) + MARGIN_DEGREES,
        max(lats) + MARGIN_DEGREES,
        4326,
    )
    return list(
        session.execute(
            select(
                Alley.id,
                Alley.name,
                Alley.kind,
                (Alley.access == "private").label("is_private"),
                func.st_asbinary(Alley.line).label("line"),
            )
            .where(
                func.st_intersects(Alley.line, box),
                Alley.is_walkable,
                or_(Alley.closed_on.is_(None), Alley.closed_on > clock.today()),
            )
            .order_by(Alley.id)
        )
    )


def route_lines(session: Session, plan: Plan) -> list[RouteLine]:
    """The table of a plan: one line per route."""
    members = _members(session, plan)
    done = Household.last_visit_at > func.coalesce(plan.published_at, clock.now())
    counts = {
        row.route_id: row
        for row in session.execute(
            select(
                Stop.route_id,
                func.count().label("doors"),
                func.count().filter(Household.point.is_(None)).label("unplaced"),
                func.count().filter(done).label("visited"),
            )
            .join(Route, Route.id == Stop.route_id)
            .join(Household, Household.id == Stop.household_id)
            .where(Route.plan_id == plan.id)
            .group_by(Stop.route_id)
        )
    }
    routes = session.scalars(select(Route).where(Route.plan_id == plan.id).order_by(Route.number)).all()
    totals = [route.walk_minutes + route.door_minutes for route in routes if route.id in counts]
    mean = sum(totals) / len(totals) if totals else 0.0
    wanted = float(plan.parameters.get("minutes", 180))
    return [
        RouteLine(
            id=route.id,
            number=route.number,
            doors=counts[route.id].doors if route.id in counts else 0,
            unplaced=counts[route.id].unplaced if route.id in counts else 0,
            visited=counts[route.id].visited if route.id in counts else 0,
            uncovered=route.uncovered_count,
            metres=route.walk_metres,
            walk_minutes=route.walk_minutes,
            door_minutes=route.door_minutes,
            balance=balance(route.walk_minutes + route.door_minutes, mean, wanted),
            members=members.get(route.id, []),
            team_id=route.team_id,
        )
        for route in routes
    ]


def _members(session: Session, plan: Plan) -> dict[UUID, list[Walker]]:
    found: dict[UUID, list[Walker]] = {}
    for row in session.execute(
        select(RouteMember.route_id, Account.id, Account.full_name)
        .join(Account, Account.id == RouteMember.account_id)
        .join(Route, Route.id == RouteMember.route_id)
        .where(Route.plan_id == plan.id)
        .order_by(Account.full_name)
    ):
        found.setdefault(row.route_id, []).append(Walker(row.id, row.full_name))
    return found


def unplaced_stops(session: Session, plan: Plan) -> list[Row[Any]]:
    """Stops whose house has to be found: route, household, address."""
    return list(
        session.execute(
            select(
                Route.number, Household.id, Household.code, Household.head_name, Household.house_number,
                Household.alley_name, Household.address, Area.name.label("village"),
            )
            .join(Stop, Stop.route_id == Route.id)
            .join(Household, Household.id == Stop.household_id)
            .join(Area, Area.id == Household.area_id)
            .where(Route.plan_id == plan.id, Household.point.is_(None))
            .order_by(Route.number, Stop.position)
        )
    )  # fmt: skip


def walkers(session: Session, scope: Scope, area_id: int) -> list[Walker]:
    """People who may walk in an area or in part of it."""
    above = select(CLOSURE.c.ancestor_id).where(CLOSURE.c.descendant_id == area_id)
    below = select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == area_id)
    near = select(AccountArea.account_id).where(
        or_(AccountArea.area_id.in_(above), AccountArea.area_id.in_(below)), AccountArea.area_id.in_(areas_in(scope))
    )
    return [
        Walker(row.id, row.full_name)
        for row in session.execute(
            select(Account.id, Account.full_name)
            .where(Account.id.in_(near), Account.role.in_(("canvasser", "leader")), Account.is_active)
            .order_by(Account.role, Account.full_name)
        )
    ]


def walkers_in(session: Session, scope: Scope) -> list[Walker]:
    """People who may walk in the areas of a scope or in part of them."""
    known: dict[UUID, Walker] = {}
    for area_id in scope.area_ids:
        known.update((walker.id, walker) for walker in walkers(session, scope, area_id))
    return sorted(known.values(), key=lambda walker: walker.full_name)


def map_features(session: Session, plan: Plan) -> dict[str, Any]:
    """Everything of a plan that is drawn: lines, where routes begin, doors in order; GeoJSON features by kind."""
    lines = [
        {"number": number, "geometry": geometry}
        for number, geometry in session.execute(
            select(Route.number, func.st_asgeojson(Route.line, 6)).where(
                Route.plan_id == plan.id, Route.line.is_not(None)
            )
        )
    ]
    doors = [
        dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
        for row in session.execute(
            select(
                Route.number.label("route"), Stop.position, Household.number, Household.status, Household.door_mark,
                func.st_x(Household.point).label("lon"), func.st_y(Household.point).label("lat"),
            )
            .join(Stop, Stop.route_id == Route.id)
            .join(Household, Household.id == Stop.household_id)
            .where(Route.plan_id == plan.id, Household.point.is_not(None))
            .order_by(Route.number, Stop.position)
        )
    ]  # fmt: skip
    return {"lines": lines, "doors": doors}

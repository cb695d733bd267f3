"""Reads about visits, and what a walk needs to know."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select, tuple_
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.models import Account
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import Scope
from webmap.areas.models import Area
from webmap.households.models import Household, Person
from webmap.households.rules import ON_REGISTER
from webmap.planning.errors import RouteNotFoundError
from webmap.planning.models import Plan, Route, RouteMember, Stop
from webmap.planning.rules import PlanState
from webmap.streets.models import Alley
from webmap.visits.models import QuarantinedEntry, Visit, VisitPerson

EFFECTIVE_AT = func.least(Visit.happened_at, Visit.received_at)


def my_routes(session: Session, scope: Scope) -> list[Row[Any]]:
    """The published routes that somebody walks: plan, number, villages, doors, those visited since publishing."""
    visited = Household.last_visit_at > Plan.published_at
    villages = func.string_agg(Area.name.distinct(), ", ")
    return list(
        session.execute(
            select(
                Route.id, Route.number, Route.walk_metres, Route.walk_minutes, Route.door_minutes,
                Plan.name.label("plan"), Plan.published_at, villages.label("villages"),
                func.count().label("doors"), func.count().filter(visited).label("visited"),
            )
            .join(Plan, Plan.id == Route.plan_id)
            .join(RouteMember, RouteMember.route_id == Route.id)
            .join(Stop, Stop.route_id == Route.id)
            .join(Household, Household.id == Stop.household_id)
            .join(Area, Area.id == Household.area_id)
            .where(RouteMember.account_id == scope.account_id, Plan.state == PlanState.PUBLISHED)
            .group_by(Route.id, Plan.id)
            .order_by(Plan.published_at.desc(), Route.number)
        )
    )  # fmt: skip


def walk(session: Session, scope: Scope, route_id: UUID) -> dict[str, Any]:
    """All a phone needs for one route, and no more: doors in order, their people, the line.

    For those who walk it and for staff. Raises RouteNotFoundError. No numbers of cards or of citizens, no birthdays.
    """
    wanted = select(Route, Plan, func.st_asgeojson(Route.line, 6)).join(Plan, Plan.id == Route.plan_id)
    mine = select(RouteMember.route_id).where(RouteMember.account_id == scope.account_id)
    condition: ColumnElement[bool] = Route.id.in_(mine)
    if scope.role in STAFF:
        condition = or_(condition, Plan.state == PlanState.PUBLISHED)
    found = session.execute(
        wanted.where(Route.id == route_id, Plan.state == PlanState.PUBLISHED, condition)
    ).one_or_none()
    if found is None:
        raise RouteNotFoundError
    route, plan, line = found
    return {
        "id": str(route.id),
        "number": route.number,
        "plan": plan.name,
        "published_at": plan.published_at,
        "line": json.loads(line) if line else None,
        "stops": _stops(session, scope, route, plan),
    }


def _stops(session: Session, scope: Scope, route: Route, plan: Plan) -> list[dict[str, Any]]:
    rows = session.execute(
        select(
            Stop, Household, func.st_x(Household.point), func.st_y(Household.point), Area.name, Alley.name
        )
        .join(Household, Household.id == Stop.household_id)
        .join(Area, Area.id == Household.area_id)
        .outerjoin(Alley, Alley.id == Stop.alley_id)
        .where(Stop.route_id == route.id)
        .order_by(Stop.position)
    ).all()  # fmt: skip
    ids = [household.id for _, household, *_ in rows]
    people, last = _people(session, ids), _last_visits(session, scope, ids)
    return [
        {
            "position": stop.position,
            "household_id": str(household.id),
            "code": household.code,
            "name": household.head_name,
            "phone": household.phone,
            "house_number": household.house_number,
            "alley": household.alley_name or alley,
            "address": household.address,
            "village": village,
            "lon": lon,
            "lat": lat,
            "side": stop.side,
            "walk_metres": stop.walk_metres,
            "status": household.status,
            "door_mark": household.door_mark,
            "due_on": household.due_on,
            "is_visited": _is_after(household.last_visit_at, plan.published_at),
            "last_visit": last.get(household.id),
            "people": people.get(household.id, []),
        }
        for stop, household, lon, lat, village, alley in rows
    ]


def _is_after(visited_at: datetime | None, published_at: datetime | None) -> bool:
    return visited_at is not None and (published_at is None or visited_at > published_at)


def _people(session: Session, household_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    year = clock.today().year
    for person in session.scalars(
        select(Person)
        .where(Person.household_id.in_(household_ids), Person.residency.in_(ON_REGISTER))
        .order_by(Person.is_head.desc(), Person.birth_year.nulls_last(), Person.id)
    ):
        born = person.birth_year or (person.birth_on.year if person.birth_on else None)
        found.setdefault(person.household_id, []).append(
            {
                "id": str(person.id),
                "name": person.full_name,
                "age": year - born if born else None,
                "status": person.status,
                "residency": person.residency,
                "reason_group": person.reason_group,
                "reported_on": person.reported_on,
                "pledged_until": person.pledged_until,
                "cover_ends_on": person.cover_ends_on,
            }
        )
    return found


def _last_visits(session: Session, scope: Scope, household_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """The latest visit of each household: day, outcomes, note, whose it is, and how many there were."""
    wrong = select(Visit.corrects_visit_id).where(
        Visit.household_id.in_(household_ids), Visit.corrects_visit_id.is_not(None)
    )
    latest = (
        select(
            Visit.id, Visit.household_id, Visit.account_id, Visit.outcome, Visit.note, EFFECTIVE_AT.label("at"),
            func.count().over(partition_by=Visit.household_id).label("times"),
            func.row_number()
            .over(partition_by=Visit.household_id, order_by=(EFFECTIVE_AT.desc(), Visit.id.desc()))
            .label("nth"),
        )
        .where(Visit.household_id.in_(household_ids), Visit.id.not_in(wrong))
        .subquery()
    )  # fmt: skip
    rows = session.execute(select(latest).where(latest.c.nth == 1)).all()
    said: dict[UUID, list[dict[str, str]]] = {}
    of_these = VisitPerson.visit_id.in_([row.id for row in rows])
    for visit_id, outcome in session.execute(select(VisitPerson.visit_id, VisitPerson.outcome).where(of_these)):
        said.setdefault(visit_id, []).append({"outcome": outcome})
    return {
        row.household_id: {
            "id": str(row.id),
            "is_mine": row.account_id == scope.account_id,
            "on": clock.day_of(row.at),
            "outcome": row.outcome,
            "people": said.get(row.id, []),
            "note": row.note,
            "times": row.times,
        }
        for row in rows
    }


def history(session: Session, household_id: UUID) -> list[dict[str, Any]]:
    """What happened at one door, the newest first, with what was found for each person."""
    found = session.execute(
        select(Visit, Account.full_name)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(Visit.household_id == household_id)
        .order_by(EFFECTIVE_AT.desc(), Visit.id.desc())
    ).all()
    people: dict[UUID, list[Any]] = {}
    for row in session.execute(
        select(VisitPerson.visit_id, VisitPerson.outcome, VisitPerson.pledged_until, Person.full_name)
        .join(Person, Person.id == VisitPerson.person_id)
        .where(VisitPerson.visit_id.in_([visit.id for visit, _ in found]))
        .order_by(Person.id)
    ):
        people.setdefault(row.visit_id, []).append(row)
    wrong = {visit.corrects_visit_id for visit, _ in found}
    return [
        {"visit": visit, "by": name, "people": people.get(visit.id, []), "is_wrong": visit.id in wrong}
        for visit, name in found
    ]


def is_newest_at(session: Session, household_id: UUID, visit_id: UUID, when: datetime) -> bool:
    """Whether no other visit of the household is later than this one, by time and then by id."""
    later = (
        select(Visit.id)
        .where(Visit.household_id == household_id, tuple_(EFFECTIVE_AT, Visit.id) > tuple_(when, visit_id))
        .limit(1)
    )
    return session.scalar(later) is None


def is_newest_about(session: Session, person_id: UUID, visit_id: UUID, when: datetime) -> bool:
    """Whether no later visit says anything about this person."""
    later = (
        select(Visit.id)
        .join(VisitPerson, VisitPerson.visit_id == Visit.id)
        .where(VisitPerson.person_id == person_id, tuple_(EFFECTIVE_AT, Visit.id) > tuple_(when, visit_id))
        .limit(1)
    )
    return session.scalar(later) is None


def known_route(session: Session, route_id: UUID | None) -> UUID | None:
    """The id of the route if the one who asks may know it."""
    return session.scalar(select(Route.id).where(Route.id == route_id)) if route_id else None


def known_visit(session: Session, visit_id: UUID | None, household_id: UUID) -> UUID | None:
    """The id of an earlier visit of the same household."""
    if visit_id is None:
        return None
    return session.scalar(select(Visit.id).where(Visit.id == visit_id, Visit.household_id == household_id))


def has_walked_past(session: Session, account_id: UUID, household_id: UUID) -> bool:
    """Whether a household was on a route of somebody's that was published: also after the plan was closed."""
    found = (
        select(Stop.route_id)
        .join(RouteMember, RouteMember.route_id == Stop.route_id)
        .join(Route, Route.id == Stop.route_id)
        .join(Plan, Plan.id == Route.plan_id)
        .where(
            Stop.household_id == household_id,
            RouteMember.account_id == account_id,
            Plan.state.in_((PlanState.PUBLISHED, PlanState.CLOSED)),
        )
        .limit(1)
    )
    return session.scalar(found) is not None


def set_aside(session: Session) -> list[Row[Any]]:
    """Entries that were set aside and nobody has looked at, the newest first."""
    return list(
        session.execute(
            select(
                QuarantinedEntry.id, QuarantinedEntry.entry_id, QuarantinedEntry.received_at, QuarantinedEntry.code,
                QuarantinedEntry.body, Account.full_name,
            )
            .join(Account, Account.id == QuarantinedEntry.account_id)
            .where(QuarantinedEntry.settled_at.is_(None))
            .order_by(QuarantinedEntry.received_at.desc())
            .limit(200)
        )
    )  # fmt: skip

"""What the background job reads for a plan and keeps of it. Pages do without: routing is slow to load."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from gis_layers.routing.network import Alley
from gis_layers.types import LonLat
from webmap import audit
from webmap.accounts.scope import Scope
from webmap.ids import uuid7
from webmap.planning import queries
from webmap.planning.inputs import NewPlan
from webmap.planning.models import Plan, Route, Stop
from webmap.planning.rules import PlanState
from webmap.planning.sharing import Door, MadePlan, MadeRoute


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
    plan = queries.plan_in(session, scope, plan_id, PlanState.DRAFT)
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


def _shape(shape: BaseGeometry | None) -> WKBElement | None:
    return from_shape(shape, srid=4326) if shape is not None and not shape.is_empty else None

"""Parts of an area's alleys that do not join, and what a person says about the links that seem to be missing."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from shapely import LineString
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from gis_layers.geojson import from_wkb
from gis_layers.measure import METRES_PER_DEGREE, geometry_to_plane, length_metres, plane_of, to_plane
from gis_layers.routing.network import Alley
from gis_layers.routing.parts import Link, Parts, find_parts
from webmap import audit, clock
from webmap.accounts.scope import Scope, require_area
from webmap.areas.errors import NoBoundaryError
from webmap.areas.queries import place
from webmap.database.sql_files import sql
from webmap.streets.editing_inputs import NotAGap as NotAGapSaid
from webmap.streets.editing_queries import PACKAGE, require_mine
from webmap.streets.models import NotAGap

AROUND_METRES = 600.0
"""Parts that join outside the area, this far off, are joined: a plan walks there too."""
DOOR_METRES = 60.0
CROSSING_METRES = 0.5
SAME_LINK_METRES = 10.0
"""A link whose ends moved less than this is the one a person spoke about."""


@dataclass(frozen=True, slots=True)
class MissingLink:
    """Where a part would join the rest: from which alley to which, and what lies between."""

    name: str | None
    to_name: str | None
    uuid: UUID
    to_uuid: UUID
    line: LineString
    metres: float
    crosses_water: bool
    crosses_building: bool
    not_a_gap_id: int | None

    @property
    def is_crossing(self) -> bool:
        """Whether the two lie on each other there, and only lack a common corner."""
        return self.metres < CROSSING_METRES

    @property
    def coordinates(self) -> list[list[float]]:
        """The two ends as lon, lat, as they are sent back to draw the link."""
        return [[round(lon, 7), round(lat, 7)] for lon, lat in self.line.coords]


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """A part of the network. `households` None where the person may not count them. `link` None: the main part."""

    number: int
    alleys: int
    metres: float
    names: tuple[str, ...]
    households: int | None
    link: MissingLink | None


def network_parts(session: Session, scope: Scope, area_id: int) -> list[NetworkPart]:
    """The parts of the alleys in an area, the longest first; several mean that something is missing.

    NoBoundaryError for an area without one: nobody knows which alleys are its own.
    """
    here = place(session, scope, area_id)
    if here.boundary_kind == "none":
        raise NoBoundaryError(name=here.full_name)
    given = {"area_id": area_id, "around": AROUND_METRES, "today": clock.today()}
    rows = list(session.execute(sql(PACKAGE, "alleys_around_area"), given))
    if not rows:
        return []
    lines = [cast("LineString", from_wkb(bytes(row.line))) for row in rows]
    found = find_parts([Alley(row.uuid, line, row.kind) for row, line in zip(rows, lines, strict=True)])
    inside = np.array([row.is_inside for row in rows])
    doors = _doors(session, area_id, found, lines) if scope.sees_persons else None
    links = {link.part: link for link in found.links}
    wanted = [int(part) for part in np.unique(found.part[inside])]
    shown = _missing(session, [links[part] for part in wanted if part in links], rows)
    made = []
    for part in wanted:
        of_part = [int(at) for at in np.flatnonzero((found.part == part) & inside)]
        names = sorted({rows[at].name for at in of_part if rows[at].name})
        made.append(
            NetworkPart(
                number=part,
                alleys=len(of_part),
                metres=sum(length_metres(lines[at]) for at in of_part),
                names=tuple(names[:3]),
                households=None if doors is None else doors[part],
                link=shown.get(part),
            )
        )
    return made


def tell_not_a_gap(session: Session, scope: Scope, area_id: int, given: NotAGapSaid) -> None:
    """Remember that nobody walks here: the link is not shown again. Told twice it is remembered once."""
    require_area(session, scope, area_id)
    line = LineString(given.coordinates)
    require_mine(session, scope, line)
    [crossed] = _crossed(session, [line])
    if crossed.not_a_gap_id is None:
        session.add(NotAGap(line=from_shape(line, srid=4326), told_at=clock.now()))
        session.flush()
        audit.record(session, scope, "tell not a gap", "area", area_id, area_id=area_id, at=given.coordinates[0])


def ask_again(session: Session, scope: Scope, area_id: int, not_a_gap_id: int) -> None:
    """Forget that a link is none. It may have been forgotten before."""
    require_area(session, scope, area_id)
    told = session.scalar(select(NotAGap).where(NotAGap.id == not_a_gap_id))
    if told is not None:
        require_mine(session, scope, from_wkb(bytes(told.line.data)))
        session.delete(told)
        session.flush()
        audit.record(session, scope, "ask about gap again", "area", area_id, area_id=area_id)


def _doors(session: Session, area_id: int, found: Parts, lines: list[LineString]) -> dict[int, int]:
    """How many households stand along each part."""
    many: dict[int, int] = dict.fromkeys(map(int, np.unique(found.part)), 0)
    doors = np.array([tuple(row) for row in session.execute(sql(PACKAGE, "doors_of_area"), {"area_id": area_id})])
    if doors.size:
        plane = plane_of(shapely.box(*shapely.total_bounds(lines)))
        tree = shapely.STRtree([geometry_to_plane(plane, line) for line in lines])
        _, nearest = tree.query_nearest(shapely.points(to_plane(plane, doors)), DOOR_METRES, all_matches=False)
        for part, count in zip(*np.unique(found.part[nearest], return_counts=True), strict=True):
            many[int(part)] = int(count)
    return many


def _missing(session: Session, links: list[Link], rows: list[Row[Any]]) -> dict[int, MissingLink]:
    crossed = _crossed(session, [LineString(link.ends) for link in links])
    return {
        link.part: MissingLink(
            name=rows[link.alley].name,
            to_name=rows[link.to_alley].name,
            uuid=rows[link.alley].uuid,
            to_uuid=rows[link.to_alley].uuid,
            line=LineString(link.ends),
            metres=link.metres,
            crosses_water=row.crosses_water,
            crosses_building=row.crosses_building,
            not_a_gap_id=row.not_a_gap_id,
        )
        for link, row in zip(links, crossed, strict=True)
    }


def _crossed(session: Session, lines: list[LineString]) -> list[Row[Any]]:
    if not lines:
        return []
    given = {"lines": [shapely.to_wkb(line) for line in lines], "same": SAME_LINK_METRES / METRES_PER_DEGREE}
    return list(session.execute(sql(PACKAGE, "what_links_cross"), given))

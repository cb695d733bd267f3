"""Buildings without a household: lists, counts, and what people said of them.

No building on the map never means that there is no house: nothing here takes anything away.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.orm import Session

from webmap import audit
from webmap.accounts.scope import Scope, require_area
from webmap.database.sql_files import sql
from webmap.errors import NotFoundError
from webmap.households.queries import PAGE_SIZE, Page
from webmap.streets.models import Building, BuildingFinding
from webmap.streets.rules import Finding

PACKAGE = "webmap.households"
MOST_FINDINGS = 50
SORTS = ("address", "-address", "size", "-size")


@dataclass(frozen=True, slots=True)
class AreaBuildings:
    """What the buildings and the households of an area know of each other. None: the area has no drawn boundary."""

    without_household: int | None
    without_building: int


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a building, to be taken back."""

    id: int
    finding: str
    lon: float
    lat: float
    found_at: datetime
    address: str | None


def count_unmatched(session: Session, scope: Scope, area_id: int) -> AreaBuildings:
    """How many buildings of an area have no household, and how many placed households no building."""
    require_area(session, scope, area_id)
    found = session.execute(sql(PACKAGE, "count_unmatched"), {"area_id": area_id}).one()
    return AreaBuildings(found.without_household, found.without_building)


def page_of_unmatched(session: Session, scope: Scope, area_id: int, *, sort: str = "address", number: int = 1) -> Page:
    """One page of the buildings without a household; a number beyond the end gives the last page."""
    total = count_unmatched(session, scope, area_id).without_household or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), pages)
    first = (number - 1) * PAGE_SIZE
    known = {
        "area_id": area_id,
        "sort": sort if sort in SORTS else "address",
        "limit": PAGE_SIZE,
        "offset": first,
    }
    rows = session.execute(sql(PACKAGE, "buildings_without_household"), known).all() if total else []
    return Page(number, pages, total, first + 1 if total else 0, first + len(rows), rows)


def findings(session: Session, scope: Scope, area_id: int) -> list[Said]:
    """What was said of the buildings of an area, the newest first."""
    require_area(session, scope, area_id)
    known = {"area_id": area_id, "most": MOST_FINDINGS}
    return [Said(*row) for row in session.execute(sql(PACKAGE, "building_findings"), known)]


def unmatched_building(session: Session, scope: Scope, building_id: int) -> Row[Any]:
    """Place, address and village of one building in the scope. Raises NotFoundError."""
    found = session.execute(sql(PACKAGE, "building_in_scope"), {"building_id": building_id}).one_or_none()
    if found is None:
        raise NotFoundError
    require_area(session, scope, found.area_id)
    return found


def say_of_building(session: Session, scope: Scope, building_id: int, finding: Finding) -> None:
    """Remember what a person said of a building, at its place. Said again, the last word holds."""
    found = unmatched_building(session, scope, building_id)
    outline = select(Building.outline).where(Building.id == building_id).scalar_subquery()
    session.execute(delete(BuildingFinding).where(func.st_covers(outline, BuildingFinding.point)))
    point = func.st_setsrid(func.st_makepoint(found.lon, found.lat), 4326)
    session.add(BuildingFinding(finding=finding.value, point=point, account_id=scope.account_id))
    session.flush()
    audit.record(
        session, scope, "say of building", "building", building_id, area_id=found.area_id, finding=finding.value
    )


def take_back_finding(session: Session, scope: Scope, finding_id: int) -> int:
    """Forget what was said of a building; returns its village. NotFoundError when it is gone, or lies elsewhere."""
    said = session.get(BuildingFinding, finding_id)
    area_id = session.execute(sql(PACKAGE, "village_of_finding"), {"finding_id": finding_id}).scalar_one_or_none()
    if said is None or area_id is None:
        raise NotFoundError
    require_area(session, scope, area_id)
    session.delete(said)
    audit.record(session, scope, "take back finding", "building_finding", finding_id, area_id=area_id)
    return int(area_id)

"""Alleys and households of Hữu Tân for the tests of planning: a road with two alleys, houses on all of them."""

from uuid import UUID

from geoalchemy2 import WKTElement
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Village, a_household
from webmap.areas.models import Source
from webmap.planning.models import Plan
from webmap.streets.models import Alley

WEST, SOUTH = 106.6105, 17.2650
STEP = 0.0003


def the_alleys(session: Session) -> list[int]:
    source = Source(name="test", kind="streets")
    session.add(source)
    session.flush()
    lines = {
        "Đường làng": ("main", [(WEST, SOUTH), (WEST + 10 * STEP, SOUTH), (WEST + 20 * STEP, SOUTH)]),
        "Ngõ 1": ("alley", [(WEST + 5 * STEP, SOUTH), (WEST + 5 * STEP, SOUTH + 8 * STEP)]),
        "Ngõ 2": ("alley", [(WEST + 15 * STEP, SOUTH), (WEST + 15 * STEP, SOUTH - 8 * STEP)]),
    }
    alleys = []
    for name, (kind, places) in lines.items():
        text = ",".join(f"{lon} {lat}" for lon, lat in places)
        alley = Alley(name=name, kind=kind, source_id=source.id, line=WKTElement(f"LINESTRING({text})", srid=4326))
        session.add(alley)
        session.flush()
        alleys.append(alley.id)
    return alleys


def the_houses(session: Session, village: Village) -> list[UUID]:
    """Twelve uncovered households along the alleys, and one that nobody has placed."""
    places = [(WEST + n * STEP, SOUTH + 0.0001) for n in range(1, 5)]
    places += [(WEST + 5 * STEP + 0.0001, SOUTH + n * STEP) for n in range(3, 7)]
    places += [(WEST + 15 * STEP - 0.0001, SOUTH - n * STEP) for n in range(3, 7)]
    ids = [
        a_household(
            session,
            village.id,
            f"P-{n}",
            lonlat=place,
            status="uncovered",
            registered_count=3,
            living_count=3,
            alley_name="Ngõ 1" if 4 < n <= 8 else None,
        ).id
        for n, place in enumerate(places, start=1)
    ]
    lost = a_household(
        session,
        village.id,
        "P-99",
        lonlat=None,
        status="uncovered",
        registered_count=2,
        living_count=2,
        alley_name="Ngõ 1",
    )
    return [*ids, lost.id]


def the_plan(session: Session) -> Plan:
    """The newest plan."""
    return session.scalars(select(Plan).order_by(Plan.created_at.desc(), Plan.id.desc())).first()  # type: ignore[return-value]

"""Small worlds of outlines for tests: squares in metres around a place in Hữu Tân."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.areas.models import Source
from webmap.streets.buildings import BuildingFields, load_buildings
from webmap.streets.counts import Counts, Reach
from webmap.streets.models import Building
from webmap.streets.rules import Maker

LON, LAT = 106.62, 17.27
DEGREES = 1 / 111_000


@dataclass
class FileBatch:
    """What a reader of files hands over."""

    shapes: Any
    columns: dict[str, list[Any]] = field(default_factory=dict)


def square(east: float, north: float, wide: float = 10, deep: float | None = None) -> shapely.Polygon:
    """A rectangle whose south-west corner lies so many metres from (LON, LAT)."""
    west, south = LON + east * DEGREES, LAT + north * DEGREES
    return shapely.box(west, south, west + wide * DEGREES, south + (deep or wide) * DEGREES)


def a_source(session: Session, name: str = "file") -> int:
    source = Source(name=name, kind="streets")
    session.add(source)
    session.flush()
    return source.id


def bring(
    session: Session, maker: Maker, shapes: Sequence[Any], *, covered: Any = None, **columns: list[Any]
) -> Counts:
    """Load outlines of a maker, with ids made from their place in the list unless `id` is given."""
    columns.setdefault("id", [f"{maker}-{n}" for n in range(len(shapes))])
    batch = FileBatch(np.array(list(shapes), dtype=object), columns)
    fields = BuildingFields.of_columns(columns)
    reach = Reach(None, covered)
    source = a_source(session, maker)
    counts = load_buildings(session, [batch], fields, source, maker=maker, reach=reach, tell=lambda _: None)
    session.expire_all()
    return counts


def shown(session: Session) -> list[str]:
    """Ids of the outlines that are drawn, as their makers have them."""
    wanted = select(Building.external_id).where(Building.same_as_id.is_(None)).order_by(Building.external_id)
    return [one or "?" for one in session.scalars(wanted)]

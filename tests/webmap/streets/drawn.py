"""Alleys for the tests of editing: a road in Hữu Tân with an alley off it, in metres round one place."""

from typing import Any
from uuid import UUID

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from shapely import LineString
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_layers.geojson import from_wkb
from gis_layers.measure import from_plane, plane_at, to_plane
from gis_layers.sources.noding import node_id
from gis_layers.types import LonLat
from webmap.areas.models import Source
from webmap.ids import uuid7
from webmap.streets.editing_inputs import NewAlley
from webmap.streets.editing_queries import version_of
from webmap.streets.models import Alley

PLANE = plane_at(LonLat(106.6120, 17.2700))
XY = tuple[float, float]
Place = tuple[float, float]


def places(*xy: XY) -> tuple[Place, ...]:
    """Metres round the middle as lon and lat with seven digits."""
    return tuple((float(lon), float(lat)) for lon, lat in np.round(from_plane(PLANE, xy), 7))


def metres(line: LineString) -> list[XY]:
    """The corners of a line in whole metres."""
    return [(round(float(x)), round(float(y))) for x, y in to_plane(PLANE, shapely.get_coordinates(line))]


def an_alley(session: Session, *xy: XY, source: str = "streets", **values: Any) -> Alley:
    """An alley from a file, unless told otherwise."""
    made = Source(name="test", kind=source)
    session.add(made)
    session.flush()
    line = LineString(places(*xy))
    given = {"kind": "alley", "name": None, **values}
    ends = {"from_node": node_id(line.coords[0]), "to_node": node_id(line.coords[-1])}
    alley = Alley(source_id=made.id, line=from_shape(line, srid=4326), **ends | given)
    session.add(alley)
    session.flush()
    session.refresh(alley)
    return alley


def stroke(*xy: XY, **values: Any) -> NewAlley:
    """What the editor sends for a line drawn."""
    return NewAlley(uuid=values.pop("uuid", uuid7()), coordinates=places(*xy), **values)


def version(session: Session, uuid: UUID) -> str:
    return str(session.scalar(select(version_of(Alley)).where(Alley.uuid == uuid)))


def lines(session: Session) -> dict[str, list[list[XY]]]:
    """All alleys by name, in metres."""
    session.expire_all()
    found: dict[str, list[list[XY]]] = {}
    for name, wkb in session.execute(select(Alley.name, func.st_asbinary(Alley.line)).order_by(Alley.id)):
        shape = from_wkb(bytes(wkb))
        assert isinstance(shape, LineString)
        found.setdefault(name or "", []).append(metres(shape))
    return found

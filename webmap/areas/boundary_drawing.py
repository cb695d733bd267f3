"""The boundary of a village or commune, drawn by hand."""

from dataclasses import dataclass
from uuid import UUID

import shapely
from geoalchemy2.shape import from_shape
from shapely import MultiPolygon, Polygon
from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from gis_layers.boundary import as_boundary
from gis_layers.errors import BadGeometryError
from gis_layers.geojson import from_wkb
from gis_layers.measure import area_square_metres
from webmap import audit, clock
from webmap.accounts.scope import Scope, areas_in, require_area
from webmap.areas.drawn_inputs import NewBoundary
from webmap.areas.errors import (
    BoundaryChangedError,
    BoundaryCrossesItselfError,
    BoundaryTooSmallError,
    OfficialBoundaryError,
    OutsideParentError,
)
from webmap.areas.map_imports import noting
from webmap.areas.models import Area
from webmap.errors import NotFoundError

MOSTLY = 0.8
"""So much of a boundary must lie inside the area above: less is a slip of the hand, not a border drawn roughly."""
SMALLEST_SQUARE_METRES = 1_000.0
OVERLAP_SQUARE_METRES = 1_000.0
VERSION = func.left(func.md5(literal_column("area::text")), 16)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground that another open area of the same parent covers too."""

    name: str
    square_metres: float


@dataclass(frozen=True, slots=True)
class Bounded:
    """What became of it: the change to undo (None: it was so before), the size, and with whom it overlaps."""

    edit_id: UUID | None
    square_metres: float
    overlaps: tuple[Overlap, ...]


def set_boundary(session: Session, scope: Scope, area_id: int, new: NewBoundary, *, source_id: int) -> Bounded:
    """Give an area a boundary drawn by hand, in place of the one it had. The same one again changes nothing.

    It must lie mostly inside the area above. Overlaps with its neighbours are told, not refused: somebody has to
    draw first. An official boundary is replaced only by those above a leader.
    """
    require_area(session, scope, area_id)
    area = session.scalar(select(Area).where(Area.id == area_id, Area.id.in_(areas_in(scope))).with_for_update(of=Area))
    if area is None:
        raise NotFoundError
    shape = _checked(new)
    before = session.scalar(select(func.st_asbinary(Area.boundary)).where(Area.id == area_id))
    if before is not None and shapely.equals_exact(from_wkb(bytes(before)), shape, 1e-8):
        return Bounded(None, area_square_metres(shape), _overlaps(session, area, shape))
    if session.scalar(select(VERSION).where(Area.id == area_id)) != new.version:
        raise BoundaryChangedError(name=area.name)
    if area.boundary_kind == "official" and scope.role == "leader":
        raise OfficialBoundaryError(name=area.name)
    _require_inside_parent(session, area, shape)
    with noting(session, scope, "edit", area.name, area_id=area_id, source_id=source_id) as change:
        change.counts = {"draw_boundary": 1}
        area.boundary, area.boundary_kind = from_shape(shape, srid=4326), "drawn"
        area.source_id, area.updated_at = source_id, clock.now()
    audit.record(session, scope, "draw boundary", "area", area_id, area_id=area_id, name=area.name)
    return Bounded(change.id, area_square_metres(shape), _overlaps(session, area, shape))


def boundary_version(session: Session, area_id: int) -> str:
    """A short text that changes with every change of an area's row."""
    return str(session.scalar(select(VERSION).where(Area.id == area_id)))


def _checked(new: NewBoundary) -> MultiPolygon:
    polygon = Polygon([(round(lon, 7), round(lat, 7)) for lon, lat in new.coordinates])
    try:
        shape = as_boundary(shapely.orient_polygons(polygon))
    except BadGeometryError as error:
        raise BoundaryCrossesItselfError from error
    if area_square_metres(shape) < SMALLEST_SQUARE_METRES:
        raise BoundaryTooSmallError
    return shape


def _require_inside_parent(session: Session, area: Area, shape: MultiPolygon) -> None:
    above = session.execute(
        select(Area.name, func.st_asbinary(Area.boundary)).where(Area.id == area.parent_id, Area.boundary.is_not(None))
    ).one_or_none()
    if above is None:
        return
    common = shapely.intersection(from_wkb(bytes(above[1])), shape)
    share = area_square_metres(common) / area_square_metres(shape)
    if share < MOSTLY:
        raise OutsideParentError(name=above[0], percent=round(100 * (1 - share)))


def _overlaps(session: Session, area: Area, shape: MultiPolygon) -> tuple[Overlap, ...]:
    here = func.st_geomfromwkb(shapely.to_wkb(shape), 4326)
    rows = session.execute(
        select(Area.name, func.st_asbinary(Area.boundary))
        .where(
            Area.parent_id == area.parent_id, Area.id != area.id, Area.valid_to.is_(None),
            Area.boundary_kind != "hull", func.st_intersects(Area.boundary, here),
        )
        .order_by(Area.name)
    )  # fmt: skip
    sizes = ((name, area_square_metres(shapely.intersection(from_wkb(bytes(wkb)), shape))) for name, wkb in rows)
    return tuple(Overlap(name, size) for name, size in sizes if size >= OVERLAP_SQUARE_METRES)

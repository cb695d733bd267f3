"""Reads for editing the map: which ground is mine, the alleys of an area, what lies near a stroke."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import shapely
from geoalchemy2 import Geography
from shapely import LineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Row, Select, cast, func, literal_column, or_, select
from sqlalchemy.orm import Session

from gis_layers.crs import VIETNAM
from gis_layers.geojson import feature, from_wkb
from gis_layers.measure import widened
from gis_layers.types import BBox
from webmap import clock
from webmap.accounts.scope import Scope, areas_in
from webmap.areas.models import Area, AreaClosure, MapImport, Source
from webmap.database.sql_files import sql
from webmap.errors import NotFoundError
from webmap.streets.editing_errors import NoGroundError
from webmap.streets.models import AddressPoint, Alley, Building
from webmap.text import fold

PACKAGE = "webmap.streets"
AROUND_METRES = 100.0
"""People draw this far outside their areas: a border often runs along the middle of a road."""
MOST_SHAPES = 3_000
PAGE = 50


@dataclass(frozen=True, slots=True)
class AlleyLine:
    """An alley as lists show it; `version` changes with every change of it."""

    id: int
    uuid: UUID
    name: str | None
    kind: str
    access: str
    has_gate: bool
    closed_on: date | None
    edited_at: datetime | None
    source_kind: str
    metres: float
    version: str
    line: LineString

    @property
    def is_drawn(self) -> bool:
        """Whether it was drawn by hand here, so that it may be taken away again."""
        return self.source_kind == "hand"

    @property
    def middle(self) -> list[float]:
        """A place on it, lon and lat: where a map goes to show it."""
        half = self.line.interpolate(0.5, normalized=True)
        return [round(half.x, 7), round(half.y, 7)]

    @property
    def is_closed(self) -> bool:
        """Whether nobody walks it today."""
        return self.closed_on is not None and self.closed_on <= clock.today()


@dataclass(frozen=True, slots=True)
class EditLine:
    """An edit as the editor lists it; `deed` is a code of `words("edit")`."""

    id: UUID
    deed: str
    title: str
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class AlleyFilter:
    """What of the alleys of an area a list shows."""

    words: str = ""
    only: str = ""
    page: int = 1


def ground_around(session: Session, scope: Scope, shape: BaseGeometry) -> BaseGeometry | None:
    """The person's areas around a WGS 84 shape, AROUND_METRES added; None where she has none.

    NoGroundError when none of her areas has a boundary at all.
    """
    found = session.execute(
        sql(PACKAGE, "ground_around"),
        {
            "shape": shapely.to_wkb(shape),
            "around": AROUND_METRES,
            "today": clock.today(),
            "everything": scope.role == "system",
            "mine": sorted(scope.area_ids),
        },
    ).scalar()
    if found is not None:
        return from_wkb(bytes(found))
    has_one = select(Area.id).where(Area.id.in_(areas_in(scope)), Area.boundary.is_not(None)).limit(1)
    if session.scalar(has_one) is None:
        raise NoGroundError
    return None


def pieces_of_street(area_id: int, name: str) -> Select[Alley]:
    """The alleys in an area that bear a name, however its marks are placed."""
    ground = select(Area.boundary).where(Area.id == area_id).scalar_subquery()
    named = func.fold(Alley.name) == func.fold(name)
    return select(Alley).where(named, func.st_intersects(Alley.line, ground)).order_by(Alley.id)


def alleys_of_area(session: Session, area_id: int, wanted: AlleyFilter) -> tuple[list[AlleyLine], int]:
    """One page of the alleys in an area, by name, and how many there are in all."""
    rows = session.execute(
        sql(PACKAGE, "alleys_of_area"),
        {
            "area_id": area_id,
            "words": fold(wanted.words),
            "only_closed": wanted.only == "closed",
            "only_nameless": wanted.only == "nameless",
            "only_edited": wanted.only == "edited",
            "skipped": PAGE * (wanted.page - 1),
            "most": PAGE,
        },
    ).all()
    return [_line(row) for row in rows], rows[0].total if rows else 0


def alley(session: Session, scope: Scope, uuid: UUID) -> AlleyLine:
    """One alley on the person's ground; any other does not exist."""
    wanted = (
        select(
            Alley.id, Alley.uuid, Alley.name, Alley.kind, Alley.access, Alley.has_gate, Alley.closed_on,
            Alley.edited_at, Source.kind.label("source_kind"),
            func.st_length(cast(Alley.line, Geography)).label("metres"), version_of(Alley).label("version"),
            func.st_asbinary(Alley.line).label("line"),
        )
        .join(Source, Source.id == Alley.source_id)
        .where(Alley.uuid == uuid)
    )  # fmt: skip
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError
    line = _line(found)
    require_mine(session, scope, line.line)
    return line


def require_mine(session: Session, scope: Scope, shape: BaseGeometry) -> BaseGeometry:
    """The person's ground around what is there already; NotFoundError when it lies nowhere on it."""
    ground = ground_around(session, scope, shape)
    if ground is None or not ground.intersects(shape):
        raise NotFoundError
    return ground


def version_of(table: type[Alley | Building | AddressPoint | Area]) -> ColumnElement[str]:
    """A short text that changes with every change of a row, whoever made it, and is back when the change is undone."""
    return func.left(func.md5(literal_column(f"{table.__tablename__}::text")), 16)


def near(session: Session, shape: BaseGeometry, metres: float) -> list[Alley]:
    """The alleys around a shape that are still walked, locked until the edit is done."""
    around = widened(BBox(*shape.bounds), metres)
    wanted = select(Alley).where(
        func.st_intersects(Alley.line, func.st_makeenvelope(*around, 4326)),
        or_(Alley.closed_on.is_(None), Alley.closed_on > clock.today()),
    )
    found = session.scalars(
        wanted.order_by(Alley.id).with_for_update(of=Alley).execution_options(populate_existing=True)
    )
    return list(found)


def line_of(alley: Alley) -> LineString:
    """The shape of an alley just read, WGS 84."""
    shape = from_wkb(bytes(alley.line.data))
    assert isinstance(shape, LineString)  # noqa: S101 - the column holds nothing else
    return shape


def latest_edits(session: Session, area_id: int, most: int = 10) -> list[EditLine]:
    """The newest edits by hand in an area that still stand."""
    below = select(AreaClosure.descendant_id).where(AreaClosure.ancestor_id == area_id)
    wanted = (
        select(MapImport.id, MapImport.counts, MapImport.title, MapImport.applied_at)
        .where(MapImport.kind == "edit", MapImport.undone_at.is_(None), MapImport.area_id.in_(below))
        .order_by(MapImport.id.desc())
        .limit(most)
    )
    return [EditLine(row.id, next(iter(row.counts), ""), row.title, row.applied_at) for row in session.execute(wanted)]


def attributions(session: Session) -> list[str]:
    """Whom the map must name: every source's own words."""
    wanted = select(Source.attribution).where(Source.attribution != "").distinct().order_by(Source.attribution)
    return [words for words in session.scalars(wanted) if words]


def require_edit(session: Session, change_id: UUID) -> None:
    """NotFoundError unless a change was made by hand, and the person may see it."""
    if session.scalar(select(MapImport.id).where(MapImport.id == change_id, MapImport.kind == "edit")) is None:
        raise NotFoundError


def bounds_above(session: Session, area_id: int) -> list[float]:
    """The box around the nearest area above that has a boundary; else all of Việt Nam."""
    nearest = (
        select(func.st_asbinary(func.st_envelope(Area.boundary)))
        .join(AreaClosure, AreaClosure.ancestor_id == Area.id)
        .where(AreaClosure.descendant_id == area_id, Area.boundary.is_not(None))
        .order_by(AreaClosure.depth)
        .limit(1)
    )
    found = session.scalar(nearest)
    return list(VIETNAM if found is None else from_wkb(bytes(found)).bounds)


def shapes_in(session: Session, box: BBox) -> list[dict[str, Any]]:
    """What is drawn within a box, as GeoJSON features whose ids are uuids."""
    edges = {"west": box.west, "south": box.south, "east": box.east, "north": box.north, "most": MOST_SHAPES}
    return [
        feature(
            from_wkb(bytes(row.shape)),
            {
                "what": row.what,
                "uuid": str(row.uuid),
                "name": row.name or "",
                "kind": row.kind,
                "access": row.access,
                "has_gate": row.has_gate,
                "closed_on": row.closed_on and row.closed_on.isoformat(),
                "is_drawn": row.is_drawn,
                "version": row.version,
            },
        )
        for row in session.execute(sql(PACKAGE, "shapes_in_box"), edges)
    ]


def _line(row: Row[Any]) -> AlleyLine:
    shape = from_wkb(bytes(row.line))
    assert isinstance(shape, LineString)  # noqa: S101 - the column holds nothing else
    values = {name: getattr(row, name) for name in AlleyLine.__slots__ if name != "line"}
    return AlleyLine(**values, line=shape)

"""What the map page shows beside its tiles: where to look, whose ground, which areas, which doors fit the filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import ColumnElement, Integer, Row, Select, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from gis_layers.boundary import main_box
from gis_layers.render import palette
from gis_layers.types import BBox
from webmap.accounts.scope import CLOSURE, Scope, areas_in
from webmap.areas.by_date import below_on, roots_on, way_up_to
from webmap.areas.models import Area, AreaLevel, Source
from webmap.areas.queries import Place, boundary, place
from webmap.coverage.queries import Figures, area_figures, figures_on
from webmap.households.filters import HouseholdFilter, conditions, heads_first
from webmap.households.models import Household
from webmap.households.queries import STATUS_ORDER
from webmap.streets.models import AddressPoint, Alley, Building, Terrain

VIETNAM = BBox(102.1, 8.3, 109.6, 23.5)
# More doors than this are not sent one by one: the legend counts them, the map asks to narrow the filter.
MOST_NUMBERS = 20_000
# So many doors are also shown from afar, as dots.
MOST_POINTS = 3_000


@dataclass(frozen=True, slots=True)
class Branch:
    """An area of the side list, with its figures."""

    id: int
    name: str
    level: str
    figures: Figures
    has_more: bool


@dataclass(frozen=True, slots=True)
class Matches:
    """The doors that fit a filter. `numbers` is None when there are too many to name."""

    total: int
    placed: int
    by_status: dict[str, int]
    bounds: BBox | None
    numbers: list[int] | None
    points: list[Row[Any]]


def home(session: Session, scope: Scope) -> BBox:
    """Where the map opens: around the boundaries of the scope's areas, else around its doors, else Vietnam."""
    own = Area.id.in_(scope.area_ids)
    return (
        _box(session, select(func.st_extent(Area.boundary)).where(own))
        or _box(session, select(func.st_extent(Area.boundary)).where(Area.id.in_(areas_in(scope))))
        or _box(session, select(func.st_extent(Household.point)).where(Household.area_id.in_(areas_in(scope))))
        or VIETNAM
    )


def around_area(session: Session, scope: Scope, area_id: int) -> BBox | None:
    """Box of one area of the scope: the main part of its boundary without far islands, or else its doors."""
    shape = boundary(session, scope, area_id) if session.scalar(_is_mine(scope, area_id)) else None
    if shape is not None:
        return main_box(shapely.MultiPolygon(shapely.get_parts(shape).tolist()))
    below = select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == area_id)
    return _box(
        session,
        select(func.st_extent(Household.point)).where(
            Household.area_id.in_(below), Household.area_id.in_(areas_in(scope))
        ),
    )


def _is_mine(scope: Scope, area_id: int) -> Select[Any]:
    return select(exists().where(Area.id == area_id, Area.id.in_(areas_in(scope))))


def attributions(session: Session) -> list[str]:
    """Whose work the ground is, as their licences ask to be said."""
    named = select(Source.attribution).where(Source.attribution.is_not(None)).distinct()
    return sorted(text for text in session.scalars(named) if text)


def attributions_in(session: Session, box: BBox) -> list[str]:
    """Whose work is seen within a WGS 84 box, as their licences ask to be said."""
    here = func.st_makeenvelope(*box, 4326)
    seen = [
        exists().where(table.source_id == Source.id, shape.op("&&")(here))
        for table, shape in (
            (Area, Area.boundary),
            (Alley, Alley.line),
            (Terrain, Terrain.shape),
            (Building, Building.outline),
            (AddressPoint, AddressPoint.point),
        )
    ]
    named = select(Source.attribution).where(Source.attribution.is_not(None), or_(*seen)).distinct()
    return sorted(text for text in session.scalars(named) if text)


def is_invented(session: Session) -> bool:
    """Whether any source is a made-up one, which has to be said on the page."""
    return session.scalar(select(Source.id).where(Source.is_invented).limit(1)) is not None


def branch(session: Session, scope: Scope, area_id: int | None) -> tuple[Branch | None, list[Branch]]:
    """An area and those below it, most uncovered people first. Without one: the scope's own areas."""
    mine = _rows(session, scope, Area.id == area_id) if area_id else _rows(session, scope, Area.id.in_(scope.area_ids))
    top = mine[0] if len(mine) == 1 else None
    rows = _rows(session, scope, Area.parent_id == top.id) if top else mine
    figures = area_figures(session, scope, [row.id for row in [*rows, *mine]])
    return (_branch(top, figures) if top else None), _worst_first(rows, figures)


def branch_on(session: Session, scope: Scope, area_id: int | None, day: date) -> tuple[Branch | None, list[Branch]]:
    """The same by the map of a day: an area that may have ended since, and those that lay in it then."""
    places = below_on(session, scope, area_id, day) if area_id else roots_on(session, scope, day)
    top = place(session, scope, area_id) if area_id else None
    figures = figures_on(session, scope, [one.id for one in (*places, *([top] if top else []))], day)
    branches = [_place_branch(one, figures) for one in places]
    branches.sort(key=lambda one: (-one.figures.uncovered, one.name))
    return (None if top is None else _place_branch(top, figures, has_more=bool(places))), branches


def _place_branch(one: Place, figures: dict[int, Figures], *, has_more: bool | None = None) -> Branch:
    more = bool(one.below) if has_more is None else has_more
    return Branch(one.id, one.name, one.level, figures.get(one.id, Figures()), more)


def _worst_first(rows: Sequence[Row[Any]], figures: dict[int, Figures]) -> list[Branch]:
    return sorted((_branch(row, figures) for row in rows), key=lambda one: (-one.figures.uncovered, one.name))


def above(session: Session, scope: Scope, area_id: int, day: date | None = None) -> list[Place]:
    """The areas above one, from the top of the scope down, by the map of a day."""
    return way_up_to(session, scope, place(session, scope, area_id), day)


def matches(session: Session, scope: Scope, wanted: HouseholdFilter, today: date) -> Matches:
    """Count the doors that fit, and name them where they are not too many."""
    mine = (Household.area_id.in_(areas_in(scope)), *conditions(wanted, today))
    counted = session.execute(
        select(Household.status, func.count(), func.count(Household.point)).where(*mine).group_by(Household.status)
    ).all()
    total = sum(many for _, many, _ in counted)
    placed = sum(many for _, _, many in counted)
    few = total <= MOST_NUMBERS
    return Matches(
        total=total,
        placed=placed,
        by_status=dict.fromkeys(palette.STATUSES, 0) | {status: many for status, many, _ in counted},
        bounds=_box(session, select(func.st_extent(Household.point)).where(*mine)) if few else None,
        numbers=list(session.scalars(select(Household.number).where(*mine))) if few else None,
        points=_points(session, mine) if placed <= MOST_POINTS else [],
    )


def _points(session: Session, mine: Sequence[ColumnElement[bool]]) -> list[Row[Any]]:
    lon, lat = func.st_x(Household.point), func.st_y(Household.point)
    columns = (Household.number, Household.status, Household.door_mark, lon.label("lon"), lat.label("lat"))
    return list(session.execute(select(*columns).where(Household.point.is_not(None), *mine)))


def doors(session: Session, scope: Scope, wanted: HouseholdFilter, today: date, most: int = 60) -> list[Row[Any]]:
    """The first doors of the side list, those with most to do first."""
    order = func.array_position(list(STATUS_ORDER), Household.status)
    return list(
        session.execute(
            select(*_DOOR, Area.name.label("village"))
            .join(Area, Area.id == Household.area_id)
            .where(Household.area_id.in_(areas_in(scope)), *conditions(wanted, today))
            .order_by(*heads_first(wanted.q), order, Household.area_id, Household.code)
            .limit(most)
        )
    )


_DOOR = (
    Household.id,
    Household.number,
    Household.code,
    Household.head_name,
    Household.alley_name,
    Household.status,
    Household.door_mark,
    Household.registered_count,
    Household.covered_count,
    func.st_x(Household.point).label("lon"),
    func.st_y(Household.point).label("lat"),
)


def door(session: Session, scope: Scope, *, number: int | None = None, id_: UUID | None = None) -> Row[Any] | None:
    """One door of the scope by its number on tiles or by its id: what the map needs to go there."""
    wanted = Household.number == number if id_ is None else Household.id == id_
    return session.execute(
        select(*_DOOR).where(wanted, Household.area_id.in_(areas_in(scope)), Household.ended_on.is_(None))
    ).one_or_none()


def _rows(session: Session, scope: Scope, wanted: ColumnElement[bool]) -> list[Row[Any]]:
    below = Area.__table__.alias("below")
    has_more = select(below.c.id).where(below.c.parent_id == Area.id, below.c.valid_to.is_(None)).exists()
    return list(
        session.execute(
            select(Area.id, Area.name, AreaLevel.code, cast(has_more, Integer).label("has_more"))
            .join(AreaLevel, AreaLevel.id == Area.level_id)
            .where(wanted, Area.id.in_(areas_in(scope)), Area.valid_to.is_(None))
            .limit(2000)
        )
    )


def _branch(row: Row[Any], figures: dict[int, Figures]) -> Branch:
    return Branch(row.id, row.name, row.code, figures.get(row.id, Figures()), bool(row.has_more))


def _box(session: Session, wanted: Select[Any]) -> BBox | None:
    box = wanted.subquery().c[0]
    row = session.execute(select(func.st_xmin(box), func.st_ymin(box), func.st_xmax(box), func.st_ymax(box))).one()
    return BBox(*row) if row[0] is not None else None

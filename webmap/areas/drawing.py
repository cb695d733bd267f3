"""A small picture of a place and what lies below it, drawn by the server: there without JavaScript, and on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from gis_layers.geojson import from_wkb
from gis_layers.measure import geometry_to_plane, plane_of
from webmap.accounts.scope import Scope, areas_in
from webmap.areas.models import Area

WIDTH = 480.0
TALLEST = 480.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One area of the picture: its path in pixels, and where its name stands."""

    area_id: int
    name: str
    path: str
    x: float
    y: float
    is_hull: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture: size in pixels, the outline of the area, the areas below it."""

    width: float
    height: float
    outline: str
    below: tuple[Shape, ...]


def of_area(session: Session, scope: Scope, area_id: int, below: Iterable[int]) -> Drawing | None:
    """Draw an area and these below it; None when none of them has a boundary."""
    wanted = {area_id, *below}
    shapes = {row[0]: (row[1], row[2], from_wkb(bytes(row[3]))) for row in _boundaries(session, scope, wanted)}
    if not shapes:
        return None
    everything = shapely.union_all([shapely.box(*shape.bounds) for _, _, shape in shapes.values()])
    plane = plane_of(everything)
    left, bottom, right, top = geometry_to_plane(plane, everything).bounds
    scale = min(WIDTH / max(right - left, 1.0), TALLEST / max(top - bottom, 1.0))

    def placed(shape: BaseGeometry) -> BaseGeometry:
        moved: BaseGeometry = shapely.transform(
            geometry_to_plane(plane, shape), lambda metres: (metres - (left, top)) * (scale, -scale)
        )
        return moved

    own = shapes.pop(area_id, None)
    drawn = []
    for key, (name, kind, shape) in shapes.items():
        flat = placed(shape)
        middle = flat.representative_point()
        drawn.append(Shape(key, name, _path(flat), round(middle.x, 1), round(middle.y, 1), kind == "hull"))
    outline = "" if own is None else _path(placed(own[2]))
    return Drawing(round((right - left) * scale, 1), round((top - bottom) * scale, 1), outline, tuple(drawn))


def _boundaries(session: Session, scope: Scope, area_ids: Iterable[int]) -> list[Any]:
    """The boundaries, as fine as the picture can show: half a pixel."""
    wanted = (
        select(Area.id, Area.name, Area.boundary_kind, Area.boundary)
        .where(Area.boundary.is_not(None), Area.id.in_(areas_in(scope)))
        .where(Area.id.in_(sorted(area_ids)))
        .cte("wanted")
    )
    whole = select(func.st_extent(wanted.c.boundary).label("box")).cte("whole")
    half_pixel = func.greatest(func.st_xmax(whole.c.box) - func.st_xmin(whole.c.box), 0.0001) / (2 * WIDTH)
    coarse = func.st_simplify(wanted.c.boundary, half_pixel, True)
    return list(
        session.execute(
            select(wanted.c.id, wanted.c.name, wanted.c.boundary_kind, func.st_asbinary(coarse)).join(whole, true())
        )
    )


def _path(shape: BaseGeometry) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in ring.coords)}Z" for ring in rings)

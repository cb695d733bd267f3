"""What a coverage map of an area shows: public figures of its parts, and public squares. Nothing that names anybody."""

from dataclasses import dataclass
from datetime import date, datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gis_layers.tiles.address import bounds
from gis_layers.types import BBox, TileAddress
from webmap import clock
from webmap.accounts.scope import Scope, areas_in
from webmap.areas import queries as areas
from webmap.areas.by_date import below_on
from webmap.areas.models import AreaClosure
from webmap.areas.queries import Place
from webmap.coverage.models import PublishedArea, PublishedCell
from webmap.coverage.queries import Figures, figures_on
from webmap.reports.errors import EarlierMapError
from webmap.settings import settings

MOST_SQUARES = 5_000  # in one file: beyond, coarser ones are taken
FINEST, COARSEST = 14, 8
SQUARES_ARE_TILES_OF = 6  # zooms further in: 64 squares to a tile's side


@dataclass(frozen=True, slots=True)
class Part:
    """One area of the map. `figures` None: not public."""

    place: Place
    shape: BaseGeometry
    figures: PublishedArea | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One public square: people without a card who are on the register, and of how many households."""

    box: BBox
    households: int
    registered: int
    covered: int

    @property
    def uncovered(self) -> int:
        return max(0, self.registered - self.covered)


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """All that the page shows of an area."""

    place: Place
    whole: PublishedArea | None
    parts: list[Part]
    cells: list[Cell]
    published_at: datetime | None
    on: date | None = None


def coverage_map(session: Session, scope: Scope, area_id: int) -> CoverageMap:
    """Read the map of an area of the scope. What is public is the same for everybody who may see the area."""
    place = areas.place(session, scope, area_id)
    below = areas.below(session, scope, area_id)
    found = {one.id: one for one in [place, *below]}
    public = {
        one.area_id: one for one in session.scalars(select(PublishedArea).where(PublishedArea.area_id.in_(found)))
    }
    parts = [_part(session, scope, one, public) for one in below] or [_part(session, scope, place, public)]
    whole = public.get(area_id)
    return CoverageMap(
        place=place,
        whole=whole,
        parts=[part for part in parts if part is not None],
        cells=_cells(session, scope, _ids_below(area_id)),
        published_at=None if whole is None else whole.published_at,
    )


def coverage_map_on(session: Session, scope: Scope, area_id: int, day: date) -> CoverageMap:
    """The same by the map of a day: today's households by the areas of that day. EarlierMapError without persons.

    Areas with too few households have no figures, as on the public one; squares are those that are public.
    """
    place = areas.place(session, scope, area_id)
    if not scope.sees_persons:
        raise EarlierMapError
    below = below_on(session, scope, area_id, day)
    exact = figures_on(session, scope, [one.id for one in (place, *below)], day)
    figures = {one: _as_public(one, its) for one, its in exact.items() if its.households >= settings().smallest_cell}
    parts = [_part(session, scope, one, figures) for one in below] or [_part(session, scope, place, figures)]
    return CoverageMap(
        place=place,
        whole=figures.get(area_id),
        parts=[part for part in parts if part is not None],
        cells=_cells(session, scope, select(func.area_ground(area_id, day))),
        published_at=clock.now(),
        on=day,
    )


def _as_public(area_id: int, its: Figures) -> PublishedArea:
    return PublishedArea(
        area_id=area_id,
        households=its.households,
        registered=its.registered,
        living=its.living,
        covered=its.covered,
        living_covered=its.living_covered,
        published_at=clock.now(),
    )


def _part(session: Session, scope: Scope, place: Place, public: dict[int, PublishedArea]) -> Part | None:
    shape = areas.boundary(session, scope, place.id)
    return None if shape is None else Part(place, shape, public.get(place.id))


def _ids_below(area_id: int) -> Select[int]:
    return select(AreaClosure.descendant_id).where(AreaClosure.ancestor_id == area_id)


def _cells(session: Session, scope: Scope, inside: Select[int]) -> list[Cell]:
    """The finest squares that one file can hold."""
    mine = PublishedCell.area_id.in_(inside), PublishedCell.area_id.in_(areas_in(scope))
    counted = select(PublishedCell.z, func.count().label("many")).where(*mine).group_by(PublishedCell.z)
    many: dict[int, int] = {row.z: row.many for row in session.execute(counted)}
    z = next((z for z in range(FINEST, COARSEST, -1) if many.get(z, 0) <= MOST_SQUARES), COARSEST)
    square = PublishedCell.tile_x, PublishedCell.tile_y, PublishedCell.i, PublishedCell.j, PublishedCell.size
    sums = func.sum(PublishedCell.households), func.sum(PublishedCell.registered), func.sum(PublishedCell.covered)
    rows = session.execute(
        select(*square, *sums).where(*mine, PublishedCell.z == z).group_by(*square).order_by(*square)
    )
    return [
        Cell(_box(z, tile_x * 64 + i, tile_y * 64 + j, size), households, registered, covered)
        for tile_x, tile_y, i, j, size, households, registered, covered in rows
    ]


def _box(z: int, column: int, row: int, size: int) -> BBox:
    first = bounds(TileAddress(z + SQUARES_ARE_TILES_OF, column, row))
    last = bounds(TileAddress(z + SQUARES_ARE_TILES_OF, column + size - 1, row + size - 1))
    return BBox(first.west, last.south, last.east, first.north)

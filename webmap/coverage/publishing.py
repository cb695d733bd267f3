"""Making counts public for those who may not see persons: once a day, the same for everybody."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from webmap.areas.models import Area
from webmap.coverage.anonymity import COARSEST, FINEST, TOP, Place, blocks, drawn_at, shown_areas
from webmap.coverage.models import AreaCounter, PublishedArea, PublishedCell, PublishedWideCell
from webmap.database.sql_files import sql
from webmap.households.models import Household
from webmap.settings import settings

# households, registered, living, covered, living covered
Sums = tuple[int, ...]
Square = tuple[int, int]
Doors = dict[int, dict[Square | None, Sums]]
NOTHING: Sums = (0, 0, 0, 0, 0)
ROWS_AT_ONCE = 5000


def publish(session: Session, smallest: int | None = None) -> None:
    """Replace what is public by the figures of this moment. Needs the system's scope."""
    least = smallest or settings().smallest_cell
    session.execute(text("set local statement_timeout = 0"))
    doors = _doors(session)
    places, tops = _tree(session, {area_id: _total(parts)[0] for area_id, parts in doors.items()})
    shown = shown_areas(places, tops, least)
    session.execute(delete(PublishedWideCell))
    session.execute(delete(PublishedCell))
    session.execute(delete(PublishedArea))
    own = {area_id: _total(parts) for area_id, parts in doors.items()}
    totals = ((area_id, *_added([own[one] for one in inside])) for area_id, inside in sorted(shown.counted.items()))
    _add(session, "published_area", "area_id", totals)
    _add(
        session,
        "published_cell",
        "z, tile_x, tile_y, i, j, size, area_id",
        (row for area_id in sorted(shown.divisible) for row in _squares(area_id, doors[area_id], least)),
    )
    session.execute(sql("webmap.coverage", "publish_wide_cells"), {"top": TOP})


def is_published(session: Session) -> bool:
    """Whether anything is public yet."""
    return session.scalar(select(PublishedArea.area_id).limit(1)) is not None


def is_outgrown(session: Session) -> bool:
    """Whether some area has come to hold enough households since counts were made public: a list was imported."""
    missing = (
        select(AreaCounter.area_id)
        .outerjoin(PublishedArea, PublishedArea.area_id == AreaCounter.area_id)
        .where(AreaCounter.households >= settings().smallest_cell, PublishedArea.area_id.is_(None))
    )
    return session.scalar(missing.limit(1)) is not None


def _doors(session: Session) -> Doors:
    column, row = func.coverage_column(Household.point), func.coverage_row(Household.point)
    counts = (
        Household.registered_count,
        Household.living_count,
        Household.covered_count,
        Household.living_covered_count,
    )
    found = session.execute(
        select(Household.area_id, column, row, func.count(), *(func.sum(one) for one in counts))
        .where(Household.ended_on.is_(None))
        .group_by(Household.area_id, column, row)
    )
    doors: Doors = defaultdict(dict)
    for area_id, x, y, *sums in found:
        doors[area_id][None if x is None else (x, y)] = tuple(sums)
    return doors


def _tree(session: Session, own: dict[int, int]) -> tuple[dict[int, Place], list[int]]:
    below: dict[int | None, list[int]] = defaultdict(list)
    ids = []
    for area_id, parent_id in session.execute(select(Area.id, Area.parent_id).order_by(Area.id)):
        ids.append(area_id)
        below[parent_id].append(area_id)
    return {area_id: Place(own.get(area_id, 0), tuple(below[area_id])) for area_id in ids}, below[None]


def _squares(area_id: int, parts: dict[Square | None, Sums], smallest: int) -> Iterator[tuple[int, ...]]:
    """Rows of `published_cell` of one area, for every zoom it has."""
    placed = {square: sums for square, sums in parts.items() if square is not None}
    unplaced = parts.get(None, NOTHING)[0]
    drawn: dict[tuple[int, int, int, int], list[Sums]] = defaultdict(list)
    for block in blocks({square: sums[0] for square, sums in placed.items()}, unplaced, smallest):
        sums = _added([placed[square] for square in block.doors])
        for z in range(COARSEST, FINEST + 1):
            drawn[z, *drawn_at(block, z)].append(sums)
    for (z, column, row, size), many in sorted(drawn.items()):
        yield (z, column >> 6, row >> 6, column & 63, row & 63, size, area_id, *_added(many))


def _total(parts: dict[Square | None, Sums]) -> Sums:
    return _added(list(parts.values()))


def _added(many: list[Sums]) -> Sums:
    return tuple(map(sum, zip(*many, strict=True))) if many else NOTHING


def _add(session: Session, table: str, keys: str, rows: Iterable[tuple[int, ...]]) -> None:
    """Insert rows of whole numbers, thousands at a time. (Row-level security does not let COPY in.)"""
    columns = f"{keys}, households, registered, living, covered, living_covered".split(", ")
    arrays = ", ".join(f"cast(:{name} as int[])" for name in columns)
    insert = text(f"insert into {table} ({', '.join(columns)}) select * from unnest({arrays})")
    waiting = iter(rows)
    while batch := list(islice(waiting, ROWS_AT_ONCE)):
        session.execute(insert, dict(zip(columns, map(list, zip(*batch, strict=True)), strict=True)))

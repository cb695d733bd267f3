"""What every edit of the map by hand has in common: whose ground it is, which version was seen, what can be undone."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import shapely
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.errors import BadGeometryError
from gis_layers.measure import METRES_PER_DEGREE, length_metres
from webmap import audit, clock
from webmap.accounts.scope import Scope, require_area
from webmap.areas.map_imports import noting
from webmap.areas.models import MapImport, Source
from webmap.database.sql_files import sql
from webmap.errors import AppError, ChangedMeanwhileError, NotFoundError
from webmap.streets import editing_errors as errors
from webmap.streets.editing_queries import AROUND_METRES, PACKAGE, ground_around, line_of, require_mine, version_of
from webmap.streets.models import AddressPoint, Alley, Building
from webmap.words import WORDS

BY_HAND = "Vẽ tay"  # the name of the one source of all that is drawn: drawn by hand
NAMELESS = "–"
LONGEST_METRES = 20_000.0


@contextmanager
def edit(session: Session, scope: Scope, area_id: int, deed: str, title: str) -> Iterator[MapImport]:
    """Do one edit as one change of the map, noted, audited, undoable. `deed` is a word of `words("edit")`."""
    source_id = by_hand(session)
    with noting(session, scope, "edit", title or NAMELESS, area_id=area_id, source_id=source_id) as change:
        change.counts = {deed: 1}
        yield change
    verb = WORDS["edit"][deed]
    audit.record(session, scope, verb, "map_import", change.id, area_id=area_id, name=title)


def by_hand(session: Session) -> int:
    """The source of everything drawn by hand."""
    known = session.scalar(select(Source.id).where(Source.kind == "hand", Source.name == BY_HAND).limit(1))
    if known is not None:
        return known
    made = Source(name=BY_HAND, kind="hand", added_at=clock.now(), is_invented=False)
    session.add(made)
    session.flush()
    return made.id


def opened(session: Session, scope: Scope, area_id: int, uuid: UUID) -> tuple[Alley, LineString]:
    """An alley on the person's ground, locked for the edit, and its shape. NotFoundError for any other."""
    require_area(session, scope, area_id)
    wanted = select(Alley).where(Alley.uuid == uuid).with_for_update(of=Alley)
    alley = session.scalar(wanted.execution_options(populate_existing=True))
    if alley is None:
        raise NotFoundError
    line = line_of(alley)
    require_mine(session, scope, line)
    return alley, line


def require_version(session: Session, row: Alley | Building | AddressPoint, version: str) -> None:
    """ChangedMeanwhileError unless the row is as the person saw it."""
    table = type(row)
    if session.scalar(select(version_of(table)).where(table.id == row.id)) != version:
        raise ChangedMeanwhileError


def require_drawable(
    session: Session, scope: Scope, shape: BaseGeometry, *, before: BaseGeometry | None = None
) -> None:
    """OutsideAreasError unless what is new of a shape lies on the person's ground; TooLargeError for the absurd."""
    if isinstance(shape, LineString) and length_metres(shape) > LONGEST_METRES:
        raise errors.TooLargeError(most=f"{LONGEST_METRES / 1000:.0f} km")
    new = shape if before is None else shape.difference(before.buffer(1 / METRES_PER_DEGREE))
    if new.is_empty:
        return
    ground = ground_around(session, scope, new)
    if ground is None or not ground.covers(new):
        raise errors.OutsideAreasError(metres=round(AROUND_METRES))


def walking(access: str) -> dict[str, Any]:
    """What an alley's access means to walkers."""
    return {"access": access, "is_walkable": access != "forbidden"}


@contextmanager
def said() -> Iterator[None]:
    """What is wrong with a stroke, in our words."""
    told: dict[str, type[AppError]] = {
        "too_short": errors.TooShortError,
        "at_an_end": errors.AtAnEndError,
        "do_not_meet": errors.DoNotMeetError,
    }
    try:
        yield
    except BadGeometryError as error:
        raise told[str(error.facts["reason"])] from error


def stand_for(session: Session, alley: Alley, lines: Sequence[LineString]) -> None:
    """Remember the lines of a file that an edited row stands for, so that an import does not lay them again."""
    kind = session.scalar(select(Source.kind).where(Source.id == alley.source_id))
    if kind == "streets" and alley.stands_for is None:
        alley.stands_for = shapely.to_wkb(MultiLineString(list(lines)))


def give_households(session: Session, change: MapImport, alley_ids: Iterable[int], piece_ids: Iterable[int]) -> None:
    """Let the households of some alleys belong to the nearest of these pieces; noted, so that undo gives them back."""
    note_households(session, change, alley_ids=alley_ids)
    session.flush()
    given = {"alley_ids": list(alley_ids), "piece_ids": list(piece_ids)}
    session.execute(sql(PACKAGE, "nearest_piece"), given)


def note_households(
    session: Session, change: MapImport, *, alley_ids: Iterable[int] = (), building_ids: Iterable[int] = ()
) -> None:
    """Note the households of alleys and buildings before an edit takes them away."""
    given = {"edit_id": change.id, "alley_ids": list(alley_ids), "building_ids": list(building_ids)}
    session.execute(sql(PACKAGE, "note_households"), given)

"""Reads about changes of the map, and about where places lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from gis_layers.types import BBox, LonLat
from webmap.accounts.models import Account
from webmap.accounts.scope import Scope, areas_in
from webmap.areas.models import Area, AreaLevel, MapChange, MapImport, Source
from webmap.errors import NotFoundError
from webmap.mapfiles.models import MapFile


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the map as people read of it. Row-level security decides who may."""

    id: UUID
    kind: str
    title: str
    applied_at: datetime
    undone_at: datetime | None
    counts: dict[str, Any]
    who: str | None
    undone_by: str | None
    area_id: int | None
    area: str | None
    file: str | None
    licence: str | None
    attribution: str | None
    dated_on: date | None


def changes(session: Session, most: int = 50, before: UUID | None = None) -> list[Change]:
    """The newest changes of the map, or those older than one of them."""
    wanted = _changes().order_by(MapImport.id.desc()).limit(most)
    if before is not None:
        wanted = wanted.where(MapImport.id < before)
    return [Change(*row) for row in session.execute(wanted)]


def change(session: Session, import_id: UUID) -> Change:
    """One change; NotFoundError when the asking person may not see it."""
    found = session.execute(_changes().where(MapImport.id == import_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return Change(*found)


def rows_of(session: Session, import_id: UUID) -> Mapping[str, dict[str, int]]:
    """How many rows of each table a change added, changed and removed: what undoing it puts back."""
    counted: dict[str, dict[str, int]] = {}
    asked = (
        select(MapChange.table_name, MapChange.deed, func.count())
        .where(MapChange.import_id == import_id)
        .group_by(MapChange.table_name, MapChange.deed)
        .order_by(MapChange.table_name)
    )
    for table, deed, many in session.execute(asked):
        counted.setdefault(table, {})[deed] = many
    return counted


def box_of(session: Session, import_id: UUID) -> BBox | None:
    """The WGS 84 box of what a file changed, as its preview found it; None when that is not known."""
    found = session.scalar(select(MapFile.preview["extent"]).where(MapFile.import_id == import_id))
    return None if not found else BBox(*found)


def name_at(session: Session, scope: Scope, place: LonLat) -> str:
    """The lowest open area of the scope that holds a place, by its name; "" when none does."""
    point = func.st_setsrid(func.st_point(place.lon, place.lat), 4326)
    found: str | None = session.scalar(
        select(Area.name)
        .join(AreaLevel, AreaLevel.id == Area.level_id)
        .where(Area.id.in_(areas_in(scope)), Area.valid_to.is_(None), func.st_covers(Area.boundary, point))
        .order_by(AreaLevel.depth.desc())
        .limit(1)
    )
    return found or ""


def _changes() -> Select[Any]:
    undoer = aliased(Account)
    return (
        select(
            *(MapImport.id, MapImport.kind, MapImport.title, MapImport.applied_at, MapImport.undone_at),
            *(MapImport.counts, Account.full_name, undoer.full_name, Area.id, Area.name),
            *(Source.file_name, Source.licence, Source.attribution, Source.dated_on),
        )
        .outerjoin(Account, Account.id == MapImport.account_id)
        .outerjoin(undoer, undoer.id == MapImport.undone_by)
        .outerjoin(Area, Area.id == MapImport.area_id)
        .outerjoin(Source, Source.id == MapImport.source_id)
    )

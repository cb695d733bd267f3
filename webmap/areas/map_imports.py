"""Changes of the map as a whole: a file brought in, or an edit by hand.

Each can be undone while nothing newer stands on it. Inside `noting` PostgreSQL notes every row of areas, alleys,
terrain, buildings and address points that is written (migration 0016); nobody else needs to think of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webmap import audit
from webmap.accounts.scope import Scope
from webmap.areas.errors import ImportUndoneError, LaterImportError, StillUsedError
from webmap.areas.models import MapImport, Source
from webmap.database.sql_files import sql
from webmap.errors import NotFoundError
from webmap.ids import uuid7

PACKAGE = "webmap.areas"


@dataclass(frozen=True, slots=True)
class MapImportLine:
    """One change as lists show it."""

    id: UUID
    kind: str
    title: str
    applied_at: datetime
    undone_at: datetime | None
    counts: dict[str, int]
    source: str | None
    licence: str | None


@contextmanager
def noting(
    session: Session, scope: Scope, kind: str, title: str, *, area_id: int | None = None, source_id: int | None = None
) -> Iterator[MapImport]:
    """Do everything inside as one change that can be undone. It begins and ends within the caller's transaction.

    Set `counts` on what is yielded to say what was done.
    """
    made = MapImport(
        id=uuid7(), kind=kind, title=title, account_id=scope.account_id, area_id=area_id, source_id=source_id, counts={}
    )
    session.add(made)
    session.flush()
    session.execute(select(func.set_config("app.map_import", str(made.id), True)))
    yield made
    session.flush()
    session.execute(select(func.set_config("app.map_import", "", True)))


def undo(session: Session, scope: Scope, import_id: UUID) -> MapImport:
    """Put everything back as it was before a change. NotFoundError outside the scope.

    ImportUndoneError when that was done before, LaterImportError when a newer change touched the same rows,
    StillUsedError when something stands on what it added (households in an area, a plan, an account).
    """
    session.execute(text("select pg_advisory_xact_lock(hashtext('area_tree_rebuild'))"))
    found = session.scalar(select(MapImport).where(MapImport.id == import_id).with_for_update())
    if found is None:
        raise NotFoundError
    if found.undone_at is not None:
        raise ImportUndoneError(title=found.title)
    later = session.execute(sql(PACKAGE, "later_import"), {"import_id": import_id}).scalar()
    if later is not None:
        raise LaterImportError(title=later)
    try:
        with session.begin_nested():
            session.execute(select(func.map_import_undo(import_id)))
            session.execute(select(func.area_tree_rebuild()))
    except IntegrityError as error:
        raise StillUsedError(title=found.title) from error
    session.expire_all()
    audit.record(session, scope, "undo map import", "map_import", import_id, area_id=found.area_id, title=found.title)
    return found


def lines(session: Session, most: int = 50) -> list[MapImportLine]:
    """The newest changes that the asking person may see (row-level security decides)."""
    wanted = (
        select(
            MapImport.id, MapImport.kind, MapImport.title, MapImport.applied_at, MapImport.undone_at, MapImport.counts,
            Source.name, Source.licence,
        )
        .outerjoin(Source, Source.id == MapImport.source_id)
        .order_by(MapImport.id.desc())
        .limit(most)
    )  # fmt: skip
    return [MapImportLine(*row) for row in session.execute(wanted)]

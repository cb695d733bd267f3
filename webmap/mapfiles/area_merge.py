"""Areas from a map file: what it would change, and doing it. One transaction.

The same file twice changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.boundary import overlaps
from gis_layers.geojson import to_wkb
from webmap import audit
from webmap.accounts.models import AccountArea
from webmap.accounts.scope import SYSTEM, Scope, require_area
from webmap.areas.errors import RefusedAreasError, UnusableMapError
from webmap.areas.map_imports import noting
from webmap.areas.models import Area, AreaLevel
from webmap.areas.sources import Refusal, common_ancestor, source_for
from webmap.database.engine import tell as tell_postgresql
from webmap.database.sql_files import sql, sql_text
from webmap.mapfiles.area_rows import AreaRow, Mended, area_rows, map_layers
from webmap.mapfiles.inputs import AreasOrder

PACKAGE = "webmap.mapfiles"
MOST_SHOWN = 50
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class AreasPreview:
    """What a file would do to the tree of areas.

    `ended`: areas of before that end where a new map begins. `kept_open`: those that cannot yet, for villages or
    households lie in them; the reform (webmap/areas/reform.py) moves these and ends them.
    """

    added: int
    changed: int
    same: int
    refused: tuple[Refusal, ...]
    mended: tuple[Mended, ...] = ()
    overlaps: tuple[tuple[str, str, float], ...] = field(default=())
    ended: int = 0
    kept_open: int = 0


def preview_areas(session: Session, scope: Scope, path: Path, order: AreasOrder, tell: Tell) -> AreasPreview:
    """Say what the file would add, change and not be able to do. Changes nothing that lasts."""
    rows, refused, mended = _read(path, order, tell)
    given = _stage(session, scope, order, rows)
    refused += [Refusal(*row) for row in session.execute(sql(PACKAGE, "refused_areas"), given)]
    added, changed, features = session.execute(sql(PACKAGE, "count_areas"), given).one()
    ended, kept_open = _ending(session, order, given)
    crossing = tuple((rows[a].name, rows[b].name, size) for a, b, size in overlaps([row.boundary for row in rows]))
    return AreasPreview(
        added=added,
        changed=changed,
        same=features - added - changed,
        refused=tuple(sorted(refused, key=lambda one: one.number)),
        mended=tuple(mended),
        overlaps=crossing,
        ended=ended,
        kept_open=kept_open,
    )


def _ending(session: Session, order: AreasOrder, given: dict[str, Any]) -> tuple[int, int]:
    """How many areas of before end where the new map begins, and how many wait for the reform."""
    if not order.is_new_map:
        return 0, 0
    session.execute(sql(PACKAGE, "find_ending"), given)
    ended, kept_open = session.execute(
        text("select count(*) filter (where is_empty), count(*) filter (where not is_empty) from stage_ending")
    ).one()
    return ended, kept_open


def import_areas(session: Session, scope: Scope, path: Path, order: AreasOrder, tell: Tell) -> AreasPreview:
    """Bring the tree to what the file says. One feature that cannot be used.

    RefusedAreasError, and no change.
    """
    session.execute(text("select pg_advisory_xact_lock(hashtext('area_tree_rebuild'))"))
    found = preview_areas(session, scope, path, order, tell)
    if found.refused:
        raise RefusedAreasError(count=len(found.refused))
    if not found.added and not found.changed and not found.ended:
        return found
    source = source_for(session, path, order)
    given = {**_given(session, scope, order), "source_id": source.id}
    about = common_ancestor(session, [order.parent_id] if order.parent_id else _parents(session))
    with noting(session, scope, "areas", order.source_name, area_id=about, source_id=source.id) as change:
        if order.is_new_map:
            session.execute(sql(PACKAGE, "end_areas"), given)
        for name in ("add_areas", "change_areas", "find_same", "end_parents", "add_parents"):
            session.execute(sql(PACKAGE, name), given)
        session.execute(select(func.area_tree_rebuild()))
        change.counts = {"added": found.added, "changed": found.changed, "same": found.same}
    session.expire_all()
    if order.is_top and scope.account_id is not None:
        _tie_to_account(session, scope)
    counts = {"added": found.added, "changed": found.changed, "ended": found.ended}
    audit.record(session, scope, "import areas", "source", source.id, area_id=order.parent_id, **counts)
    return found


def _parents(session: Session) -> list[int]:
    return list(session.scalars(text("select distinct parent_id from stage_area where parent_id is not null")))


def _read(path: Path, order: AreasOrder, tell: Tell) -> tuple[list[AreaRow], list[Refusal], list[Mended]]:
    chosen = next((layer for layer in map_layers(path) if layer.name == order.layer), None)
    if chosen is None:
        raise UnusableMapError(reason="no_content")
    return area_rows(path, chosen, order, tell)


def _stage(session: Session, scope: Scope, order: AreasOrder, rows: list[AreaRow]) -> dict[str, Any]:
    if order.parent_id is not None:
        require_area(session, scope, order.parent_id)
    for statement in sql_text(PACKAGE, "stage_areas").split(";\n"):
        session.execute(text(statement))
    columns = "number, code, name, kind, parent_code, population, boundary"
    driver = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"copy stage_area ({columns}) from stdin") as copy:  # type: ignore[union-attr]
        for row in rows:
            texts = (row.number, row.code, row.name, row.kind, row.parent_code, row.population)
            copy.write_row((*texts, to_wkb(row.boundary).hex()))
    given = _given(session, scope, order)
    if not order.is_top:
        session.execute(sql(PACKAGE, "find_parents"), given)
    session.execute(sql(PACKAGE, "find_same"), given)
    return given


def _given(session: Session, scope: Scope, order: AreasOrder) -> dict[str, Any]:
    level = session.scalars(select(AreaLevel).where(AreaLevel.code == order.level)).one()
    return {
        "level_id": level.id,
        "depth": level.depth,
        "parent_id": order.parent_id,
        "is_top": order.is_top,
        "is_new_map": order.is_new_map,
        "valid_from": order.valid_from,
        "everything": scope.role == "system",
        "mine": sorted(scope.area_ids),
    }


def _tie_to_account(session: Session, scope: Scope) -> None:
    """Areas at the top of the tree belong to nobody yet: whoever brought them in may see them."""
    tell_postgresql(session, SYSTEM)  # nobody may widen her own areas, but these were nobody's
    added = select(Area.id).where(Area.id == func.any(text("array(select area_id from stage_area)")))
    for area_id in session.scalars(added):
        known = session.get(AccountArea, (scope.account_id, area_id))
        if known is None:
            session.add(AccountArea(account_id=scope.account_id, area_id=area_id))
    session.flush()
    tell_postgresql(session, scope)

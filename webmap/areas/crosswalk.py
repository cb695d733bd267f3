"""The national lists into the tree: units of the three-level map, of the map of 1 July 2025, and the crosswalk.

Tables without shapes; shapes come later from map files, matched by code. What a crosswalk replaces ends at once where
nothing lies in it; a commune with villages or households waits for the reform (webmap/areas/reform.py). Each list is
one change of the map that can be undone; the same list twice changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webmap import audit
from webmap.accounts.models import AccountArea
from webmap.accounts.scope import SYSTEM, Scope
from webmap.areas.errors import RefusedRowsError
from webmap.areas.inputs import ListOrder
from webmap.areas.map_imports import noting
from webmap.areas.models import Area, AreaCrosswalk, AreaLevel, MapImport
from webmap.areas.national_lists import ListKind, NationalList, Unit, read_list
from webmap.areas.sources import Refusal, source_for
from webmap.areas.succession import end_emptied, tie_successors
from webmap.database.engine import tell as tell_postgresql
from webmap.database.sql_files import sql, sql_text

PACKAGE = "webmap.areas"
Tell = Callable[[int], None]
# The day each published list speaks of.
DAYS = {
    ListKind.THREE_LEVELS: date(2025, 3, 1),
    ListKind.TWO_LEVELS: date(2025, 7, 1),
    ListKind.CROSSWALK: date(2025, 7, 1),
}
ABOVE = {"district": "province", "commune": "district"}


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What a national list would do.

    `levels`: (level, added, changed, all) of units. `elsewhere`: rows of a crosswalk about communes that are not known
    here, and so left out. `doubtful`: (row, name, number of people, why) of populations that are flagged.
    """

    kind: ListKind
    day: date
    added: int
    changed: int
    same: int
    refused: tuple[Refusal, ...]
    levels: tuple[tuple[str, int, int, int], ...] = ()
    doubtful: tuple[tuple[int, str, int | None, str], ...] = field(default=())
    elsewhere: int = 0
    ended: int = 0


def preview_list(session: Session, scope: Scope, path: Path, order: ListOrder, tell: Tell) -> ListPreview:
    """Say what a national list would add, change and not be able to do. Changes nothing that lasts."""
    found = read_list(path)
    return _compare(session, scope, found, order.valid_from or DAYS[found.kind], tell)


def import_list(session: Session, scope: Scope, path: Path, order: ListOrder, tell: Tell) -> ListPreview:
    """Bring the tree to what a national list says, as one change that can be undone.

    RefusedRowsError, and no change, when a row cannot be used. Takes care of `noting` itself.
    """
    session.execute(text("select pg_advisory_xact_lock(hashtext('area_tree_rebuild'))"))
    found = read_list(path)
    preview = _compare(session, scope, found, order.valid_from or DAYS[found.kind], tell)
    if preview.refused:
        raise RefusedRowsError(count=len(preview.refused))
    if not preview.added and not preview.changed:
        return preview
    source = source_for(session, path, order)
    given = {**_given(session, scope, preview), "source_id": source.id}
    noted = "crosswalk" if found.kind is ListKind.CROSSWALK else "areas"
    with noting(session, scope, noted, order.source_name, source_id=source.id) as change:
        ended = _write(session, found.kind, given)
        session.execute(select(func.area_tree_rebuild()))
        _tie(session, scope, change, given["day"])
        counts = {"added": preview.added, "changed": preview.changed, "ended": len(ended)}
        change.counts = counts
    session.expire_all()
    audit.record(session, scope, "import national list", "source", source.id, **counts)
    return _with_ended(preview, len(ended))


def _with_ended(preview: ListPreview, ended: int) -> ListPreview:
    values = {name: getattr(preview, name) for name in ListPreview.__slots__}
    return ListPreview(**{**values, "ended": ended})


def _compare(session: Session, scope: Scope, found: NationalList, day: date, tell: Tell) -> ListPreview:
    _stage(session, found, tell)
    empty = ListPreview(found.kind, day, 0, 0, 0, ())
    given = _given(session, scope, empty)
    refused = list(found.refused)
    if found.kind is ListKind.CROSSWALK:
        session.execute(sql(PACKAGE, "find_steps"), given)
        refused += [Refusal(*row) for row in session.execute(sql(PACKAGE, "refused_steps"), given)]
        added, changed, steps, elsewhere = session.execute(sql(PACKAGE, "count_steps"), given).one()
        return ListPreview(
            found.kind, day, added, changed, steps - added - changed, _in_order(refused), elsewhere=elsewhere
        )
    session.execute(sql(PACKAGE, "find_units"), given)
    refused += [Refusal(*row) for row in session.execute(sql(PACKAGE, "refused_units"), given)]
    levels = tuple((row.level, row.added, row.changed, row.units) for row in _counted(session, given))
    added, changed, units = (sum(one[place] for one in levels) for place in (1, 2, 3))
    doubtful = tuple((one.number, _full(one), one.population, one.doubt) for one in found.units if one.doubt)
    return ListPreview(found.kind, day, added, changed, units - added - changed, _in_order(refused), levels, doubtful)


def _counted(session: Session, given: dict[str, Any]) -> list[Any]:
    return list(session.execute(sql(PACKAGE, "count_units"), given))


def _in_order(refused: list[Refusal]) -> tuple[Refusal, ...]:
    return tuple(sorted(refused, key=lambda one: one.number))


def _full(unit: Unit) -> str:
    return f"{unit.kind} {unit.name}" if unit.kind else unit.name


def _given(session: Session, scope: Scope, preview: ListPreview) -> dict[str, Any]:
    return {
        "day": preview.day,
        "is_new_map": preview.kind is ListKind.TWO_LEVELS,
        "commune": session.scalars(select(AreaLevel.id).where(AreaLevel.code == "commune")).one(),
        "everything": scope.role == "system",
        "mine": sorted(scope.area_ids),
    }


def _stage(session: Session, found: NationalList, tell: Tell) -> None:
    for statement in sql_text(PACKAGE, "stage_list").split(";\n"):
        session.execute(text(statement))
    ids: dict[str, int] = {code: id_ for id_, code in session.execute(select(AreaLevel.id, AreaLevel.code))}
    above = {**ABOVE, "commune": "province"} if found.kind is ListKind.TWO_LEVELS else ABOVE
    driver: Any = session.connection().connection.driver_connection
    columns = "number, level_id, code, name, kind, parent_code, parent_level_id, population, doubt"
    with driver.cursor() as cursor, cursor.copy(f"copy stage_unit ({columns}) from stdin") as copy:
        for one in found.units:
            higher = above.get(one.level)
            copy.write_row((
                one.number, ids[one.level], one.code, one.name, one.kind, one.parent_code,
                ids[higher] if higher else None, one.population, one.doubt,
            ))  # fmt: skip
    columns = "number, old_code, new_code, extent, new_name, new_province"
    with driver.cursor() as cursor, cursor.copy(f"copy stage_step ({columns}) from stdin") as copy:
        for step in found.steps:
            copy.write_row((step.number, step.old_code, step.new_code, step.extent, step.new_name, step.new_province))
    session.execute(text("analyze stage_unit"))
    session.execute(text("analyze stage_step"))
    tell(len(found.units) + len(found.steps))


def _write(session: Session, kind: ListKind, given: dict[str, Any]) -> list[int]:
    """Lay down what the list says. Returns the areas that have ended by it."""
    if kind is ListKind.CROSSWALK:
        session.execute(sql(PACKAGE, "add_steps"), given)
    else:
        for name in ("add_units", "change_units", "find_units", "cut_unit_parents", "add_unit_parents"):
            session.execute(sql(PACKAGE, name), given)
    session.execute(select(func.area_analyze()))
    ended = []
    if given["is_new_map"]:
        session.execute(select(func.area_tree_rebuild()))
        ended = list(session.scalars(sql(PACKAGE, "end_same_codes"), given))
    if kind is ListKind.CROSSWALK:
        session.execute(sql(PACKAGE, "add_steps_above"), given)
        session.execute(sql(PACKAGE, "add_steps_of_provinces"), given)
        ended += end_emptied(session, given["day"])
    return ended


def _tie(session: Session, scope: Scope, change: MapImport, day: date) -> None:
    """Accounts follow; whoever brought in areas at the top of the tree, that belong to nobody yet, may see them."""
    over = select(AreaCrosswalk.old_area_id).join(Area, Area.id == AreaCrosswalk.old_area_id)
    ended = session.scalars(over.where(AreaCrosswalk.changed_on == day, Area.valid_to <= day))
    tie_successors(session, scope, change.id, set(ended))
    if scope.account_id is None:
        return
    tell_postgresql(session, SYSTEM)
    known = select(AccountArea.area_id).where(AccountArea.account_id == scope.account_id)
    tops = text(
        "select map_change.row_id from map_change join area on area.id = map_change.row_id"
        " where import_id = :change and table_name = 'area' and deed = 'added' and area.parent_id is null"
    )
    mine = set(session.scalars(known))
    for area_id in session.scalars(tops, {"change": change.id}).all():
        if area_id not in mine:
            session.add(AccountArea(account_id=scope.account_id, area_id=area_id))
    session.flush()
    tell_postgresql(session, scope)

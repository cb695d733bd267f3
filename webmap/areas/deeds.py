"""Changes of the map by hand, each from a day on: another name, another commune, villages merged and split.

Each is one change that can be undone. Today's map shows what is; the map of an earlier day what was.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.scope import Scope
from webmap.areas.boundaries import refresh_hulls
from webmap.areas.errors import NobodyMovesError, WrongMapDayError, WrongPartnerError
from webmap.areas.inputs import DatedName, Merging, Move, Splitting
from webmap.areas.map_imports import noting
from webmap.areas.models import Area, AreaCrosswalk, AreaLevel, AreaParent
from webmap.areas.service import BELOW, locked, next_code, require_free_name
from webmap.areas.succession import tie_successors
from webmap.database.sql_files import sql, sql_text
from webmap.text import fold, nfc

PACKAGE = "webmap.areas"


def rename_on(session: Session, scope: Scope, area_id: int, new: DatedName) -> UUID:
    """Give a place another name or kind from a day on; until then it had the old. Returns the id of the change."""
    area = _dated(session, scope, area_id, new.on)
    name, before = nfc(new.name), area.name
    parent = session.get(Area, area.parent_id) if area.parent_id else None
    if parent is not None and fold(name) != fold(before):
        require_free_name(session, parent, name)
    with noting(session, scope, "edit", f"{before} → {name}", area_id=area_id) as change:
        twin = Area(
            level_id=area.level_id, code=area.code, name=before, kind=area.kind, valid_from=area.valid_from,
            valid_to=new.on, population=area.population, population_doubt=area.population_doubt,
            boundary_kind="none", source_id=area.source_id,
        )  # fmt: skip
        area.valid_from, area.name, area.kind = new.on, name, nfc(new.kind) or area.kind
        area.updated_at = clock.now()
        session.flush()
        session.add(twin)
        session.flush()
        given = {"area_id": area_id, "twin_id": twin.id}
        session.execute(
            text(
                "update area twin set boundary = area.boundary, boundary_kind = area.boundary_kind"
                " from area where area.id = :area_id and twin.id = :twin_id"
            ),
            given,
        )
        session.execute(sql(PACKAGE, "rename_history"), {**given, "day": new.on})
        change.counts = {"changed": 1}
        _settle(session, scope, "rename area", area_id, before=before, after=name, on=new.on)
    return change.id


def move(session: Session, scope: Scope, area_id: int, given: Move) -> UUID:
    """Let a place belong to another from a day on, with all below it."""
    area, parent = _dated(session, scope, area_id, given.on), locked(session, scope, given.parent_id)
    if area.parent_id == parent.id or BELOW.get(_level(session, parent)) != _level(session, area) or parent.valid_to:
        raise WrongPartnerError(name=area.name, other=parent.name)
    require_free_name(session, parent, area.name)
    with noting(session, scope, "edit", f"{area.name} → {parent.name}", area_id=area_id) as change:
        at = {"area_id": area_id, "parent_id": parent.id, "day": given.on}
        session.execute(sql(PACKAGE, "hang_elsewhere"), at)
        change.counts = {"changed": 1}
        _settle(session, scope, "move area", area_id, to=parent.name, on=given.on)
    return change.id


def merge(session: Session, scope: Scope, area_id: int, given: Merging) -> UUID:
    """End a village from a day on; its households are those of another."""
    area, other = _dated(session, scope, area_id, given.on), locked(session, scope, given.into_id)
    levels = {_level(session, area), _level(session, other)}
    if area.id == other.id or levels != {"village"} or other.valid_to or other.valid_from > given.on:
        raise WrongPartnerError(name=area.name, other=other.name)
    with noting(session, scope, "edit", f"{area.name} → {other.name}", area_id=other.id) as change:
        step = _step(area.id, other.id, "whole", given.on)
        session.add(step)
        moved = _carry(session, change.id, step, None)
        area.valid_to, area.updated_at = given.on, clock.now()
        session.flush()
        _settle(session, scope, "merge areas", area_id, into=other.name, on=given.on)
        tie_successors(session, scope, change.id, [area.id])
        refresh_hulls(session, scope, [other.id])
        change.counts = {"ended": 1, "households": moved}
    return change.id


def split(session: Session, scope: Scope, area_id: int, given: Splitting) -> UUID:
    """Make the households on some alleys a village of their own from a day on."""
    area = _dated(session, scope, area_id, given.on)
    parent = session.get(Area, area.parent_id) if area.parent_id else None
    if parent is None or _level(session, area) != "village":
        raise WrongPartnerError(name=area.name, other=given.name)
    name = nfc(given.name)
    require_free_name(session, parent, name)
    _require_some(session, area, given.alleys)
    with noting(session, scope, "edit", f"{area.name} → {area.name}, {name}", area_id=area_id) as change:
        new = Area(
            level_id=area.level_id, code=next_code(session, parent), name=name, kind=area.kind, valid_from=given.on
        )
        session.add(new)
        session.flush()
        session.add(AreaParent(area_id=new.id, parent_id=parent.id, valid_from=given.on))
        step = _step(area.id, new.id, "part", given.on)
        session.add(step)
        session.flush()
        moved = _carry(session, change.id, step, given.alleys)
        _settle(session, scope, "split area", area_id, new=name, on=given.on)
        refresh_hulls(session, scope, [area.id, new.id])
        change.counts = {"added": 1, "households": moved}
    return change.id


def alleys_of(session: Session, scope: Scope, area_id: int) -> list[tuple[str, int]]:
    """Names of the alleys of a village's households, and how many lie on each ("" for those without)."""
    locked(session, scope, area_id)
    counted = text(
        "select coalesce(alley_name, '') as name, count(*) from household where area_id = :id and ended_on is null"
        " group by 1 order by 1"
    )
    return [(name, many) for name, many in session.execute(counted, {"id": area_id})]


def possible_parents(session: Session, scope: Scope, area_id: int) -> list[tuple[int, str]]:
    """The open areas of the scope that a place could be put below: id and name, in Vietnamese order."""
    rows = session.execute(
        sql(PACKAGE, "possible_parents"),
        {"area_id": area_id, "everything": scope.role == "system", "mine": sorted(scope.area_ids)},
    )
    return [(id_, name) for id_, name in rows]


def _dated(session: Session, scope: Scope, area_id: int, on: date) -> Area:
    session.execute(text("select pg_advisory_xact_lock(hashtext('area_tree_rebuild'))"))
    area = locked(session, scope, area_id)
    if area.valid_to is not None or not area.valid_from < on <= clock.today():
        raise WrongMapDayError(name=area.name, since=area.valid_from.isoformat())
    return area


def _level(session: Session, area: Area) -> str:
    return session.scalars(select(AreaLevel.code).where(AreaLevel.id == area.level_id)).one()


def _step(old_id: int, new_id: int, extent: str, on: date) -> AreaCrosswalk:
    return AreaCrosswalk(old_area_id=old_id, new_area_id=new_id, extent=extent, changed_on=on)


def _require_some(session: Session, area: Area, alleys: Sequence[str]) -> None:
    counted = text(
        "select count(*) filter (where coalesce(alley_name, '') = any(:alleys)), count(*) from household"
        " where area_id = :id"
    )
    going, everybody = session.execute(counted, {"id": area.id, "alleys": list(alleys)}).one()
    if not 0 < going < everybody:
        raise NobodyMovesError(name=area.name)


def _carry(session: Session, change_id: UUID, step: AreaCrosswalk, alleys: Sequence[str] | None) -> int:
    """Move households of a village into another, and keep where they were. All of them without alleys."""
    area_id, to_id, on = step.old_area_id, step.new_area_id, step.changed_on
    for statement in sql_text(PACKAGE, "stage_reform").split(";\n"):
        session.execute(text(statement))
    wanted = {"area_id": area_id, "to_id": to_id, "everything": alleys is None, "alleys": list(alleys or [])}
    session.execute(sql(PACKAGE, "stage_moved"), wanted)
    session.execute(sql(PACKAGE, "reform_into_communes"))
    given = {"import_id": change_id, "day": on}
    session.execute(sql(PACKAGE, "note_households"), given)
    session.execute(sql(PACKAGE, "move_households"), given)
    session.expire_all()
    return int(session.scalar(text("select count(*) from reform_household")) or 0)


def _settle(session: Session, scope: Scope, deed: str, area_id: int, **facts: Any) -> None:
    session.flush()
    session.execute(select(func.area_tree_rebuild()))
    session.expire_all()
    audit.record(session, scope, deed, "area", area_id, area_id=area_id, **facts)

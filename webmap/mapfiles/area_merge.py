"""Areas from a map file: what it would change, and doing it. One transaction.

The same file twice changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.boundary import as_boundary
from gis_layers.geojson import from_wkb, to_wkb
from gis_layers.types import LonLat
from webmap import audit
from webmap.accounts.models import AccountArea
from webmap.accounts.scope import SYSTEM, Scope, require_area
from webmap.areas.errors import RefusedAreasError
from webmap.areas.map_imports import noting
from webmap.areas.models import Area, AreaLevel
from webmap.areas.sources import Refusal, common_ancestor, source_for
from webmap.database.engine import tell as tell_postgresql
from webmap.database.sql_files import sql, sql_text
from webmap.mapfiles.area_findings import MOST_EXAMINED, Known, Surroundings, Told, examined_rows
from webmap.mapfiles.area_rows import AreaRow, Refused, area_rows
from webmap.mapfiles.inputs import AreasOrder
from webmap.mapfiles.name_choices import BY_NAME, candidates_of, facts_of, keep_choices, match_chosen

PACKAGE = "webmap.mapfiles"
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class AreasPreview:
    """What a file would do to the tree of areas; `left` are its refused features with their shapes.

    `ended`, `kept_open`: of a new map, areas of before that end, and that wait because something lies in them.
    """

    added: int
    changed: int
    same: int
    refused: tuple[Refusal, ...]
    findings: tuple[Told, ...] = ()
    ended: int = 0
    kept_open: int = 0
    left: tuple[Refused, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        """Whether the tree is what it was."""
        return not (self.added or self.changed or self.ended)


def preview_areas(session: Session, scope: Scope, path: Path, order: AreasOrder, tell: Tell) -> AreasPreview:
    """Say what the file would add, change and not be able to do. Changes nothing that lasts.

    Until the transaction ends the rows are in the table stage_area, with `state` and `facts`.
    """
    found = area_rows(path, order, tell)
    given = _stage(session, scope, order, found.rows)
    by_number = {row.number: row for row in found.rows}
    refused = [*found.refused, *_refused(session, given, by_number)]
    session.execute(text("delete from stage_area where not number = any(cast(:kept as int[]))"), {"kept": [*by_number]})
    ended, kept_open = _ending(session, order, given)
    findings = _examined(session, order, given, tuple(by_number.values()))
    session.execute(sql(PACKAGE, "compare_areas"), given)
    keep_choices(session, given, order.matches)
    counted = session.execute(text("select state, count(*) from stage_area group by state"))
    states: dict[str, int] = {state: many for state, many in counted}  # noqa: C416 - rows are no pairs to mypy
    refused.sort(key=lambda one: one.why.number)
    return AreasPreview(
        added=states.get("new", 0),
        changed=states.get("changed", 0),
        same=states.get("same", 0),
        refused=tuple(one.why for one in refused),
        findings=findings,
        ended=ended,
        kept_open=kept_open,
        left=tuple(refused),
    )


def import_areas(session: Session, scope: Scope, path: Path, order: AreasOrder, tell: Tell) -> AreasPreview:
    """Bring the tree to what the file says, as one change that can be undone; see `merge_areas`."""
    session.execute(text("select pg_advisory_xact_lock(hashtext('area_tree_rebuild'))"))
    with session.begin_nested() as before:
        with noting(session, scope, "areas", order.source_name) as change:
            found = merge_areas(session, scope, path, order, tell)
            change.source_id = found.source_id
            change.area_id = found.area_id
            change.counts = {"added": found.did.added, "changed": found.did.changed, "same": found.did.same}
        if found.did.is_unchanged:
            before.rollback()
    session.expire_all()
    return found.did


@dataclass(frozen=True, slots=True)
class Merged:
    """What was done to the tree, from which source, within which area."""

    did: AreasPreview
    source_id: int | None
    area_id: int | None


def merge_areas(session: Session, scope: Scope, path: Path, order: AreasOrder, tell: Tell) -> Merged:
    """Bring the tree to what the file says. Call it inside `noting`.

    RefusedAreasError, and no change, when a feature cannot be used and is not to be left out.
    """
    found = preview_areas(session, scope, path, order, tell)
    if found.refused and not order.leaves_out:
        raise RefusedAreasError(count=len(found.refused))
    if found.is_unchanged:
        return Merged(found, None, None)
    source = source_for(session, path, order)
    given = {**_given(session, scope, order), "source_id": source.id}
    parents = [order.parent_id] if order.parent_id else _parents(session)
    _give_codes(session)
    if order.is_new_map:
        session.execute(sql(PACKAGE, "end_areas"), given)
    for name in ("add_areas", "change_areas", "find_same", "end_parents", "add_parents"):
        session.execute(sql(PACKAGE, name), given)
    session.execute(select(func.area_tree_rebuild()))
    session.expire_all()
    if order.is_top and scope.account_id is not None:
        _tie_to_account(session, scope)
    counts = {"added": found.added, "changed": found.changed, "ended": found.ended}
    audit.record(session, scope, "import areas", "source", source.id, area_id=order.parent_id, **counts)
    return Merged(found, source.id, common_ancestor(session, parents))


def _place(lon: float, lat: float) -> LonLat:
    return LonLat(float(lon), float(lat))


def _refused(session: Session, given: dict[str, Any], by_number: dict[int, AreaRow]) -> list[Refused]:
    """Take out of the rows those that cannot become areas; with whom they could be, where that is the question."""
    reasons: dict[int, tuple[str, str]] = {}
    for number, reason, about in session.execute(sql(PACKAGE, "refused_areas"), given):
        reasons.setdefault(number, (reason, about))  # one reason is enough
    unclear = [
        number
        for number, (why, _) in reasons.items()
        if why in BY_NAME and (why != "no_parent" or not by_number[number].code)
    ]
    candidates = candidates_of(session, given, unclear)
    found = []
    for number, (reason, about) in reasons.items():
        row = by_number.pop(number)
        inside = row.boundary.representative_point()
        why = Refusal(number, reason, about, row.at or _place(inside.x, inside.y))
        choice = facts_of(candidates[number], can_be_new=reason != "no_parent") if number in candidates else None
        found.append(Refused(why, row.name, row.boundary, choice))
    return found


def _examined(
    session: Session, order: AreasOrder, given: dict[str, Any], rows: tuple[AreaRow, ...]
) -> tuple[Told, ...]:
    """What is wrong with the staged areas, among themselves and with those of the map; repairs go into the stage."""
    made, findings = examined_rows(rows, order.repairs, _around(session, given))
    mended = [
        {"number": after.number, "problem": after.problem, "boundary": to_wkb(after.boundary)}
        for before, after in zip(rows, made, strict=True)
        if after is not before
    ]
    if mended:
        change = "update stage_area set boundary = st_geomfromwkb(:boundary, 4326), problem = :problem"
        session.execute(text(f"{change} where number = :number"), mended)
    return findings


def _around(session: Session, given: dict[str, Any]) -> Surroundings:
    neighbours = session.execute(sql(PACKAGE, "neighbours"), {**given, "most": MOST_EXAMINED})
    parents = session.execute(sql(PACKAGE, "outlines"))
    members: dict[int, set[int]] = {}
    for number, parent_id in session.execute(text("select number, parent_id from stage_area where parent_id > 0")):
        members.setdefault(parent_id, set()).add(number)
    above = tuple(_known(*row) for row in parents)
    return Surroundings(
        tuple(_known(*row) for row in neighbours), above, tuple(frozenset(members[one.id]) for one in above)
    )


def _known(area_id: int, name: str, wkb: Any) -> Known:
    return Known(area_id, name, as_boundary(from_wkb(bytes(wkb))))


def _ending(session: Session, order: AreasOrder, given: dict[str, Any]) -> tuple[int, int]:
    """How many areas of before end where the new map begins, and how many wait for the reform."""
    if not order.is_new_map:
        return 0, 0
    session.execute(sql(PACKAGE, "find_ending"), given)
    ended, kept_open = session.execute(
        text("select count(*) filter (where is_empty), count(*) filter (where not is_empty) from stage_ending")
    ).one()
    return ended, kept_open


def _parents(session: Session) -> list[int]:
    return list(session.scalars(text("select distinct parent_id from stage_area where parent_id is not null")))


def _give_codes(session: Session) -> None:
    """Features without a code get one from the area above and the first free numbers: the state gives villages none."""
    session.execute(sql(PACKAGE, "give_codes"))


def _stage(session: Session, scope: Scope, order: AreasOrder, rows: tuple[AreaRow, ...]) -> dict[str, Any]:
    if order.parent_id is not None:
        require_area(session, scope, order.parent_id)
    for statement in sql_text(PACKAGE, "stage_areas").split(";\n"):
        session.execute(text(statement))
    columns = "number, code, name, kind, parent_code, population, boundary, uuid, problem"
    driver = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"copy stage_area ({columns}) from stdin") as copy:  # type: ignore[union-attr]
        for row in rows:
            texts = (row.number, row.code, row.name, row.kind, row.parent_code, row.population)
            copy.write_row((*texts, to_wkb(row.boundary).hex(), row.uuid, row.problem))
    given = _given(session, scope, order)
    if not order.is_top:
        session.execute(sql(PACKAGE, "find_parents"), given)
    for name in ("match_uuids", "find_same"):
        session.execute(sql(PACKAGE, name), given)
    match_chosen(session, given, order.matches)
    session.execute(sql(PACKAGE, "match_names"), given)
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

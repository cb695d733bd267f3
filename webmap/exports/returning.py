"""An exported file that was edited elsewhere comes back: by their ids it is known which features changed, and how.

What may be changed elsewhere is in `comparing.RETURNS`. Everything else in the file is left alone: statuses come from
cards, figures are counted, who lives in a house is changed on its page. Features without an id are new: ways,
buildings, house numbers. Features that are no longer in the file stay: leaving a row out is no decision.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.boundary import repaired
from gis_layers.errors import BadGeometryError
from gis_layers.geojson import to_wkb
from gis_layers.sources.noding import node_id
from gis_layers.sources.vector_files import Layer, Reading, VectorFeature
from webmap import audit, clock
from webmap.accounts.scope import Scope
from webmap.areas.boundaries import refresh_hulls
from webmap.areas.map_imports import noting
from webmap.areas.map_reading import features_of
from webmap.areas.models import Source
from webmap.database.sql_files import sql, sql_text
from webmap.exports.comparing import FLAGS, RETURNS, Returns, differences, find
from webmap.exports.errors import RefusedReturnError
from webmap.exports.layers import COLUMNS, SHAPES

PACKAGE = "webmap.exports"
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Returned:
    """One feature of a file that came back. `verdict` is "added", "changed", "same" or "refused".

    `fields` names what differs ("place" for the shape); `reason` says why it is refused.
    """

    number: int
    verdict: str
    fields: tuple[str, ...] = ()
    reason: str = ""
    name: str = ""
    geometry: BaseGeometry | None = None


def layer_that_returns(layer: Layer) -> str | None:
    """Which of our layers this one was, by its columns; None when it is a stranger's."""
    held = {field.name for field in layer.fields}
    for name, columns in COLUMNS.items():
        own = {column.name for column in columns[:4]}
        if own <= held and (name == layer.name or len(own) > 3):
            return name
    return None


def preview_returned(session: Session, scope: Scope, path: Path, layer: Layer, tell: Tell) -> list[Returned]:
    """Say of each feature of a layer what bringing it back would do. Changes nothing that lasts."""
    name = layer_that_returns(layer)
    if name is None:
        return []
    return _compared(session, scope, name, features_of(path, layer, Reading()), tell)


def import_returned(
    session: Session, scope: Scope, path: Path, layer: Layer, *, source_name: str, tell: Tell
) -> list[Returned]:
    """Bring the edits of a layer into the map, in the caller's transaction, as one change that can be undone.

    RefusedReturnError, and no change, when a feature cannot be used. The same file again changes nothing.
    """
    found = preview_returned(session, scope, path, layer, tell)
    refused = sum(one.verdict == "refused" for one in found)
    if refused:
        raise RefusedReturnError(count=refused)
    counts = {verdict: sum(one.verdict == verdict for one in found) for verdict in ("added", "changed", "same")}
    if not counts["added"] and not counts["changed"]:
        return found
    name = layer_that_returns(layer) or ""
    source = Source(name=source_name, kind="hand", file_name=path.name, added_at=clock.now(), is_invented=False)
    session.add(source)
    session.flush()
    area_id = session.scalar(sql(PACKAGE, "area_of_returned"), _asked(scope))
    kind = "households" if name == "households" else "edit"
    with noting(session, scope, kind, source_name, area_id=area_id, source_id=source.id) as change:
        _apply(session, scope, name, source.id, change.id)
        change.counts = counts
    audit.record(session, scope, "bring export back", "map_import", change.id, area_id=area_id, layer=name, **counts)
    return found


def _compared(session: Session, scope: Scope, name: str, given: Iterable[VectorFeature], tell: Tell) -> list[Returned]:
    returns = RETURNS[name]
    for statement in sql_text(PACKAGE, "stage_returned").split(";\n"):
        session.execute(text(statement))
    kept: dict[int, tuple[BaseGeometry | None, str]] = {}
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy("copy stage_returned from stdin") as copy:
        for row, shape, title in _staged(name, returns, given, tell):
            kept[row[0]] = (shape, title)
            copy.write_row(row)
    session.execute(text(find(returns)), _asked(scope))
    for statement in differences(name, returns).split(";\n"):
        if statement.strip():
            session.execute(text(statement))
    rows = session.execute(text("select number, verdict, differs, reason from stage_returned order by number"))
    return [Returned(number, verdict, tuple(differs), reason or "", kept[number][1], kept[number][0])
            for number, verdict, differs, reason in rows]  # fmt: skip


def _staged(
    name: str, returns: Returns, given: Iterable[VectorFeature], tell: Tell
) -> Iterator[tuple[tuple[Any, ...], BaseGeometry | None, str]]:
    for one in given:
        if one.number % 500 == 0:
            tell(one.number)
        shape, reason = _shape(name, one)
        uuid, bad_id = _uuid(one.fields.get("uuid"))
        values = {key: _text(one.fields[key]) for key in returns.texts if key in one.fields}
        values |= {key: FLAGS.get((_text(one.fields[key]) or "").lower()) for key in returns.flags if key in one.fields}
        ends = (node_id(shape.coords[0]), node_id(shape.coords[-1])) if name == "alleys" and shape else (None, None)
        written = None if shape is None else to_wkb(shape).hex()
        title = _text(one.fields.get("name") or one.fields.get("code") or one.fields.get("house_number")) or ""
        bad_day = "not_a_day" if not _is_day(values.get("closed_on")) else None
        row = (one.number, uuid, Jsonb(values), written, *ends, None, None, bad_id or reason or bad_day, "{}")
        yield row, shape, title


def _uuid(written: Any) -> tuple[UUID | None, str | None]:
    said = _text(written)
    if said is None:
        return None, None
    try:
        return UUID(said), None
    except ValueError:
        return None, "bad_id"


def _is_day(written: str | None) -> bool:
    try:
        return written is None or bool(date.fromisoformat(written[:10]))
    except ValueError:
        return False


def _text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = "" if value is None else str(value).strip()
    return said or None


def _shape(name: str, one: VectorFeature) -> tuple[BaseGeometry | None, str | None]:
    """The shape as our table keeps it, or why it cannot be."""
    shape = one.geometry
    if shape is None or shape.is_empty:
        may_be_missing = name in ("areas", "households") and one.problem in (None, "no_geometry")
        return None, None if may_be_missing else one.problem or "no_geometry"
    wanted = SHAPES[name]
    if wanted == "MultiPolygon":
        try:
            return repaired(shape).boundary, None
        except BadGeometryError as error:
            return None, str(error.facts["reason"])
    parts = list(getattr(shape, "geoms", [shape]))
    if len(parts) != 1 or parts[0].geom_type != wanted:
        return None, f"not_a_{wanted.lower()}"
    return (parts[0], None) if parts[0].is_valid else (None, "crosses_itself")


def _asked(scope: Scope) -> dict[str, Any]:
    return {"everything": scope.role == "system", "mine": sorted(scope.area_ids)}


def _apply(session: Session, scope: Scope, name: str, source_id: int, change_id: UUID) -> None:
    given = {"source_id": source_id, "change_id": change_id}
    for statement in sql_text(PACKAGE, f"return_{name}").split(";\n"):
        session.execute(text(statement), given)
    if name == "households":
        villages = (
            "select distinct area_id from household where number in"
            " (select row_id from stage_returned where verdict = 'changed')"
        )
        refresh_hulls(session, scope, session.scalars(text(villages)).all())

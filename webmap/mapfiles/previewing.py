"""A preview as rows: each feature of a file as new, changed, the same, gone or refused, with its shape and why."""

from collections.abc import Iterable
from typing import IO, Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_wkb
from gis_layers.sources.osm_features import Skipped
from webmap.areas.sources import Refusal
from webmap.database.sql_files import sql, sql_text
from webmap.exports.returning import Returned
from webmap.mapfiles.area_findings import Told
from webmap.mapfiles.area_rows import Refused

PACKAGE = "webmap.mapfiles"
COLUMNS = "file_id, id, layer, number, what, state, name, facts, shape"
TABLES = {  # of the basemap: its stage, its shape, its name
    "alley": ("stage_alley", "line", "name"),
    "terrain": ("stage_terrain", "shape", "name"),
    "building": ("stage_building", "outline", "concat_ws(' ', house_number, street)"),
    "address_point": ("stage_address", "point", "concat_ws(' ', house_number, street)"),
}


def clear(session: Session, file_id: UUID) -> None:
    """Take an older preview away."""
    session.execute(text("delete from map_preview_feature where file_id = :file_id"), {"file_id": file_id})


def keep_areas(
    session: Session, file_id: UUID, layer: str, refused: Iterable[Refused], findings: Iterable[Told]
) -> None:
    """Keep what `preview_areas` has staged, what it refused, and the ground that is claimed twice or by nobody."""
    session.execute(sql(PACKAGE, "keep_areas"), {"file_id": file_id, "layer": layer, "first": _next(session, file_id)})
    rows: list[tuple[Any, ...]] = [
        (one.why.number, "area", "refused", one.name, _why(one), None if one.shape is None else to_wkb(one.shape).hex())
        for one in refused
    ]
    rows += [
        (None, "finding", "finding", one.kind.value, one.as_json(), to_wkb(one.ground).hex())
        for one in findings
        if one.ground is not None and not one.is_mended
    ]
    _add(session, file_id, layer, rows)


def keep_returned(session: Session, file_id: UUID, layer: str, found: Iterable[Returned]) -> None:
    """Keep the features of a layer that came back."""
    rows: list[tuple[Any, ...]] = [
        (
            one.number,
            "returned",
            "new" if one.verdict == "added" else one.verdict,
            one.name,
            {"fields": list(one.fields), "reason": one.reason},
            None if one.geometry is None else to_wkb(one.geometry).hex(),
        )
        for one in found
    ]
    _add(session, file_id, layer, rows)


def keep_refused_rows(session: Session, file_id: UUID, refused: Iterable[Refusal]) -> None:
    """Keep the rows of a national list that cannot be used."""
    rows: list[tuple[Any, ...]] = [
        (one.number, "list", "refused", one.about, {"reason": one.reason, "about": one.about}, None) for one in refused
    ]
    _add(session, file_id, "", rows)


def keep_skipped(session: Session, file_id: UUID, skipped: Iterable[Skipped]) -> None:
    """Keep what a file of streets names but does not hold."""
    rows: list[tuple[Any, ...]] = [
        (None, "street", "refused", one.osm_ref, {"reason": one.reason}, None) for one in skipped
    ]
    _add(session, file_id, "", rows)


def write_basemap_rows(session: Session, import_id: UUID, held: IO[bytes]) -> None:
    """Write down what a change of the basemap did, row by row, to be kept after the change is rolled back."""
    selects = []
    for table, (stage, shape, name) in TABLES.items():
        if session.scalar(text("select to_regclass(:stage)"), {"stage": f"pg_temp.{stage}"}) is None:
            continue  # nothing of this kind was loaded
        selects.append(
            sql_text(PACKAGE, "basemap_rows").format(
                table=table, stage=stage, shape=shape, name=name, import_id=import_id, same=_same(table, shape)
            )
        )
    query = f"copy ({' union all '.join(selects)}) to stdout"
    with _driver(session).cursor() as cursor, cursor.copy(query.encode()) as copy:
        for block in copy:
            held.write(bytes(block))


def _same(table: str, shape: str) -> str:
    """How a row of the stage is known to be a row of the map."""
    if table == "building":
        return "new.building_id = building.id"
    return f"new.osm_id is not distinct from {table}.osm_id and new.{shape} = {table}.{shape}"


def keep_basemap(session: Session, file_id: UUID, held: IO[bytes]) -> None:
    """Keep what `write_basemap_rows` wrote as features of a preview."""
    _open_stage(session)
    command = "copy stage_preview (layer, what, state, name, facts, shape) from stdin"
    with _driver(session).cursor() as cursor, cursor.copy(command) as copy:
        while block := held.read(1 << 16):
            copy.write(block)
    _keep_staged(session, file_id, "what, name, st_ymax(shape) desc")


def counts(session: Session, file_id: UUID) -> dict[str, dict[str, int]]:
    """How many features of which kind stand how: {"area": {"new": 3}}."""
    found: dict[str, dict[str, int]] = {}
    for what, state, many in session.execute(
        text("select what, state, count(*) from map_preview_feature where file_id = :file_id group by 1, 2 order by 1"),
        {"file_id": file_id},
    ):
        found.setdefault(what, {})[state] = many
    return found


def extent(session: Session, file_id: UUID) -> list[float] | None:
    """The box around all features of a preview, WGS 84."""
    box = session.execute(
        text(
            "select st_xmin(b), st_ymin(b), st_xmax(b), st_ymax(b)"
            " from (select st_extent(shape) as b from map_preview_feature where file_id = :file_id) whole"
            " where b is not null"
        ),
        {"file_id": file_id},
    ).one_or_none()
    return None if box is None else [float(side) for side in box]


def _why(one: Refused) -> dict[str, Any]:
    at = one.why.at
    place = None if at is None else [round(at.lon, 6), round(at.lat, 6)]
    told = {"reason": one.why.reason, "about": one.why.about, "at": place}
    return told if one.choice is None else {**told, "choice": one.choice}


def _add(session: Session, file_id: UUID, layer: str, rows: list[tuple[Any, ...]]) -> None:
    _open_stage(session)
    command = "copy stage_preview (layer, number, what, state, name, facts, shape) from stdin"
    with _driver(session).cursor() as cursor, cursor.copy(command) as copy:
        for number, what, state, name, facts, shape in rows:
            copy.write_row((layer, number, what, state, name, Jsonb(facts), shape))
    _keep_staged(session, file_id, "number, name")


def _open_stage(session: Session) -> None:
    """COPY does not go into tables with row-level security."""
    session.execute(text("drop table if exists stage_preview"))
    columns = "layer text, number int, what text, state text, name text, facts jsonb, shape geometry"
    session.execute(text(f"create temp table stage_preview ({columns}) on commit drop"))


def _keep_staged(session: Session, file_id: UUID, order: str) -> None:
    session.execute(
        text(
            f"insert into map_preview_feature ({COLUMNS})"
            f" select :file_id, :first + row_number() over (order by {order}), layer, number, what, state,"
            " coalesce(name, ''), facts, st_setsrid(shape, 4326) from stage_preview"
        ),
        {"file_id": file_id, "first": _next(session, file_id)},
    )


def _next(session: Session, file_id: UUID) -> int:
    last = session.scalar(
        text("select coalesce(max(id), 0) from map_preview_feature where file_id = :file_id"), {"file_id": file_id}
    )
    return int(last or 0)


def _driver(session: Session) -> Connection[Any]:
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)  # noqa: S101 - the engine is made for psycopg
    return connection

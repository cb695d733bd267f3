"""Outlines of buildings in bulk: columns are written to a stage by COPY, and merged into the map in sets.

A shape of several polygons is several buildings of one id: each part has its own door. A row stays itself as long as
its maker has a building of that id there, so that households keep it; what somebody edited is left alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from psycopg import Connection
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_wkb
from webmap.database.sql_files import sql, sql_text
from webmap.settings import settings
from webmap.streets.counts import Counts, Reach, Tell
from webmap.streets.rules import SHED_KINDS, Maker

PACKAGE = "webmap.streets"
COLUMNS = ("osm_id", "external_id", "kind", "levels", "confidence", "house_number", "street", "outline")
ROWS_OF_A_BLOCK = 20_000
LARGE_LOAD = 50_000
NULL = r"\N"
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
POLYGON = 3
Shapes = NDArray[np.object_]


class Batch(Protocol):
    """Some thousand features of a file (gis_layers.sources.vector_files.feature_batches): WGS 84, None for no shape."""

    @property
    def shapes(self) -> Shapes: ...
    @property
    def columns(self) -> dict[str, list[Any]]: ...


@dataclass(frozen=True, slots=True)
class BuildingFields:
    """Which columns of a file say what; "" for none. `defaults` of `of_columns` know the usual names."""

    external_id: str = ""
    kind: str = ""
    levels: str = ""
    confidence: str = ""
    house_number: str = ""
    street: str = ""

    @classmethod
    def of_columns(cls, names: Iterable[str]) -> "BuildingFields":
        """Recognise the columns of Open Buildings, Overture, municipal files and OpenStreetMap's tags."""
        known = {name.lower(): name for name in names}
        return cls(**{
            role: next((known[name] for name in usual if name in known), "") for role, usual in USUAL_NAMES.items()
        })  # fmt: skip


USUAL_NAMES = {
    "external_id": ("full_plus_code", "id", "building_id", "ma_nha", "fid", "uuid"),
    "kind": ("role", "class", "building", "tags.building", "loai", "type", "kind"),
    "levels": ("num_floors", "building:levels", "tags.building:levels", "so_tang", "levels", "floors"),
    "confidence": ("confidence", "sources.confidence"),
    "house_number": ("house_number", "addr:housenumber", "tags.addr:housenumber", "housenumber", "so_nha"),
    "street": ("street", "addr:street", "tags.addr:street", "road_name", "duong", "ten_duong", "metric_address"),
}


def load_buildings(
    session: Session,
    batches: Iterable[Batch],
    fields: BuildingFields,
    source_id: int,
    *,
    maker: Maker,
    reach: Reach,
    tell: Tell,
) -> Counts:
    """Bring the buildings of one maker within reach to what the batches hold. The same again changes nothing.

    Call `settle` (webmap.households.settling) afterwards, once for all that the same change loads.
    """
    counts = Counts()
    open_stage(session)
    done = 0
    for batch in batches:
        _stage(session, batch, fields, reach, counts)
        done += len(batch.shapes)
        tell(done)
    merge_stage(session, source_id, maker=maker, reach=reach, counts=counts)
    return counts


def open_stage(session: Session) -> None:
    """Make the stage anew, and the list of touched buildings where there is none yet in this transaction."""
    run_all(session, "stage_buildings")


def merge_stage(session: Session, source_id: int, *, maker: Maker, reach: Reach, counts: Counts) -> None:
    """Bring the buildings of a maker to what is staged, and write down which rows that touched."""
    known = {
        "source_id": source_id,
        "maker": maker.value,
        "shed_kinds": sorted(SHED_KINDS),
        "confidence": settings().building_confidence,
        "region": None if reach.region is None else to_wkb(reach.region).hex(),
        "covered": None if reach.covered is None else to_wkb(reach.covered).hex(),
    }
    is_first = not session.scalar(text("select exists (select from building where maker = :maker)"), known)
    run_all(session, "prepare_buildings", known)
    if not is_first:
        run_all(session, "match_buildings", known)
        counts.changed["building"] = session.execute(sql(PACKAGE, "change_buildings"), known).scalar_one()
        counts.removed["building"] = session.execute(sql(PACKAGE, "remove_buildings"), known).scalar_one()
    staged = session.scalar(text("select count(*) from stage_building")) or 0
    with _set_aside(session, staged):
        counts.added["building"] = session.execute(sql(PACKAGE, "add_buildings"), known).scalar_one()
    for deed in (counts.changed, counts.removed):
        deed.setdefault("building", 0)
    counts.same["building"] = staged - counts.added["building"] - counts.changed["building"]


@contextmanager
def _set_aside(session: Session, staged: int) -> Iterator[None]:
    """For a large load into a table that holds little: indexes and references are made at once, at the end.

    Whoever reads buildings waits meanwhile, 157 s for a million on a busy machine: docs/decisions/0020.
    """
    there = session.scalar(text("select reltuples from pg_class where oid = 'building'::regclass")) or 0
    is_worth_it = staged >= LARGE_LOAD and staged >= there * 4
    if is_worth_it:
        session.execute(select(func.building_set_aside()))
    yield
    if is_worth_it:
        session.execute(select(func.building_put_back()))


def run_all(session: Session, name: str, known: dict[str, Any] | None = None) -> None:
    """Run the statements of a file one after the other."""
    for statement in sql_text(PACKAGE, name).split(";\n"):
        if statement.strip():
            session.execute(text(statement), known or {})


def _stage(session: Session, batch: Batch, fields: BuildingFields, reach: Reach, counts: Counts) -> None:
    outlines, row = polygons(batch.shapes)
    missing = len(batch.shapes) - len(np.unique(row))
    if missing:
        counts.skipped["no_geometry"] = counts.skipped.get("no_geometry", 0) + missing
    if reach.region is not None:
        shapely.prepare(reach.region)
        near = shapely.intersects(reach.region, outlines)
        outlines, row = outlines[near], row[near]
    columns = [_texts(batch.columns, getattr(fields, name), row, name) for name in COLUMNS[1:-1]]
    columns = [[NULL] * len(row), *columns, _ewkb(outlines)]
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)  # noqa: S101 - the engine is made for psycopg
    command = f"copy stage_building ({', '.join(COLUMNS)}) from stdin"
    with connection.cursor() as cursor, cursor.copy(command.encode()) as target:
        for start in range(0, len(row), ROWS_OF_A_BLOCK):
            block = [values[start : start + ROWS_OF_A_BLOCK] for values in columns]
            target.write("\n".join(map("\t".join, zip(*block, strict=True))) + "\n")


def polygons(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """Return the polygons (m,) of shapes (n,) and the place of the shape each comes from; broken rings are mended."""
    valid = shapely.is_valid(shapes)
    if not valid.all():
        shapes = np.where(valid, shapes, shapely.make_valid(shapes))
    parts, row = _parts(shapes)
    kind = shapely.get_type_id(parts)
    if (kind > POLYGON).any():
        parts, inner = _parts(parts)
        row, kind = row[inner], shapely.get_type_id(parts)
    is_surface = (kind == POLYGON) & (shapely.area(parts) > 0)
    return parts[is_surface], row[is_surface]


def _parts(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    parts, row = shapely.get_parts(shapes, return_index=True)
    return np.asarray(parts, dtype=object), np.asarray(row, dtype=np.intp)


def _ewkb(outlines: Shapes) -> list[str]:
    described = shapely.set_srid(shapely.force_2d(outlines), 4326)
    return [one.hex() for one in shapely.to_wkb(described, include_srid=True).tolist()]  # `hex=True` takes five times


def _texts(columns: dict[str, list[Any]], name: str, row: NDArray[np.intp], role: str) -> list[str]:
    """One column of the stage as COPY's text, row by row of the outlines."""
    if not name:
        return [NULL] * len(row)
    write = {"levels": _whole, "confidence": _share}.get(role, _text)
    written = [write(value) for value in columns[name]]
    return [written[place] for place in row.tolist()]


def _text(value: Any) -> str:
    said = "" if value is None else str(value).strip()
    return said.replace("\0", "").translate(ESCAPES) or NULL


def _whole(value: Any) -> str:
    try:
        levels = int(float(value))
    except (TypeError, ValueError, OverflowError):
        return NULL
    return str(levels) if 0 <= levels < 200 else NULL


def _share(value: Any) -> str:
    try:
        share = float(value)
    except (TypeError, ValueError):
        return NULL
    return repr(share) if 0 <= share <= 1 else NULL

"""GeoParquet and Parquet with positions in columns: Open Buildings, Overture. Nested columns are laid flat."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet as pq

from gis_layers.crs import WGS84, Crs, declared
from gis_layers.errors import UnknownCrsError, UnreadableFileError
from gis_layers.letters import letters_of_texts
from gis_layers.sources.columns import field_kind, inner_fields, mend_for, values_of, with_inner
from gis_layers.sources.position_columns import find_positions, is_column_of_shapes, kind_of_shapes, shapes_from
from gis_layers.sources.vector_layer import (
    AS_SHAPES,
    BATCH,
    SAMPLE,
    Field,
    Layer,
    Positions,
    RawBatch,
    Reading,
    require_few_fields,
    shapes_of_wkb,
)

NAME = "table"
MOST_GROUP_BYTES = 2 * 1024**3  # of one row group without compression; Overture's have some 100 MB
GEOMETRY_NAMES = ("geometry", "geom", "wkb_geometry", "wkb", "shape")
BOX = "bbox"  # Overture and GeoParquet repeat the extent of each shape
DEEPEST = 4


def parquet_layers(path: Path) -> tuple[Layer, ...]:
    """Describe the one layer. UnreadableFileError(reason) with "damaged", "geometry_encoding", "no_content" …"""
    with _open(path) as file:
        about = _about(file)
        rows = file.metadata.num_rows
        if rows == 0:
            raise UnreadableFileError(reason="no_content")
        schema = _flat(file.schema_arrow.empty_table(), _column(about)).schema
        require_few_fields(len(schema.names))
        first = next(_tables(file, _column(about), SAMPLE), None)
        if first is None:
            raise UnreadableFileError(reason="damaged", detail="no rows where it says there are some")
    fields = [Field(name, field_kind(kind)) for name, kind in zip(schema.names, schema.types, strict=True)]
    texts = {field.name: values_of(first.column(field.name).combine_chunks(), field.kind) for field in fields}
    letters = letters_of_texts(str(one) for field in fields if field.kind == "text" for one in texts[field.name] if one)
    fields += [more for field in fields if _is_list_of_objects(schema, field) for more in _inner(field, texts)]
    require_few_fields(len(fields))
    if about:
        fields = [field for field in fields if field.name != about["column"]]
        return (Layer(NAME, about["kind"], rows, tuple(fields), about["crs"], letters),)
    cells = {name: [None if one is None else str(one) for one in values] for name, values in texts.items()}
    positions, crs = find_positions(cells)
    fields = [field for field in fields if not is_column_of_shapes(positions, field.name)]
    return (Layer(NAME, kind_of_shapes(positions, cells), rows, tuple(fields), crs, letters, positions),)


def parquet_batches(path: Path, layer: Layer, reading: Reading, most: int | None) -> Iterator[RawBatch]:
    """Yield the rows in order."""
    mend = mend_for(reading.letters or layer.letters.letters, are_bytes=False)
    positions = reading.positions or layer.positions
    with _open(path) as file:
        column = _column(_about(file)) if positions == AS_SHAPES else ""
        for table in _tables(file, column, most):
            columns: dict[str, list[Any]] = {
                field.name: values_of(table.column(field.name).combine_chunks(), field.kind, mend)
                for field in layer.fields
                if field.name in table.schema.names
            }
            columns = with_inner(columns, layer.fields)
            if column:
                written = table.column(column).combine_chunks().to_numpy(zero_copy_only=False)
                yield RawBatch(*shapes_of_wkb(written), columns)
            else:
                yield RawBatch(*shapes_from(positions, _cells(table, positions)), columns)


@contextmanager
def _open(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            groups = file.metadata.num_row_groups
            largest = max((file.metadata.row_group(one).total_byte_size for one in range(groups)), default=0)
            if largest > MOST_GROUP_BYTES:
                raise UnreadableFileError(reason="too_large", bytes=largest, most_bytes=MOST_GROUP_BYTES)
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(reason="damaged", detail=str(error).split("\n")[0][:200]) from error


def _about(file: pq.ParquetFile) -> dict[str, Any]:
    """Return the column of shapes, its kind and its system; empty when the file has none."""
    written = (file.schema_arrow.metadata or {}).get(b"geo")
    if written is None:
        return _without_metadata(file)
    try:
        said = json.loads(written)
        name = said["primary_column"]
        column = said["columns"][name]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableFileError(reason="damaged", detail="geo metadata") from error
    if column.get("encoding") != "WKB" or name not in file.schema_arrow.names:
        raise UnreadableFileError(reason="geometry_encoding", encoding=str(column.get("encoding"))[:50])
    kinds = column.get("geometry_types") or []
    return {"column": name, "kind": kinds[0] if len(kinds) == 1 else "Unknown", "crs": _crs(column)}


def _without_metadata(file: pq.ParquetFile) -> dict[str, Any]:
    for name, kind in zip(file.schema_arrow.names, file.schema_arrow.types, strict=True):
        if name.lower() in GEOMETRY_NAMES and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
            return {"column": name, "kind": "Unknown", "crs": WGS84}
    return {}


def _crs(column: dict[str, Any]) -> Crs | None:
    """Return WGS 84 when nothing is said, as GeoParquet has it; None when the file says that it is unknown."""
    said = column.get("crs", "OGC:CRS84")
    try:
        return None if said is None else declared(json.dumps(said) if isinstance(said, dict) else said)
    except UnknownCrsError:
        return None


def _column(about: dict[str, Any]) -> str:
    return str(about.get("column", ""))


def _tables(file: pq.ParquetFile, column: str, most: int | None) -> Iterator[pa.Table]:
    left = most
    size = BATCH if most is None else min(BATCH, most)
    for batch in file.iter_batches(batch_size=size, use_threads=False):
        table = _flat(pa.Table.from_batches([batch if left is None else batch.slice(0, left)]), column)
        yield table
        if left is not None and (left := left - table.num_rows) <= 0:
            return


def _flat(table: pa.Table, column: str) -> pa.Table:
    """Lay structs flat, "names.primary"; maps and lists stay as they are. Plain binary columns are dropped."""
    if BOX in table.schema.names and pa.types.is_struct(table.schema.field(BOX).type):
        table = table.drop_columns([BOX])
    for _ in range(DEEPEST):
        if not any(pa.types.is_struct(kind) for kind in table.schema.types):
            break
        table = table.flatten()
    plain = [
        name
        for name, kind in zip(table.schema.names, table.schema.types, strict=True)
        if name == column or not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
    ]
    return table.select(plain)


def _is_list_of_objects(schema: pa.Schema, field: Field) -> bool:
    kind = schema.field(field.name).type
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return bool(is_list and pa.types.is_struct(kind.value_type))


def _inner(field: Field, values: dict[str, list[Any]]) -> list[Field]:
    return inner_fields(field.name, values[field.name])


def _cells(table: pa.Table, positions: Positions) -> dict[str, list[str | None]]:
    wanted = positions.columns or table.schema.names[:1]
    return {name: [None if one is None else str(one) for one in table.column(name).to_pylist()] for name in wanted}

"""Rows by the million: columns become COPY text, with indexes and references set aside meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray
from psycopg import sql
from psycopg.rows import tuple_row

from webmap.database.sql_files import sql_text

Connection = psycopg.Connection[Any]
Column = NDArray[Any] | Sequence[str]
NULL = r"\N"
ROWS_OF_A_BLOCK = 20_000


def copy(connection: Connection, table: str, columns: Mapping[str, Column]) -> int:
    """Add rows, given column by column. Words hold no tab, line break or backslash: the generator makes none."""
    written = [_written(values) for values in columns.values()]
    command = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(command) as target:
        for start in range(0, len(written[0]), ROWS_OF_A_BLOCK):
            block = [values[start : start + ROWS_OF_A_BLOCK] for values in written]
            target.write("\n".join(map("\t".join, zip(*block, strict=True))) + "\n")
    return len(written[0])


def _written(values: Column) -> list[str]:
    """Turn one column into COPY's text. No text, no number and no day are all written as null."""
    if not isinstance(values, np.ndarray):
        return list(values)
    if values.dtype.kind == "M":
        return [str(value) for value in np.where(np.isnat(values), NULL, np.datetime_as_string(values)).tolist()]
    if values.dtype.kind == "f":
        return [NULL if value != value else repr(value) for value in values.tolist()]  # noqa: PLR0124 - NaN
    if values.dtype.kind == "U":
        return [value or NULL for value in values.tolist()]
    return [str(value) for value in values.tolist()]


def ewkb(shapes: NDArray[Any]) -> list[str]:
    """Write shapes in degrees as PostGIS reads them; an empty place in the array is null."""
    described = shapely.set_srid(shapes, 4326)
    return [value or NULL for value in shapely.to_wkb(described, hex=True, include_srid=True).tolist()]


def uuid7s(milliseconds: int, first: int, count: int, dice: np.random.Generator) -> NDArray[np.str_]:
    """Make ids (RFC 9562, version 7) that sort in the order of their rows: 4,096 to a millisecond."""
    row = np.arange(first, first + count, dtype=np.uint64)
    time = np.uint64(milliseconds) + row // np.uint64(4096)
    high = time << np.uint64(16) | np.uint64(0x7000) | row % np.uint64(4096)
    low = dice.integers(0, 1 << 62, count, dtype=np.uint64) | np.uint64(1 << 63)
    digits = np.column_stack([high, low]).astype(">u8").tobytes().hex()
    return np.array([digits[at : at + 32] for at in range(0, 32 * count, 32)], dtype="<U32")


@contextmanager
def set_aside(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Drop references and plain indexes of tables, and stop their triggers; make all again at the end.

    Built at once over all rows, they cost a fraction of what they cost row by row. Everything happens in the
    caller's transaction: whatever fails, the tables are as they were.
    """
    known = {"tables": list(tables)}
    with connection.cursor(row_factory=tuple_row) as cursor:
        references = cursor.execute(sql_text("webmap.demo", "references_of_tables"), known).fetchall()
        indexes = cursor.execute(sql_text("webmap.demo", "indexes_of_tables"), known).fetchall()
    triggers = sql.SQL("alter table {} {} trigger user")
    for table in tables:
        connection.execute(triggers.format(sql.Identifier(table), sql.SQL("disable")))
    for drop, _ in [*references, *indexes]:
        connection.execute(drop)
    yield
    for _, make in [*indexes, *references]:
        connection.execute(make)
    for table in tables:
        connection.execute(triggers.format(sql.Identifier(table), sql.SQL("enable")))

"""Tables of text, with or without positions: any letters, any separator, quoted line breaks; a million rows."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from pyarrow import csv

from gis_layers.errors import UnreadableFileError
from gis_layers.letters import SAMPLE_SIGNS, Letters, LettersFound, letters_of, letters_of_texts
from gis_layers.sources.columns import Mend, mend_for, values_of
from gis_layers.sources.dialect import Dialect, dialect_of
from gis_layers.sources.position_columns import find_positions, is_column_of_shapes, kind_of_shapes, shapes_from
from gis_layers.sources.vector_layer import BATCH, SAMPLE, Field, Layer, RawBatch, Reading, require_few_fields

CHUNK = 1024 * 1024
HEAD = 64 * 1024
MOST_ROW_BYTES = 16 * 1024**2
NAME = "table"
EIGHT_BIT = (Letters.TCVN3, Letters.VNI, Letters.CP1258, Letters.WINDOWS)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as UTF-8 on disk. With `carries_bytes` its 8-bit letters are still to be read, sign by sign."""

    path: Path
    dialect: Dialect
    letters: LettersFound
    carries_bytes: bool


def table_layers(path: Path) -> tuple[Layer, ...]:
    """Describe the table. UnreadableFileError(reason) with "no_table", "ragged_row" (row, cells), "no_content" …"""
    with _prepared(path) as table:
        require_few_fields(len(table.dialect.names))
        rows = sum(batch.num_rows for batch in _arrow(table, table.dialect.names[:1]))
        if rows == 0:
            raise UnreadableFileError(reason="no_content")
        letters = _letters(table)
        first = _sample(table, _mend(table, letters.letters))
    positions, crs = find_positions(first)
    fields = tuple(Field(name, "text") for name in first if not is_column_of_shapes(positions, name))
    kind = kind_of_shapes(positions, first)
    return (Layer(NAME, kind, rows, fields, crs, letters, positions),)


def table_batches(path: Path, layer: Layer, reading: Reading, most: int | None) -> Iterator[RawBatch]:
    """Yield the rows in order, every cell a text, an empty one None."""
    positions = reading.positions or layer.positions
    with _prepared(path) as table:
        mend = _mend(table, reading.letters or layer.letters.letters)
        for columns in _rows(table, mend, most):
            shapes, problems = shapes_from(positions, columns)
            if not columns:
                continue
            kept: dict[str, list[Any]] = {
                name: list(cells) for name, cells in columns.items() if not is_column_of_shapes(positions, name)
            }
            yield RawBatch(shapes, problems, kept)


@contextmanager
def _prepared(path: Path) -> Iterator[Table]:
    """Find out the letters of the whole file, and have it as UTF-8 for as long as the context lasts."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    letters = letters_of(head)
    if letters.letters is Letters.UTF8:
        letters = _letters_of_whole(path)
    if letters.letters is Letters.UTF8:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
        yield Table(path, dialect_of(text), letters, carries_bytes=False)
        return
    carries_bytes = letters.letters in EIGHT_BIT
    codec = "latin-1" if carries_bytes else "utf-16"
    if letters.letters is Letters.UTF16_BE and not head.startswith(codecs.BOM_UTF16_BE):
        codec = "utf-16-be"
    with TemporaryDirectory(prefix="map-") as folder:
        target = Path(folder, "table")
        _transcode(path, codec, target)
        with target.open("rb") as file:
            text = codecs.getincrementaldecoder("utf-8")().decode(file.read(HEAD))
        yield Table(target, dialect_of(text), letters, carries_bytes)


def _letters_of_whole(path: Path) -> LettersFound:
    """Read it all: one letter that is not UTF-8 may stand in the last line."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        return letters_of(_lines_beyond_ascii(path))
    return LettersFound(Letters.UTF8, 1.0)


def _lines_beyond_ascii(path: Path) -> bytes:
    found = bytearray()
    with path.open("rb") as file:
        while len(found) < SAMPLE_SIGNS and (line := file.readline(CHUNK)):
            if not line.isascii():
                found += line
    return bytes(found)


def _transcode(path: Path, codec: str, target: Path) -> None:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with path.open("rb") as source, target.open("wb") as file:
            while chunk := source.read(CHUNK):
                file.write(decoder.decode(chunk).encode("utf-8"))
            file.write(decoder.decode(b"", True).encode("utf-8"))
    except UnicodeError as error:
        raise UnreadableFileError(reason="letters", letters=codec) from error


def _letters(table: Table) -> LettersFound:
    """Return the letters that were found; a table that is UTF-8 may hold what was misread before."""
    if table.carries_bytes or table.letters.letters is not Letters.UTF8:
        return table.letters
    return letters_of_texts(cell for cells in _sample(table, None).values() for cell in cells if cell)


def _mend(table: Table, letters: Letters) -> Mend | None:
    if letters in {Letters.UTF16_LE, Letters.UTF16_BE}:
        return None
    return mend_for(letters, are_bytes=table.carries_bytes)


def _sample(table: Table, mend: Mend | None) -> dict[str, list[str | None]]:
    return next(_rows(table, mend, SAMPLE), {})


def _rows(table: Table, mend: Mend | None, most: int | None) -> Iterator[dict[str, list[str | None]]]:
    left = most
    for whole in _arrow(table, table.dialect.names):
        for start in range(0, whole.num_rows, BATCH):
            batch = whole.slice(start, BATCH if left is None else min(BATCH, left))
            names = [mend(name) if mend else name for name in batch.schema.names]
            yield {name: values_of(column, "text", mend) for name, column in zip(names, batch.columns, strict=True)}
            if left is not None and (left := left - batch.num_rows) <= 0:
                return


def _arrow(table: Table, wanted: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    """Yield batches of text columns. UnreadableFileError(reason="ragged_row", row, cells, expected)."""
    dialect = table.dialect
    ragged: list[Any] = []

    def tell(row: Any) -> str:
        ragged.append(row)
        return "error"

    options = {
        "read_options": csv.ReadOptions(
            use_threads=False,
            block_size=MOST_ROW_BYTES,
            skip_rows=dialect.skipped_lines,
            column_names=dialect.names,
            skip_rows_after_names=1 if dialect.has_headings else 0,
        ),
        "parse_options": csv.ParseOptions(
            delimiter=dialect.separator, newlines_in_values=True, invalid_row_handler=tell
        ),
        "convert_options": csv.ConvertOptions(
            column_types=dict.fromkeys(dialect.names, pa.string()),
            include_columns=wanted,
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    }
    try:
        with csv.open_csv(table.path, **options) as reader:
            yield from reader
    except pa.ArrowInvalid as error:
        if ragged:
            facts = {"row": ragged[0].number, "cells": ragged[0].actual_columns, "expected": len(dialect.names)}
            raise UnreadableFileError(reason="ragged_row", **facts) from error
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error

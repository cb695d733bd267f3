"""Columns of Arrow, as every reader here gets them, to lists of plain Python values: clean texts, parsed JSON."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gis_layers.letters import Letters, decoded, reread
from gis_layers.sources.vector_layer import Field

Mend = Callable[[str], str]
DEEPEST = 20  # of JSON in a cell


def mend_for(letters: Letters, *, are_bytes: bool) -> Mend | None:
    """Return how to put texts right: of bytes that were carried as Latin-1, or read as Windows-1252; None if right."""
    if letters is Letters.UTF8 and not are_bytes:
        return None

    @lru_cache(maxsize=20_000)
    def mend(text: str) -> str:
        return decoded(text.encode("latin-1"), letters) if are_bytes else reread(text, letters)

    return mend


def values_of(column: pa.Array, kind: str, mend: Mend | None = None) -> list[Any]:
    """Return (n,) plain values: texts composed (NFC) without blanks around them, no nan, JSON parsed."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        texts = _texts(column, mend)
        return [_parsed(text) for text in texts] if kind == "json" else texts
    if pa.types.is_floating(column.type):
        numbers = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        if np.isfinite(numbers).all():
            return list(numbers.tolist())
        return [one if isfinite(one) else None for one in numbers.tolist()]
    return [_plain(one) for one in column.to_pylist()]


def field_kind(arrow: pa.DataType) -> str:
    """Return the kind of a Field for a type of Arrow."""
    if pa.types.is_string(arrow) or pa.types.is_large_string(arrow) or pa.types.is_dictionary(arrow):
        return "text"
    if pa.types.is_integer(arrow) or pa.types.is_boolean(arrow):
        return "integer"
    if pa.types.is_floating(arrow) or pa.types.is_decimal(arrow):
        return "number"
    if pa.types.is_temporal(arrow):
        return "date"
    return "json" if pa.types.is_nested(arrow) else "other"


def inner_fields(name: str, values: Iterable[Any]) -> list[Field]:
    """List what objects, or objects in lists, of a JSON column hold by name: sorted fields "column.name"."""
    lists = (one if isinstance(one, list) else [one] for one in values)
    keys = {key for several in lists for one in several if isinstance(one, dict) for key in one}
    return [Field(f"{name}.{key}", "text") for key in sorted(map(str, keys))]


def with_inner(columns: dict[str, list[Any]], fields: Iterable[Field]) -> dict[str, list[Any]]:
    """Add the columns that are only held inside JSON columns."""
    for field in fields:
        outer, dot, inner = field.name.partition(".")
        if field.name not in columns and dot and outer in columns:
            columns[field.name] = [_held(one, inner) for one in columns[outer]]
    return columns


def _held(value: Any, inner: str) -> Any:
    """Return what an object holds by a name; of a list, the first of its objects that says anything."""
    if isinstance(value, dict):
        return value.get(inner)
    said = (one.get(inner) for one in value if isinstance(one, dict)) if isinstance(value, list) else ()
    return next((one for one in said if one is not None), None)


def _texts(column: pa.Array, mend: Mend | None) -> list[str | None]:
    if mend is not None:
        coded = column.dictionary_encode()
        words = [mend(one).strip() for one in coded.dictionary.to_pylist()]
        return [None if place is None else words[place] for place in coded.indices.to_pylist()]
    try:
        clean = pc.utf8_normalize(pc.utf8_trim_whitespace(column), form="NFC")
        texts: list[str | None] = clean.to_numpy(zero_copy_only=False).tolist()
    except (UnicodeDecodeError, pa.ArrowInvalid):
        raw = column.cast(pa.large_binary()).to_pylist()
        return [None if one is None else one.decode("utf-8", "replace").strip() for one in raw]
    return texts


def _parsed(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return text


def _plain(value: Any, depth: int = 0) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return None
    if depth < DEEPEST and isinstance(value, list):
        if value and all(isinstance(one, tuple) and len(one) == 2 for one in value):
            return {str(key): _plain(one, depth + 1) for key, one in value}
        return [_plain(one, depth + 1) for one in value]
    if depth < DEEPEST and isinstance(value, dict):
        return {str(key): _plain(one, depth + 1) for key, one in value.items()}
    return value

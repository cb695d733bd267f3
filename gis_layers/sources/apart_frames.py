"""How a reader in a child process and the process that asked it talk: frames over pipes.

What the child says is not trusted: it has just read a stranger's file. A frame is a pickle that may name nothing but
the plain shapes of this library, days, numbers and arrays; any other name in it ends the conversation. Shapes travel
as arrays of WKB, features of one class as columns.
"""

import importlib
import io
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import groupby
from operator import attrgetter
from struct import Struct
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.errors import GisError

LENGTH = Struct(">Q")
MOST_BYTES = 512 * 1024**2  # of one frame
OURS = "gis_layers."
PLAIN = frozenset(
    (
        ("pathlib", "PosixPath"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("decimal", "Decimal"),
        ("uuid", "UUID"),
        ("collections", "Counter"),
        ("collections", "OrderedDict"),
        ("builtins", "complex"),
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("builtins", "bytearray"),
    )
)
NUMBERS = "biuf"  # kinds of numpy arrays that are only numbers


class ForeignNameError(Exception):
    """A frame names something that no reader has to say."""


def dumped(thing: Any) -> bytes:
    """Return a frame's content."""
    held = io.BytesIO()
    _Pickler(held, pickle.HIGHEST_PROTOCOL).dump(thing)
    return held.getvalue()


def loaded(content: bytes | bytearray | memoryview) -> Any:
    """Read a frame's content. ForeignNameError, or whatever pickle raises for what is no pickle."""
    return _Unpickler(io.BytesIO(content)).load()


def packed(items: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Turn features into columns: one (class, columns, which of them are shapes) for each run of a class."""
    return [_columns(kind, list(run)) for kind, run in groupby(items, type)]


def unpacked(runs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Yield the features of `packed`."""
    for kind, columns, drawn in runs:
        if kind is None:
            yield from columns[0]
            continue
        rows = [_read_shapes(column) if at in drawn else column for at, column in enumerate(columns)]
        yield from map(kind, *rows)


def _columns(kind: type, run: list[Any]) -> tuple[Any, ...]:
    names = [field.name for field in fields(kind) if field.init] if is_dataclass(kind) else []
    if not names or len(names) != len(fields(kind)):
        return None, [run], ()
    columns = [list(map(attrgetter(name), run)) for name in names]
    drawn = tuple(at for at, column in enumerate(columns) if _are_shapes(column))
    for at in drawn:
        columns[at] = shapely.to_wkb(np.array(columns[at], dtype=object)).tolist()
    return kind, columns, drawn


def _are_shapes(column: list[Any], *, or_none: bool = False) -> bool:
    kinds = set(map(type, column)) - {type(None)}
    return (or_none or bool(kinds)) and all(issubclass(kind, BaseGeometry) for kind in kinds)


def _read_shapes(column: list[bytes | None]) -> list[BaseGeometry | None]:
    read: list[BaseGeometry | None] = shapely.from_wkb(np.array(column, dtype=object)).tolist()
    return read


class _Pickler(pickle.Pickler):
    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, BaseGeometry):
            return shape, (shapely.to_wkb(thing),)
        if (
            isinstance(thing, np.ndarray)
            and thing.dtype == object
            and _are_shapes(thing.ravel().tolist(), or_none=True)
        ):
            return shapes, (shapely.to_wkb(thing).tolist(),)
        if isinstance(thing, np.ndarray) and thing.dtype.kind in NUMBERS:
            return array, (thing.tobytes(), thing.dtype.str, thing.shape)
        if isinstance(thing, np.generic):
            return array, (thing.tobytes(), thing.dtype.str, ())
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN:
            return getattr(importlib.import_module(module), name)
        if module == __name__ and name in {"shape", "shapes", "array"}:
            return globals()[name]
        if module.startswith(OURS) and name.isidentifier():
            found = getattr(importlib.import_module(module), name, None)
            if isinstance(found, type) and found.__module__ == module and _is_plain(found):
                return found
        raise ForeignNameError(f"{module}.{name}")


def _is_plain(kind: type) -> bool:
    is_named_tuple = issubclass(kind, tuple) and hasattr(kind, "_fields")
    return is_dataclass(kind) or is_named_tuple or issubclass(kind, Enum | GisError)


def shape(wkb: bytes) -> BaseGeometry:
    """Read one shape of a frame."""
    read: BaseGeometry = shapely.from_wkb(wkb)
    return read


def shapes(wkb: list[bytes | None]) -> npt.NDArray[np.object_]:
    """Read one array of shapes, None among them, of a frame."""
    return np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)), dtype=object)


def array(content: bytes, dtype: str, size: tuple[int, ...]) -> Any:
    """Read one array, or one number of numpy, of a frame."""
    kind = np.dtype(dtype)
    if kind.kind not in NUMBERS:
        raise ForeignNameError(dtype)
    made = np.frombuffer(content, dtype=kind).reshape(size).copy()
    return made if size else made[()]

"""Readers that do what a hostile file makes a good one do. Run only in a process apart."""

import ctypes
import os
import re
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from gis_layers.errors import UnreadableFileError
from gis_layers.sources.vector_files import FeatureBatch, VectorFeature
from gis_layers.types import LonLat


def echo(*things: Any, **named: Any) -> tuple[Any, ...]:
    return (*things, named)


def points(count: int) -> Iterator[VectorFeature]:
    lonlats = np.column_stack((105 + np.arange(count) * 1e-7, np.full(count, 21.0)))
    for number, point in enumerate(shapely.points(lonlats), 1):
        yield VectorFeature(number, {"ten": "Ngõ 46", "so": number}, point)


def places_then_refusal(count: int) -> Iterator[LonLat]:
    for number in range(count):
        yield LonLat(105.0, 21.0 + number)
    raise UnreadableFileError(reason="damaged", detail="the file breaks off")


def batches(count: int) -> Iterator[FeatureBatch]:
    for number in range(count):
        shapes = np.array([shapely.Point(1, 2), None], dtype=object)
        yield FeatureBatch(number, shapes, (None, "no_geometry"), {"so": [1, 2]})


def crash() -> None:
    ctypes.string_at(0)


def crash_after(count: int) -> Iterator[VectorFeature]:
    yield from points(count)
    time.sleep(0.3)
    yield from points(1)
    ctypes.string_at(0)


def abort_as_cpp_does() -> None:
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.kill(os.getpid(), signal.SIGABRT)


def stumble() -> None:
    raise KeyError("no such thing")


def sleep_for_ever() -> None:
    time.sleep(3600)


def burn() -> None:
    while True:
        sum(range(1000))


def hang_in_a_library_with_the_lock(wait_for: str = "") -> None:
    """Never comes back to Python: no thread of it, and no handler of a signal, will run again."""
    Path(wait_for).touch() if wait_for else None
    re.match(r"(a*)*b", "a" * 64)


def take_memory(megabytes: int) -> int:
    held = [np.ones(1024 * 1024 // 8) for _ in range(megabytes)]
    return len(held)


def unpack_and_hang() -> Iterator[str]:
    folder = tempfile.mkdtemp()
    Path(folder, "part.dbf").write_bytes(b"x" * 1000)
    for _ in range(10):
        time.sleep(0.05)
        yield from [folder] * 10
    hang_in_a_library_with_the_lock()


def write_a_file(path: str) -> None:
    Path(path).write_bytes(b"x")


def open_many_files() -> None:
    held = [open("/dev/null", "rb") for _ in range(1000)]  # noqa: SIM115, PTH123 - that is the point
    held.clear()


def drivers() -> set[str]:
    return set(pyogrio.list_drivers())


def environment() -> list[str]:
    return sorted(os.environ)


def print_a_lot() -> str:
    sys.stdout.write("x" * 1_000_000)
    sys.stdout.flush()
    sys.stderr.write("y" * 1_000_000)
    sys.stderr.flush()
    return "done"


def answer_with_a_foreign_thing() -> Any:
    return socket.AF_INET


class Foreign:
    def __init__(self, proof: str) -> None:
        self.proof = proof

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.proof}",)


def answer_that_would_run(proof: str) -> Any:
    return Foreign(proof)

"""The child process of `apart`: reads one stranger's file after the other for its parent, inside its limits.

It is started with the parent's import path and nothing of its environment, reads jobs from standard input and
answers with frames on standard output.
"""

import fcntl
import importlib
import os
import pickle
import resource
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO

import shapely

from gis_layers.errors import GisError
from gis_layers.sources.apart_frames import LENGTH, dumped, packed

ITEMS = 4_000  # of one frame
CORNERS = 400_000  # of the shapes of one frame, 6 MB
ITEMS_AT_ONCE = 16  # are taken before anybody looks how large they are
SECONDS = 0.25  # a frame is sent after so long, however little it holds
OPEN_FILES = 64
PAGE = os.sysconf("SC_PAGE_SIZE")


def serve(life_line: int) -> None:
    """Do jobs until standard input ends, or the parent does, which closes the other end of the life line."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the life of the process
    _be_the_first_to_go()
    _end_with(life_line)
    while header := jobs.read(LENGTH.size):
        (size,) = LENGTH.unpack(header)
        _serve_one(pickle.loads(jobs.read(size)), answers)  # noqa: S301 - the parent may say what it likes


def _serve_one(job: dict[str, Any], answers: BinaryIO) -> None:
    """Answer one job."""
    module, _, name = job["function"].partition(":")
    function = getattr(importlib.import_module(module), name)  # before the limits: libraries are not the file's doing
    _limit(**job["limits"])
    try:
        _run(function, job, answers)
        last: tuple[Any, ...] = ("end",)
    except GisError as error:
        last = ("refused", type(error), error.facts)
    except MemoryError:
        last = ("heavy", "")
    except Exception as error:  # noqa: BLE001 - whatever a reader raises is told to the parent, which logs it
        told = f"{type(error).__name__}: {error}"[:500]
        is_heavy = "bad_alloc" in told or "Cannot allocate memory" in told or isinstance(error, RecursionError)
        last = ("heavy", told) if is_heavy else ("bug", told, traceback.format_exc()[-4000:])
    _send(answers, last)


def _run(function: Callable[..., Any], job: dict[str, Any], answers: BinaryIO) -> None:
    given = function(*job["arguments"], **job["named"])
    if not job["is_stream"]:
        _send(answers, ("answer", given))
        return
    _stream(given, answers)


def _stream(items: Iterable[Any], answers: BinaryIO) -> None:
    """Send what a reader yields in frames: full ones, or what there is after a quarter of a second."""
    given = iter(items)
    batch: list[Any] = []
    weighed, corners, began = 0, 0, time.monotonic()
    at_once = 1
    try:
        while True:
            batch.extend(islice(given, at_once))  # keeps what came before an error
            if weighed == len(batch):
                return
            at_once = 1 if hasattr(batch[-1], "shapes") else ITEMS_AT_ONCE  # some yield thousands as one
            corners += _corners(batch[weighed:])
            weighed = len(batch)
            if weighed >= ITEMS or corners >= CORNERS or time.monotonic() - began > SECONDS:
                full, batch = batch, []
                _send(answers, ("items", packed(full)))
                weighed, corners, began = 0, 0, time.monotonic()
    except MemoryError:
        batch = []
        raise
    finally:
        if batch:
            _send(answers, ("items", packed(batch)))


def _corners(items: list[Any]) -> int:
    if hasattr(items[0], "shapes"):
        return CORNERS
    return int(shapely.get_num_coordinates([getattr(item, "geometry", None) for item in items]).sum())


def _send(answers: BinaryIO, thing: Any) -> None:
    content = dumped(thing)
    answers.write(LENGTH.pack(len(content)))
    answers.write(content)
    answers.flush()


def _limit(*, memory_bytes: int, cpu_seconds: float, written_bytes: int) -> None:
    """Bound this process. Memory counts from what the libraries already take; CPU from now."""
    with open("/proc/self/statm", "rb") as sizes:  # noqa: PTH123 - not worth another import in every child
        taken = int(sizes.read().split()[0]) * PAGE
    spent = time.process_time()
    _lower(resource.RLIMIT_AS, taken + memory_bytes)
    _lower(resource.RLIMIT_CPU, int(spent + cpu_seconds) + 1)
    _lower(resource.RLIMIT_FSIZE, written_bytes)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    # One byte, not none: the kernel hands a dump of size 0 to a program that collects dumps, but none of size 1.
    _lower(resource.RLIMIT_CORE, 1)


def _lower(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _be_the_first_to_go() -> None:
    """When the machine runs out of memory, its kernel should choose this process and not the server."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123 - see above
        score.write("1000")


def _end_with(life_line: int) -> None:
    """Have the kernel end this process by SIGIO when the parent's end of a pipe closes, hung or not.

    A signal, because a thread of Python would wait for ever behind a library that hangs and holds the lock. A pipe of
    its own, on which nothing is ever written: the kernel signals writing only after it has woken the reader, who
    may have read all of it by then and be at work.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(life_line, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(life_line, fcntl.F_SETFL, fcntl.fcntl(life_line, fcntl.F_GETFL) | os.O_ASYNC)
    entry = select.poll()
    entry.register(life_line, 0)
    if entry.poll(0):  # nothing is asked for, so only a hang-up is told
        os._exit(0)

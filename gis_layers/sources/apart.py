"""Read a stranger's file in a process apart, so that one that crashes, hangs or eats memory harms nobody.

GDAL, GEOS, osmium and the readers of Parquet are large programs in C++, and a file may find the fault in any of them.
Here they work in a child process with bounded memory, CPU and patience, that may not write, sees nothing of the
environment and is killed when it is not wanted any more. See docs/decisions/0016.
"""

import json
import logging
import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, BinaryIO, NoReturn, ParamSpec, TypeVar, cast

from gis_layers.errors import GisError, UnreadableFileError
from gis_layers.sources.apart_frames import LENGTH, MOST_BYTES, loaded, unpacked

log = logging.getLogger(__name__)

Asked = ParamSpec("Asked")
Item = TypeVar("Item")
Answer = TypeVar("Answer")

BEGINNING = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]);"
    "from gis_layers.sources.apart_child import serve; serve(int(sys.argv[2]))"
)
# GDAL asks every driver it has whether a file is its own, and some say yes for a word in the first lines; those
# of GML, VRT, WFS … then fetch what the file names. Only the drivers that we read with are left.
DRIVERS = frozenset(("ESRI Shapefile", "GPKG", "GPX", "GeoJSON", "GeoJSONSeq", "KML", "LIBKML"))
OTHER_DRIVERS = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,CSV,CSW,Carto,DGN,DXF,EDIGEO,EEDA,ESRIJSON,Elasticsearch,FlatGeobuf,GDALG,GML,"
    "GPSBabel,GTFS,GeoRSS,HTTP,Idrisi,JML,JSONFG,LVBAG,MBTiles,MEM,MVT,MapInfo File,MapML,MiraMonVector,NGW,OAPIF,ODS,"
    "OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,PLSCENES,PMTiles,S57,SQLite,SXF,Selafin,"
    "TopoJSON,VDV,VFK,VICAR,WAsP,WFS,XLSX"
)
# One thread each: the libraries' own pools would take address space and gain nothing on files.
QUIET = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "GDAL_NUM_THREADS": "1",
    "OSMIUM_POOL_THREADS": "1",
    "ARROW_IO_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the others reserve a gigabyte of address space to begin with
    "MALLOC_ARENA_MAX": "2",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
    "GDAL_SKIP": OTHER_DRIVERS,
}
PASSED_ON = ("LD_LIBRARY_PATH", "PROJ_DATA", "GDAL_DATA", "TZ")
KILLED_BY = {
    signal.SIGXCPU: "took_too_long",
    signal.SIGKILL: "too_heavy",  # not by us: we do not ask how a child ended that we killed
}
READ_AT_ONCE = 1 << 20
FOLDER = "map-apart-"
FORGOTTEN_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader may use.

    `memory_bytes` beyond what its libraries take (address space); `cpu_seconds`; `patience_seconds`: how long we
    wait for it in all, not counting the time we take ourselves between two answers; `written_bytes` of one file, in a
    folder of its own that is gone afterwards, for what is unpacked.
    """

    memory_bytes: int = 2 * 1024**3
    cpu_seconds: float = 600
    patience_seconds: float = 900
    written_bytes: int = 4 * 1024**3


READ = Limits()  # a background job
LOOK = Limits(
    memory_bytes=1024**3, cpu_seconds=20, patience_seconds=30, written_bytes=1024**3
)  # somebody waits for a page


def call(function: Callable[Asked, Answer], limits: Limits, *args: Asked.args, **named: Asked.kwargs) -> Answer:
    """Return what a function of a module says, asked in a process of its own.

    Arguments and the answer are plain values, shapes, arrays and dataclasses of this library. What the function
    refuses with a GisError is raised here; UnreadableFileError(reason) with "too_heavy" (memory), "took_too_long"
    (CPU or patience) or "crashed" when the process did not live to answer.
    """
    with child(limits) as reader:
        return reader.call(function, *args, **named)


def stream(
    function: Callable[Asked, Iterable[Item]], limits: Limits, *args: Asked.args, **named: Asked.kwargs
) -> Iterator[Item]:
    """Yield what a generator function yields in a process of its own; errors as in `call`.

    What was read before an error is yielded before it is raised. Closing this generator ends the process.
    """
    with child(limits) as reader:
        yield from reader.stream(function, *args, **named)


def sweep(before: float) -> int:
    """Take away the folders, last written before a time (seconds since 1970), of processes that were killed together
    with whoever asked; return how many. No reading takes longer than FORGOTTEN_SECONDS.
    """
    gone = 0
    for folder in Path(gettempdir()).glob(f"{FOLDER}*"):
        with suppress(OSError):  # another's folder, or gone meanwhile
            if folder.stat().st_uid == os.getuid() and folder.stat().st_mtime < before:
                shutil.rmtree(folder)
                gone += 1
    return gone


@contextmanager
def child(limits: Limits = READ) -> Iterator["Child"]:
    """Start a process for several questions about one file; it ends with the block, whatever it is doing."""
    with TemporaryDirectory(prefix=FOLDER, ignore_cleanup_errors=True) as folder:
        read_told, told = os.pipe()
        os.set_blocking(told, False)  # complaints beyond what the pipe holds are dropped; nobody waits for them
        life_line, our_end = os.pipe()
        try:
            process = _started(Path(folder), told, life_line)
        finally:
            os.close(told)
            os.close(life_line)
        try:
            yield Child(process, read_told, limits)
        finally:
            _end(process)
            os.close(our_end)
            os.close(read_told)


def _started(folder: Path, told: int, life_line: int) -> subprocess.Popen[bytes]:
    places = json.dumps([str(Path(place).absolute()) for place in sys.path])
    return subprocess.Popen(
        [sys.executable, "-I", "-c", BEGINNING, places, str(life_line)],
        pass_fds=(life_line,),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=told,
        env={
            **QUIET,
            "TMPDIR": str(folder),  # ours to clear: a process that is killed clears nothing
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        },
        cwd=folder,
        start_new_session=True,  # Ctrl-C is for us, and we tell it
    )


@dataclass(slots=True)
class Child:
    """A running process that answers questions, one after the other."""

    process: subprocess.Popen[bytes]
    complaints: int
    limits: Limits
    patience: float = field(default=0.0, init=False)

    def call(self, function: Callable[Asked, Answer], *args: Asked.args, **named: Asked.kwargs) -> Answer:
        """Ask one function; see `call` of the module."""
        answers = [frame[1] for frame in self._frames(function, args, named, is_stream=False)]
        return cast("Answer", answers[0])

    def stream(
        self, function: Callable[Asked, Iterable[Item]], *args: Asked.args, **named: Asked.kwargs
    ) -> Iterator[Item]:
        """Ask one generator function; see `stream` of the module."""
        for frame in self._frames(function, args, named, is_stream=True):
            yield from unpacked(frame[1])

    def _frames(
        self, function: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any], *, is_stream: bool
    ) -> Iterator[tuple[Any, ...]]:
        """Send a job and yield its frames until the last, which says how it ended."""
        self.patience = self.limits.patience_seconds
        limits = {name: getattr(self.limits, name) for name in ("memory_bytes", "cpu_seconds", "written_bytes")}
        job = {
            "function": f"{function.__module__}:{function.__name__}",
            "arguments": tuple(map(_from_anywhere, args)),
            "named": {name: _from_anywhere(value) for name, value in named.items()},
            "is_stream": is_stream,
            "limits": limits,
        }
        self._send(pickle.dumps(job))
        while True:
            frame = self._frame()
            if frame[0] == "end":
                return
            if frame[0] in {"answer", "items"}:
                yield frame
            else:
                self._refuse(*frame)

    def _send(self, job: bytes) -> None:
        entry = cast("BinaryIO", self.process.stdin)
        try:
            entry.write(LENGTH.pack(len(job)) + job)
            entry.flush()
        except BrokenPipeError:
            self._tell_of_death()

    def _frame(self) -> tuple[Any, ...]:
        (size,) = LENGTH.unpack(self._read(LENGTH.size))
        if size > MOST_BYTES:
            raise UnreadableFileError(reason="too_heavy", bytes=size)
        try:
            frame = loaded(self._read(size))
        except (MemoryError, UnreadableFileError):
            raise
        except Exception as error:
            log.exception("a reader apart answered what cannot be an answer")
            raise UnreadableFileError(reason="crashed") from error
        return cast("tuple[Any, ...]", frame)

    def _read(self, size: int) -> bytearray:
        """Read so many bytes of the answer, with what patience is left."""
        entry = cast("BinaryIO", self.process.stdout).fileno()
        ready = select.poll()
        ready.register(entry, select.POLLIN)
        held = bytearray()
        while len(held) < size:
            began = time.monotonic()
            is_ready = ready.poll(max(0.0, self.patience) * 1000)
            self.patience -= time.monotonic() - began
            if not is_ready:
                _kill(self.process)
                raise UnreadableFileError(reason="took_too_long", seconds=self.limits.patience_seconds)
            piece = os.read(entry, min(READ_AT_ONCE, size - len(held)))
            if not piece:
                self._tell_of_death()
            held += piece
        return held

    def _refuse(self, how: str, *facts: Any) -> NoReturn:
        """Raise what the child could not do."""
        if how == "refused" and issubclass(facts[0], GisError):
            raise facts[0](**facts[1])
        if how == "heavy":
            raise UnreadableFileError(reason="too_heavy", bytes=self.limits.memory_bytes)
        log.error("a reader apart stumbled over a file: %s", facts[1])
        raise UnreadableFileError(reason="crashed", detail=facts[0])

    def _tell_of_death(self) -> NoReturn:
        """Raise why the child is no more."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        code = self.process.poll()
        told = _told(self.complaints)
        by = signal.Signals(-code) if code is not None and code < 0 else None
        reason = KILLED_BY.get(by, "crashed") if by else "crashed"
        if reason == "crashed" and "bad_alloc" in told:
            reason = "too_heavy"
        log.warning("a reader apart ended with %s: %s", by.name if by else code, told[-500:])
        raise UnreadableFileError(reason=reason, detail=by.name if by else f"exit {code}")


def _from_anywhere(argument: Any) -> Any:
    """The child works in a folder of its own."""
    return argument.absolute() if isinstance(argument, Path) else argument


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    _kill(process)
    for end in (process.stdin, process.stdout):
        if end is not None:
            with suppress(BrokenPipeError):
                end.close()


def _told(complaints: int) -> str:
    os.set_blocking(complaints, False)
    try:
        return os.read(complaints, 1 << 16).decode("utf-8", "replace")
    except BlockingIOError:
        return ""

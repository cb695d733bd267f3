"""Reading strangers' map files: always in a process apart, with limits; every fault told as one of ours."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import ParamSpec, TypeVar

from gis_layers.errors import UnknownCrsError, UnreadableFileError
from gis_layers.sources import apart, osm, vector_files
from gis_layers.sources.look import Look, look
from gis_layers.sources.osm import OsmSummary
from gis_layers.sources.osm_features import Feature
from gis_layers.sources.recognise import FileKind, recognise
from gis_layers.sources.vector_layer import FeatureBatch, Layer, Reading, VectorFeature
from gis_layers.types import BBox
from webmap.areas.errors import UnusableMapError

Asked = ParamSpec("Asked")
Item = TypeVar("Item")
Answer = TypeVar("Answer")

LOOK, READ = apart.LOOK, apart.READ

_reader: ContextVar[apart.Child | None] = ContextVar("reader", default=None)


def kind_of(path: Path) -> FileKind:
    """What a map file is, by its content. UnusableMapError with a reason for any other file."""
    return asked(recognise, LOOK, path)


def looked_at(path: Path, near: BBox | None, *, is_patient: bool = False) -> Look:
    """What a file is and holds. UnusableMapError with a reason when it cannot be read."""
    return asked(look, READ if is_patient else LOOK, path, near)


def layers_of(path: Path) -> tuple[Layer, ...]:
    """The layers of a map file or table."""
    return asked(vector_files.layers, LOOK, path)


def features_of(path: Path, layer: Layer, reading: Reading) -> Iterator[VectorFeature]:
    """The features of one layer, in WGS 84."""
    return _streamed(vector_files.features, path, layer, reading)


def batches_of(path: Path, layer: Layer, reading: Reading) -> Iterator[FeatureBatch]:
    """The same features some thousands at a time, for bulk loading."""
    return _streamed(vector_files.feature_batches, path, layer, reading)


def osm_summary(path: Path) -> OsmSummary:
    """What an OpenStreetMap file holds, and where its ways meet."""
    return asked(osm.summary, READ, path)


def osm_bounds(path: Path) -> BBox | None:
    """What an OpenStreetMap file says it covers whole, WGS 84."""
    return asked(osm.bounds, READ, path)


def osm_features(path: Path, within: BBox | None) -> Iterator[Feature]:
    """What is of use in an OpenStreetMap file; most of what lies outside of `within` (WGS 84) is left out early."""
    if within is None:
        return _streamed(osm.features, osm_summary(path))
    return _streamed(osm.features_within, path, within)


@contextmanager
def in_one_process() -> Iterator[None]:
    """Ask all questions inside of one process apart, instead of starting one for each. One after the other."""
    if _reader.get() is not None:  # somebody further out has begun one
        yield
        return
    with apart.child(READ) as reader:
        token = _reader.set(reader)
        try:
            yield
        finally:
            _reader.reset(token)


def asked(function: Callable[Asked, Answer], limits: apart.Limits, *args: Asked.args, **named: Asked.kwargs) -> Answer:
    """What a function of gis_layers says, asked in a process apart. UnusableMapError with a reason."""
    reader = _reader.get()
    with _faults_told():
        if reader is not None:
            return reader.call(function, *args, **named)
        return apart.call(function, limits, *args, **named)


def _streamed(function: Callable[Asked, Iterable[Item]], *args: Asked.args, **named: Asked.kwargs) -> Iterator[Item]:
    reader = _reader.get()
    with _faults_told():
        if reader is not None:
            yield from reader.stream(function, *args, **named)
        else:
            yield from apart.stream(function, READ, *args, **named)


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except UnknownCrsError as error:
        raise UnusableMapError(reason="unknown_crs") from error
    except UnreadableFileError as error:
        raise UnusableMapError(reason=error.facts["reason"], found=error.facts.get("found", "")) from error

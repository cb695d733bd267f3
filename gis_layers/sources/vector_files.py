"""Map files and tables of any kind: which layers and fields, in which coordinate system, and their features in WGS 84.

OpenStreetMap files have their own door, `osm`: their ways have to be joined before they are anything.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.crs import WGS84, Crs, geometries_to_wgs84
from gis_layers.crs_guess import agrees, candidates
from gis_layers.errors import UnknownCrsError, UnreadableFileError
from gis_layers.sources.geopackage import require_plain_tables
from gis_layers.sources.markup import markup_batches, markup_layers
from gis_layers.sources.parquet import parquet_batches, parquet_layers
from gis_layers.sources.recognise import FileKind, Opened, opened
from gis_layers.sources.shapefile import shapefile_batches, shapefile_layers
from gis_layers.sources.tables import table_batches, table_layers
from gis_layers.sources.through_gdal import Source, gdal_batches, layer_names, layer_of
from gis_layers.sources.vector_layer import (
    SAMPLE,
    CrsFinding,
    FeatureBatch,
    Field,
    Held,
    Layer,
    Positions,
    RawBatch,
    Reading,
    VectorFeature,
)
from gis_layers.types import BBox

__all__ = [
    "CrsFinding",
    "FeatureBatch",
    "Field",
    "Held",
    "Layer",
    "Positions",
    "Reading",
    "VectorFeature",
    "feature_batches",
    "features",
    "find_crs",
    "layers",
    "reading_of",
]

AS_FOUND = Reading()
MOST_GEOJSON_BYTES = 512 * 1024**2  # GDAL holds a GeoJSON in memory whole


def layers(path: Path) -> tuple[Layer, ...]:
    """List the layers with shapes, or the one table, with their letters and how they hold positions.

    UnreadableFileError(reason, …) for any other, foreign, empty or damaged file: see `recognise` and docs/formats.md.
    """
    with _opened(path) as file:
        found = LAYERS[file.kind](file)
    if not found:
        raise UnreadableFileError(reason="no_content")
    return found


def find_crs(
    path: Path, layer: Layer, near: BBox | None = None, reading: Reading = AS_FOUND, *, province: str = ""
) -> CrsFinding:
    """Compare what a layer declares with the numbers of its first features; see `crs_guess.candidates`.

    `reading` may name other columns of positions, and a system to be compared in place of the declared one.
    """
    numbers = _first_coordinates(path, layer, reading)
    said = reading.crs or layer.crs
    believable = said is not None and agrees(said, numbers)
    return CrsFinding(said, believable, candidates(numbers, near, province))


def reading_of(path: Path, layer: Layer, near: BBox | None = None, *, province: str = "") -> Reading:
    """Return the likeliest way to read a layer: the declared system if its numbers can be that, else the best guess.

    `crs` stays None when there is no guess: the layer has no positions, or lies nowhere in Vietnam.
    """
    finding = find_crs(path, layer, near, province=province)
    if finding.is_believable or not finding.candidates:
        return Reading(layer.crs, letters=layer.letters.letters, positions=layer.positions)
    best = finding.candidates[0]
    return Reading(best.crs, best.is_north_first, layer.letters.letters, layer.positions)


def features(path: Path, layer: Layer, reading: Reading = AS_FOUND) -> Iterator[VectorFeature]:
    """Yield the features of a layer in order, in WGS 84, without heights.

    `reading` overrides what the layer says of itself. UnknownCrsError when neither names a coordinate system;
    UnreadableFileError when the file breaks off.
    """
    for batch in feature_batches(path, layer, reading):
        names = tuple(batch.columns)
        rows = zip(*batch.columns.values(), strict=True) if names else iter([()] * len(batch.shapes))
        for place, values in enumerate(rows):
            fields = dict(zip(names, values, strict=True))
            yield VectorFeature(batch.first_number + place, fields, batch.shapes[place], batch.problems[place])


def feature_batches(path: Path, layer: Layer, reading: Reading = AS_FOUND) -> Iterator[FeatureBatch]:
    """Yield the same features some thousands at a time, for bulk loading: no object per feature."""
    crs = reading.crs or layer.crs
    has_positions = (reading.positions or layer.positions).held is not Held.NOTHING
    if crs is None and has_positions:
        raise UnknownCrsError(layer=layer.name)
    number = 1
    for raw in _raw_batches(path, layer, reading, None):
        shapes, nowhere = _in_wgs84(raw, crs or WGS84, is_north_first=reading.is_north_first)
        problems = np.where(nowhere, "not_on_earth", raw.problems)
        yield FeatureBatch(number, shapes, tuple(problems.tolist()), raw.columns)
        number += len(shapes)


def _in_wgs84(
    raw: RawBatch, crs: Crs, *, is_north_first: bool
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    shapes = raw.shapes
    if is_north_first:
        shapes = shapely.transform(shapely.force_2d(shapes), lambda xy: xy[:, ::-1])
    return geometries_to_wgs84(crs, shapes)


def _raw_batches(path: Path, layer: Layer, reading: Reading, most: int | None) -> Iterator[RawBatch]:
    with _opened(path) as file:
        yield from BATCHES[file.kind](file, layer, reading, most)


def _first_coordinates(path: Path, layer: Layer, reading: Reading) -> npt.NDArray[np.float64]:
    parts = [shapely.get_coordinates(raw.shapes) for raw in islice(_raw_batches(path, layer, reading, SAMPLE), 1)]
    return np.concatenate(parts) if parts else np.empty((0, 2))


@contextmanager
def _opened(path: Path) -> Iterator[Opened]:
    with opened(path) as file:
        if file.kind not in LAYERS:
            raise UnreadableFileError(reason="unknown_kind", found=file.kind.value)
        if file.kind is FileKind.GEOJSON and (size := file.path.stat().st_size) > MOST_GEOJSON_BYTES:
            raise UnreadableFileError(reason="too_large", bytes=size, most_bytes=MOST_GEOJSON_BYTES)
        yield file


def _gdal_source(file: Opened) -> Source:
    if file.kind is FileKind.GEOPACKAGE:
        require_plain_tables(file.path)
        return Source(str(file.path.resolve()))
    prefix = "GeoJSON" if file.kind is FileKind.GEOJSON else "GeoJSONSeq"
    return Source(f"{prefix}:{file.path.resolve()}")


def _gdal_layers(file: Opened) -> tuple[Layer, ...]:
    source = _gdal_source(file)
    return tuple(layer_of(source, name) for name in layer_names(source))


def _gdal_batches(file: Opened, layer: Layer, reading: Reading, most: int | None) -> Iterator[RawBatch]:
    return gdal_batches(_gdal_source(file), layer.name, layer, reading, most)


LAYERS: dict[FileKind, Callable[[Opened], tuple[Layer, ...]]] = {
    FileKind.GEOJSON: _gdal_layers,
    FileKind.GEOJSON_LINES: _gdal_layers,
    FileKind.GEOPACKAGE: _gdal_layers,
    FileKind.SHAPEFILE: shapefile_layers,
    FileKind.KML: markup_layers,
    FileKind.GPX: markup_layers,
    FileKind.TABLE: lambda file: table_layers(file.path),
    FileKind.PARQUET: lambda file: parquet_layers(file.path),
}
BATCHES: dict[FileKind, Callable[[Opened, Layer, Reading, int | None], Iterator[RawBatch]]] = {
    FileKind.GEOJSON: _gdal_batches,
    FileKind.GEOJSON_LINES: _gdal_batches,
    FileKind.GEOPACKAGE: _gdal_batches,
    FileKind.SHAPEFILE: shapefile_batches,
    FileKind.KML: markup_batches,
    FileKind.GPX: markup_batches,
    FileKind.TABLE: lambda file, layer, reading, most: table_batches(file.path, layer, reading, most),
    FileKind.PARQUET: lambda file, layer, reading, most: parquet_batches(file.path, layer, reading, most),
}

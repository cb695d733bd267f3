"""GeoJSON and GeoPackage.

Which layers and fields a file has, in which coordinate system, and its features in WGS 84.

A file comes from a stranger. It is opened by the one driver its content calls for (GDAL would otherwise run
a pipeline that a JSON file describes), read only, without extensions, triggers or other files behind it.
"""

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import Crs, declared, geometry_to_wgs84
from gis_layers.crs_guess import Candidate, agrees, candidates
from gis_layers.errors import BadGeometryError, UnknownCrsError, UnreadableFileError
from gis_layers.sources.recognise import FileKind, recognise
from gis_layers.types import BBox

KINDS = (FileKind.GEOJSON, FileKind.GEOPACKAGE)
MOST_GEOJSON_BYTES = 512 * 1024**2  # GDAL holds a GeoJSON in memory whole
MOST_VERTICES = 2_000_000  # of one feature; the longest boundary of a province has some 200,000
MOST_FIELDS = 500
BATCH = 5_000
SAMPLE = 200
HARMLESS_VIRTUAL_TABLE = "rtree"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a layer. `kind` is "text", "integer", "number", "date" or "other"."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a file. `crs` is what the file declares, None when that cannot be understood."""

    name: str
    geometry_kind: str
    feature_count: int
    fields: tuple[Field, ...]
    crs: Crs | None


@dataclass(frozen=True, slots=True)
class VectorFeature:
    """One feature: its number in the layer from 1, its fields, its shape in WGS 84.

    Without a shape `problem` says why: "no_geometry", "unreadable_geometry", "too_many_vertices",
    "not_on_earth".
    """

    number: int
    fields: dict[str, Any]
    geometry: BaseGeometry | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class CrsFinding:
    """Which system a layer is in.

    What it declares, whether its numbers can be that, and what else they can be.
    """

    declared: Crs | None
    is_believable: bool
    candidates: tuple[Candidate, ...]


def layers(path: Path) -> tuple[Layer, ...]:
    """List the layers with shapes.

    UnreadableFileError(reason, …) for any other, foreign, empty or damaged file.
    """
    source = _source(path)
    with _gdal():
        names = [str(name) for name, kind in pyogrio.list_layers(source) if kind is not None]
        found = tuple(_layer(source, name) for name in names)
    if not found:
        raise UnreadableFileError(reason="no_content")
    return found


def find_crs(path: Path, layer: Layer, near: BBox | None = None) -> CrsFinding:
    """Compare what a layer declares with the numbers of its first features; see `crs_guess.candidates`."""
    numbers = _first_coordinates(path, layer)
    believable = layer.crs is not None and agrees(layer.crs, numbers)
    return CrsFinding(layer.crs, believable, candidates(numbers, near))


def features(
    path: Path, layer: Layer, crs: Crs | None = None, *, is_north_first: bool = False
) -> Iterator[VectorFeature]:
    """Yield the features of a layer in order, in WGS 84, without heights.

    `crs` overrides what the layer declares, `is_north_first` exchanges x and y before. UnknownCrsError when
    neither says anything; UnreadableFileError when the file breaks off.
    """
    used = crs or layer.crs
    if used is None:
        raise UnknownCrsError(layer=layer.name)
    number = 0
    for rows in _batches(path, layer):
        for wkb, values in rows:
            number += 1
            fields = dict(zip((field.name for field in layer.fields), values, strict=True))
            geometry, problem = _shape(wkb, used, is_north_first=is_north_first)
            yield VectorFeature(number, fields, geometry, problem)


def _source(path: Path) -> str:
    """Return the name to open a file by, after a look at what it is."""
    kind = recognise(path)
    if kind not in KINDS:
        raise UnreadableFileError(reason="unknown_kind", found=kind.value)
    if kind is FileKind.GEOJSON:
        recognise(path, MOST_GEOJSON_BYTES)
        return f"GeoJSON:{path.resolve()}"
    _require_plain_tables(path)
    return str(path.resolve())


def _require_plain_tables(path: Path) -> None:
    """Refuse a GeoPackage whose layers are computed.

    Views and virtual tables can run for ever or read other files.
    """
    try:
        with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True)) as database:
            made = database.execute("select name, type, coalesce(sql, '') from sqlite_master").fetchall()
            listed = {str(name).lower() for (name,) in database.execute("select table_name from gpkg_contents")}
    except sqlite3.Error as error:
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error
    for name, kind, sql in made:
        is_virtual = "virtual table" in sql[:60].lower() and HARMLESS_VIRTUAL_TABLE not in sql.lower()
        if is_virtual or (kind == "view" and str(name).lower() in listed):
            raise UnreadableFileError(reason="computed_layer", name=str(name)[:100])


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


@contextmanager
def _gdal() -> Iterator[None]:
    """Turn GDAL's errors into ours and drop its warnings.

    Unusual file names, rings it cannot read (told per feature).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            warnings.simplefilter("ignore", UserWarning)
            yield
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise UnreadableFileError(reason="damaged", detail=_without_paths(str(error))) from error
    except (pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, UnicodeDecodeError) as error:
        raise UnreadableFileError(reason="damaged", detail=_without_paths(str(error))) from error


def _without_paths(said: str) -> str:
    return " ".join(word for word in said.split() if "/" not in word)[:200]


def _layer(source: str, name: str) -> Layer:
    info = pyogrio.read_info(source, layer=name, force_feature_count=True)
    names, kinds = info["fields"], info["ogr_types"]
    if len(names) > MOST_FIELDS:
        raise UnreadableFileError(reason="too_many_fields", fields=len(names))
    try:
        crs = declared(info["crs"]) if info["crs"] else None
    except UnknownCrsError:
        crs = None
    fields = tuple(Field(str(field), _field_kind(kind)) for field, kind in zip(names, kinds, strict=True))
    return Layer(name, info["geometry_type"], int(info["features"]), fields, crs)


def _field_kind(ogr_type: str) -> str:
    if ogr_type.startswith("OFTInteger") and "List" not in ogr_type:
        return "integer"
    kinds = {"OFTString": "text", "OFTReal": "number", "OFTDate": "date", "OFTDateTime": "date"}
    return kinds.get(ogr_type, "other")


def _batches(path: Path, layer: Layer) -> Iterator[Iterator[tuple[bytes | None, tuple[Any, ...]]]]:
    source = _source(path)
    size = BATCH if not source.startswith("GeoJSON:") else max(layer.feature_count, 1)
    for start in range(0, layer.feature_count, size):
        yield _rows(source, layer, skip_features=start, max_features=size)


def _rows(source: str, layer: Layer, **which: int) -> Iterator[tuple[bytes | None, tuple[Any, ...]]]:
    names = [field.name for field in layer.fields]
    with _gdal():
        _, _, shapes, columns = pyogrio.raw.read(
            source, layer=layer.name, columns=names, datetime_as_string=True, force_2d=True, **which
        )
    kinds = [field.kind for field in layer.fields]
    values = ([_value(value, kind) for value in column] for kind, column in zip(kinds, columns, strict=True))
    rows = zip(*values, strict=True) if names else iter([()] * len(shapes))
    return zip(shapes, rows, strict=True)


def _value(value: Any, kind: str) -> Any:
    """Return a plain Python value: numpy gives missing whole numbers as the float nan."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float):
        if not isfinite(plain):
            return None
        return int(plain) if kind == "integer" else plain
    return normalize("NFC", plain).strip() if isinstance(plain, str) else plain


def _shape(wkb: bytes | None, crs: Crs, *, is_north_first: bool) -> tuple[BaseGeometry | None, str | None]:
    if wkb is None:
        return None, "no_geometry"
    read = shapely.from_wkb(wkb, on_invalid="ignore")
    if read is None:
        return None, "unreadable_geometry"
    if shapely.get_num_coordinates(read) > MOST_VERTICES:
        return None, "too_many_vertices"
    if is_north_first:
        read = shapely.transform(read, lambda xy: xy[:, ::-1])
    try:
        return geometry_to_wgs84(crs, read), None
    except BadGeometryError:
        return None, "not_on_earth"


def _first_coordinates(path: Path, layer: Layer) -> npt.NDArray[np.float64]:
    rows = _rows(_source(path), layer, skip_features=0, max_features=SAMPLE)
    shapes = shapely.from_wkb([wkb for wkb, _ in rows if wkb is not None], on_invalid="ignore")
    return np.asarray(shapely.get_coordinates(shapes), dtype=np.float64)

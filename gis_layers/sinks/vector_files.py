"""GeoPackage, GeoJSON, KML and CSV from batches of features, whatever their number.

GDAL writes all but CSV, which has to keep a spreadsheet from running a cell as a formula.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely

from gis_layers.render.styles import LayerStyle
from gis_layers.sinks.geopackage_styles import add_styles

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMPY_KINDS: dict[str, Any] = {"integer": np.float64, "number": np.float64, "flag": object, "text": object}


class OutKind(StrEnum):
    """The kinds of file that are written."""

    GEOPACKAGE = "gpkg"
    GEOJSON = "geojson"
    KML = "kml"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layer; `kind` is "text", "integer", "number" or "flag". Days are texts, 2025-07-01."""

    name: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class OutLayer:
    """A layer to be written: its name, "Point", "LineString", "MultiPolygon" …, its columns and how it is drawn."""

    name: str
    geometry_kind: str
    columns: tuple[Column, ...]
    style: LayerStyle | None = None


@dataclass(frozen=True, slots=True)
class OutBatch:
    """Some features: WKB in WGS 84 (None: no shape), and one row of values for each, in the order of the columns."""

    shapes: Sequence[bytes | None]
    rows: Sequence[Sequence[Any]] = field(default=())


def write(path: Path, kind: OutKind, layer: OutLayer, batches: Iterable[OutBatch]) -> int:
    """Write one layer and return the number of features.

    A GeoPackage that is there already gets the layer beside its others; every other file is made anew. A layer
    without features is written empty. GeoJSON and KML are held in memory until they are written whole: GDAL, adding to
    such a file, would guess the kinds of its columns anew.
    """
    if kind is OutKind.CSV:
        return _write_csv(path, layer, batches)
    count, is_begun = 0, False
    for batch in _or_nothing(batches) if kind is OutKind.GEOPACKAGE else (_joined(batches),):
        _append(path, kind, layer, batch, is_begun=is_begun)
        is_begun = True
        count += len(batch.shapes)
    if kind is OutKind.GEOPACKAGE and layer.style is not None:
        add_styles(path, layer.name, layer.style)
    return count


def _or_nothing(batches: Iterable[OutBatch]) -> Iterator[OutBatch]:
    """Yield the batches, or one without features, so that an empty layer is made."""
    is_empty = True
    for batch in batches:
        is_empty = False
        yield batch
    if is_empty:
        yield OutBatch((), ())


def _joined(batches: Iterable[OutBatch]) -> OutBatch:
    shapes: list[bytes | None] = []
    rows: list[Sequence[Any]] = []
    for batch in batches:
        shapes.extend(batch.shapes)
        rows.extend(batch.rows)
    return OutBatch(shapes, rows)


def _append(path: Path, kind: OutKind, layer: OutLayer, batch: OutBatch, *, is_begun: bool) -> None:
    columns = [_array([row[at] for row in batch.rows], column.kind) for at, column in enumerate(layer.columns)]
    masks = [None if column.dtype == object else np.isnan(column) for column in columns]
    whole = [
        np.nan_to_num(column).astype(np.int64) if known.kind == "integer" else column
        for column, known in zip(columns, layer.columns, strict=True)
    ]
    pyogrio.raw.write(
        str(path),
        np.array([*batch.shapes, None], dtype=object)[:-1],
        whole,
        np.array([column.name for column in layer.columns], dtype=object),
        field_mask=masks,
        driver={OutKind.GEOPACKAGE: "GPKG", OutKind.GEOJSON: "GeoJSON", OutKind.KML: "LIBKML"}[kind],
        layer=layer.name,
        geometry_type=layer.geometry_kind,
        crs="EPSG:4326",
        append=is_begun,
        layer_options={"RFC7946": "YES"} if kind is OutKind.GEOJSON else None,
    )


def _array(values: list[Any], kind: str) -> Any:
    if NUMPY_KINDS[kind] is object:
        return np.array([None if value is None else _said(value) for value in values] or [], dtype=object)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _said(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _write_csv(path: Path, layer: OutLayer, batches: Iterable[OutBatch]) -> int:
    """Write UTF-8 with its mark, which Excel needs; a point also as lon and lat, every shape as WKT."""
    is_point = layer.geometry_kind == "Point"
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        places = ["lon", "lat"] if is_point else ["wkt"]
        writer.writerow([*(column.name for column in layer.columns), *places])
        for batch in batches:
            shapes = shapely.from_wkb(np.array([*batch.shapes, None], dtype=object)[:-1])
            count += len(shapes)
            held = [_place(shape, is_point=is_point) for shape in shapes]
            writer.writerows(
                [*(_cell(value) for value in row), *place] for row, place in zip(batch.rows, held, strict=True)
            )
    return count


def _place(shape: Any, *, is_point: bool) -> list[str]:
    if shape is None:
        return ["", ""] if is_point else [""]
    return [f"{shape.x:.7f}", f"{shape.y:.7f}"] if is_point else [shapely.to_wkt(shape, rounding_precision=7)]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    said = _said(value)
    return f"'{said}" if isinstance(value, str) and said.startswith(FORMULA_STARTS) else said

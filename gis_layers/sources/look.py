"""Look into a map file before anything is made of it: which layers, in which coordinates and letters, what they hold.

One function, so that one process apart (`apart.call`) answers all of it.
"""

from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gis_layers.crs import WGS84
from gis_layers.errors import BadGeometryError
from gis_layers.measure import area_square_metres
from gis_layers.sources.osm import summary
from gis_layers.sources.recognise import OSM_KINDS, FileKind, recognise
from gis_layers.sources.vector_files import features, find_crs, layers, reading_of
from gis_layers.sources.vector_layer import CrsFinding, Held, Layer, Reading, VectorFeature
from gis_layers.types import BBox

SAMPLE = 40


@dataclass(frozen=True, slots=True)
class LayerLook:
    """A layer, what its numbers can be, the likeliest way to read it, and its first features.

    `extent` (WGS 84) and `square_metres` (the median of surfaces) are of the sample; None without shapes that lie on
    earth, and without surfaces.
    """

    layer: Layer
    finding: CrsFinding
    reading: Reading
    sample: tuple[dict[str, Any], ...]
    extent: BBox | None
    square_metres: float | None


@dataclass(frozen=True, slots=True)
class OsmLook:
    """What an OpenStreetMap file holds: see `osm_summary.OsmSummary`."""

    counts: dict[str, int]
    bbox: BBox | None
    bounds: BBox | None
    dated_on: date | None
    objects: int


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is and holds: layers, or for OpenStreetMap its counts."""

    kind: FileKind
    layers: tuple[LayerLook, ...]
    osm: OsmLook | None


def look(path: Path, near: BBox | None = None) -> Look:
    """Say what a file is and holds. UnreadableFileError(reason) as from `vector_files.layers` and `osm.summary`.

    `near`: the areas it is probably about, in WGS 84; it decides between zones that its numbers fit equally.
    """
    kind = recognise(path)
    if kind in OSM_KINDS:
        about = summary(path)
        seen = OsmLook(dict(about.counts), about.bbox, about.bounds, about.dated_on, about.objects)
        return Look(kind, (), seen)
    return Look(kind, tuple(_layer(path, layer, near) for layer in layers(path)), None)


def _layer(path: Path, layer: Layer, near: BBox | None) -> LayerLook:
    if layer.positions.held is Held.NOTHING:
        nowhere = CrsFinding(None, True, ())
        rows = islice(features(path, layer, Reading()), SAMPLE)
        return LayerLook(layer, nowhere, Reading(), tuple(one.fields for one in rows), None, None)
    finding = find_crs(path, layer, near)
    if not finding.is_believable and not finding.candidates and near is not None:
        finding = find_crs(path, layer)
        near = None
    reading = reading_of(path, layer, near)
    sample = [*islice(features(path, layer, reading if reading.crs else Reading(WGS84)), SAMPLE)]
    extent, size = _measured(sample) if reading.crs else (None, None)
    return LayerLook(layer, finding, reading, tuple(one.fields for one in sample), extent, size)


def _measured(sample: list[VectorFeature]) -> tuple[BBox | None, float | None]:
    shapes = [one.geometry for one in sample if one.geometry is not None and not one.geometry.is_empty]
    if not shapes:
        return None, None
    sizes = []
    for shape in shapes:
        if shape.geom_type in {"Polygon", "MultiPolygon"}:
            try:
                sizes.append(area_square_metres(shape))
            except (BadGeometryError, shapely.GEOSException):
                continue
    west, south, east, north = shapely.total_bounds(shapes)
    return BBox(float(west), float(south), float(east), float(north)), float(np.median(sizes)) if sizes else None

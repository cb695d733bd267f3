"""Tiles read back with a stranger's library: GDAL's own reader of vector tiles."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Feature:
    """A feature of a tile: geometry in units of the tile (4096 a side, y upwards as GDAL turns it)."""

    facts: dict[str, Any]
    shape: shapely.Geometry

    @property
    def id(self) -> int:
        return int(self.facts["mvt_id"])


def features(answer: TestResponse, layer: str) -> list[Feature]:
    """The features of one layer of a tile; none where the tile is empty or has no such layer."""
    if answer.status_code == 204:
        return []
    assert answer.status_code == 200, answer.status
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tile.mvt"
        file.write_bytes(answer.data)
        source = f"MVT:{file}"
        if layer not in {name for name, _ in pyogrio.list_layers(source)}:
            return []
        meta, _, shapes, columns = pyogrio.raw.read(source, layer=layer)
    rows = zip(*columns, strict=True)
    names = [str(name) for name in meta["fields"]]
    return [
        Feature(dict(zip(names, row, strict=True)), shapely.from_wkb(wkb))
        for row, wkb in zip(rows, shapes, strict=True)
    ]

"""One layer, one tile, one connection: a Mapbox Vector Tile (version 2.1), made by PostGIS.

PostGIS must hold schema `map` with a view for each layer of `gis_layers.layers.catalogue`. What the connection may see,
the tile shows: row-level security is the views' business.
"""

import gzip
import math
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from gis_layers.errors import TileOutOfRangeError
from gis_layers.layers.layer import Layer
from gis_layers.tiles import address
from gis_layers.types import TileAddress

UNITS = 4096  # of a tile's side
MARGIN = 64 / UNITS  # what is drawn beyond the edge, so that symbols and lines are not cut
MOST_BYTES = 100_000  # of a tile as it is sent; what is more takes too long on a phone's network
GZIP_LEVEL = 2  # half the work of 6, and 2 % larger
# When a tile is too large, what is smaller or closer than so many units is left out: 8 is half a pixel.
LEAST_UNITS = (16, 32, 64, 128, 256, 512)
FIRST_LEAST_UNITS = 4
# Of a door: spherical Mercator by its formula, exactly what st_asmvtgeom(st_transform(…)) makes of a point, sooner.
PLACE = (
    "st_makepoint(round((st_x(household.point) + 180) * {degree!r} - {left}),"
    " round({middle} - asinh(tand(st_y(household.point))) * {radian!r}))"
)
SHAPES = {
    "alleys": "alley.line",
    "terrain": "terrain.shape",
    "buildings": "building.outline",
    "doubtful_buildings": "building.outline",
    "buildings_without_household": "building.outline",
}
EXTENT = "greatest(st_xmax({shape}) - st_xmin({shape}), st_ymax({shape}) - st_ymin({shape})) * {units!r}"


# Asks the database: SQL and its %(name)s parameters in, the one value that it answers with out.
Ask = Callable[[str, Mapping[str, Any]], bytes | None]


def query(
    layer: Layer,
    tile: TileAddress,
    *,
    condition: str = "",
    least: int = 0,
    parent: int = 0,
    day: date | None = None,
) -> str:
    """Return the SQL of a tile, without parameters of its own.

    Args:
        layer: what to draw. Raises TileOutOfRangeError where it has no tiles of that zoom.
        tile: which square.
        condition: SQL on `household` for a layer that can be filtered, with %(name)s parameters; empty for all.
        least: leave out what is smaller, or stands closer, than so many units of the tile.
        parent: an area whose parts layer `areas` shows at every zoom; 0 for none.
        day: the day whose boundaries layer `areas` shows; None for those of today.

    """
    if not layer.min_zoom <= tile.z <= layer.max_zoom:
        raise TileOutOfRangeError(z=tile.z, x=tile.x, y=tile.y)
    is_dense = layer.can_be_filtered and least > 0
    box = address.bounds(tile, MARGIN)
    side = (box.east - box.west) / (1 + 2 * MARGIN)
    shape = SHAPES.get(layer.name, "")
    around_earth = UNITS << tile.z
    parts = {
        "square": ", ".join(map(repr, address.metres(tile))),
        "box": ", ".join(map(repr, box)),
        "z": str(tile.z),
        "x": str(tile.x),
        "y": str(tile.y),
        # half a unit on a screen of 512 pixels a tile, in metres of the projection
        "tolerance": repr(2 * address.HALF_EARTH / (1 << tile.z) / UNITS * max(2, least / 4)),
        "least": str(least or FIRST_LEAST_UNITS),
        # the longer side of its box, in units of the tile
        "extent": EXTENT.format(shape=shape, units=UNITS / side),
        "place": PLACE.format(
            degree=around_earth / 360,
            radian=around_earth / 2 / math.pi,
            left=UNITS * tile.x,
            middle=around_earth // 2 - UNITS * tile.y,
        ),
        "condition": condition or "true",
        "parent": str(parent),
        "day": "" if day is None else day.isoformat(),
        "mark": ", household.door_mark" if tile.z >= 15 else "",
        "code": ", household.code" if tile.z >= 15 else "",
    }
    is_dated = day is not None and layer.name == "areas"
    text = _sql(f"{layer.name}{'_dense' if is_dense else '_on_day' if is_dated else ''}")
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return text


def tile(
    ask: Ask,
    layer: Layer,
    square: TileAddress,
    *,
    condition: str = "",
    parameters: Mapping[str, Any] | None = None,
    parent: int = 0,
    day: date | None = None,
    most_bytes: int = MOST_BYTES,
) -> bytes:
    """Return a tile as it is sent: gzip, empty bytes where nothing is there, at most `most_bytes`.

    A tile that would be larger is drawn again with less in it: of doors that stand too close for the eye only the one
    most in need, with how many it stands for; of shapes none below a size. `parameters` are those of `condition`;
    `parent` and `day` as in `query`.
    Raises TileOutOfRangeError.
    """
    packed = b""
    for least in (0, *LEAST_UNITS):
        asked = query(layer, square, condition=condition, least=least, parent=parent, day=day)
        raw = ask(asked, parameters or {})
        packed = gzip.compress(raw, GZIP_LEVEL, mtime=0) if raw else b""
        if len(packed) <= most_bytes:
            break
    return packed


@cache
def _sql(name: str) -> str:
    return (files("gis_layers.tiles") / "sql" / f"{name}.sql").read_text("utf-8")

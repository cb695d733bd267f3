"""Arithmetic of the web map grid: z/x/y, x from the west, y from the north, 2^z squares a side.

The grid is that of spherical Mercator (EPSG:3857), cut off at 85.0511 degrees north and south.
"""

import math
from collections.abc import Iterator

from gis_layers.errors import TileOutOfRangeError
from gis_layers.types import BBox, LonLat, TileAddress

MAX_ZOOM = 22
HALF_EARTH = math.pi * 6_378_137.0  # metres of EPSG:3857 from the middle to an edge


def checked(z: int, x: int, y: int) -> TileAddress:
    """Return the address, or raise TileOutOfRangeError where its zoom has no such square."""
    if not 0 <= z <= MAX_ZOOM or not (0 <= x < 1 << z and 0 <= y < 1 << z):
        raise TileOutOfRangeError(z=z, x=x, y=y)
    return TileAddress(z, x, y)


def tile_at(place: LonLat, z: int) -> TileAddress:
    """Return the square of zoom `z` that holds a place (WGS 84 degrees). Edges belong to the square east and south."""
    many = 1 << z
    lat = math.radians(min(max(place.lat, -85.05112877980659), 85.05112877980659))
    x = math.floor((place.lon + 180) / 360 * many)
    y = math.floor((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * many)
    return TileAddress(z, min(max(x, 0), many - 1), min(max(y, 0), many - 1))


def bounds(tile: TileAddress, margin: float = 0) -> BBox:
    """Return the box of a tile in WGS 84 degrees, widened on every side by `margin` tiles (0.25: a quarter)."""
    west, north = _corner(tile.z, tile.x - margin, tile.y - margin)
    east, south = _corner(tile.z, tile.x + 1 + margin, tile.y + 1 + margin)
    return BBox(west, south, east, north)


def metres(tile: TileAddress) -> BBox:
    """Return the box of a tile in metres of EPSG:3857."""
    side = 2 * HALF_EARTH / (1 << tile.z)
    west, north = -HALF_EARTH + tile.x * side, HALF_EARTH - tile.y * side
    return BBox(west, north - side, west + side, north)


def parent(tile: TileAddress) -> TileAddress:
    """Return the tile one zoom out that holds this one. The whole earth is its own parent."""
    return TileAddress(max(tile.z - 1, 0), tile.x >> 1, tile.y >> 1)


def children(tile: TileAddress) -> tuple[TileAddress, ...]:
    """Return the four tiles one zoom in, from north-west to south-east."""
    return tuple(TileAddress(tile.z + 1, 2 * tile.x + dx, 2 * tile.y + dy) for dy in (0, 1) for dx in (0, 1))


def tiles_over(box: BBox, z: int) -> Iterator[TileAddress]:
    """Yield the tiles of zoom `z` that touch a box (WGS 84 degrees, west <= east), row by row from the north."""
    first, last = tile_at(LonLat(box.west, box.north), z), tile_at(LonLat(box.east, box.south), z)
    for y in range(first.y, last.y + 1):
        for x in range(first.x, last.x + 1):
            yield TileAddress(z, x, y)


def _corner(z: int, x: float, y: float) -> tuple[float, float]:
    many = 1 << z
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / many))))
    return x / many * 360 - 180, lat

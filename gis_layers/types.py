"""The plain shapes that everything in gis_layers receives and returns. All frozen."""

from dataclasses import dataclass
from typing import NamedTuple


class LonLat(NamedTuple):
    """A place on earth in WGS 84 degrees, east and north positive."""

    lon: float
    lat: float


class BBox(NamedTuple):
    """A box in WGS 84 degrees: west, south, east, north."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class TileAddress:
    """One square of the web map grid: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

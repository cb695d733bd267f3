"""Metres on the invented land and degrees on earth, there and back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

METRES_PER_DEGREE_NORTH = 110_660.0  # a degree of latitude at 17-21 degrees north, WGS 84
METRES_PER_DEGREE_EAST = 111_320.0  # a degree of longitude on the equator


@dataclass(frozen=True, slots=True)
class Frame:
    """Metres east and north of one place.

    The sinusoidal projection: lengths and areas stay true over the hundred kilometres of a province,
    to well under the half per cent that an invented house could ever show.
    """

    lon: float
    lat: float

    def to_lonlat(self, metres: Floats) -> Floats:
        """Turn (n, 2) metres east and north into (n, 2) degrees east and north."""
        lat = self.lat + metres[:, 1] / METRES_PER_DEGREE_NORTH
        lon = self.lon + metres[:, 0] / (METRES_PER_DEGREE_EAST * np.cos(np.radians(lat)))
        return np.column_stack([lon, lat])

    def to_metres(self, lonlat: Floats) -> Floats:
        """Turn (n, 2) degrees into (n, 2) metres."""
        east = (lonlat[:, 0] - self.lon) * METRES_PER_DEGREE_EAST * np.cos(np.radians(lonlat[:, 1]))
        north = (lonlat[:, 1] - self.lat) * METRES_PER_DEGREE_NORTH
        return np.column_stack([east, north])

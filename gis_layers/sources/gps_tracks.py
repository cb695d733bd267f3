"""Tracks out of the files that phones and receivers write: GPX, or any file of lines."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.errors import UnreadableFileError
from gis_layers.sources.vector_files import features, layers

MOST_FIXES = 1_000_000


def tracks_of(path: Path) -> list[npt.NDArray[np.float64]]:
    """Return the tracks of a file, each (n, 2) WGS 84 lon, lat; the segments of one track are tracks of their own.

    UnreadableFileError(reason): no file of a known kind, no line in it ("no_content"), more than MOST_FIXES fixes
    ("too_large"). Read strangers' files with it in a process apart (`apart.call`).
    """
    found: list[npt.NDArray[np.float64]] = []
    fixes = 0
    for layer in layers(path):
        for feature in features(path, layer):
            for part in shapely.get_parts(feature.geometry) if feature.geometry is not None else ():
                if part.geom_type == "LineString":
                    found.append(shapely.get_coordinates(part))
                    fixes += len(found[-1])
        if fixes > MOST_FIXES:
            raise UnreadableFileError(reason="too_large")
    if not found:
        raise UnreadableFileError(reason="no_content")
    return found

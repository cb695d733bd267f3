"""An outline around houses, for a village whose boundary nobody has drawn."""

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon

from gis_layers.boundary import repaired
from gis_layers.geojson import require_on_earth
from gis_layers.measure import geometry_from_plane, plane_at, to_plane
from gis_layers.types import LonLat

MARGIN_METRES = 30.0  # yard and garden around a house
LEAST_REACH_METRES = 60.0
MOST_REACH_METRES = 400.0  # beyond twice this, hamlets are drawn apart


def outline(lonlats: npt.ArrayLike, *, margin_metres: float = MARGIN_METRES) -> MultiPolygon | None:
    """Return a concave outline of (n, 2) WGS 84 places, or None when there is none.

    A morphological closing: houses are joined over gaps up to twice the reach, then the edge is drawn back
    to the margin. The reach follows the village: three times the distance at which nine of ten houses have
    their neighbour, between 60 and 400 m. Every place lies inside; hamlets far apart become parts of their
    own instead of a band across the fields.
    """
    given = np.unique(np.asarray(lonlats, dtype=np.float64).reshape(-1, 2), axis=0)
    if len(given) == 0:
        return None
    require_on_earth(shapely.MultiPoint(given))
    lon, lat = np.median(given, axis=0)
    plane = plane_at(LonLat(float(lon), float(lat)))
    metres = to_plane(plane, given)
    reach = _reach(metres)
    wide = shapely.union_all(shapely.buffer(shapely.points(metres), reach + margin_metres, quad_segs=4))
    drawn = shapely.simplify(shapely.buffer(wide, -reach, quad_segs=4), margin_metres / 10)
    return repaired(geometry_from_plane(plane, drawn)).boundary


def _reach(metres: npt.NDArray[np.float64]) -> float:
    if len(metres) < 3:
        return LEAST_REACH_METRES
    from scipy.spatial import cKDTree  # noqa: PLC0415 - slow to load, and whoever shows areas loads this module

    distances = np.asarray(cKDTree(metres).query(metres, k=2)[0])
    usual = float(np.quantile(distances[:, 1], 0.9))
    return min(MOST_REACH_METRES, max(LEAST_REACH_METRES, 3 * usual))

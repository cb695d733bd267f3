"""Which area holds this place, and is this GPS fix believable."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import VIETNAM
from gis_layers.measure import geometry_to_plane, metres_between, plane_at, widened
from gis_layers.types import BBox, LonLat

Key = TypeVar("Key", bound=Hashable)

FASTEST_METRES_PER_SECOND = 40.0  # a motorbike on a good road, with room for the errors of two fixes
COARSE_METRES = 100.0  # beyond this a fix names a village, not a door
FINE_DIGITS = 4  # 0.001 degree is 110 m: coordinates given no finer were typed or masked


@dataclass(frozen=True, slots=True)
class AreaIndex(Generic[Key]):
    """Areas prepared for many questions: keys and WGS 84 boundaries, smallest first, and their tree."""

    keys: tuple[Key, ...]
    boundaries: tuple[BaseGeometry, ...]
    tree: shapely.STRtree


def area_index(areas: Iterable[tuple[Key, BaseGeometry]]) -> AreaIndex[Key]:
    """Prepare (key, WGS 84 boundary) pairs; empty boundaries are left out."""
    kept = sorted((pair for pair in areas if not pair[1].is_empty), key=lambda pair: pair[1].area)
    boundaries = tuple(boundary for _, boundary in kept)
    shapely.prepare(np.array(boundaries, dtype=object))
    return AreaIndex(tuple(key for key, _ in kept), boundaries, shapely.STRtree(boundaries))


def areas_at(index: AreaIndex[Key], place: LonLat) -> tuple[Key, ...]:
    """Return every area that holds a WGS 84 place, the smallest first.

    The border belongs to its area, so a place on a shared border, or where boundaries overlap, has several
    answers; nobody but a person can say which is meant.
    """
    return areas_of(index, [place])[0]


def areas_of(index: AreaIndex[Key], lonlats: npt.ArrayLike) -> list[tuple[Key, ...]]:
    """Answer `areas_at` for (n, 2) WGS 84 places at once."""
    points = np.asarray(shapely.points(np.asarray(lonlats, dtype=np.float64).reshape(-1, 2)))
    found: list[list[int]] = [[] for _ in points]
    for point, area in zip(*index.tree.query(points, predicate="covered_by"), strict=True):
        found[point].append(int(area))
    return [tuple(index.keys[area] for area in sorted(areas)) for areas in found]


def nearest_area(index: AreaIndex[Key], place: LonLat, within_metres: float) -> tuple[Key, float] | None:
    """Return the area nearest to a WGS 84 place and its distance in metres, 0 inside.

    None when all are farther than `within_metres`.
    """
    plane = plane_at(place)
    around = shapely.box(*widened(BBox(*place, *place), within_metres))
    here = shapely.Point(0, 0)
    ranked = sorted(
        (shapely.distance(geometry_to_plane(plane, index.boundaries[area]), here), int(area))
        for area in index.tree.query(around)
    )
    if not ranked or ranked[0][0] > within_metres:
        return None
    metres, area = ranked[0]
    return index.keys[area], float(metres)


class Doubt(StrEnum):
    """Why a fix may not be where the phone was. None of them is a reason to refuse a visit."""

    NULL_ISLAND = "null_island"
    SWAPPED = "swapped"
    OUTSIDE_VIETNAM = "outside_vietnam"
    COARSE = "coarse"
    ROUNDED = "rounded"
    TOO_FAST = "too_fast"


@dataclass(frozen=True, slots=True)
class Fix:
    """One answer of a positioning device: place in WGS 84, accuracy as a 68 % radius in metres, and when."""

    place: LonLat
    accuracy_metres: float | None = None
    at: datetime | None = None


def doubts(fix: Fix, before: Fix | None = None, world: BBox = VIETNAM) -> frozenset[Doubt]:
    """Say what speaks against a fix; empty when it is believable. `before`: the same phone's last fix."""
    place = fix.place
    found = set()
    if abs(place.lon) < 0.01 and abs(place.lat) < 0.01:
        found.add(Doubt.NULL_ISLAND)
    elif not _holds(world, place):
        swapped = _holds(world, LonLat(place.lat, place.lon))
        found.add(Doubt.SWAPPED if swapped else Doubt.OUTSIDE_VIETNAM)
    if fix.accuracy_metres is not None and fix.accuracy_metres > COARSE_METRES:
        found.add(Doubt.COARSE)
    if all(round(degrees, FINE_DIGITS - 1) == degrees for degrees in place):
        found.add(Doubt.ROUNDED)
    if before is not None and _is_too_fast(before, fix):
        found.add(Doubt.TOO_FAST)
    return frozenset(found)


def _is_too_fast(before: Fix, fix: Fix) -> bool:
    if before.at is None or fix.at is None:
        return False
    seconds = abs((fix.at - before.at).total_seconds())
    blur = (before.accuracy_metres or 0.0) + (fix.accuracy_metres or 0.0)
    metres = metres_between(before.place, fix.place) - blur
    return metres > FASTEST_METRES_PER_SECOND * max(seconds, 1.0)


def _holds(box: BBox, place: LonLat) -> bool:
    return box.west <= place.lon <= box.east and box.south <= place.lat <= box.north

"""Which area holds this place, and is this GPS fix believable."""

from collections.abc import Iterable, Mapping
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

Key = TypeVar("Key", int, str)

FASTEST_METRES_PER_SECOND = 40.0  # a motorbike on a good road, with room for the errors of two fixes
COARSE_METRES = 100.0  # beyond this a fix names a village, not a door
FINE_DIGITS = 4  # 0.001 degree is 110 m: coordinates given no finer were typed or masked


@dataclass(frozen=True, slots=True)
class AreaIndex(Generic[Key]):
    """Areas prepared for many questions, in the order in which they answer: the deepest level first, of these the
    smallest, of these the lowest code. Keys, depths, WGS 84 boundaries, and their tree.
    """

    keys: tuple[Key, ...]
    depths: tuple[int, ...]
    boundaries: tuple[BaseGeometry, ...]
    tree: shapely.STRtree


class Why(StrEnum):
    """Why an area is the answer to "where is this?"."""

    ONLY_ONE = "only_one"  # on its level no other holds the place
    SMALLER = "smaller"  # several hold it; this is the smallest and would lose the largest share of itself
    LOWER_CODE = "lower_code"  # several of the same size hold it
    NEAREST = "nearest"  # none holds it
    NOWHERE = "nowhere"  # none holds it, and none is near


@dataclass(frozen=True, slots=True)
class Located(Generic[Key]):
    """Where a place is: in `key`, for the reason `why`.

    `among`: all of the deepest level that hold the place, the answer first. `above`: those of the levels over it.
    `metres` to the nearest area where none holds the place, 0 inside.
    """

    key: Key | None
    why: Why
    among: tuple[Key, ...] = ()
    above: tuple[Key, ...] = ()
    metres: float = 0.0


def area_index(areas: Iterable[tuple[Key, BaseGeometry]], depths: Mapping[Key, int] | None = None) -> AreaIndex[Key]:
    """Prepare (key, WGS 84 boundary) pairs; empty boundaries are left out.

    `depths`: how deep in the tree of areas a key is, villages deeper than communes; 0 for keys it does not name.
    """
    deep = depths or {}
    kept = sorted(
        (pair for pair in areas if not pair[1].is_empty),
        key=lambda pair: (-deep.get(pair[0], 0), pair[1].area, pair[0]),
    )
    boundaries = tuple(boundary for _, boundary in kept)
    shapely.prepare(np.array(boundaries, dtype=object))
    keys = tuple(key for key, _ in kept)
    return AreaIndex(keys, tuple(deep.get(key, 0) for key in keys), boundaries, shapely.STRtree(boundaries))


def areas_at(index: AreaIndex[Key], place: LonLat) -> tuple[Key, ...]:
    """Return every area that holds a WGS 84 place, the deepest first, of these the smallest.

    The border belongs to its area, so a place on a shared border, or where boundaries overlap, has several
    answers; `located` chooses one of them by rule.
    """
    return areas_of(index, [place])[0]


def areas_of(index: AreaIndex[Key], lonlats: npt.ArrayLike) -> list[tuple[Key, ...]]:
    """Answer `areas_at` for (n, 2) WGS 84 places at once."""
    return [tuple(index.keys[area] for area in areas) for areas in _positions(index, lonlats)]


def located(index: AreaIndex[Key], lonlats: npt.ArrayLike, within_metres: float = 2000.0) -> list[Located[Key]]:
    """Say for each of (n, 2) WGS 84 places which one area it is in, and by which rule.

    The deepest level decides; where boundaries of one level overlap the smaller area, and of equal ones that with the
    lower code. Outside of all, the nearest within so many metres is named with its distance.
    """
    places = np.asarray(lonlats, dtype=np.float64).reshape(-1, 2)
    found = zip(places.tolist(), _positions(index, places), strict=True)
    return [_chosen(index, areas) if areas else _near(index, LonLat(*place), within_metres) for place, areas in found]


def nearest_area(index: AreaIndex[Key], place: LonLat, within_metres: float) -> tuple[Key, float] | None:
    """Return the area nearest to a WGS 84 place and its distance in metres, 0 inside.

    None when all are farther than `within_metres`. Of several equally near the one `located` would choose.
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


def _positions(index: AreaIndex[Key], lonlats: npt.ArrayLike) -> list[list[int]]:
    points = np.asarray(shapely.points(np.asarray(lonlats, dtype=np.float64).reshape(-1, 2)))
    found: list[list[int]] = [[] for _ in points]
    for point, area in zip(*index.tree.query(points, predicate="covered_by"), strict=True):
        found[point].append(int(area))
    return [sorted(areas) for areas in found]


def _chosen(index: AreaIndex[Key], areas: list[int]) -> Located[Key]:
    first = areas[0]
    level = [area for area in areas if index.depths[area] == index.depths[first]]
    above = tuple(index.keys[area] for area in areas[len(level) :])
    among = tuple(index.keys[area] for area in level)
    if len(level) == 1:
        why = Why.ONLY_ONE
    else:
        same_size = index.boundaries[first].area == index.boundaries[level[1]].area
        why = Why.LOWER_CODE if same_size else Why.SMALLER
    return Located(index.keys[first], why, among, above)


def _near(index: AreaIndex[Key], place: LonLat, within_metres: float) -> Located[Key]:
    nearest = nearest_area(index, place, within_metres)
    if nearest is None:
        return Located(None, Why.NOWHERE)
    key, metres = nearest
    return Located(key, Why.NEAREST, metres=metres)


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

"""What can be wrong with areas: what, which, where, how large, and what would mend it. And one area by itself.

The areas are those of one level: communes of a province, villages of a commune. Everything is WGS 84; sizes are
geodesic square metres. `mending.mended` does what a finding offers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_layers.boundary import Problem, main_part, repaired, with_rings_closed
from gis_layers.errors import BadGeometryError
from gis_layers.measure import area_square_metres, on_own_planes
from gis_layers.types import LonLat

LEAST_SQUARE_METRES = 100.0  # a house and its yard: below that no door changes hands
SLIVER_METRES = 15.0  # strips narrower than this are errors of drawing: half a millimetre on a map of 1 : 25,000


class Kind(StrEnum):
    """What can be wrong."""

    EMPTY = "empty"
    NOT_A_SURFACE = "not_a_surface"
    OUT_OF_RANGE = "out_of_range"
    UNCLOSED = "unclosed"
    CROSSES_ITSELF = "crosses_itself"
    OPEN_OR_SPIKY = "open_or_spiky"
    NOT_ONLY_SURFACES = "not_only_surfaces"
    DUPLICATE = "duplicate"  # the same ground under two codes
    NESTED = "nested"  # one inside the other
    OVERLAP = "overlap"
    SLIVER_OVERLAP = "sliver_overlap"
    GAP = "gap"
    SLIVER_GAP = "sliver_gap"
    OUTSIDE_PARENT = "outside_parent"
    SLIVER_OUTSIDE = "sliver_outside"
    FAR_PART = "far_part"  # islands, as a rule: told, never changed


class Remedy(StrEnum):
    """What can be done about it. The first three are done at once: without them there is no boundary."""

    CLOSE = "close"  # draw the last side of a ring
    CUT = "cut"  # cut at the crossings, keep what is enclosed
    KEEP_SURFACES = "keep_surfaces"  # drop the lines and points
    GIVE = "give"  # give ground that several claim to one of them
    YIELD = "yield"  # give it up to an area that was there before
    FILL = "fill"  # give ground that nobody claims to a neighbour
    CLIP = "clip"  # take off what lies outside the parent


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    `areas`: positions in the list that was given. `at`: a place in the middle of it, for a map to go to. `ground`: the
    land it is about. `changes`: (position, square metres won or lost) by the remedy as it would be done by default.
    """

    kind: Kind
    areas: tuple[int, ...]
    at: LonLat | None = None
    square_metres: float = 0.0
    remedy: Remedy | None = None
    changes: tuple[tuple[int, float], ...] = ()
    ground: MultiPolygon | None = None


@dataclass(frozen=True, slots=True)
class Alone:
    """An area by itself: its boundary after the repairs without which there is none, and what they were."""

    boundary: MultiPolygon | None
    findings: tuple[Finding, ...]


def alone(position: int, shape: BaseGeometry | bytes | None) -> Alone:
    """Look at one area: a WGS 84 shape, or WKB as a file holds it, whose rings may be open.

    No boundary when it is empty, holds no surface or lies off the earth: then the finding offers no remedy.
    """
    found: list[Finding] = []
    try:
        given, was_open = with_rings_closed(shape) if isinstance(shape, bytes) else (shape, False)
        repair = repaired(given)
    except BadGeometryError as error:
        return Alone(None, (Finding(_REFUSED.get(str(error.facts["reason"]), Kind.EMPTY), (position,)),))
    boundary = repair.boundary
    size = area_square_metres(boundary) if was_open or repair.problem else 0.0
    if was_open:
        found.append(Finding(Kind.UNCLOSED, (position,), middle(boundary), size, Remedy.CLOSE, ((position, 0.0),)))
    if repair.problem is not None:
        kind, remedy = _MENDED[repair.problem]
        changed = size * repair.changed_share / (1 + repair.changed_share)
        at = repair.place or middle(boundary)
        found.append(Finding(kind, (position,), at, changed, remedy, ((position, changed),)))
    return Alone(boundary, tuple(found) + tuple(_far_parts(position, boundary)))


def described(
    kind: Kind, areas: Iterable[int], parts: Sequence[Polygon], remedy: Remedy | None, winner: int | None
) -> Finding:
    """Return the finding about some ground, whose largest part is shown on a map.

    `winner` would keep ground that all of `areas` claim, or be given ground that none does.
    """
    sizes = [area_square_metres(part) for part in parts]
    size = sum(sizes)
    among = tuple(areas)
    if remedy is Remedy.FILL and winner is not None:
        changes: tuple[tuple[int, float], ...] = ((winner, size),)
    else:
        changes = tuple((area, -size) for area in among if area != winner) if remedy else ()
    largest = parts[int(np.argmax(sizes))]
    return Finding(kind, among, middle(largest), size, remedy, changes, MultiPolygon(parts))


def middle(shape: BaseGeometry) -> LonLat:
    """Return a place inside a shape, near its middle."""
    inside = shapely.point_on_surface(shape)
    return LonLat(float(inside.x), float(inside.y))


def split(ground: BaseGeometry) -> tuple[list[Polygon], list[Polygon]]:
    """Return the wide and the thin parts of some ground; specks under a square metre are dropped."""
    parts = polygons(ground)
    flat = on_own_planes(parts)
    is_thin = 2 * shapely.area(flat) < SLIVER_METRES * shapely.length(flat)  # by the mean width
    return list(parts[~is_thin]), list(parts[is_thin])


def polygons(shape: BaseGeometry) -> npt.NDArray[np.object_]:
    """Return the surfaces of a square metre or more; borders that only touch leave lines and points."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    large: npt.NDArray[np.object_] = parts[shapely.area(on_own_planes(parts)) >= 1.0]
    return large


def is_worth_telling(parts: Sequence[Polygon]) -> bool:
    """Say whether ground is large enough to matter to somebody's door."""
    return bool(shapely.area(on_own_planes(parts)).sum() >= LEAST_SQUARE_METRES)


def _far_parts(position: int, boundary: MultiPolygon) -> list[Finding]:
    main = main_part(boundary)
    if len(main.geoms) == len(boundary.geoms):
        return []
    near = set(main.geoms)
    far = [part for part in boundary.geoms if part not in near]
    return [described(Kind.FAR_PART, (position,), far, None, None)]


_REFUSED = {
    "empty": Kind.EMPTY,
    "not_wkb": Kind.EMPTY,
    "no_surface": Kind.NOT_A_SURFACE,
    "not_a_surface": Kind.NOT_A_SURFACE,
    "not_on_earth": Kind.OUT_OF_RANGE,
    "not_a_number": Kind.OUT_OF_RANGE,
}
_MENDED = {
    Problem.CROSSES_ITSELF: (Kind.CROSSES_ITSELF, Remedy.CUT),
    Problem.OPEN_OR_SPIKY: (Kind.OPEN_OR_SPIKY, Remedy.CUT),
    Problem.NOT_ONLY_SURFACES: (Kind.NOT_ONLY_SURFACES, Remedy.KEEP_SURFACES),
}

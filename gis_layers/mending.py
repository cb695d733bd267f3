"""Do what a finding offers: new boundaries, the old ones untouched."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_layers.errors import BadGeometryError
from gis_layers.findings import SLIVER_METRES, Finding, Kind, Remedy
from gis_layers.measure import METRES_PER_DEGREE, area_square_metres

Boundaries = Sequence[MultiPolygon | None]
LARGE = frozenset((Kind.DUPLICATE, Kind.NESTED, Kind.OVERLAP))


def mended(boundaries: Boundaries, finding: Finding, to: int | None = None) -> list[MultiPolygon | None]:
    """Return the boundaries of an examination with one finding's remedy done.

    `to` (a position): who keeps ground that several claim, or gets ground that none does; None: as the finding's
    `changes` say. What a finding is about belongs to no other, so that findings can be mended in any order.
    BadGeometryError(reason) "no_remedy" when none is offered, "not_concerned" when `to` is none of its areas,
    "nothing_left" (area) when another would lose all its ground.
    """
    ground = finding.ground
    if finding.remedy in {Remedy.CLOSE, Remedy.CUT, Remedy.KEEP_SURFACES}:
        return list(boundaries)  # done already: without it there is no boundary
    if finding.remedy is None or ground is None:
        raise BadGeometryError(reason="no_remedy")
    if to is not None and to not in finding.areas:
        raise BadGeometryError(reason="not_concerned", area=to)
    made = list(boundaries)
    if finding.remedy is Remedy.FILL:
        winner = finding.changes[0][0] if to is None else to
        made[winner] = _surface(shapely.union(_boundary(made, winner), ground))
        return made
    losers = [area for area, _ in finding.changes] if to is None else [area for area in finding.areas if area != to]
    for area in losers:
        made[area] = _without(_boundary(made, area), ground, area)
    return made


def cleaned(boundaries: Boundaries, findings: Sequence[Finding]) -> list[MultiPolygon | None]:
    """Return the boundaries as one coverage: slivers gone, common borders the same corner for corner.

    A sliver goes to the neighbour with the longest common border (GEOS CoverageCleaner, JTS 1.20). Areas that a large
    overlap is about are left as they are, for a person must say whose it is; clean again after that.
    """
    open_questions = {area for finding in findings if finding.kind in LARGE for area in finding.areas}
    sound = [at for at, one in enumerate(boundaries) if one is not None and at not in open_questions]
    made = list(boundaries)
    if len(sound) < 2:
        return made
    before = np.array([boundaries[at] for at in sound], dtype=object)
    # type: the stubs are older than the function
    after = shapely.coverage_clean(before, gap_width=SLIVER_METRES / METRES_PER_DEGREE)  # type: ignore[attr-defined]
    for at, one in zip(sound, after, strict=True):
        surface = _surface(one)
        if not surface.is_empty:
            made[at] = surface
    return made


def _boundary(boundaries: Boundaries, area: int) -> MultiPolygon:
    boundary = boundaries[area]
    if boundary is None:
        raise BadGeometryError(reason="nothing_left", area=area)
    return boundary


def _without(boundary: MultiPolygon, ground: MultiPolygon, area: int) -> MultiPolygon:
    left = _surface(shapely.difference(boundary, ground))
    if left.is_empty:
        raise BadGeometryError(reason="nothing_left", area=area)
    return left


def _surface(shape: BaseGeometry) -> MultiPolygon:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return MultiPolygon([one for one in parts if isinstance(one, Polygon) and area_square_metres(one) >= 1.0])

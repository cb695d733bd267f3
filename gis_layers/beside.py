"""Examine new areas beside those that are there already: what is there stays as it is, the new ones give way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely import MultiPolygon

from gis_layers.examine import ALL_OF_IT, MOST_WON, examined, neighbour_with_longest_border
from gis_layers.findings import Finding, Kind, Remedy, polygons
from gis_layers.measure import area_square_metres

GAPS = frozenset((Kind.GAP, Kind.SLIVER_GAP))


@dataclass(frozen=True, slots=True)
class BesideFinding:
    """A finding about new areas and known ones. `areas` of it count on: first the new ones, then the known ones.

    `parent`: the position of the parent whose outline it is about; None when it is about the areas alone.
    """

    finding: Finding
    parent: int | None = None


def examined_beside(
    new: Sequence[MultiPolygon],
    known: Sequence[MultiPolygon],
    parents: Sequence[tuple[MultiPolygon, tuple[int, ...]]] = (),
) -> list[BesideFinding]:
    """Say what is wrong with new areas of one level (WGS 84), among themselves and beside known ones of that level.

    What only known areas are about is not told. Ground that new and known ones claim is given up by the new ones
    (Remedy.YIELD) unless nothing would be left of one. `parents`: outlines, each with the positions of the areas that
    belong to it; of these also what of the outline nobody covers and what lies outside of it.
    """
    everything = (*new, *known)
    found = [_beside(finding, everything, len(new)) for finding in examined(everything).findings]
    outlines = [outline for outline, _ in parents]
    told = [
        BesideFinding(one) for one in found if one is not None and not (one.kind in GAPS and _is_within(one, outlines))
    ]
    for at, (outline, members) in enumerate(parents):
        told += [BesideFinding(one, at) for one in _of_outline(outline, members, everything, len(new))]
    return told


def _of_outline(
    outline: MultiPolygon, members: tuple[int, ...], everything: Sequence[MultiPolygon], first_known: int
) -> Iterator[Finding]:
    """Yield what of an outline none covers, and what of its new areas lies outside."""
    around = shapely.box(*outline.bounds)
    near = [at for at, one in enumerate(everything) if at in members or shapely.intersects(around, one)]
    for finding in examined([everything[at] for at in near], outline).findings:
        placed = replace(
            finding,
            areas=tuple(near[at] for at in finding.areas),
            changes=tuple((near[at], won) for at, won in finding.changes),
        )
        if finding.kind in {Kind.OUTSIDE_PARENT, Kind.SLIVER_OUTSIDE}:
            if placed.areas[0] in members and placed.areas[0] < first_known:
                yield placed
        elif finding.kind in GAPS:
            beside = _beside(placed, everything, first_known) if placed.areas else placed
            if beside is not None:
                yield beside


def _beside(finding: Finding, everything: Sequence[MultiPolygon], first_known: int) -> Finding | None:
    """The finding with a remedy that changes new areas only; None when it is about known ones only."""
    fresh = tuple(area for area in finding.areas if area < first_known)
    if not fresh:
        return None
    if len(fresh) == len(finding.areas) or finding.ground is None or finding.remedy is None:
        return finding
    if finding.remedy is Remedy.FILL:
        return _filled(finding, finding.ground, {area: everything[area] for area in fresh})
    size = finding.square_metres
    if any(size >= ALL_OF_IT * area_square_metres(everything[area]) for area in fresh):
        return replace(finding, remedy=None, changes=())
    return replace(finding, remedy=Remedy.YIELD, changes=tuple((area, -size) for area in fresh))


def _filled(finding: Finding, ground: MultiPolygon, fresh: dict[int, MultiPolygon]) -> Finding:
    """Ground that nobody covers goes to a new neighbour, if it is no more than a corner of it."""
    winner = neighbour_with_longest_border(list(polygons(ground)), fresh)
    if winner is None or finding.square_metres > MOST_WON * area_square_metres(fresh[winner]):
        return replace(finding, remedy=None, changes=())
    return replace(finding, changes=((winner, finding.square_metres),))


def _is_within(finding: Finding, outlines: Sequence[MultiPolygon]) -> bool:
    return finding.at is not None and any(shapely.intersects_xy(one, *finding.at) for one in outlines)

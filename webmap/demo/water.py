"""Water and fields: the river in its bed, canals in straight families, ponds between the houses, blocks of paddy."""

import itertools

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Polygon

from webmap.demo.frame import Floats
from webmap.demo.plans import Outline

Lines = NDArray[np.object_]

RIVER_METRES = 72.0
CANAL_METRES = 5.0
DITCH_METRES = 2.4
SMALLEST_FIELD_SQUARE_METRES = 1_500.0


def smooth(corners: Floats, step: float = 25.0) -> Floats:
    """Run a soft curve through all corners (Catmull-Rom spline), with a point about every `step` metres."""
    ends = np.vstack([2 * corners[0] - corners[1], corners, 2 * corners[-1] - corners[-2]])
    pieces = [corners[:1]]
    for before, here, there, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        t = np.linspace(0, 1, max(2, int(np.hypot(*(there - here)) / step)) + 1)[1:, None]
        curve = (
            2 * here
            + (there - before) * t
            + (2 * before - 5 * here + 4 * there - after) * t**2
            + (3 * here - before - 3 * there + after) * t**3
        ) / 2
        curve[-1] = there
        pieces.append(curve)
    return np.vstack(pieces)


def river_bed(course: LineString | None) -> Outline:
    """Give a river its banks. Its width depends on the place alone, so that neighbours draw the same river."""
    if course is None:
        return Polygon()
    centres = shapely.get_coordinates(shapely.segmentize(course, 60.0))
    swell = 8 * np.sin(centres[:, 0] / 310) + 5 * np.sin(centres[:, 0] / 127 + 1)
    disks = shapely.buffer(shapely.points(centres), RIVER_METRES / 2 + swell, quad_segs=6)
    bed = shapely.union_all([*disks, course.buffer(RIVER_METRES * 0.42, quad_segs=3)])
    return areas(shapely.simplify(bed.buffer(22).buffer(-22), 2.0))


def canal_grid(outline: Outline, heading: float, dice: np.random.Generator) -> tuple[Lines, Lines]:
    """Draw canals along `heading` across a whole commune, and ditches from each to the next."""
    west, south, east, north = outline.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    reach = np.hypot(east - west, north - south) / 2
    along = np.array([np.cos(heading), np.sin(heading)])
    across = np.array([-along[1], along[0]])
    offsets = -reach + np.cumsum(dice.uniform(300, 460, int(2 * reach / 300) + 1))
    middles = middle + offsets[:, None] * across
    main = np.stack([middles - reach * along, middles + reach * along], axis=1)
    ditches = []
    for near, far in itertools.pairwise(offsets):
        places = -reach + np.cumsum(dice.uniform(95, 230, int(2 * reach / 95)))
        feet = middle + places[:, None] * along
        ditches.append(np.stack([feet + near * across, feet + far * across], axis=1))
    return np.asarray(shapely.linestrings(main)), np.asarray(shapely.linestrings(np.concatenate(ditches)))


def keep_on(lines: Lines, land: Outline, shortest: float) -> Lines:
    """Cut lines to the land and drop the scraps."""
    parts = shapely.get_parts(shapely.intersection(lines, land))
    return np.asarray(parts[shapely.length(parts) >= shortest], dtype=np.object_)


def fields(land: Outline, main: Lines, ditches: Lines) -> list[Polygon]:
    """Cut the land that water leaves dry into blocks of paddy."""
    wet = shapely.union_all(
        np.concatenate(
            [
                shapely.buffer(main, CANAL_METRES / 2 + 1.5, cap_style="flat"),
                shapely.buffer(ditches, DITCH_METRES / 2 + 0.6, cap_style="flat"),
            ]
        )
    )
    blocks = shapely.get_parts(shapely.simplify(shapely.difference(land, wet), 1.0))
    return [block for block in blocks if block.area >= SMALLEST_FIELD_SQUARE_METRES]


def ponds(places: Floats, dice: np.random.Generator) -> list[Polygon]:
    """Dig a pond of uneven shape at each place."""
    turn = np.linspace(0, 2 * np.pi, 11)[:-1]
    dug = []
    for x, y in places:
        radius = dice.uniform(9, 24) * dice.uniform(0.75, 1.2, len(turn))
        stretch, tilt = dice.uniform(0.5, 1.0), dice.uniform(0, np.pi)
        ring = np.column_stack([radius * np.cos(turn), stretch * radius * np.sin(turn)])
        spin = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
        dug.append(shapely.simplify(Polygon(ring @ spin + (x, y)).buffer(4, quad_segs=3), 0.5))
    return dug


def areas(shape: shapely.Geometry) -> Outline:
    """Keep the parts that have an area."""
    if isinstance(shape, Polygon | MultiPolygon):
        return shape
    return MultiPolygon([part for part in shapely.get_parts(shape) if isinstance(part, Polygon)])

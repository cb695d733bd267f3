"""Where the communes of a world lie: on a grid, neighbours kept together, with rivers and roads between."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString

from webmap.demo.frame import Floats
from webmap.demo.plans import Outline
from webmap.demo.water import smooth

Square = tuple[int, int]
Point = tuple[float, float]

SQUARE_METRES = 3_400.0
RIVER_EVERY_ROWS = 2
RIVER_STEP_METRES = 60.0


def squares_in_order(count: int) -> list[Square]:
    """The first squares of a Hilbert curve: whoever takes a run of them has a compact piece of land."""
    size = 1
    while size * size < count:
        size *= 2
    return [_on_hilbert_curve(size, step) for step in range(count)]


def _on_hilbert_curve(size: int, step: int) -> Square:
    """Column and row of one step of the curve (the usual bit walk, as in Warren, *Hacker's Delight*)."""
    x = y = 0
    side = 1
    while side < size:
        right = 1 & (step // 2)
        up = 1 & (step ^ right)
        if up == 0:
            if right == 1:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        x, y = x + side * right, y + side * up
        step //= 4
        side *= 2
    return x, y


def with_ring(squares: list[Square]) -> list[Square]:
    """The squares, and after them all that touch one: the land beyond the border."""
    own = set(squares)
    ring = {(x + dx, y + dy) for x, y in squares for dx in (-1, 0, 1) for dy in (-1, 0, 1)} - own
    return squares + sorted(ring)


def centre_of(square: Square, seed: int) -> Point:
    """The crossroads of a square's commune, pushed off its middle."""
    push = np.random.default_rng([seed, 4, square[0] + 10, square[1] + 10]).uniform(-0.15, 0.15, 2)
    x, y = (np.array(square) + 0.5 + push) * SQUARE_METRES
    return float(x), float(y)


def neighbours(square: Square) -> list[Square]:
    """Where roads lead: east and west from everywhere, north and south in every other column."""
    x, y = square
    return [(x - 1, y), (x + 1, y)] + ([(x, y - 1), (x, y + 1)] if x % 2 == 0 else [])


def gate(centre: Point, other: Point, outline: Outline) -> Point:
    """Where the straight way between two communes' centres crosses their border, nearest to half-way."""
    way = LineString([centre, other])
    crossings = shapely.get_coordinates(shapely.intersection(way, shapely.boundary(outline)))
    if len(crossings) == 0:
        return (centre[0] + other[0]) / 2, (centre[1] + other[1]) / 2
    half_way = shapely.get_coordinates(way.interpolate(0.5, normalized=True))
    x, y = crossings[np.argmin(np.hypot(*(crossings - half_way).T))]
    return float(x), float(y)


def road(centre: Point, end: Point, dice: np.random.Generator) -> LineString:
    """A road from a crossroads to the border, with a bend or two."""
    along = np.subtract(end, centre)
    across = np.array([-along[1], along[0]]) / np.hypot(*along)
    bends = np.array(centre) + np.array([0.35, 0.7])[:, None] * along
    bends += dice.uniform(-85, 85, 2)[:, None] * across
    return LineString(smooth(np.vstack([centre, bends, end])))


def river_row(square: Square) -> int:
    """The row of borders along which the river nearest to a square runs."""
    return square[1] + (square[1] + 1) % RIVER_EVERY_ROWS


def river_of(square: Square, outline: Outline, seed: int) -> LineString | None:
    """The course of the river that this commune touches, if one does, from before the commune to behind it."""
    boundary_row = river_row(square)
    west, _, east, _ = outline.bounds
    first = np.floor(west / RIVER_STEP_METRES) - 8
    x = np.arange(first, np.ceil(east / RIVER_STEP_METRES) + 9) * RIVER_STEP_METRES
    phase = np.random.default_rng([seed, 5, boundary_row + 10]).uniform(0, 2 * np.pi, 2)
    y = boundary_row * SQUARE_METRES + 330 * np.sin(x / 830 + phase[0]) + 150 * np.sin(x / 330 + phase[1])
    course = LineString(np.column_stack([x, y]))
    return course if course.distance(outline) < 60 else None


def village_centres(
    cells: Floats, count: int, roads: list[LineString], river: LineString | None, dice: np.random.Generator
) -> Floats:
    """Choose where villages began: near a road or the river, on dry ground, apart from each other."""
    places = shapely.points(cells)
    to_road = shapely.distance(places, shapely.multilinestrings(roads))
    liking = np.exp(-to_road / 350)
    if river is not None:
        to_river = shapely.distance(places, river)
        liking = np.where(to_river < 140, 1e-6, liking + 0.8 * np.exp(-to_river / 300))
    liking = np.log(liking) + dice.gumbel(0, 0.7, len(cells))
    chosen: list[int] = []
    for _ in range(count):
        away = np.full(len(cells), np.inf)
        for other in chosen:
            away = np.minimum(away, np.hypot(*(cells - cells[other]).T))
        crowding = np.where(away < 900, -8 * (1 - away / 900), 0.0)
        chosen.append(int(np.argmax(np.where(away > 0, liking + crowding, -np.inf))))
    return cells[chosen]


def labels_by_village(
    cells: Floats, commune: NDArray[np.int64], centres: list[Floats]
) -> tuple[NDArray[np.int64], Floats]:
    """Give every cell of a commune to the nearest of its villages. Also all centres, in one list."""
    labels = np.full(len(cells), -1, dtype=np.int64)
    before = 0
    for number, its in enumerate(centres):
        own = np.flatnonzero(commune == number)
        squares = np.square(cells[own][:, None, :] - its[None, :, :]).sum(axis=2)
        labels[own] = before + np.argmin(squares, axis=1)
        before += len(its)
    return labels, np.concatenate(centres)

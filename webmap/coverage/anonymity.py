"""Which counts may be shown to somebody who may not see persons: docs/decisions/0006-counts-that-name-nobody.md.

Everything shown is a sum of whole blocks. Blocks do not overlap, and each holds at least `smallest` households. So
whatever is added to or subtracted from what is shown, nothing smaller than a block ever comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FINEST, COARSEST = 14, 8  # zooms between which squares of a village may be published; below 8 they are summed up
TOP = 4


@dataclass(frozen=True, slots=True)
class Place:
    """An area: the households of its own, and the areas right below it."""

    own: int
    below: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Doors of one area in one square: `z`, `column`, `row` of the grid with 64 squares to a tile's side."""

    z: int
    column: int
    row: int
    doors: tuple[tuple[int, int], ...]  # squares of zoom 14


@dataclass(frozen=True, slots=True)
class Shown:
    """Areas whose total may be shown, and those whose own doors are a part that may be divided further."""

    totals: frozenset[int]
    owns: frozenset[int]


def shown_areas(places: Mapping[int, Place], tops: list[int], smallest: int) -> Shown:
    """Choose the areas that may be shown, from the top down.

    What is below a shown area is divided only so that each shown part, and all hidden parts together, hold
    `smallest` households or none. Where the hidden ones are too few, the smallest shown part is hidden with them.
    """
    sizes: dict[int, int] = {}
    for top in tops:
        _measure(places, top, sizes)
    totals = {top for top in tops if sizes[top] >= smallest}
    owns: set[int] = set()
    waiting = sorted(totals)
    while waiting:
        area_id = waiting.pop()
        place = places[area_id]
        parts = {below: sizes[below] for below in place.below}
        parts[-area_id] = place.own  # the doors of its own are a part like the others
        for part in _divided(parts, smallest):
            if part < 0:
                owns.add(area_id)
            else:
                totals.add(part)
                waiting.append(part)
    return Shown(frozenset(totals), frozenset(owns))


def blocks(squares: Mapping[tuple[int, int], int], unplaced: int, smallest: int) -> list[Block]:
    """Divide the doors of one area into blocks, each as fine as it may be.

    `squares` counts the doors of each square of zoom 14. A square with enough becomes a block; what is left over goes
    into the square of the next zoom out, and so on. What is left at the end, with the doors that have no place, is
    never shown; where that is too few, the smallest block joins it.
    """
    made: list[tuple[int, Block]] = []
    left = {square: doors for square, doors in squares.items() if doors > 0}
    for z in range(FINEST, COARSEST - 1, -1):
        groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for column, row in left:
            groups.setdefault((column >> (FINEST - z), row >> (FINEST - z)), []).append((column, row))
        for (column, row), members in sorted(groups.items()):
            many = sum(left[member] for member in members)
            if many >= smallest:
                made.append((many, Block(z, column, row, tuple(sorted(members)))))
                for member in members:
                    del left[member]
    hidden = unplaced + sum(left.values())
    made.sort(key=lambda pair: (-pair[0], pair[1].z, pair[1].column, pair[1].row))
    while made and 0 < hidden < smallest:
        hidden += made.pop()[0]
    return [block for _, block in made]


def drawn_at(block: Block, z: int) -> tuple[int, int, int]:
    """Where a block is drawn at a zoom: column, row, and how many squares wide. Finer ones lie inside a square."""
    if z <= block.z:
        return block.column >> (block.z - z), block.row >> (block.z - z), 1
    return block.column << (z - block.z), block.row << (z - block.z), 1 << (z - block.z)


def _divided(parts: Mapping[int, int], smallest: int) -> list[int]:
    shown = sorted((many, part) for part, many in parts.items() if many >= smallest)
    hidden = sum(many for many in parts.values() if many < smallest)
    while shown and 0 < hidden < smallest:
        hidden += shown.pop(0)[0]
    return [part for _, part in shown]


def _measure(places: Mapping[int, Place], area_id: int, sizes: dict[int, int]) -> int:
    place = places[area_id]
    sizes[area_id] = place.own + sum(_measure(places, below, sizes) for below in place.below)
    return sizes[area_id]

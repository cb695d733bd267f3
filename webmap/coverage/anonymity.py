"""Which counts may be shown to somebody who may not see persons: docs/decisions/0006-counts-that-name-nobody.md.

Everything shown is a sum of whole blocks. Blocks do not overlap, and each holds at least `smallest` households. So
whatever is added to or subtracted from what is shown, nothing smaller than a block ever comes out.
"""

from collections.abc import Iterable, Mapping
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
    """What may be shown of areas.

    `counted`: of each area that has a public total, the areas whose own doors are in it. `divisible`: areas whose own
    doors are a block by themselves, and may be divided further on the map.
    """

    counted: dict[int, tuple[int, ...]]
    divisible: frozenset[int]


def shown_areas(places: Mapping[int, Place], tops: Iterable[int], smallest: int) -> Shown:
    """Group the doors of areas into blocks, from the bottom up.

    An area with enough doors of its own is a block. What has too few is left over to the area above, where all that is
    left over makes one block if it is enough, and else goes up further. A public total adds the blocks below it; what
    is left over at the very top is in no total.
    """
    counted: dict[int, tuple[int, ...]] = {}
    divisible: set[int] = set()

    def group(area_id: int) -> tuple[list[int], list[int]]:
        place = places[area_id]
        inside: list[int] = []
        left: list[int] = []
        for below in place.below:
            more, rest = group(below)
            inside += more
            left += rest
        if place.own >= smallest:
            inside.append(area_id)
            divisible.add(area_id)
        elif place.own:
            left.append(area_id)
        if sum(places[one].own for one in left) >= smallest:
            inside, left = inside + left, []
        if inside:
            counted[area_id] = tuple(inside)
        return inside, left

    for top in tops:
        group(top)
    return Shown(counted, frozenset(divisible))


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

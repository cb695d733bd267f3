"""Whatever is added to or subtracted from what is shown, nothing of fewer than k households comes out."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from webmap.coverage.anonymity import FINEST, TOP, Place, blocks, drawn_at, shown_areas

squares = st.dictionaries(st.tuples(st.integers(0, 300), st.integers(0, 300)), st.integers(1, 25), max_size=40)


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[int, Place], list[int]]:
    many = draw(st.integers(1, 14))
    parents = [draw(st.integers(0, number - 1)) if number else None for number in range(many)]
    own = [draw(st.sampled_from([0, 0, 1, 3, 9, 10, 12, 40])) for _ in range(many)]
    below = [tuple(child + 1 for child in range(many) if parents[child] == number) for number in range(many)]
    return {number + 1: Place(own[number], below[number]) for number in range(many)}, [1]


@given(doors=squares, unplaced=st.integers(0, 30), smallest=st.sampled_from([1, 5, 10]))
def test_blocks_do_not_overlap_and_none_is_small(
    doors: dict[tuple[int, int], int], unplaced: int, smallest: int
) -> None:
    made = blocks(doors, unplaced, smallest)

    members = [square for block in made for square in block.doors]
    hidden = sum(doors.values()) + unplaced - sum(doors[square] for square in members)
    assert len(members) == len(set(members))
    assert all(sum(doors[square] for square in block.doors) >= smallest for block in made)
    assert hidden == 0 or hidden >= smallest or not made


@given(doors=squares, smallest=st.sampled_from([5, 10]))
def test_a_block_is_drawn_at_every_zoom_where_its_doors_are(doors: dict[tuple[int, int], int], smallest: int) -> None:
    for block in blocks(doors, 0, smallest):
        for z in range(TOP, FINEST + 1):
            column, row, size = drawn_at(block, z)
            for x, y in block.doors:
                assert column <= x >> (FINEST - z) < column + size
                assert row <= y >> (FINEST - z) < row + size
            assert column & 63 <= 64 - size  # never across the edge of a tile


@given(drawn=trees(), smallest=st.sampled_from([5, 10]))
def test_no_sum_or_difference_of_area_totals_is_small(drawn: tuple[dict[int, Place], list[int]], smallest: int) -> None:
    places, tops = drawn
    shown = shown_areas(places, tops, smallest)

    # all that equations over the public totals can tell of which areas' own doors belong together
    totals = [set(inside) for inside in shown.counted.values()]
    for group in separable(totals, list(places)):
        households = sum(places[one].own for one in group)
        assert households == 0 or households >= smallest


def separable(totals: list[set[int]], ids: list[int]) -> list[list[int]]:
    """Groups of areas that no equation over the totals tells apart; each group is what an attacker can isolate."""
    if not totals:
        return []
    signatures: dict[tuple[bool, ...], list[int]] = {}
    for one in ids:
        signature = tuple(one in total for total in totals)
        if any(signature):
            signatures.setdefault(signature, []).append(one)
    return list(signatures.values())


@given(drawn=trees())
def test_with_no_smallest_everything_is_shown_as_it_is(drawn: tuple[dict[int, Place], list[int]]) -> None:
    places, tops = drawn
    shown = shown_areas(places, tops, 1)

    assert sum(places[one].own for one in shown.counted.get(1, ())) == sum(one.own for one in places.values())
    assert shown.divisible == {number for number, place in places.items() if place.own}


def test_a_small_village_is_in_no_total_so_that_it_cannot_be_subtracted() -> None:
    places = {1: Place(0, (2, 3, 4)), 2: Place(3), 3: Place(200), 4: Place(50)}

    assert shown_areas(places, [1], 10).counted == {1: (3, 4), 3: (3,), 4: (4,)}


def test_small_villages_together_are_counted_in_their_commune() -> None:
    places = {1: Place(0, (2, 5)), 2: Place(0, (3, 4)), 3: Place(6), 4: Place(7), 5: Place(40)}

    shown = shown_areas(places, [1], 10)

    assert shown.counted == {1: (3, 4, 5), 2: (3, 4), 5: (5,)}
    assert shown.divisible == {5}


def test_unplaced_doors_cannot_be_told_by_subtracting_the_map_from_the_village() -> None:
    doors = {(x, 0): 10 for x in range(4)}

    made = blocks(doors, unplaced=2, smallest=10)

    assert sum(doors[square] for block in made for square in block.doors) == 30


@given(doors=st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)), st.integers(1, 12), max_size=6))
def test_exhaustively_no_combination_of_small_weights_isolates_fewer(doors: dict[tuple[int, int], int]) -> None:
    unplaced, smallest = 3, 10
    keys: list[tuple[int, int] | None] = [*doors, None]
    weights = np.array([doors[key] if key else unplaced for key in keys])
    rows = {tuple(np.ones(len(keys), dtype=int))} if weights.sum() >= smallest else set()
    for block in blocks(doors, unplaced, smallest):
        for z in range(TOP, FINEST + 1):
            drawn = [one for one in blocks(doors, unplaced, smallest) if drawn_at(one, z) == drawn_at(block, z)]
            members = {square for one in drawn for square in one.doors}
            rows.add(tuple(int(key in members) for key in keys))
    facts = np.array(sorted(rows), dtype=int).reshape(-1, len(keys))
    for chosen in product((-1, 0, 1), repeat=min(len(facts), 6)):
        isolated = np.array(chosen) @ facts[:6] if len(facts) else np.zeros(len(keys), dtype=int)
        if set(np.unique(isolated)) <= {0, 1} and isolated.any():
            assert (isolated * weights).sum() >= smallest

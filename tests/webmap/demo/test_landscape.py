"""The invented land: borders, streets, water and houses that could be a Vietnamese commune."""

import unicodedata
from collections import Counter

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from webmap.demo import landscape, world
from webmap.demo.landscape import Landscape
from webmap.demo.network import WayKind
from webmap.demo.world import Built


def pieces(land: Landscape) -> int:
    """How many networks the ways form when only shared points join them."""
    points = np.concatenate([shapely.get_coordinates(line) for line in land.lines])
    _, node = np.unique(points, axis=0, return_inverse=True)
    ends = np.cumsum([shapely.get_num_coordinates(line) for line in land.lines])
    inside = np.setdiff1d(np.arange(len(node) - 1), ends[:-1] - 1)
    edges = coo_array((np.ones(len(inside)), (node[inside], node[inside + 1])), shape=(node.max() + 1,) * 2)
    return int(connected_components(edges, directed=False)[0])


def hidden_crossings(land: Landscape) -> list[str]:
    """Places where two ways cross or touch and have no point in common."""
    tree = shapely.STRtree(land.lines)
    found = []
    for one, other in tree.query(land.lines, predicate="intersects").T:
        if one < other:
            meeting = shapely.get_coordinates(land.lines[one].intersection(land.lines[other]))
            theirs = shapely.get_coordinates(land.lines[other])
            if any(np.hypot(*(theirs - place).T).min() > 0.001 for place in meeting):
                found.append(f"{land.ways[one].name} and {land.ways[other].name}")
    return found


def test_the_villages_tile_the_commune_without_gap_or_overlap(tan_ninh: Built) -> None:
    outlines = [village.outline for village in tan_ninh.plan.villages]

    assert [village.name for village in tan_ninh.plan.villages] == [
        "Thế Lộc",
        "Hữu Tân",
        "Quảng Xá",
        "Nguyệt Áng",
        "Hòa Bình",
    ]
    assert shapely.coverage_is_valid(outlines)
    assert np.isclose(sum(outline.area for outline in outlines), tan_ninh.land.outline.area)
    assert 6e6 < tan_ninh.land.outline.area < 16e6


def test_all_ways_are_one_network_joined_at_real_junctions(tan_ninh: Built) -> None:
    assert pieces(tan_ninh.land) == 1
    assert hidden_crossings(tan_ninh.land) == []


def test_alleys_branch_into_dead_ends_three_deep(tan_ninh: Built) -> None:
    kinds = Counter(way.kind for way in tan_ninh.land.ways)
    leaves = [n for n, way in enumerate(tan_ninh.land.ways) if way.joined < 0 and way.kind is WayKind.SIDE_ALLEY]

    assert kinds[WayKind.ALLEY] > 80
    assert kinds[WayKind.SIDE_ALLEY] > 60
    assert kinds[WayKind.BYWAY] > 10
    assert len(leaves) > 0.6 * kinds[WayKind.SIDE_ALLEY]


def test_alleys_are_named_after_those_they_leave(tan_ninh: Built) -> None:
    names = {(way.village, way.name) for way in tan_ninh.land.ways if way.kind in landscape.LIVED_ON}
    nested = [way for way in tan_ninh.land.ways if way.kind is WayKind.BYWAY]

    assert len(names) == sum(way.kind in landscape.LIVED_ON for way in tan_ninh.land.ways)
    for way in nested:
        above = tan_ninh.land.ways[way.parent]
        assert way.number.startswith(f"{above.number}/")
        assert way.name == f"Hẻm {way.number}"
    assert all(unicodedata.is_normalized("NFC", name) for _, name in names)


def test_no_house_stands_in_another_on_a_way_or_in_water(tan_ninh: Built) -> None:
    land = tan_ninh.land
    walls = land.houses.walls
    tree = shapely.STRtree(walls)
    water = [w.shape for w in land.waters if w.kind in ("river", "pond")]

    assert (np.bincount(tree.query(walls, predicate="dwithin", distance=1.9)[0]) == 1).all()
    assert len(tree.query(land.lines, predicate="intersects")[0]) == 0
    assert len(tree.query(water, predicate="intersects")[0]) == 0


def test_houses_stand_on_both_sides_as_far_apart_as_gardens_are_wide(tan_ninh: Built) -> None:
    houses = tan_ninh.land.houses
    gaps = []
    for way, line in enumerate(tan_ninh.land.lines):
        for odd in (0, 1):
            doors = houses.doors[(houses.way == way) & (houses.number % 2 == odd)]
            along = np.sort(shapely.line_locate_point(line, shapely.points(doors)))
            gaps.extend(np.diff(along))
    setback = shapely.distance(shapely.points(houses.doors), np.array(tan_ninh.land.lines)[houses.way])

    assert 14 < np.median(gaps) < 28
    assert np.percentile(gaps, 1) > 7
    assert setback.min() > 1.5
    assert setback.max() < 20
    assert 0.4 < np.mean(houses.number % 2) < 0.6


def test_no_two_houses_have_one_address(tan_ninh: Built) -> None:
    houses = tan_ninh.land.houses

    assert len(set(zip(houses.way.tolist(), houses.number.tolist(), strict=True))) == len(houses)


def test_a_river_crosses_and_fields_fill_what_nobody_lives_on(tan_ninh: Built) -> None:
    land = tan_ninh.land
    fields = shapely.union_all(land.fields)

    assert [w.name for w in land.waters if w.kind == "river"] == ["Sông Bàu Sen"]
    assert 0.4 < fields.area / land.outline.area < 0.95
    assert not shapely.intersects(fields, shapely.multipolygons(land.houses.walls))


@settings(max_examples=6)
@given(seed=st.integers(0, 10**6), people=st.integers(150, 1500))
def test_any_small_world_is_sound(seed: int, people: int) -> None:
    small = world.plan(people, seed)
    land = landscape.build(small.communes[0], seed)
    walls = land.houses.walls

    assert small.people == people
    assert pieces(land) == 1
    assert hidden_crossings(land) == []
    assert shapely.coverage_is_valid([village.outline for village in land.villages])
    assert (np.bincount(shapely.STRtree(walls).query(walls, predicate="intersects")[0]) == 1).all()
    assert set(land.houses.village.tolist()) == set(range(len(land.villages)))

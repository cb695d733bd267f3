"""Parts of the alleys that do not join, and the links that would join them."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.routing.network import Alley, build_network
from gis_layers.routing.parts import find_parts
from tests.gis_layers.routing.villages import degrees

XY = tuple[float, float]


def an_alley(number: int, *xy: XY) -> Alley:
    return Alley(number, shapely.LineString(degrees(np.array(xy))))


ROAD = an_alley(0, (0, 0), (500, 0))
NEAR = an_alley(1, (100, 20), (100, 90))
BEHIND = an_alley(2, (100, 200), (100, 260))
FAR = an_alley(3, (500, 900), (550, 900))


def test_one_network_has_one_part_and_no_links() -> None:
    found = find_parts([ROAD, an_alley(1, (100, 0), (100, 90))])

    assert found.part.tolist() == [0, 0]
    assert found.links == ()


def test_each_part_is_linked_towards_the_main_one_by_the_shortest_way() -> None:
    found = find_parts([ROAD, NEAR, BEHIND, FAR])

    assert np.round(found.metres).tolist() == [500, 70, 60, 50]
    assert [(link.part, link.to_part) for link in found.links] == [(1, 0), (2, 1), (3, 2)]
    assert [link.metres for link in found.links] == pytest.approx([20, 110, 755], rel=0.01)  # degrees() is rough
    assert [(link.alley, link.to_alley) for link in found.links] == [(1, 0), (2, 1), (3, 2)]


def test_two_alleys_that_cross_without_a_corner_are_told_with_no_metres() -> None:
    found = find_parts([ROAD, an_alley(1, (50, -30), (50, 30))])

    assert [round(link.metres, 3) for link in found.links] == [0]


def test_nothing_is_no_network() -> None:
    assert find_parts([]).links == ()


strokes = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=2, max_size=3, unique=True)


@settings(max_examples=40)
@given(st.lists(strokes, min_size=1, max_size=8))
def test_with_its_links_the_network_is_one_and_no_shorter_links_would_do(drawn: list[list[XY]]) -> None:
    alleys = [an_alley(number, *xy) for number, xy in enumerate(drawn)]

    found = find_parts(alleys)

    network = build_network(alleys)
    assert len(found.links) == len(found.metres) - 1 == int(network.part.max())
    assert sorted(link.part for link in found.links) == list(range(1, len(found.metres)))
    assert sum(link.metres for link in found.links) <= sum(join.metres for join in network.joins) + 0.01


def test_a_commune_of_5000_alleys_in_rows_has_a_link_between_each_two() -> None:
    chance = np.random.default_rng(1)
    alleys: list[Alley] = []
    for row in range(44):
        alleys += [an_alley(len(alleys), (x * 100, row * 100), (x * 100 + 100, row * 100)) for x in range(40)]
    while len(alleys) < 5000:
        x, y, off = chance.random() * 4000, float(chance.integers(0, 44)) * 100, chance.choice([0, 0, 0, 0, 0, 0, 9])
        alleys.append(an_alley(len(alleys), (x, y + off), (x + 3, y + off + 40)))

    found = find_parts(alleys)

    assert 43 < len(found.links) == len(found.metres) - 1

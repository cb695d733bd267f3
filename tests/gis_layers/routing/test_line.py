import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.measure import geometry_to_plane
from gis_layers.routing.doors import place_doors, place_of
from gis_layers.routing.line import STRAIGHT, walk_line
from gis_layers.routing.matrix import METRES_PER_SECOND, walking_metres
from gis_layers.routing.network import GAP, Alley, build_network
from gis_layers.types import LonLat
from tests.gis_layers.routing.villages import a_village, degrees


def an_alley(alley_id: int, *xy: tuple[float, float]) -> Alley:
    return Alley(alley_id, shapely.LineString(degrees(np.array(xy))))


def at(x: float, y: float) -> LonLat:
    return LonLat(*map(float, degrees(np.array([[x, y]]))[0]))


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_the_line_lies_on_alleys_and_takes_as_long_as_the_matrix_says(seed: int, houses: int) -> None:
    village = a_village(seed, houses)
    network = build_network(village.alleys)
    doors = place_doors(network, village.houses, far_metres=1e9)
    hall = place_of(network, village.hall)
    order = np.random.default_rng(seed).permutation(houses)

    walk = walk_line(network, doors, order, start=hall, end=hall)

    between = walking_metres(network, doors)[order[:-1], order[1:]]
    found = [leg.minutes * 60 * METRES_PER_SECOND for leg in walk.legs[1:]]
    assert found == pytest.approx(between.tolist(), abs=0.05)
    ways = shapely.union_all(network.edge_line).buffer(0.05)
    assert ways.covers(geometry_to_plane(network.plane, walk.line))
    assert len(walk.legs) == houses
    assert walk.way_back is not None


def test_steps_name_the_alleys_in_order_with_headings_and_the_door_s_side() -> None:
    network = build_network([an_alley(1, (0, 0), (100, 0)), an_alley(2, (100, 0), (100, 80))])
    doors = place_doors(network, degrees(np.array([[105.0, 50.0]])))

    (leg,) = walk_line(network, doors, np.array([0]), start=place_of(network, at(10, 0))).legs

    assert [(step.alley_id, step.heading, round(step.metres)) for step in leg.steps] == [(1, 90, 90), (2, 0, 50)]
    assert leg.side == "right"
    assert leg.alley_id == 2
    assert leg.metres == pytest.approx(145, abs=1)


def test_the_side_turns_round_for_somebody_who_comes_from_the_other_end() -> None:
    network = build_network([an_alley(1, (0, 0), (100, 0))])
    doors = place_doors(network, degrees(np.array([[50.0, 5.0]])))

    from_west = walk_line(network, doors, np.array([0]), start=place_of(network, at(0, 0))).legs[0]
    from_east = walk_line(network, doors, np.array([0]), start=place_of(network, at(100, 0))).legs[0]

    assert (from_west.side, from_east.side) == ("left", "right")


def test_a_walk_that_begins_anywhere_begins_at_its_first_door() -> None:
    network = build_network([an_alley(1, (0, 0), (100, 0))])
    doors = place_doors(network, degrees(np.array([[20.0, 5.0], [70.0, 5.0]])))

    walk = walk_line(network, doors, np.array([0, 1]))

    assert [round(leg.metres) for leg in walk.legs] == [0, 60]
    assert walk.way_back is None


def test_a_gap_without_any_known_way_is_part_of_the_line_and_named() -> None:
    network = build_network([an_alley(1, (0, 0), (100, 0)), an_alley(2, (50, 200), (50, 300))])
    doors = place_doors(network, degrees(np.array([[50.0, 3.0], [53.0, 250.0]])))

    walk = walk_line(network, doors, np.array([0, 1]))

    assert [step.kind for step in walk.legs[1].steps] == [GAP, "alley"]
    assert walk.legs[1].minutes * 60 * METRES_PER_SECOND == pytest.approx(2 * 200 + 50 + 6, rel=0.01)


def test_between_two_houses_off_every_alley_the_line_goes_straight() -> None:
    network = build_network([an_alley(1, (0, 0), (100, 0))])
    doors = place_doors(network, degrees(np.array([[20.0, 300.0], [70.0, 300.0]])))

    walk = walk_line(network, doors, np.array([0, 1]))

    assert [step.kind for step in walk.legs[1].steps] == [STRAIGHT]
    assert walk.legs[1].metres == pytest.approx(50, abs=0.5)


def test_a_walk_in_a_place_nobody_mapped() -> None:
    network = build_network([], centre=at(0, 0))
    doors = place_doors(network, degrees(np.array([[0.0, 0.0], [30.0, 40.0]])))

    walk = walk_line(network, doors, np.array([0, 1]), start=place_of(network, at(-10, 0)))

    assert [round(leg.metres) for leg in walk.legs] == [10, 50]
    assert not walk.line.is_empty


def test_a_walk_through_no_door_has_no_line() -> None:
    network = build_network([an_alley(1, (0, 0), (100, 0))])
    doors = place_doors(network, np.zeros((0, 2)))

    walk = walk_line(network, doors, np.zeros(0, dtype=np.int64), start=place_of(network, at(0, 0)))

    assert walk.legs == ()
    assert walk.line.is_empty

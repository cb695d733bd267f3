"""Worlds of any size: exact, tiled, joined by roads and rivers, in districts and provinces."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webmap.demo.conftest import TODAY
from webmap.demo import grid, world
from webmap.demo.frame import Frame


@pytest.fixture(scope="module")
def district() -> world.World:
    return world.plan(150_000, seed=4)


def test_a_world_has_exactly_as_many_people_as_asked_for(district: world.World) -> None:
    assert district.people == 150_000
    assert len(district.communes) == 25
    assert len(district.districts) == 1
    assert len({village.code for commune in district.communes for village in commune.villages}) == sum(
        len(commune.villages) for commune in district.communes
    )


def test_a_million_people_are_a_province_of_districts() -> None:
    province = world.plan(1_000_000, seed=4)

    assert province.people == 1_000_000
    assert len(province.provinces) == 1
    assert len(province.districts) == 7
    assert {commune.district for commune in province.communes} == set(range(7))


def test_communes_of_a_world_tile_it(district: world.World) -> None:
    villages = [village.outline for commune in district.communes for village in commune.villages]

    assert shapely.coverage_is_valid(villages)
    assert all(outline.geom_type == "Polygon" for outline in villages)


def test_roads_of_neighbours_meet_at_their_border(district: world.World) -> None:
    ends = [road.line.coords[-1] for commune in district.communes for road in commune.roads]
    starts = {road.line.coords[0] for commune in district.communes for road in commune.roads}

    assert len(ends) - len(set(ends)) >= 24  # each shared end is counted twice
    assert starts == {commune.centre for commune in district.communes}


def test_no_number_is_given_twice_in_a_world(district: world.World) -> None:
    small = world.plan(13_000, seed=9)
    people = [built.population.people for built in world.build_all(small, TODAY)]

    ids = np.concatenate([its.citizen_id for its in people])
    codes = np.concatenate([its.insurance_code for its in people])

    assert len(people) == 2
    assert len(np.unique(ids)) == len(ids)
    assert len(np.unique(codes)) == len(codes)


def test_coverage_differs_from_commune_to_commune(district: world.World) -> None:
    rates = [commune.covered / commune.people for commune in district.communes]

    assert 0.75 < min(rates) < max(rates) < 1
    assert max(rates) - min(rates) > 0.05


@given(count=st.integers(1, 300))
def test_the_curve_never_jumps(count: int) -> None:
    squares = grid.squares_in_order(count)

    assert len(set(squares)) == count
    for (x, y), (next_x, next_y) in itertools.pairwise(squares):
        assert abs(x - next_x) + abs(y - next_y) == 1


@given(whole=st.integers(1, 10**7), shares=st.lists(st.floats(0.01, 100), min_size=1, max_size=40))
def test_sharing_out_loses_nobody(whole: int, shares: list[float]) -> None:
    parts = world.shared_out(whole, np.array(shares))

    assert sum(parts) == whole
    assert min(parts) >= 0


@settings(max_examples=50)
@given(
    east=st.floats(-80_000, 80_000),
    north=st.floats(-80_000, 80_000),
)
def test_metres_and_degrees_go_there_and_back(east: float, north: float) -> None:
    frame = Frame(106.63, 17.27)
    place = np.array([[east, north]])

    lonlat = frame.to_lonlat(place)

    assert np.allclose(frame.to_metres(lonlat), place, atol=1e-6)
    assert 105 < lonlat[0, 0] < 108

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.measure import (
    area_square_metres,
    from_plane,
    length_metres,
    metres_between,
    on_own_planes,
    plane_at,
    steps_metres,
    to_plane,
    widened,
)
from gis_layers.types import BBox, LonLat

lonlats = st.builds(LonLat, st.floats(102, 118), st.floats(6, 24))
offsets = st.floats(-1400, 1400)


def test_a_degree_of_latitude_in_ha_noi_is_110_7_kilometres() -> None:
    assert metres_between(LonLat(105.8, 20.5), LonLat(105.8, 21.5)) == pytest.approx(110_720, abs=20)


@given(origin=lonlats, a=st.tuples(offsets, offsets), b=st.tuples(offsets, offsets))
def test_the_local_plane_is_right_to_a_fiftieth_of_a_percent_within_two_kilometres(
    origin: LonLat, a: tuple[float, float], b: tuple[float, float]
) -> None:
    plane = plane_at(origin)
    on_earth = [LonLat(*place) for place in from_plane(plane, [a, b])]

    flat, real = math.dist(a, b), metres_between(*on_earth)

    assert flat == pytest.approx(real, rel=2e-4, abs=0.001)


@given(origin=lonlats, place=st.tuples(offsets, offsets))
def test_a_place_comes_back_from_the_plane(origin: LonLat, place: tuple[float, float]) -> None:
    plane = plane_at(origin)

    assert np.allclose(to_plane(plane, from_plane(plane, [place])), [place], atol=1e-6)


def test_length_is_the_sum_of_the_steps_and_points_have_none() -> None:
    corners = [(105.0, 21.0), (105.01, 21.0), (105.01, 21.02)]
    line = shapely.LineString(corners)

    assert length_metres(line) == pytest.approx(steps_metres(corners).sum())
    assert length_metres(shapely.MultiLineString([line, line])) == pytest.approx(2 * length_metres(line))
    assert length_metres(shapely.Point(105, 21)) == 0
    assert len(steps_metres([(105.0, 21.0)])) == 0


def test_area_takes_holes_off_whichever_way_rings_are_wound() -> None:
    outer = shapely.box(105, 10, 105.01, 10.01)
    hole = shapely.box(105.002, 10.002, 105.004, 10.004)
    with_hole = outer.difference(hole)

    assert area_square_metres(with_hole) == pytest.approx(area_square_metres(outer) - area_square_metres(hole))
    assert area_square_metres(with_hole.reverse()) == pytest.approx(area_square_metres(with_hole))
    assert area_square_metres(shapely.MultiPolygon([outer])) == pytest.approx(1_212_675, rel=1e-3)


def test_a_widened_box_reaches_at_least_that_far_on_each_side() -> None:
    box = BBox(105.0, 21.0, 105.1, 21.1)

    wider = widened(box, 500)

    assert metres_between(LonLat(105.0, 21.1), LonLat(wider.west, 21.1)) >= 499.9
    assert metres_between(LonLat(105.0, 21.0), LonLat(105.0, wider.south)) >= 499


def test_many_shapes_on_their_own_planes_keep_their_sizes() -> None:
    shapes = [shapely.box(105 + n, 8 + n, 105.01 + n, 8.01 + n) for n in range(12)]

    flat = on_own_planes(shapes)

    assert shapely.area(flat) == pytest.approx([area_square_metres(shape) for shape in shapes], rel=1e-4)
    assert len(on_own_planes([])) == 0

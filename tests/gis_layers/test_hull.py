import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.hull import outline
from gis_layers.measure import area_square_metres, from_plane, plane_at
from gis_layers.types import LonLat

VILLAGE = plane_at(LonLat(106.6, 17.4))
spots = st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000))


@settings(max_examples=60, deadline=None)
@given(st.lists(spots, min_size=1, max_size=40))
def test_every_house_lies_inside_the_outline_of_its_village(metres: list[tuple[float, float]]) -> None:
    lonlats = from_plane(VILLAGE, metres)

    drawn = outline(lonlats)

    assert drawn is not None
    assert drawn.is_valid
    assert shapely.covers(drawn, shapely.points(lonlats)).all()


def test_no_houses_no_outline() -> None:
    assert outline([]) is None


def test_one_house_has_its_yard_around_it() -> None:
    drawn = outline([(106.6, 17.4)])

    assert drawn is not None
    assert 1_500 < area_square_metres(drawn) < 4_000


def test_two_hamlets_far_apart_are_not_joined_across_the_fields() -> None:
    rng = np.random.default_rng(1)
    near, far = rng.uniform(0, 300, (60, 2)), rng.uniform(0, 300, (60, 2)) + np.array((4000, 0))

    drawn = outline(from_plane(VILLAGE, np.vstack([near, far])))

    assert drawn is not None
    assert len(drawn.geoms) == 2


def test_a_village_along_a_bent_road_is_not_drawn_as_a_filled_triangle() -> None:
    leg = np.linspace(0, 2000, 80)
    corner = np.vstack([np.column_stack([leg, 0 * leg]), np.column_stack([0 * leg, leg])])
    lonlats = from_plane(VILLAGE, corner)

    drawn = outline(lonlats)

    assert drawn is not None
    assert len(drawn.geoms) == 1
    assert drawn.area < 0.3 * shapely.MultiPoint(lonlats).convex_hull.area

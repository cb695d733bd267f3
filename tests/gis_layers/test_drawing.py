"""What is drawn by hand meets what is there."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from gis_layers.drawing import SNAP_METRES, Known, cut, joined, laid, split
from gis_layers.errors import BadGeometryError
from gis_layers.measure import from_plane, length_metres, plane_at, to_plane
from gis_layers.routing.network import Alley, build_network
from gis_layers.types import LonLat

PLANE = plane_at(LonLat(105.83, 21.03))
XY = tuple[float, float]


def line(*xy: XY) -> LineString:
    """A line given in metres, with the seven digits that maps are kept in."""
    return LineString(np.round(from_plane(PLANE, xy), 7))


def metres(shape: LineString) -> list[XY]:
    return [(round(x, 1) + 0.0, round(y, 1) + 0.0) for x, y in to_plane(PLANE, shapely.get_coordinates(shape))]


def corners(shape: LineString) -> set[XY]:
    return {(x, y) for x, y in shape.coords}


ROAD = line((0, 0), (50, 0), (100, 0))


def test_an_end_drawn_beside_the_middle_of_an_alley_meets_it_there() -> None:
    found = laid(line((20, 2), (20, 40)), [Known(ROAD)])

    assert [metres(piece) for piece in found.pieces] == [[(20, 0), (20, 40)]]
    assert found.cuts == {0: (found.pieces[0].coords[0],)}
    halves = cut(ROAD, found.cuts[0])
    assert [metres(half) for half in halves] == [[(0, 0), (20, 0)], [(20, 0), (50, 0), (100, 0)]]


def test_a_corner_of_an_alley_is_preferred_to_its_middle_and_its_end_to_both() -> None:
    assert metres(laid(line((48, 1), (48, 40)), [Known(ROAD)]).pieces[0])[0] == (50, 0)
    at_the_end = laid(line((98, 1), (98, 40)), [Known(ROAD)])

    assert at_the_end.pieces[0].coords[0] == ROAD.coords[-1]
    assert at_the_end.cuts == {}


def test_an_end_farther_away_stays_where_it_was_drawn() -> None:
    found = laid(line((20, 4), (20, 40)), [Known(ROAD)])

    assert metres(found.pieces[0])[0] == (20, 4)
    assert found.cuts == {}


def test_a_line_drawn_across_an_alley_meets_it_in_the_middle_of_both() -> None:
    found = laid(line((20, -30), (20, 30)), [Known(ROAD)])

    assert [metres(piece) for piece in found.pieces] == [[(20, -30), (20, 0)], [(20, 0), (20, 30)]]
    assert found.cuts == {0: (found.pieces[0].coords[-1],)}


def test_a_bridge_meets_nothing_that_it_crosses() -> None:
    across = line((20, -30), (20, 30))

    assert len(laid(across, [Known(ROAD)], passes_over=True).pieces) == 1
    assert len(laid(across, [Known(ROAD, passes_over=True)]).pieces) == 1
    assert laid(across, [Known(ROAD, passes_over=True)]).cuts == {}


def test_the_end_of_a_bridge_lands_on_the_alley_it_leads_to() -> None:
    found = laid(line((20, 1), (20, 30)), [Known(ROAD)], passes_over=True)

    assert metres(found.pieces[0])[0] == (20, 0)
    assert list(found.cuts) == [0]


def test_a_corner_put_on_an_alley_meets_it() -> None:
    found = laid(line((20, -30), (20, 0), (60, 20)), [Known(ROAD)])

    assert len(found.pieces) == 2
    assert len(found.cuts[0]) == 1


def test_a_loop_is_drawn_onto_its_own_beginning_or_course() -> None:
    ring = laid(line((0, 0), (40, 0), (40, 40), (0, 40), (1, 1)), [])
    lollipop = laid(line((0, 0), (50, 0), (80, 30), (110, 0), (80, -30), (41, 1)), [])

    assert [piece.is_closed for piece in ring.pieces] == [True]
    assert [metres(piece)[0] for piece in lollipop.pieces] == [(0, 0), (41, 0)]
    assert lollipop.pieces[1].is_closed


def test_a_place_of_an_alley_given_finer_than_we_write_is_taken_as_it_is() -> None:
    fine = LineString([(105.8300000123, 21.0300000456), (105.8305000789, 21.0300000999)])

    found = laid(LineString([(105.83000001, 21.03001), (105.83, 21.0305)]), [Known(fine)])

    assert found.pieces[0].coords[0] == fine.coords[0]


def test_a_dot_is_no_line() -> None:
    with pytest.raises(BadGeometryError) as raised:
        laid(line((20, 1), (20.1, 1.1)), [Known(ROAD)])
    assert raised.value.facts == {"reason": "too_short"}


def test_an_alley_is_split_at_the_nearest_corner_or_place() -> None:
    assert metres(split(ROAD, from_plane(PLANE, [(51, 5)])[0])[0]) == [(0, 0), (50, 0)]
    assert metres(split(ROAD, from_plane(PLANE, [(30, 5)])[0])[0]) == [(0, 0), (30, 0)]


def test_an_alley_cannot_be_split_at_its_end() -> None:
    with pytest.raises(BadGeometryError) as raised:
        split(ROAD, from_plane(PLANE, [(-5, 0)])[0])
    assert raised.value.facts == {"reason": "at_an_end"}


def test_alleys_that_do_not_meet_are_not_joined() -> None:
    with pytest.raises(BadGeometryError) as raised:
        joined(ROAD, line((110, 0), (150, 0)))
    assert raised.value.facts["reason"] == "do_not_meet"


@pytest.mark.parametrize(
    "other", [line((100, 0), (130, 30)), line((130, 30), (101, 1)), line((0, 0), (-30, 30)), line((-30, 30), (1, 1))]
)
def test_joined_alleys_keep_the_direction_and_the_corner_of_the_first(other: LineString) -> None:
    made = joined(ROAD, other)

    assert len(made.coords) == 4
    assert made.project(shapely.Point(ROAD.coords[0])) < made.project(shapely.Point(ROAD.coords[-1]))
    assert corners(ROAD) <= corners(made)


spots = st.tuples(st.integers(-200, 200), st.integers(-200, 200)).map(lambda xy: (float(xy[0]), float(xy[1])))
strokes = st.lists(spots, min_size=2, max_size=6, unique=True).map(lambda xy: line(*xy))


@given(strokes, st.floats(0.05, 0.95))
def test_halves_joined_again_are_the_alley_that_was_split(way: LineString, share: float) -> None:
    place = way.interpolate(share, normalized=True)
    try:
        first, second = split(way, (place.x, place.y))
    except BadGeometryError:
        ends = shapely.MultiPoint(to_plane(PLANE, [way.coords[0], way.coords[-1]]))
        assert ends.distance(shapely.Point(to_plane(PLANE, [(place.x, place.y)])[0])) < SNAP_METRES
        return

    assert first.coords[-1] == second.coords[0]
    again = LineString([*first.coords, *second.coords[1:]])
    assert (again.coords[0], again.coords[-1]) == (way.coords[0], way.coords[-1])
    assert length_metres(again) == pytest.approx(length_metres(way), abs=0.1)
    assert corners(way) <= corners(again)


@settings(max_examples=50)
@given(strokes, st.lists(strokes, min_size=1, max_size=4))
def test_what_is_laid_is_one_line_and_every_meeting_place_is_a_corner_of_both(
    way: LineString, known: list[LineString]
) -> None:
    try:
        found = laid(way, [Known(one) for one in known])
    except BadGeometryError:
        return  # both ends were drawn onto one corner

    for piece, following in zip(found.pieces, found.pieces[1:], strict=False):
        assert piece.coords[-1] == following.coords[0]
    drawn = set().union(*(corners(piece) for piece in found.pieces))
    for index, places in found.cuts.items():
        assert set(places) <= drawn
        pieces = cut(known[index], places)
        assert len(pieces) >= 2
        assert set(places) <= {xy for piece in pieces for xy in (piece.coords[0], piece.coords[-1])}
    for end in (found.pieces[0].coords[0], found.pieces[-1].coords[-1]):
        on = to_plane(PLANE, [end])[0]
        flat = [LineString(to_plane(PLANE, shapely.get_coordinates(one))) for one in known]
        apart = min(one.distance(shapely.Point(on)) for one in flat)
        assert apart < 0.02 or apart > SNAP_METRES * 0.3  # drawn onto the nearest, or far from all


@settings(max_examples=50)
@given(strokes, strokes)
def test_two_lines_that_cross_become_one_network(way: LineString, known: LineString) -> None:
    found = laid(way, [Known(known)])
    pieces = [*found.pieces, *cut(known, found.cuts.get(0, ()))]

    network = build_network([Alley(number, piece) for number, piece in enumerate(pieces)])

    if way.crosses(known):
        assert network.joins == ()
        assert int(network.part.max()) == 0

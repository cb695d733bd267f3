"""What tracks show and the alleys do not."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from gis_layers.measure import from_plane, plane_at, to_plane
from gis_layers.routing.tracks import FAR_METRES, Proposal, unknown_ways
from gis_layers.types import LonLat

PLANE = plane_at(LonLat(105.83, 21.03))
XY = tuple[float, float]


def line(*xy: XY) -> LineString:
    return LineString(from_plane(PLANE, xy))


def walked(*xy: XY, noise: float = 0.0, step: float = 5.0, seed: int = 0) -> np.ndarray:
    """A fix every few metres along a way, each a little off."""
    way = LineString(xy)
    places = [way.interpolate(at).coords[0] for at in np.arange(0, way.length + step, step)]
    return from_plane(PLANE, np.array(places) + np.random.default_rng(seed).normal(0, noise, (len(places), 2)))


def metres(proposal: Proposal) -> list[XY]:
    return [(round(float(x)), round(float(y))) for x, y in to_plane(PLANE, shapely.get_coordinates(proposal.line))]


ROAD = line((0, 0), (300, 0))
BACK_ROAD = line((0, 120), (300, 120))


def test_a_walk_on_known_alleys_shows_nothing() -> None:
    assert unknown_ways([walked((0, 3), (300, -4), noise=3)], [ROAD]) == []


def test_a_walk_between_two_roads_shows_the_way_between_them_joined_to_both() -> None:
    [found] = unknown_ways([walked((20, 0), (100, 0), (100, 120), (200, 120))], [ROAD, BACK_ROAD])

    assert metres(found) == [(100, 0), (100, 120)]
    assert found.joins_at == (True, True)
    assert round(found.metres) == 120


def test_there_and_back_in_a_dead_end_is_one_way_with_a_free_end() -> None:
    [found] = unknown_ways([walked((50, 0), (100, 0), (100, 90), (100, 0), (200, 0), noise=2)], [ROAD])

    assert found.joins_at == (True, False)
    assert found.metres == pytest.approx(90, abs=12)


def test_a_way_that_two_tracks_show_is_proposed_once() -> None:
    once, again = walked((100, 0), (100, 120), noise=2), walked((102, 120), (101, 0), noise=2, seed=1)

    assert len(unknown_ways([once, again], [ROAD, BACK_ROAD])) == 1


def test_somebody_who_stands_still_walks_no_way() -> None:
    standing = from_plane(PLANE, np.random.default_rng(2).normal((150, 60), 5, (400, 2)))

    assert unknown_ways([standing], [ROAD]) == []


def test_a_spike_is_no_way() -> None:
    track = walked((0, 0), (300, 0))
    track[30] = from_plane(PLANE, [(150, 90)])[0]

    assert unknown_ways([track], [ROAD]) == []


def test_silence_of_the_phone_is_not_bridged() -> None:
    silent = np.concatenate([walked((0, 0), (100, 0)), walked((100, 400), (200, 400))])

    [found] = unknown_ways([silent], [ROAD])

    assert metres(found) == [(100, 400), (200, 400)]
    assert found.joins_at == (False, False)


def test_a_loop_ends_where_it_began() -> None:
    found = unknown_ways([walked((100, 0), (100, 80), (180, 80), (180, 0), (200, 0))], [ROAD])

    assert [one.joins_at for one in found] == [(True, True)]
    assert metres(found[0]) == [(100, 0), (100, 80), (180, 80), (180, 0)]


def test_where_nothing_is_known_the_whole_walk_is_proposed() -> None:
    [found] = unknown_ways([walked((0, 0), (100, 0), (100, 100))], [])

    assert metres(found) == [(0, 0), (100, 0), (100, 100)]


def test_no_track_and_broken_fixes_show_nothing() -> None:
    assert unknown_ways([], [ROAD]) == []
    assert unknown_ways([[(np.nan, 21.0), (0.0, 0.0), (999.0, 3.0)]], [ROAD]) == []


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(-300, 300), st.integers(-300, 300)), min_size=2, max_size=6, unique=True),
    st.floats(0, 6),
)
def test_every_proposal_was_walked_and_is_not_known(xy: list[XY], noise: float) -> None:
    track = walked(*xy, noise=noise)
    path = LineString(to_plane(PLANE, track))

    for found in unknown_ways([track], [ROAD]):
        corners = LineString(to_plane(PLANE, shapely.get_coordinates(found.line)))
        assert corners.segmentize(5).hausdorff_distance(path) >= 0
        assert path.buffer(35).covers(corners)
        assert not LineString(to_plane(PLANE, shapely.get_coordinates(ROAD))).buffer(FAR_METRES / 2).covers(corners)

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.boundary import repaired
from gis_layers.geojson import from_geojson
from gis_layers.locate import (
    AreaIndex,
    Doubt,
    Fix,
    Located,
    Why,
    area_index,
    areas_at,
    areas_of,
    doubts,
    located,
    nearest_area,
)
from gis_layers.types import LonLat

COMMUNE = shapely.box(105.0, 21.0, 105.2, 21.2)
WEST, EAST = shapely.box(105.0, 21.0, 105.1, 21.2), shapely.box(105.1, 21.0, 105.2, 21.2)
TREE = area_index([("commune", COMMUNE), ("west", WEST), ("east", EAST)])
LEVELS = area_index([("commune", COMMUNE), ("west", WEST), ("east", EAST)], {"commune": 1, "west": 2, "east": 2})
DOOR = LonLat(106.63687, 17.40484)


@given(st.floats(105.0001, 105.0999), st.floats(21.0001, 21.1999))
def test_a_place_inside_a_village_is_in_it_and_in_its_commune_smallest_first(lon: float, lat: float) -> None:
    assert areas_at(TREE, LonLat(lon, lat)) == ("west", "commune")


def test_a_place_on_a_shared_border_has_two_answers() -> None:
    assert set(areas_at(TREE, LonLat(105.1, 21.1))) == {"west", "east", "commune"}


def test_a_place_outside_has_none_and_the_nearest_is_told_with_its_distance() -> None:
    outside = LonLat(105.2005, 21.1)

    assert areas_at(TREE, outside) == ()
    assert nearest_area(TREE, outside, 10) is None
    nearest = nearest_area(TREE, outside, 100)
    assert nearest is not None
    assert nearest[0] in {"east", "commune"}
    assert 50 < nearest[1] < 54


def test_nothing_is_found_where_there_are_no_areas() -> None:
    empty: AreaIndex[str] = area_index([])

    assert areas_of(empty, [(105, 21), (106, 22)]) == [(), ()]


def test_known_places_lie_in_exactly_the_communes_they_are_known_to_lie_in(shared_data: Path) -> None:
    index = _communes(shared_data)
    cases = json.loads((shared_data / "admin" / "expected_points.json").read_text("utf-8"))["cases"]

    found = located(index, [(case["lon"], case["lat"]) for case in cases])

    assert len(cases) == 43
    for case, one in zip(cases, found, strict=True):
        assert sorted(one.among) == case["codes"], case
        assert one.key == (one.among[0] if case["codes"] else None)
        assert one.why == {0: Why.NOWHERE, 1: Why.ONLY_ONE, 3: Why.SMALLER}[len(case["codes"])]
    (smallest,) = {one.key for one in found if len(one.among) == 3}
    assert smallest == "02746"  # Cốc San


def test_the_deepest_level_answers_and_those_above_are_named() -> None:
    (found,) = located(LEVELS, [(105.05, 21.1)])

    assert found == Located("west", Why.ONLY_ONE, ("west",), ("commune",))


def test_a_small_area_of_a_higher_level_does_not_answer_for_a_large_village() -> None:
    tiny_ward = shapely.box(105.04, 21.09, 105.06, 21.11)
    index = area_index([("ward", tiny_ward), ("west", WEST)], {"ward": 1, "west": 2})

    (found,) = located(index, [(105.05, 21.1)])

    assert (found.key, found.above) == ("west", ("ward",))


def test_where_villages_overlap_the_smaller_answers_and_of_equal_ones_the_lower_code() -> None:
    wide = shapely.box(105.0, 21.0, 105.12, 21.2)
    index = area_index([("wide", wide), ("east", EAST), ("twin b", WEST), ("twin a", WEST)])

    overlapping, twins = located(index, [(105.11, 21.1), (105.05, 21.1)])

    assert (overlapping.key, overlapping.why, overlapping.among) == ("east", Why.SMALLER, ("east", "wide"))
    assert (twins.key, twins.why, twins.among) == ("twin a", Why.LOWER_CODE, ("twin a", "twin b", "wide"))


def test_outside_of_all_the_nearest_is_named_with_its_distance() -> None:
    near, far = located(LEVELS, [(105.2005, 21.1), (106.5, 21.1)], within_metres=100)

    assert (near.key, near.why, near.among) == ("east", Why.NEAREST, ())
    assert 50 < near.metres < 54
    assert far == Located(None, Why.NOWHERE)


@given(st.lists(st.tuples(st.floats(104.9, 105.3), st.floats(20.9, 21.3)), max_size=20))
def test_every_place_has_the_answer_it_has_alone(lonlats: list[tuple[float, float]]) -> None:
    together = located(LEVELS, lonlats)

    assert together == [located(LEVELS, [lonlat])[0] for lonlat in lonlats]
    for lonlat, one in zip(lonlats, together, strict=True):
        assert set(one.among + one.above) == set(areas_at(LEVELS, LonLat(*lonlat)))


def _communes(folder: Path) -> AreaIndex[str]:
    pairs = []
    for province in ("lao_cai", "an_giang", "quang_tri", "son_la"):
        written = json.loads((folder / "admin" / f"communes_2025_{province}.geojson").read_text("utf-8"))
        pairs += [(one["properties"]["code"], repaired(from_geojson(one)).boundary) for one in written["features"]]
    return area_index(pairs)


def test_an_ordinary_fix_is_believed() -> None:
    assert doubts(Fix(DOOR, 12.0)) == frozenset()


def test_what_speaks_against_a_fix_is_named() -> None:
    assert doubts(Fix(LonLat(0.0, 0.0))) >= {Doubt.NULL_ISLAND}
    assert doubts(Fix(LonLat(17.40484, 106.63687))) == {Doubt.SWAPPED}
    assert doubts(Fix(LonLat(2.35221, 48.85661))) == {Doubt.OUTSIDE_VIETNAM}
    assert doubts(Fix(DOOR, 900.0)) == {Doubt.COARSE}
    assert doubts(Fix(LonLat(106.6, 17.4))) == {Doubt.ROUNDED}


def test_nobody_crosses_a_commune_in_ten_seconds_but_a_motorbike_ride_is_fine() -> None:
    start = datetime(2025, 5, 20, 8, tzinfo=UTC)
    before = Fix(LonLat(106.60012, 17.40012), 10, start)

    jump = Fix(LonLat(106.65012, 17.40012), 10, start + timedelta(seconds=10))
    ride = Fix(LonLat(106.65012, 17.40012), 10, start + timedelta(minutes=10))

    assert doubts(jump, before) == {Doubt.TOO_FAST}
    assert doubts(ride, before) == frozenset()

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.boundary import repaired
from gis_layers.geojson import from_geojson
from gis_layers.locate import AreaIndex, Doubt, Fix, area_index, areas_at, areas_of, doubts, nearest_area
from gis_layers.types import LonLat

COMMUNE = shapely.box(105.0, 21.0, 105.2, 21.2)
WEST, EAST = shapely.box(105.0, 21.0, 105.1, 21.2), shapely.box(105.1, 21.0, 105.2, 21.2)
TREE = area_index([("commune", COMMUNE), ("west", WEST), ("east", EAST)])
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


def test_known_places_lie_in_the_communes_they_are_known_to_lie_in(shared_data: Path) -> None:
    index = _communes(shared_data)
    cases = json.loads((shared_data / "admin" / "expected_points.json").read_text("utf-8"))["cases"]
    listed = set(index.keys)
    known = [case for case in cases if set(case["codes"]) <= listed and case["codes"]]

    found = areas_of(index, [(case["lon"], case["lat"]) for case in known])

    assert len(known) > 20
    for case, codes in zip(known, found, strict=True):
        place = LonLat(case["lon"], case["lat"])
        near = nearest_area(index, place, 25)
        assert set(codes) == set(case["codes"]) or (near is not None and near[0] in case["codes"]), case


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

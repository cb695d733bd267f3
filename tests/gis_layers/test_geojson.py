import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.errors import BadGeometryError
from gis_layers.geojson import collection, feature, from_geojson, from_wkb, to_geojson, to_wkb

places = st.tuples(
    st.floats(-180, 180).map(lambda degrees: round(degrees, 7)),
    st.floats(-90, 90).map(lambda degrees: round(degrees, 7)),
)


@given(st.lists(places, min_size=2, max_size=20))
def test_a_line_comes_back_from_geojson_and_from_wkb(corners: list[tuple[float, float]]) -> None:
    line = shapely.LineString(corners)

    assert from_geojson(to_geojson(line)).equals_exact(line, 1e-7)
    assert from_wkb(to_wkb(line)).equals_exact(line, 0)
    assert shapely.get_srid(from_wkb(to_wkb(line))) == 4326


def test_outer_rings_run_counter_clockwise_as_the_standard_asks() -> None:
    clockwise = shapely.Polygon([(105, 21), (105, 22), (106, 22), (106, 21)])

    ring = to_geojson(clockwise)["coordinates"][0]

    assert shapely.LinearRing(ring).is_ccw


def test_degrees_are_written_to_a_centimetre() -> None:
    assert to_geojson(shapely.Point(105.123456789, 21.0))["coordinates"] == [105.1234568, 21.0]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({"type": "Blob", "coordinates": []}, "not_geojson"),
        ({"type": "Feature", "geometry": None}, "not_geojson"),
        ({"type": "Point", "coordinates": ["x", 1]}, "unreadable_coordinates"),
        ({"type": "Polygon", "coordinates": [[[105, 21], [106, 21], [106, 22]]]}, "unreadable_coordinates"),
        ({"type": "Point", "coordinates": [585728, 2325712]}, "not_on_earth"),
    ],
)
def test_what_is_no_shape_is_refused_with_the_reason(written: dict[str, object], reason: str) -> None:
    with pytest.raises(BadGeometryError) as told:
        from_geojson(written)

    assert told.value.facts["reason"] == reason


def test_bytes_that_are_no_shape_are_refused() -> None:
    with pytest.raises(BadGeometryError):
        from_wkb(b"hello")


def test_features_make_a_collection() -> None:
    made = collection([feature(shapely.Point(105, 21), {"name": "Hữu Tân"}, key=7)])

    assert made["features"][0]["id"] == 7
    assert made["features"][0]["properties"] == {"name": "Hữu Tân"}

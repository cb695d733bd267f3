import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapely

from gis_layers.crs import crs_of
from gis_layers.errors import UnreadableFileError
from gis_layers.geojson import to_geojson
from gis_layers.measure import metres_between, plane_of
from gis_layers.sources.osm import features as osm_features
from gis_layers.sources.osm import summary
from gis_layers.sources.osm_features import Building
from gis_layers.sources.vector_files import Reading, features, find_crs, layers
from gis_layers.types import BBox, LonLat

SQUARE = to_geojson(shapely.box(105, 21, 105.01, 21.01))
HA_NOI = BBox(105.7, 20.9, 105.95, 21.1)


def geojson(path: Path, *shapes: Any, **more: Any) -> Path:
    rows = [
        {"type": "Feature", "properties": {"code": f"{number:03}", "dan_so": number}, "geometry": shape}
        for number, shape in enumerate(shapes, 1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": rows}), "utf-8")
    return path


def test_communes_are_read_with_their_fields_as_they_are(shared_data: Path) -> None:
    path = shared_data / "admin" / "communes_2025_an_giang.geojson"
    (layer,) = layers(path)

    found = list(features(path, layer))

    assert len(found) == layer.feature_count == 102
    assert found[0].fields["code"] == "30292"
    assert found[0].fields["full_name"] == "Phường Bình Đức"
    assert found[0].fields["population"] == 72822
    assert {one.problem for one in found} == {None}
    assert find_crs(path, layer).is_believable


def test_a_vn2000_geopackage_lands_where_openstreetmap_has_it(shared_data: Path) -> None:
    path = shared_data / "osm" / "hanoi_cat_linh_vn2000.gpkg"
    houses, streets = layers(path)
    known = {
        int(one.osm_ref[1:]): one.geometry
        for one in osm_features(summary(shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf"))
        if isinstance(one, Building)
    }

    found = list(features(path, houses))

    assert (houses.name, streets.name) == ("nha", "duong")
    assert houses.crs == crs_of(5897)
    assert (len(found), streets.feature_count) == (497, 527)
    for one in found:
        assert one.geometry is not None
        here, there = one.geometry.centroid, known[one.fields["osm_id"]].centroid
        assert metres_between(LonLat(here.x, here.y), LonLat(there.x, there.y)) < 0.05


def test_a_file_is_known_by_its_content_whatever_it_is_called(shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "bản đồ số 1.json"
    shutil.copy(shared_data / "osm" / "hanoi_cat_linh_vn2000.gpkg", path)

    assert [layer.name for layer in layers(path)] == ["nha", "duong"]


def test_metres_without_a_system_are_noticed_and_the_right_zone_is_among_the_answers(tmp_path: Path) -> None:
    path = geojson(tmp_path / "x.geojson", {"type": "Point", "coordinates": [585_728.0, 2_325_712.0]})
    (layer,) = layers(path)

    finding = find_crs(path, layer, near=HA_NOI)
    (point,) = features(path, layer, Reading(crs_of(5897)))

    assert not finding.is_believable
    assert 5897 in {one.crs.epsg for one in finding.candidates}
    assert next(iter(features(path, layer))).problem == "not_on_earth"
    assert point.geometry is not None
    assert plane_of(point.geometry).origin == pytest.approx((105.8266, 21.0229), abs=1e-4)


def test_north_first_is_exchanged(tmp_path: Path) -> None:
    path = geojson(tmp_path / "x.geojson", {"type": "Point", "coordinates": [21.02, 105.83]})
    (layer,) = layers(path)

    (point,) = features(path, layer, Reading(is_north_first=True))

    assert point.geometry == shapely.Point(105.83, 21.02)


def test_each_broken_feature_is_named_by_its_number_and_the_rest_is_read(tmp_path: Path) -> None:
    open_ring = {"type": "Polygon", "coordinates": [[[105, 21], [105.1, 21], [105.1, 21.1]]]}
    words = {"type": "Polygon", "coordinates": [[["a", 21], [105.1, 21], [105.1, 21.1], [105, 21]]]}
    path = geojson(tmp_path / "x.geojson", SQUARE, open_ring, None, words, SQUARE)
    (layer,) = layers(path)

    found = list(features(path, layer))

    assert [(one.number, one.problem) for one in found] == [
        (1, None),
        (2, "unclosed"),
        (3, "no_geometry"),
        (4, "no_geometry"),
        (5, None),
    ]
    assert shapely.equals(found[1].geometry, shapely.Polygon([(105, 21), (105.1, 21), (105.1, 21.1)]))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"ten,lon,lat\n", "no_content"),
        (b"<kml xmlns='x'></kml>", "damaged"),
        (b"%PDF-1.7", "unknown_kind"),
        (b'{"type":"FeatureCollection","features":[{"type":"Fea', "damaged"),
        (b'{"type":"FeatureCollection"}', "damaged"),
        (b"SQLite format 3\0" + b"\0" * 52 + b"GPKG" + b"\0" * 100, "damaged"),
    ],
)
def test_what_is_no_map_file_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_bytes(content)

    with pytest.raises(UnreadableFileError) as told:
        layers(path)

    assert told.value.facts["reason"] == reason


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as told:
        layers(tmp_path / "none.gpkg")

    assert told.value.facts["reason"] == "missing"


def test_json_that_describes_a_pipeline_is_not_run(shared_data: Path, tmp_path: Path) -> None:
    secret = shared_data / "admin" / "provinces_2025.geojson"
    command = f"gdal vector pipeline ! read {secret} ! write --format stream streamed_dataset"
    path = tmp_path / "x.geojson"
    path.write_text(json.dumps({"type": "gdal_streamed_alg", "command_line": command, "x": "FeatureCollection"}))

    with pytest.raises(UnreadableFileError):
        layers(path)


def test_a_geopackage_whose_layer_is_a_view_is_refused(shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    shutil.copy(shared_data / "osm" / "hanoi_cat_linh_vn2000.gpkg", path)
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("alter table nha rename to nha_that")
        database.execute("create view nha as select * from nha_that")

    with pytest.raises(UnreadableFileError) as told:
        layers(path)

    assert told.value.facts["reason"] == "computed_layer"

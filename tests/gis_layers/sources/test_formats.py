import csv
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from gis_layers.crs import crs_of
from gis_layers.errors import UnreadableFileError
from gis_layers.letters import Letters
from gis_layers.sources.vector_files import (
    Reading,
    VectorFeature,
    feature_batches,
    features,
    layers,
    reading_of,
)
from tests.gis_layers.sources.made import GPX, geojson, gzipped, kml, shapefile_parts, zipped

DIALECTS = ("utf8", "utf8_bom", "utf8_nfd", "utf16le_bom_tab", "tcvn3", "vni", "cp1258", "semicolon_comma_decimal")


def read(path: Path, reading: Reading | None = None) -> list[VectorFeature]:
    (layer,) = layers(path)
    return list(features(path, layer, reading or reading_of(path, layer)))


def answer(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "survey" / "xa_2009_utf8.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_eight_ways_to_write_a_table_are_one_table(shared_data: Path, dialect: str) -> None:
    rows = answer(shared_data)

    found = read(shared_data / "survey" / f"xa_2009_{dialect}.csv")

    point = [(float(row["kinh_do"]), float(row["vi_do"])) for row in rows]
    fields = [{name: str(value).replace(",", ".") for name, value in one.fields.items()} for one in found]
    assert fields == rows
    assert [one.geometry.coords[0] for one in found if one.geometry is not None] == point


def test_a_shapefile_in_tcvn3_without_cpg_has_the_names_of_the_answer(shared_data: Path) -> None:
    path = shared_data / "survey" / "xa_2009_tcvn3_shp.zip"
    (layer,) = layers(path)
    rows = answer(shared_data)

    found = list(features(path, layer))

    assert layer.letters.letters is Letters.TCVN3
    assert layer.crs == crs_of(4326)
    assert [
        (one.fields["MA_XA"], one.fields["TEN_XA"], one.fields["TEN_TINH"], int(one.fields["DAN_SO"])) for one in found
    ] == [(row["ma_xa"], row["ten_xa"], row["ten_tinh"], int(row["dan_so_2009"])) for row in rows]
    assert all(one.geometry is not None and one.geometry.geom_type.endswith("Polygon") for one in found)


def test_letters_can_be_told_by_a_person_who_knows_better(shared_data: Path) -> None:
    path = shared_data / "survey" / "xa_2009_tcvn3.csv"

    (first, *_) = read(path, Reading(crs_of(4326), letters=Letters.WINDOWS))

    assert first.fields["ten_xa"] == "ThÞ trÊn Qu¸n Hµu"


def test_several_shapefiles_in_folders_are_several_layers(tmp_path: Path) -> None:
    point = shapely.Point(105.83, 21.02)
    communes = shapefile_parts(tmp_path / "a", "xa", [point], ten=["Tân Ninh"])
    streets = shapefile_parts(tmp_path / "b", "duong", [shapely.LineString([(105, 21), (105.1, 21)])], ten=["Ngõ 46"])
    inside = {f"Dữ liệu/{name}": content for name, content in communes.items()} | {
        f"khác/{name}": content for name, content in streets.items() if not name.endswith((".prj", ".cpg"))
    }
    path = zipped(tmp_path / "x.zip", **inside)

    first, second = layers(path)

    assert (first.name, first.crs, second.name, second.crs) == ("xa", crs_of(4326), "duong", None)
    assert [one.fields for one in features(path, first)] == [{"ten": "Tân Ninh"}]
    assert [one.fields for one in features(path, second, reading_of(path, second))] == [{"ten": "Ngõ 46"}]


def test_folders_of_a_kml_are_layers_with_their_own_fields(tmp_path: Path) -> None:
    path = tmp_path / "x.kml"
    path.write_text(kml("Thế Lộc", "Hữu Tân"), "utf-8")
    kmz = zipped(tmp_path / "x.kmz", **{"doc.kml": path.read_text("utf-8")})

    for file in (path, kmz):
        found = layers(file)
        assert [layer.name for layer in found] == ["Thế Lộc", "Hữu Tân"]
        (one,) = features(file, found[1])
        assert (one.fields["Name"], one.fields["so_ho"]) == ("Hữu Tân", "12")
        assert one.geometry == shapely.Point(105.83, 21.02)
        assert not one.geometry.has_z


def test_waypoints_and_tracks_of_a_gpx_are_layers(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(GPX, "utf-8")

    points, tracks = layers(path)

    assert (points.name, tracks.name) == ("waypoints", "tracks")
    (house,) = features(path, points)
    (walk,) = features(path, tracks)
    assert house.fields["name"] == "Nhà ông Hòa"
    assert (walk.fields["name"], walk.geometry and walk.geometry.geom_type) == ("Ngõ 46", "MultiLineString")


def test_markup_too_deep_or_cut_off_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / "deep"
    deep.write_text(f"<kml>{'<Folder>' * 10_000}{'</Folder>' * 10_000}</kml>")
    cut = tmp_path / "cut"
    cut.write_text(kml("Xóm 1")[:-20], "utf-8")

    for path, reason in ((deep, "too_deep"), (cut, "damaged")):
        with pytest.raises(UnreadableFileError) as told:
            layers(path)
        assert told.value.facts["reason"] == reason


def test_geojson_line_by_line_and_in_a_gzip_are_read(shared_data: Path, tmp_path: Path) -> None:
    one = '{"type":"Feature","properties":{"ten":"Hẻm %d"},"geometry":{"type":"Point","coordinates":[105,21]}}'
    lines = tmp_path / "x"
    lines.write_text("\n".join(one % number for number in range(3)), "utf-8")
    whole = gzipped(tmp_path / "y", (shared_data / "admin" / "communes_2025_an_giang.geojson").read_bytes())

    assert [row.fields["ten"] for row in read(lines)] == ["Hẻm 0", "Hẻm 1", "Hẻm 2"]
    assert len(read(whole)) == 102


def test_tags_that_are_json_are_columns_too(shared_data: Path) -> None:
    path = shared_data / "osm" / "kathmandu_hot_extract.geojson"
    (layer,) = layers(path)

    found = list(features(path, layer))

    assert {"tags", "tags.highway", "tags.building"} <= {field.name for field in layer.fields}
    assert found[0].fields["tags"] == {"footway": "crossing", "highway": "footway", "crossing": "zebra"}
    assert found[0].fields["tags.highway"] == "footway"
    kinds = [one.geometry.geom_type for one in found if one.geometry is not None]
    assert (len(found), kinds.count("Polygon"), kinds.count("LineString")) == (689, 667, 22)


def test_open_buildings_are_the_same_as_table_and_as_parquet(shared_data: Path, tmp_path: Path) -> None:
    table = shared_data / "osm" / "open_buildings_v3_nigeria_west.csv"
    packed = gzipped(tmp_path / "x.csv.gz", table.read_bytes())

    first, second, third = (read(path) for path in (table, packed, table.with_suffix(".parquet")))

    assert first == second
    assert len(first) == 993
    assert sum(float(one.fields["confidence"]) >= 0.7 for one in first) == 838
    assert sum(float(one.fields["area_in_meters"]) for one in first) == pytest.approx(91112.8, abs=0.05)
    for one, other in zip(first, third, strict=True):
        assert one.geometry == other.geometry
        assert {name: float(one.fields[name]) for name in ("latitude", "confidence")} == {
            name: other.fields[name] for name in ("latitude", "confidence")
        }
        assert one.fields["full_plus_code"] == other.fields["full_plus_code"]


def test_nested_columns_of_overture_are_laid_flat(tmp_path: Path) -> None:
    square = shapely.to_wkb(shapely.box(105, 21, 105.001, 21.001))
    row: dict[str, Any] = {
        "id": "08b",
        "names": {"primary": "Chợ Hôm", "common": [("vi", "Chợ Hôm")]},
        "subtype": "commercial",
        "sources": [{"dataset": "OpenStreetMap", "confidence": None}, {"dataset": "Google", "confidence": 0.8}],
        "bbox": {"xmin": 105.0, "xmax": 105.001},
        "geometry": square,
    }
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("names", pa.struct([("primary", pa.string()), ("common", pa.map_(pa.string(), pa.string()))])),
            ("subtype", pa.string()),
            ("sources", pa.list_(pa.struct([("dataset", pa.string()), ("confidence", pa.float64())]))),
            ("bbox", pa.struct([("xmin", pa.float64()), ("xmax", pa.float64())])),
            ("geometry", pa.binary()),
        ]
    )
    path = tmp_path / "x"
    pq.write_table(pa.Table.from_pylist([row], schema), path)

    (one,) = read(path)

    assert one.fields == {
        "id": "08b",
        "names.primary": "Chợ Hôm",
        "names.common": {"vi": "Chợ Hôm"},
        "subtype": "commercial",
        "sources": row["sources"],
        "sources.dataset": "OpenStreetMap",
        "sources.confidence": 0.8,
    }
    assert one.geometry == shapely.box(105, 21, 105.001, 21.001)


def test_batches_are_the_features(shared_data: Path) -> None:
    path = shared_data / "osm" / "vulamba_drc_buildings.geojson"
    (layer,) = layers(path)

    (batch,) = feature_batches(path, layer)
    one_by_one = list(features(path, layer))

    assert len(batch.shapes) == 870
    assert batch.columns["osm_id"] == [one.fields["osm_id"] for one in one_by_one]
    assert shapely.get_srid(shapely.from_wkb(batch.wkb()[0])) == 4326
    assert shapely.from_wkb(batch.wkb()[5]) == one_by_one[5].geometry


def test_a_geopackage_with_texts_that_were_once_misread_is_mended(tmp_path: Path) -> None:
    path = geojson(tmp_path / "x.geojson", {"type": "Point", "coordinates": [105, 21]}, ten=1)
    spoiled = path.read_text("utf-8").replace('"001"', '"ThÞ trÊn Qu¸n Hµu"')
    path.write_text(spoiled, "utf-8")

    (layer,) = layers(path)

    assert layer.letters.letters is Letters.TCVN3
    assert next(features(path, layer)).fields["code"] == "Thị trấn Quán Hàu"


def test_nothing_is_left_behind_in_the_folder_for_temporary_files(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "x.zip"
    shutil.copy(shared_data / "survey" / "xa_2009_tcvn3_shp.zip", path)

    assert len(read(path)) == 88
    assert list(tmp_path.iterdir()) == [path]

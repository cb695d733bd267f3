import csv
import io
import shutil
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.crs import crs_of, from_wgs84
from gis_layers.errors import UnknownCrsError, UnreadableFileError
from gis_layers.letters import Letters
from gis_layers.sources.vector_files import (
    Held,
    Positions,
    Reading,
    VectorFeature,
    feature_batches,
    features,
    find_crs,
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


def test_surveyors_columns_of_a_table_are_found_and_their_order_said(shared_data: Path) -> None:
    path = shared_data / "survey" / "vn2000_points.csv"
    (layer,) = layers(path)
    tm3 = Positions(Held.EAST_NORTH, ("Y_dong", "X_bac"))
    turned = Positions(Held.EAST_NORTH, ("X_bac", "Y_dong"))

    assert layer.positions == Positions(Held.EAST_NORTH, ("wgs84_lon", "wgs84_lat"))
    assert not find_crs(path, layer, reading=Reading(positions=tm3)).candidates[0].is_north_first
    assert find_crs(path, layer, reading=Reading(positions=turned)).candidates[0].is_north_first


def test_gps_columns_of_a_phone_survey_are_found_and_empty_ones_told(shared_data: Path) -> None:
    path = shared_data / "survey" / "kobo_villages_a.csv"
    (layer,) = layers(path)

    split = list(features(path, layer))
    joined = list(features(path, layer, Reading(positions=Positions(Held.PAIR, ("coords",)))))

    assert layer.positions == Positions(Held.EAST_NORTH, ("_coords_longitude", "_coords_latitude"))
    assert [one.problem for one in split].count("no_geometry") == 36
    assert [one.geometry for one in split] == [one.geometry for one in joined]
    assert sum(int(one.fields["pop"]) for one in split if one.fields["pop"].isdigit()) == 45746


@pytest.mark.parametrize(
    ("content", "held", "columns"),
    [
        ('ten,wkt\nNgõ 1,"LINESTRING(105 21,105.1 21)"\n', Held.WKT, ("wkt",)),
        ('ten,shape\nNgõ 1,"SRID=3857;POINT(11781000 2394000)"\n', Held.WKT, ("shape",)),
        ("ten,geom\nNgõ 1,0101000000000000000000f03f000000000000f03f\n", Held.WKT, ("geom",)),
        ("ten;kinh độ;vĩ độ\nA;105,83;21,02\n", Held.EAST_NORTH, ("kinh độ", "vĩ độ")),
        ("ten\tX(m)\tY(m)\nA\t2325712,2\t585728,1\n", Held.EAST_NORTH, ("X(m)", "Y(m)")),
        ('ten,toạ độ\nA,"21°01\'42""N, 105°50\'00""E"\n', Held.PAIR, ("toạ độ",)),
        ("ma,ten\n01,Hà Nội\n", Held.NOTHING, ()),
        ("ten,lat,long_name\nA,x,y\n", Held.NOTHING, ()),
    ],
)
def test_positions_are_found_by_headings_and_cells(
    tmp_path: Path, content: str, held: Held, columns: tuple[str, ...]
) -> None:
    path = tmp_path / "x"
    path.write_text(content, "utf-8")

    (layer,) = layers(path)

    assert layer.positions == Positions(held, columns)
    assert (layer.geometry_kind is None) == (held is Held.NOTHING)
    assert [one.problem for one in features(path, layer, reading_of(path, layer))] == [None]


def test_a_table_in_bare_metres_needs_a_system_and_is_given_the_likeliest(tmp_path: Path) -> None:
    east, north = from_wgs84(crs_of(5897), [(105.83, 21.02)])[0]
    path = tmp_path / "x"
    path.write_text(f"ten;X;Y\nNhà A;{north:,.2f};{east:,.2f}\n".replace(",", " ").replace(".", ","), "utf-8")
    (layer,) = layers(path)

    reading = reading_of(path, layer, province="Hà Nội")

    assert layer.crs is None
    assert reading.crs == crs_of(5897)
    assert reading.is_north_first
    with pytest.raises(UnknownCrsError):
        next(features(path, layer))
    (one,) = features(path, layer, reading)
    assert one.geometry is not None
    assert shapely.distance(one.geometry, shapely.Point(105.83, 21.02)) < 1e-7


def test_rows_that_do_not_fit_are_told_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("a,b\n" + "1,2\n" * 30 + "1,2,3\n" + "1,2\n" * 30)

    with pytest.raises(UnreadableFileError) as told:
        layers(path)

    assert told.value.facts == {"reason": "ragged_row", "row": 32, "cells": 3, "expected": 2}


def test_titles_above_the_headings_and_a_line_for_spreadsheets_are_passed_over(tmp_path: Path) -> None:
    titled = tmp_path / "titled"
    titled.write_text(
        "UBND XÃ TÂN NINH\nDanh sách thôn\n" + "ma;ten\n1;Thế Lộc\n2;Hữu Tân\n" + "3;Quảng Xá\n" * 20, "utf-8"
    )
    told = tmp_path / "told"
    told.write_text("sep=|\nma|ten\n1|Thế Lộc\n", "utf-8")

    for path in (titled, told):
        assert next(features(path, layers(path)[0])).fields == {"ma": "1", "ten": "Thế Lộc"}


def test_a_table_without_headings_and_one_with_the_same_heading_twice_keep_all_columns(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.write_text("1,105.83,21.02\n2,105.84,21.03\n")
    twice = tmp_path / "twice"
    twice.write_text("ten,ten,\nA,B,C\n")

    assert next(one.fields for one in read(bare)) == {"column 1": "1", "column 2": "105.83", "column 3": "21.02"}
    assert next(features(twice, layers(twice)[0])).fields == {"ten": "A", "ten (2)": "B", "column 3": "C"}


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co")), max_size=8)


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8),
    sign=st.sampled_from(",;\t|"),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_every_dialect_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], sign: str, codec: str, end: str
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=sign, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("mã", "tên", "ghi chú"), *rows])
    path = tmp_path_factory.mktemp("table") / "x"
    path.write_bytes(written.getvalue().encode(codec))

    (layer,) = layers(path)
    found = [
        tuple(one.fields.values())
        for one in features(path, layer, Reading(letters=Letters.UTF8, positions=Positions(Held.NOTHING)))
    ]

    assert found == [tuple(normalize("NFC", cell).strip() if cell else None for cell in row) for row in rows]


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

import json
import zipfile
from pathlib import Path

import pytest
import shapely

from gis_layers.errors import UnreadableFileError
from gis_layers.sources.recognise import FileKind, opened, recognise
from tests.gis_layers.sources.made import GPX, geojson, gzipped, kml, shapefile_parts, zipped

FEATURE = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[105,21]}}'
REAL = {
    "osm/hanoi_cat_linh_2023.osm.pbf": FileKind.OSM_PBF,
    "osm/hanoi_small_export.osm": FileKind.OSM_XML,
    "osm/overpass_hanoi_sample.json": FileKind.OVERPASS,
    "osm/kathmandu_hot_extract.geojson": FileKind.GEOJSON,
    "osm/hanoi_cat_linh_vn2000.gpkg": FileKind.GEOPACKAGE,
    "osm/open_buildings_v3_nigeria_west.csv": FileKind.TABLE,
    "osm/open_buildings_v3_nigeria_west.parquet": FileKind.PARQUET,
    "survey/xa_2009_tcvn3_shp.zip": FileKind.SHAPEFILE,
    "survey/xa_2009_vni.csv": FileKind.TABLE,
    "survey/xa_2009_utf16le_bom_tab.csv": FileKind.TABLE,
    "admin/communes_2025.csv": FileKind.TABLE,
}


def reason_of(path: Path) -> dict[str, object]:
    with pytest.raises(UnreadableFileError) as told:
        recognise(path)
    return told.value.facts


@pytest.mark.parametrize(("name", "kind"), REAL.items())
def test_a_file_is_known_by_its_content_under_any_name_and_in_any_wrapping(
    shared_data: Path, tmp_path: Path, name: str, kind: FileKind
) -> None:
    content = (shared_data / name).read_bytes()
    plain = tmp_path / "bản đồ.txt"
    plain.write_bytes(content)
    wrapped = [gzipped(tmp_path / "x", content)] if kind is not FileKind.SHAPEFILE else []
    if kind is not FileKind.SHAPEFILE:
        wrapped.append(zipped(tmp_path / "y", **{"thư mục/anh.jpg": b"\xff\xd8\xff", "thư mục/dữ liệu": content}))

    assert [recognise(path) for path in (plain, *wrapped)] == [kind] * (1 + len(wrapped))
    for path in wrapped:
        with opened(path) as file:
            assert file.kind is kind
            assert file.path.read_bytes() == content
        assert not file.path.exists()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (kml("Xóm 1"), FileKind.KML),
        ("<!-- made by hand --><kml:kml xmlns:kml='x'><kml:Document/></kml:kml>", FileKind.KML),
        (GPX, FileKind.GPX),
        (f"{FEATURE}\n{FEATURE}\n", FileKind.GEOJSON_LINES),
        (f"\x1e{FEATURE}\n\x1e{FEATURE}\n", FileKind.GEOJSON_LINES),
        (FEATURE, FileKind.GEOJSON),
        (json.dumps(json.loads(FEATURE), indent=1), FileKind.GEOJSON),
        ('{"version":0.6,"generator":"Overpass API","elements":[]}', FileKind.OVERPASS),
        ("code\tname\n01\tHà Nội\n", FileKind.TABLE),
        ("code;name\n01;Hà Nội\n", FileKind.TABLE),
        ("Danh sách thôn\n\ncode,name\n01,Thế Lộc\n02,Hữu Tân\n03,Quảng Xá\n04,Nguyệt Áng\n", FileKind.TABLE),
    ],
)
def test_what_is_written_by_hand_is_known_too(tmp_path: Path, content: str, kind: FileKind) -> None:
    path = tmp_path / "x"
    path.write_text(content, "utf-8")

    assert recognise(path) is kind


def test_a_kmz_and_a_shapefile_in_folders_are_known(tmp_path: Path) -> None:
    kmz = zipped(tmp_path / "a", **{"files/icon.png": b"\x89PNG", "doc.kml": kml("Xóm 1"), "more.kml": kml("Xóm 2")})
    parts = shapefile_parts(tmp_path / "made", "xa", [shapely.Point(105, 21)], ten=["Tân Ninh"])
    shapes = zipped(tmp_path / "b", **{f"Data/Xa/{name.upper()}": content for name, content in parts.items()})

    assert recognise(kmz) is FileKind.KML
    assert recognise(shapes) is FileKind.SHAPEFILE
    with opened(shapes) as file:
        assert file.names == ("XA",)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n", "picture"),
        (b"\x00\x00\x27\x0a" + b"\0" * 96, "shapefile_part"),
        (b"SQLite format 3\0" + b"\0" * 200, "sqlite"),
        (b"<!DOCTYPE html><html></html>", "web_page"),
        (b"<osmChange version='0.6'></osmChange>", "osm_change"),
        (b'{"type":"Topology"}', "topojson"),
        (b'{"a":1}', "json"),
        (b"Rar!\x1a\x07", "rar"),
        (b"one word", "text"),
        (b"\x07\x01\x00\xfe" * 30, "other"),
    ],
)
def test_what_is_not_read_is_named(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)

    assert reason_of(path) == {"reason": "unknown_kind", "found": found}


def test_entities_are_refused_before_anything_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("<?xml version='1.0'?><!DOCTYPE kml [<!ENTITY a 'b'>]><kml/>")

    assert reason_of(path)["reason"] == "entities"


def test_an_archive_is_refused_for_one_clear_reason(tmp_path: Path) -> None:
    two = zipped(tmp_path / "two", **{"a.geojson": FEATURE, "b.geojson": FEATURE})
    none = zipped(tmp_path / "none", **{"a.png": b"\x89PNG"})
    nested = zipped(tmp_path / "nested", **{"a.zip": two.read_bytes()})
    outside = zipped(tmp_path / "outside", **{"../../etc/x.geojson": FEATURE})
    lone = zipped(tmp_path / "lone", **{"xa.shp": b"\x00\x00\x27\x0a"})
    cut = tmp_path / "cut"
    cut.write_bytes(two.read_bytes()[:60])

    assert reason_of(two) == {"reason": "several_files", "names": "a.geojson, b.geojson"}
    assert reason_of(none) == {"reason": "unknown_kind", "found": "zip"}
    assert reason_of(nested) == {"reason": "unknown_kind", "found": "zip"}
    assert reason_of(outside)["reason"] == "unsafe_path"
    assert reason_of(lone) == {"reason": "shapefile_incomplete", "name": "xa.shp", "missing": ".shx, .dbf"}
    assert reason_of(cut)["reason"] == "damaged"


def test_a_locked_archive_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x", **{"a.geojson": FEATURE})
    raw = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + at] |= 1
    path.write_bytes(raw)

    assert reason_of(path)["reason"] == "encrypted"


def test_bombs_are_left_packed(tmp_path: Path) -> None:
    blanks = FEATURE.encode() + b" " * (80 * 1024**2)
    packed = gzipped(tmp_path / "x.gz", blanks)
    archive = zipped(tmp_path / "x.zip", **{"a.geojson": blanks})

    for path in (packed, archive):
        with pytest.raises(UnreadableFileError) as told, opened(path):
            pass
        assert told.value.facts["reason"] == "bomb"


def test_too_many_or_too_large_is_refused_from_the_list_alone(tmp_path: Path) -> None:
    many = zipped(tmp_path / "many", **{f"{number}.txt": b"" for number in range(501)})
    path = geojson(tmp_path / "x.geojson", None)

    assert reason_of(many)["reason"] == "too_many_members"
    with pytest.raises(UnreadableFileError) as told:
        recognise(path, most_bytes=10)
    assert told.value.facts["reason"] == "too_large"


def test_links_in_archives_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    link = zipfile.ZipInfo("a.geojson")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")

    assert reason_of(path)["reason"] == "unsafe_path"

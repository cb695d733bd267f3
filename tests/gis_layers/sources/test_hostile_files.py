"""Files made to harm: each is refused with its reason, or read soundly, within bounded time and memory."""

import gzip
import io
import json
import os
import sqlite3
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from gis_layers.errors import UnreadableFileError
from gis_layers.sources import apart, vector_files
from gis_layers.sources.apart import Limits
from tests.gis_layers.sources.made import shapefile_parts
from tests.gis_layers.sources.seeds import MAKERS, SHAPES
from tests.gis_layers.sources.whole_file import read_whole

LIMITS = Limits(memory_bytes=1024**3, cpu_seconds=20, patience_seconds=40, written_bytes=512 * 1024**2)
SECONDS = 45  # on a machine that runs other tests besides; each takes one or two by itself
READ_ALL = "read"
Answer = tuple[str, int]
Door = Callable[[Path], Answer]


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """Reads a file in a process apart; a new one when the last did not live. Says why it was refused, or how many."""
    with ExitStack() as stack:
        readers: list[apart.Child] = []

        def read(path: Path) -> Answer:
            if not readers or readers[-1].process.poll() is not None:
                readers.append(stack.enter_context(apart.child(LIMITS)))
            began = time.monotonic()
            answer = answered(lambda: readers[-1].call(read_whole, path))
            assert time.monotonic() - began < SECONDS
            return answer

        yield read


def answered(ask: Callable[[], int]) -> Answer:
    try:
        return READ_ALL, ask()
    except UnreadableFileError as error:
        return str(error.facts["reason"]), 0


def zip_of(path: Path, *parts: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return path


def text_of(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def link(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made


GEOJSON = json.dumps(
    {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [105, 21]}}
).encode()
EMPTY_SEA = GEOJSON[:-1] + b" " * 80_000_000 + b"}"


def test_a_zip_that_unpacks_to_far_more_than_it_should_is_a_bomb(door: Door, tmp_path: Path) -> None:
    assert door(zip_of(tmp_path / "x.zip", ("map.geojson", EMPTY_SEA))) == ("bomb", 0)


def test_a_gzip_that_unpacks_to_far_more_than_it_should_is_a_bomb(door: Door, tmp_path: Path) -> None:
    assert door(text_of(tmp_path / "x.gz", gzip.compress(EMPTY_SEA))) == ("bomb", 0)


def test_zips_in_zips_are_not_followed(door: Door, tmp_path: Path) -> None:
    inner = b"\0" * 1_000_000
    for depth in range(6):
        inner = zip_of(tmp_path / "inner.zip", *((f"{depth}{number}.zip", inner) for number in range(10))).read_bytes()

    assert door(text_of(tmp_path / "x.zip", inner)) == ("unknown_kind", 0)


def test_members_that_share_their_bytes_do_not_multiply_them(door: Door, tmp_path: Path) -> None:
    packed = zip_of(tmp_path / "x.zip", ("a.geojson", EMPTY_SEA)).read_bytes()
    start = packed.rindex(b"PK\x01\x02")
    entry = packed[start : packed.rindex(b"PK\x05\x06")]
    directory = b"".join(entry.replace(b"a.geojson", f"{number:04}.json".encode()) for number in range(400))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 400, 400, len(directory), start, 0)

    assert door(text_of(tmp_path / "y.zip", packed[:start] + directory + end))[0] in {
        "several_files",
        "damaged",
        "too_large",
    }


@pytest.mark.parametrize(
    "name",
    ["../map.geojson", "a/../../map.geojson", "/etc/map.geojson", "C:\\map.geojson", "..\\map.geojson", link("map")],
)
def test_an_archive_that_would_write_elsewhere_is_refused(door: Door, tmp_path: Path, name: Any) -> None:
    assert door(zip_of(tmp_path / "x.zip", (name, GEOJSON))) == ("unsafe_path", 0)


def test_a_hundred_thousand_members_are_too_many(door: Door, tmp_path: Path) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, *[0] * 7, 10, *[0] * 6)
    directory = b"".join(entry + b"%06d.kml" % number for number in range(100_000))
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 100_000, 100_000, len(directory), 4)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 4 + len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    path = text_of(tmp_path / "x.zip", b"PK\x03\x04" + directory + wide + locator + end)

    assert door(path) == ("too_many_members", 0)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_not_chosen_between(door: Door, tmp_path: Path) -> None:
    parts = shapefile_parts(tmp_path / "shp", "xa", [SHAPES[0]], ten=["Hữu Tân"])
    twice = [*parts.items(), ("xa.shp", parts["xa.shp"])]

    assert (
        door(zip_of(tmp_path / "x.zip", ("a.kml", MAKERS["kml"](tmp_path)), ("a.kml", b"<kml/>")))[0] == "several_files"
    )
    assert door(zip_of(tmp_path / "y.zip", *twice))[0] == "several_files"


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
DOCTYPES = {
    "billion laughs": f"<!DOCTYPE x [<!ENTITY l0 'ha'>{LAUGHS}]>",
    "file": "<!DOCTYPE x [<!ENTITY l11 SYSTEM 'file:///etc/hostname'>]>",
    "address": "<!DOCTYPE x [<!ENTITY l11 SYSTEM 'http://127.0.0.1:9/x'>]>",
    "outer": "<!DOCTYPE x SYSTEM 'file:///etc/hostname'>",
    "parameter": "<!DOCTYPE x [<!ENTITY % p SYSTEM 'file:///etc/hostname'> %p;]>",
}
MARKUP = {
    "osm": "<osm version='0.6'><node id='1' lat='21' lon='105'><tag k='place' v='&l11;'/></node></osm>",
    "kml": "<kml><Placemark><name>&l11;</name><Point><coordinates>105,21</coordinates></Point></Placemark></kml>",
    "gpx": "<gpx version='1.1'><wpt lat='21' lon='105'><name>&l11;</name></wpt></gpx>",
}


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("root", MARKUP)
@pytest.mark.parametrize("before", ["", f"<!--{' ' * 70_000}-->"], ids=["at once", "late"])
def test_entities_are_never_followed(door: Door, tmp_path: Path, root: str, doctype: str, before: str) -> None:
    content = f"<?xml version='1.0'?>{before}{DOCTYPES[doctype]}{MARKUP[root]}"

    assert door(text_of(tmp_path / "x", content))[0] in {"entities", "damaged", "unknown_kind"}
    assert door(text_of(tmp_path / "y", content.encode("utf-16")))[0] in {"entities", "damaged", "unknown_kind"}


@pytest.mark.parametrize("root", MARKUP)
def test_markup_ten_thousand_deep_is_refused(door: Door, tmp_path: Path, root: str) -> None:
    start, _, end = MARKUP[root].replace("&l11;", "x").rpartition("</")
    content = f"{start}{'<a>' * 10_000}{'</a>' * 10_000}</{end}"

    assert door(text_of(tmp_path / "x", content))[0] in {"too_deep", "damaged", READ_ALL}


def test_a_kml_that_speaks_of_other_formats_is_still_read_as_kml(door: Door, tmp_path: Path) -> None:
    bait = "http://www.opengis.net/gml <rss <GDAL_WMS> <OGCAPI> <gml:FeatureCollection <mapml- <OGRWFSDataSource>"
    content = MAKERS["kml"](tmp_path).decode().replace("<Document>", f"<!-- {bait} --><Document>", 1)

    answer = door(text_of(tmp_path / "x.gml", content))

    assert answer in {(READ_ALL, 2), ("unknown_kind", 0)}


def collection(geometry: str, properties: str = "{}") -> str:
    one = f'{{"type":"Feature","properties":{properties},"geometry":{geometry}}}'
    return f'{{"type":"FeatureCollection","features":[{one}]}}'


POINT = '{"type":"Point","coordinates":[105,21]}'


@pytest.mark.parametrize(
    "deep",
    [
        collection('{"type":"Polygon","coordinates":' + "[" * 10_000 + "]" * 10_000 + "}"),
        collection('{"type":"GeometryCollection","geometries":[' * 10_000 + POINT + "]}" * 10_000),
        collection(POINT, '{"a":' * 10_000 + "1" + "}" * 10_000),
        '{"type":"FeatureCollection","features":' + "[" * 100_000,
    ],
    ids=["coordinates", "collections", "properties", "unended"],
)
def test_json_nested_ten_thousand_deep_is_refused(door: Door, tmp_path: Path, deep: str) -> None:
    assert door(text_of(tmp_path / "x", deep))[0] in {"damaged", "too_deep", "too_heavy", READ_ALL}


def test_a_polygon_of_ten_million_corners_does_not_become_one(door: Door, tmp_path: Path) -> None:
    ring = "[[" + "[105.1,21.1],[105.2,21.1],[105.2,21.2],[105.1,21.1]," * 2_500_000 + "[105.1,21.1]]]"
    path = text_of(tmp_path / "x", collection('{"type":"Polygon","coordinates":' + ring + "}"))

    assert door(path)[0] in {"too_heavy", "damaged", "took_too_long", "too_large"}


def test_two_million_and_one_corners_are_a_problem_of_the_feature(tmp_path: Path) -> None:
    ring = "((" + "9 9,9 8,8 8," * 700_000 + "9 9))"
    places = '"POINT(105 21)",a\n' * 5000
    path = text_of(tmp_path / "x", f'wkt,ten\n{places}"POLYGON{ring}",a\n{places}')

    with apart.child(LIMITS) as reader:
        (layer,) = reader.call(vector_files.layers, path)
        found = list(reader.stream(vector_files.features, path, layer))

    assert [(one.number, one.problem) for one in found if one.geometry is None] == [(5001, "too_many_vertices")]
    assert len(found) == 10_001


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "9" * 5000,
        "105.0e",
        "0x69",
        '"105"',
        "null",
        "true",
    ],
)
def test_numbers_that_are_none_give_no_shape(door: Door, tmp_path: Path, number: str) -> None:
    path = text_of(tmp_path / "x", collection(f'{{"type":"Point","coordinates":[{number},21]}}'))

    answer = door(path)

    if answer[0] == READ_ALL:
        with apart.child(LIMITS) as reader:
            (layer,) = reader.call(vector_files.layers, path)
            (one,) = reader.stream(vector_files.features, path, layer)
        assert one.geometry is None
    assert answer[0] in {READ_ALL, "damaged", "no_content"}


def test_keys_twice_and_halves_of_letters_are_survived(door: Door, tmp_path: Path) -> None:
    names = '{"ten":"\\ud800","ten":"\\udfff x","\\ud801":1,"a\\u0000b":"c\\u0000d"}'
    twice = collection(POINT, names).replace('"type":"Feature"', '"type":"Feature","type":"Feature","id":"\\ud800"')

    assert door(text_of(tmp_path / "x", twice))[0] in {READ_ALL, "damaged"}


def package(folder: Path, *statements: str) -> Path:
    path = folder / "x.gpkg"
    path.write_bytes(MAKERS["geopackage"](folder))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("pragma writable_schema = on")
        for statement in statements:
            database.execute(statement)
    return path


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select 'xa' as table_name, i from n"


SMUGGLED = (
    "insert into sqlite_master(type, name, tbl_name, rootpage, sql) values"
    " ('table', 'z', 'z', 0, 'create virtual table z using csv(filename=''/etc/rtree'')')"
)


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (["alter table xa rename to y", "create view xa as select * from y"], "computed_layer"),
        (["alter table gpkg_contents rename to y", f"create view gpkg_contents as {ENDLESS}"], "computed_layer"),
        (
            ["alter table gpkg_geometry_columns rename to y", f"create view gpkg_geometry_columns as {ENDLESS}"],
            "computed_layer",
        ),
        (
            ["alter table gpkg_spatial_ref_sys rename to y", f"create view gpkg_spatial_ref_sys as {ENDLESS}"],
            "computed_layer",
        ),
        (["alter table xa add column z text generated always as (hex(zeroblob(400000000))) virtual"], "computed_layer"),
        (["create virtual table z using fts4(x)"], "computed_layer"),
        (
            [SMUGGLED],
            "computed_layer",
        ),
        (["create trigger z after insert on xa begin delete from xa; end"], READ_ALL),
        (["create index z on xa(ten) where abs(dan_so) > 1"], READ_ALL),
        (["drop table gpkg_contents"], "damaged"),
        (["delete from gpkg_geometry_columns"], "damaged"),
        (["update gpkg_contents set table_name = 'sqlite_master'"], "no_content"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[-1][:60],
)
def test_a_geopackage_computes_nothing(door: Door, tmp_path: Path, statements: list[str], reason: str) -> None:
    assert door(package(tmp_path, *statements))[0] == reason


@pytest.mark.parametrize("page", range(0, 24, 3))
def test_pages_of_a_geopackage_that_are_noise_are_told(door: Door, tmp_path: Path, page: int) -> None:
    content = bytearray(MAKERS["geopackage"](tmp_path))
    noise = bytes(one * 7919 % 251 for one in range(4000))
    content[page * 4096 + 96 : page * 4096 + 4096] = noise

    assert door(text_of(tmp_path / "x", bytes(content)))[0] in {READ_ALL, "damaged", "no_content", "unknown_kind"}


def blob(kind: bytes, raw_size: int, inner: bytes, claimed: int | None = None) -> bytes:
    packed = zlib.compress(inner)
    body = b"\x10" + varint(raw_size) + b"\x1a" + varint(len(packed)) + packed
    header = b"\x0a" + varint(len(kind)) + kind + b"\x18" + varint(len(body) if claimed is None else claimed)
    return struct.pack(">I", len(header)) + header + body


def varint(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    return bytes([*made, value])


HEADER = blob(b"OSMHeader", 22, b"\x22\x0eOsmSchema-V0.6\x22\x04Dense"[:22])


@pytest.mark.parametrize(
    "content",
    [
        HEADER + blob(b"OSMData", 2**31 - 1, b"\0" * 1000),
        HEADER + blob(b"OSMData", 2**63, b"\0" * 1000),
        HEADER + blob(b"OSMData", 32 * 1024**2, b"\0" * 64 * 1024**2),
        HEADER + blob(b"OSMData", 1000, b"\0" * 1000, claimed=2**31 - 1),
        HEADER + blob(b"OSMData", 12, b"\x0a\xff\xff\xff\xff\x07" + b"\0" * 6),
        HEADER + struct.pack(">I", 2**31),
        blob(b"OSMHeader", 2**31 - 1, b"\0"),
        HEADER,
    ],
)
def test_a_pbf_that_claims_gigabytes_gets_none(door: Door, tmp_path: Path, content: bytes) -> None:
    assert door(text_of(tmp_path / "x", content))[0] in {"damaged", "no_content"}


def test_a_pbf_with_a_zero_in_a_text_never_reaches_osmium(door: Door, tmp_path: Path) -> None:
    """The tags of libosmium end in zero: it would read on in memory that is not the file's."""
    content = MAKERS["osm_pbf"](tmp_path)

    assert door(text_of(tmp_path / "x", content.replace(b"residential", b"residen\0ial"))) == ("damaged", 0)


def test_zeros_in_the_texts_of_overpass_are_left_out(door: Door, tmp_path: Path) -> None:
    content = MAKERS["overpass"](tmp_path).replace(b'"building"', b'"\\u0000building\\u0000"')

    assert door(text_of(tmp_path / "x", content)) == door(text_of(tmp_path / "y", MAKERS["overpass"](tmp_path)))


@pytest.mark.parametrize(
    "content",
    [
        b"ten;lon;lat\n" + b"x" * 100_000_000 + b";105;21\n",
        b'ten;lon;lat\n"' + b"x;\n" * 30_000_000,
        b";".join(b"c%d" % number for number in range(1_000_000)) + b"\n" + b";" * 999_999 + b"\n",
        b";" * 50_000_000,
        b"ten;lon;lat\n" + b"a;105;21\n\0\0\0;\0;\0\n" * 1000,
        b"ten;lon;lat\n" + b"\0" * 5_000_000,
        b"\xff\xfe" + "ten;lon;lat\na;105;21\n".encode("utf-16-le") * 10 + b"\x00\xd8",
        b"geometry,a\n" + b'"POLYGON((' + b"(" * 100_000 + b'",1\n',
        b"geometry,a\n" + b'"' + b"GEOMETRYCOLLECTION(" * 100_000 + b'",1\n',
    ],
    ids=[
        "line",
        "quote",
        "columns",
        "separators",
        "zeros",
        "a sea of zeros",
        "half a letter",
        "brackets",
        "collections",
    ],
)
def test_tables_without_end_are_bounded(door: Door, tmp_path: Path, content: bytes) -> None:
    answers = {READ_ALL, "damaged", "no_table", "unknown_kind", "too_many_fields", "ragged_row", "letters", "too_heavy"}

    assert door(text_of(tmp_path / "x.csv", content))[0] in answers


@pytest.mark.parametrize("size", [0, 1, 100, 2**31 - 1, 2**32 - 1])
def test_a_parquet_footer_that_lies_about_its_size_is_damage(door: Door, tmp_path: Path, size: int) -> None:
    content = MAKERS["parquet"](tmp_path)

    assert door(text_of(tmp_path / "x", content[:-8] + struct.pack("<I", size) + b"PAR1")) == ("damaged", 0)


def test_a_parquet_that_repeats_one_text_a_billion_times_is_bounded(door: Door, tmp_path: Path) -> None:
    held = io.BytesIO()
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int8()), pa.array(["x" * 200_000]))
    parquet.write_table(pa.table({"ten": texts, "lon": [105.0] * 20_000, "lat": [21.0] * 20_000}), held)

    assert len(held.getvalue()) < 1_000_000
    assert door(text_of(tmp_path / "x", held.getvalue()))[0] in {"too_heavy", "too_large", "damaged", READ_ALL}


@pytest.mark.parametrize("part", ["shp", "shx", "dbf"])
@pytest.mark.parametrize("at", [4, 8, 24, 100, 104, 148])
@pytest.mark.parametrize("lie", [0, 0x7FFFFFFF])
def test_a_shapefile_that_lies_about_counts_and_offsets_is_bounded(
    door: Door, tmp_path: Path, part: str, at: int, lie: int
) -> None:
    parts = shapefile_parts(tmp_path / "shp", "xa", [SHAPES[0], SHAPES[2]], ten=["a", "b"])
    content = bytearray(parts[f"xa.{part}"])
    content[at : at + 4] = struct.pack("<I", lie)
    parts[f"xa.{part}"] = bytes(content)

    assert door(zip_of(tmp_path / "x.zip", *parts.items()))[0] in {READ_ALL, "damaged", "no_content", "too_heavy"}


def test_a_file_that_shrinks_while_it_is_read_harms_nobody(tmp_path: Path) -> None:
    rows = b"".join(b"a;%f;21\n" % (105 + number / 1e6) for number in range(100_000))
    path = text_of(tmp_path / "x.csv", b"ten;lon;lat\n" + rows)

    def read_and_cut() -> int:
        count = 0
        with apart.child(LIMITS) as reader:
            (layer,) = reader.call(vector_files.layers, path)
            for batch in reader.stream(vector_files.feature_batches, path, layer):
                count += len(batch.shapes)
                os.truncate(path, 1000)
        return count

    assert answered(read_and_cut)[0] in {READ_ALL, "damaged", "ragged_row", "crashed"}


@pytest.mark.parametrize(
    "make", [os.mkfifo, Path.mkdir, lambda path: Path(path).symlink_to("/dev/zero")], ids=["pipe", "folder", "device"]
)
def test_what_is_no_file_is_not_waited_for(door: Door, tmp_path: Path, make: Callable[[Path], Any]) -> None:
    path = tmp_path / "x.geojson"
    make(path)

    assert door(path) == ("missing", 0)


def test_a_link_to_a_file_is_the_file(door: Door, tmp_path: Path) -> None:
    (tmp_path / "x.geojson").symlink_to(text_of(tmp_path / "there", collection(POINT)))

    assert door(tmp_path / "x.geojson") == (READ_ALL, 1)

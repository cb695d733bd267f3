"""Maps and tables made to harm: each is refused with its reason, or read soundly, within bounded time and memory."""

import io
import os
import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from gis_layers.sources import apart, vector_files
from tests.gis_layers.sources.hostile import LIMITS, READ_ALL, Door, answered, text_of, zip_of
from tests.gis_layers.sources.made import shapefile_parts
from tests.gis_layers.sources.seeds import MAKERS, SHAPES


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


def test_a_parquet_whose_groups_hold_none_of_the_rows_it_names_is_damage(door: Door, tmp_path: Path) -> None:
    content = MAKERS["parquet"](tmp_path)
    lies = (content[:at] + b"\0" + content[at + 1 :] for at in range(len(content)) if content[at] == 6)  # 3, zigzag
    (lie,) = [one for one in lies if _rows_said(one) == (3, 0)]

    assert door(text_of(tmp_path / "x", lie)) == ("damaged", 0)


def _rows_said(content: bytes) -> tuple[int, int] | None:
    """Rows of the whole file and of its first group, as its footer has them."""
    try:
        said = parquet.ParquetFile(io.BytesIO(content)).metadata
    except (pa.ArrowException, OSError):
        return None
    return said.num_rows, said.row_group(0).num_rows


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

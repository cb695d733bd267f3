"""Archives and markup made to harm, and what is no file at all: refused with a reason, in bounded time and memory."""

import gzip
import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.gis_layers.sources.hostile import READ_ALL, Door, text_of, zip_of
from tests.gis_layers.sources.made import shapefile_parts
from tests.gis_layers.sources.seeds import MAKERS, SHAPES


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


@pytest.mark.parametrize(
    "make", [os.mkfifo, Path.mkdir, lambda path: Path(path).symlink_to("/dev/zero")], ids=["pipe", "folder", "device"]
)
def test_what_is_no_file_is_not_waited_for(door: Door, tmp_path: Path, make: Callable[[Path], Any]) -> None:
    path = tmp_path / "x.geojson"
    make(path)

    assert door(path) == ("missing", 0)


def test_a_link_to_a_file_is_the_file(door: Door, tmp_path: Path) -> None:
    (tmp_path / "x.geojson").symlink_to(text_of(tmp_path / "there", GEOJSON))

    assert door(tmp_path / "x.geojson") == (READ_ALL, 1)

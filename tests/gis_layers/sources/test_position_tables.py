import csv
import io
from pathlib import Path
from unicodedata import normalize

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
    features,
    find_crs,
    layers,
    reading_of,
)

DIALECTS = ("utf8", "utf8_bom", "utf8_nfd", "utf16le_bom_tab", "tcvn3", "vni", "cp1258", "semicolon_comma_decimal")


def read(path: Path, reading: Reading | None = None) -> list[VectorFeature]:
    (layer,) = layers(path)
    return list(features(path, layer, reading or reading_of(path, layer)))


def answer(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "survey" / "xa_2009_utf8.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


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

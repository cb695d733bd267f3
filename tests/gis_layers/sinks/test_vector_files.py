"""What is written is read back by GDAL as it was, in every kind of file."""

import csv
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio
import pytest
import shapely

from gis_layers.render.palette import STATUSES
from gis_layers.render.styles import alleys_style, households_style
from gis_layers.sinks.vector_files import Column, OutBatch, OutKind, OutLayer, write

COLUMNS = (
    Column("uuid"),
    Column("status"),
    Column("people", "integer"),
    Column("rate", "number"),
    Column("new", "flag"),
)
DOORS = OutLayer("hộ", "Point", COLUMNS, households_style("Hộ", str.title))
ROWS = [
    ["a", "covered", 4, 93.39, True],
    ["b", "uncovered", None, None, False],
    ["c", None, 0, 0.1, None],
    ["=1+1", "pledged", 2**40, -1.5, None],
]
POINTS = [shapely.Point(106.61234567890123, 17.2), shapely.Point(106.7, 17.3), None, shapely.Point(-1.5, 17.4)]


def batches() -> list[OutBatch]:
    shapes = [None if one is None else shapely.to_wkb(one) for one in POINTS]
    return [OutBatch(shapes[:2], ROWS[:2]), OutBatch(shapes[2:], ROWS[2:])]


@pytest.mark.parametrize("kind", [OutKind.GEOPACKAGE, OutKind.GEOJSON, OutKind.KML])
def test_gdal_reads_back_what_was_written(kind: OutKind, tmp_path: Path) -> None:
    path = tmp_path / f"x.{kind}"

    assert write(path, kind, DOORS, batches()) == 4

    found = pyogrio.raw.read(path, layer="hộ")
    shapes = [None if wkb is None else shapely.from_wkb(wkb) for wkb in found[2]]
    values = dict(zip(found[0]["fields"], found[3], strict=True))
    assert [one is None for one in shapes] == [False, False, True, False]
    assert shapes[0].distance(POINTS[0]) < 1e-7
    assert list(values["uuid"]) == ["a", "b", "c", "=1+1"]
    assert [str(one) for one in values["new"][:2]] == ["yes", "no"]
    if kind is not OutKind.KML:  # KML has texts only
        assert values["rate"][0] == 93.39
        assert np.isnan(values["people"][1].astype(float))
        assert int(values["people"][3]) == 2**40


def test_a_geopackage_keeps_places_to_the_last_bit(tmp_path: Path) -> None:
    write(tmp_path / "x.gpkg", OutKind.GEOPACKAGE, DOORS, batches())

    read = pyogrio.raw.read(tmp_path / "x.gpkg", layer="hộ")[2][0]

    assert shapely.from_wkb(read).x == 106.61234567890123


def test_layers_stand_side_by_side_with_their_styles(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    alleys = OutLayer("ngõ", "LineString", (Column("kind"),), alleys_style("Ngõ", str))
    line = shapely.to_wkb(shapely.LineString([(106.6, 17.2), (106.7, 17.3)]))
    write(path, OutKind.GEOPACKAGE, DOORS, batches())
    write(path, OutKind.GEOPACKAGE, alleys, [OutBatch([line], [["alley"]])])

    assert [name for name, _ in pyogrio.list_layers(path)] == ["hộ", "ngõ", "layer_styles"]
    styles = pyogrio.raw.read(path, layer="layer_styles")
    held = dict(zip(styles[0]["fields"], styles[3], strict=True))
    assert list(held["f_table_name"]) == ["hộ", "ngõ"]
    assert list(held["useAsDefault"]) == [True, True]
    drawn = ET.fromstring(held["styleQML"][0])  # noqa: S314 - our own text
    categories = drawn.findall(".//category")
    assert [one.get("value") for one in categories] == list(STATUSES)
    rules = ET.fromstring(held["styleSLD"][0])  # noqa: S314 - our own text
    assert len(rules.findall(".//{http://www.opengis.net/sld}Rule")) == len(STATUSES)


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    write(tmp_path / "x.csv", OutKind.CSV, DOORS, batches())

    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[3]["uuid"] == "'=1+1"
    assert rows[0] | {} == {
        "uuid": "a", "status": "covered", "people": "4", "rate": "93.39", "new": "yes",
        "lon": "106.6123457", "lat": "17.2000000",
    }  # fmt: skip
    assert (rows[2]["lon"], rows[2]["people"], rows[3]["rate"]) == ("", "0", "-1.5")


def test_lines_go_into_a_csv_as_well_known_text(tmp_path: Path) -> None:
    line = shapely.to_wkb(shapely.LineString([(106.6, 17.2), (106.7, 17.3)]))

    write(
        tmp_path / "x.csv",
        OutKind.CSV,
        OutLayer("ngõ", "LineString", (Column("kind"),)),
        [OutBatch([line], [["alley"]])],
    )

    assert "LINESTRING (106.6 17.2, 106.7 17.3)" in (tmp_path / "x.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("kind", [OutKind.GEOPACKAGE, OutKind.GEOJSON, OutKind.CSV])
def test_a_layer_without_features_is_written_empty(kind: OutKind, tmp_path: Path) -> None:
    assert write(tmp_path / f"x.{kind}", kind, DOORS, []) == 0

    assert (tmp_path / f"x.{kind}").stat().st_size > 0
    if kind is not OutKind.CSV:
        assert pyogrio.read_info(tmp_path / f"x.{kind}", layer="hộ")["features"] == 0

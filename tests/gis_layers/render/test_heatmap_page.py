"""The coverage map as a file: whole in itself, safe with any name, and drawn without a network."""

import json
import re

import pytest
import shapely

from gis_layers.render.heatmap_page import (
    UNCOVERED_FILLS,
    AreaShape,
    Leaflet,
    Square,
    heatmap_page,
    share_fill,
)
from gis_layers.render.heatmap_panels import LegendEntry, Words
from gis_layers.types import BBox

LEAFLET = Leaflet("/* leaflet {{ not a template }} {% nor this %} */", ".leaflet-pane{left:0}")
WORDS = Words(
    language="vi",
    title="Bản đồ <Tân Ninh>",
    legend="Chú giải",
    subtitle=["93,40%"],
    areas_layer="Tỷ lệ",
    squares_layer="Ô vuông",
    areas_legend=[LegendEntry("#107563", "từ 97 %")],
    squares_legend=[LegendEntry("#FEF0D9", "không còn ai")],
    table_head=["Địa bàn"],
    table_rows=[["Hữu Tân & Quảng Xá"]],
    footer=["Nguồn: …"],
)


def an_area(name: str = "Hữu Tân", west: float = 106.62) -> AreaShape:
    return AreaShape(name, shapely.box(west, 17.26, west + 0.01, 17.27), "#F6E3A1", "91,18%", ["1.127 / 1.236"])


def a_square(side: float, uncovered: int, registered: int = 40) -> Square:
    return Square(BBox(106.62, 17.26, 106.62 + side, 17.26 + side), uncovered, registered, [f"{uncovered} người"])


def data_of(page: str) -> list[dict[str, object]]:
    """The features of all layers, as the page holds them."""
    return [
        feature
        for found in re.findall(r"geo_json_\w+_add\((\{.*?\})\);", page)
        for feature in json.loads(found)["features"]
    ]


def test_the_page_asks_nobody_for_anything() -> None:
    page = heatmap_page([an_area()], [a_square(0.001, 4)], WORDS, LEAFLET)

    assert "<script src" not in page
    assert "<link" not in page
    assert "@import" not in page
    assert not re.findall(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", page)
    assert "tile.openstreetmap" not in page


def test_leaflet_is_put_in_as_it_is() -> None:
    page = heatmap_page([an_area()], [], WORDS, LEAFLET)

    assert LEAFLET.script in page
    assert LEAFLET.style in page


def test_names_cannot_become_markup() -> None:
    page = heatmap_page([an_area('<img src=x onerror="alert(1)">')], [], WORDS, LEAFLET)

    assert "<img src=x" not in page
    assert "Bản đồ &lt;Tân Ninh&gt;" in page
    assert "Hữu Tân &amp; Quảng Xá" in page


def test_neighbours_keep_their_common_border() -> None:
    page = heatmap_page([an_area(), an_area("Quảng Xá", 106.63)], [], WORDS, LEAFLET)

    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in data_of(page)[:2]]
    assert shapely.coverage_is_valid(shapes)
    assert shapes[0].touches(shapes[1])


def test_a_withheld_area_is_grey_and_dashed() -> None:
    hidden = AreaShape("Thôn nhỏ", shapely.box(106.6, 17.2, 106.61, 17.21), None, "–", ["Quá ít hộ"])

    page = heatmap_page([hidden], [], WORDS, LEAFLET)

    assert '"dashArray": "4 4"' in page
    assert "#D5D9DF" in page


def test_large_squares_lie_below_small_ones_and_are_paler() -> None:
    page = heatmap_page([an_area()], [a_square(0.001, 4), a_square(0.008, 4)], WORDS, LEAFLET)

    squares = [feature["properties"] for feature in data_of(page) if "opacity" in feature["properties"]]
    assert [square["opacity"] for square in squares] == [pytest.approx(0.318, abs=0.01), pytest.approx(0.9)]


def test_more_uncovered_is_always_darker_within_one_hue() -> None:
    fills = [share_fill(uncovered, 100) for uncovered in (0, 1, 5, 10, 20, 100)]

    assert fills == [UNCOVERED_FILLS[0], *UNCOVERED_FILLS[1:], UNCOVERED_FILLS[-1]]
    assert share_fill(3, 0) == UNCOVERED_FILLS[-1]


def test_a_map_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one area"):
        heatmap_page([], [], WORDS, LEAFLET)

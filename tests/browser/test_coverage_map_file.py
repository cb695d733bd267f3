"""The coverage map as a file, opened in a real browser that has no network."""

import shutil
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Page, sync_playwright

from gis_layers.render.heatmap_page import AreaShape, Leaflet, Square, heatmap_page
from gis_layers.render.heatmap_panels import LegendEntry, Words
from gis_layers.types import BBox
from webmap import assets

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif("leaflet.js" not in assets.manifest(), reason="the browser's files are not built"),
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = {
        name: (assets.STATIC / "dist" / assets.manifest()[name]).read_text("utf-8")
        for name in assets.manifest()
        if name.startswith("leaflet.")
    }
    words = Words(
        language="vi",
        title="Bản đồ bao phủ BHYT: Xã Tân Ninh",
        legend="Chú giải và số liệu",
        subtitle=["93,40%: 5.646 trên 6.045 nhân khẩu"],
        areas_layer="Tỷ lệ từng địa bàn",
        squares_layer="Nơi còn người chưa có thẻ",
        areas_legend=[LegendEntry("#F6E3A1", "90 % đến dưới 95 %")],
        squares_legend=[LegendEntry("#FDCC8A", "dưới 5 % chưa có thẻ")],
        table_head=["Địa bàn", "Tỷ lệ"],
        table_rows=[["Hữu Tân", "91,18%"]],
        footer=["Nguồn: …"],
    )
    areas = [
        AreaShape(name, shapely.box(west, 17.26, west + 0.01, 17.28), "#F6E3A1", "91,18%", ["1.127 trên 1.236"])
        for name, west in (("Thôn Hữu Tân", 106.62), ("Thôn Quảng Xá", 106.63))
    ]
    squares = [Square(BBox(106.623, 17.265, 106.624, 17.266), 3, 40, ["3 người chưa có thẻ"])]
    path = tmp_path_factory.mktemp("map") / "map.html"
    path.write_text(heatmap_page(areas, squares, words, Leaflet(built["leaflet.js"], built["leaflet.css"])), "utf-8")
    return path


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1366, 820)])
def test_it_draws_without_a_network_and_asks_for_nothing(file: Path, width: int, height: int) -> None:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": width, "height": height}, offline=True).new_page()
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.goto(file.as_uri())

        layers_can_be_changed(page)
        nothing_overflows(page, width)
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        browser.close()

    assert asked == [file.as_uri()]
    assert wrong == []
    assert printed.count(b"/Type /Page\n") == 1


def layers_can_be_changed(page: Page) -> None:
    assert page.locator("path.leaflet-interactive").count() == 2
    assert page.get_by_text("Thôn Hữu Tân").first.is_visible()
    page.get_by_label("Nơi còn người chưa có thẻ").check()
    page.locator("summary").evaluate("summary => { summary.parentElement.open = true; }")
    assert page.get_by_text("dưới 5 % chưa có thẻ").is_visible()
    assert page.get_by_text("90 % đến dưới 95 %").is_hidden()
    assert page.locator("path.leaflet-interactive").count() == 3


def nothing_overflows(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width

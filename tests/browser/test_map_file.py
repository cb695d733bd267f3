"""A map file dropped on the page, seen on the map, applied, seen, undone: in a real browser."""

import json
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, complaints

DROP = """async ([text, name]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name));
  dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def around(page: Page) -> list[float]:
    """A square in the middle of the map's home, where there is a commune."""
    west, south, east, north = json.loads(page.locator("#map").get_attribute("data-home") or "[]")
    lon, lat, step = (west + east) / 2, (south + north) / 2, (east - west) / 20
    return [lon, lat, lon + step, lat + step]


def test_a_dropped_file_is_seen_applied_and_undone(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("admin", "/map", language="en")
    west, south, east, north = around(page)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    feature = {
        "type": "Feature",
        "properties": {"ten_thon": "Thôn Kéo Thả"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    page.goto(page.url.split("/map")[0] + "/import/map")
    page.evaluate(DROP, [json.dumps({"type": "FeatureCollection", "features": [feature]}), "kéo thả.geojson"])
    assert "kéo thả.geojson" in page.locator("[data-dropped]").inner_text()

    page.get_by_role("button", name="Upload and look at it").click()
    page.get_by_label("It becomes").select_option("areas")
    page.get_by_role("button", name="Show on the map what would change").click()
    page.wait_for_url("**/preview*", timeout=60_000)
    page.wait_for_selector("[data-ready]", timeout=60_000)
    page.get_by_role("link", name="Thôn Kéo Thả", exact=True).click()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Change the map").click()
    page.wait_for_url("**/history/**", timeout=60_000)
    assert "The map is changed." in page.locator("main").inner_text()
    page.get_by_role("button", name="Undo this change").click()

    assert "is undone. The map is as it was before." in page.locator("main").inner_text()
    assert complaints(page) == []

"""The map in a real browser: it draws, its filters and its list act on it, and it can be used by keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, complaints

pytestmark = pytest.mark.browser
READY = "#map[data-state=ready]"


def the_map(open_page: OpenPage, path: str, **options: Any) -> Page:
    page = open_page("leader", path, **options)
    page.wait_for_selector(READY, timeout=60_000)
    return page


def drawn(page: Page, layer: str) -> int:
    """How many features of a layer stand on the screen, once everything has come."""
    count: int = page.evaluate(
        """async (layer) => {
            const map = document.querySelector("#map").map;
            if (!map.loaded() || map.isMoving()) await map.once("idle");
            return map.queryRenderedFeatures({layers: [layer]}).length;
        }""",
        layer,
    )
    return count


def test_areas_and_doors_are_drawn_and_nothing_complains(open_page: OpenPage) -> None:
    page = the_map(open_page, "/map")

    assert drawn(page, "area-village") > 0
    zoom_to_first_village(page)
    assert drawn(page, "households") > 20
    assert drawn(page, "alleys") > 0
    assert complaints(page) == []


def test_a_filter_leaves_those_outside_as_dots_and_counts_the_rest(open_page: OpenPage) -> None:
    page = the_map(open_page, "/map?status=partly")
    zoom_to_first_village(page)

    assert drawn(page, "households") > 0
    assert drawn(page, "households-faint") > drawn(page, "households")
    statuses = page.evaluate(
        "[...new Set(document.querySelector('#map').map.queryRenderedFeatures({layers: ['households']})"
        ".map((one) => one.properties.status))]"
    )
    assert statuses == ["partly"]


def test_ticking_a_box_changes_list_legend_and_address_without_leaving_the_page(open_page: OpenPage) -> None:
    page = the_map(open_page, "/map")
    page.evaluate("window.isStillHere = true")
    page.locator(".side-filter > summary").click()
    page.locator("label.option", has_text="Có thẻ một phần").first.click()

    expect(page).to_have_url(re.compile(r"status=partly"))
    page.wait_for_selector("[data-door]")
    assert page.evaluate("window.isStillHere") is True
    listed = int(re.sub(r"\D", "", page.locator("#side-list h2").inner_text()))
    counted = page.locator("#legend-statuses li", has_text="Có thẻ một phần").locator(".count").inner_text()
    assert listed == int(re.sub(r"\D", "", counted)) > 0


def test_the_list_is_walked_with_arrow_keys_and_enter_goes_to_the_house(open_page: OpenPage) -> None:
    page = the_map(open_page, "/map?status=partly&placed=yes")
    rows = page.locator("[data-list] a")
    rows.first.focus()
    page.keyboard.press("ArrowDown")

    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(r"household=[0-9a-f-]{36}"))
    assert drawn(page, "chosen") == 1
    page.wait_for_function(
        """row => {
        const { lng, lat } = document.querySelector("#map").map.getCenter();
        return Math.abs(lng - row.dataset.lon) < 1e-5 && Math.abs(lat - row.dataset.lat) < 1e-5;
    }""",
        arg=rows.nth(1).element_handle(),
    )


def test_a_link_to_a_house_opens_the_map_there(open_page: OpenPage) -> None:
    page = the_map(open_page, "/map?status=partly&placed=yes")
    row = page.locator("[data-list] a").first
    household, lon = row.get_attribute("data-door"), float(row.get_attribute("data-lon") or 0)
    other = the_map(open_page, f"/map?household={household}")

    centre = other.evaluate("document.querySelector('#map').map.getCenter().lng")
    assert centre == pytest.approx(lon, abs=0.001)
    assert drawn(other, "chosen") == 1


def test_without_scripts_the_list_still_leads_to_villages_and_doors(open_page: OpenPage) -> None:
    page = open_page("leader", "/map", java_script_enabled=False)
    page.locator("[data-list] a").first.click()
    page.wait_for_load_state()

    assert page.locator("[data-door]").count() > 0
    assert page.locator("noscript").count() == 1


def test_on_a_phone_the_list_comes_up_as_a_sheet_by_one_press(open_page: OpenPage) -> None:
    page = the_map(open_page, "/map", width=360)
    grip = page.locator("[data-sheet-grip]")
    assert not page.locator("[data-list]").is_visible()

    grip.click()

    expect(page.locator("#side")).to_have_attribute("data-sheet", "half")
    expect(grip).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-list] a").first).to_be_visible()


def zoom_to_first_village(page: Page) -> None:
    """Go near: to the door that stands in the middle of those the map knows."""
    page.evaluate(
        """async () => {
            const map = document.querySelector("#map").map;
            const answer = await (await fetch("/map/matches.json?placed=yes")).json();
            const points = answer.points.sort((a, b) => a[3] - b[3]);
            const [, , , lon, lat] = points[Math.floor(points.length / 2)];
            map.jumpTo({ center: [lon, lat], zoom: 15.5 });
            await map.once("idle");
        }"""
    )

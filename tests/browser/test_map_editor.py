"""The map edited in a real browser: an alley drawn, named, joined to the rest, and all of it undone."""

import re
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect
from shapely import LineString

from gis_layers.measure import geometry_from_plane, geometry_to_plane, plane_of
from tests.browser.conftest import OpenPage, complaints

READY = "#map[data-is-ready]"
NAME = "Ngách 2 Ngõ thử"
PATIENCE = 20_000  # milliseconds; a busy machine is no failure


def editor_of_the_commune(open_page: OpenPage, **options: Any) -> Page:
    """The editor of the leader's commune."""
    page = open_page("leader", "/areas", **options)
    page.goto(f"{page.url}/edit-map")
    page.wait_for_selector(READY)
    return page


def alleys(page: Page) -> list[dict[str, Any]]:
    """Every alley around, as the editor is told."""
    west, south, east, north = page.evaluate("JSON.parse(document.querySelector('#map').dataset.bounds)")
    base = page.evaluate("document.querySelector('#map').dataset.base")
    answer = page.request.get(f"{page.url.split('/areas')[0]}{base}/shapes.json?bbox={west},{south},{east},{north}")
    return [one for one in answer.json()["features"] if one["properties"]["what"] == "alley"]


def open_field(page: Page) -> tuple[float, float]:
    """A place some 60 metres from the nearest alley, so that what is drawn there joins nothing."""
    lines = [LineString(one["geometry"]["coordinates"]) for one in alleys(page)]
    plane = plane_of(shapely.union_all(lines))
    flat = shapely.union_all([geometry_to_plane(plane, line) for line in lines])
    fields = flat.buffer(70).difference(flat.buffer(50))
    place = geometry_from_plane(plane, fields.representative_point())
    return float(place.x), float(place.y)


def press(page: Page, right: int, down: int) -> None:
    box = page.locator("#map canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down)
    page.wait_for_timeout(350)  # two presses at once would be a double press


@pytest.mark.timeout(240)
def test_an_alley_is_drawn_named_joined_and_undone_on_a_phone(open_page: OpenPage) -> None:
    page = editor_of_the_commune(open_page, width=360)
    before = alleys(page)
    lon, lat = open_field(page)
    page.goto(f"{page.url.split('#')[0]}?at#18/{lat:.6f}/{lon:.6f}")
    page.wait_for_selector(READY)

    page.click("[data-tool=alley]")
    page.click("[data-corner]")  # by the keyboard's way: the corner at the cross
    press(page, 20, -25)
    press(page, 40, -25)
    page.click("[data-stroke-undo]")
    press(page, 40, -10)
    expect(page.locator("[data-measure]")).to_have_text(re.compile(r"\d+ m"), timeout=PATIENCE)
    page.click("[data-finish]")
    expect(page.locator("[data-save]")).to_be_visible(timeout=PATIENCE)
    page.click("[data-stroke-undo]")  # nothing was moved since: the stroke stays
    page.fill("#draft-name", "Ngõ thử")
    page.click("[data-save]")
    expect(page.locator("#alley-card h2")).to_have_text("Ngõ thử", timeout=PATIENCE)
    page.fill("#alley-name", NAME)
    page.click("[data-alley] form[action$=details] button.main")
    expect(page.locator("#alley-card h2")).to_have_text(NAME, timeout=PATIENCE)

    [drawn] = [one for one in alleys(page) if one["properties"]["name"] == NAME]
    assert len(drawn["geometry"]["coordinates"]) == 3
    page.click("#alley-card .card-close")
    page.click("[data-tab=gaps]")
    gap = page.locator("[data-link]", has_text=NAME)
    expect(gap).to_have_count(1, timeout=PATIENCE)
    gap.locator("button.main").click()
    expect(gap).to_have_count(0, timeout=PATIENCE)
    assert len(alleys(page)) > len(before) + 1

    page.reload()
    for _ in range(3):  # link, name, alley: the newest first
        page.wait_for_selector(READY)
        page.click("[data-sheet-grip]")
        page.click("[data-sheet-grip]")
        with page.expect_navigation():  # the page is shown anew after the undo
            page.locator("form[data-undo] button").first.click()
    page.wait_for_selector(READY)
    assert sorted(map(str, alleys(page))) == sorted(map(str, before))
    assert complaints(page) == []


def test_what_cannot_be_sent_stays_on_the_screen(open_page: OpenPage) -> None:
    page = editor_of_the_commune(open_page)
    lon, lat = open_field(page)
    page.goto(f"{page.url.split('#')[0]}?at#18/{lat:.6f}/{lon:.6f}")
    page.wait_for_selector(READY)
    page.click("[data-tool=alley]")
    press(page, 0, 0)
    press(page, 40, -10)
    page.click("[data-finish]")

    page.context.set_offline(True)
    page.click("[data-save]")
    expect(page.locator(".toast.bad")).to_be_visible(timeout=PATIENCE)
    page.context.set_offline(False)

    expect(page.locator("[data-save]")).to_be_visible(timeout=PATIENCE)
    page.click("[data-save]")
    expect(page.locator("#alley-card h2")).to_be_visible(timeout=PATIENCE)
    page.click("[data-gone] button")
    expect(page.locator("#alley-card")).to_be_hidden(timeout=PATIENCE)

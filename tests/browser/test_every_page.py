"""Every page of staff, in both languages, at phone and desk width: accessible, in its bounds, silent in the console."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import HEIGHTS, ROOT, OpenPage, complaints

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHECKS = Path(__file__).with_name("checks.js").read_text("utf-8").strip().rstrip(";")
LEVELS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = (
    (None, "/sign-in"),
    (None, "/ui"),
    (None, "/no-such-page"),
    ("leader", "/map?status=uncovered&status=partly"),
    ("leader", "/households?status=partly"),
    ("leader", "/households/import"),
    ("leader", "/households/unplaced"),
    ("leader", "/plans"),
    ("leader", "/plans/new"),
    ("leader", "/areas"),
    ("leader", "/account"),
    ("canvasser", "/walk"),
    ("admin", "/accounts"),
    ("admin", "/audit"),
)


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_a_page_in_vietnamese_can_be_used_by_everybody(open_page: OpenPage, username: str | None, path: str) -> None:
    page = open_page(username, path, width=360)

    assert faults(page, 360) == []
    assert violations(page) == []
    assert faults(page, 1366) == []
    page.evaluate("document.documentElement.dataset.theme = 'sun'")
    assert violations(page, {"type": "rule", "values": ["color-contrast"]}) == []  # nothing but colours changed
    assert heard(page) == []


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_a_page_in_english_fits_the_narrowest_screen_and_the_desk(
    open_page: OpenPage, username: str | None, path: str
) -> None:
    page = open_page(username, path, width=320, language="en")

    assert faults(page, 320) == []
    assert faults(page, 1366) == []
    assert heard(page) == []


def faults(page: Page, width: int) -> list[str]:
    """What is too wide, too small to press, or covered, on a screen of this width."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.wait_for_timeout(150)
    found: list[str] = page.evaluate(f"({CHECKS})({width})")
    return found


def violations(page: Page, rules: dict[str, Any] = LEVELS) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA, or some of its rules."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci --ignore-scripts)")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def heard(page: Page) -> list[str]:
    """The console's complaints, without that of a page that is meant to be missing."""
    return [one for one in complaints(page) if "no-such-page" not in one and "404 (NOT FOUND)" not in one]

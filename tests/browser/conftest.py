"""A small invented world served by our own server, and the system's Chromium to look at it.

site            its address; the demo's accounts can sign in
open_page       open_page("leader", "/map", width=360, language="en", theme="sun") -> a Playwright page; what the page's
                console complains of is in `complaints(page)`

Skipped, with the reason, where there is no Chromium or the browser's files are not built.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import cluster
from webmap import assets, clock
from webmap.demo import load
from webmap.demo.logins import PASSWORD

ROOT = Path(__file__).parent.parent.parent
PEOPLE = 1500
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
)
HEIGHTS = {320: 568, 360: 740, 1366: 820}
HARMLESS = ("GPU stall due to ReadPixels",)

OpenPage = Callable[..., Page]
_complaints: dict[Page, list[str]] = {}


def complaints(page: Page) -> list[str]:
    """What the console of a page said in anger, and which answers failed."""
    return _complaints[page]


# Not for the whole session: Playwright keeps an event loop running in this thread, and a test of the worker that comes
# after those in a browser could start none of its own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    if not assets.MANIFEST.exists():
        pytest.skip("the browser's files are not built (npm ci --ignore-scripts && node build.mjs)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Fill a database of its own, serve it in a process of its own."""
    folder = tmp_path_factory.mktemp("site")
    url = cluster.new_database(f"browser_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{folder.name}")
    load.fill(url, PEOPLE, 1, clock.today(), lambda *_: None)
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "WEBMAP_DATA_DIR": str(folder),
        "WEBMAP_SECRET_KEY": "only-for-tests",
        "WEBMAP_IS_HTTPS": "false",
        "WEBMAP_PORT": str(port),
        "WEBMAP_LOG_LEVEL": "WARNING",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "webmap", "serve"], cwd=ROOT, env=environment, stdin=subprocess.PIPE
    )
    worker = subprocess.Popen(
        [sys.executable, "-m", "webmap", "worker"], cwd=ROOT, env=environment, stdin=subprocess.PIPE
    )
    address = f"http://127.0.0.1:{port}"
    _wait_for(address, server)
    yield address
    for process in (server, worker):
        process.terminate()
        process.wait(20)
        if process.stdin:
            process.stdin.close()


@pytest.fixture(scope="package")
def _signed_in(chromium: Browser, site: str) -> Callable[[str | None], Any]:
    """Cookies of each account, signed in once through the page."""
    known: dict[str, Any] = {}

    def cookies_of(username: str | None) -> Any:
        if username is None:
            return []
        if username not in known:
            context = chromium.new_context()
            page = context.new_page()
            page.goto(f"{site}/sign-in")
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda address: "/sign-in" not in address)
            known[username] = context.cookies()
            context.close()
        return known[username]

    return cookies_of


@pytest.fixture
def open_page(chromium: Browser, site: str, _signed_in: Callable[[str | None], Any]) -> Iterator[OpenPage]:
    opened: list[BrowserContext] = []

    def opening(
        username: str | None, path: str, *, width: int = 1366, language: str = "vi", theme: str = "", **options: Any
    ) -> Page:
        viewport = {"width": width, "height": HEIGHTS[width]}
        # No test is about movement, and each frame of a flight over the map is drawn by the processor.
        still: dict[str, Any] = {"reduced_motion": "reduce", "has_touch": width < 500, **options}
        context = chromium.new_context(viewport=viewport, **still)  # type: ignore[arg-type]
        opened.append(context)
        context.add_cookies(_signed_in(username))
        settings = [("language", language), ("theme", theme)]
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in settings if value])
        page = context.new_page()
        _listen(page)
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
        return page

    yield opening
    for context in opened:
        context.close()
    _complaints.clear()


def _listen(page: Page) -> None:
    heard = _complaints[page] = []
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    page.on("response", lambda answer: heard.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    page.on(
        "console",
        lambda said: (
            heard.append(f"{said.type}: {said.text}")
            if said.type in ("error", "warning") and not any(part in said.text for part in HARMLESS)
            else None
        ),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            pytest.fail(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not begin to answer within 30 seconds")

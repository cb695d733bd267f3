import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webmap import assets
from webmap.errors import UnavailableError


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """An app that serves a folder with one built file, and nothing else."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "app-ABC.css").write_text("body{}", "utf-8")
    (folder / "app-ABC.css.br").write_bytes(b"brotli")
    (folder / "app-ABC.css.gz").write_bytes(b"gzip")
    (folder / "sw.js").write_text("1", "utf-8")
    (folder / "manifest.json").write_text(json.dumps({"app.css": "app-ABC.css", "sw.js": "sw.js"}), "utf-8")
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    monkeypatch.setattr(assets, "MANIFEST", folder / "manifest.json")
    app = Flask("webmap", static_folder=None)
    assets.install(app)
    return app.test_client()


def test_a_built_file_is_named_by_its_hash(built: FlaskClient) -> None:
    with built.application.test_request_context():
        assert assets.asset("app.css") == "/static/dist/app-ABC.css"


def test_a_file_that_was_not_built_is_told(built: FlaskClient) -> None:
    with built.application.test_request_context(), pytest.raises(UnavailableError):
        assets.asset("never.js")


@pytest.mark.parametrize(("accepts", "sent"), [("br, gzip", b"brotli"), ("gzip", b"gzip"), ("", b"body{}")])
def test_the_smallest_form_that_the_browser_takes_is_sent(built: FlaskClient, accepts: str, sent: bytes) -> None:
    answer = built.get("/static/dist/app-ABC.css", headers={"Accept-Encoding": accepts}, buffered=True)

    assert answer.data == sent
    assert answer.mimetype == "text/css"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_hashed_files_are_kept_for_ever_and_the_service_worker_is_asked_for_again(built: FlaskClient) -> None:
    assert "immutable" in built.get("/static/dist/app-ABC.css", buffered=True).headers["Cache-Control"]
    assert built.get("/static/dist/sw.js", buffered=True).headers["Cache-Control"] == "no-cache"


def test_nothing_outside_the_folder_is_served(built: FlaskClient) -> None:
    assert built.get("/static/../assets.py").status_code == 404
    assert built.get("/static/%2e%2e/assets.py").status_code == 404


def test_the_query_string_changes_in_place(built: FlaskClient) -> None:
    with built.application.test_request_context("/households?status=partly&status=uncovered&page=3"):
        assert assets.url_with(page=None, sort="-name") == "/households?status=partly&status=uncovered&sort=-name"
        assert assets.url_with(status=None) == "/households"
        assert assets.url_with("/map?area=7&q=%C3%A1n", q=None, status=["a", "b"]) == "/map?area=7&status=a&status=b"


def test_pages_carry_the_icons_that_browser_modules_draw_and_no_others(app: Flask) -> None:
    modules = (Path(assets.__file__).parent / "frontend").rglob("*.js")
    drawn = {
        name
        for module in modules
        for call in re.findall(r"\bicon\(([^()]*?)[,)]", module.read_text("utf-8"))
        for name in re.findall(r'"([a-z_]+)"', call)
    }
    with app.test_request_context():
        page = app.jinja_env.from_string(
            '{% from "macros/icons.html" import icon_symbols %}{{ icon_symbols() }}'
        ).render()
    assert set(re.findall(r'id="icon-([a-z_]+)"', page)) == drawn

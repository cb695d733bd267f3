"""Files that browsers fetch: hashed names from the build's manifest, pictures of statuses, the catalogue of parts."""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, current_app, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from gis_layers.render import palette
from webmap.errors import UnavailableError

STATIC = Path(__file__).parent / "static"
MANIFEST = STATIC / "dist" / "manifest.json"
FOREVER = "public, max-age=31536000, immutable"


def asset(name: str) -> str:
    """Address of a built file under its hashed name: `asset("app.css")`. Raises UnavailableError when not built."""
    hashed = manifest().get(name)
    if hashed is None:
        message = "the browser's files are not built, or %s is not among them: run `npm ci && node build.mjs`"
        current_app.logger.error(message, name)
        raise UnavailableError
    return url_for("static", filename=f"dist/{hashed}")


def built_text(name: str) -> str:
    """The text of a built file, for a page that leaves the system. Raises UnavailableError when not built."""
    return (STATIC / asset(name).removeprefix(url_for("static", filename=""))).read_text("utf-8")


def has_asset(name: str) -> bool:
    """Whether the build made this file."""
    return name in manifest()


def manifest() -> dict[str, str]:
    """Built files by their plain names; read again when a new build has written it."""
    return _read_manifest(MANIFEST.stat().st_mtime_ns) if MANIFEST.exists() else {}


@lru_cache(maxsize=2)
def _read_manifest(_written_at: int) -> dict[str, str]:
    found: dict[str, str] = json.loads(MANIFEST.read_text("utf-8"))
    return found


def static_file(filename: str) -> Response:
    """Send one file, compressed where the browser takes it. Hashed names never change, so they are kept for ever."""
    encoding = _encoding_for(filename)
    suffix = {"br": ".br", "gzip": ".gz"}.get(encoding, "")
    answer = send_from_directory(STATIC, filename + suffix, mimetype=_mimetype(filename), conditional=True, etag=True)
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    answer.headers["Vary"] = "Accept-Encoding"
    is_hashed = filename.removeprefix("dist/") in _hashed_names(MANIFEST.stat().st_mtime_ns if MANIFEST.exists() else 0)
    answer.headers["Cache-Control"] = FOREVER if is_hashed else "no-cache"
    return answer


@lru_cache(maxsize=2)
def _hashed_names(_written_at: int) -> frozenset[str]:
    files = (file.name for file in MANIFEST.parent.iterdir()) if MANIFEST.exists() else ()
    plain = {"manifest.json", "sw.js", "third-party-licences.txt"}
    return frozenset(name for name in files if name not in plain and not name.endswith((".br", ".gz")))


def _encoding_for(filename: str) -> str:
    accepted = request.accept_encodings
    for name, suffix in (("br", ".br"), ("gzip", ".gz")):
        if accepted[name] and (STATIC / f"{filename}{suffix}").is_file():
            return name
    return ""


def _mimetype(filename: str) -> str | None:
    return {
        ".js": "text/javascript",
        ".css": "text/css",
        ".woff2": "font/woff2",
        ".svg": "image/svg+xml",
        ".webmanifest": "application/manifest+json",
        ".txt": "text/plain",
        ".json": "application/json",
    }.get(Path(filename).suffix)


def catalogue() -> ResponseReturnValue:
    """Every part that pages are made of, on one page: to look at, to copy from, and to be tested."""
    return render_template("ui.html")


def symbol_svg(status: str, mark: str = "not_visited", size: int = 24, label: str = "") -> Markup:
    """Picture of a status with the badge of a door mark."""
    return Markup(palette.symbol_svg(status, mark, size, str(escape(label))))  # noqa: S704 - label is escaped


def mark_svg(mark: str, size: int = 24, label: str = "") -> Markup:
    """Picture of a door mark alone."""
    return Markup(palette.mark_svg(mark, size, str(escape(label))))  # noqa: S704 - label is escaped


def coverage_class(percent: float, thresholds_percent: Sequence[float] | None = None) -> int:
    """Number of the coverage class of this many percent, from 1 for the lowest."""
    return palette.coverage_class(percent, thresholds_percent or palette.COVERAGE_THRESHOLDS_PERCENT)


def has_page(path: str) -> bool:
    """Whether this exact address is one of ours, so that a menu never leads nowhere."""
    return any(rule.rule == path and "GET" in (rule.methods or ()) for rule in current_app.url_map.iter_rules())


def url_with(address: str | None = None, /, **changes: object) -> str:
    """This page's address (or another) with parts of its query string changed.

    None takes a part out, a list gives many. A page number does not outlive a change of what is asked.
    """
    path, _, query = (address or request.full_path).partition("?")
    pairs = [(name, value) for name, value in parse_qsl(query) if name not in changes and name != "page"]
    given = [(name, value if isinstance(value, list | tuple) else [value]) for name, value in changes.items()]
    added = [(name, str(one)) for name, many in given for one in many if one is not None]
    changed = urlencode(pairs + added)
    return f"{path}?{changed}" if changed else path


def install(app: Flask) -> None:
    """Serve the files, and teach templates to name and to draw."""
    views: dict[str, tuple[str, Callable[..., ResponseReturnValue]]] = {
        "static": ("/static/<path:filename>", static_file),
        "ui": ("/ui", catalogue),
    }
    for endpoint, (rule, view) in views.items():
        view.allowed_roles = None  # type: ignore[attr-defined] # no data in them: open before signing in
        app.add_url_rule(rule, endpoint, view)
    functions: dict[str, Any] = {
        "asset": asset,
        "has_asset": has_asset,
        "has_page": has_page,
        "url_with": url_with,
        "symbol_svg": symbol_svg,
        "mark_svg": mark_svg,
        "coverage_class": coverage_class,
        "STATUSES": tuple(palette.STATUSES),
        "MARKS": tuple(palette.MARKS),
        "COVERAGE_THRESHOLDS": palette.COVERAGE_THRESHOLDS_PERCENT,
    }
    app.jinja_env.globals.update(functions)

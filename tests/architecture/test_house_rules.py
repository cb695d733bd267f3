"""The rules of CONTRIBUTING.md that a machine can hold."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from webmap.app import JOURNEY

ROOT = Path(__file__).parent.parent.parent
LONGEST_FILE = 340
LONGEST_FUNCTION = 55
LONGEST_SQL_IN_CODE = 400  # characters; more belongs into sql/*.sql
VAGUE_NAMES = {
    "utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "base_service", "data", "stuff",
}  # fmt: skip
# Folders of templates, browser modules and tests that are not named after a capability, and what they hold.
SHARED_FOLDERS = {
    "templates": {"errors", "macros"},
    "frontend": {"build", "core", "css", "ui", "sync"},
    "tests/webmap": {"database", "demo"},
}
# Addresses that name a standard, a licence or a source; nothing is fetched from them.
ADDRESSES_THAT_ARE_NAMES = re.compile(
    r"https?://(www\.w3\.org/|schemas\.openxmlformats\.org/|purl\.oclc\.org/|doi\.org/|www\.openstreetmap\.org/copyright"
    r"|www\.opengis\.net/|localhost|127\.0\.0\.1|\{|\$\{|example\.)"
)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the project: committed, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no git work tree, so it is not known which files belong to the project")
    return tuple(ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


def sources(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    return [
        path
        for path in tracked()
        if path.suffix in suffixes and path.relative_to(ROOT).as_posix().startswith(folders or ("",))
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_a_file_fits_in_one_sitting() -> None:
    lines = {name_of(path): path.read_text("utf-8").count("\n") for path in sources("webmap", "gis_layers", "tests")}

    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def test_a_function_fits_on_one_screen() -> None:
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in sources("webmap", "gis_layers")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }

    assert long == {}


def test_every_module_says_first_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in sources("webmap", "gis_layers", "migrations")
        if tree(path).body and not ast.get_docstring(tree(path))
    ]

    assert silent == []


def test_every_sql_file_says_first_what_it_answers() -> None:
    silent = [name_of(path) for path in sources(suffixes=(".sql",)) if not path.read_text("utf-8").startswith("-- ")]

    assert silent == []


def test_no_name_says_nothing() -> None:
    vague = [name_of(path) for path in sources("webmap", "gis_layers") if set(path.parts) & VAGUE_NAMES]
    vague += [name_of(path) for path in sources("webmap", "gis_layers") if path.stem in VAGUE_NAMES]

    assert vague == []


def test_a_capability_has_one_name_in_four_places() -> None:
    known = set(JOURNEY)
    for folder, shared in SHARED_FOLDERS.items():
        place = ROOT / folder if folder.startswith("tests") else ROOT / "webmap" / folder
        tracked_here = {path.relative_to(place).parts[0] for path in tracked() if place in path.parent.parents}
        assert tracked_here - known - shared == set(), f"in {folder}"


def test_only_the_clock_asks_the_time() -> None:
    asking = re.compile(r"(^|\.)(datetime\.now|datetime\.utcnow|datetime\.today|date\.today|time\.time)$")
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in sources("webmap", "gis_layers")
        if name_of(path) != "webmap/clock.py"
        for function, call in calls(path)
        if asking.search(function)
    ]

    assert found == []


def test_only_doors_commit() -> None:
    doors = re.compile(r"(views|jobs|cli|worker|engine|demo)")
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in sources("webmap")
        if not doors.search(name_of(path))
        for function, _call in calls(path)
        for call in [_call]
        if function.endswith((".commit", "session.rollback"))
    ]

    assert found == []


def test_long_sql_lives_in_sql_files() -> None:
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in sources("webmap")
        for function, call in calls(path)
        if function in {"text", "sa.text", "sqlalchemy.text"}
        and not isinstance(call.args[0], ast.JoinedStr)  # composed for several tables: no file could hold it
        and len(ast.unparse(call)) > LONGEST_SQL_IN_CODE
    ]

    assert found == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    found = [
        f"{name_of(path)}: {match[0]}"
        for path in sources("webmap", "gis_layers", suffixes=(".py", ".js", ".html", ".css", ".svg", ".json"))
        for match in re.finditer(r"https?://[^\s\"'`)<>]*", path.read_text("utf-8"))
        if not ADDRESSES_THAT_ARE_NAMES.match(match[0])
    ]

    assert found == []


def test_no_lock_file_names_a_registry() -> None:
    found = [
        name_of(path)
        for path in tracked()
        if re.match(r"requirements.*\.txt|package-lock\.json", path.name)
        and re.search(r"https?://", _without_funding(path))
    ]

    assert found == []


def _without_funding(path: Path) -> str:
    """A lock file without the addresses of authors and their sponsors, which npm writes into it."""
    return re.sub(r'"(url|funding)": "https?://[^"]*"', "", path.read_text("utf-8"))


def test_pages_hold_no_script_and_no_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    found = [
        name_of(path)
        for path in sources("webmap/templates", suffixes=(".html",))
        if inline.search(re.sub(r"<script type=\"application/json\"", "", path.read_text("utf-8")))
    ]

    assert found == []


def test_nothing_half_built_is_left() -> None:
    words = re.compile(
        r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "raise Not" + "ImplementedError"]) + r")\b"
    )
    found = [
        f"{name_of(path)}: {match[0]}"
        for path in sources(suffixes=(".py", ".js", ".mjs", ".html", ".sql", ".css", ".md", ".yml"))
        for match in words.finditer(path.read_text("utf-8"))
    ]

    assert found == []

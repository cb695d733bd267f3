"""What the documents say is so: tables equal the code, paths exist, commands exist."""

import re
import subprocess
from pathlib import Path

import pytest
from click import Context, Group

from tests.architecture import tables
from webmap import cli

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATHS = re.compile(r"`((?:webmap|gis_layers|tests|docs|migrations|scripts|benchmarks)/[\w/.-]+)`")


def words_of_code(document: Path) -> str:
    """What stands between backticks, or in a block of code."""
    text = document.read_text("utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return "\n".join(blocks + re.findall(r"`([^`\n]+)`", text))


@pytest.mark.parametrize("name", tables.TABLES)
def test_a_table_equals_the_code(name: str) -> None:
    document = (tables.DOCS / name).read_text("utf-8")

    assert document == tables.with_table(document, tables.TABLES[name]()), "run python -m tests.architecture.tables"


def test_every_error_has_a_code_of_its_own_and_says_when() -> None:
    known = list(tables._all_errors())
    codes = [error.code for error in known if "code" in vars(error)]

    assert len(codes) == len(set(codes))
    assert [error.__name__ for error in known if not error.__doc__] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text("utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_that_are_named_exist(document: Path) -> None:
    named = {path.split(":")[0] for path in PATHS.findall(document.read_text("utf-8"))}

    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_that_are_named_exist(document: Path) -> None:
    code = words_of_code(document)
    targets = set(re.findall(r"^(?:[A-Z_]+=\S+ )*make ([a-z-]+)", code, re.MULTILINE))
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert targets <= known

    for command in re.findall(r"(?:^|/)webmap ((?:[a-z][a-z0-9-]*\s?)+)", code, re.MULTILINE):
        assert names_a_command(command.split()), f"webmap {command}"


def names_a_command(words: list[str]) -> bool:
    """Whether the words name a command; what follows a command that is no group are its arguments."""
    group: object = cli.main
    for word in words:
        if not isinstance(group, Group):
            return True
        group = group.get_command(Context(group), word)
        if group is None:
            return False
    return True


def test_make_names_each_of_its_targets() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert {"demo", "up", "test", "check", "clean"} <= set(re.findall(r"make ([a-z-]+)", said))

"""`webmap import map`: a second world from real files, and what is said about others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from webmap.accounts.scope import SYSTEM
from webmap.cli import main
from webmap.database.engine import connect, reading
from webmap.settings import settings


@pytest.fixture
def url(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    settings.cache_clear()
    yield fresh_database
    settings.cache_clear()


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["import", *map(str, words)])


def value(url: str, query: str) -> object:
    engine = connect(url)
    with reading(SYSTEM) as session:
        found: object = session.scalar(text(query))
    engine.dispose()
    return found


def test_an_giang_and_a_quarter_of_ha_noi_become_a_second_world(url: str, shared_data: Path) -> None:
    admin, osm = shared_data / "admin", shared_data / "osm"
    tops = run("map", admin / "provinces_2025.geojson", "--yes")
    both = run("map", admin / "communes_2025_an_giang.geojson", osm / "hanoi_cat_linh_2023.osm.pbf", "--yes")
    again = run("map", admin / "communes_2025_an_giang.geojson", "--yes")

    for result in (tops, both, again):
        assert result.exit_code == 0, result.output
    assert "provinces_2025 -> areas (province)" in tops.output
    assert "area: 34 new, 0 changed, 0 gone, 0 as they were, 0 refused." in tops.output
    assert "area: 102 new" in both.output
    assert "alley: 1058 new" in both.output
    assert "building: 497 new" in both.output
    assert "0 new, 0 changed, 0 gone, 102 as they were" in again.output
    assert value(url, "select count(*) from area where name = 'Phú Tân'") == 1
    assert value(url, "select count(*) from area_closure where depth = 1") == 102
    assert value(url, "select count(*) from map_import") == 3
    assert value(url, "select count(*) from map_file") == 0


def test_check_says_what_would_change_and_changes_nothing(
    url: str, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shared_data / "admin")  # as people give a file: by its name, from the folder it lies in
    result = run("map", "provinces_2025.geojson", "--check")

    assert "34 new" in result.output
    assert value(url, "select count(*) from area") == 0


def test_without_yes_it_asks_first(url: str, shared_data: Path) -> None:
    result = run("map", shared_data / "admin" / "provinces_2025.geojson")

    assert "Change the map?" in result.output
    assert result.exit_code == 1
    assert value(url, "select count(*) from area") == 0


def test_communes_without_a_province_are_named_and_nothing_is_changed(url: str, shared_data: Path) -> None:
    result = run("map", shared_data / "admin" / "communes_2025_son_la.geojson", "--yes")

    assert result.exit_code == 1
    assert "Feature 1 belongs to an area that is not known here (14)." in result.output
    assert "Nothing was changed." in result.output
    assert value(url, "select count(*) from area") == 0


def test_a_wrong_file_and_a_wrong_code_are_said(url: str, tmp_path: Path, shared_data: Path) -> None:
    path = tmp_path / "a.shp"
    path.write_bytes(b"\x00\x00\x27\x0a")

    assert "it is of no kind that can be read here." in run("map", path).output
    small = shared_data / "osm" / "hanoi_small_export.osm"
    assert "no open area with the code 999" in run("map", small, "--area", "999").output

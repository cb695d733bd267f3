"""`webmap import households`: looks first, applies when told to, and says what is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner, Result
from sqlalchemy import text

from tests.builders import Village, a_household
from tests.webmap.households.importing.planted import COLUMN, planted_rows, write_list
from tests.webmap.households.importing.worlds import VILLAGES
from tests.webmap.streets.outlines import bring
from webmap.accounts.scope import SYSTEM
from webmap.cli import main
from webmap.database.engine import connect, reading, transaction
from webmap.households.cli import closing_pool
from webmap.settings import settings
from webmap.streets.rules import Maker


@pytest.fixture
def world(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of its own with the small world, given to the command by DATABASE_URL."""
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    settings.cache_clear()
    with transaction(SYSTEM) as session:
        Village.built(session)
    yield fresh_database
    settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["import", "households", *words])


def test_a_list_is_looked_at_and_then_applied(world: str, tmp_path: Path) -> None:
    rows = planted_rows(villages=VILLAGES)
    for row in rows:
        row[COLUMN["Kinh độ"]], row[COLUMN["Vĩ độ"]] = 106.611, 17.26
    path = str(write_list(tmp_path / "a.xlsx", rows))

    looked = run(path, "--area", "19207")
    applied = run(path, "--area", "19207", "--apply")

    assert looked.exit_code == applied.exit_code == 0, looked.output + applied.output
    assert "row 12, birth: there is no day 31/02/1971" in looked.output
    assert "Nothing was changed." in looked.output
    assert "Applied." in applied.output
    from webmap.database.engine import connect  # noqa: PLC0415

    engine = connect(world)
    with reading(SYSTEM) as session:
        assert session.scalar(text("select count(*) from person where insurance_code like '44%'")) == 21
    engine.dispose()


def test_a_wrong_area_and_a_wrong_file_are_said(world: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")

    assert "no open area with the code 1" in run(str(path), "--area", "1").output
    assert "This is a PDF" in run(str(path), "--area", "19207").output


def test_settling_anew_follows_a_changed_setting(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(SYSTEM) as session:
        house = a_household(session, session.scalars(text("select id from area where name = 'Hữu Tân'")).one(), "X-1")
        place = session.execute(text("select st_x(point), st_y(point) from household where id = :id"), {"id": house.id})
        lon, lat = place.one()
        outline = shapely.box(lon - 0.00005, lat - 0.00005, lon + 0.00005, lat + 0.00005)
        bring(session, Maker.GOOGLE, [outline], confidence=[0.68])
        house_id = house.id
    monkeypatch.setenv("WEBMAP_BUILDING_CONFIDENCE", "0.65")
    settings.cache_clear()

    answer = CliRunner().invoke(main, ["settle"])

    assert answer.exit_code == 0, answer.output
    assert "1 buildings" in answer.output
    with closing_pool(connect(world, 1)), reading(SYSTEM) as session:
        linked = text("select building_id is not null from household where id = :id")
        assert session.scalar(linked, {"id": house_id})

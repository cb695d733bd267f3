"""`webmap import roll`: looks first, applies when told to, and says what is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from tests.builders import Village
from tests.webmap.roll.rolls import a_file, line
from webmap.accounts.scope import SYSTEM
from webmap.cli import main
from webmap.database.engine import connect, reading, transaction
from webmap.settings import settings


@pytest.fixture
def world(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of its own with the small world, given to the command by DATABASE_URL."""
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    settings.cache_clear()
    with transaction(SYSTEM) as session:
        Village.built(session)
    yield fresh_database
    settings.cache_clear()


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["import", "roll", str(path), "--area", "1920701", *words])


def test_a_roll_is_looked_at_applied_and_changes_nothing_the_second_time(world: str, tmp_path: Path) -> None:
    with transaction(SYSTEM) as session:
        session.execute(text("update person set full_name = 'Đinh Thị Mỵ' where full_name = 'Trần Thị Hoa HT-3'"))
        session.execute(text("update person set insurance_code = '4412345679' where full_name = 'Đinh Thị Mỵ'"))
    path = tmp_path / "roll.csv"
    path.write_bytes(a_file([line("Đinh Thị Mỵ", "1974", code="4412345679"), line("Lê Văn Sai", "31/02/1974")]))

    looked = run(path, "--listed-on", "2026-01-15")
    applied = run(path, "--listed-on", "2026-01-15", "--complete", "--apply")
    again = run(path, "--listed-on", "2026-01-15", "--complete", "--apply")

    assert [one.exit_code for one in (looked, applied, again)] == [0, 0, 0], (
        looked.output + applied.output + again.output
    )
    assert "row 3, birth: there is no day 31/02/1974" in looked.output
    assert "Nothing was changed." in looked.output
    assert "       1 people get a card" in applied.output
    assert "       1 people as they are" in again.output
    engine = connect(world)
    with reading(SYSTEM) as session:
        assert session.scalar(text("select count(*) from card where origin = 'roll'")) == 1
    engine.dispose()


def test_a_wrong_area_day_and_file_are_said(world: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")

    no_table = run(path, "--listed-on", "2026-01-15")
    no_area = CliRunner().invoke(main, ["import", "roll", str(path), "--area", "9", "--listed-on", "2026-01-15"])
    path.write_bytes(a_file([line("Đinh Thị Mỵ", "1974")]))
    no_day = run(path, "--listed-on", "2999-01-15")

    assert "This is a PDF" in no_table.output
    assert "no open area with the code 9" in no_area.output
    assert "lies in the future" in no_day.output

"""How good automatic matches are, on an invented roll with known truth (benchmarks/roll_matching.py measures more)."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.webmap.roll import generated
from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.roll import checking, runs


@pytest.mark.parametrize(
    "rates", [generated.Rates(), generated.Rates(coded=0.8)], ids=["names alone", "most with a code"]
)
def test_matches_made_without_asking_are_right(
    session: Session, village: Village, tmp_path: Path, rates: generated.Rates
) -> None:
    register = list(generated.people(11, 3000, 2))
    generated.fill(session, register, [village.id, village.second_id])
    path = tmp_path / "roll.csv"
    truth = generated.write_roll(path, generated.roll_rows(11, register, ["Hữu Tân", "Quảng Xá"], rates))

    roll = runs.begin_with(
        session, SYSTEM, village.commune_id, path,
        listed_on=clock.today(), is_complete=True, purpose="campaign", legal_basis="task",
    )  # fmt: skip
    checking.check(session, SYSTEM, roll.id, path)

    found = generated.quality(session, roll.id, truth)
    assert found.precision >= 0.995, found
    assert found.recall >= 0.97, found

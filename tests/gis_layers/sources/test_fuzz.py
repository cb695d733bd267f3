"""A few spoilt files of every kind; `benchmarks/fuzz_map_files.py` reads ten thousand of each."""

from pathlib import Path

import pytest

from benchmarks.fuzz_map_files import BAD, told_of
from tests.gis_layers.sources.seeds import MAKERS
from tests.gis_layers.sources.whole_file import read_whole

FILES = 60


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", MAKERS)
def test_spoilt_files_are_read_or_refused_and_nothing_else(kind: str, tmp_path: Path) -> None:
    outcomes = list(told_of(kind, MAKERS[kind](tmp_path), range(FILES), tmp_path))

    assert [(number, outcome, detail) for number, _, outcome, detail in outcomes if outcome in BAD] == []
    assert len({outcome for _, _, outcome, _ in outcomes}) > 1


@pytest.mark.parametrize("kind", MAKERS)
def test_the_seeds_themselves_are_sound(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "seed"
    path.write_bytes(MAKERS[kind](tmp_path))

    assert read_whole(path) > 0

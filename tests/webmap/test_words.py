from enum import StrEnum

import pytest

from gis_layers.render import palette
from webmap.accounts.rules import Role
from webmap.campaigns.rules import Measure, OfficialMeasure
from webmap.coverage.rules import Denominator
from webmap.households.rules import AGE_GROUPS, DoorMark, PlaceSource, ReasonGroup, Residency
from webmap.ledger.rules import LINES, ROLL_LINES, Bucket, Task
from webmap.support.pledges import PledgeState
from webmap.support.rules import AllocationState, Receivers
from webmap.words import WORDS


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("mark", DoorMark),
        ("reason", ReasonGroup),
        ("residency", Residency),
        ("place_source", PlaceSource),
        ("role", Role),
        ("measure", Measure),
        ("pledge", PledgeState),
        ("receivers", Receivers),
        ("allocation", AllocationState),
        ("official", OfficialMeasure),
        ("denominator", Denominator),
    ],
)
def test_every_code_of_the_tables_has_a_word_and_no_word_is_left_over(kind: str, codes: type[StrEnum]) -> None:
    assert set(WORDS[kind]) == {code.value for code in codes}


def test_every_line_of_the_ledger_and_every_kind_of_work_has_a_word() -> None:
    lines = {*LINES, *ROLL_LINES, *Bucket}

    assert set(WORDS["ledger"]) == {line for line in lines if not line.startswith("uncovered-")}
    assert set(WORDS["work"]) == {task.value for task in Task}


def test_every_age_group_has_a_word() -> None:
    assert list(WORDS["age"]) == [group.code for group in AGE_GROUPS]


def test_every_status_and_mark_that_is_drawn_has_a_word() -> None:
    assert list(WORDS["status"]) == list(palette.STATUSES)
    assert list(WORDS["mark"]) == list(palette.MARKS)


def test_two_codes_of_one_kind_never_share_a_word() -> None:
    for kind, known in WORDS.items():
        assert len(set(known.values())) == len(known), kind

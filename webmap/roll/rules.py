"""Decisions about a roll that need no database: what agreements weigh, and how sure is sure enough.

The weights are ratios: how much more often two records of one person agree so than records of two people do. Their
product, times the chance of meeting this person at all, is compared with everybody else that the row may be and with
nobody we know (Fellegi and Sunter 1969; docs/decisions/0023). `benchmarks/roll_matching.py` measures what comes of it.
"""

from typing import Final

AUTOMATIC: Final = 0.98
"""From this confidence on a match is made without asking."""

DOUBTFUL: Final = 0.02
"""Below this confidence somebody is not even offered."""

CANDIDATES: Final = 5
"""At most so many people are offered for a row."""

# `people` are all people of the areas, `times` those of the candidate's name, `neighbours` those of her village.
WEIGHTS: Final[dict[str, dict[str, str]]] = {
    "name": {
        "same": "2.2 * 0.9 * people / times",
        "no_marks": "0.9 * people / times",
        "other_marks": "0.03 * people / times",
        "one_slip": "0.04 * people / (10 * times)",
        "two_slips": "0.008 * people / (40 * times)",
    },
    "birth": {
        "same_day": "27000",
        "swapped": "600",
        "one_part_off": "6",
        "other_day_of_year": "0.25",
        "same_year": "60",
        "year_beside": "0.6",
        "differs": "0.003",
        "not_said": "1",
    },
    "sex": {"same": "2", "differs": "0.01", "not_said": "1"},
    "village": {
        "same": "0.93 * people / neighbours",
        "differs": "0.07 / greatest(1 - neighbours / people, 0.01)",
        "not_said": "1",
    },
    "household": {"same": "0.2 * people", "differs": "0.5", "not_said": "1"},
    "head": {"same": "0.02 * people", "differs": "0.4", "not_said": "1"},
    "address": {"same": "0.02 * people", "differs": "0.9", "not_said": "1"},
    "number": {"one_digit_off": "1", "not_said": "1"},
}

SUBSIDIES: Final = ("poor", "near_poor", "area", "social")
"""Groups of categories whose cards the state pays for: who drops out of one has lost a subsidy."""

VERDICTS: Final = ("add", "change", "same", "doubtful", "stranger", "twice", "refuse")


def weighing(what: str) -> str:
    """The weights of one comparison as SQL over the column of that name."""
    levels = " ".join(f"when '{level}' then {ratio}" for level, ratio in WEIGHTS[what].items())
    return f"case {what} {levels} end"

"""Cards: which category a person holds, from when until when; and the old cards of those whose cover ended.

Categories are those of Decree 146/2018/NĐ-CP as kept in `card_category`. Cards bought by a household run a year from
the day of purchase, so some end on every day of the year; cards of a group run with the calendar or school year.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]
Codes = NDArray[np.str_]

YEAR = np.timedelta64(365, "D")
ONE_DAY = np.timedelta64(1, "D")
UNDER_SIX_DAYS = np.timedelta64(2191, "D")
OPEN_ENDED = ("HT", "CC", "CB", "DN", "HC")
CALENDAR_YEAR = ("HN", "CN", "DT", "DK", "BT", "KC", "NO")
SCHOOL_YEAR = ("HS", "SV")
SHARE_RENEWED = 0.25  # of those whose card ends within a month: the next card is there already


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards in columns. `person` counts in the commune; `valid_to` is NaT where a card has no last day."""

    person: Ints
    category: Codes
    valid_from: Days
    valid_to: Days

    def __len__(self) -> int:
        return len(self.person)


def categories(age: Floats, poverty: Codes, dice: np.random.Generator) -> Codes:
    """Choose the category under which each person is insured, if insured. `poverty` is HN, CN or empty."""
    chance = dice.random(len(age))
    rules = (
        (age < 6, "TE"),
        (poverty == "HN", "HN"),
        ((age >= 62) & (chance < 0.13), "HT"),
        ((age >= 66) & (chance < 0.18), "CC"),
        ((age >= 66) & (chance < 0.23), "CB"),
        (age >= 80, "BT"),
        (poverty == "CN", "CN"),
        ((age < 18) & (chance < 0.97), "HS"),
        ((age < 23) & (chance < 0.38), "SV"),
        ((age < 58) & (age >= 18) & (chance > 0.8), "DN"),
        ((age < 60) & (age >= 22) & (chance > 0.765), "HC"),
        (chance < 0.03, "BT"),
        (chance < 0.09, "NO"),
        (chance < 0.12, "DK"),
    )
    return np.select([rule for rule, _ in rules], [code for _, code in rules], "GD")


def current(person: Ints, category: Codes, birth_on: Days, today: np.datetime64, dice: np.random.Generator) -> Cards:
    """Give each of these people a card that holds today, and some of those about to end the next one too."""
    begun, ends = _bought(len(person), today, dice)
    year = today.astype("datetime64[Y]")
    first, last = year.astype("datetime64[D]"), (year + 1).astype("datetime64[D]") - ONE_DAY
    calendar = np.isin(category, CALENDAR_YEAR)
    begun[calendar], ends[calendar] = first, last
    school = np.isin(category, SCHOOL_YEAR)
    begun[school], ends[school] = school_year(today)
    under_six = category == "TE"
    begun[under_six], ends[under_six] = birth_on[under_six], birth_on[under_six] + UNDER_SIX_DAYS
    open_ended = np.isin(category, OPEN_ENDED)
    begun[open_ended] = first - dice.integers(0, 9, int(open_ended.sum())) * YEAR
    ends[open_ended] = np.datetime64("NaT")
    renewed = (category == "GD") & (ends - today < np.timedelta64(30, "D")) & (dice.random(len(person)) < SHARE_RENEWED)
    return Cards(
        np.concatenate([person, person[renewed]]),
        np.concatenate([category, category[renewed]]),
        np.concatenate([begun, ends[renewed] + ONE_DAY]),
        np.concatenate([ends, ends[renewed] + YEAR]),
    )


def ended(person: Ints, reason: Codes, today: np.datetime64, dice: np.random.Generator) -> Cards:
    """Give some of the uncovered the card they had: of their household, of a group, or of a subsidy that stopped."""
    n = len(person)
    chance = dice.random(n)
    ends = today - dice.integers(1, 300, n).astype("timedelta64[D]")
    category = np.full(n, "GD")
    new_year = today.astype("datetime64[Y]").astype("datetime64[D]")
    for code, its in (("DK", reason == "lost_subsidy"), ("CN", (reason == "hardship") & (chance < 0.6))):
        category[its], ends[its] = code, new_year - ONE_DAY
    pupil = reason == "student"
    category[pupil], ends[pupil] = "HS", school_year(today)[0] - ONE_DAY
    had = np.isin(reason, ("expired", "lost_subsidy")) | (category == "CN") | (pupil & (chance < 0.7))
    had |= np.isin(reason, ("away", "abroad")) & (chance < 0.4)
    return Cards(person[had], category[had], ends[had] - YEAR + ONE_DAY, ends[had])


def joined(one: Cards, other: Cards) -> Cards:
    """All cards of both."""
    return Cards(
        np.concatenate([one.person, other.person]),
        np.concatenate([one.category, other.category]),
        np.concatenate([one.valid_from, other.valid_from]),
        np.concatenate([one.valid_to, other.valid_to]),
    )


def school_year(today: np.datetime64) -> tuple[np.datetime64, np.datetime64]:
    """The cards of pupils run from 1 October to 30 September."""
    october = today.astype("datetime64[Y]").astype("datetime64[M]") + 9
    if october.astype("datetime64[D]") > today:
        october -= 12
    return october.astype("datetime64[D]"), (october + 12).astype("datetime64[D]") - ONE_DAY


def _bought(count: int, today: np.datetime64, dice: np.random.Generator) -> tuple[Days, Days]:
    """Cards bought on any day of the past year, each good for a year."""
    begun = today - dice.integers(0, 365, count).astype("timedelta64[D]")
    return begun, begun + YEAR - ONE_DAY

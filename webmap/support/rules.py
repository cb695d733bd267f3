"""What insurance costs: the steps of the household plan, shares paid by others, whole đồng. No database, no floats.

Law on Health Insurance (46/2014/QH13) article 13 and Decree 146/2018/NĐ-CP article 7: 4.5 % of the base salary a month;
of a household plan the first member pays that, the second, third and fourth 70, 60 and 50 % of it, from the fifth on
40 %, when they join within one calendar year. docs/decisions/0024-premiums.md has what the law leaves open.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

# Thousandths of the base salary that a month costs.
MONTHLY_PERMILLE = 45
# Percent of the first member's premium, by the order of joining; the last holds for all who follow.
STEP_PERCENTS = (100, 70, 60, 50, 40)
# The category whose members pay by steps; every other pays the whole premium each, less the shares of others.
BY_STEPS = "GD"
MONTHS = (3, 6, 12)
WHOLE = Decimal(100)


class Receivers(StrEnum):
    """Whom a sponsor wants to help."""

    RESIDENTS = "residents"  # người dân
    PUPILS = "pupils"  # học sinh, sinh viên
    ANYONE = "anyone"  # bất kỳ ai


class AllocationState(StrEnum):
    """What has become of a donated card."""

    CONFIRMED = "confirmed"  # đã duyệt
    GIVEN = "given"  # đã trao
    WITHDRAWN = "withdrawn"  # đã thu hồi


# Ages in whole years of those whom the state insures or supports as children and pupils.
UNDER_SIX_TO = 5
PUPIL_TO = 17
# A last card says what somebody still is; of these groups only while nothing else is known.
LASTING_GROUPS = frozenset({"poor", "near_poor", "area", "social"})


@dataclass(frozen=True, slots=True)
class Share:
    """What others pay of a premium on a day: percent from the state, and from the areas above a household."""

    state_percent: Decimal = Decimal(0)
    local_percent: Decimal = Decimal(0)
    decision: str = ""
    local_decision: str = ""

    @property
    def local_used(self) -> Decimal:
        """Local support never pays what the state pays already."""
        return min(self.local_percent, WHOLE - self.state_percent)


@dataclass(frozen=True, slots=True)
class Line:
    """One member's premium, step by step. `step` is the order of joining; None outside the household plan."""

    key: object
    category: str
    step: int | None
    step_percent: int
    monthly_dong: int
    months: int
    whole_dong: int
    share: Share
    state_dong: int
    local_dong: int

    @property
    def to_pay_dong(self) -> int:
        """What is left for the family."""
        return self.whole_dong - self.state_dong - self.local_dong


def rounded(amount: Decimal) -> int:
    """Whole đồng; half a đồng goes up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def step_percent(step: int) -> int:
    """Percent of the first member's premium that the nth of a household pays (1 is the first)."""
    return STEP_PERCENTS[min(step, len(STEP_PERCENTS)) - 1]


def premium_dong(base_salary_dong: int, months: int, percent: int = 100) -> int:
    """The whole premium of some months: worked out at once and rounded once, so that no rounding adds up."""
    return rounded(Decimal(base_salary_dong) * MONTHLY_PERMILLE * months * percent / (1000 * 100))


def line(
    key: object, category: str, base_salary_dong: int, months: int, share: Share, *, step: int | None = None
) -> Line:
    """One member's premium. Each share is rounded; what is left is paid, so that the parts sum to the whole."""
    percent = 100 if step is None else step_percent(step)
    whole = premium_dong(base_salary_dong, months, percent)
    state = rounded(whole * share.state_percent / WHOLE)
    local = min(rounded(whole * share.local_used / WHOLE), whole - state)
    monthly = premium_dong(base_salary_dong, 1, percent)
    return Line(key, category, step, percent, monthly, months, whole, share, state, local)


def quote(
    joiners: Sequence[tuple[object, str]],
    joined_before: int,
    base_salary_dong: int,
    months: int,
    shares: Mapping[str, Share],
) -> list[Line]:
    """The premiums of a family's joiners, in their order: (key, category).

    `joined_before`: how many of the household plan have joined this year already; they hold the first steps.
    """
    lines, step = [], joined_before
    for key, category in joiners:
        is_stepped = category == BY_STEPS
        step += is_stepped
        share = shares.get(category, Share())
        lines.append(line(key, category, base_salary_dong, months, share, step=step if is_stepped else None))
    return lines


def last_day(from_on: date, months: int) -> date:
    """The last day of a card of some months: 31 January and three months end on 29 or 30 April."""
    year, month = divmod(from_on.month - 1 + months, 12)
    year, month = from_on.year + year, month + 1
    return date(year, month, min(from_on.day, monthrange(year, month)[1])) - timedelta(days=1)


def age_on(birth_on: date | None, birth_year: int | None, day: date) -> int | None:
    """Whole years on a day; by the year alone, the years that are reached in it."""
    if birth_on is not None:
        return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))
    return None if birth_year is None else day.year - birth_year


def likely_category(age: int | None, reason_group: str | None, last: tuple[str, str] | None) -> str:
    """Under which category somebody would join, as a proposal. `last`: code and group of the last card."""
    if age is not None and age <= UNDER_SIX_TO:
        return "TE"
    if last and last[1] in LASTING_GROUPS and reason_group != "lost_subsidy":
        return last[0]
    if (age is not None and age <= PUPIL_TO) or reason_group == "student":
        return "HS"
    if last and last[1] == "household_plan" and reason_group != "lost_subsidy":
        return last[0]  # farm households of middle income are of this group too
    return BY_STEPS

"""What a campaign can aim at, and which milestone a day is measured by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Protocol, TypeVar


class Measure(StrEnum):
    """What a milestone counts."""

    REGISTERED_RATE = "registered_rate"  # tỷ lệ trên nhân khẩu trong danh sách
    LIVING_RATE = "living_rate"  # tỷ lệ trên nhân khẩu đang ở
    NEW_CARDS = "new_cards"  # thẻ BHYT phát triển mới
    NEW_SOCIAL_INSURANCE = "new_social_insurance"  # người tham gia BHXH tự nguyện mới


class OfficialMeasure(StrEnum):
    """What an office says of an area."""

    PARTICIPANTS = "participants"  # số người tham gia BHYT theo cơ quan BHXH
    TARGET = "target"  # số người phải tham gia (chỉ tiêu giao)
    POPULATION = "population"  # dân số
    SOCIAL_INSURANCE = "social_insurance"  # số người tham gia BHXH tự nguyện
    SOCIAL_INSURANCE_TARGET = "social_insurance_target"  # chỉ tiêu BHXH tự nguyện


RATES = (Measure.REGISTERED_RATE, Measure.LIVING_RATE)
# Colours that a map can show and a reader tell apart (gis_layers/render/palette.json has as many).
MOST_CLASSES = 5
LONGEST_FORECAST_DAYS = 3650  # what lies farther ahead is no forecast
HIGHEST_PERCENT = Decimal(200)  # a rate may exceed 100 %


class Due(Protocol):
    """What is needed of a milestone."""

    @property
    def due_on(self) -> date: ...
    @property
    def measure(self) -> str: ...


Goal = TypeVar("Goal", bound=Due)


def goal_of_day(milestones: Iterable[Goal], day: date, measures: Iterable[str] = RATES) -> Goal | None:
    """The milestone that a day is measured by: the next one due; after the last, the last."""
    wanted = sorted((one for one in milestones if one.measure in set(measures)), key=lambda one: one.due_on)
    ahead = [one for one in wanted if one.due_on >= day]
    return ahead[0] if ahead else (wanted[-1] if wanted else None)


def read_bounds(words: str) -> list[Decimal] | None:
    """Bounds of classes as people type them ("70 80 90,5"); None unless they rise between 0 and 200."""
    try:
        bounds = [Decimal(word.replace(",", ".").rstrip("%")) for word in words.replace(";", " ").split()]
    except ArithmeticError:
        return None
    is_finite = all(bound.is_finite() for bound in bounds)
    if not is_finite or not 1 <= len(bounds) <= MOST_CLASSES or bounds != sorted(set(bounds)):
        return None
    if bounds[0] <= 0 or bounds[-1] > HIGHEST_PERCENT:
        return None
    return [bound.quantize(Decimal("0.01")) for bound in bounds]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an area comes along, and whether that is enough.

    `missing`: people still to win until the goal; `needed` a day until it is due, None when it is due or past;
    `done` a day over the days looked back on, None without any; `reached_on`: the day the goal is reached at that pace,
    None at no pace; `percent_when_due`: where that pace leads by the day it is due.
    """

    missing: int
    needed: Decimal | None
    done: Decimal | None
    reached_on: date | None
    percent_when_due: Decimal | None


def pace(
    part: int, whole: int, *, percent: Decimal, due_on: date, today: date, before: tuple[date, int] | None
) -> Pace:
    """Compare what is done a day with what is needed. `before`: an earlier day, and how many took part then."""
    missing = max(0, ceil(percent * whole / 100) - part)
    days_left = (due_on - today).days
    done = Decimal(part - before[1]) / (today - before[0]).days if before and before[0] < today else None
    reached_on = today if missing == 0 else None
    if missing and done is not None and done > 0:
        days = ceil(missing / done)
        reached_on = today + timedelta(days=days) if days <= LONGEST_FORECAST_DAYS else None
    when_due = None
    if done is not None and whole and days_left > 0:
        when_due = (part + done * days_left) * 100 / whole
    return Pace(missing, Decimal(missing) / days_left if days_left > 0 else None, done, reached_on, when_due)

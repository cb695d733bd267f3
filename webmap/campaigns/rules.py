"""What a campaign can aim at, and which milestone a day is measured by."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar


class Measure(StrEnum):
    """What a milestone counts."""

    REGISTERED_RATE = "registered_rate"  # tỷ lệ trên nhân khẩu trong danh sách
    LIVING_RATE = "living_rate"  # tỷ lệ trên nhân khẩu đang ở
    NEW_CARDS = "new_cards"  # thẻ BHYT phát triển mới
    NEW_SOCIAL_INSURANCE = "new_social_insurance"  # người tham gia BHXH tự nguyện mới


RATES = (Measure.REGISTERED_RATE, Measure.LIVING_RATE)
# Colours that a map can show and a reader tell apart (gis_layers/render/palette.json has as many).
MOST_CLASSES = 5
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

"""Decisions about a visit that need no database. The phone's twin is webmap/frontend/visits/effect.js.

Both are held together by tests/shared/visit_examples.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from webmap.households.rules import DoorMark, ReasonGroup, Residency


class HouseholdOutcome(StrEnum):
    """How a door answered."""

    MET = "met"  # gặp được
    NOT_HOME = "not_home"  # vắng nhà
    REFUSED = "refused"  # từ chối tiếp
    VACANT = "vacant"  # nhà bỏ trống
    NO_ENTRY = "no_entry"  # không vào được
    MOVED_AWAY = "moved_away"  # cả hộ đã chuyển đi
    NOT_FOUND = "not_found"  # không tìm thấy nhà
    DEFERRED = "deferred"  # hẹn lại


class PersonOutcome(StrEnum):
    """What a visit found for one person."""

    ENROLLED = "enrolled"  # tham gia hôm nay
    HAS_CARD = "has_card"  # đã có thẻ, được xem thẻ
    PLEDGED = "pledged"  # ký cam kết
    REFUSED = "refused"  # từ chối
    NEEDS_SUPPORT = "needs_support"  # cần hỗ trợ
    AWAY = "away"  # đi làm, đi học xa
    MOVED = "moved"  # đã chuyển đi
    DECEASED = "deceased"  # đã mất


class NextStep(StrEnum):
    """What is to be done next for a person."""

    REVISIT = "revisit"  # hẹn lại
    COLLECT = "collect"  # thu tiền theo cam kết
    SPONSOR = "sponsor"  # xin nhà hảo tâm


# Days until somebody comes back: people who were out come home in the evening or at the end of the week; who refused
# is left in peace for a month.
DAYS_UNTIL_NEXT = {
    HouseholdOutcome.NOT_HOME: 2,
    HouseholdOutcome.NO_ENTRY: 3,
    HouseholdOutcome.REFUSED: 30,
    HouseholdOutcome.DEFERRED: 7,
    HouseholdOutcome.MET: 7,
}
MARKS = {
    HouseholdOutcome.NOT_HOME: DoorMark.NOT_HOME,
    HouseholdOutcome.NO_ENTRY: DoorMark.NOT_HOME,
    HouseholdOutcome.REFUSED: DoorMark.REFUSED,
    HouseholdOutcome.VACANT: DoorMark.DONE,
    HouseholdOutcome.MOVED_AWAY: DoorMark.DONE,
    HouseholdOutcome.NOT_FOUND: DoorMark.NOT_FOUND,
    HouseholdOutcome.DEFERRED: DoorMark.REVISIT,
}
# Who recorded one of these stood at the house: a first visit places it.
AT_THE_HOUSE = frozenset(HouseholdOutcome) - {HouseholdOutcome.NOT_FOUND, HouseholdOutcome.MOVED_AWAY}

FAR_METRES = 60.0
WORST_ACCURACY_TO_PLACE_METRES = 100.0
# A phone's clock that runs ahead by more than this is not believed.
CLOCK_AHEAD = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as a visit finds or leaves her. `has_card`: her cards cover her today."""

    has_card: bool = False
    residency: str = "living"
    reported_on: date | None = None
    pledged_until: date | None = None
    reason_group: str | None = None
    next_step: str | None = None
    next_step_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Lives here, has not said to have enrolled, and has no card, or a pledge (to renew one that ends soon)."""
        wants = not self.has_card or self.pledged_until is not None
        return self.residency == Residency.LIVING and self.reported_on is None and wants


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """A door as a visit leaves it."""

    door_mark: str
    due_on: date | None


def person_after(
    before: PersonFacts,
    outcome: PersonOutcome,
    day: date,
    *,
    reason_group: str | None = None,
    pledged_until: date | None = None,
) -> PersonFacts:
    """Return a person after what a visit on a day found for her."""
    settled = replace(before, pledged_until=None, next_step=None, next_step_on=None)
    match outcome:
        case PersonOutcome.ENROLLED | PersonOutcome.HAS_CARD:
            after = replace(settled, reported_on=day, reason_group=None)
        case PersonOutcome.PLEDGED:
            after = replace(
                settled, pledged_until=pledged_until, next_step=NextStep.COLLECT.value, next_step_on=pledged_until
            )
        case PersonOutcome.REFUSED:
            again = day + timedelta(days=DAYS_UNTIL_NEXT[HouseholdOutcome.REFUSED])
            reason = reason_group or ReasonGroup.NOT_INTERESTED.value
            after = replace(settled, reason_group=reason, next_step=NextStep.REVISIT.value, next_step_on=again)
        case PersonOutcome.NEEDS_SUPPORT:
            reason = reason_group or ReasonGroup.HARDSHIP.value
            after = replace(settled, reason_group=reason, next_step=NextStep.SPONSOR.value)
        case PersonOutcome.AWAY:
            why = None if before.has_card else reason_group or ReasonGroup.AWAY.value
            after = replace(before, residency=Residency.AWAY.value, reason_group=why)
        case PersonOutcome.MOVED:
            after = replace(settled, residency=Residency.MOVED_OUT.value)
        case PersonOutcome.DECEASED:
            after = replace(settled, residency=Residency.DECEASED.value)
    return after


def door_after(
    outcome: HouseholdOutcome,
    day: date,
    people: Sequence[PersonFacts],
    refused: Sequence[bool] = (),
    revisit_on: date | None = None,
) -> DoorFacts:
    """Return mark and next day of a door after a visit.

    `people`: everybody of the household after the visit; `refused`: for each of them whether she refused in it.
    """
    if outcome is not HouseholdOutcome.MET:
        return DoorFacts(MARKS[outcome].value, revisit_on or _in_days(outcome, day))
    declined = [*refused, *[False] * (len(people) - len(refused))]
    still_open = [(one, no) for one, no in zip(people, declined, strict=True) if one.is_open]
    if not still_open:
        return DoorFacts(DoorMark.DONE.value, revisit_on)
    if all(no for _, no in still_open):
        return DoorFacts(DoorMark.REFUSED.value, revisit_on or _in_days(HouseholdOutcome.REFUSED, day))
    pledges = [one.pledged_until for one, _ in still_open if one.pledged_until is not None]
    first = min(pledges) if len(pledges) == len(still_open) else None
    return DoorFacts(DoorMark.REVISIT.value, revisit_on or first or _in_days(outcome, day))


def _in_days(outcome: HouseholdOutcome, day: date) -> date | None:
    days = DAYS_UNTIL_NEXT.get(outcome)
    return None if days is None else day + timedelta(days=days)


def far_limit_metres(accuracy_metres: float | None) -> float:
    """From which distance a visit is marked as far from the house: the less sure the fix, the further."""
    return FAR_METRES + (accuracy_metres or 0.0)


def is_far(metres: float | None, accuracy_metres: float | None) -> bool:
    """Whether a visit was recorded far from its house. Never a reason to refuse it."""
    return metres is not None and metres > far_limit_metres(accuracy_metres)


def effective_at(happened_at: datetime, received_at: datetime) -> datetime:
    """When a visit counts as having happened: by the phone's clock, but never in the future."""
    return received_at if happened_at > received_at + CLOCK_AHEAD else happened_at

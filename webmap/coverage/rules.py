"""Who is covered on a day: persons from their cards, households from their members, rates from counts.

The same rules stand set-based in SQL (`migrations/views/0010_rules.sql`); a property test holds the two equal.
`docs/decisions/0004-household-status.md` has the table of household statuses and the reasons.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from webmap.households.rules import ON_REGISTER

# Days before the end of cover from which a person is told to renew. A campaign may set its own.
WARNING_DAYS = 30
# A card that holds this long after a visit's report is the one the report was about. Shorter ones are the old card
# of somebody who renewed: cards are sold for three months at least, and old ones are renewed in their last month.
REPORT_ANSWERED_DAYS = 30
ONE_DAY = timedelta(days=1)


class PersonStatus(StrEnum):
    """Coverage of one person on a day."""

    COVERED = "covered"  # đang có thẻ
    EXPIRING = "expiring"  # sắp hết hạn, chưa gia hạn
    REPORTED = "reported"  # báo đã tham gia, danh sách chưa có
    PLEDGED = "pledged"  # ký cam kết
    UNCOVERED = "uncovered"  # chưa có thẻ
    UNKNOWN = "unknown"  # không thuộc danh sách của hộ: đã chuyển đi, đã mất


class HouseholdStatus(StrEnum):
    """Coverage of the living members of a household on a day: the colour of a door."""

    COVERED = "covered"  # tất cả có thẻ
    PARTLY = "partly"  # một phần có thẻ
    UNCOVERED = "uncovered"  # chưa ai có thẻ
    EXPIRING = "expiring"  # tất cả có thẻ, có người sắp hết hạn
    REPORTED = "reported"  # người chưa có thẻ đều báo đã tham gia
    PLEDGED = "pledged"  # người chưa có thẻ đều đã cam kết hoặc báo tham gia
    UNKNOWN = "unknown"  # chưa rõ: không có ai đang ở


class Denominator(StrEnum):
    """What participants are divided by."""

    REGISTERED = "registered"  # nhân khẩu trên danh sách
    LIVING = "living"  # nhân khẩu đang ở
    TARGET = "target"  # số giao chính thức


COVERED = (PersonStatus.COVERED, PersonStatus.EXPIRING)


@dataclass(frozen=True, slots=True)
class Cover:
    """Days without a gap on which somebody is covered, both ends included. `last_on` None: no end is known."""

    first_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's status on a day, and the last day of the cover that holds that day."""

    status: PersonStatus
    cover_ends_on: date | None


@dataclass(frozen=True, slots=True)
class Member:
    """What a household's status needs to know of one member."""

    residency: str
    status: PersonStatus
    cover_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The derived columns of a household."""

    living: int
    registered: int
    covered: int
    living_covered: int
    expiring: int
    status: HouseholdStatus
    next_expiry_on: date | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Participants ÷ denominator, always with the denominator's name. May exceed 100 %; never clamped."""

    participants: int
    denominator: int
    name: Denominator
    dated_on: date | None = None

    @property
    def percent(self) -> Decimal | None:
        """The rate in percent; None where nobody is counted."""
        return Decimal(self.participants) * 100 / self.denominator if self.denominator else None


def cover_on(cards: Iterable[Cover], day: date) -> Cover | None:
    """Join cards that overlap or follow each other, and return the stretch that holds the day."""
    stretch: Cover | None = None
    for card in sorted(cards, key=lambda one: one.first_on):
        if stretch is None or (stretch.last_on is not None and card.first_on > stretch.last_on + ONE_DAY):
            if stretch is not None and _holds(stretch, day):
                return stretch
            stretch = card
        elif stretch.last_on is not None and (card.last_on is None or card.last_on > stretch.last_on):
            stretch = Cover(stretch.first_on, card.last_on)
    return stretch if stretch is not None and _holds(stretch, day) else None


def person_standing(
    residency: str,
    cards: Iterable[Cover],
    reported_on: date | None,
    pledged_until: date | None,
    day: date,
    *,
    warning_days: int = WARNING_DAYS,
) -> Standing:
    """Say how a person stands on a day. Cards come first: a report or a pledge never hides what they say."""
    if residency not in ON_REGISTER:
        return Standing(PersonStatus.UNKNOWN, None)
    held = list(cards)
    if cover := cover_on(held, day):
        is_ending = cover.last_on is not None and cover.last_on <= day + timedelta(days=warning_days)
        return Standing(PersonStatus.EXPIRING if is_ending else PersonStatus.COVERED, cover.last_on)
    if reported_on is not None and reported_on <= day and not _is_answered(held, reported_on, day):
        return Standing(PersonStatus.REPORTED, None)
    if pledged_until is not None and pledged_until >= day:
        return Standing(PersonStatus.PLEDGED, None)
    return Standing(PersonStatus.UNCOVERED, None)


def household_counts(members: Iterable[Member]) -> Counts:
    """Count the members and choose the colour of the door."""
    registered = [one for one in members if one.residency in ON_REGISTER]
    living = [one for one in registered if one.residency == "living"]
    covered = [one for one in registered if one.status in COVERED]
    ends = [one.cover_ends_on for one in covered if one.cover_ends_on is not None]
    return Counts(
        living=len(living),
        registered=len(registered),
        covered=len(covered),
        living_covered=sum(one.status in COVERED for one in living),
        expiring=sum(one.status == PersonStatus.EXPIRING for one in registered),
        status=household_status([one.status for one in living]),
        next_expiry_on=min(ends, default=None),
    )


def household_status(living: list[PersonStatus]) -> HouseholdStatus:
    """The colour of a door, from the statuses of those who live there."""
    missing = [status for status in living if status not in COVERED]
    if not living:
        return HouseholdStatus.UNKNOWN
    if not missing:
        is_ending = PersonStatus.EXPIRING in living
        return HouseholdStatus.EXPIRING if is_ending else HouseholdStatus.COVERED
    if all(status == PersonStatus.REPORTED for status in missing):
        return HouseholdStatus.REPORTED
    if all(status in (PersonStatus.REPORTED, PersonStatus.PLEDGED) for status in missing):
        return HouseholdStatus.PLEDGED
    return HouseholdStatus.PARTLY if len(missing) < len(living) else HouseholdStatus.UNCOVERED


def _holds(cover: Cover, day: date) -> bool:
    return cover.first_on <= day and (cover.last_on is None or day <= cover.last_on)


def _is_answered(cards: list[Cover], reported_on: date, day: date) -> bool:
    """Whether the roll has since shown the card that a visit reported (and it has run out again)."""
    enough = reported_on + timedelta(days=REPORT_ANSWERED_DAYS)
    return any(card.first_on <= day and (card.last_on is None or card.last_on >= enough) for card in cards)

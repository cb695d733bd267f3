"""Decisions about plans that need no database: how long a door takes, what is fair, what a plan may become."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from uuid import UUID

# A look at the cards takes some minutes; each person without a card needs talk, up to a whole family at once.
CHECK_MINUTES = 3.0
TALK_MINUTES = 4.0
LONGEST_DOOR_MINUTES = 15.0
# Asking neighbours where a house is that nobody has placed yet.
SEARCH_MINUTES = 5.0
MOST_DOORS = 3000
MOST_TEAMS = 60
# A route within this of the minutes asked for is not called too long; one this far from the mean is uneven.
TOLERANCE = 1.05


class PlanState(StrEnum):
    """What a plan is."""

    DRAFT = "draft"  # bản nháp
    PUBLISHED = "published"  # đã giao
    CLOSED = "closed"  # đã đóng


class Balance(StrEnum):
    """How a route's time compares."""

    EVEN = "even"  # đều
    LONG = "long"  # dài hơn các tuyến khác
    TOO_LONG = "too_long"  # quá thời gian đã định
    EMPTY = "empty"  # không có hộ


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A household whose house nobody has placed: looked for by its alley's name."""

    household_id: UUID
    alley_name: str | None
    minutes: float


def door_minutes(uncovered: int) -> float:
    """Minutes at a door where so many people have no card."""
    return min(CHECK_MINUTES + TALK_MINUTES * uncovered, LONGEST_DOOR_MINUTES)


def balance(minutes: float, mean: float, wanted: float) -> Balance:
    """Compare a route with the time its team has, and with the other routes."""
    if minutes <= 0:
        return Balance.EMPTY
    if minutes > wanted * TOLERANCE:
        return Balance.TOO_LONG
    return Balance.LONG if minutes > mean * TOLERANCE else Balance.EVEN


def teams_needed(minutes: Sequence[float], wanted: float) -> int:
    """How many teams it takes when no route may be longer than the minutes asked for; 0 when these are enough."""
    if all(route <= wanted * TOLERANCE for route in minutes):
        return 0
    return max(len(minutes) + 1, ceil(sum(minutes) / wanted))


def with_unplaced(
    unplaced: Sequence[Unplaced], minutes: Sequence[float], alleys: Sequence[frozenset[str]]
) -> list[list[Unplaced]]:
    """Give each house nobody has placed to one route: to one that walks its alley, else to the shortest so far."""
    given: list[list[Unplaced]] = [[] for _ in minutes]
    loads = list(minutes)
    for one in unplaced:
        passing = [number for number, names in enumerate(alleys) if one.alley_name and one.alley_name in names]
        best = min(passing or range(len(loads)), key=lambda number: loads[number])
        given[best].append(one)
        loads[best] += one.minutes
    return given

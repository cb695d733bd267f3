"""Where an area and those below it stand: rates beside each other, pace, and who was first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from webmap.accounts.scope import Scope, require_area
from webmap.areas.queries import Place, below
from webmap.campaigns.models import Campaign, Milestone
from webmap.campaigns.queries import milestones
from webmap.campaigns.records import growth, latest_figures
from webmap.campaigns.rules import Measure, OfficialMeasure, Pace, pace
from webmap.coverage.models import AreaDay
from webmap.coverage.queries import Figures, area_figures
from webmap.coverage.rules import Coverage, Denominator
from webmap.coverage.snapshots import days_of
from webmap.database.sql_files import sql

LOOK_BACK_DAYS = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One area on the board. `first_on`: since when all its people are covered, None while they are not."""

    place: Place
    figures: Figures
    part: int
    whole: int
    before: int | None
    first_on: date | None

    @property
    def percent(self) -> Decimal:
        """Its rate by the goal's measure; areas without people come last."""
        return Decimal(self.part) * 100 / self.whole if self.whole else Decimal(-1)

    @property
    def gained(self) -> int | None:
        """People who joined within the days looked back on."""
        return None if self.before is None else self.part - self.before


@dataclass(frozen=True, slots=True)
class Board:
    """An area against its goal, and the areas below it, the highest rate first."""

    figures: Figures
    pace: Pace | None
    days: Sequence[tuple[date, Decimal]]
    lines: Sequence[Line]

    def percent(self, goal: Milestone) -> float:
        """The rate of the whole area by the goal's measure."""
        living = goal.measure == Measure.LIVING_RATE
        part, whole = (
            (self.figures.living_covered, self.figures.living)
            if living
            else (self.figures.covered, self.figures.registered)
        )
        return 100 * part / whole if whole else 0.0

    @property
    def winners(self) -> list[Line]:
        """Areas at 100 %, the first of them first."""
        there = [line for line in self.lines if line.first_on]
        return sorted(there, key=lambda line: (line.first_on or date.max, line.place.name))


def board(session: Session, scope: Scope, area_id: int, *, goal: Milestone | None, since: date, today: date) -> Board:
    """Put an area's board together. Without a goal people on the register are measured."""
    places = below(session, scope, area_id)
    ids = [area_id, *(one.id for one in places)]
    figures = area_figures(session, scope, ids)
    kept = days_of(session, scope, ids, min(since, today - timedelta(days=LOOK_BACK_DAYS)))
    of_living = goal is not None and goal.measure == Measure.LIVING_RATE

    def standing(of: Figures | AreaDay) -> tuple[int, int]:
        return (of.living_covered, of.living) if of_living else (of.covered, of.registered)

    def before(of_id: int) -> tuple[date, int] | None:
        days = [one for one in kept.get(of_id, []) if today - timedelta(days=LOOK_BACK_DAYS) <= one.day < today]
        return (days[0].day, standing(days[0])[0]) if days else None

    def line(place: Place) -> Line:
        part, whole = standing(figures[place.id])
        earlier = before(place.id)
        first = _first_day(kept.get(place.id, []), figures[place.id], of_living=of_living, today=today)
        return Line(place, figures[place.id], part, whole, earlier[1] if earlier else None, first)

    part, whole = standing(figures[area_id])
    paced = (
        pace(part, whole, percent=goal.value, due_on=goal.due_on, today=today, before=before(area_id)) if goal else None
    )
    days = [
        (one.day, Decimal(standing(one)[0]) * 100 / standing(one)[1])
        for one in kept.get(area_id, [])
        if since <= one.day < today and standing(one)[1]
    ]
    lines = sorted(map(line, places), key=lambda one: (-one.percent, one.place.name))
    return Board(figures[area_id], paced, days, lines)


def _first_day(days: Sequence[AreaDay], now: Figures, *, of_living: bool, today: date) -> date | None:
    """The day since which everybody is covered without a break; None while somebody is not."""

    def is_whole(of: Figures | AreaDay) -> bool:
        part, whole = (of.living_covered, of.living) if of_living else (of.covered, of.registered)
        return whole > 0 and part >= whole

    if not is_whole(now) or now.is_withheld:
        return None
    first = today
    for one in reversed(days):
        if one.day < today and not is_whole(one):
            break
        first = min(first, one.day)
    return first


def denominators(session: Session, scope: Scope, area_id: int, figures: Figures) -> list[Coverage]:
    """What participants can be divided by, side by side; the agency's own participants by its own target."""
    found = [figures.of_registered, figures.of_living]
    said = latest_figures(session, scope, area_id)
    if target := said.get(OfficialMeasure.TARGET):
        told = said.get(OfficialMeasure.PARTICIPANTS)
        is_theirs = told is not None and told.dated_on == target.dated_on
        part = told.value if told is not None and is_theirs else figures.covered
        found.append(Coverage(part, target.value, Denominator.TARGET, target.dated_on))
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """A milestone that is a number of people, and how many there are; None where nothing is known of it."""

    milestone: Milestone
    since: date
    done: int | None


def counted(session: Session, scope: Scope, area_id: int, campaign: Campaign | None, today: date) -> list[Counted]:
    """Milestones that count: people of the household plan with a first card or after a gap, new social insurance."""
    require_area(session, scope, area_id)
    if campaign is None or not scope.sees_persons:
        return []
    found = []
    for one in milestones(session, campaign.id):
        since, until = one.starts_on or campaign.starts_on, min(one.due_on, today)
        if one.measure == Measure.NEW_CARDS:
            days = {"area_id": area_id, "since": since, "until": until}
            found.append(Counted(one, since, session.scalar(sql("webmap.campaigns", "new_cards"), days)))
        elif one.measure == Measure.NEW_SOCIAL_INSURANCE:
            grown = growth(session, scope, area_id, OfficialMeasure.SOCIAL_INSURANCE, since=since, until=until)
            found.append(Counted(one, since, grown))
    return found

"""Figures of areas: what is added up, and what is pending, read at one moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Date, Integer, Select, case, cast, exists, func, literal, select, text
from sqlalchemy.orm import Session

from webmap.accounts.scope import CLOSURE, Scope, areas_in
from webmap.areas.models import Area, AreaClosure
from webmap.coverage.models import AreaCounter, CoverageDelta, PublishedArea
from webmap.coverage.models import Figures as Measures
from webmap.coverage.rules import COVERED, Coverage, Denominator
from webmap.households.models import Household, Person
from webmap.households.rules import AGE_GROUPS, ON_REGISTER

MEASURES = tuple(Measures.__annotations__)


@dataclass(frozen=True, slots=True)
class Figures:
    """What an area with all below it holds.

    `is_public`: as it was made public for those who may not see persons: households and people only, no statuses,
    no places. `is_withheld`: not even that, for it would tell about too few.
    """

    households: int = 0
    placed: int = 0
    visited: int = 0
    covered_households: int = 0
    partly_households: int = 0
    uncovered_households: int = 0
    expiring_households: int = 0
    reported_households: int = 0
    pledged_households: int = 0
    unknown_households: int = 0
    registered: int = 0
    living: int = 0
    covered: int = 0
    living_covered: int = 0
    expiring: int = 0
    is_withheld: bool = False
    is_public: bool = False

    @property
    def unplaced(self) -> int:
        """Households known only to their village."""
        return 0 if self.is_public else self.households - self.placed

    @property
    def uncovered(self) -> int:
        """People on the register without a card."""
        return self.registered - self.covered

    @property
    def living_uncovered(self) -> int:
        """People living here without a card."""
        return self.living - self.living_covered

    @property
    def by_status(self) -> dict[str, int]:
        """Households of each status, in the order of the legend; empty where that is not public."""
        if self.is_public:
            return {}
        ending = "_households"
        return {one.name[: -len(ending)]: getattr(self, one.name) for one in fields(self) if one.name.endswith(ending)}

    @property
    def of_registered(self) -> Coverage:
        """Participants among the people on the register."""
        return Coverage(self.covered, self.registered, Denominator.REGISTERED)

    @property
    def of_living(self) -> Coverage:
        """Participants among the people living here."""
        return Coverage(self.living_covered, self.living, Denominator.LIVING)


def area_figures(session: Session, scope: Scope, area_ids: Iterable[int]) -> dict[int, Figures]:
    """Figures of these areas, each with all below it: exact, or as made public for those who may not see persons.

    Areas outside the scope are left out.
    """
    wanted = sorted(set(area_ids))
    mine = session.scalars(areas_in(scope).where(CLOSURE.c.descendant_id.in_(_one_of(wanted))))
    if not scope.sees_persons:
        return _public(session, list(mine))
    figures = dict.fromkeys(mine, Figures())
    for area_id, counts in _added_up(session, wanted):
        if area_id in figures:
            figures[area_id] = Figures(**counts)
    return figures


def figures_on(session: Session, scope: Scope, area_ids: Iterable[int], day: date) -> dict[int, Figures]:
    """Figures of today's households by the map of a day. Areas outside the scope are left out.

    Withheld from those who may not see persons: the figures of two maps, subtracted, could tell about a few.
    """
    wanted = sorted(set(area_ids))
    mine = session.scalars(areas_in(scope).where(CLOSURE.c.descendant_id.in_(wanted))).all()
    if not scope.sees_persons:
        return dict.fromkeys(mine, Figures(is_withheld=True, is_public=True))
    figures = dict.fromkeys(mine, Figures())
    counted = text("select * from coverage_on_day(cast(:wanted as int[]), :day)")
    for row in session.execute(counted, {"wanted": wanted, "day": day}):
        figures[row.area_id] = Figures(**{name: getattr(row, name) for name in MEASURES})
    return figures


def _one_of(area_ids: list[int]) -> Select[Any]:
    """For `in_`: many ids as one value. A query that names each is prepared anew for every number of them.

    Not `= any(…)`: in a prepared query each row would be compared with each id.
    """
    return select(func.unnest(literal(area_ids, ARRAY(Integer))))


def _added_up(session: Session, area_ids: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    folded = select(AreaCounter.area_id, *(getattr(AreaCounter, name) for name in MEASURES)).where(
        AreaCounter.area_id.in_(_one_of(area_ids))
    )
    pending = (
        select(AreaClosure.ancestor_id, *(getattr(CoverageDelta, name) for name in MEASURES))
        .join(CoverageDelta, CoverageDelta.area_id == AreaClosure.descendant_id)
        .where(AreaClosure.ancestor_id.in_(_one_of(area_ids)))
    )
    rows = folded.union_all(pending).subquery()
    sums = [func.sum(rows.c[name]).label(name) for name in MEASURES]
    for row in session.execute(select(rows.c.area_id, *sums).group_by(rows.c.area_id)):
        yield row.area_id, {name: getattr(row, name) for name in MEASURES}


def drift(session: Session) -> list[tuple[str, int, int]]:
    """Figures that differ from a recount, as (kind, area, by how much): none, ever. For the system's scope."""
    return [tuple(row) for row in session.execute(text("select kind, area_id, difference from coverage_drift()"))]


def _public(session: Session, area_ids: list[int]) -> dict[int, Figures]:
    figures = dict.fromkeys(area_ids, Figures(is_withheld=True, is_public=True))
    for one in session.scalars(select(PublishedArea).where(PublishedArea.area_id.in_(_one_of(area_ids)))):
        figures[one.area_id] = Figures(
            households=one.households,
            registered=one.registered,
            living=one.living,
            covered=one.covered,
            living_covered=one.living_covered,
            is_public=True,
        )
    return figures


@dataclass(frozen=True, slots=True)
class Place:
    """An area in a list of figures."""

    id: int
    name: str
    figures: Figures


def most_uncovered(session: Session, scope: Scope, area_id: int, most: int = 10) -> list[Place]:
    """Where most people living uncovered are: the areas with doors of their own under an area, most first.

    For those who may not see persons: by the public figures, of the areas that have such.
    """
    source = AreaCounter if scope.sees_persons else PublishedArea
    below = select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == area_id)
    has_below = select(Area.parent_id).where(Area.parent_id.is_not(None), Area.valid_to.is_(None))
    rows = session.execute(
        select(Area.id, Area.name)
        .join(source, source.area_id == Area.id)
        .where(Area.id.in_(below), Area.id.in_(areas_in(scope)), Area.id.not_in(has_below))
        .order_by((source.living - source.living_covered).desc(), Area.id)
        .limit(most * 2)  # what is pending may still change the order
    ).all()
    figures = area_figures(session, scope, [row.id for row in rows])
    places = [Place(row.id, row.name, figures[row.id]) for row in rows]
    places.sort(key=lambda one: (-one.figures.living_uncovered, one.id))
    return [one for one in places if one.figures.living_uncovered > 0][:most]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """People of an age group (None: no day and no year of birth is known) on the register of an area."""

    code: str | None
    registered: int
    covered: int


def age_group_figures(session: Session, scope: Scope, area_id: int, day: date) -> list[GroupFigures]:
    """Coverage of each age group, youngest first. None for those who may not see persons: it divides counts."""
    if not scope.sees_persons:
        return []
    exact = func.extract("year", func.age(day, Person.birth_on))
    age = func.coalesce(exact, func.extract("year", cast(day, Date)) - Person.birth_year)
    code = case(
        *((age <= group.last, group.code) for group in AGE_GROUPS if group.last is not None),
        (age.is_not(None), AGE_GROUPS[-1].code),
        else_=None,
    )
    below = select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == area_id)
    counted = session.execute(
        select(
            code.label("code"),
            func.count().label("registered"),
            func.count().filter(Person.status.in_(COVERED)).label("covered"),
        )
        .where(
            Person.area_id.in_(below),
            Person.area_id.in_(areas_in(scope)),
            Person.residency.in_(ON_REGISTER),
            exists(select(Household.id).where(Household.id == Person.household_id, Household.ended_on.is_(None))),
        )
        .group_by(code)
    )
    found = {row.code: GroupFigures(row.code, row.registered, row.covered) for row in counted}
    order = [*(group.code for group in AGE_GROUPS), None]
    return [found[one] for one in order if one in found]

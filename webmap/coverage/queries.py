"""Figures of areas: what is added up, and what is pending, read at one moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webmap.accounts.scope import CLOSURE, Scope, areas_in
from webmap.areas.models import AreaClosure
from webmap.coverage.models import AreaCounter, CoverageDelta, PublishedArea
from webmap.coverage.models import Figures as Measures
from webmap.coverage.rules import Coverage, Denominator

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
    mine = session.scalars(areas_in(scope).where(CLOSURE.c.descendant_id.in_(wanted)))
    if not scope.sees_persons:
        return _public(session, list(mine))
    figures = dict.fromkeys(mine, Figures())
    for area_id, counts in _added_up(session, wanted):
        if area_id in figures:
            figures[area_id] = Figures(**counts)
    return figures


def shown_figures(session: Session, scope: Scope, area_ids: Iterable[int]) -> dict[int, Figures]:
    """Figures as the asking person may see them: exact, or for those who may not see persons as last made public."""
    exact = area_figures(session, scope, area_ids)
    if scope.sees_persons:
        return exact
    rows = session.scalars(select(PublishedArea).where(PublishedArea.area_id.in_(list(exact))))
    public = {
        row.area_id: Figures(
            households=row.households,
            registered=row.registered,
            living=row.living,
            covered=row.covered,
            living_covered=row.living_covered,
        )
        for row in rows
    }
    return {area_id: public.get(area_id, Figures(is_withheld=True)) for area_id in exact}


def _added_up(session: Session, area_ids: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    folded = select(AreaCounter.area_id, *(getattr(AreaCounter, name) for name in MEASURES)).where(
        AreaCounter.area_id.in_(area_ids)
    )
    pending = (
        select(AreaClosure.ancestor_id, *(getattr(CoverageDelta, name) for name in MEASURES))
        .join(CoverageDelta, CoverageDelta.area_id == AreaClosure.descendant_id)
        .where(AreaClosure.ancestor_id.in_(area_ids))
    )
    rows = folded.union_all(pending).subquery()
    sums = [func.sum(rows.c[name]).label(name) for name in MEASURES]
    for row in session.execute(select(rows.c.area_id, *sums).group_by(rows.c.area_id)):
        yield row.area_id, {name: getattr(row, name) for name in MEASURES}


def drift(session: Session) -> list[tuple[str, int, int]]:
    """Figures that differ from a recount, as (kind, area, by how much): none, ever. For the system's scope."""
    return [tuple(row) for row in session.execute(text("select kind, area_id, difference from coverage_drift()"))]


def map_version(session: Session, scope: Scope) -> int:
    """A number that grows with every change of what maps show of the scope's doors."""
    mine = sorted(scope.area_ids)
    if not scope.sees_persons:
        made = select(func.extract("epoch", func.max(PublishedArea.published_at)) * 1_000_000)
        return int(session.scalar(made) or 0)
    folded = select(func.coalesce(func.sum(AreaCounter.changes), 0)).where(AreaCounter.area_id.in_(mine))
    pending = (
        select(func.count())
        .select_from(CoverageDelta)
        .join(AreaClosure, AreaClosure.descendant_id == CoverageDelta.area_id)
        .where(AreaClosure.ancestor_id.in_(mine))
    )
    return int(session.scalar(select(folded.scalar_subquery() + pending.scalar_subquery())) or 0)


def _public(session: Session, area_ids: list[int]) -> dict[int, Figures]:
    figures = dict.fromkeys(area_ids, Figures(is_withheld=True, is_public=True))
    for one in session.scalars(select(PublishedArea).where(PublishedArea.area_id.in_(area_ids))):
        figures[one.area_id] = Figures(
            households=one.households,
            registered=one.registered,
            living=one.living,
            covered=one.covered,
            living_covered=one.living_covered,
            is_public=True,
        )
    return figures

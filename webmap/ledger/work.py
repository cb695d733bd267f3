"""Work lists: who, what next, by when, whose. By village, team, kind of work, reason and how near the day is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from webmap import clock
from webmap.database.sql_files import sql_text
from webmap.households.queries import Page
from webmap.households.rules import ReasonGroup
from webmap.ledger.errors import UnknownWorkFilterError
from webmap.ledger.rules import RADAR_DAYS, Task
from webmap.settings import settings

PACKAGE = "webmap.ledger"
PAGE_SIZE = 50
EXPORTED_AT_MOST = 200_000
# How near the day is: overdue, or within so many days. Overdue work is within every number of days.
WITHIN = ("overdue", *map(str, RADAR_DAYS))

CHOSEN = """
  (cast(:tasks as text[]) = '{}' or task = any (cast(:tasks as text[])))
  and (cast(:reasons as text[]) = '{}' or reason_group = any (cast(:reasons as text[])))
  and (cast(:below as int) is null
       or area_id in (select descendant_id from area_closure where ancestor_id = cast(:below as int)))
  and (cast(:team as int) is null or team_id = cast(:team as int)
       or (cast(:team as int) = 0 and team_id is null and walkers is null))
  and (cast(:within as int) is null or days <= cast(:within as int))
"""
ORDER = 'due_on nulls last, village collate "vi-x-icu", code, person_id'


class Arguments(Protocol):
    """A query string: werkzeug's MultiDict."""

    def get(self, key: str, /) -> str | None: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which work. Empty means all of the area. `team` 0: nobody's."""

    task: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    below: int | None = None
    team: int | None = None
    within: str = ""

    def to_query(self) -> dict[str, Any]:
        """The pairs of an address."""
        pairs = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in pairs.items() if value not in ((), None, "")}


@dataclass(frozen=True, slots=True)
class Share:
    """How much of which work falls to a village or a team."""

    id: int | None
    name: str | None
    organisation: str | None
    tasks: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.tasks.values())


def parse(arguments: Arguments) -> WorkFilter:
    """Read a filter from a query string. Raises UnknownWorkFilterError."""
    within = arguments.get("within") or ""
    if within and within not in WITHIN:
        raise UnknownWorkFilterError(name="within", value=within)
    return WorkFilter(
        task=_codes(arguments, "task", {one.value for one in Task}),
        reason=_codes(arguments, "reason", {one.value for one in ReasonGroup}),
        below=_number(arguments, "below"),
        team=_number(arguments, "team"),
        within=within,
    )


def page(session: Session, area_id: int, wanted: WorkFilter, *, number: int = 1) -> Page:
    """A page of the work of an area, the most pressing day first; a number beyond the end gives the first."""
    asked = {**_asked(area_id, wanted), "most": PAGE_SIZE, "skipped": (number - 1) * PAGE_SIZE}
    rows = session.execute(_listed("count(*) over () as total, work.*"), asked).all()
    if not rows and number > 1:
        return page(session, area_id, wanted)
    total = rows[0].total if rows else 0
    first = (number - 1) * PAGE_SIZE + 1 if rows else 0
    return Page(number, max(1, -(-total // PAGE_SIZE)), total, first, first + len(rows) - 1 if rows else 0, rows)


def everything(session: Session, area_id: int, wanted: WorkFilter) -> Sequence[Row[Any]]:
    """All of the work that is asked for, for files and paper."""
    asked = {**_asked(area_id, wanted), "most": EXPORTED_AT_MOST, "skipped": 0}
    return session.execute(_listed("work.*"), asked).all()


def shares(session: Session, area_id: int, wanted: WorkFilter) -> tuple[list[Share], list[Share]]:
    """How much there is by village and by team, the most first; what is nobody's comes last."""
    counted = text(
        f"with work as ({sql_text(PACKAGE, 'work')}) select grouping(area_id) as is_team, area_id, village, team_id,"
        " coalesce(team, walkers) as team, organisation, task, count(*) as people from work"
        f" where {CHOSEN}"
        " group by grouping sets ((task, area_id, village), (task, team_id, coalesce(team, walkers), organisation))"
    )
    villages: dict[int, Share] = {}
    teams: dict[tuple[int | None, str | None], Share] = {}
    for row in session.execute(counted, _asked(area_id, wanted)):
        share = (
            teams.setdefault((row.team_id, row.team), Share(row.team_id, row.team, row.organisation, {}))
            if row.is_team
            else villages.setdefault(row.area_id, Share(row.area_id, row.village, None, {}))
        )
        share.tasks[row.task] = row.people
    return (
        sorted(villages.values(), key=lambda one: (-one.total, one.id)),
        sorted(teams.values(), key=lambda one: (one.name is None, -one.total, one.name or "")),
    )


def radar(session: Session, area_id: int) -> Mapping[str, int]:
    """How many cards end within 7, 30 and 60 days, how many pledges are overdue, how many reports late."""
    counted = text(
        f"with work as ({sql_text(PACKAGE, 'work')}) select task, least(days, 60) as days, count(*) as people"
        " from work where task in ('renew', 'pledge_overdue', 'reported_late') group by 1, 2"
    )
    found = {str(days): 0 for days in RADAR_DAYS} | {Task.PLEDGE_OVERDUE.value: 0, Task.REPORTED_LATE.value: 0}
    for row in session.execute(counted, _asked(area_id, WorkFilter())):
        if row.task != Task.RENEW:
            found[row.task] += row.people
            continue
        for days in RADAR_DAYS:
            found[str(days)] += row.people if row.days <= days else 0
    return found


def _listed(columns: str) -> TextClause:
    return text(
        f"with work as ({sql_text(PACKAGE, 'work')}) select {columns} from work where {CHOSEN} order by {ORDER}"
        " limit :most offset :skipped"
    )


def _asked(area_id: int, wanted: WorkFilter, today: date | None = None) -> dict[str, Any]:
    within = -1 if wanted.within == "overdue" else int(wanted.within) if wanted.within else None
    return {
        "area_id": area_id,
        "today": today or clock.today(),
        "late_days": settings().reported_late_days,
        "radar_days": max(RADAR_DAYS),
        "tasks": list(wanted.task),
        "reasons": list(wanted.reason),
        "below": wanted.below,
        "team": wanted.team,
        "within": within,
    }


def _codes(arguments: Arguments, name: str, known: set[str]) -> tuple[str, ...]:
    given = tuple(sorted({value for value in arguments.getlist(name) if value}))
    for value in given:
        if value not in known:
            raise UnknownWorkFilterError(name=name, value=value)
    return given


def _number(arguments: Arguments, name: str) -> int | None:
    given = (arguments.get(name) or "").strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise UnknownWorkFilterError(name=name, value=given)
    return int(given)

"""Applying a reform to a loaded district: its communes end, its villages go on below the new ones.

Where everything goes is worked out in temporary tables (sql/reform_*.sql) and shown; then it is done in one transaction
that can be undone. Rules: a commune that went whole takes all its villages along. Of a split commune each village goes
where two thirds of its ground lie, else where most of its placed households lie; nobody's guess stands for a person's
choice where neither says it. A household of a split commune whose own place lies in another new commune than its
village's goes into a village of the same name there. A household without a place stays with its village.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.scope import SYSTEM, Scope, require_area
from webmap.areas.boundaries import refresh_hulls
from webmap.areas.errors import NothingToReformError, StaleReformError, UnclearReformError
from webmap.areas.inputs import ReformOrder
from webmap.areas.map_imports import noting
from webmap.areas.models import Area
from webmap.areas.succession import end_emptied, tie_successors
from webmap.database.engine import tell
from webmap.database.sql_files import sql, sql_text
from webmap.errors import N_

PACKAGE = "webmap.areas"
Progress = Callable[[int, int, str], None]
STEPS = (N_("Working out where everything goes"), N_("Moving households"), N_("Ending the old map"))


@dataclass(frozen=True, slots=True)
class Ending:
    """An area that ends, and the names of what it becomes. `is_split`: into several."""

    id: int
    name: str
    becomes: tuple[tuple[int, str], ...]
    is_split: bool
    villages: int
    households: int


@dataclass(frozen=True, slots=True)
class VillageStep:
    """Where a village goes and why: whole, boundary, households, chosen; None when nothing says it."""

    id: int
    name: str
    commune: str
    to_id: int | None
    to_name: str | None
    how: str | None
    households: int
    elsewhere: int
    unplaced: int
    choices: tuple[tuple[int, str, float | None, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReformPreview:
    """What a reform would do. `without_successor`: open communes of the area that the crosswalk does not name."""

    day: date
    endings: tuple[Ending, ...]
    villages: tuple[VillageStep, ...]
    moved: tuple[tuple[str, str, str, str], ...]
    accounts: tuple[tuple[str, str, str], ...]
    open_plans: tuple[str, ...]
    campaigns: tuple[str, ...]
    without_successor: tuple[str, ...]
    mark: str

    @property
    def unclear(self) -> tuple[VillageStep, ...]:
        """Villages that somebody has to decide about."""
        return tuple(one for one in self.villages if one.to_id is None)

    @property
    def unplaced(self) -> int:
        """Households of split communes that stay with their village for want of a place."""
        return sum(one.unplaced for one in self.villages if one.how != "whole")


def waiting(session: Session, scope: Scope, area_id: int) -> int:
    """How many open communes of an area the crosswalk has replaced: they wait for the reform."""
    require_area(session, scope, area_id)
    asked = {"area_id": area_id, "today": clock.today()}
    return int(session.scalars(sql(PACKAGE, "reform_waiting"), asked).one())


def preview_reform(
    session: Session, scope: Scope, area_id: int, choices: Mapping[int, int] | None = None
) -> ReformPreview:
    """Say what the reform of an area would do. Changes nothing that lasts. NothingToReformError without any."""
    require_area(session, scope, area_id)
    tell(session, SYSTEM)  # where its ground goes may lie outside what the asking person sees
    try:
        day = _work_out(session, area_id, choices or {})
        return _told(session, area_id, day)
    finally:
        tell(session, scope)


def decided_reform(session: Session, scope: Scope, area_id: int, order: ReformOrder) -> ReformPreview:
    """The same with what a person decided, ready to be applied.

    UnclearReformError while a village has no place to go; StaleReformError when something has changed since the
    preview with the order's mark.
    """
    preview = preview_reform(session, scope, area_id, order.choices)
    if order.mark is not None and order.mark != preview.mark:
        raise StaleReformError
    if preview.unclear:
        raise UnclearReformError(count=len(preview.unclear), name=preview.unclear[0].name)
    return preview


def apply_reform(session: Session, scope: Scope, area_id: int, order: ReformOrder, progress: Progress) -> UUID:
    """Do it, as one change of the map. Returns its id, by which it can be undone. Errors as `decided_reform`."""
    session.execute(text("select pg_advisory_xact_lock(hashtext('area_tree_rebuild'))"))
    progress(0, len(STEPS), STEPS[0])
    preview = decided_reform(session, scope, area_id, order)
    area = session.get_one(Area, area_id)
    tell(session, SYSTEM)
    with noting(session, scope, "reform", area.name, area_id=area_id) as change:
        given = {"import_id": change.id, "day": preview.day}
        session.execute(sql(PACKAGE, "reform_new_villages"))
        session.execute(sql(PACKAGE, "reform_into_communes"))
        session.execute(sql(PACKAGE, "reform_hang"))
        progress(1, len(STEPS), STEPS[1])
        session.execute(sql(PACKAGE, "note_households"), given)
        session.execute(sql(PACKAGE, "move_households"), given)
        progress(2, len(STEPS), STEPS[2])
        ended = end_emptied(session, preview.day)
        session.execute(sql(PACKAGE, "note_plans"), given)
        tie_successors(session, SYSTEM, change.id, ended, with_above=True)
        session.execute(select(func.area_tree_rebuild()))
        touched = session.scalars(text("select from_id from reform_household union select to_id from reform_household"))
        refresh_hulls(session, SYSTEM, touched.all())
        change.counts = {
            "ended": len(ended), "villages": len(preview.villages), "households": len(preview.moved),
        }  # fmt: skip
    tell(session, scope)
    session.expire_all()
    audit.record(session, scope, "apply reform", "area", area_id, area_id=area_id, ended=len(ended))
    progress(len(STEPS), len(STEPS), STEPS[2])
    return change.id


def _work_out(session: Session, area_id: int, choices: Mapping[int, int]) -> date:
    for statement in sql_text(PACKAGE, "stage_reform").split(";\n"):
        session.execute(text(statement))
    session.execute(sql(PACKAGE, "reform_communes"), {"area_id": area_id, "today": clock.today()})
    session.execute(text("delete from reform_commune where day > (select min(day) from reform_commune)"))
    day = session.scalar(text("select min(day) from reform_commune"))
    if day is None:
        raise NothingToReformError
    for name in ("reform_steps", "reform_villages", "reform_shares", "reform_decide"):
        session.execute(sql(PACKAGE, name))
    if choices:
        chosen = {"villages": list(choices), "communes": list(choices.values())}
        session.execute(sql(PACKAGE, "reform_choose"), chosen)
    session.execute(sql(PACKAGE, "reform_households"))
    return date.fromisoformat(str(day))


def _told(session: Session, area_id: int, day: date) -> ReformPreview:
    choices: dict[int, list[tuple[int, str, float | None, int]]] = {}
    for village_id, new_id, name, ground, houses in session.execute(sql(PACKAGE, "told_choices")):
        choices.setdefault(village_id, []).append((new_id, name, ground, houses))
    becomes: dict[int, list[tuple[int, str]]] = {}
    for old_id, new_id, name in session.execute(sql(PACKAGE, "told_steps")):
        becomes.setdefault(old_id, []).append((new_id, name))
    endings = tuple(
        Ending(id_, name, tuple(becomes[id_]), len(becomes[id_]) > 1, villages, households)
        for id_, name, villages, households in session.execute(sql(PACKAGE, "told_endings"))
    )

    def rows(name: str, **given: Any) -> tuple[Any, ...]:
        return tuple(tuple(row) for row in session.execute(sql(PACKAGE, name), given))

    villages = tuple(
        VillageStep(*row, choices=tuple(choices.get(row[0], ())))  # type: ignore[misc] # the query gives the other nine
        for row in rows("told_villages")
    )
    moved = rows("told_households")
    known = [(one.id, one.becomes, one.villages, one.households) for one in endings]
    known_villages = [(one.id, one.choices, one.households, one.unplaced) for one in villages]
    return ReformPreview(
        day=day,
        endings=endings,
        villages=villages,
        moved=moved,
        accounts=rows("told_accounts"),
        open_plans=tuple(name for (name,) in rows("told_plans")),
        campaigns=tuple(name for (name,) in rows("told_campaigns")),
        without_successor=tuple(
            name for (name,) in rows("told_without_successor", area_id=area_id, day=day, today=clock.today())
        ),
        mark=hashlib.sha256(repr((day, known, known_villages)).encode()).hexdigest()[:16],
    )

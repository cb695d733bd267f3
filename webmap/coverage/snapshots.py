"""One row an area and day: how each area stood when the day ended."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.accounts.scope import CLOSURE, Scope, areas_in
from webmap.coverage.models import AreaDay
from webmap.database.sql_files import sql


def keep_day(session: Session, day: date) -> None:
    """Write down how all areas stand as the end of a day, once. To be called when all is added up (`service.fold`)."""
    session.execute(sql("webmap.coverage", "keep_day"), {"day": day})


def days_of(session: Session, scope: Scope, area_ids: Iterable[int], since: date) -> dict[int, list[AreaDay]]:
    """The kept days of areas from a day on, in their order. Nothing for those who may not see persons.

    Areas outside the scope, or without a kept day, are left out.
    """
    if not scope.sees_persons:
        return {}
    mine = areas_in(scope).where(CLOSURE.c.descendant_id.in_(sorted(set(area_ids))))
    rows = select(AreaDay).where(AreaDay.area_id.in_(mine), AreaDay.day >= since).order_by(AreaDay.area_id, AreaDay.day)
    found: dict[int, list[AreaDay]] = {}
    for row in session.scalars(rows):
        found.setdefault(row.area_id, []).append(row)
    return found

"""Pledges of an area: who promised to join by when and how to pay, what came of it, and how many kept their word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from webmap.accounts.scope import CLOSURE, Scope, areas_in, require_area
from webmap.database.sql_files import sql
from webmap.text import sort_key


class PledgeState(StrEnum):
    """What has come of a pledge, in the order of a list: what needs a step first."""

    OVERDUE = "overdue"  # quá hạn
    OPEN = "open"  # còn hạn
    REPORTED = "reported"  # báo đã tham gia, danh sách chưa có
    KEPT = "kept"  # đã thực hiện
    WITHDRAWN = "withdrawn"  # đã rút


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many of those who pledged are covered by a card since. `name`: a village, or empty for all."""

    name: str
    by_state: dict[str, int]

    @property
    def pledged(self) -> int:
        """All who pledged."""
        return sum(self.by_state.values())

    @property
    def kept(self) -> int:
        """Those who have a card since."""
        return self.by_state[PledgeState.KEPT]


def pledges(session: Session, scope: Scope, area_id: int, day: date) -> list[Row[Any]]:
    """The newest pledge of each person of an area and below, as it stands on a day; the earliest due first."""
    require_area(session, scope, area_id)
    mine = areas_in(scope).where(CLOSURE.c.descendant_id.in_(_below(area_id)))
    areas = sorted(set(session.scalars(mine)))
    return list(session.execute(sql(__package__, "pledges"), {"areas": areas, "day": day}))


def _below(area_id: int) -> Select[int]:
    below = CLOSURE.alias("below")
    return select(below.c.descendant_id).where(below.c.ancestor_id == area_id)


def conversions(rows: Sequence[Any]) -> list[Conversion]:
    """Figures of all, then of each village."""
    villages = sorted({row.village for row in rows}, key=sort_key)
    return [_count("", rows), *(_count(name, [row for row in rows if row.village == name]) for name in villages)]


def _count(name: str, rows: Sequence[Any]) -> Conversion:
    return Conversion(name, {state.value: sum(row.state == state for row in rows) for state in PledgeState})

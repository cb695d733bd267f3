"""The areas that rows of a file may name: villages below the area of the file, and the communes they belong to."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webmap.accounts.scope import CLOSURE
from webmap.areas.models import Area, AreaLevel

Named = tuple[int, str, str, str | None]


def areas_below(session: Session, area_id: int, level: str) -> list[Named]:
    """The areas of a level below an area, or the area itself when it is one: id, code, name, kind."""
    below = CLOSURE.c.descendant_id == Area.id
    return _named(session, _areas(level).join(CLOSURE, below).where(CLOSURE.c.ancestor_id == area_id))


def areas_above(session: Session, area_id: int) -> list[Named]:
    """An area and those it lies in: id, code, name, kind."""
    above = CLOSURE.c.ancestor_id == Area.id
    wanted = select(Area.id, Area.code, Area.name, Area.kind).join(CLOSURE, above)
    return _named(session, wanted.where(CLOSURE.c.descendant_id == area_id))


def _areas(level: str) -> Select[Any, Any, Any, Any]:
    wanted = select(Area.id, Area.code, Area.name, Area.kind)
    return wanted.join(AreaLevel, AreaLevel.id == Area.level_id).where(AreaLevel.code == level)


def _named(session: Session, wanted: Select[Any, Any, Any, Any]) -> list[Named]:
    return [(id_, code, name, kind) for id_, code, name, kind in session.execute(wanted)]

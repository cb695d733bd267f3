"""The tree by the map of a day: any day, not only today's.

`area_parent` says who belonged to whom and when, validity says which areas stood. Figures by an earlier map are those
of today's households (webmap/coverage/queries.py `figures_on`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from webmap import clock
from webmap.accounts.scope import Scope, areas_in
from webmap.areas.errors import BadMapDayError
from webmap.areas.models import Area, AreaCrosswalk, AreaLevel, AreaParent
from webmap.areas.queries import Place, way_up
from webmap.database.sql_files import sql
from webmap.text import fold, sort_key

PACKAGE = "webmap.areas"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an area's history. `kind`: began, lay_in, came_from, part_from, became, part_to, ended."""

    day: date
    until: date | None
    kind: str
    area_id: int | None
    name: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Ended:
    """An area that is no more, its last day, and what it became."""

    place: Place
    last_day: date
    became: tuple[tuple[int, str], ...]


def asked_day(given: str | None) -> date | None:
    """The day of an address (`?on=2025-06-30`); None for today's map. BadMapDayError when it is no day."""
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise BadMapDayError(day=given[:20]) from None
    return day if day < clock.today() else None


def map_days(session: Session, most: int = 24) -> list[date]:
    """The last day of each map that was replaced, the newest first: the days worth choosing."""
    today = clock.today()
    rows = session.scalars(sql(PACKAGE, "map_days"), {"today": today, "most": most})
    return [day - timedelta(days=1) for day in rows]


def stood_on(area: Any, day: date) -> ColumnElement[bool]:
    """Whether an area (or an edge of the tree) held on a day."""
    return and_(area.valid_from <= day, or_(area.valid_to.is_(None), area.valid_to > day))


def places_on(scope: Scope, day: date) -> Select[Any]:
    """The areas of a scope that stood on a day, with their parents of that day, as `Place` wants them."""
    child, edge = aliased(Area), aliased(AreaParent)
    below_it = (
        select(func.count())
        .select_from(edge)
        .join(child, child.id == edge.area_id)
        .where(edge.parent_id == Area.id, stood_on(edge, day), stood_on(child, day))
        .scalar_subquery()
    )
    columns = (
        *(Area.id, Area.code, Area.name, Area.kind, AreaLevel.code, AreaLevel.depth, AreaLevel.label_vi),
        *(AreaLevel.label_en, AreaParent.parent_id, Area.population, Area.boundary_kind, below_it),
        *(Area.valid_from, Area.valid_to),
    )
    return (
        select(*columns)
        .join(AreaLevel, AreaLevel.id == Area.level_id)
        .outerjoin(AreaParent, and_(AreaParent.area_id == Area.id, stood_on(AreaParent, day)))
        .where(stood_on(Area, day), Area.id.in_(areas_in(scope)))
    )


def below_on(session: Session, scope: Scope, area_id: int, day: date) -> list[Place]:
    """The areas directly below one on a day, in the order of a Vietnamese dictionary."""
    return in_order(session.execute(places_on(scope, day).where(AreaParent.parent_id == area_id)))


def roots_on(session: Session, scope: Scope, day: date) -> list[Place]:
    """Where the asking person's tree began on a day."""
    mine = select(Area.id).where(Area.id.in_(areas_in(scope)), stood_on(Area, day))
    tops = or_(AreaParent.parent_id.is_(None), AreaParent.parent_id.not_in(mine))
    return in_order(session.execute(places_on(scope, day).where(tops)))


def way_up_on(session: Session, scope: Scope, area_id: int, day: date) -> list[Place]:
    """The areas above one on a day, the highest first, as far as the scope reaches."""
    above = select(text("id")).select_from(
        text("(with recursive up as (select cast(:start as int) as id union all"
             " select edge.parent_id from up join area_parent edge on edge.area_id = up.id"
             " and edge.valid_from <= :day and (edge.valid_to is null or edge.valid_to > :day))"
             " select id from up where id <> :start) as upward")
    )  # fmt: skip
    wanted = places_on(scope, day).where(Area.id.in_(above)).order_by(AreaLevel.depth)
    return [Place(*row) for row in session.execute(wanted, {"start": area_id, "day": day})]


def way_up_to(session: Session, scope: Scope, one: Place, day: date | None = None) -> list[Place]:
    """The areas above one by the map of a day; without one by today's, or the last map that an ended area was on."""
    if day is None and one.valid_to is not None and one.valid_to <= clock.today():
        day = one.valid_to - timedelta(days=1)
    return way_up(session, scope, one.id) if day is None else way_up_on(session, scope, one.id, day)


def find_ended(session: Session, scope: Scope, words: str, most: int = 20) -> list[Ended]:
    """Areas that are no more whose name holds all the words, and what they became."""
    today = clock.today()
    last = Area.valid_to - 1  # the day before
    wanted = places_ended(scope, today)
    for word in fold(words).split():
        wanted = wanted.where(func.fold(Area.name).contains(word, autoescape=True))
    places = [Place(*row) for row in session.execute(wanted.order_by(AreaLevel.depth, Area.name, last).limit(most))]
    became = names_of_heirs(session, [one.id for one in places])
    return [
        Ended(one, one.valid_to - timedelta(days=1), tuple(became.get(one.id, ())))
        for one in places
        if one.valid_to is not None
    ]


def names_of_heirs(session: Session, area_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """What areas became: id and name with its kind."""
    new = aliased(Area)
    found: dict[int, list[tuple[int, str]]] = {}
    rows = session.execute(
        select(AreaCrosswalk.old_area_id, new.id, new.kind, new.name)
        .join(new, new.id == AreaCrosswalk.new_area_id)
        .where(AreaCrosswalk.old_area_id.in_(list(area_ids)))
        .order_by(AreaCrosswalk.old_area_id, new.name, new.id)
    )
    for old_id, new_id, kind, name in rows:
        found.setdefault(old_id, []).append((new_id, full_name(kind, name)))
    return found


def places_ended(scope: Scope, today: date) -> Select[Any]:
    """The areas of a scope that have ended, as `Place` wants them."""
    columns: tuple[Any, ...] = (
        *(Area.id, Area.code, Area.name, Area.kind, AreaLevel.code, AreaLevel.depth, AreaLevel.label_vi),
        *(AreaLevel.label_en, Area.parent_id, Area.population, Area.boundary_kind, text("0")),
        *(Area.valid_from, Area.valid_to),
    )
    found: Select[Any] = select(*columns).join(AreaLevel, AreaLevel.id == Area.level_id)
    return found.where(Area.valid_to <= today, Area.id.in_(areas_in(scope)))


def history(session: Session, scope: Scope, area_id: int) -> list[Event]:
    """What happened to an area: where it lay, since when, by which source; what it came from and became."""
    del scope  # names of areas are public; that the area itself is hers was asked before
    return [Event(*row) for row in session.execute(sql(PACKAGE, "history"), {"area_id": area_id})]


def full_name(kind: str | None, name: str) -> str:
    """The name with its kind, unless the name says it already."""
    return f"{kind} {name}" if kind and not name.lower().startswith(kind.lower()) else name


def in_order(rows: Iterable[Any]) -> list[Place]:
    """As lists show areas: wide before narrow, then in the order of a Vietnamese dictionary."""
    return sorted((Place(*row) for row in rows), key=lambda one: (one.depth, sort_key(one.name)))

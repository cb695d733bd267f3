"""Adding, renaming and closing places by hand."""

from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.scope import Scope, areas_in, require_area
from webmap.areas.errors import (
    AreaClosedError,
    AreaHasBelowError,
    AreaHasHouseholdsError,
    AreaNameTakenError,
    BadDayError,
    WrongLevelError,
)
from webmap.areas.inputs import NewArea
from webmap.areas.models import Area, AreaLevel, AreaParent
from webmap.text import fold, nfc

# What is added by hand below what. Districts are history: nothing new is put between a province and its communes.
BELOW = {"country": "province", "province": "commune", "district": "commune", "commune": "village"}


def add_area(session: Session, scope: Scope, parent_id: int, new: NewArea) -> Area:
    """Add a place one level below another: a commune to a province, a village to a commune.

    It has no boundary until one is imported or drawn, or, a village, until its households give it a hull.
    """
    parent = locked(session, scope, parent_id)
    level = BELOW.get(_level(session, parent))
    if level is None:
        raise WrongLevelError
    name = nfc(new.name)
    require_free_name(session, parent, name)
    since = new.valid_from or clock.today()
    area = Area(
        level_id=session.scalar(select(AreaLevel.id).where(AreaLevel.code == level)),
        code=nfc(new.code) or next_code(session, parent),
        name=name,
        kind=nfc(new.kind) or None,
        valid_from=since,
    )
    session.add(area)
    session.flush()
    session.add(AreaParent(area_id=area.id, parent_id=parent.id, valid_from=since))
    session.flush()
    session.execute(select(func.area_tree_rebuild()))
    session.refresh(area)
    audit.record(session, scope, "add area", "area", area.id, area_id=area.id, name=name)
    return area


def rename(session: Session, scope: Scope, area_id: int, name: str) -> Area:
    """Give a place another name. The same name again changes nothing."""
    area = locked(session, scope, area_id)
    before, after = area.name, nfc(name)
    if before == after:
        return area
    parent = session.get(Area, area.parent_id) if area.parent_id else None
    if parent is not None and fold(before) != fold(after):
        require_free_name(session, parent, after)
    area.name = after
    area.updated_at = clock.now()
    session.flush()
    audit.record(session, scope, "rename area", "area", area.id, area_id=area.id, before=before, after=after)
    return area


def close(session: Session, scope: Scope, area_id: int, valid_to: date) -> Area:
    """End a place on a day. It stays in reports of earlier days; nothing open may be left below it."""
    area = locked(session, scope, area_id)
    if area.valid_to is not None:
        raise AreaClosedError(name=area.name)
    if valid_to <= area.valid_from:
        raise BadDayError(name=area.name, since=area.valid_from.isoformat())
    if session.scalar(select(Area.id).where(Area.parent_id == area_id, Area.valid_to.is_(None)).limit(1)):
        raise AreaHasBelowError(name=area.name)
    if session.scalar(text("select exists (select from household where area_id = :id)"), {"id": area_id}):
        raise AreaHasHouseholdsError(name=area.name)
    area.valid_to = valid_to
    area.updated_at = clock.now()
    session.flush()
    audit.record(session, scope, "close area", "area", area.id, area_id=area.id, valid_to=valid_to)
    return area


def locked(session: Session, scope: Scope, area_id: int) -> Area:
    """An area of the scope, until the end of the transaction nobody else's to change. Any other does not exist."""
    require_area(session, scope, area_id)
    found = session.scalar(
        select(Area).where(Area.id == area_id, Area.id.in_(areas_in(scope))).with_for_update(of=Area)
    )
    assert found is not None  # noqa: S101 - require_area has just seen it, and areas are never deleted
    return found


def _level(session: Session, area: Area) -> str:
    return session.scalars(select(AreaLevel.code).where(AreaLevel.id == area.level_id)).one()


def require_free_name(session: Session, parent: Area, name: str) -> None:
    """AreaNameTakenError when an open area of that name lies directly below already."""
    taken = select(Area.id).where(
        Area.parent_id == parent.id, Area.valid_to.is_(None), func.fold(Area.name) == func.fold(name)
    )
    if session.scalar(taken.limit(1)) is not None:
        raise AreaNameTakenError(name=name, parent=parent.name)


def next_code(session: Session, parent: Area) -> str:
    """The code above and the first free number: the state gives villages no codes."""
    taken = set(session.scalars(select(Area.code).where(Area.code.startswith(parent.code, autoescape=True))))
    return next(code for n in range(1, 10_000) if (code := f"{parent.code}{n:02}") not in taken)

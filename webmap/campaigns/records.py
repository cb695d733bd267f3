"""What is written down of an area beside its register: official figures, meetings, gifts.

A line is taken away when it was wrong, and written anew; the same line twice is one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from webmap import audit
from webmap.accounts.scope import CLOSURE, Scope, require_area
from webmap.campaigns.errors import FigureTakenError, NotYetError
from webmap.campaigns.inputs import NewFigure, NewGift, NewMeeting
from webmap.campaigns.models import Gift, Meeting, OfficialFigure
from webmap.errors import NotFoundError

Record = TypeVar("Record", OfficialFigure, Meeting, Gift)
KINDS = {"figure": OfficialFigure, "meeting": Meeting, "gift": Gift}


def latest_figures(session: Session, scope: Scope, area_id: int) -> dict[str, OfficialFigure]:
    """The newest official figure of each measure."""
    require_area(session, scope, area_id)
    mine = select(OfficialFigure).where(OfficialFigure.area_id == area_id).ext(distinct_on(OfficialFigure.measure))
    newest = mine.order_by(OfficialFigure.measure, OfficialFigure.dated_on.desc())
    return {one.measure: one for one in session.scalars(newest)}


def official_figures(session: Session, scope: Scope, area_id: int) -> Sequence[OfficialFigure]:
    """All official figures of an area, the newest first."""
    require_area(session, scope, area_id)
    mine = select(OfficialFigure).where(OfficialFigure.area_id == area_id)
    return session.scalars(mine.order_by(OfficialFigure.dated_on.desc(), OfficialFigure.measure)).all()


def growth(session: Session, scope: Scope, area_id: int, measure: str, *, since: date, until: date) -> int | None:
    """By how much an official figure grew: its last within a period less its last before; None if one is unknown."""
    require_area(session, scope, area_id)
    mine = select(OfficialFigure.value).where(OfficialFigure.area_id == area_id, OfficialFigure.measure == measure)
    newest = mine.order_by(OfficialFigure.dated_on.desc()).limit(1)
    last = session.scalar(newest.where(OfficialFigure.dated_on.between(since, until)))
    first = session.scalar(newest.where(OfficialFigure.dated_on < since))
    return None if last is None or first is None else last - first


def meetings(session: Session, scope: Scope, area_id: int) -> Sequence[Meeting]:
    """Meetings of an area and of those below it, the newest first."""
    require_area(session, scope, area_id)
    inside = Meeting.area_id.in_(_below(area_id))
    return session.scalars(select(Meeting).where(inside).order_by(Meeting.held_on.desc(), Meeting.id.desc())).all()


def gifts(session: Session, scope: Scope, area_id: int) -> Sequence[Gift]:
    """Gifts in an area and in those below it, the newest first."""
    require_area(session, scope, area_id)
    inside = Gift.area_id.in_(_below(area_id))
    return session.scalars(select(Gift).where(inside).order_by(Gift.given_on.desc(), Gift.id.desc())).all()


def note_figure(session: Session, scope: Scope, area_id: int, given: NewFigure, today: date) -> OfficialFigure:
    """Write an official figure down. The same twice is one; another value for the same day is refused."""
    new = OfficialFigure(area_id=area_id, noted_by=scope.account_id, **given.model_dump())
    same = {"area_id": area_id, "measure": given.measure, "dated_on": given.dated_on}
    _has_come(given.dated_on, today)
    known = _known(session, scope, new, same)
    if known is None:
        return _added(session, scope, new, given.model_dump(mode="json"))
    if known.value != given.value:
        raise FigureTakenError(value=known.value)
    return known


def note_meeting(session: Session, scope: Scope, area_id: int, given: NewMeeting, today: date) -> Meeting:
    """Write a meeting down. The same topic on the same day is one meeting."""
    new = Meeting(area_id=area_id, noted_by=scope.account_id, **given.model_dump())
    same = {"area_id": area_id, "held_on": given.held_on, "topic": given.topic}
    _has_come(given.held_on, today)
    known = _known(session, scope, new, same)
    return known or _added(session, scope, new, given.model_dump(mode="json"))


def note_gift(session: Session, scope: Scope, area_id: int, given: NewGift, today: date) -> Gift:
    """Write gifts of one kind, day and sponsor down, once."""
    new = Gift(area_id=area_id, noted_by=scope.account_id, **given.model_dump())
    same = {"area_id": area_id, "given_on": given.given_on, "what": given.what, "sponsor": given.sponsor}
    _has_come(given.given_on, today)
    known = _known(session, scope, new, same)
    return known or _added(session, scope, new, given.model_dump(mode="json"))


def take_away(session: Session, scope: Scope, area_id: int, kind: str, record_id: int) -> None:
    """Take a line away that was wrong. One that is gone already stays gone; `kind` as in KINDS."""
    require_area(session, scope, area_id)
    table: Any = KINDS.get(kind)
    if table is None:
        raise NotFoundError
    gone = session.scalar(select(table).where(table.id == record_id, table.area_id.in_(_below(area_id))))
    if gone is None:
        return
    facts = {name: str(value) for name, value in vars(gone).items() if name[0] != "_" and name not in {"id", "area_id"}}
    session.delete(gone)
    audit.record(session, scope, "took a line away", table.__tablename__, record_id, area_id=gone.area_id, **facts)


def _below(area_id: int) -> Select[tuple[int]]:
    return select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == area_id)


def _has_come(day: date, today: date) -> None:
    if day > today:
        raise NotYetError


def _known(session: Session, scope: Scope, new: Record, same: dict[str, Any]) -> Record | None:
    """The line that says the same already."""
    require_area(session, scope, new.area_id)
    return session.scalar(select(type(new)).filter_by(**same))


def _added(session: Session, scope: Scope, new: Record, facts: dict[str, Any]) -> Record:
    session.add(new)
    session.flush()
    audit.record(session, scope, "wrote a line", new.__tablename__, new.id, area_id=new.area_id, **facts)
    return new

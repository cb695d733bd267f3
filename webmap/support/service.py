"""Entering what insurance costs and who pays which share of it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap import audit
from webmap.accounts.scope import Scope, require_area
from webmap.errors import N_, InvalidError, NotFoundError
from webmap.households.models import CardCategory
from webmap.support.errors import RateTakenError
from webmap.support.inputs import NewBaseSalary, NewShare
from webmap.support.models import BaseSalary, PremiumShare

UNKNOWN_CATEGORY = N_("Please choose one from the list.")
ENDS_BEFORE = N_("It cannot end before it begins.")


def add_base_salary(session: Session, scope: Scope, given: NewBaseSalary) -> BaseSalary:
    """Enter a base salary. The same one twice is one; another amount from the same day is refused."""
    known = session.get(BaseSalary, given.from_on, with_for_update=True)
    if known is not None:
        if known.amount_dong != given.amount_dong:
            raise RateTakenError(day=f"{given.from_on:%d/%m/%Y}")
        return known
    new = BaseSalary(**given.model_dump())
    session.add(new)
    session.flush()
    audit.record(session, scope, "enter base salary", "base_salary", str(new.from_on), amount_dong=new.amount_dong)
    return new


def remove_base_salary(session: Session, scope: Scope, from_on: date) -> None:
    """Take a base salary away that was entered by mistake. One that is gone already stays gone."""
    known = session.get(BaseSalary, from_on, with_for_update=True)
    if known is None:
        return
    session.delete(known)
    audit.record(session, scope, "remove base salary", "base_salary", str(from_on), amount_dong=known.amount_dong)


def add_share(session: Session, scope: Scope, given: NewShare) -> PremiumShare:
    """Enter what the state, or an area of the scope, pays. The same one twice is one."""
    if given.area_id is not None:
        require_area(session, scope, given.area_id)
    if session.get(CardCategory, given.category) is None:
        raise InvalidError((("category", UNKNOWN_CATEGORY),))
    if given.to_on is not None and given.to_on < given.from_on:
        raise InvalidError((("to_on", ENDS_BEFORE),))
    values = given.model_dump(exclude={"percent"})
    values["state_percent" if given.area_id is None else "local_percent"] = given.percent
    new = PremiumShare(**values)
    known = session.scalar(
        select(PremiumShare)
        .where(PremiumShare.category == new.category, PremiumShare.area_id.is_not_distinct_from(new.area_id))
        .where(PremiumShare.from_on == new.from_on)
    )
    if known is not None:
        if (known.state_percent, known.local_percent, known.to_on) != (new.state_percent, new.local_percent, new.to_on):
            raise RateTakenError(day=f"{given.from_on:%d/%m/%Y}")
        return known
    session.add(new)
    session.flush()
    facts = given.model_dump(mode="json", exclude={"area_id"})
    audit.record(session, scope, "enter premium share", "premium_share", new.id, area_id=given.area_id, **facts)
    return new


def remove_share(session: Session, scope: Scope, share_id: int) -> None:
    """Take a share away that was entered by mistake."""
    known = session.get(PremiumShare, share_id, with_for_update=True)
    if known is None:
        raise NotFoundError
    if known.area_id is not None:
        require_area(session, scope, known.area_id)
    facts = {"category": known.category, "from_on": known.from_on}
    session.delete(known)
    audit.record(session, scope, "remove premium share", "premium_share", share_id, area_id=known.area_id, **facts)

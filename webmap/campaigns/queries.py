"""Reads of campaigns: the one that an area takes part in, its milestones, its classes of colour."""

from datetime import date
from decimal import Decimal

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from webmap.accounts.scope import Scope, require_area
from webmap.areas.models import AreaClosure
from webmap.campaigns.models import Campaign, Milestone
from webmap.campaigns.rules import RATES, goal_of_day

# As in product stories: 95 % makes an advanced new-rural commune, 97 % was Tân Ninh's first milestone.
USUAL_BOUNDS = tuple(map(Decimal, (70, 80, 90, 95, 97)))


def campaign_of(session: Session, scope: Scope, area_id: int, day: date) -> Campaign | None:
    """The campaign that an area takes part in: its own, else the nearest above; one running that day before others.

    A campaign of an area above the scope is told as well: it says nothing of anybody.
    """
    require_area(session, scope, area_id)
    is_running = case((Campaign.starts_on > day, 1), (Campaign.ends_on < day, 1), else_=0)
    return session.scalar(
        select(Campaign)
        .join(AreaClosure, AreaClosure.ancestor_id == Campaign.area_id)
        .where(AreaClosure.descendant_id == area_id)
        .order_by(is_running, AreaClosure.depth, Campaign.starts_on.desc(), Campaign.id.desc())
        .limit(1)
    )


def milestones(session: Session, campaign_id: int) -> list[Milestone]:
    """Milestones of a campaign, in the order of their days."""
    mine = select(Milestone).where(Milestone.campaign_id == campaign_id)
    return list(session.scalars(mine.order_by(Milestone.due_on, Milestone.measure)))


def class_bounds(session: Session, scope: Scope, area_id: int, day: date) -> tuple[Decimal, ...]:
    """Lower bounds of the classes of colour of an area's map, in percent."""
    campaign = campaign_of(session, scope, area_id, day)
    return tuple(campaign.class_bounds) if campaign else USUAL_BOUNDS


def class_percents(session: Session, scope: Scope, area_id: int | None, day: date) -> tuple[float, ...]:
    """The same as drawings take them. Without an area: of the scope's own where it is one, else the usual ones."""
    own = tuple(scope.area_ids)
    shown = area_id or (own[0] if len(own) == 1 else None)
    return tuple(map(float, class_bounds(session, scope, shown, day) if shown else USUAL_BOUNDS))


def goal(session: Session, scope: Scope, area_id: int, day: date) -> Milestone | None:
    """The milestone (of a rate) that the area is measured by on a day."""
    campaign = campaign_of(session, scope, area_id, day)
    return goal_of_day(milestones(session, campaign.id), day, RATES) if campaign else None

"""Setting a campaign's aims."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap import audit
from webmap.accounts.scope import Scope, require_area
from webmap.campaigns.errors import BadBoundsError, BadMilestoneError, BadPeriodError, MilestoneTakenError
from webmap.campaigns.inputs import CampaignWords, NewMilestone
from webmap.campaigns.models import Campaign, Milestone
from webmap.campaigns.rules import HIGHEST_PERCENT, RATES, read_bounds
from webmap.errors import NotFoundError
from webmap.jobs import enqueue


def begin(session: Session, scope: Scope, area_id: int, given: CampaignWords) -> Campaign:
    """Begin a campaign in an area."""
    require_area(session, scope, area_id)
    new = Campaign(area_id=area_id)
    _write(new, given)
    session.add(new)
    session.flush()
    audit.record(session, scope, "begin campaign", "campaign", new.id, area_id=area_id, name=new.name)
    _work_out_again(session, scope, area_id)
    return new


def change(session: Session, scope: Scope, campaign_id: int, given: CampaignWords) -> Campaign:
    """Change name, period, warning or classes of a campaign. Saying the same again changes nothing."""
    campaign = _mine(session, scope, campaign_id)
    before = (campaign.warning_days, campaign.starts_on, campaign.ends_on)
    _write(campaign, given)
    if not session.is_modified(campaign):
        return campaign
    session.flush()
    facts = given.model_dump(mode="json")
    audit.record(session, scope, "change campaign", "campaign", campaign.id, area_id=campaign.area_id, **facts)
    if before != (campaign.warning_days, campaign.starts_on, campaign.ends_on):
        _work_out_again(session, scope, campaign.area_id)
    return campaign


def add_milestone(session: Session, scope: Scope, campaign_id: int, given: NewMilestone) -> Milestone:
    """Add a milestone. The same one twice is one; another value on the same day is refused."""
    campaign = _mine(session, scope, campaign_id)
    if given.starts_on and given.starts_on > given.due_on:
        raise BadPeriodError
    is_rate = given.measure in RATES
    if given.value > HIGHEST_PERCENT if is_rate else given.value != given.value.to_integral_value():
        raise BadMilestoneError
    known = session.scalar(
        select(Milestone).where(
            Milestone.campaign_id == campaign.id,
            Milestone.due_on == given.due_on,
            Milestone.measure == given.measure,
        )
    )
    if known is not None:
        if known.value != given.value:
            raise MilestoneTakenError
        return known
    new = Milestone(campaign_id=campaign.id, **given.model_dump())
    session.add(new)
    session.flush()
    facts = given.model_dump(mode="json")
    audit.record(session, scope, "add milestone", "campaign", campaign.id, area_id=campaign.area_id, **facts)
    return new


def remove_milestone(session: Session, scope: Scope, campaign_id: int, milestone_id: int) -> None:
    """Take a milestone away. One that is gone already stays gone."""
    campaign = _mine(session, scope, campaign_id)
    known = session.scalar(
        select(Milestone).where(Milestone.id == milestone_id, Milestone.campaign_id == campaign.id).with_for_update()
    )
    if known is None:
        return
    facts = {"due_on": known.due_on, "measure": known.measure, "value": known.value}
    session.delete(known)
    audit.record(session, scope, "remove milestone", "campaign", campaign.id, area_id=campaign.area_id, **facts)


def _mine(session: Session, scope: Scope, campaign_id: int) -> Campaign:
    found = session.scalar(select(Campaign).where(Campaign.id == campaign_id).with_for_update())
    if found is None:
        raise NotFoundError
    require_area(session, scope, found.area_id)
    return found


def _write(campaign: Campaign, given: CampaignWords) -> None:
    if given.ends_on < given.starts_on:
        raise BadPeriodError
    bounds = read_bounds(given.class_bounds)
    if bounds is None:
        raise BadBoundsError
    campaign.name = given.name
    campaign.starts_on, campaign.ends_on = given.starts_on, given.ends_on
    campaign.warning_days = given.warning_days
    if [Decimal(bound) for bound in campaign.class_bounds or []] != bounds:
        campaign.class_bounds = bounds


def _work_out_again(session: Session, scope: Scope, area_id: int) -> None:
    """Who is `expiring` depends on the campaign's warning: worked out again in the background."""
    enqueue(session, scope, "coverage of an area", area_id=area_id, below_area_id=area_id)

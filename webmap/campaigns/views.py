"""Campaigns over HTTP: a page to see what an area aims at, and for supervisors to set it."""

from collections.abc import Callable
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from webmap import clock, http
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF, Role
from webmap.accounts.scope import Scope, require_area
from webmap.areas.queries import place
from webmap.campaigns import queries, service
from webmap.campaigns.inputs import CampaignWords, NewMilestone
from webmap.campaigns.rules import goal_of_day
from webmap.coverage.queries import Figures, area_figures
from webmap.database.engine import reading, transaction
from webmap.errors import AppError, NotFoundError

blueprint = Blueprint("campaigns", __name__)


@blueprint.app_template_filter("round_percent")
def round_percent(bound: Decimal) -> str:
    """A bound as people type it: 70, or 92.5."""
    return f"{bound.normalize():f}"


@blueprint.get("/areas/<int:area_id>/campaign")
@allow(*STAFF)
def page(area_id: int) -> ResponseReturnValue:
    """What an area aims at, and how far it is."""
    return _page(area_id)


@blueprint.post("/areas/<int:area_id>/campaign")
@allow(Role.ADMIN, Role.SUPERVISOR)
def begin(area_id: int) -> ResponseReturnValue:
    """Begin a campaign of this area."""
    return _do(area_id, lambda session, scope: service.begin(session, scope, area_id, http.form(CampaignWords)))


@blueprint.post("/areas/<int:area_id>/campaigns/<int:campaign_id>")
@allow(Role.ADMIN, Role.SUPERVISOR)
def change(area_id: int, campaign_id: int) -> ResponseReturnValue:
    """Change a campaign."""
    return _do(area_id, lambda session, scope: service.change(session, scope, campaign_id, http.form(CampaignWords)))


@blueprint.post("/areas/<int:area_id>/campaigns/<int:campaign_id>/milestones")
@allow(Role.ADMIN, Role.SUPERVISOR)
def add_milestone(area_id: int, campaign_id: int) -> ResponseReturnValue:
    """Add a milestone."""
    return _do(
        area_id, lambda session, scope: service.add_milestone(session, scope, campaign_id, http.form(NewMilestone))
    )


@blueprint.post("/areas/<int:area_id>/campaigns/<int:campaign_id>/milestones/<int:milestone_id>/remove")
@allow(Role.ADMIN, Role.SUPERVISOR)
def remove_milestone(area_id: int, campaign_id: int, milestone_id: int) -> ResponseReturnValue:
    """Take a milestone away."""
    return _do(area_id, lambda session, scope: service.remove_milestone(session, scope, campaign_id, milestone_id))


def _do(area_id: int, deed: Callable[[Session, Scope], object]) -> ResponseReturnValue:
    scope = current_scope()
    try:
        with transaction(scope) as session:
            require_area(session, scope, area_id)
            deed(session, scope)
    except NotFoundError:
        raise
    except AppError as error:
        return _page(area_id, error)
    flash(gettext("Saved."), "good")
    return redirect(url_for("campaigns.page", area_id=area_id))


def _page(area_id: int, error: AppError | None = None) -> ResponseReturnValue:
    scope, today = current_scope(), clock.today()
    with reading(scope) as session:
        shown = place(session, scope, area_id)
        campaign = queries.campaign_of(session, scope, area_id, today)
        milestones = queries.milestones(session, campaign.id) if campaign else []
        figures = area_figures(session, scope, [area_id]).get(area_id, Figures())
        is_mine = campaign is not None and _is_mine(session, scope, campaign.area_id)
    problems = dict(getattr(error, "problems", ()))
    told = "" if error is None else gettext(error.text, **{key: str(value) for key, value in error.facts.items()})
    return render_template(
        "campaigns/page.html",
        place=shown,
        campaign=campaign,
        milestones=milestones,
        goal=goal_of_day(milestones, today),
        figures=figures,
        is_mine=is_mine,
        today=today,
        error=told,
        problems=problems,
    ), 200 if error is None else error.status


def _is_mine(session: Session, scope: Scope, area_id: int) -> bool:
    try:
        require_area(session, scope, area_id)
    except NotFoundError:
        return False
    return True

"""How an area comes along (its board), and what is written down of it beside the register."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from webmap import clock, http
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import Scope
from webmap.areas.queries import place
from webmap.campaigns import board as boards
from webmap.campaigns import queries, records
from webmap.campaigns.inputs import NewFigure, NewGift, NewMeeting
from webmap.campaigns.models import Campaign, Milestone
from webmap.campaigns.rules import Pace
from webmap.database.engine import reading, transaction
from webmap.errors import AppError, NotFoundError
from webmap.households.unmatched import count_unmatched

blueprint = Blueprint("board", __name__)

CHART_DAYS = 120


@blueprint.get("/areas/<int:area_id>/board")
@allow(*STAFF)
def board(area_id: int) -> ResponseReturnValue:
    """Rates of the areas below beside each other, the pace, and who was first."""
    scope, today = current_scope(), clock.today()
    with reading(scope) as session:
        shown = place(session, scope, area_id)
        campaign = queries.campaign_of(session, scope, area_id, today)
        goal = queries.goal(session, scope, area_id, today)
        since = _first_day_shown(campaign, today)
        found = boards.board(session, scope, area_id, goal=goal, since=since, today=today)
        denominators = boards.denominators(session, scope, area_id, found.figures)
        said = records.latest_figures(session, scope, area_id)
        counts = boards.counted(session, scope, area_id, campaign, today)
        houses = count_unmatched(session, scope, area_id) if scope.sees_persons else None
    return render_template(
        "campaigns/board.html",
        place=shown,
        campaign=campaign,
        goal=goal,
        board=found,
        denominators=denominators,
        said=said,
        counts=counts,
        houses=houses,
        chart=_chart(found, goal, today) if goal else None,
        today=today,
    )


@blueprint.get("/areas/<int:area_id>/records")
@allow(*STAFF)
def show(area_id: int) -> ResponseReturnValue:
    """What is written down of an area: official figures, meetings, gifts."""
    return _page(area_id)


@blueprint.post("/areas/<int:area_id>/records/figures")
@allow(*STAFF)
def note_figure(area_id: int) -> ResponseReturnValue:
    """Write an official figure down."""
    return _do(
        area_id,
        lambda session, scope: records.note_figure(session, scope, area_id, http.form(NewFigure), clock.today()),
    )


@blueprint.post("/areas/<int:area_id>/records/meetings")
@allow(*STAFF)
def note_meeting(area_id: int) -> ResponseReturnValue:
    """Write a meeting down."""
    return _do(
        area_id,
        lambda session, scope: records.note_meeting(session, scope, area_id, http.form(NewMeeting), clock.today()),
    )


@blueprint.post("/areas/<int:area_id>/records/gifts")
@allow(*STAFF)
def note_gift(area_id: int) -> ResponseReturnValue:
    """Write gifts down."""
    return _do(
        area_id, lambda session, scope: records.note_gift(session, scope, area_id, http.form(NewGift), clock.today())
    )


@blueprint.post("/areas/<int:area_id>/records/<record_kind>/<int:record_id>/remove")
@allow(*STAFF)
def take_away(area_id: int, record_kind: str, record_id: int) -> ResponseReturnValue:
    """Take a wrong line away."""
    return _do(area_id, lambda session, scope: records.take_away(session, scope, area_id, record_kind, record_id))


def _do(area_id: int, deed: Callable[[Session, Scope], object]) -> ResponseReturnValue:
    scope = current_scope()
    try:
        with transaction(scope) as session:
            place(session, scope, area_id)
            deed(session, scope)
    except NotFoundError:
        raise
    except AppError as error:
        return _page(area_id, error)
    flash(gettext("Saved."), "good")
    return redirect(url_for("board.show", area_id=area_id))


def _page(area_id: int, error: AppError | None = None) -> ResponseReturnValue:
    scope, today = current_scope(), clock.today()
    with reading(scope) as session:
        facts = {
            "place": place(session, scope, area_id),
            "figures": records.official_figures(session, scope, area_id),
            "meetings": records.meetings(session, scope, area_id),
            "gifts": records.gifts(session, scope, area_id),
        }
    told = "" if error is None else gettext(error.text, **{key: str(value) for key, value in error.facts.items()})
    problems = dict(getattr(error, "problems", ()))
    page = render_template("campaigns/records.html", today=today, error=told, problems=problems, **facts)
    return page, 200 if error is None else error.status


def _first_day_shown(campaign: Campaign | None, today: date) -> date:
    """The first of the campaign where it has run for a while, else so far back that a course can be seen."""
    if campaign and campaign.starts_on < today - timedelta(days=boards.LOOK_BACK_DAYS):
        return max(campaign.starts_on, today - timedelta(days=CHART_DAYS))
    return today - timedelta(days=CHART_DAYS // 2)


def _chart(found: boards.Board, goal: Milestone, today: date) -> dict[str, Any] | None:
    """What the macro progress_chart draws; None before a day was kept."""
    if not found.days or found.pace is None or not found.figures.registered:
        return None
    now = found.percent(goal)
    actual = [(day, float(percent)) for day, percent in found.days] + [(today, now)]
    target = float(goal.value)
    forecast = _forecast(found.pace, goal, today)
    heights = [percent for _, percent in actual] + [target] + ([forecast[1]] if forecast else [])
    return {
        "title": gettext("Progress towards the goal"),
        "text": gettext(
            "From %(first)s %% to %(last)s %% of the people.", first=round(actual[0][1], 1), last=round(now, 1)
        ),
        "low": max(0.0, min(heights) - 3),
        "high": max(heights) + 3,
        "first_on": actual[0][0],
        "last_on": max(goal.due_on, today),
        "actual": actual,
        "targets": [(goal.due_on, target)] if goal.due_on >= today else [],
        "forecast": forecast,
    }


def _forecast(of: Pace, goal: Milestone, today: date) -> tuple[date, float] | None:
    """Where the pace leads: to the goal if that is in time, else how far by the day it is due."""
    if goal.due_on <= today or of.missing == 0 or of.percent_when_due is None:
        return None
    if of.reached_on is not None and of.reached_on <= goal.due_on:
        return of.reached_on, float(goal.value)
    return goal.due_on, float(of.percent_when_due)

"""Plans over HTTP: choose doors and teams, look at routes on map and table, give them to people, publish, close."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from gis_layers.render.palette import ROUTES
from webmap import http, jobs
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import Role
from webmap.areas.by_date import asked_day, map_days
from webmap.areas.queries import extent
from webmap.database.engine import reading, transaction
from webmap.errors import AppError, InvalidError
from webmap.households import filters
from webmap.households.queries import areas_to_choose, categories
from webmap.planning import queries, service, teams
from webmap.planning.inputs import USUAL_STATUSES, NewPlan, NewTeam, Walkers
from webmap.planning.rules import teams_needed

blueprint = Blueprint("planning", __name__)
PLANNERS = (Role.ADMIN, Role.SUPERVISOR, Role.LEADER)
NOT_FOUND = 404
USUAL = {"teams": "2", "minutes": "180"}
ASIDE = ("areas", "teams", "minutes", "name", "start_lon", "start_lat", "csrf_token")  # fields that are no filter


@blueprint.get("/plans")
@allow(*PLANNERS)
def index() -> ResponseReturnValue:
    """List the plans of one's areas, or of one area by the map of a day (`?area=1&on=2025-06-30`)."""
    scope = current_scope()
    on, area_id = asked_day(request.args.get("on")), request.args.get("area", type=int)
    with reading(scope) as session:
        areas = areas_to_choose(session, scope, "commune", "village")
        return render_template(
            "planning/index.html",
            plans=queries.plans(session, scope, area_id, on),
            chosen=area_id,
            on=on,
            map_days=map_days(session),
            areas_of_day=areas_to_choose(session, scope, "district", "commune", "village", on=on),
            teams=teams.teams(session, scope),
            areas=areas,
            walkers=[] if not areas else queries.walkers_in(session, scope),
        )


@blueprint.post("/teams")
@allow(*PLANNERS)
def add_team() -> ResponseReturnValue:
    """Add a team; what cannot be done is said on the page of plans."""
    scope = current_scope()
    try:
        new = http.form(NewTeam)
        with transaction(scope) as session:
            teams.add_team(session, scope, new)
        flash(gettext("The team is added."), "good")
    except AppError as error:
        if error.status == NOT_FOUND:
            raise
        flash(gettext(error.text, **{key: str(value) for key, value in error.facts.items()}), "bad")
    return redirect(url_for("planning.index"))


@blueprint.get("/plans/new")
@allow(*PLANNERS)
def new() -> ResponseReturnValue:
    """Ask which villages, whom to visit, how many teams. A query of map or list says it: ?area=1&expiring=30."""
    wanted = filters.parse(request.args)
    if wanted.is_empty:
        wanted = replace(wanted, status=USUAL_STATUSES)
    with reading(current_scope()) as session:
        chosen = queries.villages_below(session, request.args.getlist("area", type=int), wanted.on)
    return _form({**USUAL, "areas": chosen}, wanted, {})


@blueprint.post("/plans")
@allow(*PLANNERS)
def add() -> ResponseReturnValue:
    """Put a plan in line, and go where its making is watched."""
    scope = current_scope()
    try:
        wanted = http.form(NewPlan)
        with transaction(scope) as session:
            _, job_id = service.ask_for_plan(session, scope, wanted)
    except InvalidError as error:
        given = {key: request.form.get(key, "") for key in ("teams", "minutes", "name", "start_lon", "start_lat")}
        areas = request.form.getlist("areas", type=int)
        return _form({**given, "areas": areas}, _asked_again(), _problems(error)), error.status
    return redirect(f"/jobs/{job_id}")


def _asked_again() -> filters.HouseholdFilter:
    """The filter of a form that is shown once more; one that cannot be read is left out."""
    try:
        return filters.parse(
            MultiDict((key, value) for key, value in request.form.items(multi=True) if key not in ASIDE)
        )
    except filters.UnknownFilterError:
        return filters.HouseholdFilter()


def _form(values: dict[str, Any], wanted: filters.HouseholdFilter, problems: dict[str, str]) -> str:
    scope = current_scope()
    with reading(scope) as session:
        return render_template(
            "planning/new.html",
            villages=queries.villages(session, scope),
            on=wanted.on,
            map_days=map_days(session),
            areas_of_day=areas_to_choose(session, scope, "district", "commune", on=wanted.on),
            chosen=wanted.area,
            box=extent(session, scope),
            categories=categories(session),
            wanted=wanted,
            values=values,
            problems=problems,
        )


def _problems(error: InvalidError) -> dict[str, str]:
    words = {
        "areas": gettext("Choose at least one village."),
        "teams": gettext("The number of teams is from 1 to 60."),
        "minutes": gettext("The time of a team is from 30 to 600 minutes."),
    }
    if not error.problems:
        return {"": gettext(error.text, **{key: str(value) for key, value in error.facts.items()})}
    return {field: words.get(field.split(".")[0], sentence) for field, sentence in error.problems}


@blueprint.get("/plans/<uuid:plan_id>")
@allow(*PLANNERS)
def show(plan_id: UUID) -> ResponseReturnValue:
    """Show the routes of a plan, their loads, and who walks them."""
    scope = current_scope()
    with reading(scope) as session:
        plan = queries.find_plan(session, scope, plan_id)
        lines = queries.route_lines(session, plan)
        job = jobs.find(session, plan.job_id) if plan.job_id and plan.created_by == scope.account_id else None
        return render_template(
            "planning/plan.html",
            plan=plan,
            asked=NewPlan.model_validate(plan.parameters).asked if plan.parameters else None,
            categories=categories(session),
            job=job,
            lines=lines,
            teams_needed=teams_needed([line.minutes for line in lines], float(plan.parameters.get("minutes", 180))),
            unplaced=queries.unplaced_stops(session, plan),
            walkers=queries.walkers(session, scope, plan.area_id),
            teams={team.id: team for team in teams.teams(session, scope, plan.area_id)},
            route_styles=ROUTES,
        )


@blueprint.get("/plans/<uuid:plan_id>/map.json")
@allow(*PLANNERS)
def drawing(plan_id: UUID) -> ResponseReturnValue:
    """Everything of a plan that its map draws, as GeoJSON."""
    scope = current_scope()
    with reading(scope) as session:
        features = queries.map_features(session, queries.find_plan(session, scope, plan_id))
    lines = [
        {"type": "Feature", "geometry": json.loads(line["geometry"]), "properties": {"number": line["number"]}}
        for line in features["lines"]
    ]
    doors = [
        {
            "type": "Feature",
            "id": door["number"],
            "geometry": {"type": "Point", "coordinates": [door["lon"], door["lat"]]},
            "properties": {key: door[key] for key in ("route", "position", "status", "door_mark")},
        }
        for door in features["doors"]
    ]
    return jsonify(
        lines={"type": "FeatureCollection", "features": lines}, doors={"type": "FeatureCollection", "features": doors}
    )


@blueprint.post("/plans/<uuid:plan_id>/routes/<uuid:route_id>/walkers")
@allow(*PLANNERS)
def assign(plan_id: UUID, route_id: UUID) -> ResponseReturnValue:
    """Give a route to people."""
    walkers = http.form(Walkers)
    scope = current_scope()

    def deed() -> Any:
        with transaction(scope) as session:
            service.assign(session, scope, route_id, walkers)
        return gettext("The route is given.")

    return _done(plan_id, deed)


@blueprint.post("/plans/<uuid:plan_id>/<any(publish, close, again, discard):what>")
@allow(*PLANNERS)
def change(plan_id: UUID, what: str) -> ResponseReturnValue:
    """Publish, close, work out again, or throw away."""
    scope = current_scope()

    def deed() -> Any:
        with transaction(scope) as session:
            if what == "publish":
                service.publish(session, scope, plan_id)
                return gettext("The plan is published. The routes are on the phones of those who walk them.")
            service.close(session, scope, plan_id)
            return gettext("The plan is closed.")

    if what == "again":
        with transaction(scope) as session:
            return redirect(f"/jobs/{service.share_again(session, scope, plan_id)}")
    if what == "discard":
        with transaction(scope) as session:
            service.discard(session, scope, plan_id)
        flash(gettext("The draft is discarded."), "good")
        return redirect(url_for("planning.index"))
    return _done(plan_id, deed)


def _done(plan_id: UUID, deed: Any) -> ResponseReturnValue:
    """Do it, and go back to the plan with a word about it; what cannot be done is said there too."""
    try:
        flash(deed(), "good")
    except AppError as error:
        if error.status == NOT_FOUND:
            raise
        flash(gettext(error.text, **{key: str(value) for key, value in error.facts.items()}), "bad")
    return redirect(url_for("planning.show", plan_id=plan_id))

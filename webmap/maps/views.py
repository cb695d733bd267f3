"""The map over HTTP: the page, its side list, the doors that fit a filter, an operator's basemaps."""

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, current_app, jsonify, make_response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from gis_layers.types import BBox
from webmap import clock
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import Scope
from webmap.areas.by_date import map_days
from webmap.campaigns.queries import class_percents
from webmap.database.engine import reading
from webmap.errors import NotFoundError
from webmap.households.filters import HouseholdFilter, parse, to_query
from webmap.households.queries import areas_to_choose, categories, members_found
from webmap.maps import queries
from webmap.maps.basemaps import basemap_file, basemaps

blueprint = Blueprint("maps", __name__)


@blueprint.get("/map")
@allow(*STAFF)
def page() -> ResponseReturnValue:
    """The whole page; useful without scripts, as the side list and its links are made here."""
    wanted, scope = parse(request.args), current_scope()
    with reading(scope) as session:
        chosen = queries.door(session, scope, id_=_id_of("household")) if request.args.get("household") else None
        placing = queries.door(session, scope, id_=_id_of("placing")) if request.args.get("placing") else None
        box = queries.around_area(session, scope, wanted.area) if wanted.area else None
        return render_template(
            "maps/page.html",
            **_side(session, scope, wanted),
            bounds=_asked_box(request.args.get("within", "")) or box or queries.home(session, scope),
            home=queries.home(session, scope),
            attributions=queries.attributions(session),
            is_invented=queries.is_invented(session),
            chosen=chosen,
            placing=placing,
            basemaps=basemaps(_basemap_folder()),
        )


@blueprint.get("/map/side")
@allow(*STAFF)
def side() -> ResponseReturnValue:
    """The side list and the legend's counts anew, after the filter has changed."""
    wanted, scope = parse(request.args), current_scope()
    with reading(scope) as session:
        answer = make_response(render_template("maps/side.html", **_side(session, scope, wanted)))
    query = urlencode(to_query(wanted))
    answer.headers["HX-Replace-Url"] = f"/map?{query}" if query else "/map"
    return answer


@blueprint.get("/map/sources.json")
@allow(*STAFF)
def sources() -> ResponseReturnValue:
    """Whose work is seen within `west,south,east,north`: to be named on the map."""
    box = _asked_box(request.args.get("bbox", ""))
    if box is None:
        raise NotFoundError
    with reading(current_scope()) as session:
        return jsonify(attributions=queries.attributions_in(session, box))


@blueprint.get("/map/matches.json")
@allow(*STAFF)
def matches() -> ResponseReturnValue:
    """Numbers of the doors that fit the filter, as the features of the household tiles carry them."""
    wanted, scope = parse(request.args), current_scope()
    with reading(scope) as session:
        found = queries.matches(session, scope, wanted, clock.today())
        return jsonify(
            total=found.total,
            placed=found.placed,
            by_status=found.by_status,
            bounds=found.bounds,
            numbers=found.numbers,
            points=[list(point) for point in found.points],
        )


@blueprint.get("/map/doors/<int:number>.json")
@allow(*STAFF)
def door(number: int) -> ResponseReturnValue:
    """The door behind a feature of the household tiles."""
    scope = current_scope()
    with reading(scope) as session:
        found = queries.door(session, scope, number=number)
    if found is None:
        raise NotFoundError
    return jsonify(id=found.id, number=found.number, lon=found.lon, lat=found.lat)


@blueprint.get("/basemaps/<name>.pmtiles")
@allow(*STAFF)
def basemap(name: str) -> ResponseReturnValue:
    """An operator's basemap; the browser asks for ranges of it."""
    file = basemap_file(_basemap_folder(), name)
    answer = send_file(file, mimetype="application/vnd.pmtiles", conditional=True, etag=True)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


def _asked_box(given: str) -> BBox | None:
    """A box of an address, `west,south,east,north`; None for anything else."""
    try:
        west, south, east, north = map(float, given.split(","))
    except ValueError:
        return None
    box = BBox(max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))
    return box if box.west <= box.east and box.south <= box.north else None


def _side(session: Session, scope: Scope, wanted: HouseholdFilter) -> dict[str, Any]:
    """What the side list needs: areas when nothing is asked, else doors."""
    today = clock.today()
    day = _map_day(wanted)
    if day is not None:
        top, branches = queries.branch_on(session, scope, wanted.area, day)
    else:
        top, branches = queries.branch(session, scope, wanted.area)
    is_by_area = wanted == HouseholdFilter(area=wanted.area, on=wanted.on)
    facts: dict[str, Any] = {
        "wanted": wanted,
        "query": urlencode(to_query(wanted)),
        "top": top,
        "branches": branches,
        "areas": areas_to_choose(session, scope, "commune", "village", on=wanted.on),
        "map_days": map_days(session),
        "categories": categories(session),
        "bounds_percent": class_percents(session, scope, top.id if top else None, today),
        "above": queries.above(session, scope, top.id, day) if top else [],
        "sees_persons": scope.sees_persons,
        "doors": [],
        "members": {},
        "found": None,
        "by_status": top.figures.by_status if top else _added(branches),
    }
    is_village = top is not None and not top.has_more
    if scope.sees_persons and (is_village or not (is_by_area or wanted.is_empty)):
        found = queries.matches(session, scope, wanted, today)
        doors = queries.doors(session, scope, wanted, today)
        facts |= {"doors": doors, "found": found, "by_status": found.by_status}
        facts["members"] = members_found(session, doors, wanted.q)
    return facts


def _map_day(wanted: HouseholdFilter) -> date | None:
    """The day whose map is asked for; None for today's."""
    return wanted.on if wanted.on is not None and wanted.on < clock.today() else None


def _added(branches: list[queries.Branch]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in branches:
        for status, many in one.figures.by_status.items():
            total[status] = total.get(status, 0) + many
    return total


def _id_of(name: str) -> UUID:
    try:
        return UUID(request.args[name])
    except ValueError:
        raise NotFoundError from None


def _basemap_folder() -> Path:
    settings = current_app.config["WEBMAP"]
    return Path(settings.basemap_dir or settings.data_dir / "basemaps")

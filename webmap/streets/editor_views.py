"""The map editor over HTTP, what is looked at: an area, one alley, what lies in a box, what does not join."""

from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import shapely
from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from gis_layers.geojson import feature
from gis_layers.routing.tracks import Proposal
from gis_layers.types import BBox
from webmap import clock
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.areas import queries as areas
from webmap.areas.boundary_drawing import boundary_version
from webmap.areas.by_date import way_up_to
from webmap.areas.errors import UNREADABLE, UnusableMapError
from webmap.database.engine import reading
from webmap.errors import AppError, InvalidError
from webmap.ids import uuid7
from webmap.streets import editing_queries, network
from webmap.streets.editing_queries import PAGE, AlleyFilter
from webmap.streets.tracks import proposals_of

blueprint = Blueprint("editor", __name__, url_prefix="/areas/<int:area_id>/edit-map")


@blueprint.get("")
@allow(*STAFF)
def page(area_id: int) -> ResponseReturnValue:
    """The editor of an area; without scripts, the list of its alleys with what can be done in forms."""
    return show_page(area_id)


@blueprint.get("/alleys/<uuid:alley_uuid>")
@allow(*STAFF)
def alley(area_id: int, alley_uuid: UUID) -> ResponseReturnValue:
    """One alley with its forms: a page, or its part for the editor's side."""
    return show_alley(area_id, alley_uuid)


@blueprint.get("/shapes.json")
@allow(*STAFF)
def shapes(area_id: int) -> ResponseReturnValue:
    """What is drawn within a box, to be chosen and snapped to."""
    box, scope = _box(), current_scope()
    with reading(scope) as session:
        areas.place(session, scope, area_id)
        return jsonify(type="FeatureCollection", features=editing_queries.shapes_in(session, box))


@blueprint.get("/outline.json")
@allow(*STAFF)
def outline(area_id: int) -> ResponseReturnValue:
    """The boundary of the area with the version that a new one is sent with."""
    scope = current_scope()
    with reading(scope) as session:
        place = areas.place(session, scope, area_id)
        shape = areas.boundary(session, scope, area_id)
        version = boundary_version(session, area_id)
    about = {"version": version, "name": place.full_name, "boundary_kind": place.boundary_kind}
    return feature(shape, about) if shape is not None else {"type": "Feature", "geometry": None, "properties": about}


@blueprint.get("/gaps")
@allow(*STAFF)
def gaps(area_id: int) -> ResponseReturnValue:
    """The parts of the alleys that do not join, each with its likely missing link."""
    return _gaps(area_id)


@blueprint.post("/tracks")
@allow(*STAFF)
def tracks(area_id: int) -> ResponseReturnValue:
    """What a file of tracks shows and the map does not. Nothing of it is kept."""
    scope, given = current_scope(), request.files.get("file")
    found: list[Proposal] = []
    told = ""
    with reading(scope) as session:
        place = areas.place(session, scope, area_id)
        try:
            found = _proposals(session, area_id, given)
        except UnusableMapError as error:
            reason = UNREADABLE.get(str(error.facts["reason"]), UNREADABLE["damaged"])
            told = gettext(error.text, reason=gettext(reason))
    name = "streets/editor_tracks_list.html" if "HX-Request" in request.headers else "streets/editor_tracks.html"
    shown = {"proposals": found, "error": told, "new_uuid": uuid7, "coordinates_of": _coordinates_of}
    return render_template(name, place=place, **shown), 422 if told else 200


def _proposals(session: Session, area_id: int, given: FileStorage | None) -> list[Proposal]:
    if given is None or not given.filename:
        raise UnusableMapError(reason="missing")
    with TemporaryDirectory(prefix="tracks-") as folder:
        path = Path(folder) / "tracks"
        given.save(path)
        return proposals_of(session, current_scope(), area_id, path)


def _coordinates_of(one: Proposal) -> list[list[float]]:
    return [[round(lon, 7), round(lat, 7)] for lon, lat in one.line.coords]


def show_page(area_id: int, error: AppError | None = None) -> ResponseReturnValue:
    """The page of an area, with what went wrong."""
    scope = current_scope()
    only = request.args.get("only", "")
    wanted = AlleyFilter(request.args.get("q", "").strip()[:100], only, max(request.args.get("page", 1, int), 1))
    with reading(scope) as session:
        place = areas.place(session, scope, area_id)
        shape = areas.boundary(session, scope, area_id)
        lines, total = editing_queries.alleys_of_area(session, area_id, wanted)
        shown: dict[str, Any] = {
            "place": place,
            "above": way_up_to(session, scope, place),
            "bounds": _bounds(session, area_id, shape),
            "alleys": lines,
            "edits": editing_queries.latest_edits(session, area_id),
            "attributions": editing_queries.attributions(session),
        }
    first = PAGE * (wanted.page - 1)
    pager = {"number": wanted.page, "pages": ceil(total / PAGE), "total": total}
    pager |= {"first": min(first + 1, total), "last": first + len(lines)}
    status = 200 if error is None else error.status
    return render_template("streets/editor.html", **shown, wanted=wanted, pager=pager, error=_told(error)), status


def show_alley(area_id: int, alley_uuid: UUID, error: AppError | None = None) -> ResponseReturnValue:
    """One alley with its forms, with what went wrong."""
    scope = current_scope()
    with reading(scope) as session:
        place = areas.place(session, scope, area_id)
        line = editing_queries.alley(session, scope, alley_uuid)
        street = [] if not line.name else session.scalars(editing_queries.pieces_of_street(area_id, line.name)).all()
    name = "streets/editor_alley_card.html" if "HX-Request" in request.headers else "streets/editor_alley.html"
    status = 200 if error is None else error.status
    shown = {"place": place, "alley": line, "pieces": len(street), "today": clock.today()}
    return render_template(name, **shown, error=_told(error)), status


def _gaps(area_id: int) -> ResponseReturnValue:
    scope = current_scope()
    with reading(scope) as session:
        place = areas.place(session, scope, area_id)
        parts = network.network_parts(session, scope, area_id)
    name = "streets/editor_gaps_list.html" if "HX-Request" in request.headers else "streets/editor_gaps.html"
    return render_template(name, place=place, parts=parts, new_uuid=uuid7)


def _bounds(session: Session, area_id: int, shape: Any) -> list[float]:
    """Where the map opens: on the largest piece of the area, or of what lies around it."""
    if shape is not None:
        return list(max(shapely.get_parts(shape), key=lambda part: part.area).bounds)
    return editing_queries.bounds_above(session, area_id)


def _told(error: AppError | None) -> str:
    return "" if error is None else gettext(error.text, **{key: str(value) for key, value in error.facts.items()})


def _box() -> BBox:
    try:
        west, south, east, north = map(float, request.args.get("bbox", "").split(","))
    except ValueError:
        raise InvalidError from None
    return BBox(west, south, east, north)

"""The tree of places over HTTP. Figures come from a later step: the template asks for them by name (`area_figures`)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy.orm import Session

from gis_layers.geojson import feature
from webmap import clock, http
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF, Role
from webmap.areas import by_date, drawing, queries, reform, service
from webmap.areas.inputs import Closing, NewArea, Rename
from webmap.database.engine import reading, transaction
from webmap.errors import AppError, NotFoundError

blueprint = Blueprint("areas", __name__)


@blueprint.app_template_filter("level_label")
def level_label(place: Any) -> str:
    """The level of a place in the reader's language: "Xã, phường, đặc khu"."""
    return str(place.label_vi if str(get_locale()).startswith("vi") else place.label_en)


@blueprint.app_template_filter("day_before")
def day_before(day: date) -> date:
    """The last day on which something that ends on this day still was."""
    return day - timedelta(days=1)


@blueprint.get("/areas")
@allow(*STAFF)
def tree() -> ResponseReturnValue:
    """Show where one's tree begins; or the places that a name fits."""
    words = request.args.get("q", "").strip()[:100]
    scope = current_scope()
    on = by_date.asked_day(request.args.get("on"))
    with reading(scope) as session:
        found = queries.find_places(session, scope, words) if words else []
        ended = by_date.find_ended(session, scope, words) if words else []
        tops = queries.roots(session, scope) if on is None else by_date.roots_on(session, scope, on)
        days = by_date.map_days(session)
    if len(tops) == 1 and not words:
        return redirect(url_for("areas.page", area_id=tops[0].id, on=on))
    return render_template("areas/tree.html", tops=tops, found=found, ended=ended, words=words, on=on, days=days)


@blueprint.get("/areas/<int:area_id>")
@allow(*STAFF)
def page(area_id: int) -> ResponseReturnValue:
    """One place: its figures, what lies below it, where its boundary comes from."""
    return _page(area_id)


@blueprint.get("/areas/<int:area_id>/boundary.geojson")
@allow(*STAFF)
def boundary(area_id: int) -> ResponseReturnValue:
    """The boundary as a file that other programs open."""
    scope = current_scope()
    with reading(scope) as session:
        place = queries.place(session, scope, area_id)
        shape = queries.boundary(session, scope, area_id)
    if shape is None:
        raise NotFoundError
    return feature(shape, {"code": place.code, "name": place.name, "boundary_kind": place.boundary_kind}, key=place.id)


@blueprint.post("/areas/<int:area_id>/below")
@allow(*STAFF)
def add_below(area_id: int) -> ResponseReturnValue:
    """Add a place one level below: a village to a commune."""

    def deed(session: Session) -> str:
        added = service.add_area(session, current_scope(), area_id, http.form(NewArea))
        return str(gettext("%(name)s was added.", name=added.name))

    return _changed(area_id, deed)


@blueprint.post("/areas/<int:area_id>/name")
@allow(Role.ADMIN, Role.SUPERVISOR)
def rename(area_id: int) -> ResponseReturnValue:
    """Give a place another name."""

    def deed(session: Session) -> str:
        service.rename(session, current_scope(), area_id, http.form(Rename).name)
        return str(gettext("Saved."))

    return _changed(area_id, deed)


@blueprint.post("/areas/<int:area_id>/closing")
@allow(Role.ADMIN, Role.SUPERVISOR)
def close(area_id: int) -> ResponseReturnValue:
    """End a place on a day."""

    def deed(session: Session) -> str:
        service.close(session, current_scope(), area_id, http.form(Closing).valid_to)
        return str(gettext("Saved."))

    return _changed(area_id, deed)


def _changed(area_id: int, deed: Callable[[Session], str]) -> ResponseReturnValue:
    """Do it in one transaction and show the place again, with what was done or what was wrong."""
    try:
        with transaction(current_scope()) as session:
            said = deed(session)
    except NotFoundError:
        raise
    except AppError as error:
        return _page(area_id, error)
    flash(said, "good")
    return redirect(url_for("areas.page", area_id=area_id))


def _last_day(place: queries.Place) -> date | None:
    """An area that is no more is shown by the last map it was on."""
    return day_before(place.valid_to) if place.valid_to and place.valid_to <= clock.today() else None


def _page(area_id: int, error: AppError | None = None) -> ResponseReturnValue:
    scope = current_scope()
    with reading(scope) as session:
        place = queries.place(session, scope, area_id)
        on = by_date.asked_day(request.args.get("on")) or _last_day(place)
        below = by_date.below_on(session, scope, area_id, on) if on else queries.below(session, scope, area_id)
        shown: dict[str, Any] = {
            "place": place,
            "on": on,
            "days": by_date.map_days(session),
            "above": by_date.way_up_to(session, scope, place, on),
            "below": below,
            "closed": [] if on else queries.below(session, scope, area_id, closed=True),
            "events": by_date.history(session, scope, area_id),
            "source": queries.source_of(session, scope, area_id),
            "drawing": drawing.of_area(session, scope, area_id, [one.id for one in below]),
            "waiting": 0 if scope.role == Role.LEADER else reform.waiting(session, scope, area_id),
        }
    told = "" if error is None else gettext(error.text, **{key: str(value) for key, value in error.facts.items()})
    return render_template(
        "areas/page.html", **shown, error=told, added_level=service.BELOW.get(place.level)
    ), 200 if error is None else error.status

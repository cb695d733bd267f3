"""Reports over HTTP: files that leave the system, each of them written down in the audit."""

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from webmap import audit, clock
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import Role
from webmap.areas.by_date import asked_day
from webmap.campaigns.queries import class_percents
from webmap.database.engine import transaction
from webmap.maps.queries import around_area, attributions, attributions_in
from webmap.reports import queries
from webmap.text import fold

blueprint = Blueprint("reports", __name__)


@blueprint.get("/areas/<int:area_id>/coverage-map.html")
@allow(Role.ADMIN, Role.SUPERVISOR)
def coverage_map(area_id: int) -> ResponseReturnValue:
    """Hand out the coverage map of an area as one file that needs no network; `?on=`: by the map of that day."""
    from webmap.reports import heatmap  # noqa: PLC0415 - folium is slow to load, and nobody else needs it

    scope = current_scope()
    on = asked_day(request.args.get("on"))
    with transaction(scope) as session:
        found = (
            queries.coverage_map(session, scope, area_id)
            if on is None
            else queries.coverage_map_on(session, scope, area_id, on)
        )
        bounds = class_percents(session, scope, area_id, clock.today())
        box = around_area(session, scope, area_id)
        named = attributions(session) if box is None else attributions_in(session, box)
        said = {} if on is None else {"on": on.isoformat()}
        page = heatmap.page(found, bounds, named)
        audit.record(
            session, scope, "export coverage map", "area", area_id, area_id=area_id, squares=len(found.cells), **said
        )
    answer = make_response(page)
    answer.mimetype = "text/html"
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(found.place.full_name)}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _file_name(place: str) -> str:
    """A file's name that every system takes: ban-do-bao-phu-xa-tan-ninh-2026-05-31.html."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in fold(place))
    return f"ban-do-bao-phu-{plain}-{clock.today().isoformat()}.html"

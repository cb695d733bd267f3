"""Buildings and households beside each other: which buildings have no household, and what people say of them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel, ConfigDict

from webmap import http
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.database.engine import reading, transaction
from webmap.households import queries, unmatched
from webmap.households.pages import blueprint, scope_with_persons
from webmap.streets.rules import Finding


class FindingInput(BaseModel):
    """What stands there, and where in the list it was said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    finding: Finding
    area: int
    page: int = 1
    sort: str = "address"


@blueprint.get("/households/buildings")
@allow(*STAFF)
def buildings() -> ResponseReturnValue:
    """Buildings of an area in which nobody is known to live; without an area, the choice of one."""
    scope = scope_with_persons()
    area_id = request.args.get("area", type=int)
    sort = request.args.get("sort", "address")
    with reading(scope) as session:
        areas = queries.areas_to_choose(session, scope, "commune", "village")
        if area_id is None and areas:
            area_id = areas[0][0]
        counts = page = None
        said: list[unmatched.Said] = []
        if area_id is not None:
            counts = unmatched.count_unmatched(session, scope, area_id)
            number = request.args.get("page", 1, type=int)
            page = unmatched.page_of_unmatched(session, scope, area_id, sort=sort, number=number)
            said = unmatched.findings(session, scope, area_id)
    return render_template(
        "households/buildings.html", areas=areas, area_id=area_id, counts=counts, page=page, said=said, sort=sort
    )


@blueprint.get("/households/buildings/<int:building_id>/card")
@allow(*STAFF)
def building_card(building_id: int) -> ResponseReturnValue:
    """One building without a household, for the map's sheet."""
    scope = scope_with_persons()
    with reading(scope) as session:
        found = unmatched.unmatched_building(session, scope, building_id)
    return render_template("households/_building.html", found=found)


@blueprint.post("/households/buildings/<int:building_id>/finding")
@allow(*STAFF)
def say_of_building(building_id: int) -> ResponseReturnValue:
    """Remember that nobody lives in a building, or that it is a shed, or empty."""
    scope = scope_with_persons()
    given = http.form(FindingInput)
    with transaction(scope) as session:
        unmatched.say_of_building(session, scope, building_id, given.finding)
    flash(gettext("Remembered. It can be taken back below the list."), "good")
    return redirect(url_for("households.buildings", area=given.area, page=given.page, sort=given.sort))


@blueprint.post("/households/buildings/findings/<int:finding_id>/removal")
@allow(*STAFF)
def take_back_finding(finding_id: int) -> ResponseReturnValue:
    """Forget what was said of a building."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        area_id = unmatched.take_back_finding(session, scope, finding_id)
    flash(gettext("Taken back. The building is in the list again."), "good")
    return redirect(url_for("households.buildings", area=request.args.get("area", area_id, type=int)))


@blueprint.get("/households/buildings/<int:building_id>/household")
@allow(*STAFF)
def household_of_building(building_id: int) -> ResponseReturnValue:
    """Make a household here: the page for a new one, with its place filled in."""
    scope = scope_with_persons()
    with reading(scope) as session:
        found = unmatched.unmatched_building(session, scope, building_id)
    known = {
        "area_id": found.area_id,
        "house_number": found.house_number or "",
        "alley_name": found.street or found.alley or "",
        "lon": f"{found.lon:.7f}",
        "lat": f"{found.lat:.7f}",
    }
    return redirect(url_for("households.new_household", **known))

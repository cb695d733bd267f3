"""The review list of addresses over HTTP: one village, ten households a page, candidates on a map and in words."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from pydantic import BaseModel, ConfigDict, Field

from webmap import http
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.database.engine import reading, transaction
from webmap.errors import ConflictError
from webmap.households import address_review, queries
from webmap.households.pages import blueprint, scope_with_persons
from webmap.settings import settings


class DecisionInput(BaseModel):
    """What somebody decided about an address: a candidate as "lon,lat", or "" for none of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: str = Field(default="", pattern=r"^(|-?\d{1,3}(\.\d{1,15})?,-?\d{1,2}(\.\d{1,15})?)$")
    decision: str = Field(pattern="^(accept|not_found)$")
    area: int
    page: int = 1


class VillageInput(BaseModel):
    """Which village a press is about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    area: int


@blueprint.get("/households/addresses")
@allow(*STAFF)
def addresses() -> ResponseReturnValue:
    """Addresses of a village that are not certain enough to be placed unasked."""
    scope = scope_with_persons()
    area_id = request.args.get("area", type=int)
    with reading(scope) as session:
        areas = queries.areas_to_choose(session, scope, "commune", "village")
        if area_id is None and areas:
            area_id = areas[-1][0]
        number = request.args.get("page", 1, type=int)
        found = address_review.review(session, scope, area_id, number) if area_id is not None else None
    certainty = settings().address_certainty
    return render_template("households/addresses.html", areas=areas, area_id=area_id, found=found, certainty=certainty)


@blueprint.post("/households/<uuid:household_id>/address")
@allow(*STAFF)
def decide_address(household_id: UUID) -> ResponseReturnValue:
    """Accept a candidate, or say that the address was not found."""
    scope = scope_with_persons()
    given = http.form(DecisionInput)
    back = redirect(url_for("households.addresses", area=given.area, page=given.page) + "#list")
    if given.decision == "accept" and not given.place:
        flash(gettext("Choose one of the places first."), "bad")
        return back
    try:
        with transaction(scope) as session:
            if given.decision == "accept":
                lon, lat = map(float, given.place.split(","))
                address_review.accept(session, scope, household_id, lon, lat)
            else:
                address_review.not_found(session, scope, household_id)
    except ConflictError as error:
        flash(gettext(error.text), "bad")
    else:
        said = gettext("The house has its place.") if given.decision == "accept" else gettext("Remembered: not found.")
        flash(said, "good")
    return back


@blueprint.post("/households/addresses/certain")
@allow(*STAFF)
def place_certain_addresses() -> ResponseReturnValue:
    """Place all of a village whose address is certain by now."""
    scope = scope_with_persons()
    given = http.form(VillageInput)
    with transaction(scope) as session:
        many = address_review.place_certain(session, scope, given.area)
    flash(ngettext("%(num)s household was placed.", "%(num)s households were placed.", many), "good")
    return redirect(url_for("households.addresses", area=given.area))


@blueprint.post("/households/addresses/again")
@allow(*STAFF)
def look_again_for_addresses() -> ResponseReturnValue:
    """Put the addresses that were not found back on the list."""
    scope = scope_with_persons()
    given = http.form(VillageInput)
    with transaction(scope) as session:
        many = address_review.look_again(session, scope, given.area)
    flash(ngettext("%(num)s address is on the list again.", "%(num)s addresses are on the list again.", many), "good")
    return redirect(url_for("households.addresses", area=given.area))

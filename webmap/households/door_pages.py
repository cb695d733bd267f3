"""One household: its page, its card on the map, and changes by hand."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webmap import clock, http
from webmap.accounts.current import current_scope
from webmap.accounts.gate import allow
from webmap.accounts.rules import EVERYBODY, STAFF
from webmap.database.engine import reading, transaction
from webmap.households import queries, service
from webmap.households.coverage_of import card_state
from webmap.households.errors import PersonNotFoundError
from webmap.households.inputs import CardInput, ContactInput, HouseholdInput, PersonInput, PlaceInput
from webmap.households.pages import blueprint, scope_with_persons
from webmap.households.reading_forms import FormError
from webmap.households.sentences import problems_by_field


def _household_page(
    household_id: UUID, problems: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    scope = current_scope()
    with reading(scope) as session:
        found = queries.household_card(session, scope, household_id)
        bounds = queries.bounds_around(session, found.household.area_id)
    page = render_template(
        "households/household.html",
        found=found,
        bounds=bounds,
        today=clock.today(),
        card_state=card_state,
        problems=problems or {},
        given=request.form,
        has_premiums="premiums.quote" in current_app.view_functions,
        has_visits="visits.household_history" in current_app.view_functions,
    )
    return page, status


@blueprint.get("/households/<uuid:household_id>")
@allow(*EVERYBODY)
def household(household_id: UUID) -> ResponseReturnValue:
    """Everything behind one door."""
    return _household_page(household_id)


@blueprint.get("/households/<uuid:household_id>/card")
@allow(*EVERYBODY)
def card(household_id: UUID) -> ResponseReturnValue:
    """The same in short, for the map's sheet."""
    scope = current_scope()
    with reading(scope) as session:
        found = queries.household_card(session, scope, household_id)
    return render_template("households/_card.html", found=found, today=clock.today(), card_state=card_state)


@blueprint.get("/households/by-number/<int:number>")
@allow(*EVERYBODY)
def by_number(number: int) -> ResponseReturnValue:
    """From the number on a map tile to the page, or to the card for htmx and the map (`?card=1`)."""
    scope = current_scope()
    with reading(scope) as session:
        household_id = queries.id_by_number(session, scope, number)
    view = "households.card" if request.args.get("card") else "households.household"
    return redirect(url_for(view, household_id=household_id))


@blueprint.post("/households/<uuid:household_id>")
@allow(*STAFF)
def change(household_id: UUID) -> ResponseReturnValue:
    """Keep phone, address and note."""
    scope = scope_with_persons()
    try:
        given = http.form(ContactInput)
        with transaction(scope) as session:
            service.change_contact(session, scope, household_id, given)
    except FormError as error:
        return _household_page(household_id, problems_by_field(error.troubles), error.status)
    flash(gettext("Saved."), "good")
    return redirect(url_for("households.household", household_id=household_id))


@blueprint.post("/households/<uuid:household_id>/place")
@allow(*STAFF)
def place_by_form(household_id: UUID) -> ResponseReturnValue:
    """Place a house by its coordinates, without the map."""
    scope = scope_with_persons()
    given = http.form(PlaceInput)
    with transaction(scope) as session:
        service.place_household(session, scope, household_id, given.lon, given.lat)
    flash(gettext("The house has its place."), "good")
    return redirect(url_for("households.household", household_id=household_id))


@blueprint.put("/api/households/<uuid:household_id>/place")
@allow(*STAFF)
def place(household_id: UUID) -> ResponseReturnValue:
    """Place or move a house by a tap on the map."""
    scope = scope_with_persons()
    given = http.body(PlaceInput)
    with transaction(scope) as session:
        placed = service.place_household(
            session, scope, household_id, given.lon, given.lat, accuracy_metres=given.accuracy_metres
        )
        return jsonify(
            id=str(placed.id), number=placed.number, lon=given.lon, lat=given.lat, place_source=placed.place_source
        )


@blueprint.route("/households/new", methods=["GET", "POST"])
@allow(*STAFF)
def new_household() -> ResponseReturnValue:
    """Add a house that nobody had listed."""
    scope = scope_with_persons()
    problems: dict[str, str] = {}
    if request.method == "POST":
        given = http.form(HouseholdInput)
        try:
            with transaction(scope) as session:
                added = service.add_household(session, scope, given)
        except FormError as error:
            problems = problems_by_field(error.troubles)
        else:
            return redirect(url_for("households.household", household_id=added.id))
    with reading(scope) as session:
        areas = queries.areas_to_choose(session, scope, "village", "commune")
    page = render_template("households/new.html", areas=areas, problems=problems, given=request.form or request.args)
    return page, 422 if problems else 200


@blueprint.route("/households/<uuid:household_id>/people/new", methods=["GET", "POST"])
@allow(*STAFF)
def new_person(household_id: UUID) -> ResponseReturnValue:
    """Add a member."""
    return _person_form(household_id, None)


@blueprint.route("/households/<uuid:household_id>/people/<uuid:person_id>", methods=["GET", "POST"])
@allow(*STAFF)
def person(household_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Change a member, and see the cards."""
    return _person_form(household_id, person_id)


def _person_form(household_id: UUID, person_id: UUID | None) -> ResponseReturnValue:
    scope = scope_with_persons()
    problems: dict[str, str] = {}
    if request.method == "POST":
        given = http.form(PersonInput)
        try:
            with transaction(scope) as session:
                if person_id is None:
                    service.add_person(session, scope, household_id, given)
                else:
                    service.change_person(session, scope, household_id, person_id, given)
        except FormError as error:
            problems = problems_by_field(error.troubles)
        else:
            flash(gettext("Saved."), "good")
            return redirect(url_for("households.household", household_id=household_id))
    return _person_page(household_id, person_id, problems)


def _person_page(
    household_id: UUID, person_id: UUID | None, problems: dict[str, str], card_problems: dict[str, str] | None = None
) -> ResponseReturnValue:
    scope = current_scope()
    with reading(scope) as session:
        found = queries.household_card(session, scope, household_id)
        categories = [(one.code, f"{one.code} · {queries.category_name(one)}") for one in queries.categories(session)]
    member: Any = next(((one, cards) for one, cards in found.people if one.id == person_id), None)
    if person_id is not None and member is None:
        raise PersonNotFoundError
    one, cards = member or (None, [])
    page = render_template(
        "households/person.html",
        found=found,
        person=one,
        cards=cards,
        categories=categories,
        today=clock.today(),
        card_state=card_state,
        problems=problems,
        card_problems=card_problems or {},
        given=request.form,
    )
    return page, 422 if problems or card_problems else 200


@blueprint.post("/households/<uuid:household_id>/people/<uuid:person_id>/cards")
@allow(*STAFF)
def new_card(household_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Add a card that somebody showed."""
    scope = scope_with_persons()
    given = http.form(CardInput)
    try:
        with transaction(scope) as session:
            service.add_card(session, scope, household_id, person_id, given)
    except FormError as error:
        return _person_page(household_id, person_id, {}, problems_by_field(error.troubles))
    flash(gettext("The card was added."), "good")
    return redirect(url_for("households.person", household_id=household_id, person_id=person_id))


@blueprint.post("/households/<uuid:household_id>/people/<uuid:person_id>/cards/<uuid:card_id>/drop")
@allow(*STAFF)
def drop_card(household_id: UUID, person_id: UUID, card_id: UUID) -> ResponseReturnValue:
    """Take a card away that was entered by hand and by mistake."""
    scope = scope_with_persons()
    with transaction(scope) as session:
        service.drop_card(session, scope, household_id, person_id, card_id)
    flash(gettext("The card was removed."), "good")
    return redirect(url_for("households.person", household_id=household_id, person_id=person_id))

"""Donations over HTTP: what sponsors gave, whom it could reach, confirming, giving out, receipts to print."""

from datetime import date
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from webmap import clock, http
from webmap.accounts.gate import allow
from webmap.accounts.rules import STAFF
from webmap.accounts.scope import Scope
from webmap.database.engine import reading
from webmap.errors import AppError
from webmap.households.pages import scope_with_persons
from webmap.households.queries import areas_to_choose
from webmap.support import donation_queries as queries
from webmap.support import donations as service
from webmap.support.errors import BadDayError
from webmap.support.inputs import Confirmation, GivingOut, NewDonation, Withdrawal
from webmap.support.pages import do, dong, told
from webmap.support.rules import MONTHS

blueprint = Blueprint("donations", __name__)


@blueprint.get("/donations")
@allow(*STAFF)
def index() -> ResponseReturnValue:
    """What was given, what is left, who waits."""
    return _index()


@blueprint.post("/donations")
@allow(*STAFF)
def add() -> ResponseReturnValue:
    """Write a donation down."""

    def deed(session: Session, scope: Scope) -> None:
        service.add_donation(session, scope, http.form(NewDonation))

    return do(deed, url_for("donations.index"), _index)


def _index(error: AppError | None = None) -> ResponseReturnValue:
    scope = scope_with_persons()
    with reading(scope) as session:
        held = queries.ledgers(session, scope)
        waiting = queries.waiting(session, scope)
        areas = [(id_, name) for id_, name, _depth in areas_to_choose(session, scope)]
    said, problems = told(error)
    page = render_template(
        "support/donations.html",
        ledgers=held,
        waiting=waiting,
        areas=areas,
        months=MONTHS,
        sponsors=sorted({one.sponsor.name for one in held}),
        today=clock.today(),
        error=said,
        problems=problems,
        given=request.form,
    )
    return page, 200 if error is None else error.status


@blueprint.get("/donations/<int:donation_id>")
@allow(*STAFF)
def page(donation_id: int) -> ResponseReturnValue:
    """One donation: its books, who has received, who could."""
    return _page(donation_id)


def _page(donation_id: int, error: AppError | None = None) -> ResponseReturnValue:
    scope = scope_with_persons()
    from_on = _day(request.values.get("from_on"))
    with reading(scope) as session:
        held = queries.ledger(session, scope, donation_id)
        rows = queries.allotted(session, donation_id)
        proposed = queries.proposals(session, scope, held, from_on)
    said, problems = told(error)
    page = render_template(
        "support/donation.html",
        held=held,
        rows=rows,
        proposals=proposed,
        from_on=from_on,
        today=clock.today(),
        error=said,
        problems=problems,
    )
    return page, 200 if error is None else error.status


def _day(given: str | None) -> date:
    """The day from which cards shall hold; today when none is said."""
    try:
        return date.fromisoformat(given) if given else clock.today()
    except ValueError as error:
        raise BadDayError from error


@blueprint.post("/donations/<int:donation_id>/remove")
@allow(*STAFF)
def remove(donation_id: int) -> ResponseReturnValue:
    """Take a donation away that was entered by mistake."""

    def deed(session: Session, scope: Scope) -> None:
        service.remove_donation(session, scope, donation_id)

    return do(deed, url_for("donations.index"), lambda error: _page(donation_id, error))


@blueprint.post("/donations/<int:donation_id>/receivers")
@allow(*STAFF)
def confirm(donation_id: int) -> ResponseReturnValue:
    """Reserve cards for the people ticked."""

    def deed(session: Session, scope: Scope) -> str:
        many = service.confirm(session, scope, donation_id, http.form(Confirmation))
        return str(ngettext("%(num)s receiver was confirmed.", "%(num)s receivers were confirmed.", many))

    then = url_for("donations.page", donation_id=donation_id)
    return do(deed, then, lambda error: _page(donation_id, error))


@blueprint.post("/donations/<int:donation_id>/giving")
@allow(*STAFF)
def give_out(donation_id: int) -> ResponseReturnValue:
    """Note that the cards ticked were given out."""

    def deed(session: Session, scope: Scope) -> str:
        many = service.give_out(session, scope, donation_id, http.form(GivingOut))
        return str(ngettext("%(num)s card was given out.", "%(num)s cards were given out.", many))

    then = url_for("donations.page", donation_id=donation_id)
    return do(deed, then, lambda error: _page(donation_id, error))


@blueprint.post("/donations/<int:donation_id>/cards/<uuid:allocation_id>/withdraw")
@allow(*STAFF)
def withdraw(donation_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Take a card back; its money is there again."""

    def deed(session: Session, scope: Scope) -> str:
        service.withdraw(session, scope, donation_id, allocation_id, http.form(Withdrawal).why)
        return str(gettext("The card was withdrawn."))

    then = url_for("donations.page", donation_id=donation_id)
    return do(deed, then, lambda error: _page(donation_id, error))


@blueprint.get("/donations/<int:donation_id>/receipts")
@allow(*STAFF)
def receipts(donation_id: int) -> ResponseReturnValue:
    """Receipts of the cards given out, to print: all, or one (`?number=`)."""
    scope = scope_with_persons()
    number = request.args.get("number", type=int)
    with reading(scope) as session:
        held = queries.ledger(session, scope, donation_id)
        rows = [row for row in queries.allotted(session, donation_id) if row.Allocation.state == "given"]
    chosen = [row for row in rows if number is None or row.Allocation.number == number]
    return render_template("support/receipts.html", held=held, rows=chosen, dong=dong)

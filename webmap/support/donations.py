"""Writing donations down, confirming who receives, giving out, withdrawing. The database holds every ledger as well."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.scope import Scope, require_area
from webmap.errors import NotFoundError
from webmap.ids import uuid7
from webmap.support import rules
from webmap.support.donation_queries import candidates, prices
from webmap.support.errors import (
    BadDayError,
    DonationInUseError,
    DonationSpentError,
    GiftTwiceError,
    GivenOutError,
    ReceiverUnfitError,
)
from webmap.support.inputs import Confirmation, GivingOut, NewDonation
from webmap.support.models import Allocation, Donation, Sponsor
from webmap.support.rules import AllocationState


def add_donation(session: Session, scope: Scope, given: NewDonation) -> Donation:
    """Write a donation down; its sponsor too, when nobody of that name is known in the area."""
    require_area(session, scope, given.area_id)
    if given.received_on > clock.today():
        raise BadDayError((("received_on", BadDayError.text),))
    mine = select(Sponsor).where(Sponsor.area_id == given.area_id, Sponsor.name == given.sponsor)
    sponsor = session.scalar(mine)
    if sponsor is None:
        sponsor = Sponsor(area_id=given.area_id, name=given.sponsor, phone=given.phone)
        session.add(sponsor)
        session.flush()
    values = given.model_dump(exclude={"sponsor", "phone"})
    new = Donation(sponsor_id=sponsor.id, created_by=scope.account_id, **values)
    session.add(new)
    session.flush()
    facts = given.model_dump(mode="json", include={"amount_dong", "cards", "months", "receivers"})
    audit.record(session, scope, "enter donation", "donation", new.id, area_id=new.area_id, **facts)
    return new


def remove_donation(session: Session, scope: Scope, donation_id: int) -> None:
    """Take a donation away that was entered by mistake. Raises DonationInUseError once cards were confirmed."""
    donation = _mine(session, scope, donation_id)
    if session.scalar(select(Allocation.id).where(Allocation.donation_id == donation.id).limit(1)):
        raise DonationInUseError
    session.delete(donation)
    audit.record(session, scope, "remove donation", "donation", donation_id, area_id=donation.area_id)


def confirm(session: Session, scope: Scope, donation_id: int, given: Confirmation) -> int:
    """Reserve a card for each of these people; say for how many. Who has one of this donation already keeps it.

    Prices are worked out here and never taken from a page. Raises ReceiverUnfitError, GiftTwiceError,
    DonationSpentError.
    """
    donation = _mine(session, scope, donation_id)
    to_on = rules.last_day(given.from_on, donation.months)
    wanted = sorted(set(given.persons) - _holders(session, donation, given))
    rows = candidates(session, scope, donation, given.from_on, wanted)
    priced = prices(session, donation, rows, given.from_on)
    if len(priced) != len(wanted):
        twice = any(session.scalar(select(func.has_gift(one, given.from_on, to_on))) for one in wanted)
        raise GiftTwiceError if twice else ReceiverUnfitError
    for row, _category, amount in sorted(priced, key=lambda one: one[0].id):
        session.add(
            Allocation(
                id=uuid7(), donation_id=donation.id, person_id=row.id, from_on=given.from_on, to_on=to_on,
                amount_dong=amount, state=AllocationState.CONFIRMED.value, confirmed_by=scope.account_id,
            )
        )  # fmt: skip
    _flush(session)
    if priced:
        facts = {"cards": len(priced), "amount_dong": sum(amount for *_, amount in priced)}
        audit.record(session, scope, "confirm receivers", "donation", donation.id, area_id=donation.area_id, **facts)
    return len(priced)


def _holders(session: Session, donation: Donation, given: Confirmation) -> set[UUID]:
    """Who has a card of this donation from that day already: sent twice, it is one."""
    mine = select(Allocation.person_id).where(
        Allocation.donation_id == donation.id,
        Allocation.state != AllocationState.WITHDRAWN,
        Allocation.from_on == given.from_on,
    )
    return set(session.scalars(mine))


def _flush(session: Session) -> None:
    """Write, and say in our words what the database refuses when two people write at the same time."""
    try:
        session.flush()
    except IntegrityError as error:
        named = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if named == "donation_holds":
            raise DonationSpentError from error
        if named == "allocation_once":
            raise GiftTwiceError from error
        raise


def give_out(session: Session, scope: Scope, donation_id: int, given: GivingOut) -> int:
    """Note that cards were given out, each with the next number of the donation's receipts. Twice is once."""
    donation = _mine(session, scope, donation_id)
    if not donation.received_on <= given.given_on <= clock.today():
        raise BadDayError((("given_on", BadDayError.text),))
    cards = _cards(session, donation, given.allocations)
    if any(card.state == AllocationState.WITHDRAWN for card in cards):
        raise GivenOutError
    newly = [card for card in cards if card.state == AllocationState.CONFIRMED]
    last = session.scalar(select(func.max(Allocation.number)).where(Allocation.donation_id == donation.id)) or 0
    for number, card in enumerate(newly, last + 1):
        card.state, card.number = AllocationState.GIVEN.value, number
        card.given_on, card.given_by = given.given_on, scope.account_id
    _flush(session)
    if newly:
        facts = {"cards": len(newly), "given_on": given.given_on}
        audit.record(session, scope, "give out cards", "donation", donation.id, area_id=donation.area_id, **facts)
    return len(newly)


def withdraw(session: Session, scope: Scope, donation_id: int, allocation_id: UUID, why: str) -> None:
    """Take a card back: its money returns to the donation, its line and its receipt's number stay in the books."""
    donation = _mine(session, scope, donation_id)
    [card] = _cards(session, donation, [allocation_id])
    if card.state == AllocationState.WITHDRAWN:
        return
    card.state, card.withdrawn_why = AllocationState.WITHDRAWN.value, why
    card.withdrawn_at, card.withdrawn_by = clock.now(), scope.account_id
    session.flush()
    facts = {"amount_dong": card.amount_dong, "number": card.number}
    audit.record(session, scope, "withdraw card", "donation", donation.id, area_id=donation.area_id, **facts)


def _cards(session: Session, donation: Donation, ids: Sequence[UUID]) -> list[Allocation]:
    """Cards of a donation, each once, in the order asked for. Any other does not exist."""
    wanted = select(Allocation).where(Allocation.donation_id == donation.id, Allocation.id.in_(ids)).with_for_update()
    known = {card.id: card for card in session.scalars(wanted)}
    if set(ids) - known.keys():
        raise NotFoundError
    return [known[one] for one in dict.fromkeys(ids)]


def _mine(session: Session, scope: Scope, donation_id: int) -> Donation:
    """The donation, locked: whoever writes on its ledger waits for the other."""
    found = session.scalar(select(Donation).where(Donation.id == donation_id).with_for_update())
    if found is None:
        raise NotFoundError
    require_area(session, scope, found.area_id)
    return found

"""Reads of donations: what is left of each, who could receive, who has received."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, extract, func, select
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.scope import CLOSURE, Scope, areas_in
from webmap.areas.models import Area
from webmap.database.sql_files import sql
from webmap.errors import NotFoundError
from webmap.households.models import Card, Household, Person
from webmap.support import rules
from webmap.support.models import Allocation, Donation, Sponsor
from webmap.support.premiums import base_salary_on, shares_on
from webmap.support.rules import AllocationState

# Shown beyond those whom the donation reaches, for a leader to choose from.
BEYOND = 20
MOST = 2000


@dataclass(frozen=True, slots=True)
class Ledger:
    """What became of a donation. Amount = given + confirmed + left, always."""

    donation: Donation
    sponsor: Sponsor
    area: str
    given_dong: int
    confirmed_dong: int
    given: int
    confirmed: int

    @property
    def used(self) -> int:
        """Cards that are spoken for."""
        return self.given + self.confirmed

    @property
    def used_dong(self) -> int:
        """Money that is spoken for."""
        return self.given_dong + self.confirmed_dong

    @property
    def left_dong(self) -> int | None:
        """Money that is left; None when only cards were given."""
        amount = self.donation.amount_dong
        return None if amount is None else amount - self.used_dong

    @property
    def left_cards(self) -> int | None:
        """Cards that are left; None when only money was given."""
        return None if self.donation.cards is None else self.donation.cards - self.used


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who may receive a card, what it costs, and whether the donation reaches so far."""

    row: Row[Any]
    category: str
    amount_dong: int
    is_reached: bool


def ledgers(session: Session, scope: Scope, donation_id: int | None = None) -> list[Ledger]:
    """The donations of a scope with what is left of each, the newest first."""
    state, amount = Allocation.state, Allocation.amount_dong
    given, confirmed = state == AllocationState.GIVEN, state == AllocationState.CONFIRMED
    wanted = (
        select(
            Donation, Sponsor, Area.name,
            func.coalesce(func.sum(amount).filter(given), 0), func.coalesce(func.sum(amount).filter(confirmed), 0),
            func.count(Allocation.id).filter(given), func.count(Allocation.id).filter(confirmed),
        )
        .join(Sponsor, Sponsor.id == Donation.sponsor_id)
        .join(Area, Area.id == Donation.area_id)
        .outerjoin(Allocation, Allocation.donation_id == Donation.id)
        .where(Donation.area_id.in_(areas_in(scope)))
        .group_by(Donation.id, Sponsor.id, Area.id)
        .order_by(Donation.received_on.desc(), Donation.id.desc())
    )  # fmt: skip
    if donation_id is not None:
        wanted = wanted.where(Donation.id == donation_id)
    return [
        Ledger(donation, sponsor, area, int(given_dong), int(confirmed_dong), given_cards, confirmed_cards)
        for donation, sponsor, area, given_dong, confirmed_dong, given_cards, confirmed_cards in session.execute(wanted)
    ]


def ledger(session: Session, scope: Scope, donation_id: int) -> Ledger:
    """One donation of the scope; any other does not exist."""
    found = ledgers(session, scope, donation_id)
    if not found:
        raise NotFoundError
    return found[0]


def proposals(session: Session, scope: Scope, held: Ledger, from_on: date) -> list[Proposal]:
    """Who would receive, in the sponsor's order: as many as the donation reaches, and some beyond."""
    rows = candidates(session, scope, held.donation, from_on)
    priced = prices(session, held.donation, rows, from_on)
    left_dong, left_cards = held.left_dong, held.left_cards
    found: list[Proposal] = []
    beyond = 0
    for row, category, amount in priced:
        is_reached = (left_cards is None or left_cards > 0) and (left_dong is None or left_dong >= amount)
        if is_reached:
            left_cards = None if left_cards is None else left_cards - 1
            left_dong = None if left_dong is None else left_dong - amount
        beyond += not is_reached
        if beyond > BEYOND:
            break
        found.append(Proposal(row, category, amount, is_reached))
    return found


def candidates(
    session: Session, scope: Scope, donation: Donation, from_on: date, only: Sequence[UUID] | None = None
) -> list[Row[Any]]:
    """Who may receive by the sponsor's rules, in their order. `only`: of these."""
    facts = {
        "areas": sorted(session.scalars(_areas_of(scope, donation.area_id))),
        "day": from_on,
        "from_on": from_on,
        "to_on": rules.last_day(from_on, donation.months),
        "receivers": donation.receivers,
        "age_from": donation.age_from,
        "age_to": donation.age_to,
        "age_is_first": donation.age_is_first,
        "hardship_first": donation.hardship_first,
        "only": None if only is None else list(only),
        "most": MOST,
    }
    return list(session.execute(sql(__package__, "receivers"), facts))


def _areas_of(scope: Scope, area_id: int) -> Select[int]:
    below = CLOSURE.alias("below")
    inside = select(below.c.descendant_id).where(below.c.ancestor_id == area_id)
    return areas_in(scope).where(CLOSURE.c.descendant_id.in_(inside)).distinct()


def prices(
    session: Session, donation: Donation, rows: Sequence[Row[Any]], from_on: date
) -> list[tuple[Row[Any], str, int]]:
    """What each card costs: as the family would pay. Free ones are left out."""
    base = base_salary_on(session, from_on)
    joined = _joined(session, [row.household_id for row in rows], from_on)
    shares = {area_id: shares_on(session, area_id, from_on) for area_id in {row.area_id for row in rows}}
    found = []
    for row in rows:
        last = (row.last_category, row.last_group) if row.last_category else None
        category = rules.likely_category(row.years, row.reason_group, last)
        [line] = rules.quote(
            [(row.id, category)], joined[row.household_id], base.amount_dong, donation.months, shares[row.area_id]
        )
        if line.to_pay_dong == 0:
            continue  # the state pays all of it: no case for a sponsor
        joined[row.household_id] += line.step is not None
        found.append((row, category, line.to_pay_dong))
    return found


def _joined(session: Session, household_ids: Sequence[UUID], day: date) -> Counter[UUID]:
    """How many of each household have joined the household plan this year, by a card or by a gift not listed yet."""
    begun = extract("year", Card.valid_from) == day.year
    carded = select(Person.household_id, Person.id).join(Card, Card.person_id == Person.id)
    carded = carded.where(Card.category == rules.BY_STEPS, begun, Card.valid_from <= day)
    carded = carded.where((Card.valid_to.is_(None)) | (Card.valid_to >= day))
    gifted = select(Person.household_id, Person.id).join(Allocation, Allocation.person_id == Person.id)
    gifted = gifted.where(Allocation.state != AllocationState.WITHDRAWN, Allocation.to_on >= day)
    gifted = gifted.where(extract("year", Allocation.from_on) == day.year)
    mine = Person.household_id.in_(set(household_ids))
    pairs = {(row[0], row[1]) for wanted in (carded, gifted) for row in session.execute(wanted.where(mine))}
    return Counter(household_id for household_id, _person in pairs)


def allotted(session: Session, donation_id: int) -> list[Row[Any]]:
    """Cards of a donation with whom they are for: confirmed, given, withdrawn. Who moved away is not named."""
    order = func.array_position([state.value for state in AllocationState], Allocation.state)
    return list(
        session.execute(
            select(Allocation, Person.full_name, Person.birth_on, Person.birth_year, Household.id, Household.code,
                   Household.head_name, Area.name.label("village"))
            .outerjoin(Person, Person.id == Allocation.person_id)
            .outerjoin(Household, Household.id == Person.household_id)
            .outerjoin(Area, Area.id == Household.area_id)
            .where(Allocation.donation_id == donation_id)
            .order_by(order, Allocation.number, Area.name, Household.code, Allocation.id)
        )
    )  # fmt: skip


def waiting(session: Session, scope: Scope) -> int:
    """How many people of the scope are hard up, have no card, and no donated one for today."""
    today = clock.today()
    hard = (Person.reason_group == "hardship") | (Person.next_step == "sponsor")
    wanted = select(func.count()).where(
        Person.area_id.in_(areas_in(scope)), Person.residency == "living", hard,
        Person.status.in_(("uncovered", "pledged")), ~func.has_gift(Person.id, today, today),
    )  # fmt: skip
    return session.scalar(wanted) or 0

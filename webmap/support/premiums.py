"""A family's premium on a day: who joins, under which category, by which dated values; and those values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.accounts.scope import CLOSURE, Scope
from webmap.areas.models import Area
from webmap.coverage.rules import Cover, PersonStatus, cover_on
from webmap.households.models import Card, CardCategory, Person
from webmap.households.queries import HouseholdCard, household_card
from webmap.households.rules import ON_REGISTER, Residency
from webmap.support import rules
from webmap.support.errors import NoBaseSalaryError
from webmap.support.models import BaseSalary, PremiumShare
from webmap.support.rules import Line, Share

WITHOUT = (PersonStatus.UNCOVERED, PersonStatus.PLEDGED, PersonStatus.EXPIRING)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: for how many months, from which day; who joins and as what. `joining` None: whoever needs it."""

    months: int
    on: date
    joining: frozenset[UUID] | None = None
    categories: Mapping[UUID, str] | None = None


@dataclass(frozen=True, slots=True)
class MemberQuote:
    """One member on the page. `line` only for those who join; `held`: the category of a card held that day."""

    person: Person
    age: int | None
    category: str
    is_joining: bool
    held: str | None
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class FamilyQuote:
    """What a family would pay, with all that it follows from."""

    found: HouseholdCard
    asked: Asked
    base: BaseSalary
    members: list[MemberQuote]
    joined_before: int
    lines: list[Line]

    @property
    def whole_dong(self) -> int:
        """The whole premium of all who join."""
        return sum(line.whole_dong for line in self.lines)

    @property
    def state_dong(self) -> int:
        """What the state pays of it."""
        return sum(line.state_dong for line in self.lines)

    @property
    def local_dong(self) -> int:
        """What the areas above pay of it."""
        return sum(line.local_dong for line in self.lines)

    @property
    def to_pay_dong(self) -> int:
        """What is left for the family."""
        return sum(line.to_pay_dong for line in self.lines)


def base_salary_on(session: Session, day: date) -> BaseSalary:
    """The base salary of a day. Raises NoBaseSalaryError before the first that is known."""
    newest = BaseSalary.from_on.desc()
    found = session.scalar(select(BaseSalary).where(BaseSalary.from_on <= day).order_by(newest).limit(1))
    if found is None:
        raise NoBaseSalaryError(day=f"{day:%d/%m/%Y}")
    return found


def shares_on(session: Session, area_id: int, day: date) -> dict[str, Share]:
    """What others pay on a day for people of an area, by category: the state, and all areas above that give support."""
    above = select(CLOSURE.c.ancestor_id).where(CLOSURE.c.descendant_id == area_id)
    mine = PremiumShare.area_id.is_(None) | PremiumShare.area_id.in_(above)
    rows = session.scalars(select(PremiumShare).where(mine, PremiumShare.from_on <= day).order_by(PremiumShare.from_on))
    newest: dict[tuple[str, int | None], PremiumShare] = {}
    for row in rows:
        if row.to_on is None or row.to_on >= day:
            newest[row.category, row.area_id] = row
    shares: dict[str, Share] = {}
    for (category, _area), row in newest.items():
        shares[category] = _with(shares.get(category, Share()), row)
    return shares


def _with(share: Share, row: PremiumShare) -> Share:
    if row.area_id is None:
        return replace(share, state_percent=row.state_percent or Decimal(0), decision=row.decision)
    said = "; ".join(filter(None, (share.local_decision, row.decision)))
    return replace(share, local_percent=share.local_percent + (row.local_percent or 0), local_decision=said)


def family_quote(session: Session, scope: Scope, household_id: UUID, asked: Asked) -> FamilyQuote:
    """Quote a family's premium. Raises HouseholdNotFoundError, NoBaseSalaryError."""
    found = household_card(session, scope, household_id)
    base = base_salary_on(session, asked.on)
    groups = {one.code: one.group_code for one in session.scalars(select(CardCategory))}
    people = [(one, cards) for one, cards in found.people if one.residency in ON_REGISTER]
    members = [_member(person, cards, groups, asked) for person, cards in people]
    joined_before = sum(
        not one.is_joining and _joined_this_year(cards, asked.on)
        for one, (_person, cards) in zip(members, people, strict=True)
    )
    joiners = [(one.person.id, one.category) for one in members if one.is_joining]
    shares = shares_on(session, found.household.area_id, asked.on)
    lines = rules.quote(joiners, joined_before, base.amount_dong, asked.months, shares)
    by_person = {line.key: line for line in lines}
    members = [replace(one, line=by_person.get(one.person.id)) for one in members]
    return FamilyQuote(found, asked, base, members, joined_before, lines)


def _member(person: Person, cards: list[Card], groups: Mapping[str, str], asked: Asked) -> MemberQuote:
    age = rules.age_on(person.birth_on, person.birth_year, asked.on)
    last = (cards[0].category, groups[cards[0].category]) if cards else None
    likely = rules.likely_category(age, person.reason_group, last)
    category = (asked.categories or {}).get(person.id, likely)
    needs = person.residency == Residency.LIVING and person.status in WITHOUT
    is_joining = needs if asked.joining is None else person.id in asked.joining
    held = next((one.category for one in cards if _holds(one, asked.on)), None)
    return MemberQuote(person, age, category if category in groups else likely, is_joining, held)


def _holds(card: Card, day: date) -> bool:
    return cover_on([Cover(card.valid_from, card.valid_to)], day) is not None


def _joined_this_year(cards: list[Card], day: date) -> bool:
    """Whether somebody holds a card of the household plan that began in this calendar year."""
    stepped = [one for one in cards if one.category == rules.BY_STEPS and _holds(one, day)]
    return any(one.valid_from.year == day.year for one in stepped)


def base_salaries(session: Session) -> list[BaseSalary]:
    """All base salaries, the newest first."""
    return list(session.scalars(select(BaseSalary).order_by(BaseSalary.from_on.desc())))


def shares_to_show(session: Session) -> list[tuple[PremiumShare, CardCategory, str | None]]:
    """All shares with their category and area; the state's first, by category, the newest first."""
    rows = session.execute(
        select(PremiumShare, CardCategory, Area.name)
        .join(CardCategory, CardCategory.code == PremiumShare.category)
        .outerjoin(Area, Area.id == PremiumShare.area_id)
        .order_by(Area.name.nulls_first(), CardCategory.position, PremiumShare.from_on.desc())
    )
    return [(share, category, area) for share, category, area in rows]

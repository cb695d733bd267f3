"""Changes to doors and the people behind them, by hand. Each leaves a line in the audit and fresh derived columns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry import Point
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webmap import audit, clock
from webmap.accounts.scope import Scope, require_area
from webmap.areas.boundaries import refresh_hulls
from webmap.areas.models import Area
from webmap.errors import ChangedMeanwhileError
from webmap.households import derived, settling
from webmap.households.errors import (
    CodeTakenError,
    NumberTakenError,
    PersonNotFoundError,
    PlaceOutsideError,
)
from webmap.households.importing.results import Trouble
from webmap.households.inputs import CardInput, ContactInput, HouseholdInput, PersonInput
from webmap.households.models import Card, CardCategory, Household, Person
from webmap.households.queries import find_household
from webmap.households.reading_forms import FormError, PersonFacts, read_card, read_contact, read_person
from webmap.households.rules import PlaceSource
from webmap.ids import uuid7

SLACK_DEGREES = 0.02
"""A house may stand this far (some 2 km) beyond the boundary drawn for its area."""


def change_contact(session: Session, scope: Scope, household_id: UUID, given: ContactInput) -> Household:
    """Keep phone, address and note. Raises FormError, ChangedMeanwhileError, HouseholdNotFoundError."""
    facts = read_contact(given)
    household = find_household(session, scope, household_id, lock=True)
    if household.version != given.version:
        raise ChangedMeanwhileError
    names = ("phone", "house_number", "alley_name", "address", "note")
    changed = [name for name in names if getattr(household, name) != getattr(facts, name)]
    if not changed:
        return household
    for name in changed:
        setattr(household, name, getattr(facts, name))
    _touch(household)
    _record(session, scope, "change household", household, fields=changed)
    return household


def add_household(session: Session, scope: Scope, given: HouseholdInput) -> Household:
    """Add a house that nobody had listed, at its building if that is given.

    Raises FormError, CodeTakenError, NotFoundError outside the scope.
    """
    require_area(session, scope, given.area_id)
    facts = read_contact(given)
    code = given.code.strip() or _next_code(session, given.area_id)
    if session.scalar(select(Household.id).where(Household.area_id == given.area_id, Household.code == code)):
        raise CodeTakenError(code=code)
    household = Household(
        id=uuid7(),
        area_id=given.area_id,
        code=code,
        head_name=given.head_name.strip() or None,
        phone=facts.phone,
        house_number=facts.house_number,
        alley_name=facts.alley_name,
        address=facts.address,
    )
    session.add(household)
    session.flush()
    derived.refresh_households(session, [household.id])
    _record(session, scope, "add household", household)
    if given.lon is not None and given.lat is not None:
        place_household(session, scope, household.id, given.lon, given.lat, source=PlaceSource.BUILDING)
    return household


def _next_code(session: Session, area_id: int) -> str:
    """A code made here: M and a number, the next one free in the village."""
    made = session.scalars(
        select(Household.code).where(Household.area_id == area_id, Household.code.regexp_match(r"^M\d{1,9}$"))
    )
    return f"M{max((int(code[1:]) for code in made), default=0) + 1:04d}"


def place_household(
    session: Session,
    scope: Scope,
    household_id: UUID,
    lon: float,
    lat: float,
    *,
    source: PlaceSource = PlaceSource.BY_HAND,
    accuracy_metres: float | None = None,
    placed_at: datetime | None = None,
) -> Household:
    """Say where a house stands, or move it. Raises PlaceOutsideError when that is far outside its area."""
    household = find_household(session, scope, household_id, lock=True)
    _check_inside(session, household.area_id, lon, lat)
    before = _where(household)
    household.point = from_shape(Point(lon, lat), srid=4326)
    household.place_source = source.value
    household.place_accuracy_metres = accuracy_metres
    household.placed_at = placed_at or clock.now()
    _touch(household)
    session.flush()
    settling.link_one(session, household.id)
    session.refresh(household, ["building_id", "alley_id"])
    _record(
        session,
        scope,
        "place household" if before is None else "move household",
        household,
        source=source.value,
        old=before,
        new=[lon, lat],
    )
    session.flush()
    refresh_hulls(session, scope, [household.area_id])
    return household


def _where(household: Household) -> tuple[float, float] | None:
    place = None if household.point is None else to_shape(household.point)
    return (place.x, place.y) if isinstance(place, Point) else None


def _check_inside(session: Session, area_id: int, lon: float, lat: float) -> None:
    """Against the boundary of the nearest area above the village: village outlines are too coarse to judge by."""
    village = session.get_one(Area, area_id)
    judge: Area | None = session.get(Area, village.parent_id) if village.parent_id else village
    while judge is not None and judge.boundary is None:
        judge = session.get(Area, judge.parent_id) if judge.parent_id else None
    judge = judge or (village if village.boundary is not None else None)
    if (
        judge is not None
        and judge.boundary is not None
        and not to_shape(judge.boundary).buffer(SLACK_DEGREES).covers(Point(lon, lat))
    ):
        raise PlaceOutsideError(area=judge.name)


def add_person(session: Session, scope: Scope, household_id: UUID, given: PersonInput) -> Person:
    """Add a member. Raises FormError, NumberTakenError, HouseholdNotFoundError."""
    facts = read_person(given)
    household = find_household(session, scope, household_id, lock=True)
    _check_numbers(session, facts, None)
    person = Person(id=uuid7(), household_id=household.id, area_id=household.area_id, full_name=facts.full_name)
    _write(person, facts)
    session.add(person)
    session.flush()
    _settle_head(session, household, person)
    _record(session, scope, "add person", household, person_id=person.id)
    return person


def change_person(session: Session, scope: Scope, household_id: UUID, person_id: UUID, given: PersonInput) -> Person:
    """Change a member. Raises FormError, NumberTakenError, ChangedMeanwhileError, PersonNotFoundError."""
    facts = read_person(given)
    household = find_household(session, scope, household_id, lock=True)
    person = _member(session, household, person_id)
    if person.version != given.version:
        raise ChangedMeanwhileError
    _check_numbers(session, facts, person.id)
    changed = _write(person, facts)
    if changed:
        person.version += 1
        person.updated_at = clock.now()
        session.flush()
        _settle_head(session, household, person)
        _record(session, scope, "change person", household, person_id=person.id, fields=changed)
    return person


def add_card(session: Session, scope: Scope, household_id: UUID, person_id: UUID, given: CardInput) -> Card:
    """Add a card that somebody showed. The same card twice is once. Raises FormError, PersonNotFoundError."""
    facts = read_card(given)
    household = find_household(session, scope, household_id, lock=True)
    person = _member(session, household, person_id)
    if session.get(CardCategory, facts.category) is None:
        raise FormError({"category": Trouble("unknown_category", {"text": facts.category})})
    same = session.scalar(
        select(Card).where(
            Card.person_id == person.id,
            Card.category == facts.category,
            Card.valid_from == facts.valid_from,
            Card.valid_to.is_not_distinct_from(facts.valid_to),
            Card.number.is_not_distinct_from(facts.number),
        )
    )
    if same:
        return same
    card = Card(
        id=uuid7(),
        person_id=person.id,
        category=facts.category,
        number=facts.number,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        origin="by_hand",
    )
    session.add(card)
    session.flush()
    derived.refresh_households(session, [household.id])
    _record(session, scope, "add card", household, person_id=person.id, card_id=card.id)
    return card


def drop_card(session: Session, scope: Scope, household_id: UUID, person_id: UUID, card_id: UUID) -> None:
    """Take a card away that was entered by hand and by mistake; dropped already is dropped."""
    household = find_household(session, scope, household_id, lock=True)
    person = _member(session, household, person_id)
    card = session.scalar(select(Card).where(Card.id == card_id, Card.person_id == person.id, Card.origin == "by_hand"))
    if card is None:
        return
    session.delete(card)
    session.flush()
    derived.refresh_households(session, [household.id])
    _record(session, scope, "drop card", household, person_id=person.id, card_id=card_id)


def _member(session: Session, household: Household, person_id: UUID) -> Person:
    person = session.scalar(select(Person).where(Person.id == person_id, Person.household_id == household.id))
    if person is None:
        raise PersonNotFoundError
    return person


def _check_numbers(session: Session, facts: PersonFacts, own_id: UUID | None) -> None:
    for column, number in ((Person.citizen_id, facts.citizen_id), (Person.insurance_code, facts.insurance_code)):
        if number is None:
            continue
        other = session.scalar(select(Person).where(column == number, Person.id.is_distinct_from(own_id)).limit(1))
        if other is not None:
            raise NumberTakenError(number=number, name=other.full_name)


def _write(person: Person, facts: PersonFacts) -> list[str]:
    """Put the facts on the person; return the names of those that changed."""
    values: dict[str, Any] = {
        "full_name": facts.full_name,
        "sex": facts.sex,
        "birth_on": facts.birth.on if facts.birth else None,
        "birth_year": facts.birth.year if facts.birth else None,
        "citizen_id": facts.citizen_id,
        "insurance_code": facts.insurance_code,
        "phone": facts.phone,
        "relationship": facts.relationship,
        "is_head": facts.is_head,
        "residency": facts.residency,
        "reason_group": facts.reason_group,
    }
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, values[name])
    return changed


def _settle_head(session: Session, household: Household, person: Person) -> None:
    """One head to a household: a new one takes the place of the old one, and gives the household its name."""
    if person.is_head:
        others = (Person.household_id == household.id, Person.id != person.id, Person.is_head)
        session.execute(update(Person).where(*others).values(is_head=False, version=Person.version + 1))
        household.head_name = person.full_name
    _touch(household)
    session.flush()
    derived.refresh_households(session, [household.id])


def _touch(household: Household) -> None:
    household.version += 1
    household.updated_at = clock.now()


def _record(session: Session, scope: Scope, action: str, household: Household, **facts: Any) -> None:
    session.flush()
    audit.record(session, scope, action, "household", household.id, area_id=household.area_id, **facts)

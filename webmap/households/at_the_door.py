"""What a visit may change of a household and its people. What it does change is decided by webmap/visits/rules.py."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from geoalchemy2 import WKBElement, WKTElement
from sqlalchemy.orm import Session

from webmap import clock
from webmap.households.models import Household, Person
from webmap.households.rules import PlaceSource


@dataclass(frozen=True, slots=True)
class PersonAtDoor:
    """The facts of a person that visits speak about."""

    residency: str
    reported_on: date | None
    pledged_until: date | None
    reason_group: str | None
    next_step: str | None
    next_step_on: date | None


def list_person(
    session: Session, household: Household, id_: UUID, full_name: str, *, sex: str | None, birth_year: int | None
) -> Person:
    """Add a member whom no list has. The id was made on the phone."""
    person = Person(
        id=id_,
        household_id=household.id,
        area_id=household.area_id,
        full_name=full_name,
        sex=sex,
        birth_year=birth_year,
    )
    session.add(person)
    return person


def facts_of(person: Person) -> PersonAtDoor:
    """The facts of a person as they are."""
    return PersonAtDoor(
        person.residency,
        person.reported_on,
        person.pledged_until,
        person.reason_group,
        person.next_step,
        person.next_step_on,
    )


def keep_person(person: Person, facts: PersonAtDoor) -> None:
    """Put what was found on the person."""
    person.residency = facts.residency
    person.reported_on = facts.reported_on
    person.pledged_until = facts.pledged_until
    person.reason_group = facts.reason_group
    person.next_step = facts.next_step
    person.next_step_on = facts.next_step_on
    person.updated_at = clock.now()


def keep_door(household: Household, door_mark: str, due_on: date | None, visited_at: datetime) -> None:
    """Put what happened at the door on the household."""
    household.door_mark, household.due_on = door_mark, due_on
    household.last_visit_at = visited_at


def place_where_visited(household: Household, point: WKTElement, accuracy_metres: float | None, when: datetime) -> None:
    """A house that nobody has placed stands where its visitor stood."""
    household.point = cast("WKBElement", point)
    household.place_source = PlaceSource.SURVEYED
    household.place_accuracy_metres = accuracy_metres
    household.placed_at = when

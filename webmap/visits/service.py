"""Writing down what happened at a door, and setting aside what cannot be written."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from geoalchemy2 import WKTElement
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis_layers.measure import metres_between
from gis_layers.types import LonLat
from webmap import audit, clock
from webmap.accounts.scope import Scope
from webmap.areas.boundaries import refresh_hulls
from webmap.coverage.rules import COVERED
from webmap.coverage.service import refresh_households
from webmap.households.at_the_door import (
    PersonAtDoor,
    facts_of,
    keep_door,
    keep_person,
    list_person,
    place_where_visited,
)
from webmap.households.models import Household, Person
from webmap.households.queries import find_household
from webmap.visits import queries, rules
from webmap.visits.errors import SetAsideNotFoundError, VisitIdTakenError, VisitPersonUnknownError
from webmap.visits.inputs import NewVisit, PersonEntry
from webmap.visits.models import QuarantinedEntry, Visit, VisitPerson
from webmap.visits.rules import PersonFacts, PersonOutcome

KNOWN_BEFORE = TypeAdapter(PersonAtDoor)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer for one entry: stored, duplicate or quarantined. All three mean: received and committed."""

    id: str
    status: str
    code: str | None = None
    is_far: bool | None = None
    metres_from_door: float | None = None


def record_visit(session: Session, scope: Scope, visit_id: UUID, new: NewVisit) -> Receipt:
    """Keep one visit, and what follows from it.

    The phone chooses `visit_id` and may send it again after a lost answer: the first version stands, an equal one is
    a duplicate. Raises VisitIdTakenError when another visit has the id, HouseholdNotFoundError, and
    VisitPersonUnknownError; the caller then sets the entry aside.
    """
    household = find_household(session, scope, new.household_id, lock=True)
    if already := session.get(Visit, visit_id):
        if already.content_sha256 != new.fingerprint():
            raise VisitIdTakenError
        return _receipt(already, "duplicate")
    people = _people_of(session, household, new)
    visit = _visit(session, scope, visit_id, new, household)
    if not _added(session, visit):
        raise VisitIdTakenError
    if visit.corrects_visit_id:
        _take_back(session, visit.corrects_visit_id, people)
    _keep_found(session, visit, new, people)
    had_no_place = household.point is None
    _take_effect(session, visit, new, household, people)
    refresh_households(session, [household.id])
    if had_no_place and household.point is not None:
        refresh_hulls(session, scope, [household.area_id])
    audit.record(
        session,
        scope,
        "recorded a visit",
        "household",
        household.id,
        area_id=household.area_id,
        visit=str(visit.id),
        outcome=new.outcome.value,
    )
    return _receipt(visit, "stored")


def _receipt(visit: Visit, status: str) -> Receipt:
    return Receipt(str(visit.id), status, None, visit.is_far, visit.metres_from_door)


def _visit(session: Session, scope: Scope, visit_id: UUID, new: NewVisit, household: Household) -> Visit:
    metres = _metres_from_door(session, household, new)
    return Visit(
        id=visit_id,
        household_id=household.id,
        area_id=household.area_id,
        account_id=scope.account_id,
        route_id=queries.known_route(session, new.route_id),
        device=new.device,
        outcome=new.outcome,
        happened_at=new.happened_at,
        received_at=clock.now(),
        point=_point(new),
        accuracy_metres=new.accuracy_metres,
        metres_from_door=metres,
        is_far=rules.is_far(metres, new.accuracy_metres),
        revisit_on=new.revisit_on,
        note=new.note,
        content_sha256=new.fingerprint(),
        corrects_visit_id=queries.known_visit(session, new.corrects_visit_id, household.id),
    )


def _added(session: Session, visit: Visit) -> bool:
    """Write the row unless its id is taken, also by a visit that the one who asks may not see."""
    columns = [column.key for column in Visit.__table__.columns]
    values = {key: getattr(visit, key) for key in columns}
    written = session.scalar(insert(Visit).values(**values).on_conflict_do_nothing().returning(Visit.id))
    return written is not None


def _keep_found(session: Session, visit: Visit, new: NewVisit, people: dict[UUID, Person]) -> None:
    """Write what was found for each person, and change her unless a later visit has spoken about her."""
    when = rules.effective_at(visit.happened_at, visit.received_at)
    for entry in new.people:
        is_newest = queries.is_newest_about(session, entry.person_id, visit.id, when)
        person = people[entry.person_id]
        session.add(
            VisitPerson(
                visit_id=visit.id,
                person_id=entry.person_id,
                outcome=entry.outcome,
                reason_group=entry.reason_group,
                pledged_until=entry.pledged_until,
                pay_how=entry.pay_how,
                note=entry.note,
                facts_before=to_jsonable_python(facts_of(person)) if is_newest else None,
            )
        )
        if is_newest:
            _change(person, entry, clock.day_of(when))
    session.flush()


def _take_back(session: Session, wrong_id: UUID, people: dict[UUID, Person]) -> None:
    """Put people back as they were before a visit that was wrong, unless a later one has spoken about them since."""
    wrong = session.get_one(Visit, wrong_id)
    when = rules.effective_at(wrong.happened_at, wrong.received_at)
    for said in session.scalars(select(VisitPerson).where(VisitPerson.visit_id == wrong_id)):
        if said.facts_before is not None and queries.is_newest_about(session, said.person_id, wrong_id, when):
            keep_person(people[said.person_id], KNOWN_BEFORE.validate_python(said.facts_before))


def _metres_from_door(session: Session, household: Household, new: NewVisit) -> float | None:
    if new.position is None or household.point is None:
        return None
    lon, lat = session.execute(
        select(func.st_x(Household.point), func.st_y(Household.point)).where(Household.id == household.id)
    ).one()
    return metres_between(LonLat(lon, lat), LonLat(new.position.lon, new.position.lat))


def _point(new: NewVisit) -> WKTElement | None:
    if new.position is None:
        return None
    return WKTElement(f"POINT({new.position.lon!r} {new.position.lat!r})", srid=4326)


def _people_of(session: Session, household: Household, new: NewVisit) -> dict[UUID, Person]:
    """Everybody of the household, those included whom nobody listed before."""
    known = {person.id: person for person in session.scalars(select(Person).where(Person.household_id == household.id))}
    for one in new.new_people:
        if one.id in known:
            continue
        known[one.id] = list_person(session, household, one.id, one.full_name, sex=one.sex, birth_year=one.birth_year)
    if any(entry.person_id not in known for entry in new.people):
        raise VisitPersonUnknownError
    session.flush()
    return known


def _take_effect(
    session: Session, visit: Visit, new: NewVisit, household: Household, people: dict[UUID, Person]
) -> None:
    """Change the door, only when no later visit has spoken about it: any order gives one result."""
    when = rules.effective_at(visit.happened_at, visit.received_at)
    _place(household, new, when)
    if not queries.is_newest_at(session, household.id, visit.id, when):
        return
    refused = {
        entry.person_id
        for entry in new.people
        if entry.outcome is PersonOutcome.REFUSED and queries.is_newest_about(session, entry.person_id, visit.id, when)
    }
    everybody = list(people.values())
    after = rules.door_after(
        new.outcome,
        clock.day_of(when),
        [_facts(one) for one in everybody],
        [one.id in refused for one in everybody],
        new.revisit_on,
    )
    keep_door(household, after.door_mark, after.due_on, when)


def _facts(person: Person) -> PersonFacts:
    return PersonFacts(has_card=person.status in COVERED, **asdict(facts_of(person)))


def _change(person: Person, entry: PersonEntry, day: date) -> None:
    after = rules.person_after(
        _facts(person), entry.outcome, day, reason_group=entry.reason_group, pledged_until=entry.pledged_until
    )
    facts = asdict(after)
    del facts["has_card"]
    keep_person(person, PersonAtDoor(**facts))


def _place(household: Household, new: NewVisit, when: datetime) -> None:
    """A house that nobody has placed is where its first visitor stood, if the phone was sure enough."""
    sure = new.accuracy_metres is not None and new.accuracy_metres <= rules.WORST_ACCURACY_TO_PLACE_METRES
    point = _point(new)
    if household.point is None and point is not None and sure and new.outcome in rules.AT_THE_HOUSE:
        place_where_visited(household, point, new.accuracy_metres, when)


def set_aside(session: Session, scope: Scope, entry_id: str, code: str, body: bytes) -> Receipt:
    """Keep raw what could not be kept as a visit. The same bytes sent again are kept once."""
    values = {
        "entry_id": entry_id,
        "account_id": scope.account_id,
        "code": code,
        "body": body,
        "content_sha256": hashlib.sha256(body).hexdigest(),
        "received_at": clock.now(),
    }
    added = session.scalar(
        insert(QuarantinedEntry).values(**values).on_conflict_do_nothing().returning(QuarantinedEntry.id)
    )
    if added is not None:
        audit.record(session, scope, "sent an entry that was set aside", "entry", entry_id, code=code)
    return Receipt(entry_id, "quarantined", code)


def settle(session: Session, scope: Scope, entry_ids: Iterable[int]) -> None:
    """Note that somebody has looked at entries that were set aside. They stay."""
    for entry_id in entry_ids:
        entry = session.get(QuarantinedEntry, entry_id)
        if entry is None:
            raise SetAsideNotFoundError
        entry.settled_at, entry.settled_by = clock.now(), scope.account_id
        audit.record(session, scope, "settled an entry that was set aside", "entry", entry_id)

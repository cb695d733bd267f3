"""Nothing known of a person or a card is overwritten: what it replaces is kept, with when it was known."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tests.builders import Village, a_card, a_person, people_of
from webmap import clock
from webmap.households.models import Card, Person
from webmap.households.past import CardPast, PersonPast

YESTERDAY = timedelta(days=1)


def a_known_person(session: Session, village: Village) -> Person:
    """Somebody known since yesterday."""
    person = a_person(session, village.household, "Nguyễn Thị Sen", birth_year=1980)
    person.known_from = clock.now() - YESTERDAY
    session.flush()
    return person


def test_what_replaces_a_fact_keeps_the_fact(session: Session, village: Village) -> None:
    person = a_known_person(session, village)
    since = person.known_from

    person.residency = "away"
    session.flush()

    [was] = session.scalars(select(PersonPast).where(PersonPast.person_id == person.id))
    session.refresh(person)
    assert (was.residency, was.full_name, was.known_from) == ("living", "Nguyễn Thị Sen", since)
    assert person.known_from == was.known_to


def test_what_is_only_worked_out_is_no_news(session: Session, village: Village) -> None:
    person = a_known_person(session, village)

    session.execute(update(Person).where(Person.id == person.id).values(status="covered", phone="0912345678"))

    assert session.scalars(select(PersonPast).where(PersonPast.person_id == person.id)).all() == []


def test_what_was_learned_and_taken_back_at_once_was_never_known(session: Session, village: Village) -> None:
    person = a_known_person(session, village)
    for residency in ("away", "moved_out", "deceased"):
        person.residency = residency
        session.flush()

    assert len(session.scalars(select(PersonPast).where(PersonPast.person_id == person.id)).all()) == 1


def test_a_card_that_is_deleted_or_moved_to_another_stays_in_the_past(session: Session, village: Village) -> None:
    person, other = people_of(session, village.household)[0], a_known_person(session, village)
    cards = [a_card(session, person), a_card(session, person, category="HS")]
    session.execute(update(Card).values(known_from=clock.now() - YESTERDAY))

    session.execute(delete(Card).where(Card.id == cards[0].id))
    session.execute(update(Card).where(Card.id == cards[1].id).values(person_id=other.id))

    kept = {card.card_id: card for card in session.scalars(select(CardPast))}
    assert {kept[card.id].person_id for card in cards} == {person.id}


def test_all_versions_of_a_person_follow_each_other_without_a_gap(session: Session, village: Village) -> None:
    person = a_known_person(session, village)
    person.full_name = "Nguyễn Thị Xen"
    session.flush()

    versions = session.execute(
        text(
            "select full_name, known_to = lead(known_from) over (order by known_from), known_to = 'infinity'"
            " from person_versions where person_id = :id order by known_from"
        ),
        {"id": person.id},
    ).all()

    assert versions == [("Nguyễn Thị Sen", True, False), ("Nguyễn Thị Xen", None, True)]


def test_nobody_writes_the_past(session: Session, village: Village) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(update(PersonPast).values(birth_on=date(1990, 1, 1)))

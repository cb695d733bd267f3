"""Random families for tests of coverage: what hypothesis draws, and how it is laid into the database."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from webmap.coverage.rules import Counts, Cover, Member, Standing, household_counts, person_standing
from webmap.households.models import Card, Household, Person
from webmap.ids import uuid7

numbers = count()
MIDDLE = date(2026, 5, 20)
days = st.integers(-60, 60).map(lambda n: MIDDLE + timedelta(days=n))


@st.composite
def covers(draw: st.DrawFn) -> Cover:
    first = draw(days)
    return Cover(first, draw(st.none() | st.integers(0, 70).map(lambda n: first + timedelta(days=n))))


@dataclass(frozen=True)
class Drawn:
    """A person as drawn: what the rules may look at, and nothing else."""

    residency: str
    cards: list[Cover]
    reported_on: date | None
    pledged_until: date | None

    def standing(self, day: date, warning_days: int = 30) -> Standing:
        return person_standing(
            self.residency, self.cards, self.reported_on, self.pledged_until, day, warning_days=warning_days
        )


persons = st.builds(
    Drawn,
    residency=st.sampled_from(["living", "living", "living", "away", "moved_out", "deceased"]),
    cards=st.lists(covers(), max_size=4),
    reported_on=st.none() | days,
    pledged_until=st.none() | days,
)
families = st.lists(persons, max_size=5)


def counts_of(family: list[Drawn], day: date, warning_days: int = 30) -> Counts:
    """What the rules in Python make of a family."""
    standings = [(one, one.standing(day, warning_days)) for one in family]
    return household_counts(Member(one.residency, now.status, now.cover_ends_on) for one, now in standings)


def laid(session: Session, area_id: int, drawn: list[list[Drawn]]) -> list[tuple[UUID, list[UUID]]]:
    """Lay families; for each the id of its household and those of its persons, in the order drawn."""
    doors: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    cards: list[dict[str, Any]] = []
    for family in drawn:
        doors.append({"id": uuid7(), "area_id": area_id, "code": f"F{next(numbers)}"})
        for one in family:
            whose = {"household_id": doors[-1]["id"], "area_id": area_id, "full_name": "Lê Thị Hoa"}
            facts = {name: getattr(one, name) for name in ("residency", "reported_on", "pledged_until")}
            people.append({"id": uuid7(), **whose, **facts})
            for card in one.cards:
                held = {"person_id": people[-1]["id"], "category": "GD"}
                cards.append({"id": uuid7(), **held, "valid_from": card.first_on, "valid_to": card.last_on})
    for table, rows in ((Household, doors), (Person, people), (Card, cards)):
        if rows:
            session.execute(insert(table), rows)
    return [(door["id"], [one["id"] for one in people if one["household_id"] == door["id"]]) for door in doors]

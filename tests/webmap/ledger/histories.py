"""Random histories of a few families over some days, laid into the database as time passes, and kept beside it.

What hypothesis draws is a list of days, each a list of events. `lay` does them one after the other, as the app would,
and keeps what was known at each day's end; `bucket_of` says from that, and from nothing else, where somebody belongs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from tests.builders import an_area
from webmap import clock
from webmap.coverage.rules import COVERED, Cover, person_standing
from webmap.households.models import Card, Household, Person
from webmap.ids import uuid7

LATE_DAYS = 3
ON_REGISTER = ("living", "away")
SUBSIDISED = {"HN", "CN", "DT", "BT"}
numbers = count()


@dataclass(frozen=True)
class Event:
    """Something that becomes known. `who` counts the people there are, `how` says what, `when` in days from today."""

    kind: str
    who: int
    how: str
    when: int


KINDS = {
    "list": ["first", "second", "outside"],
    "bear": ["first", "second", "outside"],
    "settle": ["living", "away", "moved_out", "deceased"],
    "move": ["first", "second", "outside"],
    "card": ["GD", "HN", "CN", "HS"],
    "cut": ["soon"],
    "tear": ["up"],
    "report": ["yes"],
    "reason": ["expired", "lost_subsidy", "hardship", "away"],
    "remove": ["alone"],
    "merge": ["into"],
}
OFTEN = ("cut", "cut", "settle", "settle", "settle", "report", "report", "card", "move", "reason")
events = st.sampled_from([*sorted(KINDS), *OFTEN]).flatmap(
    lambda kind: st.builds(Event, st.just(kind), st.integers(0, 9), st.sampled_from(KINDS[kind]), st.integers(-12, 12))
)
# Eight people are known from the first day on, half of them with a card; then something happens every day.
BEGINNING = [
    *(Event("list", 0, area, 0) for area in 3 * ("first", "second") + ("outside", "first")),
    *(Event("card", who, category, -12) for who, category in ((0, "GD"), (1, "HN"), (3, "GD"), (4, "CN"))),
]
histories = st.lists(st.lists(events, min_size=3, max_size=8), min_size=1, max_size=5).map(
    lambda later: [BEGINNING, *later]
)


@dataclass(frozen=True)
class Known:
    """What is known of somebody at a day's end."""

    area: str
    residency: str
    birth_on: date
    cards: tuple[tuple[UUID, str, date, date | None], ...] = ()
    reported_on: date | None = None
    reason: str | None = None


@dataclass
class World:
    """A commune with two villages, and a village outside; who is known, and what was known at the end of each day."""

    session: Session
    commune_id: int
    areas: dict[str, int]
    doors: dict[str, UUID]
    now: dict[UUID, Known] = field(default_factory=dict)
    past: dict[date, dict[UUID, Known]] = field(default_factory=dict)
    people: list[UUID] = field(default_factory=list)
    shifts: int = 0


def a_world(session: Session) -> World:
    """Nobody lives there yet."""
    mark = next(numbers)
    commune = an_area(session, f"LC{mark}", "Tân Ninh", "commune", None)
    outer = an_area(session, f"LD{mark}", "Hàm Ninh", "commune", None)
    areas = {
        name: an_area(session, f"L{name}{mark}", name, "village", outer if name == "outside" else commune)
        for name in ("first", "second", "outside")
    }
    session.execute(text("select area_tree_rebuild()"))
    doors = {}
    for name, area_id in areas.items():
        door = Household(id=uuid7(), area_id=area_id, code=f"L-{mark}")
        session.add(door)
        doors[name] = door.id
    session.flush()
    return World(session, commune, areas, doors)


def lay(world: World, history: Sequence[Sequence[Event]]) -> list[date]:
    """Let the days pass, the last of them today; what was known at the end of each is kept. Returns the days."""
    days = [clock.today() - timedelta(days=n) for n in reversed(range(len(history)))]
    for day, drawn in zip(days, history, strict=True):
        for event in drawn:
            happen(world, event, day)
        world.past[day] = dict(world.now)
        if day != days[-1]:
            a_day_passes(world)
    return days


def a_day_passes(world: World) -> None:
    """What was learned is a day older. (No two shifts are equal: two versions never end at one instant.)"""
    world.shifts += 1
    world.session.flush()
    world.session.execute(text("set local role none"))
    facts = {"by": timedelta(days=1, microseconds=world.shifts), "ids": world.people}
    for table, key in (("person", "id"), ("card", "person_id")):
        world.session.execute(text(f"update {table} set known_from = known_from - :by where {key} = any (:ids)"), facts)
    for table in ("person_past", "card_past"):
        world.session.execute(
            text(
                f"update {table} set known_from = known_from - :by, known_to = known_to - :by"
                " where person_id = any (:ids)"
            ),
            facts,
        )
    world.session.execute(text("set local role web_app"))
    world.session.expire_all()


def happen(world: World, event: Event, day: date) -> None:
    """One event: in the database, and beside it. What cannot happen does not."""
    if event.kind in ("list", "bear"):
        born = day if event.kind == "bear" else date(1980, 1, 1)
        _add(world, event.how, born)
        return
    alive = [one for one in world.people if one in world.now]
    if not alive:
        return
    who = alive[event.who % len(alive)]
    known = world.now[who]
    match event.kind:
        case "settle":
            _know(world, who, replace(known, residency=event.how), residency=event.how)
        case "move":
            place = {"household_id": world.doors[event.how], "area_id": world.areas[event.how]}
            _know(world, who, replace(known, area=event.how), **place)
        case "report":
            reported = day + timedelta(days=min(0, event.when))
            _know(world, who, replace(known, reported_on=reported), reported_on=reported)
        case "reason":
            _know(world, who, replace(known, reason=event.how), reason_group=event.how)
        case "remove" | "merge":
            _remove(world, who, alive[(event.who + 1) % len(alive)] if event.kind == "merge" else None)
        case _:
            _deal(world, event, who, day)


def _add(world: World, area: str, born: date) -> None:
    who = uuid7()
    world.session.add(
        Person(
            id=who,
            household_id=world.doors[area],
            area_id=world.areas[area],
            full_name=f"Lê Thị {len(world.people)}",
            birth_on=born,
        )
    )
    world.session.flush()
    world.people.append(who)
    world.now[who] = Known(area, "living", born)


def _know(world: World, who: UUID, known: Known, **facts: Any) -> None:
    world.session.execute(update(Person).where(Person.id == who).values(**facts))
    world.now[who] = known


def _remove(world: World, who: UUID, into: UUID | None) -> None:
    """Somebody is deleted; as a duplicate, her cards go to the other one."""
    gone = world.now[who]
    if into is not None and into != who:
        world.session.execute(update(Card).where(Card.person_id == who).values(person_id=into))
        kept = world.now[into]
        world.now[into] = replace(kept, cards=(*kept.cards, *gone.cards))
    world.session.execute(delete(Person).where(Person.id == who))
    del world.now[who]


def _deal(world: World, event: Event, who: UUID, day: date) -> None:
    """A card is given, ends earlier than it said, or is taken away."""
    known = world.now[who]
    if event.kind == "card":
        first = day + timedelta(days=min(event.when, 3))
        last = None if event.when % 3 == 0 else first + timedelta(days=event.who + 3)
        card = (uuid7(), event.how, first, last)
        world.session.add(
            Card(id=card[0], person_id=who, category=card[1], valid_from=card[2], valid_to=card[3], origin="roll")
        )
        world.session.flush()
        world.now[who] = replace(known, cards=(*known.cards, card))
    elif known.cards:
        old = known.cards[-1]
        if event.kind == "tear":
            world.session.execute(delete(Card).where(Card.id == old[0]))
            world.now[who] = replace(known, cards=known.cards[:-1])
            return
        ends = max(old[2], day - timedelta(days=1))
        world.session.execute(update(Card).where(Card.id == old[0]).values(valid_to=ends))
        world.now[who] = replace(known, cards=(*known.cards[:-1], (old[0], old[1], old[2], ends)))


def is_covered(known: Known, day: date) -> bool:
    """By the rules of coverage, of what was known."""
    covers = [Cover(first, last) for _, _, first, last in known.cards]
    return person_standing(known.residency, covers, None, None, day).status in COVERED


def is_reported(known: Known, day: date) -> bool:
    """Whether a visit's report stands open on a day, as the rules of coverage say when no card holds."""
    covers = [Cover(first, last) for _, _, first, last in known.cards]
    open_only = [one for one in covers if not (one.first_on <= day and (one.last_on is None or day <= one.last_on))]
    return person_standing("living", open_only, known.reported_on, None, day).status == "reported"


def bucket_of(world: World, who: UUID, first: date, last: date, areas: frozenset[str]) -> str | None:
    """Where somebody belongs, told from what was known; None where she is on neither register."""
    before, after = world.past[first].get(who), world.past[last].get(who)
    was_here = before is not None and before.area in areas and before.residency in ON_REGISTER
    is_here = after is not None and after.area in areas and after.residency in ON_REGISTER
    if is_here and not was_here:
        assert after is not None
        return "born" if after.birth_on > first else "arrived"
    if was_here and not is_here:
        if after is None:
            return "removed"
        return "deceased" if after.residency == "deceased" else "moved_out"
    if not was_here or before is None or after is None:
        return None
    return _bucket_of_one_who_stayed(before, after, first, last)


def _bucket_of_one_who_stayed(before: Known, after: Known, first: date, last: date) -> str:
    was_covered = is_covered(before, first)
    if is_covered(after, last):
        if was_covered:
            return "covered"
        told = replace(before, reported_on=after.reported_on)
        is_news = after.reported_on is not None and is_reported(told, max(first, after.reported_on))
        return "confirmed" if is_news and after.reported_on <= last else "newly_covered"  # type: ignore[operator]
    if is_reported(after, last):
        assert after.reported_on is not None
        return "reported_late" if (last - after.reported_on).days > LATE_DAYS else "reported"
    if was_covered:
        if after.reason in ("expired", "lost_subsidy"):
            return after.reason
        held = [card for card in (*before.cards, *after.cards) if card[2] <= last]
        longest = max(held, key=lambda card: card[3] or date.max)
        ending_then = {card[1] for card in held if card[3] == longest[3]}
        return "lost_subsidy" if ending_then <= SUBSIDISED else "expired" if not ending_then & SUBSIDISED else "either"
    return "away" if after.residency == "away" else "uncovered"


def told_by_the_ledger(world: World, area_id: int, first: date, last: date) -> dict[UUID, list[str]]:
    """The buckets of everybody, as the database says."""
    rows = world.session.execute(
        text("select person_id, bucket from ledger_people(:area, :first, :last, :late)"),
        {"area": area_id, "first": first, "last": last, "late": LATE_DAYS},
    )
    found: dict[UUID, list[str]] = {}
    for person_id, bucket in rows:
        found.setdefault(person_id, []).append(bucket)
    return found


def on_register(world: World, day: date, areas: frozenset[str]) -> int:
    """How many people were on the register, told from what was known."""
    return sum(one.area in areas and one.residency in ON_REGISTER for one in world.past[day].values())


def registered_now(session: Session, area_ids: list[int]) -> int:
    """How many are on the register of these areas in the tables themselves."""
    wanted = select(Person.id).where(Person.area_id.in_(area_ids), Person.residency.in_(ON_REGISTER))
    return len(session.scalars(wanted).all())

"""Which households are meant: one set of filters for the map, the list, exports and plans, held in the address.

    filters = read(request.args)                 raises InvalidError that names each field
    select(Household).where(*conditions(filters, today))
    "?" + query_string(filters)                  the same filters as an address, in a fixed order

`q` finds words in code, head's name, phone, house number, alley, address, any member's name and the village's name,
with or without diacritics; every word has to be found somewhere. What is asked of a person (reason, age, category,
expiry) has to hold for one and the same person on the register.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Protocol
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, union

from gis_layers.render import palette
from webmap import clock
from webmap.areas.models import Area, AreaClosure
from webmap.errors import N_, InvalidError
from webmap.households.models import Card, Household, Person
from webmap.households.rules import AGE_GROUPS, ON_REGISTER, AgeGroup, DoorMark, ReasonGroup

AGES = {group.code: group for group in AGE_GROUPS}
CHOICES: dict[str, frozenset[str]] = {
    "status": frozenset(palette.STATUSES),
    "mark": frozenset(DoorMark),
    "reason": frozenset(ReasonGroup),
    "age": frozenset(AGES),
}
MOST_WORDS = 8
MOST_DAYS = 3660


class Arguments(Protocol):
    """A query string, as Flask holds it."""

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; what is empty is not asked."""

    q: str = ""
    status: tuple[str, ...] = ()
    mark: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    area: int | None = None
    expiring_days: int | None = None
    not_visited_since: date | None = None
    place: str = ""  # "placed", "unplaced" or empty

    @property
    def is_empty(self) -> bool:
        """Whether every household is meant."""
        return self == Filters()

    @property
    def asks_persons(self) -> bool:
        """Whether something is asked of a person rather than of the house."""
        return bool(self.reason or self.age or self.category or self.expiring_days is not None)


def read(args: Arguments) -> Filters:
    """Filters from a query string. Raises InvalidError naming each field that cannot be used."""
    problems: list[tuple[str, str]] = []
    lists = {name: _chosen(args.getlist(name), known, name, problems) for name, known in CHOICES.items()}
    place = _last(args, "place")
    if place not in ("", "placed", "unplaced"):
        problems.append(("place", N_("Choose “placed” or “unplaced”.")))
    filters = Filters(
        q=" ".join(_last(args, "q").replace("\0", "").split()[:MOST_WORDS])[:200],
        status=lists["status"],
        mark=lists["mark"],
        reason=lists["reason"],
        age=lists["age"],
        category=tuple(dict.fromkeys(filter(None, args.getlist("category"))))[:40],
        area=_whole(_last(args, "area"), "area", 2**31 - 1, problems),
        expiring_days=_whole(_last(args, "expiring_days"), "expiring_days", MOST_DAYS, problems),
        not_visited_since=_day(_last(args, "not_visited_since"), "not_visited_since", problems),
        place=place,
    )
    if problems:
        raise InvalidError(tuple(problems))
    return filters


def query_string(filters: Filters) -> str:
    """The filters as a query string, without what is not asked."""
    pairs: list[tuple[str, str]] = []
    for one in fields(filters):
        value = getattr(filters, one.name)
        values = value if isinstance(value, tuple) else (value,)
        pairs.extend((one.name, str(each)) for each in values if each not in ("", None))
    return urlencode(pairs)


def conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    """What a row of `household` must fulfil; doors that have ended are never meant. `today` is a day in Vietnam."""
    found: list[ColumnElement[bool]] = [Household.ended_on.is_(None)]
    if filters.status:
        found.append(Household.status.in_(filters.status))
    if filters.mark:
        found.append(Household.door_mark.in_(filters.mark))
    if filters.area is not None:
        below = select(AreaClosure.descendant_id).where(AreaClosure.ancestor_id == filters.area)
        found.append(Household.area_id.in_(below))
    if filters.place:
        found.append(Household.point.is_(None) if filters.place == "unplaced" else Household.point.is_not(None))
    if filters.not_visited_since:
        since = datetime.combine(filters.not_visited_since, time.min, clock.VIETNAM)
        found.append(or_(Household.last_visit_at.is_(None), Household.last_visit_at < since))
    if filters.asks_persons:
        found.append(exists().where(Person.household_id == Household.id, *_person_conditions(filters, today)))
    found.extend(_says(word) for word in filters.q.split())
    return found


def _person_conditions(filters: Filters, today: date) -> Iterable[ColumnElement[bool]]:
    yield Person.residency.in_(ON_REGISTER)
    if filters.reason:
        yield and_(Person.reason_group.in_(filters.reason), Person.status != "covered")
    if filters.age:
        yield or_(false(), *(_aged(AGES[code], today) for code in filters.age))
    if filters.category:
        held = (Card.person_id == Person.id, Card.category.in_(filters.category), Card.valid_from <= today)
        yield exists().where(*held)
    if filters.expiring_days is not None:
        yield Person.cover_ends_on.between(today, today + timedelta(days=filters.expiring_days))


def _aged(group: AgeGroup, today: date) -> ColumnElement[bool]:
    years = func.coalesce(func.date_part("year", func.age(today, Person.birth_on)), today.year - Person.birth_year)
    return years >= group.first if group.last is None else years.between(group.first, group.last)


def _says(word: str) -> ColumnElement[bool]:
    """One word of the search, found through the trigram indexes."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = "%" + func.fold(escaped) + "%"
    in_villages = select(Area.id).where(func.fold(Area.name).like(pattern))
    return Household.id.in_(
        union(
            select(Household.id).where(Household.search_text.like(pattern)),
            select(Person.household_id).where(Person.name_folded.like(pattern)),
            select(Household.id).where(Household.area_id.in_(in_villages)),
        )
    )


def _last(args: Arguments, name: str) -> str:
    return (args.getlist(name) or [""])[-1].strip()


def _chosen(given: list[str], known: frozenset[str], name: str, problems: list[tuple[str, str]]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(filter(None, given)))
    if not known.issuperset(chosen):
        problems.append((name, N_("This choice does not exist.")))
    return chosen


def _whole(text: str, name: str, most: int, problems: list[tuple[str, str]]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text[:12]) <= most:
        return int(text)
    problems.append((name, N_("A whole number is needed here.")))
    return None


def _day(text: str, name: str, problems: list[tuple[str, str]]) -> date | None:
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
    problems.append((name, N_("A day is needed here, such as 31/05/2026.")))
    return None

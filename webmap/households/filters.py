"""One filter of households for list, map, planning and export: from a query string, to SQL, and back.

The words of the query string: status, mark, reason, area, on (the day whose map says where the area lay), age,
category (each may repeat), expiring (days), not_visited_since (day), placed (yes, no), building (yes, no: of the
placed ones), q (text). What is not known is refused, never ignored.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, any_, case, exists, func, literal, or_, select, union
from sqlalchemy.dialects.postgresql import distinct_on, psycopg
from sqlalchemy.sql.selectable import Select

from webmap import clock
from webmap.accounts.scope import CLOSURE
from webmap.areas.models import Area, HouseholdMove
from webmap.errors import N_, InvalidError
from webmap.households.models import Card, Household, Person
from webmap.households.rules import AGE_GROUPS, ON_REGISTER, AgeGroup, DoorMark, ReasonGroup

STATUSES = ("covered", "partly", "uncovered", "expiring", "reported", "pledged", "unknown")
AGES = {group.code: group for group in AGE_GROUPS}
LONGEST_TEXT = 100
MOST_DAYS = 3650
LEAST_WORDS_OF_A_NAME = 2


class UnknownFilterError(InvalidError):
    """A filter in an address names something that does not exist."""

    code = "unknown_filter"
    text = N_("The filter “%(name)s” cannot be used with “%(value)s”.")


class Arguments(Protocol):
    """A query string: werkzeug's MultiDict."""

    def get(self, key: str, /) -> str | None: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """Which households. Empty means all that the scope allows."""

    area: int | None = None
    on: date | None = None
    status: tuple[str, ...] = ()
    mark: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    expiring: int | None = None
    not_visited_since: date | None = None
    placed: bool | None = None
    building: bool | None = None
    q: str = ""
    household_ids: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for beyond an area."""
        return replace(self, area=None) == HouseholdFilter()

    @property
    def is_about_people(self) -> bool:
        """Whether persons have to be looked at."""
        return bool(self.reason or self.age or self.category)


def parse(arguments: Arguments) -> HouseholdFilter:
    """Read a filter from a query string. Raises UnknownFilterError."""
    return HouseholdFilter(
        area=_number(arguments, "area", 1, 2**31 - 1),
        on=_day(arguments, "on"),
        status=_codes(arguments, "status", set(STATUSES).__contains__),
        mark=_codes(arguments, "mark", {mark.value for mark in DoorMark}.__contains__),
        reason=_codes(arguments, "reason", {group.value for group in ReasonGroup}.__contains__),
        age=_codes(arguments, "age", AGES.__contains__),
        category=_codes(arguments, "category", lambda code: len(code) == 2 and code.isalpha() and code.isupper()),
        expiring=_number(arguments, "expiring", 0, MOST_DAYS),
        not_visited_since=_day(arguments, "not_visited_since"),
        placed=_yes_or_no(arguments, "placed"),
        building=_yes_or_no(arguments, "building"),
        q=" ".join((arguments.get("q") or "").replace("\0", "").split())[:LONGEST_TEXT],
    )


def to_query(wanted: HouseholdFilter) -> list[tuple[str, str]]:
    """Write a filter as the pairs of a query string, in a fixed order: equal filters give equal addresses."""
    pairs: list[tuple[str, str]] = []
    for one in fields(wanted):
        value = getattr(wanted, one.name)
        if one.name == "household_ids" or value is None or value in ((), ""):
            continue
        if isinstance(value, tuple):
            pairs.extend((one.name, code) for code in sorted(value))
        elif isinstance(value, bool):
            pairs.append((one.name, "yes" if value else "no"))
        else:
            pairs.append((one.name, str(value)))
    return pairs


def conditions(wanted: HouseholdFilter, today: date) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions on `household`. Row-level security and the scope come on top."""
    found: list[ColumnElement[bool]] = [Household.ended_on.is_(None)]
    if wanted.area is not None:
        found.append(_lay_in(wanted.area, wanted.on, today))
    if wanted.status:
        found.append(Household.status.in_(wanted.status))
    if wanted.mark:
        found.append(Household.door_mark.in_(wanted.mark))
    if wanted.expiring is not None:
        found.append(Household.next_expiry_on.between(today, today + timedelta(days=wanted.expiring)))
    if wanted.not_visited_since is not None:
        start = datetime.combine(wanted.not_visited_since, time(), clock.VIETNAM)
        found.append(or_(Household.last_visit_at.is_(None), Household.last_visit_at < start))
    found += _about_the_place(wanted)
    if wanted.is_about_people:
        found.append(_somebody(wanted, today))
    if wanted.q:
        found.append(Household.id.in_(ids_by_text(wanted.q)))
    if wanted.household_ids:
        found.append(Household.id.in_(wanted.household_ids))
    return found


def _about_the_place(wanted: HouseholdFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.placed is not None:
        found.append(Household.point.is_not(None) if wanted.placed else Household.point.is_(None))
    if wanted.building is not None:
        is_in = Household.building_id.is_not(None) if wanted.building else Household.building_id.is_(None)
        found += [Household.point.is_not(None), is_in]
    return found


def _lay_in(area_id: int, on: date | None, today: date) -> ColumnElement[bool]:
    """Whether a household lies in an area; by the map of an earlier day: whether it lay there then."""
    if on is None or on >= today:
        below = select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == area_id)
        return Household.area_id.in_(below)
    ground = select(func.area_ground(area_id, on))
    moved = (
        select(HouseholdMove.household_id, HouseholdMove.from_area_id)
        .where(HouseholdMove.moved_on > on)
        .ext(distinct_on(HouseholdMove.household_id))
        .order_by(HouseholdMove.household_id, HouseholdMove.moved_on)
        .cte("moved_since")
    )
    stayed = and_(Household.area_id.in_(ground), Household.id.not_in(select(moved.c.household_id)))
    return or_(stayed, Household.id.in_(select(moved.c.household_id).where(moved.c.from_area_id.in_(ground))))


def where_sql(wanted: HouseholdFilter, today: date) -> tuple[str, dict[str, Any]]:
    """Return `household.number in (…)` as text with %(name)s parameters, for tiles and other plain SQL."""
    numbers = select(Household.number).where(*conditions(wanted, today))
    compiled = numbers.compile(dialect=psycopg.dialect(), compile_kwargs={"render_postcompile": True})  # type: ignore[no-untyped-call]
    return str(compiled), dict(compiled.params)


def members_named(household_ids: Sequence[UUID], q: str) -> Select[*tuple[Any, ...]]:
    """Household and name of the members whose own name holds every word of a search, in the order of names."""
    patterns = [func.fold(f"%{_escaped(token)}%") for token in q.split()]
    named = (Person.name_folded.like(pattern) for pattern in patterns)
    wanted = select(Person.household_id, Person.full_name).where(Person.household_id.in_(household_ids), *named)
    return wanted.order_by(Person.full_name)


def ids_by_text(q: str) -> Select[*tuple[Any, ...]]:
    """Ids of households that a text means: by code, head, phone, address; by a member's name; by village and the rest.

    Every word has to be found, with or without its marks. Each branch alone can use a trigram index.
    """
    patterns = [func.fold(f"%{_escaped(token)}%") for token in q.split()]
    by_house = select(Household.id).where(*(Household.search_text.like(pattern) for pattern in patterns))
    by_person = select(Person.household_id).where(*(Person.name_folded.like(pattern) for pattern in patterns))
    village = func.fold(Area.name)
    names = (
        select(func.string_agg(Person.name_folded, " ")).where(Person.household_id == Household.id).scalar_subquery()
    )
    everything = Household.search_text + " " + func.coalesce(names, "") + " " + village
    is_named = (
        literal(" ").concat(func.fold(literal(q, String))).concat(" ").like(literal("% ").concat(village).concat(" %"))
    )
    by_village = (
        select(Household.id)
        .join(Area, Area.id == Household.area_id)
        .where(
            # the named villages first, as a list: without it every door of the country is joined to its village
            Household.area_id == any_(func.array(select(Area.id).where(is_named).scalar_subquery())),
            *(everything.like(pattern) for pattern in patterns),
        )
    )
    found = union(by_house, by_person, by_village).subquery()
    return select(found.c[0])


def heads_first(q: str) -> list[ColumnElement[int]]:
    """Order by which a family whose head has the typed name comes before one where a member or the address has it."""
    tokens = q.split()
    if len(tokens) < LEAST_WORDS_OF_A_NAME:  # one word is in half of all names: nothing to tell families apart by
        return []
    name = func.fold(Household.head_name)
    return [case((and_(*(name.like(func.fold(f"%{_escaped(token)}%")) for token in tokens)), 0), else_=1)]


def _escaped(token: str) -> str:
    return token.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _somebody(wanted: HouseholdFilter, today: date) -> ColumnElement[bool]:
    """One person on the register of whom all of it is true."""
    about: list[ColumnElement[bool]] = [Person.household_id == Household.id, Person.residency.in_(ON_REGISTER)]
    if wanted.reason:
        about.append(Person.reason_group.in_(wanted.reason))
    if wanted.age:
        about.append(or_(*(_is_aged(AGES[code], today) for code in wanted.age)))
    if wanted.category:
        holds = (Card.valid_from <= today, or_(Card.valid_to.is_(None), Card.valid_to >= today))
        about.append(exists().where(Card.person_id == Person.id, Card.category.in_(wanted.category), *holds))
    return exists().where(*about)


def _is_aged(group: AgeGroup, today: date) -> ColumnElement[bool]:
    """By the birthday where it is known, else by the year of birth."""
    youngest = _years_before(today, group.first)
    by_day = [Person.birth_on <= youngest]
    by_year = [Person.birth_on.is_(None), Person.birth_year <= today.year - group.first]
    if group.last is not None:
        by_day.append(Person.birth_on > _years_before(today, group.last + 1))
        by_year.append(Person.birth_year >= today.year - group.last)
    return or_(and_(*by_day), and_(*by_year))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _codes(arguments: Arguments, name: str, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    given = tuple(sorted({value for value in arguments.getlist(name) if value}))
    for value in given:
        if not is_known(value):
            raise UnknownFilterError(name=name, value=value)
    return given


def _number(arguments: Arguments, name: str, least: int, most: int) -> int | None:
    text = (arguments.get(name) or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most):
        raise UnknownFilterError(name=name, value=text)
    return int(text)


def _day(arguments: Arguments, name: str) -> date | None:
    text = (arguments.get(name) or "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UnknownFilterError(name=name, value=text) from None


def _yes_or_no(arguments: Arguments, name: str) -> bool | None:
    text = arguments.get(name) or ""
    known: Mapping[str, bool | None] = {"": None, "yes": True, "no": False}
    if text not in known:
        raise UnknownFilterError(name=name, value=text)
    return known[text]

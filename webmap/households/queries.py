"""Doors and people: lists by filter, one household with all that is behind it, what has no place yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import get_locale
from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session

from webmap.accounts.scope import CLOSURE, Scope, areas_in
from webmap.areas.by_date import stood_on
from webmap.areas.models import Area, AreaLevel, AreaParent
from webmap.households.errors import HouseholdNotFoundError
from webmap.households.filters import HouseholdFilter, conditions, heads_first, members_named
from webmap.households.models import Card, CardCategory, Household, Person

VIETNAMESE = "vi-x-icu"
PAGE_SIZE = 50
USUAL_SORT = "code"
STATUS_ORDER = {"uncovered": 0, "partly": 1, "expiring": 2, "pledged": 3, "reported": 4, "unknown": 5, "covered": 6}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, as the pager shows it."""

    number: int
    pages: int
    total: int
    first: int
    last: int
    rows: Sequence[Any]


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """One household with everything behind its door."""

    household: Household
    village: Area
    lonlat: tuple[float, float] | None
    people: list[tuple[Person, list[Card]]]


def village_of() -> Any:
    """Return the name of a household's own area, for lists."""
    return Area.name.label("village")


SORTS: dict[str, tuple[Any, ...]] = {
    "name": (
        func.given_name(Household.head_name).collate(VIETNAMESE),
        Household.head_name.collate(VIETNAMESE),
    ),
    "code": (Household.area_id, Household.code),
    "village": (Area.name.collate(VIETNAMESE), Household.code),
    "status": (func.array_position(list(STATUS_ORDER), Household.status), Household.area_id, Household.code),
    "uncovered": (Household.registered_count - Household.covered_count, Household.area_id, Household.code),
    "expiry": (Household.next_expiry_on, Household.area_id, Household.code),
    "visited": (Household.last_visit_at, Household.area_id, Household.code),
}


def rows_by(scope: Scope, wanted: HouseholdFilter, today: date) -> Select[*tuple[Any, ...]]:
    """Select the rows of a household list, unsorted."""
    return (
        select(
            Household.id, Household.number, Household.code, Household.head_name, Household.phone,
            Household.house_number, Household.alley_name, Household.address, Household.status, Household.door_mark,
            Household.registered_count, Household.covered_count, Household.living_count, Household.next_expiry_on,
            Household.last_visit_at, Household.place_source, village_of(), Household.area_id,
        )
        .join(Area, Area.id == Household.area_id)
        .where(Household.area_id.in_(areas_in(scope)), *conditions(wanted, today))
    )  # fmt: skip


def order_of(sort: str) -> list[ColumnElement[Any]]:
    """Return the order for a sort key ('name', '-name'); an unknown key sorts by code."""
    key = sort.removeprefix("-")
    columns = SORTS.get(key, SORTS["code"])
    is_down = sort.startswith("-") and key in SORTS
    ordered = [column.desc().nulls_last() if is_down else column.asc().nulls_last() for column in columns]
    return [*ordered, Household.id]


def page_of_households(
    session: Session, scope: Scope, wanted: HouseholdFilter, today: date, *, sort: str = USUAL_SORT, number: int = 1
) -> Page:
    """One page of the list; a number beyond the end gives the last page."""
    rows = rows_by(scope, wanted, today)
    total = session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), pages)
    order = [*(heads_first(wanted.q) if sort == USUAL_SORT else []), *order_of(sort)]
    found = session.execute(rows.order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    first = (number - 1) * PAGE_SIZE + 1 if total else 0
    return Page(number, pages, total, first, first + len(found) - 1 if total else 0, found)


def members_found(session: Session, rows: Sequence[Row[Any]], q: str) -> dict[UUID, list[str]]:
    """Which members a search found households by, where it was not the head."""
    heads = {row.id: row.head_name for row in rows}
    found: dict[UUID, list[str]] = {}
    if q.strip() and heads:
        for household_id, name in session.execute(members_named(list(heads), q)):
            if name != heads[household_id]:
                found.setdefault(household_id, []).append(name)
    return found


def stream_households(
    session: Session, scope: Scope, wanted: HouseholdFilter, today: date, sort: str = "code"
) -> Iterator[Row[Any]]:
    """Every row of the list, a thousand at a time: for files."""
    rows = rows_by(scope, wanted, today).order_by(*order_of(sort))
    yield from session.execute(rows.execution_options(yield_per=1000))


def find_household(session: Session, scope: Scope, household_id: UUID, *, lock: bool = False) -> Household:
    """One household of the scope. Raises HouseholdNotFoundError. `lock`: nobody else changes it until the end."""
    wanted = select(Household).where(Household.id == household_id, Household.area_id.in_(areas_in(scope)))
    found = session.scalar(wanted.with_for_update(of=Household) if lock else wanted)
    if found is None:
        raise HouseholdNotFoundError
    return found


def id_by_number(session: Session, scope: Scope, number: int) -> UUID:
    """Id of the household with a number from a map tile. Raises HouseholdNotFoundError."""
    wanted = select(Household.id).where(Household.number == number, Household.area_id.in_(areas_in(scope)))
    found = session.scalar(wanted)
    if found is None:
        raise HouseholdNotFoundError
    return found


def household_card(session: Session, scope: Scope, household_id: UUID) -> HouseholdCard:
    """A household with members (the head first) and their cards (the newest first). Raises HouseholdNotFoundError."""
    household = find_household(session, scope, household_id)
    village = session.get_one(Area, household.area_id)
    people = session.scalars(
        select(Person)
        .where(Person.household_id == household.id)
        .order_by(Person.is_head.desc(), Person.birth_year.nulls_last(), Person.birth_on.nulls_last(), Person.id)
    ).all()
    cards: dict[UUID, list[Card]] = {person.id: [] for person in people}
    for card in session.scalars(
        select(Card)
        .where(Card.person_id.in_(list(cards)))
        .order_by(Card.valid_to.desc().nulls_first(), Card.valid_from.desc())
    ):
        cards[card.person_id].append(card)
    lonlat = session.execute(
        select(func.st_x(Household.point), func.st_y(Household.point)).where(Household.id == household.id)
    ).one()
    place = (lonlat[0], lonlat[1]) if lonlat[0] is not None else None
    return HouseholdCard(household, village, place, [(person, cards[person.id]) for person in people])


def bounds_around(session: Session, area_id: int) -> tuple[float, float, float, float] | None:
    """West, south, east, north of an area, or of the nearest area above it with a boundary; None without any."""
    box = func.st_envelope(Area.boundary)
    found = session.execute(
        select(func.st_xmin(box), func.st_ymin(box), func.st_xmax(box), func.st_ymax(box))
        .join(CLOSURE, CLOSURE.c.ancestor_id == Area.id)
        .where(CLOSURE.c.descendant_id == area_id, Area.boundary.is_not(None))
        .order_by(func.st_area(Area.boundary))
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1], found[2], found[3])


def categories(session: Session) -> list[CardCategory]:
    """All categories of cards, in the order of the screen."""
    return list(session.scalars(select(CardCategory).order_by(CardCategory.position, CardCategory.code)))


def areas_to_choose(session: Session, scope: Scope, *levels: str, on: date | None = None) -> list[tuple[int, str, int]]:
    """Id, name with the name above it, and depth of the areas of a scope, in Vietnamese order, for a choice.

    `on`: by the map of that day.
    """
    if on is not None:
        return areas_of_day(session, scope, on, levels)
    above = Area.__table__.alias("above")
    level = select(func.count()).where(CLOSURE.c.descendant_id == Area.id).scalar_subquery()
    wanted = (
        select(Area.id, Area.name, above.c.name, level)
        .outerjoin(above, above.c.id == Area.parent_id)
        .where(Area.id.in_(areas_in(scope)), Area.valid_to.is_(None))
        .order_by(above.c.name.collate(VIETNAMESE).nulls_first(), Area.name.collate(VIETNAMESE))
    )
    if levels:
        wanted = wanted.where(Area.level_id.in_(_level_ids(levels)))
    return [
        (id_, f"{name}, {parent}" if parent else name, depth) for id_, name, parent, depth in session.execute(wanted)
    ]


def category_name(category: CardCategory) -> str:
    """What a category of cards is called in the reader's language."""
    return category.label_vi if str(get_locale()).startswith("vi") else category.label_en


def areas_of_day(session: Session, scope: Scope, on: date, levels: Sequence[str]) -> list[tuple[int, str, int]]:
    """The same by the map of a day."""
    above = Area.__table__.alias("above")
    wanted = (
        select(Area.id, Area.name, above.c.name, AreaLevel.depth)
        .join(AreaLevel, AreaLevel.id == Area.level_id)
        .outerjoin(AreaParent, and_(AreaParent.area_id == Area.id, stood_on(AreaParent, on)))
        .outerjoin(above, above.c.id == AreaParent.parent_id)
        .where(Area.id.in_(areas_in(scope)), stood_on(Area, on))
        .order_by(above.c.name.collate(VIETNAMESE).nulls_first(), Area.name.collate(VIETNAMESE))
    )
    if levels:
        wanted = wanted.where(AreaLevel.code.in_(levels))
    return [
        (id_, f"{name}, {parent}" if parent else name, depth) for id_, name, parent, depth in session.execute(wanted)
    ]


def _level_ids(codes: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return select(AreaLevel.id).where(AreaLevel.code.in_(codes))


def unplaced_by_village(session: Session, scope: Scope) -> list[Row[Any]]:
    """Per area with households: id, name, all, those without a place; the most unplaced first."""
    unplaced = func.count().filter(Household.point.is_(None))
    return list(
        session.execute(
            select(Area.id, Area.name, func.count().label("total"), unplaced.label("unplaced"))
            .join(Household, Household.area_id == Area.id)
            .where(Household.area_id.in_(areas_in(scope)), Household.ended_on.is_(None))
            .group_by(Area.id, Area.name)
            .order_by(unplaced.desc(), Area.name.collate(VIETNAMESE))
        )
    )

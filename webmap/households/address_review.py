"""Addresses whose place is not certain enough to be taken: candidates with their reasons, and what a person decides.

Accepting a place puts the household there; "not found" is remembered with the address as it was, so that a corrected
address is looked for again. Nothing is kept of candidates: each look works with the map as it is now.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from gis_layers.measure import metres_between
from gis_layers.types import LonLat
from webmap import audit
from webmap.accounts.scope import CLOSURE, Scope, areas_in, require_area
from webmap.households.errors import PlaceTakenError
from webmap.households.models import Household
from webmap.households.queries import Page, find_household
from webmap.households.rules import PlaceSource
from webmap.households.service import place_household
from webmap.settings import settings
from webmap.streets.queries import address_book
from webmap.streets.whereabouts import AddressBook, Candidate, find_places

A_PAGE = 10
MOST_LOOKED_AT = 2_000
SAME_PLACE_METRES = 1.0
ADDRESS = func.concat_ws(", ", Household.house_number, Household.alley_name, Household.address)


@dataclass(frozen=True, slots=True)
class ToReview:
    """A household without a place, its address as written, and where it may be: the surest first."""

    id: UUID
    code: str
    head_name: str | None
    address: str
    candidates: list[Candidate]


@dataclass(frozen=True, slots=True)
class Review:
    """One page of a village's review list, and how the rest stands."""

    page: Page
    certain: int
    unknown: int
    not_found: int
    has_book: bool


class Books(dict[int, AddressBook]):
    """What the map knows around each village, looked up once."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def __missing__(self, area_id: int) -> AddressBook:
        self[area_id] = address_book(self._session, area_id)
        return self[area_id]


def review(session: Session, scope: Scope, area_id: int, number: int = 1) -> Review:
    """The households of an area whose address has uncertain candidates; how many are certain, or known nowhere."""
    require_area(session, scope, area_id)
    books = Books(session)
    found = [_to_review(books[one.area_id], one) for one in _unplaced(session, scope, area_id)]
    certainty = settings().address_certainty
    uncertain = [one for one in found if one.candidates and one.candidates[0].certainty < certainty]
    uncertain.sort(key=lambda one: -one.candidates[0].certainty)
    certain = sum(bool(one.candidates) for one in found) - len(uncertain)
    pages = max(1, -(-len(uncertain) // A_PAGE))
    number = min(max(number, 1), pages)
    first = (number - 1) * A_PAGE
    rows = uncertain[first : first + A_PAGE]
    page = Page(number, pages, len(uncertain), first + 1 if uncertain else 0, first + len(rows), rows)
    unknown = sum(not one.candidates for one in found)
    return Review(page, certain, unknown, _not_found(session, scope, area_id), bool(books[area_id]))


def place_certain(session: Session, scope: Scope, area_id: int) -> int:
    """Place every household of an area whose address is certain by today's map; returns how many. Twice is once."""
    require_area(session, scope, area_id)
    books = Books(session)
    placed = 0
    for household in _unplaced(session, scope, area_id):
        found = _to_review(books[household.area_id], household).candidates
        if found and found[0].certainty >= settings().address_certainty:
            _place(session, scope, household.id, found[0].position)
            placed += 1
    return placed


def accept(session: Session, scope: Scope, household_id: UUID, lon: float, lat: float) -> None:
    """Place a household at one of its candidates. The same again is once.

    PlaceTakenError when somebody placed it elsewhere meanwhile, or the map has changed and nothing is there any more.
    """
    household = find_household(session, scope, household_id, lock=True)
    wanted = LonLat(lon, lat)
    if household.point is not None:
        at = session.execute(select(func.st_x(household.point), func.st_y(household.point))).one()
        if metres_between(LonLat(*at), wanted) <= SAME_PLACE_METRES:
            return
        raise PlaceTakenError
    candidates = _to_review(address_book(session, household.area_id), household).candidates
    if not any(metres_between(one.position, wanted) <= SAME_PLACE_METRES for one in candidates):
        raise PlaceTakenError
    _place(session, scope, household_id, wanted)


def not_found(session: Session, scope: Scope, household_id: UUID) -> None:
    """Remember that an address was looked for and not found; it comes back when it is written otherwise."""
    household = find_household(session, scope, household_id, lock=True)
    if household.point is not None:
        raise PlaceTakenError
    household.address_not_found = _written(household)
    session.flush()
    audit.record(session, scope, "address not found", "household", household.id, area_id=household.area_id)


def look_again(session: Session, scope: Scope, area_id: int) -> int:
    """Put every address of an area that was not found back on the list; returns how many."""
    require_area(session, scope, area_id)
    households = session.scalars(select(Household).where(*_of_area(scope, area_id), _is_given_up())).all()
    for household in households:
        household.address_not_found = None
        audit.record(session, scope, "look again for address", "household", household.id, area_id=household.area_id)
    return len(households)


def _place(session: Session, scope: Scope, household_id: UUID, at: LonLat) -> None:
    place_household(session, scope, household_id, at.lon, at.lat, source=PlaceSource.BUILDING)


def _unplaced(session: Session, scope: Scope, area_id: int) -> list[Household]:
    has_address = or_(Household.house_number.is_not(None), Household.alley_name.is_not(None), Household.address != "")
    wanted = select(Household).where(*_of_area(scope, area_id), has_address, ~_is_given_up())
    return list(session.scalars(wanted.order_by(Household.area_id, Household.code).limit(MOST_LOOKED_AT)))


def _of_area(scope: Scope, area_id: int) -> tuple[ColumnElement[bool], ...]:
    below = select(CLOSURE.c.descendant_id).where(CLOSURE.c.ancestor_id == area_id)
    mine = Household.area_id.in_(areas_in(scope))
    return Household.area_id.in_(below), mine, Household.point.is_(None), Household.ended_on.is_(None)


def _is_given_up() -> ColumnElement[bool]:
    return func.coalesce(Household.address_not_found == ADDRESS, False)


def _not_found(session: Session, scope: Scope, area_id: int) -> int:
    return session.scalar(select(func.count()).where(*_of_area(scope, area_id), _is_given_up())) or 0


def _to_review(book: AddressBook, household: Household) -> ToReview:
    number = household.house_number or household.address or ""
    candidates = find_places(book, number, household.alley_name or "")
    return ToReview(household.id, household.code, household.head_name, _written(household), candidates)


def _written(household: Household) -> str:
    parts = (household.house_number, household.alley_name, household.address)
    return ", ".join(part for part in parts if part is not None)

"""Where is this address? By house numbers that somebody surveyed, never by guessing between them."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from gis_layers.measure import metres_between
from gis_layers.types import LonLat
from webmap.database.sql_files import sql
from webmap.streets.addresses import Address, is_same_street, parse_address, readings

SAME_HOUSE_METRES = 40.0  # a gate, a door and a roof of one address lie no further apart

Certainty = Literal["exact", "likely"]


@dataclass(frozen=True, slots=True)
class Match:
    """A place found for an address.

    "exact": number, alleys and street are the same. "likely": the slash had to be read the other way round, or the
    number stands on a plate with several. `address` is what the map says there.
    """

    position: LonLat
    certainty: Certainty
    building_id: int | None
    address: str


@dataclass(frozen=True, slots=True)
class Number:
    """A surveyed house number."""

    position: LonLat
    building_id: int | None
    written: str
    address: Address
    is_sure: bool


AddressBook = dict[str, list[Number]]


def address_book(session: Session, area_id: int) -> AddressBook:
    """All known house numbers in and around an area, by key. Make it once for many look-ups (an import).

    Empty for an area that has no boundary, and whose commune has none.
    """
    book: AddressBook = {}
    for house_number, street, lon, lat, building_id in session.execute(
        sql("webmap.streets", "numbers_around"), {"area_id": area_id}
    ):
        written = f"{house_number}, {street}".strip(", ")
        for reading, address in enumerate(readings(parse_address(house_number, street))):
            for house in address.houses:
                is_sure = reading == 0 and len(address.houses) == 1
                number = Number(LonLat(lon, lat), building_id, written, address, is_sure)
                book.setdefault(f"{address.alley_key}|{house}", []).append(number)
    return book


def look_up(book: AddressBook, house_number: str, alley_name: str) -> Match | None:
    """Find an address as somebody wrote it; None when it is not known, or is known at several places."""
    for reading, wanted in enumerate(readings(parse_address(house_number, alley_name))):
        if not wanted.houses or not wanted.street:
            return None
        found = [number for number in book.get(wanted.key, ()) if is_same_street(wanted, number.address)]
        if not found:
            continue
        best = min(found, key=lambda number: (not number.is_sure, number.building_id is None))
        if any(metres_between(best.position, other.position) > SAME_HOUSE_METRES for other in found):
            return None
        certainty: Certainty = "exact" if best.is_sure and reading == 0 else "likely"
        return Match(best.position, certainty, best.building_id, best.written)
    return None


def place_for_address(session: Session, area_id: int, house_number: str, alley_name: str) -> Match | None:
    """Find one address in and around an area. For many at once: `address_book` and `look_up`."""
    return look_up(address_book(session, area_id), house_number, alley_name)

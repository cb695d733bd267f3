"""What is known of addresses in and around an area."""

from sqlalchemy.orm import Session

from gis_layers.types import LonLat
from webmap.database.sql_files import sql
from webmap.settings import settings
from webmap.streets.whereabouts import AddressBook, Candidate, look_up

PACKAGE = "webmap.streets"


def address_book(session: Session, area_id: int) -> AddressBook:
    """All known house numbers and named alleys in and around an area. Make it once for many look-ups.

    Empty for an area that has no boundary, and whose commune has none.
    """
    known = {"area_id": area_id}
    book = AddressBook(is_of_village=bool(session.scalar(sql(PACKAGE, "is_village_with_boundary"), known)))
    for house_number, street, lon, lat, building_id in session.execute(sql(PACKAGE, "numbers_around"), known):
        book.add_number(house_number, street, LonLat(lon, lat), building_id)
    for name, lon, lat, metres in session.execute(sql(PACKAGE, "alleys_by_name"), known):
        book.add_alley(name, LonLat(lon, lat), metres)
    return book


def place_for_address(session: Session, area_id: int, house_number: str, alley_name: str) -> Candidate | None:
    """Find one address in and around an area, where it is as certain as the setting address_certainty asks.

    For many at once: `address_book` and `whereabouts.find_places`.
    """
    book = address_book(session, area_id)
    return look_up(book, house_number, alley_name, settings().address_certainty)

import csv
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.measure import metres_between
from gis_layers.types import LonLat
from tests.builders import an_area
from webmap.accounts.scope import SYSTEM
from webmap.areas.models import Source
from webmap.mapfiles.inputs import StreetsOrder
from webmap.mapfiles.streets import import_streets
from webmap.streets.queries import address_book, look_up, place_for_address


@pytest.fixture
def ward(session: Session) -> int:
    made = an_area(session, "00199", "Văn Miếu", "commune", None, box=(105.815, 21.015, 105.845, 21.040))
    session.execute(select(func.area_tree_rebuild()))
    return made


def number(session: Session, house_number: str, street: str, lon: float, lat: float) -> None:
    source = Source(name="survey", kind="streets")
    session.add(source)
    session.flush()
    session.execute(
        text(
            "insert into address_point (house_number, street, source_id, point)"
            " values (:number, :street, :source, st_setsrid(st_makepoint(:lon, :lat), 4326))"
        ),
        {"number": house_number, "street": street, "source": source.id, "lon": lon, "lat": lat},
    )


def test_real_addresses_of_a_quarter_are_found_where_they_are(session: Session, ward: int, shared_data: Path) -> None:
    path = shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf"
    import_streets(session, SYSTEM, path, StreetsOrder(source_name="x", area_ids=(ward,)), lambda _: None)
    book = address_book(session, ward)
    with (shared_data / "survey" / "addresses_hanoi_osm.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    found = [(row, look_up(book, row["so_nha"], row["duong_ngo"])) for row in rows]
    placed = [(row, match) for row, match in found if match is not None]

    assert len(placed) > 200
    for row, match in placed:
        assert metres_between(match.position, LonLat(float(row["lon"]), float(row["lat"]))) < 60, row
    assert sum(match.certainty == "exact" for _, match in placed) > 180


def test_an_address_is_found_however_it_is_written(session: Session, ward: int) -> None:
    number(session, "25", "Ngõ 158 Phố Hào Nam", 105.83, 21.02)

    for house_number, alley_name in (("158/25", "Hào Nam"), ("25 ngõ 158", "phố Hào Nam"), ("25", "Ngo 158 Hao Nam")):
        match = place_for_address(session, ward, house_number, alley_name)
        assert match is not None
        assert (match.position, match.certainty) == (LonLat(105.83, 21.02), "exact")


def test_a_slash_read_the_other_way_round_is_only_likely(session: Session, ward: int) -> None:
    number(session, "10", "Ngách 49 Ngõ Quan Thổ 1", 105.83, 21.02)

    match = place_for_address(session, ward, "10/49", "Ngõ Quan Thổ 1")

    assert match is not None
    assert match.certainty == "likely"


def test_one_of_several_numbers_on_a_plate_is_only_likely(session: Session, ward: int) -> None:
    number(session, "47-49", "Phố Văn Miếu", 105.83, 21.02)

    match = place_for_address(session, ward, "49", "Văn Miếu")

    assert match is not None
    assert match.certainty == "likely"


def test_a_number_known_at_two_places_is_placed_at_neither(session: Session, ward: int) -> None:
    number(session, "5", "Phố Văn Miếu", 105.83, 21.02)
    number(session, "5", "Phố Văn Miếu", 105.835, 21.02)

    assert place_for_address(session, ward, "5", "Phố Văn Miếu") is None


@pytest.mark.parametrize(
    ("house_number", "alley_name"),
    [("7", "Phố Văn Miếu"), ("5B", "Phố Văn Miếu"), ("5", "Ngõ Văn Miếu"), ("5", ""), ("", "Phố Văn Miếu"), ("", "")],
)
def test_what_is_not_known_is_never_invented(session: Session, ward: int, house_number: str, alley_name: str) -> None:
    number(session, "5", "Phố Văn Miếu", 105.83, 21.02)
    number(session, "9", "Phố Văn Miếu", 105.83, 21.021)

    assert place_for_address(session, ward, house_number, alley_name) is None


def test_a_number_of_the_next_town_is_none_of_ours(session: Session, ward: int) -> None:
    number(session, "5", "Phố Văn Miếu", 105.95, 21.02)

    assert place_for_address(session, ward, "5", "Phố Văn Miếu") is None


def test_a_village_without_a_boundary_is_searched_in_its_commune(session: Session, ward: int) -> None:
    village = an_area(session, "v1", "Tổ 1", "village", ward)
    session.execute(select(func.area_tree_rebuild()))
    number(session, "5", "Phố Văn Miếu", 105.83, 21.02)

    assert place_for_address(session, village, "5", "Phố Văn Miếu") is not None

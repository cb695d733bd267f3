import csv
from collections import Counter
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
from webmap.settings import Settings
from webmap.streets.queries import address_book, place_for_address
from webmap.streets.whereabouts import AddressBook, Reason, find_places, look_up

CERTAIN = Settings().address_certainty


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

    found = [(row, look_up(book, row["so_nha"], row["duong_ngo"], CERTAIN)) for row in rows]
    placed = [(row, match) for row, match in found if match is not None]

    assert len(placed) > 130
    for row, match in placed:
        assert metres_between(match.position, LonLat(float(row["lon"]), float(row["lat"]))) < 60, row


def test_real_addresses_without_their_own_point_are_found_or_left_to_a_person(shared_data: Path) -> None:
    with (shared_data / "survey" / "addresses_hanoi_osm.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    places = [LonLat(float(row["lon"]), float(row["lat"])) for row in rows]
    whole = AddressBook()
    for n, (row, place) in enumerate(zip(rows, places, strict=True)):
        whole.add_number(row["so_nha"], row["duong_ngo"], place, n)
    answers: Counter[str] = Counter()

    for own, row in enumerate(rows):
        others = {key: [one for one in known if one.building_id != own] for key, known in whole.numbers.items()}
        book = AddressBook(numbers=others)
        found = find_places(book, row["so_nha"], row["duong_ngo"])
        near = [metres_between(one.position, places[own]) <= 20 for one in found]
        if found and found[0].certainty >= CERTAIN:
            answers["right" if near[0] else "wrong"] += 1
        else:
            answers["review" if found else "nothing"] += 1
            answers["right among the candidates"] += any(near)

    # docs/decisions/0021 tells these numbers
    assert answers == {"right": 89, "wrong": 10, "review": 111, "nothing": 43, "right among the candidates": 45}


def test_an_address_is_found_however_it_is_written(session: Session, ward: int) -> None:
    number(session, "25", "Ngõ 158 Phố Hào Nam", 105.83, 21.02)

    for house_number, alley_name in (("158/25", "Hào Nam"), ("25 ngõ 158", "phố Hào Nam"), ("25", "Ngo 158 Hao Nam")):
        match = place_for_address(session, ward, house_number, alley_name)
        assert match is not None
        assert (match.position, match.reason) == (LonLat(105.83, 21.02), Reason.LONELY)


def the_best(session: Session, ward: int, house_number: str, alley_name: str) -> tuple[Reason, bool]:
    """Why an address is where it is thought to be, and whether that is enough to place it."""
    best = find_places(address_book(session, ward), house_number, alley_name)[0]
    return best.reason, best.certainty >= CERTAIN


def test_a_slash_read_the_other_way_round_is_for_a_person_to_say(session: Session, ward: int) -> None:
    number(session, "10", "Ngách 49 Ngõ Quan Thổ 1", 105.83, 21.02)

    assert the_best(session, ward, "10/49", "Ngõ Quan Thổ 1") == (Reason.TURNED, False)


def test_numbers_on_both_sides_make_a_number_certain_or_doubtful(session: Session, ward: int) -> None:
    for n in (3, 5, 9, 11):
        number(session, str(n), "Phố Văn Miếu", 105.83 + n * 0.00004, 21.02)
    number(session, "7", "Phố Văn Miếu", 105.83 + 7 * 0.00004, 21.02)
    assert the_best(session, ward, "7", "Văn Miếu") == (Reason.SAME, True)

    session.execute(text("update address_point set point = st_translate(point, 0, 0.001) where house_number = '7'"))

    assert the_best(session, ward, "7", "Văn Miếu") == (Reason.UNLIKE_NEIGHBOURS, False)


def test_a_number_between_near_neighbours_is_placed_between_far_ones_it_is_not(session: Session, ward: int) -> None:
    for n, lon in ((3, 105.8300), (7, 105.8302), (21, 105.8320)):
        number(session, str(n), "Phố Văn Miếu", lon, 21.02)

    near = find_places(address_book(session, ward), "5", "Phố Văn Miếu")[0]

    assert abs(near.position.lon - 105.8301) < 1e-9
    assert (near.reason, near.certainty >= CERTAIN) == (Reason.BETWEEN, True)
    assert the_best(session, ward, "11", "Phố Văn Miếu") == (Reason.BETWEEN, False)


def test_another_letter_a_neighbour_and_an_alley_are_only_candidates(session: Session, ward: int) -> None:
    number(session, "12", "Phố Văn Miếu", 105.83, 21.02)
    source = session.scalars(select(Source.id)).first()
    line = "st_setsrid(st_makeline(st_point(105.835, 21.02), st_point(105.835, 21.0203)), 4326)"
    session.execute(
        text(
            f"insert into alley (kind, name, source_id, line) values ('alley', 'Ngõ 27 Phố Văn Miếu', :source, {line})"
        ),
        {"source": source},
    )

    assert the_best(session, ward, "12A", "Văn Miếu") == (Reason.OTHER_LETTER, False)
    assert the_best(session, ward, "14", "Văn Miếu") == (Reason.BESIDE, False)
    assert the_best(session, ward, "27/4", "Văn Miếu") == (Reason.ALLEY, False)


def test_a_number_of_a_hidden_outline_is_one_of_the_shown(session: Session, ward: int) -> None:
    number(session, "5", "Phố Văn Miếu", 105.83, 21.02)
    box = "st_makeenvelope(105.8299, 21.0199, 105.8301, 21.0201, 4326)"
    source = session.scalars(select(Source.id)).first()
    shown, hidden = (
        session.scalar(
            text(f"insert into building (source_id, outline, same_as_id) values (:source, {box}, :same) returning id"),
            {"source": source, "same": same},
        )
        for same in (None, None)
    )
    session.execute(
        text("update building set same_as_id = :shown where id = :hidden"), {"shown": shown, "hidden": hidden}
    )

    match = place_for_address(session, ward, "5", "Phố Văn Miếu")

    assert match is not None
    assert match.building_id == shown


def test_a_number_known_at_two_places_is_placed_at_neither(session: Session, ward: int) -> None:
    number(session, "5", "Phố Văn Miếu", 105.83, 21.02)
    number(session, "5", "Phố Văn Miếu", 105.835, 21.02)

    assert place_for_address(session, ward, "5", "Phố Văn Miếu") is None


@pytest.mark.parametrize(
    ("house_number", "alley_name"),
    [("33", "Phố Văn Miếu"), ("5B", "Phố Văn Miếu"), ("5", "Ngõ Văn Miếu"), ("5", ""), ("", "Phố Văn Miếu"), ("", "")],
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

import csv
from pathlib import Path

import pytest

from webmap.streets.addresses import is_same_street, parse_address, readings


@pytest.mark.parametrize(
    ("house_number", "alley_name", "key"),
    [
        ("158/25", "Phố Hào Nam", "hao nam|158|25"),
        ("25", "Ngõ 158 Hào Nam", "hao nam|158|25"),
        ("25 ngõ 158 phố Hào Nam", "", "hao nam|158|25"),
        ("Số 3, Ngõ 107A", "Phố Tôn Đức Thắng", "ton duc thang|107A|3"),
        ("98 Bis", "Nguyễn Thái Học", "nguyen thai hoc|98BIS"),
        ("98bis", "phố nguyễn thái học", "nguyen thai hoc|98BIS"),
        ("7", "Hẻm 14 Ngách 58 Ngõ 46 Phố Hào Nam", "hao nam|46|58|14|7"),
        ("Ngõ 46 ngách 58 hẻm 14 số 7", "Hào Nam", "hao nam|46|58|14|7"),
        ("24 ngách 30", "Ngõ Thông Phong", "thong phong|30|24"),
        ("12", "Ngõ 68, An Trạch", "an trach|68|12"),
        ("12", "Ngõ An Trạch 1", "an trach 1|12"),
        ("No. 1B", "Phố Quốc Tử Giám", "quoc tu giam|1B"),
        ("05", "Đường số 12", "so 12|5"),
        ("K25/12 Trần Cao Vân", "", "tran cao van|K25|12"),
        ("12 ngo 27 pho cat linh", "", "cat linh|27|12"),
        ("Số nhà 05, thôn Quảng Xá", "", "|5"),
    ],
)
def test_one_door_has_one_key_however_it_is_written(house_number: str, alley_name: str, key: str) -> None:
    assert parse_address(house_number, alley_name).key == key


@pytest.mark.parametrize(
    ("written", "street"),
    [
        ("3 Ngô Sỹ Liên", "ngo sy lien"),
        ("3 ngo si lien", "ngo si lien"),
        ("15 Tô Hiệu", "to hieu"),
        ("5 Đội Cấn", "doi can"),
        ("8 Nhà Thờ", "nha tho"),
        ("4 Huyền Trân Công Chúa", "huyen tran cong chua"),
        ("12 Dương Quảng Hàm", "duong quang ham"),
    ],
)
def test_names_that_look_like_keywords_stay_names(written: str, street: str) -> None:
    assert parse_address(written).street == street


def test_village_and_commune_are_set_aside() -> None:
    address = parse_address("12 Trần Phú, tổ 3, phường Ô Chợ Dừa, TP. Hà Nội")

    assert address.key == "tran phu|12"
    assert address.places == ("to 3", "phuong o cho dua", "tp ha noi")


def test_without_a_house_number_there_is_no_key() -> None:
    assert parse_address("", "Ngõ 105").key == ""
    assert parse_address("Thôn Hữu Tân, xã Tân Ninh").key == ""
    assert parse_address("", "").key == ""


def test_a_slash_can_be_read_both_ways_and_says_so() -> None:
    address = parse_address("10/49", "Ngõ Quan Thổ 1")

    assert [one.key for one in readings(address)] == ["quan tho 1|10|49", "quan tho 1|49|10"]
    assert len(readings(parse_address("49", "Ngõ 10"))) == 1


def test_several_numbers_on_one_plate_are_all_kept() -> None:
    assert parse_address("56-58-60", "Phố Nguyễn Thái Học").houses == ("56", "58", "60")


def test_an_alley_and_a_street_of_one_name_are_two_but_a_missing_word_is_forgiven() -> None:
    alley, street = parse_address("5", "Ngõ Hàng Cháo"), parse_address("5", "Phố Hàng Cháo")

    assert not is_same_street(alley, street)
    assert is_same_street(parse_address("5", "Hàng Cháo"), street)
    assert is_same_street(parse_address("3", "Ngô Sĩ Liên"), parse_address("3", "Ngô Sỹ Liên"))


def test_every_real_address_of_a_ha_noi_quarter_is_understood(shared_data: Path) -> None:
    with (shared_data / "survey" / "addresses_hanoi_osm.csv").open(encoding="utf-8") as file:
        found = [parse_address(row["so_nha"], row["duong_ngo"]) for row in csv.DictReader(file)]

    assert len(found) == 253
    assert all(address.key and address.street for address in found)

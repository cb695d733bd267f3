"""Cells as people write them become one way of writing, or say precisely why not."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap.households.importing import cleaning, words
from webmap.households.importing.cells import Cell, Spoiled
from webmap.households.importing.coordinates import Degrees, Metres, clean_degrees, clean_metres, clean_pair
from webmap.households.importing.dates import Birth, clean_birth, clean_day
from webmap.households.importing.phones import clean_phone
from webmap.households.importing.reasons import REMARKS, ROW_REASONS
from webmap.households.importing.results import Found, Trouble

TODAY = date(2026, 5, 20)
CLEANERS = (
    cleaning.clean_text, cleaning.clean_name, cleaning.clean_citizen_id, cleaning.clean_insurance_code,
    cleaning.clean_card_number, cleaning.clean_household_code, clean_phone, clean_pair, words.clean_sex,
    words.clean_residency, words.clean_reason, words.clean_relationship, words.clean_category,
    lambda cell: clean_birth(cell, TODAY), lambda cell: clean_day(cell, TODAY),
    lambda cell: clean_degrees(cell, cell), lambda cell: clean_metres(cell, cell),
)  # fmt: skip


def value(result: object) -> object:
    assert isinstance(result, Found), result
    return result.value


def code(result: object) -> str:
    assert isinstance(result, Trouble), result
    return result.code


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  Nguyễn   Văn An ", "Nguyễn Văn An"),
        ("NGUYỄN THỊ ĐÀO", "Nguyễn Thị Đào"),
        ("lê văn út", "Lê Văn Út"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("Ksor H'Bơ Khăp", "Ksor H'Bơ Khăp"),
        ("Trần\u00a0Văn\u200b Bình", "Trần Văn Bình"),
    ],
)
def test_a_name_is_kept_as_people_write_it(written: str, read: str) -> None:
    assert value(cleaning.clean_name(written)) == read


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Nguyễn Văn 2", "name_has_digit"),
        ("Trần Thị Mai (chết)", "name_has_note"),
        ("NguyÔn V¨n A", "name_has_sign"),
        ("A", "name_too_short"),
        (date(1980, 1, 1), "name_is_date"),
        (Spoiled("#N/A"), "cell_error"),
        (Spoiled(""), "formula_without_value"),
        ("An\ufffdh", "garbled"),
    ],
)
def test_a_name_that_is_none_says_why(written: Cell, why: str) -> None:
    assert code(cleaning.clean_name(written)) == why


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12/05/1980", Birth(1980, date(1980, 5, 12))),
        ("5-3-1980", Birth(1980, date(1980, 3, 5))),
        ("05.03.80", Birth(1980, date(1980, 3, 5))),
        ("05/03/15", Birth(2015, date(2015, 3, 5))),
        ("1980", Birth(1980)),
        (1980, Birth(1980)),
        ("03/1980", Birth(1980)),
        ("00/00/1980", Birth(1980)),
        ("1980-03-05", Birth(1980, date(1980, 3, 5))),
        ("19800305", Birth(1980, date(1980, 3, 5))),
        ("05031980", Birth(1980, date(1980, 3, 5))),
        ("ngày 5 tháng 3 năm 1980", Birth(1980, date(1980, 3, 5))),
        ("05/03/1980 00:00:00", Birth(1980, date(1980, 3, 5))),
        (datetime(1980, 3, 5, 7, 0), Birth(1980, date(1980, 3, 5))),  # noqa: DTZ001 - Excel knows no zones
        (29285, Birth(1980, date(1980, 3, 5))),
    ],
)
def test_a_birth_is_read_in_every_way_of_writing(written: Cell, read: Birth) -> None:
    assert value(clean_birth(written, TODAY)) == read


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("31/02/1980", "no_such_day"),
        ("05/13/1980", "no_such_month"),
        ("21/05/2026", "birth_in_future"),
        ("2027", "birth_in_future"),
        ("1/1/1875", "birth_too_long_ago"),
        ("hôm qua", "not_a_date"),
        ("123", "not_a_date"),
    ],
)
def test_a_birth_that_cannot_be_says_why(written: str, why: str) -> None:
    assert code(clean_birth(written, TODAY)) == why


def test_the_days_of_a_card_are_whole_days_of_this_time() -> None:
    assert value(clean_day("31/12/26", TODAY)) == date(2026, 12, 31)
    assert code(clean_day("2026", TODAY)) == "day_incomplete"
    assert code(clean_day("12/2026", TODAY)) == "day_incomplete"
    assert code(clean_day("31/12/2206", TODAY)) == "day_not_believable"


@given(st.dates(date(1900, 1, 1), TODAY))
def test_a_day_survives_every_way_of_writing_it(day: date) -> None:
    for written in (
        f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day:%d%m%Y}",
        f"{day.day}/{day.month}/{day.year}", day,
    ):  # fmt: skip
        assert value(clean_birth(written, TODAY)) == Birth(day.year, day)


@given(
    st.one_of(
        st.none(), st.booleans(), st.text(max_size=60), st.integers(), st.floats(allow_nan=False), st.dates(),
        st.builds(Spoiled, st.text(max_size=8)), st.from_regex(r"[0-9.,/ \-]{1,20}", fullmatch=True),
    )
)  # fmt: skip
def test_any_cell_at_all_gets_a_value_or_a_reason_with_a_sentence(cell: Cell) -> None:
    for clean in CLEANERS:
        result = clean(cell)  # type: ignore[no-untyped-call]
        if isinstance(result, Trouble):
            assert ROW_REASONS[result.code] % {key: str(fact) for key, fact in result.facts.items()}
        elif isinstance(result, Found):
            assert result.value is not None
            assert result.remark == "" or result.remark in REMARKS
        else:
            assert result is None


def test_citizen_ids_are_checked_and_lost_zeros_restored() -> None:
    assert cleaning.clean_citizen_id("044 080 001234") == Found("044080001234")
    assert cleaning.clean_citizen_id(44080001234) == Found("044080001234", "zeros_restored")
    assert cleaning.clean_citizen_id("123456789") == Found("123456789")
    assert code(cleaning.clean_citizen_id("999080001234")) == "citizen_id_province"
    assert code(cleaning.clean_citizen_id("044980001234")) == "citizen_id_century"
    assert code(cleaning.clean_citizen_id("4.408E+10")) == "rounded_by_excel"
    assert code(cleaning.clean_citizen_id("0440800O1234")) == "not_a_number"
    assert cleaning.born_of_citizen_id("044180001234") == (1980, "female")
    assert cleaning.born_of_citizen_id("044215001234") == (2015, "male")


def test_card_numbers_hold_category_and_insurance_code() -> None:
    assert value(cleaning.clean_card_number("gd4 44 4400.000.001")) == "GD4444400000001"
    assert cleaning.code_of_card("GD4444400000001") == "4400000001"
    assert cleaning.category_of_card("GD4444400000001") == "GD"
    assert cleaning.clean_card_number(440000001) == Found("0440000001", "zeros_restored")
    assert code(cleaning.clean_card_number("GD4")) == "card_number_length"
    assert code(cleaning.clean_card_number("4DG444400000001")) == "card_number_form"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0912 345 678", "0912345678"),
        (912345678, "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("01682345678", "0382345678"),
        ("0912345678 / 0987654321", "0912345678"),
        ("0232 3822 123", "02323822123"),
    ],
)
def test_phones_get_one_form(written: Cell, read: str) -> None:
    assert value(clean_phone(written)) == read


def test_places_are_read_and_never_swapped_silently() -> None:
    assert value(clean_degrees("106,63688", "17,40485")) == Degrees(106.63688, 17.40485)
    assert value(clean_degrees(106.5, 17.4)) == Degrees(106.5, 17.4)
    assert value(clean_degrees("106°30'0\" Đ", "17°24'0\" B")) == Degrees(106.5, 17.4)
    assert value(clean_pair("17.40485, 106.63688")) == Degrees(106.63688, 17.40485)
    assert value(clean_pair("17.40485 106.63688 5.1 4.0")) == Degrees(106.63688, 17.40485)
    assert value(clean_metres("1.925.142,7", "567469.72")) == Metres(1925142.7, 567469.72)
    assert code(clean_degrees(17.4, 106.5)) == "place_swapped"
    assert code(clean_degrees(0, 0)) == "place_is_zero"
    assert code(clean_degrees(106.5, None)) == "half_a_place"
    assert code(clean_degrees(1925142.7, 567469.72)) == "place_in_metres"
    assert code(clean_metres(567469.72, 1925142.7)) == "place_swapped"
    assert code(clean_degrees(2.35, 48.85)) == "place_outside_vietnam"


def test_words_of_short_lists_are_understood_with_and_without_marks() -> None:
    assert value(words.clean_sex("NỮ")) == "female"
    assert value(words.clean_relationship("Chủ hộ")) == "head"
    assert value(words.clean_relationship("Con dâu")) == "Con dâu"
    assert value(words.clean_residency("Đi làm ăn xa")) == "away"
    assert value(words.clean_reason("QĐ 861")) == "lost_subsidy"
    assert value(words.clean_category("GD4")) == "GD"
    assert value(words.clean_category("Hộ cận nghèo")) == "CN"
    assert value(words.clean_category("HN - Hộ nghèo")) == "HN"
    assert code(words.clean_category("Người quen")) == "unknown_category"
    assert words.is_yes("x") is True
    assert words.is_yes("Không") is False

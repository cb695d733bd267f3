import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.positions import angle_of, column_of, number_of, pair_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1925142.7", 1925142.7),
        ("1.925.142,7", 1925142.7),
        ("1 925 142,7", 1925142.7),
        ("1,925,142.7", 1925142.7),
        ("1.925.142", 1925142.0),
        ("106,63688", 106.63688),
        (" -10.71 ", -10.71),
        ("2.5E3", 2500.0),
        ("", None),
        ("n/a", None),
        ("12a", None),
        ("1e999", None),
        ("--5", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("21°01'42\"N", 21 + 1 / 60 + 42 / 3600),
        ("21° 1′ 42.5″", 21 + 1 / 60 + 42.5 / 3600),
        ("21 01 42", 21 + 1 / 60 + 42 / 3600),
        ("21:01:42", 21 + 1 / 60 + 42 / 3600),
        ("105°50,5'Đ", 105 + 50.5 / 60),
        ("N21.03", 21.03),
        ("105,83 E", 105.83),
        ("10°30'S", -10.5),
        ("10.5 W", -10.5),
        ("-10°30'", -10.5),
        ("585 728", 585728.0),
        ("21°61'", None),
        ("N 21°01' N", None),
        ("phố", None),
    ],
)
def test_degrees_are_read_with_minutes_seconds_and_directions(text: str, degrees: float | None) -> None:
    assert angle_of(text) == (None if degrees is None else pytest.approx(degrees, abs=1e-12))


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("6.3388 -10.7145 -4.0 4.7", (6.3388, -10.7145)),
        ("21.03,105.8", (21.03, 105.8)),
        ("21.03, 105.8", (21.03, 105.8)),
        ("21,03; 105,8", (21.03, 105.8)),
        ("21,03 105,8", (21.03, 105.8)),
        ("21,03,105,8", (21.03, 105.8)),
        ("(21.03, 105.8)", (21.03, 105.8)),
        ("21°30'N, 105°30'E", (21.5, 105.5)),
        ("21°30'00\"N 105°30'00\"E", (21.5, 105.5)),
        ("n/a", None),
        ("21.03", None),
        ("", None),
    ],
)
def test_two_coordinates_in_a_cell_are_parted(text: str, pair: tuple[float, float] | None) -> None:
    assert pair_of(text) == (None if pair is None else pytest.approx(pair))


@given(number=st.floats(-3e6, 3e6, allow_nan=False).map(lambda one: round(one, 4)))
def test_every_way_to_write_a_number_is_the_same_number(number: float) -> None:
    grouped = f"{number:,.4f}"
    for text in (f"{number:.4f}", f"{number:.4f}".replace(".", ","), grouped.translate(str.maketrans(",.", ".,"))):
        assert number_of(text) == number
    if abs(number) >= 1000:
        assert number_of(grouped) == number


@given(seconds=st.integers(-180 * 3600, 180 * 3600))
def test_degrees_minutes_seconds_are_the_degrees_they_were_made_of(seconds: int) -> None:
    size = abs(seconds)
    text = f"{size // 3600}°{size // 60 % 60:02}'{size % 60:02}\"{'W' if seconds < 0 else 'E'}"

    assert angle_of(text) == (None if size == 180 * 3600 else pytest.approx(seconds / 3600, abs=1e-9))


@given(text=st.text(max_size=40))
def test_any_text_is_a_finite_number_or_none(text: str) -> None:
    for read in (number_of(text), angle_of(text), *(pair_of(text) or ())):
        assert read is None or np.isfinite(read)


def test_a_column_tells_what_is_missing_from_what_is_wrong() -> None:
    numbers, wrong = column_of(["105,5", "", None, "n/a", "bờ sông", "106"])

    assert np.isnan(numbers).tolist() == [False, True, True, True, True, False]
    assert wrong.tolist() == [False, False, False, False, True, False]


def test_thousands_dots_are_seen_where_the_whole_column_has_them() -> None:
    assert column_of(["567.469", "568.120"])[0].tolist() == [567_469.0, 568_120.0]
    assert column_of(["105.834", "105.835"])[0].tolist() == [105.834, 105.835]
    assert column_of(["567.469", "12"])[0].tolist() == [567.469, 12.0]

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap.text import fold, nfc, plain, same_tone_place, search_words, sort_key

vietnamese = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậĐÂÔƠƯ 0123456789-/", max_size=30)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Nguyễn  Đình-Hoà", "nguyen dinh hoa"),
        ("NGUYỄN ĐÌNH HÒA", "nguyen dinh hoa"),
        (normalize("NFD", "Đặng Thị Ưởng"), "dang thi uong"),
        ("\u00adHữu\u200b Tân\ufeff", "huu tan"),
        ("Ngõ 12/3, Đê La Thành", "ngo 12 3 de la thanh"),
        ("", ""),
    ],
)
def test_spellings_of_one_name_fold_to_one(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(vietnamese)
def test_folding_does_not_care_how_letters_are_composed_and_folds_once(text: str) -> None:
    assert fold(normalize("NFD", text)) == fold(normalize("NFC", text))
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii()
    assert search_words(text) == tuple(fold(text).split())


@given(vietnamese)
def test_kept_text_is_composed_without_stray_blanks(text: str) -> None:
    kept = nfc(normalize("NFD", f"  {text} "))

    assert kept == normalize("NFC", kept)
    assert kept == " ".join(kept.split())
    assert fold(kept) == fold(text)


def test_plain_keeps_what_fold_throws_away() -> None:
    assert plain("Ngõ 12/3 – Đê") == "ngo 12/3 - de"


@pytest.mark.parametrize(
    ("written", "older"),
    [("Hoà", "Hòa"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("quý", "quý"), ("Hoàn", "Hoàn"), ("Thuỷ Hoà", "Thủy Hòa")],
)
def test_either_place_of_a_tone_mark_is_one_spelling(written: str, older: str) -> None:
    assert same_tone_place(written) == older
    assert same_tone_place(older) == older


def test_names_sort_as_in_a_vietnamese_dictionary_and_numbers_by_size() -> None:
    names = ["Ngõ 12", "Ngõ 9", "Đá", "Đà", "Da", "Ấp", "Ăn", "An", "Bà"]

    assert sorted(names, key=sort_key) == ["An", "Ăn", "Ấp", "Bà", "Da", "Đà", "Đá", "Ngõ 9", "Ngõ 12"]

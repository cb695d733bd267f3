import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.errors import UnreadableFileError
from gis_layers.letter_tables import TCVN3, VNI_ALONE, VNI_PAIRS
from gis_layers.letters import Letters, decoded, letters_of, letters_of_texts, reread
from gis_layers.syllables import is_syllable, share_of_syllables

SMALL = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
LINE = "Thị trấn Quán Hàu, Huyện Quảng Ninh, Trường Sơn, Nguyễn Thị Ước ở ngõ Đê Nghĩa, đường Lý Nam Đế"

SINGLE_OF_TCVN3 = {letter: bytes([byte]) for byte, letter in TCVN3.items()}
BYTES_OF_VNI = {
    **{letter: alone.encode("latin-1") for alone, letter in VNI_ALONE.items()},
    **{letter: pair.encode("latin-1") for pair, letter in reversed(VNI_PAIRS.items())},
}


def in_tcvn3(text: str) -> bytes:
    return b"".join(SINGLE_OF_TCVN3.get(sign) or sign.encode("ascii") for sign in text)


def in_vni(text: str) -> bytes:
    return b"".join(BYTES_OF_VNI.get(sign) or sign.encode("ascii") for sign in text)


def in_cp1258(text: str) -> bytes:
    """Vowel with its roof or horn as one, the tone after it: what Windows-1258 can hold."""
    written = bytearray()
    for sign in text:
        apart = unicodedata.normalize("NFD", sign)
        tone = next((mark for mark in apart if mark in "\u0300\u0309\u0303\u0301\u0323"), "")
        bare = unicodedata.normalize("NFC", apart.replace(tone, "")) if tone else sign
        written += bare.encode("cp1258") + tone.encode("cp1258")
    return bytes(written)


WRITERS = {
    Letters.UTF8: str.encode,
    Letters.UTF16_LE: lambda text: text.encode("utf-16-le"),
    Letters.UTF16_BE: lambda text: text.encode("utf-16-be"),
    Letters.TCVN3: in_tcvn3,
    Letters.VNI: in_vni,
    Letters.CP1258: in_cp1258,
}
NAMES = ["Nguyễn", "Trường", "Quảng", "Đống", "Hậu", "Cổ", "Sơn", "Thị", "Ước", "ngõ", "hẻm", "đường"]
vietnamese = st.text(alphabet=SMALL + " ,.-/0123456789", max_size=60)


@pytest.mark.parametrize("letters", WRITERS)
@given(text=vietnamese)
def test_what_is_written_is_read_again_letter_for_letter(letters: Letters, text: str) -> None:
    assert decoded(WRITERS[letters](text), letters) == text


@given(text=st.text(alphabet=SMALL + SMALL.upper() + " ,.", max_size=60))
def test_alphabets_with_capitals_keep_them(text: str) -> None:
    for letters in (Letters.VNI, Letters.CP1258, Letters.UTF16_LE):
        assert decoded(WRITERS[letters](text), letters) == text


@pytest.mark.parametrize("letters", WRITERS)
def test_the_letters_of_a_line_are_found(letters: Letters) -> None:
    found = letters_of(WRITERS[letters](f"{LINE}\n"))

    assert found.letters is letters
    assert found.certainty > 0.4


@given(words=st.lists(st.sampled_from(NAMES), min_size=6))
def test_letters_are_found_in_any_list_of_some_names(words: list[str]) -> None:
    for letters in (Letters.TCVN3, Letters.VNI, Letters.CP1258):
        text = " ".join(words)
        if not text.isascii() and len(set(words)) > 3:
            assert letters_of(WRITERS[letters](text)).letters is letters


def test_a_soft_hyphen_is_u_with_a_horn_in_tcvn3() -> None:
    assert decoded(b"Tr\xad\xeang S\xacn", Letters.TCVN3) == "Trường Sơn"


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (b"QU\xb6NG B\xd7NH", "QUẢNG BÌNH"),  # in the capitals of .VnTimeH
        (b"Qu\xb6ng B\xd7nh", "Quảng Bình"),
        (b"X\xb7 N\xcbm \xd0t", "Xã Nậm Ét"),  # the only word that could begin small in a name
        (b"\xcep \xa7\xabng, x\xb7", "ẻp Đông, xã"),  # other words begin small: left as it is
        (b"H\xb5", "Hà"),
        (b"\xb5", "à"),
        (b"", ""),
    ],
)
def test_capitals_that_tcvn3_does_not_have_come_back_where_there_is_no_doubt(raw: bytes, read: str) -> None:
    assert decoded(raw, Letters.TCVN3) == read


def test_decomposed_letters_are_composed_and_the_mark_at_the_beginning_goes() -> None:
    apart = unicodedata.normalize("NFD", LINE)

    assert decoded(b"\xef\xbb\xbf" + apart.encode(), Letters.UTF8) == LINE


@pytest.mark.parametrize("letters", [Letters.TCVN3, Letters.VNI, Letters.CP1258])
def test_a_text_that_was_read_as_windows_letters_is_mended(letters: Letters) -> None:
    spoiled = WRITERS[letters](LINE).decode("cp1252", "replace")

    assert "\ufffd" not in spoiled
    assert letters_of_texts([spoiled]).letters is letters
    assert reread(spoiled, letters) == LINE


def test_utf8_that_was_read_as_windows_letters_is_mended() -> None:
    line = "Thị trấn Quán Hàu"
    spoiled = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in line.encode())

    found = letters_of_texts([spoiled])

    assert found.letters is Letters.WINDOWS
    assert reread(spoiled, found.letters) == line


@pytest.mark.parametrize("texts", [[LINE], ["Krông Pắk", "Đắk Lắk"], ["plain"], [], ["café", "Zürich"], ["漢字"]])
def test_texts_that_are_right_are_left_alone(texts: list[str]) -> None:
    found = letters_of_texts(texts)

    assert found.letters is Letters.UTF8
    assert [reread(text, found.letters) for text in texts] == texts


def test_bytes_that_speak_for_nothing_are_a_default_without_certainty() -> None:
    found = letters_of("Zürich, Genève".encode("cp1252"))

    assert (found.letters, found.certainty) == (Letters.WINDOWS, 0.0)


def test_bytes_that_an_encoding_does_not_have_are_told() -> None:
    with pytest.raises(UnreadableFileError) as told:
        decoded(b"abc\xff", Letters.UTF8)

    assert told.value.facts == {"reason": "letters", "letters": "utf-8", "at": 3}


def test_zeros_everywhere_are_no_text() -> None:
    with pytest.raises(UnreadableFileError) as told:
        letters_of(b"\0\0\0\0\0\0")

    assert told.value.facts["reason"] == "not_text"


def test_syllables_are_known_by_their_spelling(shared_data: Path) -> None:
    communes = (shared_data / "admin" / "units_3level_2025-03-01.csv").read_text("utf-8")

    assert share_of_syllables(communes) > 0.9  # the rest are names of other peoples: Krông, Pơng
    assert all(map(is_syllable, ["hoà", "hòa", "thuý", "quý", "nghiêng", "gì", "Ước", "ĐƯỜNG", "khuỷu", "giếng"]))
    assert not any(map(is_syllable, ["Krông", "Zürich", "hàc", "thế\u0300", "bh", "Tr\xadªng"]))

"""Headings as people write them find their fields; what is doubtful is offered, not taken."""

from pathlib import Path

import pytest

from webmap.households.importing.cells import Limits, Line, Sheet
from webmap.households.importing.columns import columns_of, guess, scores, signature, trouble_with
from webmap.households.importing.fields import HEADINGS, Field
from webmap.households.importing.folding import fold
from webmap.households.importing.headings import Header, find_header
from webmap.households.importing.workbook import peek

SURVEY = Path(__file__).parents[5] / "shared" / "data" / "survey"


def sheet(*rows: tuple[str, ...]) -> Sheet:
    lines = (Line(number, tuple(cell or None for cell in row)) for number, row in enumerate(rows, start=1) if any(row))
    return Sheet("", is_hidden=False, height=0, lines=tuple(lines))


def header(*rows: tuple[str, ...]) -> Header:
    found = find_header(sheet(*rows))
    assert found is not None
    return found


def fields(headings: tuple[str, ...]) -> dict[str, Field]:
    return {headings[index]: field for index, field in guess(columns_of(headings)).items()}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Họ và tên", Field.FULL_NAME),
        ("HỌ VÀ TÊN CHỦ HỘ", Field.HEAD_NAME),
        ("Quan hệ với chủ hộ", Field.RELATIONSHIP),
        ("Hộ", Field.HOUSEHOLD_CODE),
        ("Họ", Field.SURNAME),
        ("STT hộ", Field.HOUSEHOLD_ORDER),
        ("Số CCCD/CMND", Field.CITIZEN_ID),
        ("Mã số BHXH", Field.INSURANCE_CODE),
        ("Thẻ BHYT > Đến ngày", Field.VALID_TO),
        ("Giá trị thẻ từ ngày (dd/mm/yyyy)", Field.VALID_FROM),
        ("Năm sinh > Nữ", Field.FEMALE),
        ("Địa chỉ > Số nhà", Field.HOUSE_NUMBER),
        ("Khóm/ấp", Field.VILLAGE),
        ("Date of birth", Field.BIRTH),
        ("kinh_do", Field.LONGITUDE),
        ("Ngo\u0303", Field.ALLEY),
    ],
)
def test_a_heading_means_its_field(heading: str, field: Field) -> None:
    assert scores(heading)[0][0] == field


@pytest.mark.parametrize("heading", ["STT", "Dân tộc", "Nơi đăng ký KCB ban đầu", "Số tiền", "", "Tỷ lệ (%)"])
def test_a_heading_that_is_none_of_ours_means_nothing(heading: str) -> None:
    assert scores(heading) == ()


def test_each_known_phrase_finds_its_own_field_first() -> None:
    shared = {"so the", "to", "nam", "doi tuong"}
    for field, phrases in HEADINGS.items():
        for phrase in set(phrases) - shared:
            assert fold(phrase) == phrase
            assert any(found == field and score == 1 for found, score in scores(phrase)), (field, phrase)


def test_titles_and_merged_headings_and_column_numbers_stand_above_the_people() -> None:
    found = header(
        ("UBND XÃ TÂN NINH", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("DANH SÁCH HỘ GIA ĐÌNH",),
        ("STT", "Mã hộ", "Họ và tên", "Năm sinh", "", "Giá trị thẻ", ""),
        ("", "", "", "Nam", "Nữ", "Từ ngày", "Đến ngày"),
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"),
        ("1", "H1", "Nguyễn Văn An", "1980", "", "01/01/2026", "31/12/2026"),
    )

    assert (found.line_number, found.first_person_line) == (3, 6)
    assert fields(found.headings) == {
        "Mã hộ": Field.HOUSEHOLD_CODE,
        "Họ và tên": Field.FULL_NAME,
        "Năm sinh > Nam": Field.MALE,
        "Năm sinh > Nữ": Field.FEMALE,
        "Giá trị thẻ > Từ ngày": Field.VALID_FROM,
        "Giá trị thẻ > Đến ngày": Field.VALID_TO,
    }


@pytest.mark.skipif(not SURVEY.exists(), reason="the shared test data are not beside the project")
def test_three_rows_of_merged_headings_become_one_each() -> None:
    found = find_header(peek(SURVEY / "bieu_bao_phu_bhyt_SYNTHETIC_counts.xlsx", Limits())[0])

    assert found is not None
    assert found.headings[5] == "Số người tham gia BHYT > Trong đó > Học sinh"
    assert (found.line_number, found.first_person_line) == (7, 11)


def test_a_list_without_headings_is_not_believed() -> None:
    assert not header(("An", "Bình", "Cúc"), ("Dũng", "Đào", "Em")).is_sure


def test_two_columns_never_get_the_same_field() -> None:
    mapping = guess(columns_of(("Họ và tên", "Họ tên", "Ghi chú", "Ghi chú 2")))

    assert len(set(mapping.values())) == len(mapping)


def test_a_lone_x_is_not_half_a_place() -> None:
    assert Field.NORTH not in guess(columns_of(("Mã hộ", "Họ tên", "X"))).values()


def test_the_same_headings_share_a_signature_whatever_their_capitals() -> None:
    assert signature(("Họ tên ", "MÃ HỘ")) == signature(("họ  TÊN", "Mã hộ", ""))
    assert signature(("Họ tên", "Mã hộ")) != signature(("Mã hộ", "Họ tên"))


def test_a_mapping_says_what_it_lacks() -> None:
    assert trouble_with({0: Field.NOTE}) == "no_name_column"
    assert trouble_with({0: Field.FULL_NAME}) == "no_household_column"
    assert trouble_with({0: Field.FULL_NAME, 1: Field.HOUSEHOLD_CODE, 2: Field.LATITUDE}) == "half_a_position"
    assert trouble_with({0: Field.FULL_NAME, 1: Field.FULL_NAME}) == "field_twice"
    assert trouble_with({0: Field.FULL_NAME, 1: Field.HOUSEHOLD_CODE}) is None

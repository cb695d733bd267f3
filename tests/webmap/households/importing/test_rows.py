"""Lines become people, people households; what cannot be true together is refused with its row and column."""

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.webmap.households.importing.planted import COLUMN, HEADINGS, PLANTED, good_rows, planted_rows, write_list
from webmap.households.importing.cells import Limits, Line
from webmap.households.importing.columns import columns_of, guess
from webmap.households.importing.duplicates import mark_duplicates
from webmap.households.importing.fields import Field
from webmap.households.importing.grouping import Household, Way, gather, ways_for
from webmap.households.importing.headings import find_header
from webmap.households.importing.rows import Options, Row, read_row
from webmap.households.importing.workbook import peek, read_lines

OPTIONS = Options(today=date(2026, 5, 20), list_on=date(2026, 5, 1))
MAPPING = guess(columns_of(HEADINGS))


def read(rows: list[list[object]]) -> list[Row]:
    lines = (Line(number, tuple(row)) for number, row in enumerate(rows, start=5))  # type: ignore[arg-type]
    return [row for line in lines if (row := read_row(line, MAPPING, OPTIONS))]


def codes(row: Row) -> set[str]:
    return {problem.trouble.code for problem in row.problems}


def test_a_good_list_has_no_problem_at_all() -> None:
    rows = read(good_rows(400))
    households = gather(rows, Way.CODE)
    mark_duplicates(rows)

    assert [(row.number, codes(row)) for row in rows if row.problems] == []
    assert len(households) == 100
    assert {len(household.rows) for household in households} == {4}
    assert all(household.head.is_head for household in households)


def test_every_planted_error_is_told_in_its_row_and_column(tmp_path: Path) -> None:
    path = write_list(tmp_path / "planted.xlsx", planted_rows())
    sheet = peek(path, Limits())[1]
    header = find_header(sheet)
    assert header is not None
    mapping = guess(columns_of(header.headings))
    lines = (line for line in read_lines(path, sheet.name, Limits()) if line.number >= header.first_person_line)
    rows = [row for line in lines if (row := read_row(line, mapping, OPTIONS))]
    gather(rows, Way.CODE)
    mark_duplicates(rows)

    told = {
        (row.number, header.headings[column], problem.trouble.code, problem.is_fatal)
        for row in rows
        for problem in row.problems
        for column, field in mapping.items()
        if field == problem.field
    }
    wanted = {
        (error.row, error.heading, error.code, error.is_fatal) for error in PLANTED if error.code != "unknown_village"
    }
    assert wanted <= told
    also = {(row, code) for row, _heading, code, _fatal in told - wanted}
    assert also == {(5, "number_of_another_row")}  # the honest owner of the number that row 32 took
    assert len(rows) == 40


def test_a_line_that_ends_before_the_last_column_is_missing_half_of_its_place() -> None:
    mapping = {0: Field.FULL_NAME, 1: Field.HOUSEHOLD_CODE, 2: Field.VILLAGE, 3: Field.LATITUDE, 4: Field.LONGITUDE}
    row = read_row(Line(16, ("Nguyễn Văn Nửa", "M-14", "Quảng Xá", "17.27")), mapping, OPTIONS)

    assert row is not None
    assert codes(row) == {"half_a_place"}
    assert not row.is_refused


def test_totals_signatures_and_section_titles_are_no_people() -> None:
    def line(**cells: object) -> Row | None:
        values: list[object] = [None] * len(HEADINGS)
        for heading, value in cells.items():
            values[COLUMN[heading.replace("_", " ")]] = value
        return read_row(Line(9, tuple(values)), MAPPING, OPTIONS)  # type: ignore[arg-type]

    assert line(**{"Họ và tên": "Tổng cộng: 40 người"}) is None
    assert line(STT="Thôn Hữu Tân") is None
    assert line(Thôn="Người lập biểu") is None
    nameless = line(**{"Giới tính": "Nam", "Ngày sinh": "1980", "Mã hộ": "H1"})
    assert nameless is not None
    assert codes(nameless) == {"name_missing"}


def small(*rows: tuple[object, ...], headings: tuple[str, ...]) -> tuple[list[Row], list[Household]]:
    mapping = guess(columns_of(headings))
    read = [read_row(Line(number, row), mapping, OPTIONS) for number, row in enumerate(rows, start=2)]  # type: ignore[arg-type]
    people = [row for row in read if row]
    return people, gather(people, ways_for(mapping)[0])


def test_a_code_beside_the_head_only_holds_for_the_members_below() -> None:
    rows, households = small(
        ("H1", "An", "Chủ hộ"), (None, "Bình", "Vợ"), ("H2", "Cúc", "Chủ hộ"), (None, "Dũng", "Con"),
        headings=("Mã hộ", "Họ tên", "Quan hệ"),
    )  # fmt: skip

    assert [row.household for row in rows] == [0, 0, 1, 1]
    assert [household.code for household in households] == ["H1", "H2"]


def test_the_same_code_in_two_villages_is_two_households() -> None:
    rows, _ = small(
        ("1", "An", "Thôn A"), ("1", "Bình", None), ("1", "Cúc", "Thôn B"), headings=("Mã hộ", "Họ tên", "Thôn")
    )

    assert [row.household for row in rows] == [0, 0, 1]


def test_heads_open_households_where_there_is_no_code() -> None:
    rows, households = small(
        ("Ba", "Con"), ("An", "Chủ hộ"), ("Bình", "Vợ"), ("Cúc", "Chủ hộ"), headings=("Họ tên", "Quan hệ")
    )

    assert codes(rows[0]) == {"no_household"}
    assert [len(household.rows) for household in households] == [2, 1]


def test_two_heads_and_no_head_are_said() -> None:
    rows, _ = small(
        ("H1", "An", "Chủ hộ"), ("H1", "Bình", "Chủ hộ"), ("H2", "Cúc", "Con"), headings=("Mã hộ", "Họ tên", "Quan hệ")
    )

    assert codes(rows[1]) == {"second_head"}
    assert (Field.RELATIONSHIP, "first_row_as_head") in rows[2].remarks


def test_one_person_with_two_cards_is_one_person() -> None:
    headings = ("Mã hộ", "Họ tên", "Mã số BHXH", "Đối tượng", "Từ ngày", "Đến ngày")
    rows, _ = small(
        ("H1", "An", "4400000001", "GD", "01/01/2025", "31/12/2025"),
        ("H1", "An", "4400000001", "GD", "01/01/2026", "31/12/2026"),
        ("H1", "An", "4400000001", "GD", "01/01/2026", "31/12/2026"),
        headings=headings,
    )
    mark_duplicates(rows)

    assert [codes(row) for row in rows] == [set(), set(), {"same_as_row"}]


def test_a_card_is_understood_from_what_there_is() -> None:
    headings = ("Mã hộ", "Họ tên", "Số thẻ BHYT", "Đối tượng", "Từ ngày", "Đến ngày")
    rows, _ = small(
        ("H1", "An", "GD4444400000001", None, None, "31/12/2026"),
        ("H1", "Bình", None, "GD", "01/01/2026", None),
        ("H1", "Cúc", "GD4444400000003", None, None, None),
        ("H1", "Dũng", "4400000004", None, "01/01/2026", None),
        ("H1", "Đào", "GD4444400000005", "HN", "01/01/2026", None),
        ("H1", "Em", None, "GD", None, None),
        headings=headings,
    )

    assert (rows[0].card_category, rows[0].insurance_code) == ("GD", "4400000001")
    assert (rows[0].valid_from, rows[0].valid_to) == (date(2026, 5, 1), date(2026, 12, 31))
    assert rows[1].has_card
    assert rows[1].valid_to is None
    assert [codes(row) for row in rows[2:5]] == [{"card_without_days"}, {"no_category"}, {"card_category_differs"}]
    assert not rows[5].has_card


@given(st.lists(st.tuples(st.sampled_from(["H1", "H2", "h1", None]), st.sampled_from(["An", "Bình"])), max_size=12))
def test_every_row_is_in_one_household_or_refused(given_rows: list[tuple[str | None, str]]) -> None:
    rows, households = small(*given_rows, headings=("Mã hộ", "Họ tên"))

    gathered = [row.number for household in households for row in household.rows]
    refused = [row.number for row in rows if "no_household" in codes(row)]
    assert sorted(gathered + refused) == [row.number for row in rows]

"""Files and rows that are wrong: each a sentence with row and column, and the rest unharmed."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.webmap.households.importing.old_formats import ods, xls
from tests.webmap.roll.rolls import HEADINGS, a_file, checked, line, somebody, uploaded, verdicts
from webmap import clock
from webmap.accounts.scope import SYSTEM
from webmap.households.importing.errors import FileRefusedError
from webmap.households.importing.reading import on_disk
from webmap.roll import checking
from webmap.roll.errors import ListedInFutureError
from webmap.roll.models import RollImport, RollRow
from webmap.roll.reading import check_columns

GOOD = line("Phạm Thị Lụa", "07/03/1985")


def book(fill: Callable[[Workbook], None]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    fill(made)
    made.save(out)
    return out.getvalue()


def a_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "is_empty"),
        (b"%PDF-1.7", "is_pdf"),
        ("không có bảng nào\nở đây".encode(), "no_table"),
        (a_bomb(), "packed_too_tightly"),
        (b"a;b\n1;2\n", "no_headings"),
    ],
)
def test_a_file_that_is_no_roll_is_named(session: Session, village: Village, content: bytes, code: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        uploaded(session, village.commune_id, content)

    assert refused.value.code == code
    assert session.scalars(select(RollImport)).all() == []


def reasons(session: Session, roll: RollImport) -> dict[int, list[tuple[str, str]]]:
    rows = session.scalars(select(RollRow).where(RollRow.import_id == roll.id, RollRow.verdict == "refuse"))
    return {row.row_number: [(one["field"], one["code"]) for one in row.reasons] for row in rows}


def test_each_wrong_row_says_what_is_wrong_and_the_others_stay_good(session: Session, village: Village) -> None:
    somebody(session, village, "Phạm Thị Lụa", None, birth_year=1985)
    tomorrow = clock.today() + timedelta(days=1)
    rows = [
        GOOD,
        line("Đỗ Văn Mai", f"{tomorrow:%d/%m/%Y}"),
        line("Đỗ Văn Hai", "1980", id="044080000"[:7]),
        line("Đỗ Văn Ba", "1980", code="44123456789"),
        line("Đỗ Thị Tư", "1980", id="044085000001"),
        line("Đỗ Thị Năm", "1980", village="Thôn Trên Trời"),
        line("Đỗ Thị Sáu", "1980", category="ZZ"),
        line("Đỗ Thị Bảy", "1980", until="31/02/2026"),
        line("Đỗ Thị Tám", "1980", since="01/06/2026", until="01/05/2026"),
    ]

    roll = checked(session, village.commune_id, rows)

    assert verdicts(session, roll)[0] == "add"
    assert reasons(session, roll) == {
        3: [("birth", "birth_in_future")],
        4: [("citizen_id", "citizen_id_length")],
        5: [("insurance_code", "insurance_code_length")],
        6: [("citizen_id", "citizen_id_birth")],
        7: [("village", "unknown_village")],
        8: [("card_category", "unknown_category")],
        9: [("valid_to", "no_such_day")],
        10: [("valid_to", "ends_before_it_begins")],
    }
    assert roll.counts["unknown_villages"] == {"Thôn Trên Trời": 1}


def test_people_of_another_commune_are_refused_by_name(session: Session, village: Village) -> None:
    headings = ["Xã" if one == "Thôn" else one for one in HEADINGS]
    content = a_file(
        [line("Phạm Thị Lụa", "1985", village="Tân Ninh"), line("Lê Văn Xa", "1985", village="Hàm Ninh")], headings
    )
    roll = uploaded(session, village.commune_id, content)

    with on_disk(content) as path:
        checking.check(session, SYSTEM, roll.id, path)

    assert reasons(session, roll) == {3: [("commune", "commune_differs")]}


def test_a_day_that_is_still_to_come_is_no_day_of_a_roll(session: Session, village: Village) -> None:
    with pytest.raises(ListedInFutureError):
        uploaded(session, village.commune_id, a_file([GOOD]), listed_on=clock.today() + timedelta(days=1))


def test_a_roll_without_anything_that_tells_people_apart_is_not_checked() -> None:
    from webmap.households.importing.fields import Field  # noqa: PLC0415 - only here

    for columns, code in (
        ({0: Field.FULL_NAME}, "no_identifying_column"),
        ({0: Field.BIRTH}, "no_name_column"),
        ({0: Field.FULL_NAME, 1: Field.FULL_NAME}, "field_twice"),
    ):
        with pytest.raises(FileRefusedError) as refused:
            check_columns(columns)
        assert refused.value.code == code


def _with_titles(made: Workbook) -> None:
    """Titles, merged headings, a row of column numbers, a subtotal, a hidden row, a formula, a million empty rows."""
    sheet = made.active
    assert sheet is not None
    sheet.append(["BẢO HIỂM XÃ HỘI TỈNH"])
    sheet.append(["DANH SÁCH NGƯỜI THAM GIA BHYT"])
    sheet.append([])
    sheet.append(["STT", "Họ và tên", "Ngày sinh", "Thôn", "Thẻ BHYT", None, None])
    sheet.append([None, None, None, None, "Mã đối tượng", "Từ ngày", "Đến ngày"])
    for place in ("A4:A5", "B4:B5", "C4:C5", "D4:D5", "E4:G4"):
        sheet.merge_cells(place)
    sheet.append([f"({n})" for n in range(1, 8)])
    sheet.append(["I", "Thôn Hữu Tân", None, None, None, None, None])
    sheet.append([1, "PHẠM THỊ LỤA", "07/03/1985", "Hữu Tân", "GD", "01/01/2026", "31/12/2026"])
    sheet.append([2, "=B8", "07/03/1985", "Hữu Tân", "GD", "01/01/2026", "31/12/2026"])
    sheet.append([None, "Cộng: 2 người"])
    sheet.row_dimensions[8].hidden = True
    sheet["A1048576"].number_format = "0.00"


def test_titles_merged_headings_subtotals_and_formulas(session: Session, village: Village) -> None:
    somebody(session, village, "Phạm Thị Lụa", None, birth_year=1985)
    content = book(_with_titles)
    roll = uploaded(session, village.commune_id, content)

    with on_disk(content) as path:
        checking.check(session, SYSTEM, roll.id, path)

    assert verdicts(session, roll) == ["add", "refuse"]
    assert reasons(session, roll) == {9: [("full_name", "formula_without_value")]}
    assert roll.counts["other_lines"] == [7, 10]


def test_a_workbook_with_macros_is_read_without_them(session: Session, village: Village) -> None:
    out = io.BytesIO(book(lambda made: [made.active.append(row) for row in (HEADINGS, GOOD)]))  # type: ignore[union-attr]
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")

    roll = uploaded(session, village.commune_id, out.getvalue())

    assert len(roll.mapping["columns"]) == len(HEADINGS)


def test_headings_that_contradict_leave_the_column_to_a_person(session: Session, village: Village) -> None:
    """The same headings twice with other columns: the first that convinces counts, the other is a refused row."""
    other = ["Họ và tên", "Mã số BHXH", "Giới tính", "Ngày sinh", *HEADINGS[4:]]

    roll = checked(session, village.commune_id, [other, GOOD])

    assert verdicts(session, roll)[0] == "refuse"
    assert ("insurance_code", "not_a_number") in reasons(session, roll)[2]


@pytest.mark.parametrize("write", [xls, ods])
def test_old_excel_and_open_document(
    session: Session, village: Village, tmp_path: Path, write: Callable[[Path, list[list[str]]], Path]
) -> None:
    content = write(tmp_path / "roll", [list(HEADINGS), GOOD]).read_bytes()
    roll = uploaded(session, village.commune_id, content)

    with on_disk(content) as path:
        checking.check(session, SYSTEM, roll.id, path)

    assert verdicts(session, roll) == ["stranger"]

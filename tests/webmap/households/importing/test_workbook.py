"""Files as people have them are read; hostile and foreign ones are refused with a code, and the reader lives."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.webmap.households.importing import old_formats
from tests.webmap.households.importing.planted import FIRST_ROW, good_rows, write_list
from webmap.households.importing.cells import Cell, Limits, Spoiled
from webmap.households.importing.errors import FileRefusedError
from webmap.households.importing.workbook import peek, read_lines

SURVEY = Path(__file__).parents[5] / "shared" / "data" / "survey"
needs_survey = pytest.mark.skipif(not SURVEY.exists(), reason="the shared test data are not beside the project")


def table(path: Path, sheet: str = "", limits: Limits | None = None) -> list[tuple[Cell, ...]]:
    return [line.cells for line in read_lines(path, sheet, limits or Limits())]


def code_of(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(FileRefusedError) as caught:
        peek(path, limits or Limits())
    return caught.value.code


def saved(path: Path, fill: Callable[[Worksheet], None]) -> Path:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "S"
    fill(sheet)
    book.save(path)
    return path


def test_rows_keep_the_numbers_that_excel_shows(tmp_path: Path) -> None:
    path = write_list(tmp_path / "list.xlsx", good_rows(3))

    sheets = peek(path, Limits())
    lines = list(read_lines(path, "Danh sách", Limits()))

    assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [("Mã", True), ("Danh sách", False)]
    assert [line.number for line in lines] == [1, 2, 4, 5, 6, 7, 8, 10]
    assert lines[3].number == FIRST_ROW
    assert lines[3].cells[1] == "TN-0000"


def test_days_numbers_ticks_and_lost_values_arrive_as_what_they_are(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append([date(1980, 5, 12), 44_000_000_001, 1.5, True, "  "])
        sheet["F1"] = "=1+1"
        sheet["G1"] = "#REF!"
        sheet["G1"].data_type = "e"

    cells = table(saved(tmp_path / "a.xlsx", fill), "S")[0]

    assert cells == (date(1980, 5, 12), 44_000_000_001, 1.5, True, None, Spoiled(""), Spoiled("#REF!"))


def test_every_cell_of_a_merged_range_holds_its_value(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["Mã hộ", "Tên"], ["H1", "An"], [None, "Bình"], ["H2", "Cúc"]):
            sheet.append(row)
        sheet.merge_cells("A2:A3")

    assert table(saved(tmp_path / "a.xlsx", fill), "S")[2] == ("H1", "Bình")


@needs_survey
@pytest.mark.parametrize(
    "name",
    ["utf8_bom", "utf8_nfd", "utf16le_bom_tab", "cp1258", "tcvn3", "vni", "semicolon_comma_decimal"],
)
def test_every_encoding_and_dialect_reads_as_the_plain_file(name: str) -> None:
    def plain(cells: tuple[Cell, ...]) -> list[str]:
        return [str(cell).replace(",", ".") for cell in cells]

    wanted = [plain(cells) for cells in table(SURVEY / "xa_2009_utf8.csv")]

    assert len(wanted) == 89
    assert [plain(cells) for cells in table(SURVEY / f"xa_2009_{name}.csv")] == wanted


def test_an_encoding_that_is_not_certain_is_refused_and_never_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Naïve;Müller\nÆther;Øre\nStraße;Ünal\n".encode("latin-1"))

    assert code_of(path) == "unknown_encoding"


@pytest.mark.parametrize("write", [old_formats.xls, old_formats.ods])
def test_old_excel_and_open_document_read(tmp_path: Path, write: Callable[[Path, list[list[str]]], Path]) -> None:
    rows = [["Họ và tên", "Ngày sinh"], ["Phạm Thị Lụa", "07/03/1985"], ["", ""], ["Đỗ Ánh", "1990"]]

    (sheet,) = peek(write(tmp_path / "danh-sach.bin", rows), Limits())

    assert [(line.number, list(line.cells)) for line in sheet.lines] == [(1, rows[0]), (2, rows[1]), (4, rows[3])]


def test_a_protected_open_document_and_one_full_of_nothing(tmp_path: Path) -> None:
    locked = old_formats.ods(tmp_path / "a.ods", [["a", "b"]], manifest="<manifest:encryption-data/>")
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    full = old_formats.ods(tmp_path / "b.ods", [["a", "b"]], tail=empty)

    assert code_of(locked) == "encrypted"
    assert [len(sheet.lines) for sheet in peek(full, Limits())] == [1]


@needs_survey
def test_a_report_with_titles_and_three_rows_of_headings_reads() -> None:
    sheets = peek(SURVEY / "bieu_bao_phu_bhyt_SYNTHETIC_counts.xlsx", Limits())

    assert sheets[0].name == "Biểu 01"
    assert next(line for line in sheets[0].lines if line.number == 11).cells[1] == "Thị trấn Phố Ràng"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "is_empty"),
        (b"%PDF-1.7 ...", "is_pdf"),
        (b"\x89PNG\r\n\x1a\n", "is_picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged_xml"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("<html><table><tr><td>Họ tên</td></tr></table>".encode(), "is_web_page"),
        (b'{"a": 1}', "no_table"),
        ("một dòng chữ không có bảng\nhai dòng".encode(), "no_table"),
        (b"\x01\x02\x00\x03" * 50, "no_table"),
        (b"PK\x03\x04 and then nothing", "damaged_zip"),
        ('"Họ tên",b\n"An,1\nBình,2\n'.encode(), "quote_not_closed"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(content)

    assert code_of(path) == code


def repacked(path: Path, parts: dict[str, bytes], *, drop: str = "") -> Path:
    """The same workbook with some parts exchanged."""
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if name not in parts and name != drop}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (kept | parts).items():
            new.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(rows: str) -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{rows}</sheetData></worksheet>"
    ).encode()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return saved(tmp_path / "small.xlsx", lambda sheet: sheet.append(["Mã hộ", "Họ tên"]))


def test_a_bomb_of_zeros_is_not_unpacked(small: Path) -> None:
    repacked(small, {SHEET: sheet_xml(" " * 40_000_000)})

    assert code_of(small) == "packed_too_tightly"


def test_a_part_that_lies_about_its_size_is_counted_all_the_same(small: Path) -> None:
    repacked(small, {SHEET: sheet_xml("<row/>" * 2_000_000)})
    raw = small.read_bytes()
    size = len(sheet_xml("<row/>" * 2_000_000)).to_bytes(4, "little")
    small.write_bytes(raw.replace(size, (100).to_bytes(4, "little")))

    assert code_of(small, Limits(unpacked_megabytes=5, ratio=100_000)) == "unpacks_too_large"


def test_entities_are_never_read(small: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + sheet_xml("")
    repacked(small, {SHEET: bomb})

    assert code_of(small) == "xml_entities"


def test_one_cell_in_the_last_corner_does_not_eat_the_memory(small: Path) -> None:
    corner = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    repacked(small, {SHEET: sheet_xml(corner)})

    assert code_of(small) in {"too_heavy", "too_many_rows"}


def test_a_million_formatted_but_empty_rows_are_no_rows(small: Path) -> None:
    empty = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(2, 300_000))
    repacked(small, {SHEET: sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c></row>{empty}')})

    assert len(peek(small, Limits(ratio=1000))[0].lines) == 1


def test_too_many_parts_and_a_missing_workbook_are_refused(small: Path, tmp_path: Path) -> None:
    many = repacked(small, {f"xl/media/{number}.xml": b"<a/>" for number in range(300)})
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", b"<a/>")

    assert code_of(many) == "too_many_parts"
    assert code_of(other) == "is_word"


def test_a_broken_sheet_is_told_and_does_not_crash(small: Path) -> None:
    repacked(small, {SHEET: b"<worksheet><sheetData><row><c r='A1'"})

    assert code_of(small) in {"damaged_xml", "too_heavy"}


def test_more_rows_than_allowed_are_refused_and_never_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Mã hộ,Họ tên\n" + "H1,An\n" * 50, "utf-8")

    with pytest.raises(FileRefusedError) as caught:
        table(path, limits=Limits(rows=20))

    assert caught.value.code == "too_many_rows"


def test_a_hint_about_the_separator_and_blank_lines_are_not_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('sep=;\r\nMã hộ;Họ tên\r\n\r\nH1;"An; Bình"\r\n'.encode("utf-8-sig"))

    assert [(line.number, line.cells) for line in read_lines(path, "", Limits())] == [
        (2, ("Mã hộ", "Họ tên")),
        (4, ("H1", "An; Bình")),
    ]


def test_a_zip_within_the_zip_is_not_looked_at(small: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a", b"x")
    repacked(small, {"xl/vbaProject.bin": inner.getvalue()})

    assert peek(small, Limits())[0].lines[0].cells == ("Mã hộ", "Họ tên")

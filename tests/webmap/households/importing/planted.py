"""A household list as a commune would send it, and the same list with twenty planted errors of different kinds."""

from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADINGS = (
    "STT", "Mã hộ", "Họ và tên", "Quan hệ với chủ hộ", "Giới tính", "Ngày sinh", "Số CCCD", "Mã số BHXH", "Số thẻ BHYT",
    "Đối tượng", "Từ ngày", "Đến ngày", "Điện thoại", "Thôn", "Ngõ", "Số nhà", "Kinh độ", "Vĩ độ", "Cư trú", "Lý do",
)  # fmt: skip
COLUMN = {heading: index for index, heading in enumerate(HEADINGS)}
FIRST_ROW = 5
"""The sheet row of the first person: two title lines, an empty one and the headings stand above."""

GIVEN = ("An", "Bình", "Cúc", "Dũng", "Đào", "Giang", "Hà", "Khánh", "Lợi", "Mai", "Nga", "Oanh", "Phúc", "Quý", "Sen")
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Võ", "Đặng", "Bùi")


@dataclass(frozen=True)
class Planted:
    """One error: in which sheet row, under which heading, what was written there, and the code it must be told by."""

    row: int
    heading: str
    value: object
    code: str
    is_fatal: bool = True


def person(index: int, *, villages: tuple[str, ...] = ("Thế Lộc", "Hữu Tân")) -> list[object]:
    """One good row: households of four, every second household in the second village."""
    household, place = divmod(index, 4)
    is_male = index % 2 == 0
    year = 1950 + (index * 7) % 60
    code = f"44{index:08d}"
    family = FAMILIES[household % len(FAMILIES)]
    return [
        index + 1, f"TN-{household:04d}", f"{family} {'Văn' if is_male else 'Thị'} {GIVEN[index % len(GIVEN)]}",
        ("Chủ hộ", "Vợ", "Con", "Con")[place], "Nam" if is_male else "Nữ",
        f"{1 + index % 28:02d}/{1 + index % 12:02d}/{year}",
        f"044{(0 if is_male else 1) + (2 if year > 1999 else 0)}{year % 100:02d}{index:06d}", code, f"GD444{code}",
        "Hộ gia đình", "01/01/2026", "31/12/2026", f"09{index:08d}", f"Thôn {villages[household % len(villages)]}",
        f"Ngõ {household % 9 + 1}", str(household + 1), 106.60 + household * 0.0002, 17.39 + household * 0.0001,
        "Thường trú", None,
    ]  # fmt: skip


def good_rows(people: int, **options: tuple[str, ...]) -> list[list[object]]:
    return [person(index, **options) for index in range(people)]


PLANTED = (
    Planted(6, "Họ và tên", None, "name_missing"),
    Planted(8, "Họ và tên", "Nguyễn Văn 3", "name_has_digit"),
    Planted(10, "Họ và tên", "Trần Thị Mai (đã chết)", "name_has_note"),
    Planted(11, "Giới tính", "Nửa", "unknown_sex"),
    Planted(12, "Ngày sinh", "31/02/1971", "no_such_day"),
    Planted(14, "Ngày sinh", "05/13/1985", "no_such_month"),
    Planted(15, "Ngày sinh", "01/01/2090", "birth_in_future"),
    Planted(16, "Số CCCD", "044178000011", "citizen_id_birth"),
    Planted(18, "Số CCCD", "997078000013", "citizen_id_province"),
    Planted(19, "Số CCCD", "4.4E+10", "rounded_by_excel"),
    Planted(20, "Mã số BHXH", "44000", "insurance_code_length"),
    Planted(22, "Số thẻ BHYT", "GD444440000001X", "card_number_form"),
    Planted(23, "Số thẻ BHYT", "GD4449999999999", "card_code_differs"),
    Planted(24, "Đối tượng", "Người quen", "unknown_category"),
    Planted(26, "Đến ngày", "31/12/2020", "ends_before_it_begins"),
    Planted(27, "Điện thoại", "hỏi con trai", "phone_form", is_fatal=False),
    Planted(28, "Thôn", "Thôn Không Có", "unknown_village"),
    Planted(30, "Cư trú", "lúc có lúc không", "unknown_residency"),
    Planted(31, "Kinh độ", 17.39, "place_swapped", is_fatal=False),
    Planted(32, "Mã số BHXH", "4400000000", "number_of_another_row"),
)
"""Twenty. The one on the village is found only where the villages of the area are known."""


def planted_rows(people: int = 40, **options: tuple[str, ...]) -> list[list[object]]:
    """Good rows with the twenty errors put in."""
    rows = good_rows(people, **options)
    for error in PLANTED:
        row = rows[error.row - FIRST_ROW]
        row[COLUMN[error.heading]] = error.value
        if error.code == "place_swapped":
            row[COLUMN["Vĩ độ"]] = 106.6
        if error.code in {"insurance_code_length", "number_of_another_row", "card_number_form"}:
            row[COLUMN["Số thẻ BHYT" if error.heading == "Mã số BHXH" else "Mã số BHXH"]] = None
    return rows


def write_list(path: Path, rows: list[list[object]]) -> Path:
    """Write a workbook with title lines above, a total and a signature below, and a hidden sheet in front."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Danh sách"
    sheet["A1"] = "UBND XÃ TÂN NINH"
    sheet["A2"] = "DANH SÁCH NHÂN KHẨU THAM GIA BHYT"
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(HEADINGS))
    for index, heading in enumerate(HEADINGS, start=1):
        sheet.cell(FIRST_ROW - 1, index, heading)
    for number, row in enumerate(rows, start=FIRST_ROW):
        for index, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(number, index, value)  # type: ignore[arg-type]
    end = FIRST_ROW + len(rows)
    sheet.cell(end, 3, f"Tổng cộng: {len(rows)} người")
    sheet.cell(end + 2, 14, "Người lập biểu")
    hidden = book.create_sheet("Mã", 0)
    hidden.sheet_state = "hidden"
    hidden["A1"] = "Nam"
    book.save(path)
    return path

"""Lists as files: CSV that Excel opens with its letters right, XLSX with typed cells. No cell is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import xlsxwriter

from webmap import clock

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
KEPT_IN_MEMORY = 8 * 1024 * 1024
Rows = Iterable[Sequence[object]]


def safe_text(value: object) -> str:
    """Return a cell of a csv as text; what a spreadsheet would run gets an apostrophe in front (OWASP)."""
    text = _plain(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.VIETNAM):%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def csv_file(headings: Sequence[str], rows: Rows) -> IO[bytes]:
    """Write a csv in UTF-8 with its mark, which Excel needs, ready to be read from its start."""
    out: Any = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([safe_text(value) for value in row] for row in rows)
    text.detach()
    out.seek(0)
    return out  # type: ignore[no-any-return]  # a temporary file is a binary file


def xlsx_file(headings: Sequence[str], rows: Rows, sheet: str) -> IO[bytes]:
    """Write a workbook: texts are texts, numbers numbers, days days; ready to be read from its start."""
    out: Any = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        page.freeze_panes(1, 0)
        page.set_column(0, len(headings), 18)
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write_cell(page, (number, column), value, day, instant)
    out.seek(0)
    return out  # type: ignore[no-any-return]  # a temporary file is a binary file


def _write_cell(page: Any, at: tuple[int, int], value: object, day: Any, instant: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        page.write_datetime(*at, value.astimezone(clock.VIETNAM), instant)
    elif isinstance(value, date):
        page.write_datetime(*at, datetime(value.year, value.month, value.day, tzinfo=clock.VIETNAM), day)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(*at, value)
    else:
        page.write_string(*at, str(value))

"""A file and its confirmed headings -> clean rows in households, with every problem named. No database here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from webmap.households.importing.cells import Cell, Limits, Line, Sheet
from webmap.households.importing.columns import Mapping, columns_of, guess, signature, trouble_with
from webmap.households.importing.duplicates import mark_duplicates
from webmap.households.importing.errors import FileRefusedError
from webmap.households.importing.fields import Field
from webmap.households.importing.grouping import Household, Way, gather, ways_for
from webmap.households.importing.headings import Header, find_header, header_at
from webmap.households.importing.rows import Options, Row, read_row
from webmap.households.importing.workbook import peek, read_lines

REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read: what a person confirmed on the page of headings."""

    sheet: str
    header_line: int
    first_line: int
    headings: tuple[str, ...]
    columns: dict[int, Field]
    way: Way
    fills_down: bool = True
    list_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    category: str | None = None
    epsg: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the layout as the table keeps it."""
        days = {name: getattr(self, name) for name in ("list_on", "valid_from", "valid_to")}
        return {
            "sheet": self.sheet,
            "header_line": self.header_line,
            "first_line": self.first_line,
            "headings": list(self.headings),
            "columns": {str(index): field.value for index, field in self.columns.items()},
            "way": self.way.value,
            "fills_down": self.fills_down,
            **{name: day.isoformat() if day else None for name, day in days.items()},
            "category": self.category,
            "epsg": self.epsg,
        }


def layout_from(kept: dict[str, Any]) -> Layout:
    """Turn a kept layout back. The opposite of `Layout.as_json`."""
    days = {
        name: date.fromisoformat(kept[name]) if kept.get(name) else None
        for name in ("list_on", "valid_from", "valid_to")
    }
    return Layout(
        sheet=kept["sheet"],
        header_line=kept["header_line"],
        first_line=kept["first_line"],
        headings=tuple(kept["headings"]),
        columns={int(index): Field(field) for index, field in kept["columns"].items()},
        way=Way(kept["way"]),
        fills_down=kept["fills_down"],
        category=kept.get("category"),
        epsg=kept.get("epsg"),
        **days,
    )


@dataclass(slots=True)
class Reading:
    """Everything that was understood of a file."""

    rows: list[Row]
    households: list[Household]
    lines: dict[int, tuple[Cell, ...]] = field(default_factory=dict)
    """The cells of refused rows as they were given, for the list of refusals."""
    other_lines: list[int] = field(default_factory=list)


@contextmanager
def on_disk(content: bytes) -> Iterator[Path]:
    """Lay an uploaded file down for the reader, for as long as it is needed."""
    with NamedTemporaryFile(prefix="import-", suffix=".table") as kept:
        kept.write(content)
        kept.flush()
        yield Path(kept.name)


def best_sheet(sheets: list[Sheet]) -> tuple[Sheet, Header]:
    """Return the visible sheet with the most convincing headings. Raises FileRefusedError."""
    found = [(sheet, header) for sheet in sheets if not sheet.is_hidden and (header := find_header(sheet))]
    sure = [pair for pair in found if pair[1].is_sure]
    if not sure:
        raise FileRefusedError("no_headings")
    return max(sure, key=lambda pair: len(guess(columns_of(pair[1].headings))))


def guessed_layout(path: Path, limits: Limits, *, sheet: str | None = None, line: int | None = None) -> Layout:
    """Guess how a file is to be read; a person may have pointed at the sheet or the line of headings."""
    sheets = peek(path, limits)
    if sheet is None:
        chosen, header = best_sheet(sheets)
    else:
        chosen = next((one for one in sheets if one.name == sheet), sheets[0])
        found = header_at(chosen, line) if line else find_header(chosen)
        if found is None:
            raise FileRefusedError("no_headings")
        header = found
    mapping = guess(columns_of(header.headings))
    ways = ways_for(_filled(mapping, chosen, header)) or ways_for(mapping)
    return Layout(
        chosen.name, header.line_number, header.first_person_line, header.headings, mapping, (ways or [Way.CODE])[0]
    )


def _filled(mapping: Mapping, sheet: Sheet, header: Header) -> Mapping:
    """Return the columns that hold anything among the first people."""
    people = [line.cells for line in sheet.lines if line.number >= header.first_person_line]
    return {
        index: what
        for index, what in mapping.items()
        if any(index < len(cells) and cells[index] is not None for cells in people)
    }


def signature_of(layout: Layout) -> str:
    """Name the kind of file that this one is."""
    return signature(layout.headings)


def check_layout(columns: Mapping) -> None:
    """Raise FileRefusedError when the columns cannot make households."""
    if trouble := trouble_with(columns):
        raise FileRefusedError(trouble)


def read_file(
    path: Path, layout: Layout, limits: Limits, today: date, report: Callable[[int], None] = lambda _rows: None
) -> Reading:
    """Read a whole file. `report` hears how many rows are read and may stop it by raising."""
    check_layout(layout.columns)
    options = Options(today, layout.list_on or today, layout.valid_from, layout.valid_to, layout.category)
    reading = Reading([], [])
    for line in read_lines(path, layout.sheet, limits):
        if line.number < layout.first_line:
            continue
        _take_line(reading, line, layout, options)
        if len(reading.rows) > limits.rows:
            raise FileRefusedError("too_many_rows", rows=line.number, most=limits.rows)
        if len(reading.rows) % REPORT_EVERY == 0:
            report(len(reading.rows))
    reading.households = gather(reading.rows, layout.way, fills_down=layout.fills_down)
    mark_duplicates(reading.rows)
    return reading


def _take_line(reading: Reading, line: Line, layout: Layout, options: Options) -> None:
    row = read_row(line, layout.columns, options)
    if row is None:
        reading.other_lines.append(line.number)
        return
    reading.rows.append(row)
    reading.lines[row.number] = line.cells

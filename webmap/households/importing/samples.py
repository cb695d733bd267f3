"""What a person sees when confirming headings: sheets to choose from, columns with values and guesses."""

from dataclasses import dataclass

from webmap.households.importing.cells import Cell, Limits, Line, Sheet
from webmap.households.importing.cleaning import text_of
from webmap.households.importing.columns import columns_of
from webmap.households.importing.reading import Layout, on_disk
from webmap.households.importing.workbook import peek

SHOWN = 3


@dataclass(frozen=True, slots=True)
class ColumnSample:
    """One column: its heading, first values, chosen field and the fields it may be, best first."""

    index: int
    heading: str
    values: tuple[str, ...]
    chosen: str
    likely: tuple[tuple[str, int], ...]
    """Field and how surely, in percent."""


def samples_of(content: bytes, layout: Layout, limits: Limits) -> tuple[list[str], list[ColumnSample], list[Line]]:
    """Return the names of visible sheets, the columns, and the first lines (to point at the headings)."""
    with on_disk(content) as path:
        sheets = peek(path, limits)
    sheet = next((one for one in sheets if one.name == layout.sheet), sheets[0])
    people = [line.cells for line in sheet.lines if line.number >= layout.first_line]
    columns = [
        ColumnSample(
            column.index,
            column.heading,
            _values(people, column.index),
            layout.columns[column.index].value if column.index in layout.columns else "",
            tuple((field.value, round(score * 100)) for field, score in column.candidates),
        )
        for column in columns_of(layout.headings)
    ]
    return _names(sheets), [one for one in columns if one.heading or one.values], list(sheet.lines[:15])


def _names(sheets: list[Sheet]) -> list[str]:
    return [one.name for one in sheets if not one.is_hidden and one.lines]


def _values(people: list[tuple[Cell, ...]], index: int) -> tuple[str, ...]:
    found: list[str] = []
    for cells in people:
        text = text_of(cells[index]) if index < len(cells) else None
        if isinstance(text, str) and text not in found:
            found.append(text[:40])
        if len(found) == SHOWN:
            break
    return tuple(found)

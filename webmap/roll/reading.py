"""A roll's file and its confirmed headings -> rows, one at a time; no list of them is ever held."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from webmap.households.importing.cells import Cell, Limits
from webmap.households.importing.columns import Mapping
from webmap.households.importing.errors import FileRefusedError
from webmap.households.importing.fields import Field
from webmap.households.importing.named_areas import Named
from webmap.households.importing.reading import Layout
from webmap.households.importing.results import Trouble
from webmap.households.importing.rows import LEFT_OUT, Options, Row, read_row
from webmap.households.importing.villages import names_of
from webmap.households.importing.workbook import read_lines

REPORT_EVERY = 5000
OTHER_LINES_SHOWN = 100

FIELDS = (
    Field.FULL_NAME, Field.SURNAME, Field.BIRTH, Field.SEX, Field.MALE, Field.FEMALE, Field.INSURANCE_CODE,
    Field.CITIZEN_ID, Field.CARD_NUMBER, Field.CARD_CATEGORY, Field.VALID_FROM, Field.VALID_TO, Field.COMMUNE,
    Field.VILLAGE, Field.HOUSEHOLD_CODE, Field.HEAD_NAME, Field.ADDRESS,
)  # fmt: skip
"""What is taken from a roll; other columns stay out of the house (minimal personal data)."""

IDENTIFYING = frozenset(
    {Field.INSURANCE_CODE, Field.CITIZEN_ID, Field.CARD_NUMBER, Field.BIRTH, Field.MALE, Field.FEMALE}
)


@dataclass(slots=True)
class Tally:
    """What is worth saying of a whole file; it does not grow with its rows."""

    rows: int = 0
    refused: int = 0
    other_lines: list[int] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    unknown_villages: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        self.rows += 1
        self.refused += row.is_refused
        for _field, code in row.remarks:
            self.remarks[code] += 1
        for problem in row.problems:
            if problem.trouble.code == "unknown_village" and len(self.unknown_villages) < 200:
                self.unknown_villages[row.village or ""] += 1


def roll_columns(columns: Mapping) -> Mapping:
    """The columns that a roll is read from, of those that were guessed."""
    return {index: what for index, what in columns.items() if what in FIELDS}


def check_columns(columns: Mapping) -> None:
    """Raise FileRefusedError when people cannot be told by these columns."""
    held = list(columns.values())
    if len(set(held)) != len(held):
        raise FileRefusedError("field_twice")
    if Field.FULL_NAME not in held:
        raise FileRefusedError("no_name_column")
    if not IDENTIFYING & set(held):
        raise FileRefusedError("no_identifying_column")


class Places:
    """Which village of the roll's area a row means."""

    def __init__(
        self, area_id: int, communes: list[Named], villages: dict[int, list[Named]], above: list[Named]
    ) -> None:
        self.area_id = area_id
        self.has_villages = any(villages.values())
        self._communes = names_of(communes or above)
        self._has_communes = bool(communes)
        self._by_commune = {commune_id: names_of(below) for commune_id, below in villages.items()}
        self._all = names_of(one for below in villages.values() for one in below)
        self._find = cache(self._look)

    def of(self, row: Row) -> int | None:
        """The village of a row; None when it names none. Names that nobody knows refuse the row."""
        found = self._find(row.commune or "", row.village or "")
        if isinstance(found, tuple):
            where, trouble = found
            row.refuse(where, trouble.code, **trouble.facts)
            return None
        return found

    def _look(self, commune: str, village: str) -> int | tuple[Field, Trouble] | None:
        names = self._all
        if commune:
            meant = self._communes.find(commune)
            if isinstance(meant, Trouble):
                return Field.COMMUNE, Trouble("commune_differs", {"text": commune[:60]})
            names = self._by_commune.get(meant, names) if self._has_communes else names
        if not village or not self.has_villages:
            return None
        found = names.find(village)
        return (Field.VILLAGE, found) if isinstance(found, Trouble) else found


def options_of(layout: Layout, listed_on: date, today: date) -> Options:
    """What the file does not say. A roll without any days of cards says that they held on its own day."""
    held = set(layout.columns.values())
    has_days = bool(held & {Field.VALID_FROM, Field.VALID_TO})
    valid_from = layout.valid_from or (None if has_days else listed_on)
    return Options(today, listed_on, valid_from, layout.valid_to, layout.category)


def rows_of(
    path: Path,
    layout: Layout,
    limits: Limits,
    options: Options,
    *,
    places: Places,
    categories: Iterable[str],
    tally: Tally,
    report: Callable[[int], None],
) -> Iterator[tuple[Row, int | None, dict[str, str]]]:
    """Yield each person with her village and, for a refused row, its cells. `report` may stop it by raising."""
    check_columns(layout.columns)
    known = frozenset(categories)
    for line in read_lines(path, layout.sheet, limits):
        if line.number < layout.first_line:
            continue
        row = read_row(line, layout.columns, options)
        if row is None:
            if len(tally.other_lines) < OTHER_LINES_SHOWN:
                tally.other_lines.append(line.number)
            continue
        _check_card(row, options, known)
        area_id = places.of(row)
        tally.add(row)
        if tally.rows > limits.rows:
            raise FileRefusedError("too_many_rows", rows=line.number, most=limits.rows, sheet="")
        if tally.rows % REPORT_EVERY == 0:
            report(tally.rows)
        yield row, area_id, given_cells(layout, line.cells) if row.is_refused else {}


def _check_card(row: Row, options: Options, known: frozenset[str]) -> None:
    """A row of a roll is a card, even when it says nothing of it but that the person is listed."""
    if not row.has_card:
        row.valid_from, row.valid_to = row.valid_from or options.valid_from, row.valid_to or options.valid_to
        row.card_category = row.card_category or options.category
        if row.valid_from is None:
            row.refuse(Field.VALID_TO, "card_without_days")
        if row.card_category is None and not any(one.field is Field.CARD_CATEGORY for one in row.problems):
            row.refuse(Field.CARD_CATEGORY, "no_category")
    if row.card_category and row.card_category not in known:
        row.refuse(Field.CARD_CATEGORY, "unknown_category", text=row.card_category)


def is_from_assumed(row: Row, layout: Layout) -> bool:
    """Whether the first day of the card is the day of the roll, for want of a better one."""
    if (Field.VALID_FROM, "valid_from_list_day") in row.remarks:
        return True
    return layout.valid_from is None and not {Field.VALID_FROM, Field.VALID_TO} & set(layout.columns.values())


def reasons_of(row: Row) -> list[dict[str, Any]]:
    """The problems of a row as the table keeps them."""
    return [
        {"field": one.field.value, **asdict(one.trouble), "is_fatal": one.field not in LEFT_OUT} for one in row.problems
    ]


def given_cells(layout: Layout, cells: tuple[Cell, ...]) -> dict[str, str]:
    """The cells of a line under its headings, as they were given."""
    return {str(index): str(cell)[:200] for index, cell in enumerate(cells[: len(layout.headings)]) if cell is not None}

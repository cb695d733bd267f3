"""Rows of an import as lines for people: what is refused and why, what would change from what to what."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from flask_babel import gettext

from webmap.households.importing.fields import Field
from webmap.households.importing.models import HouseholdImportRow
from webmap.households.importing.reading import Layout
from webmap.households.sentences import field_name, reason
from webmap.words import word

CODED = {"residency": "residency", "reason_group": "reason"}
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class ToldRow(Protocol):
    """A kept row of any file, with what is wrong with it and its cells as they were given."""

    @property
    def row_number(self) -> int: ...
    @property
    def reasons(self) -> list[Any]: ...
    @property
    def given(self) -> dict[str, Any]: ...


def refusal_lines(rows: Sequence[ToldRow], layout: Layout) -> list[dict[str, Any]]:
    """Each reason as a line: row, column as the file names it, what is wrong, and whether the row is refused."""
    columns = {what.value: layout.headings[index] for index, what in layout.columns.items()}
    letters = {what.value: column_letter(index) for index, what in layout.columns.items()}
    return [
        {
            "row": row.row_number,
            "column": letters.get(one["field"], ""),
            "heading": columns.get(one["field"]) or field_name(one["field"]),
            "reason": reason(one["code"], one["facts"]),
            "is_fatal": one["is_fatal"],
            "name": row.given.get("full_name") or row.given.get(str(_index(layout, Field.FULL_NAME)), ""),
        }
        for row in rows
        for one in row.reasons
    ]


def _index(layout: Layout, wanted: Field) -> int:
    return next((index for index, what in layout.columns.items() if what is wanted), -1)


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA, as spreadsheets name their columns."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def change_lines(rows: list[HouseholdImportRow]) -> list[dict[str, Any]]:
    """Each change as a line: row, name, field, old, new."""
    return [
        {
            "row": row.row_number,
            "name": row.given.get("full_name", ""),
            "field": field_name(name),
            "old": shown(name, old),
            "new": shown(name, new),
        }
        for row in rows
        for name, (old, new) in row.changes.items()
    ]


def shown(name: str, value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "–"
    if name in CODED:
        return word(CODED[name], value)
    if name in ("is_head", "sex"):
        texts = {True: gettext("yes"), False: gettext("no"), "male": gettext("Man"), "female": gettext("Woman")}
        return str(texts[value])
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    return str(value)


def refusal_cells(rows: Sequence[ToldRow], layout: Layout) -> Iterator[list[object]]:
    """The lines of the file of refusals: each with the cells of its row as they were given."""
    given = {row.row_number: row.given for row in rows}
    yes, no = str(gettext("yes")), str(gettext("no"))
    indexes = [index for index, heading in enumerate(layout.headings) if heading]
    for line in refusal_lines(rows, layout):
        cells = [given[line["row"]].get(str(index), "") for index in indexes]
        is_fatal = yes if line["is_fatal"] else no
        yield [line["row"], line["column"], line["heading"], line["reason"], is_fatal, line["name"], *cells]

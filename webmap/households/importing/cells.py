"""What a spreadsheet is made of, once it has been read: sheets, numbered lines, cells."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from unicodedata import normalize


class Spoiled(NamedTuple):
    """A cell whose value is lost: an Excel error such as #REF!, or, when empty, a formula without its result."""

    what: str


Cell = str | int | float | bool | date | Spoiled | None
"""One cell. Empty text is None; a datetime counts as a date."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line with something in it, numbered as a spreadsheet program numbers it (the first is 1)."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file with its first lines; a csv file is a single sheet named ''."""

    name: str
    is_hidden: bool
    height: int
    lines: tuple[Line, ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged ranges as first row, first column, last row, last column, counted from 0."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read. Beyond any of these it is refused with a sentence, never cut."""

    megabytes: int = 30
    unpacked_megabytes: int = 300
    ratio: int = 100
    parts: int = 200
    rows: int = 100_000
    columns: int = 200
    memory_megabytes: int = 1024
    seconds: int = 60


def composed(text: str) -> str | None:
    """Return the text with every letter and its marks as one character (NFC); nothing but space is None."""
    return normalize("NFC", text) if text and not text.isspace() else None


def padded(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    """Return the cells with empty ones added up to `width`."""
    return cells + (None,) * (width - len(cells))

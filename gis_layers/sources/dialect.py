"""How a table of text is written: which letters, which sign between cells, whether the first line names them."""

import csv
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple
from unicodedata import category

from gis_layers.errors import UnreadableFileError
from gis_layers.letters import Letters, decoded, letters_of
from gis_layers.positions import number_of

SEPARATORS = ",;\t|"
SAMPLE_LINES = 200
LEAST_TIDY = 0.8  # of the first rows have the same number of cells
MOST_TITLES = 20  # rows above the headings
csv.field_size_limit(64 * 1024**2)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The sign between cells, lines above the headings, and the headings as they are to be called."""

    separator: str
    skipped_lines: int
    names: tuple[str, ...]
    has_headings: bool


def looks_like_table(first: bytes) -> bool:
    """Say whether the first bytes of a file are lines of text parted into cells."""
    try:
        text = sample_text(first)
        dialect_of(text)
    except UnreadableFileError:
        return False
    return not any(category(sign) == "Cc" and not sign.isspace() for sign in text[:2000])


def sample_text(first: bytes) -> str:
    """Return whole lines from the beginning of a file, in whatever letters; 8-bit ones as Latin-1."""
    letters = letters_of(first).letters
    wide = letters in {Letters.UTF16_LE, Letters.UTF16_BE}
    if wide:
        return decoded(first[: len(first) // 2 * 2], letters)
    whole = first[: first.rfind(b"\n") + 1] or first
    return decoded(whole, Letters.UTF8) if letters is Letters.UTF8 else whole.decode("latin-1")


def dialect_of(text: str) -> Dialect:
    """Find the dialect from the first lines. UnreadableFileError(reason="no_table") when nothing parts them."""
    lines = list(islice(text.splitlines(keepends=True), SAMPLE_LINES))
    if len(lines) > 2 and len(lines) < SAMPLE_LINES and len(text) > 60_000:
        lines = lines[:-1]  # the last may be cut off
    first = lines[0].strip().lower() if lines else ""
    if first.startswith("sep=") and len(first) == len("sep=") + 1:
        return _with_names(lines[1:], lines[0].strip()[-1], 1)
    found = {sign: _tidiness(lines, sign) for sign in SEPARATORS}
    best = max(SEPARATORS, key=lambda sign: (found[sign].share, -found[sign].first_line, found[sign].width))
    tidiness = found[best]
    if tidiness.share < LEAST_TIDY:
        raise UnreadableFileError(reason="no_table")
    return _with_names(lines[tidiness.first_line :], best, tidiness.first_line)


class _Tidiness(NamedTuple):
    """The share of rows with the commonest number of cells from the first such row on, that number, its line."""

    share: float
    width: int
    first_line: int


def _tidiness(lines: list[str], sign: str) -> _Tidiness:
    rows: list[tuple[int, int]] = []
    reader = csv.reader(lines, delimiter=sign)
    line = 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, len(row)))
            line = reader.line_num
    except csv.Error:
        return _Tidiness(0.0, 0, 0)
    widths = Counter(width for _, width in rows if width > 1)
    if not widths:
        return _Tidiness(0.0, 0, 0)
    width, times = max(widths.items(), key=lambda one: (one[1], one[0]))
    first = next(place for place, (_, one) in enumerate(rows) if one == width)
    if first > MOST_TITLES:
        return _Tidiness(0.0, 0, 0)
    return _Tidiness(times / len(rows[first:]), width, rows[first][0])


def _with_names(lines: list[str], sign: str, skipped: int) -> Dialect:
    rows = csv.reader(lines, delimiter=sign)
    try:
        first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    except csv.Error as error:
        raise UnreadableFileError(reason="no_table") from error
    if len(first) < 2:
        raise UnreadableFileError(reason="no_table")
    has_headings = not any(number_of(cell) is not None for cell in first if cell.strip())
    names: dict[str, None] = {}  # keeps the order, and finds one among a million at once
    for place, cell in enumerate(first, 1):
        said = " ".join(cell.split()) if has_headings else ""
        name = said or f"column {place}"
        names[name if name not in names else f"{name} ({place})"] = None
    return Dialect(sign, skipped, tuple(names), has_headings)

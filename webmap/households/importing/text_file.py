"""csv and its cousins -> lines: which letters the bytes mean, which sign parts the cells, then a stream of rows."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from webmap.households.importing.cells import Limits, Line, Sheet, composed
from webmap.households.importing.encodings import encoding_of, opened
from webmap.households.importing.errors import FileRefusedError

SEPARATORS = ",;\t|"
SAMPLE_LINES = 200
LONGEST_CELL = 10_000
MOST_LINE_BREAKS = 20
"""More line breaks than this in one cell mean a quotation mark that was never closed."""


def peek(path: Path, limits: Limits, most: int) -> Sheet:
    """Return the first lines of the file as a sheet without a name. Raises FileRefusedError."""
    return Sheet("", is_hidden=False, height=0, lines=tuple(islice(read_lines(path, limits), most)))


def read_lines(path: Path, limits: Limits) -> Iterator[Line]:
    """Yield every line that has something in it. Raises FileRefusedError."""
    encoding = encoding_of(path)
    separator, skipped = _separator(path, encoding)
    with opened(path, encoding) as stream:
        reader = csv.reader(stream, delimiter=separator, strict=True)
        number = 0
        while True:
            try:
                row = next(reader, None)
            except csv.Error as wrong:
                raise FileRefusedError("quote_not_closed", row=number + 1) from wrong
            if row is None:
                return
            number += 1
            if number <= skipped:
                continue
            if line := _line(number, row, limits):
                yield line


def _line(number: int, row: list[str], limits: Limits) -> Line | None:
    if number > limits.rows:
        raise FileRefusedError("too_many_rows", rows=number, most=limits.rows, sheet="")
    while row and not row[-1].strip():
        row.pop()
    if len(row) > limits.columns:
        raise FileRefusedError("too_many_columns", columns=len(row), most=limits.columns, sheet="")
    for cell in row:
        if len(cell) > LONGEST_CELL or cell.count("\n") > MOST_LINE_BREAKS:
            raise FileRefusedError("quote_not_closed", row=number)
    cells = tuple(composed(cell) for cell in row)
    return Line(number, cells) if any(cells) else None


def _separator(path: Path, encoding: str) -> tuple[str, int]:
    """Return the sign between cells, and how many lines are only instructions to a spreadsheet program."""
    with opened(path, encoding) as stream:
        sample = list(islice(stream, SAMPLE_LINES))
    first = sample[0].strip().lower() if sample else ""
    if first.startswith("sep=") and len(first) == len("sep=") + 1:
        return first[-1], 1
    best = max(SEPARATORS, key=lambda sign: _tidiness(sample, sign))
    if _tidiness(sample, best) == (0, 0):
        raise FileRefusedError("no_table")
    return best, 0


def _tidiness(sample: list[str], sign: str) -> tuple[int, int]:
    """How many lines share the commonest number of cells, and that number; (0, 0) when nothing is parted."""
    try:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=sign) if any(row))
    except csv.Error:
        return (0, 0)
    parted = [(lines * width, width) for width, lines in widths.items() if width > 1]
    return max(parted, default=(0, 0))

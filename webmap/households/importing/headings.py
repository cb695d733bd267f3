"""Where the table begins: title lines above it, one to three rows of headings, a row of column numbers, then people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from webmap.households.importing.cells import Cell, Line, Sheet, padded
from webmap.households.importing.columns import LIKELY, scores

DEEPEST = 3
"""More rows of headings than this are not looked for."""

SEARCHED = 60
"""Headings further down than this many lines are not found."""

NUMBERED = re.compile(r"\(?\[?(\d{1,2}|[A-Za-zĐđ])\)?\]?")


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a table and the number of the line on which its people begin."""

    headings: tuple[str, ...]
    line_number: int
    first_person_line: int
    is_sure: bool
    """False when fewer than two headings are known: a person has to say where the headings are."""


def find_header(sheet: Sheet) -> Header | None:
    """Return the most convincing rows of headings, or None for an empty sheet."""
    lines = [line for line in sheet.lines if not _is_title(line)][:SEARCHED]
    best: tuple[float, int, tuple[str, ...], list[Line]] | None = None
    for start in range(len(lines)):
        for depth in range(1, DEEPEST + 1):
            block = lines[start : start + depth]
            if len(block) < depth or not _may_be_headings(block):
                break
            headings = _joined(block)
            worth = _worth(headings) - 0.4 * (depth - 1)
            if best is None or worth > best[0] + 1e-9:
                best = (worth, start, headings, block)
    if best is None:
        return None
    _worth_of_best, start, _headings, block = best
    block = _with_merged(sheet, lines[start:], len(block))
    headings = _joined(block)
    known = sum(1 for heading in headings if heading and _top(heading) >= LIKELY)
    return Header(headings, block[0].number, _first_person(block, lines), is_sure=known >= 2)


def _with_merged(sheet: Sheet, lines: Sequence[Line], depth: int) -> list[Line]:
    """Take in every row that a merged heading reaches down to."""
    last = lines[depth - 1].number
    reach = max(
        (
            bottom + 1
            for top, _l, bottom, _r in sheet.merged
            if lines[0].number <= top + 1 <= last and bottom + 1 > last
        ),
        default=last,
    )
    reach = min(reach, lines[0].number + DEEPEST)
    return [line for line in lines[: DEEPEST + 1] if line.number <= max(reach, last)]


def header_at(sheet: Sheet, line_number: int) -> Header | None:
    """Take the one line that a person has pointed at as the headings."""
    for line in sheet.lines:
        if line.number == line_number:
            return Header(_joined([line]), line.number, line.number + 1, is_sure=True)
    return None


def _is_title(line: Line) -> bool:
    """One text alone, or the same text over a merged width."""
    return len({cell for cell in line.cells if cell is not None}) < 2


def _may_be_headings(block: Sequence[Line]) -> bool:
    """Headings are words: a row with a date or a long number in it belongs to the people."""
    return not any(_is_datum(cell) for cell in block[-1].cells) and not any(_is_column_numbers(line) for line in block)


def _is_datum(cell: Cell) -> bool:
    if cell is None or isinstance(cell, bool):
        return False
    if isinstance(cell, str):
        digits = sum(sign.isdigit() for sign in cell)
        return digits >= 6 or (digits > 0 and digits * 2 > len(cell))
    return True


def _is_column_numbers(line: Line) -> bool:
    """'(1) (2) (3)' or 'A B 1 2': the row under the headings that numbers the columns."""
    texts = [str(cell).strip() for cell in line.cells if cell is not None]
    if len(texts) < 3 or not all(NUMBERED.fullmatch(text) for text in texts):
        return False
    numbers = [int(digits[0]) for text in texts if (digits := re.findall(r"\d+", text))]
    return len(numbers) < 2 or all(after == before + 1 for before, after in pairwise(numbers))


def _joined(block: Sequence[Line]) -> tuple[str, ...]:
    """Join the headings of each column from the top down, 'Thẻ BHYT > Từ ngày'; a repeated text counts once.

    A parent that spans several columns without being merged (csv) is carried to the right over empty cells as long as
    the row below has something to say there.
    """
    width = max(len(line.cells) for line in block)
    rows = [[_text(cell) for cell in padded(line.cells, width)] for line in block]
    for above, below in pairwise(rows):
        for index in range(1, width):
            if not above[index] and below[index] and above[index - 1] and below[index - 1]:
                above[index] = above[index - 1]
    joined = []
    for column in zip(*rows, strict=True):
        texts = [text for place, text in enumerate(column) if text and text not in column[:place]]
        joined.append(" > ".join(texts))
    return tuple(joined)


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _worth(headings: Sequence[str]) -> float:
    """Sum of the best scores, each field counted once, so that a repeated word cannot win."""
    best: dict[str, float] = {}
    for heading in headings:
        if heading:
            for field, score in scores(heading)[:1]:
                best[field] = max(best.get(field, 0.0), score)
    return sum(best.values())


def _top(heading: str) -> float:
    ranked = scores(heading)
    return ranked[0][1] if ranked else 0.0


def _first_person(block: Sequence[Line], lines: Sequence[Line]) -> int:
    last = block[-1].number
    for line in lines:
        if line.number > last:
            return line.number + 1 if _is_column_numbers(line) else last + 1
    return last + 1

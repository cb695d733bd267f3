"""A spreadsheet file (xlsx, csv) -> sheets and lines, bounded and streamed; hostile files are refused."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from webmap.households.importing import text_file
from webmap.households.importing.cells import Cell, Limits, Line, Sheet, Spoiled, composed, padded
from webmap.households.importing.errors import FileRefusedError
from webmap.households.importing.kinds import Kind, recognise

HEAD_LINES = 120
"""How many lines are looked at to find the headings and guess what the columns hold."""

READER = Path(__file__).with_name("excel_child.py")


def peek(path: Path, limits: Limits) -> list[Sheet]:
    """Return every sheet with its first lines. Raises FileRefusedError."""
    if recognise(path, limits) is Kind.TEXT:
        return [text_file.peek(path, limits, HEAD_LINES)]
    sheets: list[tuple[dict[str, Any], list[Line]]] = []
    for message in _excel_messages(path, None, HEAD_LINES, limits):
        if isinstance(message, dict):
            sheets.append((message, []))
        else:
            sheets[-1][1].append(_line(message))
    return [_sheet(about, lines) for about, lines in sheets]


def read_lines(path: Path, sheet: str, limits: Limits) -> Iterator[Line]:
    """Yield every line of one sheet that has something in it, with merged cells filled. Raises FileRefusedError."""
    if recognise(path, limits) is Kind.TEXT:
        yield from text_file.read_lines(path, limits)
        return
    fill: dict[int, list[tuple[int, int, int, int]]] = {}
    corner: dict[tuple[int, int], Cell] = {}
    for message in _excel_messages(path, sheet, limits.rows * 2, limits):
        if isinstance(message, dict):
            fill = _ranges_by_row(message["merged"])
        else:
            yield _filled(_line(message), fill, corner)


def _sheet(about: dict[str, Any], lines: list[Line]) -> Sheet:
    merged = tuple((a, b, c, d) for a, b, c, d in about["merged"])
    fill, corner = _ranges_by_row(about["merged"]), dict[tuple[int, int], Cell]()
    return Sheet(
        about["sheet"],
        about["hidden"],
        about["height"],
        tuple(_filled(line, fill, corner) for line in lines),
        merged,
    )


def _ranges_by_row(merged: list[list[int]]) -> dict[int, list[tuple[int, int, int, int]]]:
    by_row: dict[int, list[tuple[int, int, int, int]]] = {}
    budget = 1_000_000  # rows touched by merged ranges: a sheet merged down to its last line is filled only so far
    for top, left, bottom, right in merged:
        budget -= bottom - top + 1
        if budget < 0:
            break
        for row in range(top, bottom + 1):
            by_row.setdefault(row, []).append((top, left, bottom, right))
    return by_row


def _filled(line: Line, fill: dict[int, list[tuple[int, int, int, int]]], corner: dict[tuple[int, int], Cell]) -> Line:
    """Give every cell of a merged range the value people see in it."""
    row = line.number - 1
    if row not in fill:
        return line
    cells = list(line.cells)
    for top, left, _bottom, right in fill[row]:
        if row == top:
            corner[top, left] = cells[left] if left < len(cells) else None
        value = corner.get((top, left))
        if value is None:
            continue
        right = min(right, len(cells) + 200)  # noqa: PLW2901 - a range to column XFD is a title, not data
        cells = list(padded(tuple(cells), right + 1))
        cells[left : right + 1] = [value] * (right + 1 - left)
    return Line(line.number, tuple(cells))


def _excel_messages(path: Path, sheet: str | None, most_rows: int, limits: Limits) -> Iterator[Any]:
    """Run the reader in a process of its own and yield what it says; a silent death means the file was too heavy."""
    request = {"path": str(path), "sheet": sheet, "most_rows": most_rows, "limits": asdict(limits)}
    command = [sys.executable, "-I", str(READER), json.dumps(request)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            assert child.stdout is not None  # noqa: S101 - PIPE was asked for
            yield from _messages(child.stdout)
        finally:
            child.kill()


def _messages(stream: IO[bytes]) -> Iterator[Any]:
    is_complete = False
    for raw in stream:
        if not raw.endswith(b"\n"):
            break  # cut off in the middle of a word
        message = json.loads(raw)
        if isinstance(message, dict) and "refused" in message:
            raise FileRefusedError(message["refused"], **message["facts"])
        if isinstance(message, dict) and "end" in message:
            is_complete = True
            continue
        yield message
    if not is_complete:
        raise FileRefusedError("too_heavy")


def _line(message: list[Any]) -> Line:
    return Line(message[0], tuple(_cell(value) for value in message[1]))


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        if "at" in value:
            return datetime.fromisoformat(value["at"])
        return date.fromisoformat(value["on"]) if "on" in value else Spoiled(value["spoiled"])
    if isinstance(value, str):
        return composed(value)
    return value  # type: ignore[no-any-return]  # JSON has only numbers and truth values left

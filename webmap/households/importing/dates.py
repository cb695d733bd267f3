"""Days and years as people write them: 5/3/1980, 05.03.80, 1980, 03/1980, ngày 5 tháng 3 năm 1980, Excel's serials."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webmap.households.importing.cells import Cell
from webmap.households.importing.cleaning import text_of, word_of
from webmap.households.importing.results import Found, Trouble

EARLIEST_BIRTH = 1890
FIRST_CARD = 1992
"""Health insurance began with Decree 299/HĐBT of 15 August 1992."""

LAST_CARD_YEARS = 60
"""A card that ends later than this many years from today is a slip of the keyboard."""

EXCEL_BEGINS = date(1899, 12, 30)
YEAR_NUMBERS = range(1800, 2101)
SERIAL_NUMBERS = range(7000, 80_000)
"""Days since 1899-12-30 from 1919 to 2119: a number in here is a date that lost its format."""

DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{4}|\d{2})")
YEAR_MONTH_DAY = re.compile(r"(\d{4})[./\-](\d{1,2})[./\-](\d{1,2})")
MONTH_YEAR = re.compile(r"(\d{1,2})[./\-](\d{4})")
COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4})|(\d{4})(\d{2})(\d{2})")
WORDS = re.compile(r"(?i)ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})")
CLOCK_TIME = re.compile(r"[T\s]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp][Mm])?$")


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth as well as it is known: the day, or only the year."""

    year: int
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text says of a date before anybody judges it; month and day 0 when it does not say."""

    year: int
    month: int = 0
    day: int = 0
    remark: str = ""


def clean_birth(cell: Cell, today: date) -> Found[Birth] | Trouble | None:
    """Read a birth day or year. Two-digit years: the last century, unless that makes a person of 100 or more.

    '00/00/1980' and '03/1980' give the year alone.
    """
    parts = _parts(cell, lambda short: 1900 + short if short > today.year % 100 else 2000 + short)
    if parts is None or isinstance(parts, Trouble):
        return parts
    if parts.year < EARLIEST_BIRTH:
        return Trouble("birth_too_long_ago", {"year": parts.year})
    if not (parts.month and parts.day):
        return _birth_year(parts, cell, today)
    day = _day(parts)
    if isinstance(day, Trouble):
        return day
    return Trouble("birth_in_future", {"day": _said(day)}) if day > today else Found(Birth(day.year, day), parts.remark)


def _birth_year(parts: Parts, cell: Cell, today: date) -> Found[Birth] | Trouble:
    if parts.month > 12:
        return Trouble("no_such_month", {"month": parts.month, "text": _shown(cell)})
    if parts.year > today.year:
        return Trouble("birth_in_future", {"day": str(parts.year)})
    return Found(Birth(parts.year), "only_month_and_year" if parts.month else parts.remark)


def clean_day(cell: Cell, today: date) -> Found[date] | Trouble | None:
    """Read the first or last day of a card. A year or month alone is not a day; two-digit years are of this century."""
    parts = _parts(cell, lambda short: 2000 + short)
    if parts is None or isinstance(parts, Trouble):
        return parts
    if not (parts.month and parts.day):
        return Trouble("day_incomplete", {"text": _shown(cell)})
    day = _day(parts)
    if isinstance(day, Trouble):
        return day
    if day.year < FIRST_CARD or day.year > today.year + LAST_CARD_YEARS:
        return Trouble("day_not_believable", {"day": _said(day)})
    return Found(day, parts.remark)


def _parts(cell: Cell, century: Callable[[int], int]) -> Parts | Trouble | None:
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return Parts(day.year, day.month, day.day)
    text = word_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    text = CLOCK_TIME.sub("", text).strip()
    if text.isascii() and text.isdigit() and len(text) <= 5:
        return _from_number(int(text), text)
    return _from_text(text, century)


def _from_number(number: int, text: str) -> Parts | Trouble:
    if number in YEAR_NUMBERS:
        return Parts(number)
    if number in SERIAL_NUMBERS:
        day = EXCEL_BEGINS + timedelta(days=number)
        return Parts(day.year, day.month, day.day, "excel_serial")
    return Trouble("not_a_date", {"text": text})


def _from_text(text: str, century: Callable[[int], int]) -> Parts | Trouble:
    if match := WORDS.search(text) or DAY_MONTH_YEAR.fullmatch(text):
        year = int(match[3])
        is_short = len(match[3]) == 2
        return Parts(
            century(year) if is_short else year,
            int(match[2]),
            int(match[1]),
            "two_digit_year" if is_short else "",
        )
    if match := YEAR_MONTH_DAY.fullmatch(text):
        return Parts(int(match[1]), int(match[2]), int(match[3]))
    if match := MONTH_YEAR.fullmatch(text):
        return Parts(int(match[2]), int(match[1]))
    if text.isascii() and text.isdigit() and len(text) == 8:
        return _compact(text)
    return Trouble("not_a_date", {"text": text[:60]})


def _compact(text: str) -> Parts:
    """'05031980' or '19800305': the last four of a Vietnamese date cannot be a month and a day of these centuries."""
    if int(text[4:]) in YEAR_NUMBERS:
        return Parts(int(text[4:]), int(text[2:4]), int(text[:2]))
    return Parts(int(text[:4]), int(text[4:6]), int(text[6:]))


def _day(parts: Parts) -> date | Trouble:
    """Make a day of the parts. A month beyond 12 is said to be one: day and month are never swapped silently."""
    shown = f"{parts.day:02d}/{parts.month:02d}/{parts.year}"
    if not 1 <= parts.month <= 12:
        return Trouble("no_such_month", {"month": parts.month, "text": shown})
    try:
        return date(parts.year, parts.month, parts.day)
    except ValueError:
        return Trouble("no_such_day", {"text": shown})


def _said(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def _shown(cell: Cell) -> str:
    text = text_of(cell)
    return text[:60] if isinstance(text, str) else ""

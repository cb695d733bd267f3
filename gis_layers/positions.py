"""Coordinates as people write them: decimal commas, dots between thousands, degrees with minutes and seconds."""

import re

import numpy as np
import numpy.typing as npt

NOTHING = frozenset(("", "n/a", "na", "nan", "null", "none", "-", "#n/a", "không", "khong"))
DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
GROUPED = re.compile(r"\s*[+-]?\d{1,3}[.,]\d{3}\s*")
ANGLE = re.compile(
    r"""([NSEWBDĐ]?)\s*([+-]?(?:1[0-7]\d|\d{1,2}))\s*[°ºd:\s]\s*([0-5]?\d(?:[.,]\d+)?)
    (?:\s*['′’‘m:\s]\s*(?:([0-5]?\d(?:[.,]\d+)?)\s*(?:"|″|”|“|''|’’|s)?)?)?\s*([NSEWBDĐ]?)""",
    re.IGNORECASE | re.VERBOSE,
)
LETTERED = re.compile(r"([NSEWBDĐ]?)\s*([^NSEWBDĐ°º]+?)\s*[°º]?\s*([NSEWBDĐ]?)", re.IGNORECASE)
BETWEEN = (re.compile(r"\s*;\s*"), re.compile(r"\s*,\s+"), re.compile(r"\s+"), re.compile(r","))


def number_of(text: str) -> float | None:
    """Read a number: "1925142.7", "1.925.142,7", "1 925 142,7", "1,925,142.7", "106,63688".

    Of two signs the later parts the decimals; one that is repeated parts thousands; a single comma decimals.
    None for anything else.
    """
    bare = re.sub(r"\s", "", text)
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        decimal, thousands = (".", ",") if bare.rfind(".") > bare.rfind(",") else (",", ".")
        bare = bare.replace(thousands, "").replace(decimal, ".")
    elif points > 1 or commas > 1:
        bare = bare.replace(".", "").replace(",", "")
    else:
        bare = bare.replace(",", ".")
    return float(bare) if DECIMAL.fullmatch(bare) else None


def angle_of(text: str) -> float | None:
    """Read degrees: a number, 21°01'42"N, "21 01 42", "105.83 E", "Đ 105°50'" (Đ, D is east, B north).

    South and west are negative. None for anything else, minutes from 60 included.
    """
    text = text.strip()
    if (plain := number_of(text)) is not None and not re.search(r"\d\s+\d", text):
        return plain
    if match := ANGLE.fullmatch(text):
        degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.group(2, 3, 4))
        if match[1] and match[5]:
            return None
        size = abs(degrees) + minutes / 60 + seconds / 3600
        is_minus = match[2].startswith("-") or (match[1] + match[5]).upper() in {"S", "W"}
        return -size if is_minus else size
    if (match := LETTERED.fullmatch(text)) and (plain := number_of(match[2])) is not None:
        return -plain if (match[1] + match[3]).upper() in {"S", "W"} else plain
    return plain


def pair_of(text: str) -> tuple[float, float] | None:
    """Read two coordinates in one cell as telephones and KoboToolbox write them: "6.3388 -10.7145 -4.0 4.7".

    What follows them (height, accuracy) is left out. The order is the cell's. None when there are no two.
    """
    text = text.strip().strip("()[]")
    if match := re.fullmatch(rf"({ANGLE.pattern})\s*[,;\s]\s*({ANGLE.pattern})", text, ANGLE.flags):
        parts = [match[1], match[7]]
    elif re.fullmatch(r"\d+,\d+,\d+,\d+", text):
        degrees = text.split(",")
        parts = [",".join(degrees[:2]), ",".join(degrees[2:])]
    else:
        parts = next((found for sign in BETWEEN if len(found := sign.split(text)) >= 2), [])
    if len(parts) < 2:
        return None
    first, second = angle_of(parts[0]), angle_of(parts[1])
    return None if first is None or second is None else (first, second)


def column_of(cells: list[str | None]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Read a column of coordinates: (n,) numbers with nan where there is none, and where something else was written.

    "567.469" in a column where all are written so, and none can be degrees, is 567,469 metres.
    """
    read: dict[str, float] = {}
    for cell in set(cells):
        if cell is not None and cell.strip().lower() not in NOTHING:
            said = angle_of(cell)
            read[cell] = np.nan if said is None else said
    numbers = np.array([read.get(cell, np.nan) if cell is not None else np.nan for cell in cells], dtype=np.float64)
    wrong = np.array([cell in read and np.isnan(read[cell]) for cell in cells], dtype=bool)
    known = numbers[np.isfinite(numbers)]
    are_grouped = bool(read) and all(GROUPED.fullmatch(cell) for cell in read)
    if are_grouped and len(known) and 180 < float(np.median(np.abs(known))) < 1000:
        numbers *= 1000
    return numbers, wrong

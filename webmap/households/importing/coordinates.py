"""A place as people write it: degrees with a point or a comma, degrees-minutes-seconds, or metres of VN-2000.

Nothing is swapped or moved silently: a place that cannot be is a Trouble, and the household stays unplaced.
"""

import re
from dataclasses import dataclass

from webmap.households.importing.cells import Cell
from webmap.households.importing.cleaning import text_of, word_of
from webmap.households.importing.results import Found, Trouble

WEST, SOUTH, EAST, NORTH = 102.0, 6.0, 118.0, 24.0
"""A box around Vietnam with Hoàng Sa and Trường Sa."""

NORTHINGS = (600_000.0, 2_700_000.0)
EASTINGS = (200_000.0, 900_000.0)
"""Metres of VN-2000 in Vietnam, in zones of 3 and of 6 degrees (false easting 500,000 m)."""

DEGREES_MINUTES = re.compile(
    r"""(\d{1,3})\s*[°d]\s*(\d{1,2}(?:[.,]\d+)?)\s*['′’m]?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:"|″|”|''|s)?)?\s*([NSEWBĐ]?)""",
    re.IGNORECASE | re.VERBOSE,
)
DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?")
PAIR = re.compile(r"\s*([^,;\s]+(?:,\d+)?)\s*[,;\s]\s*([^,;\s]+(?:,\d+)?)(?:[,;\s]+.*)?")


@dataclass(frozen=True, slots=True)
class Degrees:
    """A place in WGS 84."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Metres:
    """A place in VN-2000 as land surveyors write it, x to the north; which zone is said by the province."""

    north: float
    east: float


Place = Degrees | Metres


def clean_degrees(lon_cell: Cell, lat_cell: Cell) -> Found[Place] | Trouble | None:
    """Read longitude and latitude from two cells."""
    both = _two(_angle(lon_cell), _angle(lat_cell))
    return both if both is None or isinstance(both, Trouble) else _checked(*both)


def _two(first: float | Trouble | None, second: float | Trouble | None) -> tuple[float, float] | Trouble | None:
    """Return both, nothing when both are empty, or the first trouble."""
    for one in (first, second):
        if isinstance(one, Trouble):
            return one
    if isinstance(first, float) and isinstance(second, float):
        return first, second
    return None if first is None and second is None else Trouble("half_a_place")


def clean_pair(cell: Cell) -> Found[Place] | Trouble | None:
    """Read 'latitude, longitude' from one cell, as telephones and KoboToolbox write them."""
    text = word_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    match = PAIR.fullmatch(text)
    if not match:
        return Trouble("not_a_place", {"text": text[:60]})
    lat, lon = _angle(match[1]), _angle(match[2])
    if isinstance(lat, float) and isinstance(lon, float):
        return _checked(lon, lat)
    return Trouble("not_a_place", {"text": text[:60]})


def clean_metres(north_cell: Cell, east_cell: Cell) -> Found[Place] | Trouble | None:
    """Read VN-2000: x to the north, y to the east."""
    both = _two(number_of(north_cell), number_of(east_cell))
    if both is None or isinstance(both, Trouble):
        return both
    north, east = both
    if _within(north, NORTHINGS) and _within(east, EASTINGS):
        return Found(Metres(north, east))
    facts = _both(north, east)
    if _within(east, NORTHINGS) and _within(north, EASTINGS):
        return Trouble("place_swapped", facts)
    return Trouble("place_in_degrees" if abs(north) < 200 and abs(east) < 200 else "place_outside_vietnam", facts)


def number_of(cell: Cell) -> float | Trouble | None:
    """Read a number with a point or a comma for the decimals, and dots, spaces or commas between thousands."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = word_of(cell)
    if text is None or isinstance(text, Trouble):
        return text
    bare = _with_decimal_point(text.replace(" ", ""))
    return float(bare) if DECIMAL.fullmatch(bare) else Trouble("not_a_number", {"text": text[:60]})


def _with_decimal_point(text: str) -> str:
    """'1.925.142,7' -> '1925142.7': of two signs the later parts the decimals; one sign that repeats, thousands."""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        decimal, thousands = (".", ",") if text.rfind(".") > text.rfind(",") else (",", ".")
        return text.replace(thousands, "").replace(decimal, ".")
    if points > 1 or commas > 1:
        return text.replace(".", "").replace(",", "")
    return text.replace(",", ".")


def _angle(cell: Cell) -> float | Trouble | None:
    """Read degrees, decimal or with minutes and seconds and the letter of a direction (Đ is east, B north)."""
    text = text_of(cell)
    if isinstance(text, str) and (match := DEGREES_MINUTES.fullmatch(text.strip())):
        degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.group(1, 2, 3))
        if minutes >= 60 or seconds >= 60:
            return Trouble("not_a_place", {"text": text[:60]})
        sign = -1 if match[4].upper() in {"S", "W"} else 1
        return sign * (degrees + minutes / 60 + seconds / 3600)
    if isinstance(text, str) and (letter := re.fullmatch(r"(.+?)\s*°?\s*([NEBĐnebđ])?°?", text)):
        return number_of(letter[1]) if not isinstance(cell, int | float) else float(cell)
    return number_of(cell)


def _checked(lon: float, lat: float) -> Found[Place] | Trouble:
    if WEST <= lon <= EAST and SOUTH <= lat <= NORTH:
        return Found(Degrees(lon, lat))
    facts = _both(lat, lon)
    if lon == 0 and lat == 0:
        return Trouble("place_is_zero")
    if WEST <= lat <= EAST and SOUTH <= lon <= NORTH:
        return Trouble("place_swapped", facts)
    if _within(max(lon, lat), NORTHINGS):
        return Trouble("place_in_metres", facts)
    return Trouble("place_outside_vietnam", facts)


def _within(value: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= value <= ends[1]


def _both(first: float, second: float) -> dict[str, str | int]:
    return {"text": f"{first:g}, {second:g}"}

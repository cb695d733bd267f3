"""Colour, shape and glyph of every status and door mark: the one source for browser, folium and print.

`palette.json` beside this module holds the values. The browser build reads the same file, so that a colour
is changed in one place. A *status* (who in the house is covered) is the symbol; a *mark* (what happened at
the door) is a small badge at the symbol's lower right. Both differ in outer shape and glyph, never in colour
alone. The colours keep a CIEDE2000 difference of at least 19 between any two statuses, and between any two
marks, in normal sight and in full protanopia, deuteranopia and tritanopia (Machado, Oliveira & Fernandes
2009, <https://doi.org/10.1109/TVCG.2009.113>); `tests/gis_layers/render/test_palette.py` computes it.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gis_layers.errors import UnknownSymbolError


@dataclass(frozen=True, slots=True)
class Symbol:
    """One picture on a 24 by 24 grid: an outer shape, and a glyph on it.

    `shape`, `solid` and `glyph` are SVG path data. `shape` is filled with `fill` and outlined with `stroke`;
    `solid` is filled with `on`; `glyph` is a line of width 2.4 in the colour `on`, without filling.
    `is_plain` marks the ordinary case, which gets no badge on the map.
    """

    id: str
    fill: str
    on: str
    shape: str
    glyph: str = ""
    solid: str = ""
    stroke: str = ""
    is_dashed: bool = False
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class RouteLine:
    """How one route is drawn; `dashes` are multiples of the line's width, none for an unbroken line."""

    colour: str
    dashes: tuple[float, ...]


_PALETTE = json.loads(Path(__file__).with_name("palette.json").read_text(encoding="utf-8"))

OUTLINE: str = _PALETTE["outline"]
HALO: str = _PALETTE["halo"]
STATUSES: Mapping[str, Symbol] = {entry["id"]: Symbol(**entry) for entry in _PALETTE["statuses"]}
MARKS: Mapping[str, Symbol] = {entry["id"]: Symbol(**entry) for entry in _PALETTE["marks"]}
COVERAGE_FILLS: tuple[str, ...] = tuple(_PALETTE["coverage_fills"])
COVERAGE_THRESHOLDS_PERCENT: tuple[float, ...] = tuple(_PALETTE["coverage_thresholds_percent"])
ROUTES: tuple[RouteLine, ...] = tuple(
    RouteLine(entry["colour"], tuple(entry["dashes"])) for entry in _PALETTE["routes"]
)
GROUND: Mapping[str, Mapping[str, str]] = _PALETTE["ground"]


def coverage_class(percent: float, thresholds_percent: Sequence[float] = COVERAGE_THRESHOLDS_PERCENT) -> int:
    """Number of the coverage class, counted from 1 for the lowest.

    `thresholds_percent` are the lower ends of classes 2, 3, …, ascending, in percent. A share may exceed
    100 %; it is in the highest class.
    """
    return bisect_right(thresholds_percent, percent) + 1


def coverage_fill(percent: float, thresholds_percent: Sequence[float] = COVERAGE_THRESHOLDS_PERCENT) -> str:
    """Fill colour (`#RRGGBB`) of an area with this coverage in percent.

    With fewer thresholds than the palette has steps, its ends are kept and its middle is thinned.
    """
    steps = len(thresholds_percent)
    position = coverage_class(percent, thresholds_percent) - 1
    return COVERAGE_FILLS[round(position * (len(COVERAGE_FILLS) - 1) / steps) if steps else -1]


def route_line(number: int) -> RouteLine:
    """Colour and dashes of route `number`, counted from 1; after the last they begin again."""
    return ROUTES[(number - 1) % len(ROUTES)]


def symbol_svg(status: str, mark: str = "not_visited", size: int = 24, label: str = "") -> str:
    """Return one inline `<svg>` with the status's symbol and the mark's badge, `size` CSS pixels square.

    `label` becomes its accessible name and must already be escaped for HTML; without one the picture is
    hidden from screen readers, for use beside the written word. Raises `UnknownSymbolError`.
    """
    if status not in STATUSES or mark not in MARKS:
        raise UnknownSymbolError(status=status, mark=mark)
    symbol, badge = STATUSES[status], MARKS[mark]
    name = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    box = "-1 -1 26 26" if badge.is_plain else "-1 -1 30 30"
    small = "" if badge.is_plain else f'<g transform="translate(14 14) scale(.58)">{_drawn(badge, 3)}</g>'
    return (
        f'<svg class="symbol" width="{size}" height="{size}" viewBox="{box}" {name}>{_drawn(symbol, 1.9)}{small}</svg>'
    )


def mark_svg(mark: str, size: int = 24, label: str = "") -> str:
    """Return one inline `<svg>` of a door mark alone, for lists and buttons. Raises `UnknownSymbolError`."""
    if mark not in MARKS:
        raise UnknownSymbolError(mark=mark)
    name = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    drawn = _drawn(MARKS[mark], 1.9)
    return f'<svg class="symbol" width="{size}" height="{size}" viewBox="-1 -1 26 26" {name}>{drawn}</svg>'


def _drawn(symbol: Symbol, width: float) -> str:
    dashes = ' stroke-dasharray="3.4 2.2"' if symbol.is_dashed else ""
    edge = f'stroke="{symbol.stroke or OUTLINE}" stroke-width="{width}" stroke-linejoin="round"{dashes}'
    parts = [f'<path d="{symbol.shape}" fill="{symbol.fill}" {edge}/>']
    if symbol.solid:
        parts.append(f'<path d="{symbol.solid}" fill="{symbol.on}"/>')
    if symbol.glyph:
        parts.append(
            f'<path d="{symbol.glyph}" fill="none" stroke="{symbol.on}" stroke-width="{width + 0.5}" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )
    return "".join(parts)

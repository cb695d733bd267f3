"""How a layer looks in another program: one symbol for each value of a column, or one for all. From the one palette."""

from collections.abc import Callable
from dataclasses import dataclass

from gis_layers.render.palette import GROUND, OUTLINE, STATUSES

# The outer shape of each status by the name QGIS has for it: never colour alone.
SHAPES_OF_STATUSES = {
    "covered": "circle",
    "partly": "pentagon",
    "uncovered": "triangle",
    "expiring": "diamond",
    "reported": "hexagon",
    "pledged": "square",
    "unknown": "cross",
}
WIDTHS_OF_ALLEYS = {
    "main": 1.2, "road": 0.8, "alley": 0.5, "path": 0.3, "steps": 0.3, "track": 0.3, "footway": 0.3, "bridge": 0.5,
    "ferry": 0.3,
}  # fmt: skip
PLAIN = GROUND["plain"]
Words = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class DrawnAs:
    """One symbol: a point ("circle", "square" …), "line" or "fill". Colours are #RRGGBB, sizes millimetres."""

    value: str
    label: str
    shape: str
    fill: str
    outline: str = OUTLINE
    millimetres: float = 0.3


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """The symbols of a layer by the values of `column`; with an empty column the one symbol of all."""

    name: str
    column: str
    symbols: tuple[DrawnAs, ...]


def households_style(name: str, words: Words) -> LayerStyle:
    """Doors by status, as on the map: colour and shape. `words` says a status in the reader's language."""
    drawn = [
        DrawnAs(status, words(status), SHAPES_OF_STATUSES[status], symbol.fill, symbol.stroke or OUTLINE, 3.0)
        for status, symbol in STATUSES.items()
    ]
    return LayerStyle(name, "status", tuple(drawn))


def alleys_style(name: str, words: Words) -> LayerStyle:
    """Ways by kind: the larger the wider."""
    drawn = [
        DrawnAs(kind, words(kind), "line", PLAIN["road_case"], millimetres=width)
        for kind, width in WIDTHS_OF_ALLEYS.items()
    ]
    return LayerStyle(name, "kind", tuple(drawn))


def areas_style(name: str) -> LayerStyle:
    """Areas as outlines on a light ground."""
    return LayerStyle(name, "", (DrawnAs("", name, "fill", PLAIN["village"], PLAIN["outline"], 0.5),))


def buildings_style(name: str) -> LayerStyle:
    """Outlines of buildings."""
    return LayerStyle(name, "", (DrawnAs("", name, "fill", PLAIN["building"], PLAIN["building_edge"], 0.2),))


def points_style(name: str) -> LayerStyle:
    """House numbers that somebody surveyed."""
    return LayerStyle(name, "", (DrawnAs("", name, "circle", PLAIN["label"], PLAIN["label_halo"], 1.6),))

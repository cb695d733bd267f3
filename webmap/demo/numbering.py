"""Names of alleys as a village gives them: Ngõ 7, Ngách 7/2, Hẻm 7/2/1; odd on the left, even on the right."""

import numpy as np

from webmap.demo.houses import Ints, Plots
from webmap.demo.network import Network, Way, WayKind

WORDS = {WayKind.ALLEY: "Ngõ", WayKind.SIDE_ALLEY: "Ngách", WayKind.BYWAY: "Hẻm"}
LEFT = 1


def name_ways(network: Network, villages: list[str]) -> None:
    """Give every way its number and name, in the order in which one comes past them."""
    roads: dict[int, int] = {}
    next_number: dict[tuple[int, int, int], int] = {}
    for number in sorted(range(len(network.ways)), key=lambda n: _turn(network, n)):
        way = network.ways[number]
        if way.kind is WayKind.VILLAGE_ROAD:
            roads[way.village] = roads.get(way.village, 0) + 1
            suffix = "" if roads[way.village] == 1 else f" {roads[way.village]}"
            way.name = f"Đường {villages[way.village]}{suffix}"
        elif way.kind is WayKind.FIELD_TRACK:
            way.name = "Đường nội đồng"
        elif way.kind in WORDS:
            own = _next(next_number, way)
            above = network.ways[way.parent].number if way.kind is not WayKind.ALLEY else ""
            way.number = f"{above}/{own}" if above else str(own)
            way.name = f"{WORDS[way.kind]} {way.number}"


def _turn(network: Network, number: int) -> tuple[int, int, float]:
    """Parents before children, and children in the order of their starts."""
    way = network.ways[number]
    return list(WayKind).index(way.kind), way.parent, way.starts_at


def _next(numbers: dict[tuple[int, int, int], int], way: Way) -> int:
    """Count alleys by village, and side alleys by alley, odd and even apart."""
    whose = (way.village, -1 if way.kind is WayKind.ALLEY else way.parent, way.side)
    numbers[whose] = numbers.get(whose, -1 if way.side == LEFT else 0) + 2
    return numbers[whose]


def number_houses(plots: Plots) -> Ints:
    """Number the houses of each way from its start, odd on the left and even on the right."""
    order = np.lexsort((plots.along, plots.side, plots.way))
    way, side = plots.way[order], plots.side[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (way[1:] != way[:-1]) | (side[1:] != side[:-1])
    first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    place = np.arange(len(order)) - first
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = 2 * place + np.where(side == LEFT, 1, 2)
    return numbers

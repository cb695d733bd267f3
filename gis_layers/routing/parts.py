"""Parts of the alleys that do not join, and the likely missing link of each: for a person to look at, and to mend."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis_layers.measure import from_plane
from gis_layers.routing.arrays import Floats, Ints, Shapes
from gis_layers.routing.joining import join_ends, lines_of, nearest_pair
from gis_layers.routing.network import ENDS_MEET_METRES, Alley, checked_lines, parts_of
from gis_layers.types import LonLat

CLOSE_METRES = 60.0
"""Links up to this length are found all at once; the few parts that lie farther off are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Link:
    """The shortest way from one part towards the main one, where the files have none.

    `alley` and `to_alley` are indices into the alleys given, `ends` WGS 84 on each of them. 0 metres: they cross, or
    touch, without a common corner.
    """

    part: int
    to_part: int
    alley: int
    to_alley: int
    ends: tuple[LonLat, LonLat]
    metres: float


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """`part` is the number of each alley's part, shape (n,), 0 = the longest; `metres` the length of each part.

    `links` hold one for each part but the first; together they make all of it one network, with the least metres.
    """

    part: Ints
    metres: Floats
    links: tuple[Link, ...]


def find_parts(alleys: Sequence[Alley], *, ends_meet_metres: float = ENDS_MEET_METRES) -> Parts:
    """Find the parts as routes see them (`network.build_network`), and the links that would join them.

    The links are a shortest tree of parts (Kruskal 1956 among those that lie close, Borůvka 1926 for the rest), each
    led from a part towards part 0. BadGeometryError for an alley that is empty or not on the earth.
    """
    if not alleys:
        return Parts(np.zeros(0, dtype=np.int64), np.zeros(0), ())
    plane, lines = checked_lines(alleys)
    part, metres = parts_of(join_ends(lines, ends_meet_metres))
    shapes = lines_of(lines)
    pairs = _tree_of_parts(shapes, part)
    links = []
    for one, other in _led_to_the_first(pairs, part):
        ends = from_plane(plane, shapely.get_coordinates(shapely.shortest_line(shapes[one], shapes[other])))
        places = (LonLat(*map(float, ends[0])), LonLat(*map(float, ends[-1])))
        apart = float(shapely.distance(shapes[one], shapes[other]))
        links.append(Link(int(part[one]), int(part[other]), one, other, places, apart))
    return Parts(part, metres, tuple(sorted(links, key=lambda link: link.part)))


class _Sets:
    """Disjoint sets of parts, united by the links found so far."""

    def __init__(self, many: int) -> None:
        self.parent = list(range(many))

    def of(self, part: int) -> int:
        while self.parent[part] != part:
            self.parent[part] = self.parent[self.parent[part]]
            part = self.parent[part]
        return part

    def unite(self, one: int, other: int) -> bool:
        """Unite two sets under the smaller number; False when they were one."""
        low, high = sorted((self.of(one), self.of(other)))
        self.parent[high] = low
        return low != high


def _tree_of_parts(shapes: Shapes, part: Ints) -> list[tuple[int, int]]:
    """Return the pairs of lines between which the links lie."""
    sets = _Sets(int(part.max()) + 1)
    tree = shapely.STRtree(shapes)
    apart = np.flatnonzero(part != 0)
    asked, found = tree.query(shapes[apart], predicate="dwithin", distance=CLOSE_METRES)
    one, other = apart[asked], found
    foreign = part[one] != part[other]
    one, other = one[foreign], other[foreign]
    order = np.argsort(shapely.distance(shapes[one], shapes[other]), kind="stable")
    pairs = [(int(one[at]), int(other[at])) for at in order if sets.unite(int(part[one[at]]), int(part[other[at]]))]
    while len(numbers := np.unique(now := np.array([sets.of(int(number)) for number in part]))) > 1:
        for number in numbers[:0:-1]:
            mine, others = np.flatnonzero(now == number), np.flatnonzero(now != number)
            pair = nearest_pair(shapes, mine, others)
            if sets.unite(int(part[pair[0]]), int(part[pair[1]])):
                pairs.append(pair)
    return pairs


def _led_to_the_first(pairs: list[tuple[int, int]], part: Ints) -> list[tuple[int, int]]:
    """Turn each pair so that it leads from a part towards part 0."""
    waiting, reached, led = list(pairs), {0}, []
    while waiting:
        kept = []
        for one, other in waiting:
            if int(part[other]) in reached:
                led.append((one, other))
                reached.add(int(part[one]))
            elif int(part[one]) in reached:
                led.append((other, one))
                reached.add(int(part[other]))
            else:
                kept.append((one, other))
        waiting = kept
    return led

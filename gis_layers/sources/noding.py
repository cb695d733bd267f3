"""Cut lines where they meet, for files that hold streets without saying how they join."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from shapely import LineString

DIGITS = 7  # corners closer than a centimetre are one


def node_id(corner: Sequence[float]) -> int:
    """Return a number for a WGS 84 corner: the same for the same place, negative, so that no OSM node has it."""
    written = f"{round(corner[0], DIGITS):.7f} {round(corner[1], DIGITS):.7f}".encode()
    return -int.from_bytes(blake2b(written, digest_size=7).digest(), "big") - 1


def junctions(lines: Iterable[LineString]) -> frozenset[int]:
    """Return the nodes that lie on two lines, or twice on one. Lines that cross without a common corner do not meet."""
    times: Counter[int] = Counter()
    for line in lines:
        times.update(node_id(corner) for corner in line.coords)
    return frozenset(node for node, many in times.items() if many > 1)


def pieces(line: LineString, joints: frozenset[int]) -> Iterator[tuple[int, int, LineString]]:
    """Yield the line from junction to junction: the nodes at both ends and the piece."""
    corners = list(line.coords)
    nodes = [node_id(corner) for corner in corners]
    start = 0
    for at in range(1, len(corners)):
        if at == len(corners) - 1 or nodes[at] in joints:
            yield nodes[start], nodes[at], LineString(corners[start : at + 1])
            start = at

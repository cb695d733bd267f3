"""One closed tour through all doors, and how to cut it into fair pieces: the start of every plan.

The tour comes from a walk round the minimum spanning tree (street networks of villages are almost trees) and is
improved by 2-opt and Or-opt over near neighbours (Lin 1965; Or 1976). No random numbers and no clock: the same doors
give the same tour everywhere.
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import depth_first_order, minimum_spanning_tree

from gis_layers.routing.arrays import Ints
from gis_layers.routing.work import Work, route_time

Matrix = npt.NDArray[np.integer]
NEIGHBOURS = 10
LONGEST_MOVED = 3


def giant_tour(times: Matrix) -> Ints:
    """Return the doors 0..n-1 in the order of a short closed tour. `times`: symmetric, shape (n, n), any unit."""
    count = len(times)
    if count <= 3:
        return np.arange(count)
    return improved(_round_the_tree(times), times)


def _round_the_tree(times: Matrix) -> Ints:
    tree = minimum_spanning_tree(times.astype(np.float64) + 1)  # + 1: a distance of zero is an edge too
    order = depth_first_order(tree, 0, directed=False, return_predecessors=False)
    return np.asarray(order, dtype=np.int64)


def improved(tour: Ints, times: Matrix, rounds: int = 30) -> Ints:
    """Shorten a closed tour by 2-opt and Or-opt until no near neighbour helps, at most so many rounds."""
    near = _near_neighbours(times)
    order = tour.copy()
    for _ in range(rounds):
        if not (_two_opt_round(order, times, near) | _or_opt_round(order, times, near)):
            break
    return order


def _near_neighbours(times: Matrix) -> Ints:
    count = min(NEIGHBOURS, len(times) - 1)
    others = times.astype(np.float64)
    np.fill_diagonal(others, np.inf)
    return np.argsort(others, axis=1, kind="stable")[:, :count]


def _positions(order: Ints) -> Ints:
    where = np.empty_like(order)
    where[order] = np.arange(order.size)
    return where


def _two_opt_round(order: Ints, times: Matrix, near: Ints) -> bool:
    """Exchange two edges a-b, c-d for a-c, b-d wherever that is shorter; change `order` in place."""
    where, changed, count = _positions(order), False, order.size
    for a in order.copy():
        i = int(where[a])
        b = order[(i + 1) % count]
        c = near[a]
        d = order[(where[c] + 1) % count]
        gain = times[a, b] + times[c, d] - times[a, c] - times[b, d]
        best = int(np.argmax(gain))
        if gain[best] <= 0:
            continue
        low, high = sorted((i + 1, int(where[c[best]]) + 1))
        order[low:high] = order[low:high][::-1]
        where[order[low:high]] = np.arange(low, high)
        changed = True
    return changed


def _or_opt_round(order: Ints, times: Matrix, near: Ints) -> bool:
    """Move one to LONGEST_MOVED doors in a row between two others, turned if need be, wherever that is shorter."""
    changed = False
    for first in order.copy():
        for length in range(1, min(LONGEST_MOVED, order.size - 3) + 1):
            moved = _moved(order, times, near, int(first), length)
            if moved is not None:
                order[:] = moved
                changed = True
                break
    return changed


def _moved(order: Ints, times: Matrix, near: Ints, first: int, length: int) -> Ints | None:
    turned = np.roll(order, -int(np.flatnonzero(order == first)[0]))
    segment, rest = turned[:length], turned[length:]
    last, before, after = segment[-1], rest[-1], rest[0]
    freed = times[before, first] + times[last, after] - times[before, after]
    if freed <= 0:
        return None
    where = np.full(order.size, -1, dtype=np.int64)
    where[rest] = np.arange(rest.size)
    at = where[near[first]]
    at = at[at >= 0]
    if not at.size:
        return None
    left, right = rest[at], rest[(at + 1) % rest.size]
    turned_in = times[left, last] + times[first, right] - times[left, right]
    straight_in = times[left, first] + times[last, right] - times[left, right]
    before_in = times[rest[at - 1], last] + times[first, left] - times[rest[at - 1], left]
    costs = np.stack([straight_in, turned_in, before_in])
    kind, best = np.unravel_index(int(np.argmin(costs)), costs.shape)
    if costs[kind, best] >= freed:
        return None
    position = int(at[best]) + (0 if kind == 2 else 1)
    piece = segment if kind == 0 else segment[::-1]
    return np.concatenate([rest[:position], piece, rest[position:]])


def cut_fairly(tour: Ints, pieces: int, work: Work) -> list[Ints]:
    """Cut a closed tour into so many pieces, none empty, so that the longest is as short as it can be (by bisection).

    Needs at least as many doors as pieces. Tries to begin at the widest steps of the tour and keeps the best.
    """
    if pieces <= 1:
        return [_opened(tour, work)]
    steps = work.times[tour, np.roll(tour, -1)]
    begins = np.argsort(-steps, kind="stable")[: max(4, min(pieces, 24))]
    best: list[Ints] = []
    best_time = -1
    for begin in begins:
        cut = _cut_line(np.roll(tour, -int(begin) - 1), pieces, work)
        longest = max(route_time(work, piece) for piece in cut)
        if best_time < 0 or longest < best_time:
            best, best_time = cut, longest
    return best


def _opened(tour: Ints, work: Work) -> Ints:
    """Open a closed tour where that makes the shortest walk from the start to the end."""
    after = np.roll(tour, -1)
    without = work.start[after] + work.end[tour] - work.times[tour, after]
    return np.roll(tour, -int(np.argmin(without)) - 1)


def _cut_line(line: Ints, pieces: int, work: Work) -> list[Ints]:
    done = np.zeros(line.size, dtype=np.int64)
    done[1:] = np.cumsum(work.times[line[:-1], line[1:]].astype(np.int64))
    done += np.cumsum(work.service[line])
    low, high = 0, route_time(work, line) + int(work.start.max()) + int(work.end.max())
    while low + 1 < high:
        limit = (low + high) // 2
        if _ends_within(line, pieces, limit, done, work) is None:
            low = limit
        else:
            high = limit
    ends = _ends_within(line, pieces, high, done, work)
    return np.split(line, ends) if ends is not None else [line]


def _ends_within(line: Ints, pieces: int, limit: int, done: Ints, work: Work) -> list[int] | None:
    """Return where to cut so that no piece takes longer than `limit`, or None when that cannot be."""
    cuts: list[int] = []
    begin = 0
    for piece in range(pieces):
        stop = line.size - (pieces - piece - 1)  # leave a door for each piece to come
        before = done[begin] - work.service[line[begin]]
        takes = work.start[line[begin]] + done[begin:stop] - before + work.end[line[begin:stop]]
        too_long = takes > limit
        fits = int(np.argmax(too_long)) if too_long.any() else takes.size
        if fits == 0:
            return None
        begin += fits
        cuts.append(begin)
    return cuts[:-1] if begin == line.size else None

"""Communes built by several processes at once, handed over in their order, a few ahead and no more."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from itertools import islice
from multiprocessing import get_context

from webmap.demo import world
from webmap.demo.world import Built, World

WORTH_HELP = 6  # communes; fewer are built before other processes have started
AHEAD = 2  # communes for each process that may wait in memory

_planned: list[tuple[World, date]] = []


def built_in_order(planned: World, today: date) -> Iterator[Built]:
    """Build all communes of a world, with as many processes as there are processors when that is worth it."""
    count = len(planned.communes)
    processes = os.cpu_count() or 1
    if count < WORTH_HELP or processes == 1:
        yield from world.build_all(planned, today)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _remember, (planned, today))
    try:
        numbers = iter(range(count))
        waiting: deque[Future[Built]] = deque(pool.submit(_build, n) for n in islice(numbers, processes * AHEAD))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(_build, n) for n in islice(numbers, 1))
    finally:
        pool.shutdown(cancel_futures=True)


def _remember(planned: World, today: date) -> None:
    _planned.append((planned, today))


def _build(number: int) -> Built:
    planned, today = _planned[0]
    return world.build(planned, number, today)

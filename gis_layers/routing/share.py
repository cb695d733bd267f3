"""Doors are shared among teams: walks of nearly equal length of time, compact, and short.

One tour through all doors is cut into as many pieces as there are teams (`tours`), then neighbouring pieces are
improved together by PyVRP's iterated local search with a soft limit just below the mean and a hard cap that closes in
on it round by round. The solver never starts cold and never sees more than WINDOW_DOORS doors at once, because cold or
large starts give bad walks for minutes. The work is measured in iterations, so one seed gives one answer on every
machine; the time budget only cuts short.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gis_layers.routing.arrays import Ints
from gis_layers.routing.rounds import Brake, Ending, Search, improve_window
from gis_layers.routing.tours import cut_fairly, giant_tour
from gis_layers.routing.work import Work, part_of, route_time, walking_time

WINDOW_DOORS = 600
SWEEPS = 2


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to search: rounds of iterations per window of neighbouring teams, `seconds` at most, from one `seed`."""

    rounds: int = 6
    iterations: int = 150
    seconds: float = 60.0
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """The doors of one team in walking order, and its deciseconds of walking and at the doors."""

    doors: Ints
    walking: int
    at_doors: int

    @property
    def total(self) -> int:
        return self.walking + self.at_doors


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """One share per team, in the order along the tour; shares beyond the number of doors are empty."""

    shares: tuple[Share, ...]
    ending: Ending

    @property
    def unevenness(self) -> float:
        """How much longer the longest share takes than the mean of those that have doors: 0 is perfect."""
        totals = [share.total for share in self.shares if len(share.doors)]
        return max(totals) / (sum(totals) / len(totals)) - 1 if totals and sum(totals) else 0.0


def share_doors(
    work: Work,
    teams: int,
    *,
    effort: Effort | None = None,
    progress: Callable[[float], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Sharing:
    """Share the doors among `teams` teams so that the longest walk is as short as can be.

    Each door is in exactly one share. `progress` hears the part done, 0 to 1, never falling; when `is_cancelled` says
    so, or the time is up, the best found so far is returned and its `ending` tells. Raises ValueError for no team.
    """
    if teams < 1:
        raise ValueError(f"{teams} teams")
    effort = effort or Effort()
    brake = Brake(time.monotonic() + effort.seconds, is_cancelled or (lambda: False))
    tell = progress or (lambda _: None)
    busy = min(teams, len(work))
    tell(0.0)
    routes = cut_fairly(giant_tour(_symmetric(work)), busy, work) if busy else []
    windows = list(_sweeps(routes))
    for step, window in enumerate(windows):
        here = _part_of_progress(tell, step / len(windows), 1 / len(windows))
        search = Search(effort.rounds, effort.iterations, effort.seed + step, brake, here)
        routes = _with_window_improved(work, routes, window, search)
        if brake.ending:
            break
    tell(1.0)
    shares = [_share(work, route) for route in routes]
    shares += [_share(work, np.zeros(0, dtype=np.int64))] * (teams - busy)
    return Sharing(tuple(shares), brake.ending or Ending.FINISHED)


def _part_of_progress(tell: Callable[[float], None], begin: float, width: float) -> Callable[[float], None]:
    return lambda done: tell(min(begin + width * done, 1.0))


def _symmetric(work: Work) -> Ints:
    return np.maximum(work.times, work.times.T).astype(np.int64)


def _share(work: Work, route: Ints) -> Share:
    walking = walking_time(work, route)
    return Share(route, walking, route_time(work, route) - walking)


def _windows(routes: list[Ints]) -> list[range]:
    """Group neighbouring routes: at least two together, and no more doors than WINDOW_DOORS if that can be."""
    windows: list[range] = []
    first = doors = 0
    for index, route in enumerate(routes):
        if index - first >= 2 and doors + len(route) > WINDOW_DOORS:
            windows.append(range(first, index))
            first, doors = index, 0
        doors += len(route)
    if routes:
        windows.append(range(first, len(routes)))
    if len(windows) > 1 and len(windows[-1]) == 1:  # a route alone has nobody to be fair to
        last = windows.pop()
        windows[-1] = range(windows[-1].start, last.stop)
    return windows


def _sweeps(routes: list[Ints]) -> Iterator[list[int]]:
    """Yield the routes to improve together; later sweeps are shifted by half a window, round the closed tour."""
    windows = _windows(routes)
    sweeps = SWEEPS if len(windows) > 1 else 1
    for sweep in range(sweeps):
        shift = sweep * len(windows[0]) // SWEEPS if windows else 0
        for window in windows:
            yield [(index + shift) % len(routes) for index in window]


def _with_window_improved(
    work: Work,
    routes: list[Ints],
    window: list[int],
    search: Search,
) -> list[Ints]:
    doors = np.concatenate([routes[index] for index in window])
    number = np.empty(len(work), dtype=np.int64)
    number[doors] = np.arange(doors.size)
    improved = improve_window(part_of(work, doors), [number[routes[index]] for index in window], search)
    result = list(routes)
    for index, route in zip(window, improved, strict=True):
        result[index] = doors[route]
    return result

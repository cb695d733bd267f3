"""Rounds of PyVRP on a few neighbouring walks: a soft limit under the mean, a hard cap that closes in on it."""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import NeighbourhoodParams
from scipy.optimize import linear_sum_assignment

from gis_layers.routing.arrays import Ints
from gis_layers.routing.work import Work, route_time, walking_time

OVERTIME_COST = 3
STREET_CHANGE = 100
"""Deciseconds that a step to another street is felt to cost beyond its length: keeps streets in one hand."""
NEIGHBOURS = 20
SECONDS_BETWEEN_LOOKS = 0.05


class Ending(StrEnum):
    """Why the search ended."""

    FINISHED = "finished"
    OUT_OF_TIME = "out_of_time"
    CANCELLED = "cancelled"


class Brake:
    """Ends a search when its time is up or somebody cancels it, and remembers which it was."""

    def __init__(self, until: float, is_cancelled: Callable[[], bool]) -> None:
        self.ending: Ending | None = None
        self._until = until
        self._is_cancelled = is_cancelled
        self._next_look = 0.0

    def pulled(self) -> bool:
        """Look at the clock and ask whether to stop, a few times a second at most."""
        now = time.monotonic()
        if self.ending is None and now >= self._next_look:
            self._next_look = now + SECONDS_BETWEEN_LOOKS
            if self._is_cancelled():
                self.ending = Ending.CANCELLED
            elif now >= self._until:
                self.ending = Ending.OUT_OF_TIME
        return self.ending is not None


@dataclass(frozen=True, slots=True)
class Search:
    """How to search one window, from which seed; `tell` hears the part done, 0 to 1."""

    rounds: int
    iterations: int
    seed: int
    brake: Brake
    tell: Callable[[float], None]


def improve_window(work: Work, routes: list[Ints], search: Search) -> list[Ints]:
    """Make walks that together visit all doors of `work` shorter and more even; as many walks, in the same places.

    Never worse: the best solution seen is returned, be it the one that came in.
    """
    if len(work) < 3:
        return routes
    data = _problem(work)
    best, best_score = routes, _score(work, routes)
    step = 0.5
    for number in range(search.rounds):
        if search.brake.pulled():
            break
        times = [route_time(work, route) for route in best]
        mean = sum(times) / len(times)
        cap = int(mean + (max(times) - mean) * (1 - step)) if number else max(times)
        found = _solved(data, best, (int(0.99 * mean), cap), number, search)
        if found is None:
            step /= 2
        elif (score := _score(work, found)) < best_score:
            best, best_score = found, score
        search.tell((number + 1) / search.rounds)
    return _in_old_places(routes, best)


def _score(work: Work, routes: list[Ints]) -> float:
    """Return what is to be small: the longest walk first, then walking and changes of street, all per walk."""
    longest = max(route_time(work, route) for route in routes)
    walking = sum(walking_time(work, route) for route in routes)
    changes = sum(int(np.count_nonzero(np.diff(work.street[route]))) for route in routes)
    return longest + 0.5 * (walking + STREET_CHANGE * changes) / len(routes)


def _problem(work: Work) -> pyvrp.ProblemData:
    """Put the meeting place at 0 and door i at i + 1; distances carry only the price of changing the street."""
    count = len(work)
    durations: Any = np.zeros((count + 1, count + 1), dtype=np.int64)
    durations[1:, 1:] = work.times
    durations[0, 1:] = work.start
    durations[1:, 0] = work.end
    changes: Any = np.zeros_like(durations)
    changes[1:, 1:] = np.where(work.street[:, None] == work.street[None, :], 0, STREET_CHANGE)
    np.fill_diagonal(changes, 0)
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(count + 1)],
        clients=[pyvrp.Client(door + 1, service_duration=int(work.service[door])) for door in range(count)],
        depots=[pyvrp.Depot(0)],
        vehicle_types=[pyvrp.VehicleType()],
        distance_matrices=[changes],
        duration_matrices=[durations],
    )


def _solved(
    data: pyvrp.ProblemData, routes: list[Ints], limits: tuple[int, int], number: int, search: Search
) -> list[Ints] | None:
    """Run one round from `routes`; None when nothing within the cap was found."""
    soft, cap = limits
    vehicles = pyvrp.VehicleType(
        num_available=len(routes),
        unit_distance_cost=1,
        unit_duration_cost=1,
        shift_duration=soft,
        max_overtime=max(cap - soft, 0),
        unit_overtime_cost=OVERTIME_COST,
    )
    bounded = data.replace(vehicle_types=[vehicles])
    done = 0

    def is_enough(best_cost: int) -> bool:  # noqa: ARG001 - the name belongs to PyVRP's protocol
        nonlocal done
        done += 1
        return done > search.iterations or search.brake.pulled()

    begin = pyvrp.Solution(bounded, [route.tolist() for route in routes])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)  # a cap that cannot be met is an answer here
        result = pyvrp.solve(
            bounded,
            is_enough,
            seed=search.seed * 1000 + number,
            collect_stats=False,
            display=False,
            params=pyvrp.SolveParams(neighbourhood=NeighbourhoodParams(num_neighbours=NEIGHBOURS)),
            initial_solution=begin,
        )
    if not result.best.is_feasible() or result.best.num_routes() != len(routes):
        return None
    return [_doors_of(route) for route in result.best.routes()]


def _doors_of(route: pyvrp.Route) -> Ints:
    return np.array([activity.idx for activity in route if activity.is_client()], dtype=np.int64)


def _in_old_places(old: list[Ints], new: list[Ints]) -> list[Ints]:
    """Give each new walk the place of the old one it shares most doors with, so that team numbers stay put."""
    shared = np.array([[np.intersect1d(was, now).size for now in new] for was in old])
    _, order = linear_sum_assignment(-shared)
    return [new[index] for index in order]

"""The order of the doors of one walk, when its doors are given: after a door was moved from one team to another."""

import time

import numpy as np

from gis_layers.routing.arrays import Ints
from gis_layers.routing.rounds import Brake, Search, improve_window
from gis_layers.routing.tours import cut_fairly, giant_tour
from gis_layers.routing.work import Work

ROUNDS, ITERATIONS = 1, 200


def order_doors(work: Work, *, seed: int = 1, seconds: float = 10.0) -> Ints:
    """Return the doors 0..n-1 of `work` in the order of a short walk from its start to its end.

    The same engine as for many teams, with one; start and end may differ or be free. One seed gives one answer unless
    the time runs out.
    """
    if not len(work):
        return np.zeros(0, dtype=np.int64)
    symmetric = np.maximum(work.times, work.times.T).astype(np.int64)
    walk = cut_fairly(giant_tour(symmetric), 1, work)
    brake = Brake(time.monotonic() + seconds, lambda: False)
    return improve_window(work, walk, Search(ROUNDS, ITERATIONS, seed, brake, lambda _: None))[0]

"""Sharing doors among teams, beside what comparable products do (k-means, nearest neighbour, 2-opt), in one run.

    python benchmarks/routing.py

A synthetic village of 300 doors for 8 teams that start at its hall, and a commune of 1,500 doors for 40 teams that
start anywhere. Three doors in ten take 8 to 12 minutes, the others 2. Both are measured along the
alleys.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
from scipy.cluster.vq import kmeans2

sys.path.insert(0, str(Path(__file__).parents[1]))

from gis_layers.routing.arrays import Ints
from gis_layers.routing.doors import Doors, place_doors, place_of
from gis_layers.routing.matrix import METRES_PER_SECOND, walking_matrix
from gis_layers.routing.network import build_network
from gis_layers.routing.share import Effort, share_doors
from gis_layers.routing.tours import improved
from gis_layers.routing.work import Work, route_time, the_work, walking_time
from tests.gis_layers.routing.villages import VillageSketch, a_commune, a_village

KM = 10_000 / METRES_PER_SECOND


def peers_way(work: Work, xy: np.ndarray, teams: int) -> list[Ints]:
    """k-means turfs by straight lines; in each, nearest neighbour and 2-opt along the alleys (kinder than most)."""
    _, turf = kmeans2(xy, teams, minit="++", seed=1)
    routes = []
    for team in range(teams):
        doors = np.flatnonzero(turf == team)
        if not doors.size:
            continue
        times = work.times[np.ix_(doors, doors)].astype(np.int64)
        order, left = [0], set(range(1, doors.size))
        while left:
            order.append(min(left, key=lambda door: times[order[-1], door]))
            left.remove(order[-1])
        routes.append(doors[improved(np.array(order), times) if doors.size > 3 else np.array(order)])
    return routes


def figures(work: Work, routes: list[Ints], street: Ints) -> dict[str, float]:
    times = np.array([route_time(work, route) for route in routes]) / 600
    served: dict[int, set[int]] = {}
    for number, route in enumerate(routes):
        for one in street[route]:
            served.setdefault(int(one), set()).add(number)
    return {
        "walk km": sum(walking_time(work, route) for route in routes) / KM,
        "longest min": float(times.max()),
        "mean min": float(times.mean()),
        "uneven %": 100 * float(times.max() / times.mean() - 1),
        "shared edges %": 100 * float(np.mean([len(who) > 1 for who in served.values()])),
    }


def compare(name: str, sketch: VillageSketch, teams: int, *, from_hall: bool) -> None:
    began = time.perf_counter()
    network = build_network(sketch.alleys)
    doors: Doors = place_doors(network, sketch.houses)
    built = time.perf_counter()
    times = walking_matrix(network, doors)
    matrix = time.perf_counter()
    rng = np.random.default_rng(3)
    service = np.where(rng.random(len(doors)) < 0.3, rng.integers(8, 13, len(doors)), 2) * 600
    hall = walking_matrix(network, place_of(network, sketch.hall), doors)[0] if from_hall else None
    work = the_work(times, service, start=hall, end=hall, street=doors.edge)
    print(f"\n{name}: {len(doors)} doors, {teams} teams, {network.edge_metres.sum() / 1000:.1f} km of alleys")
    print(f"  network and doors {built - began:.2f} s, matrix {matrix - built:.2f} s")

    shared = time.perf_counter()
    sharing = share_doors(work, teams, effort=Effort(seconds=120))
    ours_took = time.perf_counter() - shared
    ours = figures(work, [share.doors for share in sharing.shares if len(share.doors)], doors.edge)
    shared = time.perf_counter()
    peers = figures(work, peers_way(work, doors.xy, teams), doors.edge)
    peers_took = time.perf_counter() - shared
    print(f"  {'':16}{'ours':>10}{'peers':>10}{'ours/peers':>12}")
    for key, value in ours.items():
        print(f"  {key:16}{value:10.2f}{peers[key]:10.2f}{value / peers[key]:12.2f}")
    print(f"  {'seconds':16}{ours_took:10.2f}{peers_took:10.2f}")


if __name__ == "__main__":
    compare("village", a_village(1, 300), 8, from_hall=True)
    compare("commune", a_commune(1, 1500, 5), 40, from_hall=False)
    sketch = a_commune(1, 5008, 16)
    network = build_network(sketch.alleys)
    doors = place_doors(network, sketch.houses)
    began = time.perf_counter()
    walking_matrix(network, doors)
    print(f"\nmatrix of {len(doors)} doors: {time.perf_counter() - began:.2f} s")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")

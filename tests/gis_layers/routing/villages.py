"""Invented villages for tests and benchmarks: a road, alleys that branch like twigs, houses along them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from gis_layers.routing.arrays import Floats
from gis_layers.routing.network import Alley
from gis_layers.types import LonLat

CENTRE = LonLat(106.62, 17.40)
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class VillageSketch:
    alleys: list[Alley]
    houses: Floats
    """WGS 84 degrees, shape (n, 2)."""
    hall: LonLat


def degrees(xy: Floats, centre: LonLat = CENTRE) -> Floats:
    """Turn metres round the centre into degrees, roughly: invented places need no better."""
    east = METRES_PER_DEGREE * np.cos(np.radians(centre.lat))
    return np.column_stack([centre.lon + xy[:, 0] / east, centre.lat + xy[:, 1] / METRES_PER_DEGREE])


def a_village(seed: int, houses: int, *, at: LonLat = CENTRE, first_id: int = 1) -> VillageSketch:
    """Make a village of so many houses, always the same for a seed."""
    rng = np.random.default_rng(seed)
    long = 18.0 * houses / 4
    lines = [np.array([[-long / 2, 0.0], [0.0, rng.normal(0, 20)], [long / 2, rng.normal(0, 40)]])]
    kinds = ["main"]
    twigs = [(0, 0.0)]
    while sum(_length(line) for line in lines) < 19.0 * houses:
        parent = int(rng.integers(0, len(lines))) if rng.random() < 0.6 else 0
        lines.append(_twig(lines[parent], rng))
        kinds.append("road" if parent == 0 else "alley")
        twigs.append((parent, 0.0))
    spots = [spot for line in lines for spot in _along(line, rng)]
    chosen = rng.choice(len(spots), size=houses, replace=len(spots) < houses)
    alleys = [
        Alley(first_id + i, shapely.LineString(degrees(line, at)), kind)
        for i, (line, kind) in enumerate(zip(lines, kinds, strict=True))
    ]
    hall = degrees(lines[0][1:2], at)[0]
    return VillageSketch(alleys, degrees(np.array([spots[i] for i in chosen]), at), LonLat(*map(float, hall)))


def a_commune(seed: int, houses: int, villages: int) -> VillageSketch:
    """Make several villages in a row, joined end to end by a road."""
    each = houses // villages
    sketches: list[VillageSketch] = []
    first_id = 1
    for number in range(villages):
        at = LonLat(CENTRE.lon + 0.028 * number, CENTRE.lat + 0.004 * (number % 2))
        sketches.append(a_village(seed * 100 + number, each, at=at, first_id=first_id))
        first_id += len(sketches[-1].alleys)
    alleys = [alley for sketch in sketches for alley in sketch.alleys]
    for number, (left, right) in enumerate(pairwise(sketches)):
        ends = [left.alleys[0].line.coords[-1], right.alleys[0].line.coords[0]]
        alleys.append(Alley(first_id + number, shapely.LineString(ends), "main"))
    return VillageSketch(alleys, np.concatenate([sketch.houses for sketch in sketches]), sketches[0].hall)


def _length(line: Floats) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _twig(parent: Floats, rng: np.random.Generator) -> Floats:
    whole = shapely.LineString(parent)
    at = rng.uniform(0.05, 0.95) * whole.length
    root = np.array(whole.interpolate(at).coords[0])
    ahead = np.array(whole.interpolate(min(at + 1, whole.length)).coords[0]) - np.array(
        whole.interpolate(max(at - 1, 0)).coords[0]
    )
    turn = np.radians(rng.choice([-1, 1]) * rng.normal(90, 15))
    heading = np.arctan2(ahead[1], ahead[0]) + turn
    length = rng.uniform(50, 160)
    bend = heading + rng.normal(0, 0.3)
    middle = root + length / 2 * np.array([np.cos(heading), np.sin(heading)])
    return np.array([root, middle, middle + length / 2 * np.array([np.cos(bend), np.sin(bend)])])


def _along(line: Floats, rng: np.random.Generator) -> list[Floats]:
    whole = shapely.LineString(line)
    spots: list[Floats] = []
    for side in (-1, 1):
        at = rng.uniform(4, 12)
        while at < whole.length:
            here = np.array(whole.interpolate(at).coords[0])
            ahead = np.array(whole.interpolate(min(at + 1, whole.length)).coords[0]) - np.array(
                whole.interpolate(max(at - 1, 0)).coords[0]
            )
            normal = np.array([-ahead[1], ahead[0]]) / np.hypot(*ahead)
            spots.append(here + side * rng.uniform(5, 14) * normal)
            at += rng.uniform(11, 26)
    return spots

"""Streets while they grow: each new way starts on a way that is there, keeps its distance, or joins."""

import math
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from webmap.demo.frame import Floats

SAMPLE_METRES = 10.0
JUNCTION_METRES = 3.0  # two ways that begin closer than this begin at one place


class WayKind(StrEnum):
    """What a way is called by those who live on it. Parents stand before their children."""

    THROUGH_ROAD = "through_road"  # đường tỉnh, đường huyện
    VILLAGE_ROAD = "village_road"  # đường thôn
    ALLEY = "alley"  # ngõ
    SIDE_ALLEY = "side_alley"  # ngách
    BYWAY = "byway"  # hẻm
    FIELD_TRACK = "field_track"  # đường nội đồng


@dataclass(slots=True)
class Way:
    """One way. `junctions` hold the places where others meet it: metres along it, and the point."""

    kind: WayKind
    village: int  # -1: of no village alone
    parent: int
    starts_at: float  # metres along the parent
    points: Floats
    side: int = 0  # of the parent: 1 left, -1 right
    joined: int = -1  # the way its far end meets
    number: str = ""
    name: str = ""
    junctions: list[tuple[float, float, float]] = field(default_factory=list)
    lengths: Floats = field(init=False)  # metres from the start to each point

    def __post_init__(self) -> None:
        self.lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(self.points, axis=0).T))])

    @property
    def metres(self) -> float:
        return float(self.lengths[-1])

    def at(self, along: Floats) -> Floats:
        """Places on the way, given in metres along it."""
        places = np.empty((len(along), 2))
        places[:, 0] = np.interp(along, self.lengths, self.points[:, 0])
        places[:, 1] = np.interp(along, self.lengths, self.points[:, 1])
        return places

    def headings(self, along: Floats) -> Floats:
        """The directions in which the way runs at some places, in radians from east."""
        step = self.at(along + 4.0) - self.at(np.maximum(along - 4.0, 0.0))
        return np.arctan2(step[:, 1], step[:, 0])


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest place on the streets that are there."""

    metres: float
    way: int
    along: float
    x: float
    y: float


class Network:
    """All ways of a commune, with a point every ten metres to ask what is near.

    A class, because what grows next depends on all that has grown before.
    """

    def __init__(self) -> None:
        self.ways: list[Way] = []
        self._samples = np.empty((4, 1024))  # x, y, way, metres along it
        self._used = 0

    def add(self, way: Way) -> int:
        """Put a way on the map and hand back its number."""
        number = len(self.ways)
        self.ways.append(way)
        along = np.linspace(0, way.metres, max(2, int(way.metres / SAMPLE_METRES) + 1))
        end = self._used + len(along)
        while end > self._samples.shape[1]:
            self._samples = np.concatenate([self._samples, np.empty_like(self._samples)], axis=1)
        self._samples[:2, self._used : end] = way.at(along).T
        self._samples[2, self._used : end] = number
        self._samples[3, self._used : end] = along
        self._used = end
        return number

    def meet(self, number: int, along: float) -> tuple[float, float]:
        """Make a junction on a way and hand back its place, the same one when there is one within three metres."""
        way = self.ways[number]
        vertex = int(np.argmin(np.abs(way.lengths - along)))
        if abs(way.lengths[vertex] - along) < JUNCTION_METRES:
            return float(way.points[vertex, 0]), float(way.points[vertex, 1])
        for there, x, y in way.junctions:
            if abs(there - along) < JUNCTION_METRES:
                return x, y
        ((x, y),) = way.at(np.array([along]))
        way.junctions.append((along, float(x), float(y)))
        return float(x), float(y)

    def nearest(self, x: float, y: float, ignoring: int = -1) -> Near:
        """Find the nearest sample of any way but one."""
        east, north, owner, _ = self._samples[:, : self._used]
        squares = np.square(east - x) + np.square(north - y)
        if ignoring >= 0:
            squares[owner == ignoring] = np.inf
        best = int(squares.argmin())
        px, py, way, along = self._samples[:, best].tolist()
        return Near(math.sqrt(squares[best]), int(way), along, px, py)

    def line(self, number: int) -> Floats:
        """The points of a way with all its junctions among them, each once."""
        way = self.ways[number]
        rows = np.column_stack([way.lengths, way.points])
        if way.junctions:
            rows = np.concatenate([rows, np.array(way.junctions)])
        return np.asarray(rows[np.argsort(rows[:, 0], kind="stable"), 1:])

"""Doors get a place on the network: an edge, how far along it, on which side, and how far off the way."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.measure import to_plane
from gis_layers.routing.arrays import Booleans, Floats, Ints, Shapes
from gis_layers.routing.network import Network
from gis_layers.types import LonLat

FAR_FROM_ALLEY_METRES = 60.0
KNOWN_ALLEY_METRES = 120.0
"""An alley that the address names is preferred to a nearer one up to this distance."""


@dataclass(frozen=True, slots=True, eq=False)
class Doors:
    """n doors on a network; the arrays run parallel.

    `xy` and `foot` are local metres, shape (n, 2): the house, and the place on the way where one leaves it. `edge` is
    -1 where the network is empty. `along` is metres from the edge's first junction, `side` +1 left, -1 right, 0 on the
    way (seen in the alley's own direction), `access` metres from the way to the door, `is_far` whether that is too far
    to believe that the house belongs to this alley.
    """

    xy: Floats
    foot: Floats
    edge: Ints
    along: Floats
    side: Ints
    access: Floats
    is_far: Booleans

    def __len__(self) -> int:
        return len(self.edge)


def place_doors(
    network: Network,
    places: npt.ArrayLike,
    *,
    alley_ids: Sequence[Hashable | None] | None = None,
    far_metres: float = FAR_FROM_ALLEY_METRES,
) -> Doors:
    """Find each door's place on the network; every door gets one, far ones are marked and never dropped.

    `places`: WGS 84 degrees, shape (n, 2). `alley_ids`: for each door the alley its address names, or None; that alley
    is taken when it passes within KNOWN_ALLEY_METRES. A door never belongs to a way that we added ourselves.
    """
    xy = to_plane(network.plane, places)
    count = len(xy)
    usable = np.flatnonzero(network.edge_alley >= 0)
    if not usable.size or not count:
        return _nowhere(xy)
    points: Shapes = np.asarray(shapely.points(xy))
    tree = shapely.STRtree(network.edge_line[usable])
    asked, found = tree.query_nearest(points, all_matches=False)
    edge = np.full(count, -1, dtype=np.int64)
    edge[asked] = usable[found]
    if alley_ids is not None:
        _prefer_named(network, points, alley_ids, edge)
    return _placed(network, xy, edge, far_metres)


def place_of(network: Network, place: LonLat) -> Doors:
    """Return one place, a meeting place for one, as if it were a door."""
    return place_doors(network, [place])


def _nowhere(xy: Floats) -> Doors:
    count = len(xy)
    return Doors(
        xy=xy,
        foot=xy,
        edge=np.full(count, -1, dtype=np.int64),
        along=np.zeros(count),
        side=np.zeros(count, dtype=np.int64),
        access=np.zeros(count),
        is_far=np.ones(count, dtype=bool),
    )


def _prefer_named(network: Network, points: Shapes, alley_ids: Sequence[Hashable | None], edge: Ints) -> None:
    number = {alley.id: index for index, alley in enumerate(network.alleys)}
    for door, alley_id in enumerate(alley_ids):
        if alley_id is None or alley_id not in number:
            continue
        of_alley = np.flatnonzero(network.edge_alley == number[alley_id])
        if not of_alley.size:
            continue
        distances = shapely.distance(network.edge_line[of_alley], points[door])
        if distances.min() <= KNOWN_ALLEY_METRES:
            edge[door] = of_alley[int(np.argmin(distances))]


def _placed(network: Network, xy: Floats, edge: Ints, far_metres: float) -> Doors:
    lines = network.edge_line[edge]
    points = shapely.points(xy)
    along = shapely.line_locate_point(lines, points).astype(np.float64)
    foot = shapely.get_coordinates(shapely.line_interpolate_point(lines, along))
    access = np.hypot(*(xy - foot).T)
    length = network.edge_metres[edge]
    step = np.minimum(1.0, length / 2)
    before = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(along - step, 0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.minimum(along + step, length)))
    heading, away = after - before, xy - foot
    turn = heading[:, 0] * away[:, 1] - heading[:, 1] * away[:, 0]
    side = np.where(access < 0.05, 0, np.sign(turn)).astype(np.int64)
    return Doors(xy, foot, edge, along, side, access, access > far_metres)

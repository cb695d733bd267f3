"""Private ways lead to the doors on them, and are nobody's short cut."""

import numpy as np
import pytest
import shapely

from gis_layers.routing.doors import place_doors
from gis_layers.routing.matrix import walking_metres
from gis_layers.routing.network import Alley, build_network
from tests.gis_layers.routing.villages import degrees

XY = tuple[float, float]
WEST, EAST, INSIDE = (0.0, 3.0), (100.0, 3.0), (20.0, 53.0)


def an_alley(number: int, *xy: XY, is_private: bool = False) -> Alley:
    return Alley(number, shapely.LineString(degrees(np.array(xy))), is_private=is_private)


ROUND = an_alley(0, (0, 0), (0, -300), (100, -300), (100, 0))
"""The public way between west and east, 700 metres about."""


def apart(alleys: list[Alley], *doors: XY) -> float:
    network = build_network(alleys)
    return float(walking_metres(network, place_doors(network, degrees(np.array(doors))))[0, 1])


def test_a_private_way_is_no_short_cut() -> None:
    across = ((0, 0), (100, 0))

    assert apart([ROUND, an_alley(1, *across)], (0, -10), (100, -10)) == pytest.approx(120, rel=0.01)
    assert apart([ROUND, an_alley(1, *across, is_private=True)], (0, -10), (100, -10)) == pytest.approx(680, rel=0.01)


def test_both_ends_of_a_private_way_lead_to_its_doors() -> None:
    alleys = [ROUND, an_alley(1, (0, 0), (100, 0), is_private=True)]

    assert apart(alleys, (0, -10), (30, 2)) == pytest.approx(42, abs=1)
    assert apart(alleys, (100, -10), (70, 2)) == pytest.approx(42, abs=1)


def test_ground_that_only_a_private_way_reaches_is_reached() -> None:
    gate = an_alley(1, (0, 0), (0, 50), is_private=True)
    behind = an_alley(2, (0, 50), (80, 50))

    network = build_network([ROUND, gate, behind])

    assert network.joins == ()
    assert apart([ROUND, gate, behind], (0, -10), (40, 50)) == pytest.approx(100, abs=1)


def test_a_private_yard_with_two_gates_keeps_every_metre() -> None:
    yard = [
        an_alley(1, (0, 0), (30, 40), is_private=True),
        an_alley(2, (30, 40), (70, 40), is_private=True),
        an_alley(3, (70, 40), (100, 0), is_private=True),
        an_alley(4, (30, 40), (50, 90), (70, 40), is_private=True),
    ]
    open_yard = [Alley(one.id, one.line) for one in yard]

    closed, public = build_network([ROUND, *yard]), build_network([ROUND, *open_yard])

    assert closed.edge_metres.sum() == pytest.approx(public.edge_metres.sum())
    assert apart([ROUND, *yard], (0, -10), (100, -10)) == pytest.approx(680, rel=0.01)
    assert len(closed.joins) == 0

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis_layers.errors import BadGeometryError
from gis_layers.measure import to_plane
from gis_layers.routing.arrays import Floats
from gis_layers.routing.network import CONNECTOR, GAP, Alley, Network, build_network
from gis_layers.sources.osm import features, summary
from gis_layers.sources.osm_features import Alley as OsmAlley
from tests.gis_layers.routing.villages import degrees

OSM = Path(__file__).parents[4] / "shared" / "data" / "osm"


def an_alley(alley_id: int, *xy: tuple[float, float], kind: str = "alley") -> Alley:
    return Alley(alley_id, shapely.LineString(degrees(np.array(xy))), kind)


def metres(*alleys: Alley, **how: float) -> float:
    return float(build_network(alleys, **how).edge_metres.sum())


def test_alleys_meet_where_they_share_a_vertex() -> None:
    network = build_network([an_alley(1, (0, 0), (50, 0), (100, 0)), an_alley(2, (50, 0), (50, 80))])

    assert len(network.edge_metres) == 3
    assert len(network.node_xy) == 4
    assert network.joins == ()


def test_an_end_two_steps_short_of_a_road_is_drawn_onto_it() -> None:
    network = build_network([an_alley(1, (0, 0), (100, 0)), an_alley(2, (40, 1.5), (40, 60))])

    assert sorted(np.round(network.edge_metres)) == [40, 60, 60]
    assert network.joins == ()


def test_three_ends_that_nearly_touch_become_one_junction() -> None:
    network = build_network(
        [an_alley(1, (0, 0), (50, 0)), an_alley(2, (51, 0.4), (90, 40)), an_alley(3, (50.5, -1), (90, -40))]
    )

    assert len(network.node_xy) == 4


def test_lines_that_cross_without_a_vertex_do_not_meet_when_they_are_joined_elsewhere() -> None:
    bridge = an_alley(1, (0, 0), (100, 0))
    below = an_alley(2, (50, -50), (50, 50))
    ring = an_alley(3, (0, 0), (0, -50), (50, -50))

    assert len(build_network([bridge, below, ring]).edge_metres) == 3


def test_parts_that_stay_apart_are_joined_and_the_joins_are_named() -> None:
    near = build_network([an_alley(1, (0, 0), (100, 0)), an_alley(2, (30, 20), (30, 90))])
    far = build_network([an_alley(1, (0, 0), (100, 0)), an_alley(2, (30, 200), (30, 290))])

    assert [(join.kind, round(join.metres)) for join in near.joins] == [(CONNECTOR, 20)]
    assert [join.kind for join in far.joins] == [GAP]
    assert far.joins[0].metres == pytest.approx(200, rel=0.01)
    assert set(far.part) == {0, 1}
    gap = far.edge_kind.index(GAP)
    assert far.edge_cost[gap] == pytest.approx(2 * far.edge_metres[gap])


def test_many_parts_become_one_piece() -> None:
    network = build_network(
        [an_alley(i, (i * 37 % 500, i * 91 % 700), (i * 37 % 500 + 20, i * 91 % 700)) for i in range(40)]
    )

    assert np.isfinite(dijkstra(network.graph(), directed=False, indices=0)).all()


def test_no_alleys_is_a_network_of_nothing() -> None:
    network = build_network([])

    assert not network.has_alleys
    assert network.graph().shape == (0, 0)


def test_the_shorter_of_two_ways_between_the_same_junctions_counts() -> None:
    round_about = an_alley(1, (0, 0), (0, 60), (100, 60), (100, 0))
    network = build_network([round_about, an_alley(2, (0, 0), (100, 0))])

    assert dijkstra(network.graph(), directed=False)[0, 1] == pytest.approx(100, rel=1e-2)


def test_an_alley_outside_the_earth_is_refused_by_its_id() -> None:
    with pytest.raises(BadGeometryError, match="alley=7"):
        build_network([Alley(7, shapely.LineString([(181, 10), (182, 10)]))])


def test_walking_distances_in_ha_noi_equal_those_computed_by_others() -> None:
    file = OSM / "hanoi_dong_da_streets_2023.osm.pbf"
    if not file.exists():
        pytest.skip(f"needs the shared test data: {file.name}")
    wanted = json.loads((OSM / "expected_network.json").read_text("utf-8"))["hanoi_dong_da_streets_2023"]
    alleys = [item for item in features(summary(file)) if isinstance(item, OsmAlley)]
    network = build_network(
        [Alley((alley.osm_id, alley.piece), alley.geometry) for alley in alleys], ends_meet_metres=0
    )

    own = network.edge_alley >= 0
    assert network.edge_metres[own].sum() == pytest.approx(wanted["total_metres"], rel=5e-4)
    assert network.part.max() + 1 == wanted["components"]
    graph = network.graph()
    for pair in wanted["walking_pairs"]:
        ends = to_plane(network.plane, [pair["a_lonlat"], pair["b_lonlat"]])
        edges = [int(shapely.STRtree(network.edge_line).nearest(shapely.Point(end))) for end in ends]
        found = _between(network, graph, edges, ends)
        assert found == pytest.approx(pair["metres"], rel=5e-4), pair


def _between(network: Network, graph: csr_array, edges: list[int], ends: Floats) -> float:
    """Metres between two places on edges, with Dijkstra and by hand: independent of the matrix."""
    along = [network.edge_line[edge].project(shapely.Point(end)) for edge, end in zip(edges, ends, strict=True)]
    best = abs(along[0] - along[1]) if edges[0] == edges[1] else np.inf
    for mine, off in ((network.edge_from, along[0]), (network.edge_to, network.edge_metres[edges[0]] - along[0])):
        reached = dijkstra(graph, directed=False, indices=int(mine[edges[0]]))
        best = min(
            best,
            off + reached[network.edge_from[edges[1]]] + along[1],
            off + reached[network.edge_to[edges[1]]] + network.edge_metres[edges[1]] - along[1],
        )
    return float(best)

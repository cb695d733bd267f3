import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis_layers.routing.doors import Doors, place_doors
from gis_layers.routing.matrix import STRAIGHT_DETOUR, crossing, walking_matrix, walking_metres
from gis_layers.routing.network import Alley, Network, build_network
from tests.gis_layers.routing.villages import a_village, degrees


def by_dijkstra(network: Network, doors: Doors) -> np.ndarray:
    """The same metres the slow way: every door becomes a node that splits its edge."""
    nodes = len(network.node_xy)
    rows, columns, costs = [], [], []
    for edge in range(len(network.edge_metres)):
        on = np.flatnonzero(doors.edge == edge)
        on = on[np.argsort(doors.along[on], kind="stable")]
        chain = [int(network.edge_from[edge]), *(nodes + on).tolist(), int(network.edge_to[edge])]
        at = [0.0, *doors.along[on].tolist(), float(network.edge_metres[edge])]
        felt = network.edge_cost[edge] / network.edge_metres[edge]
        for k in range(len(chain) - 1):
            rows.append(chain[k])
            columns.append(chain[k + 1])
            costs.append(max((at[k + 1] - at[k]) * felt, 1e-9))
    size = nodes + len(doors)
    best: dict[tuple[int, int], float] = {}
    for a, b, cost in zip(rows, columns, costs, strict=True):
        if a != b:
            best[min(a, b), max(a, b)] = min(cost, best.get((min(a, b), max(a, b)), np.inf))
    keys = np.array(list(best))
    graph = csr_array((list(best.values()), (keys[:, 0], keys[:, 1])), shape=(size, size))
    between = dijkstra(graph, directed=False, indices=np.arange(nodes, size))[:, nodes:]
    between += doors.access[:, None] + doors.access[None, :] + crossing(network, doors, doors, np.arange(len(doors)))
    np.fill_diagonal(between, 0)
    return between


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(20, 90))
def test_the_matrix_equals_dijkstra_on_the_graph_split_at_every_door(seed: int, houses: int) -> None:
    village = a_village(seed, houses)
    network = build_network(village.alleys)
    doors = place_doors(network, village.houses, far_metres=1e9)

    found = walking_metres(network, doors)

    np.testing.assert_allclose(found, by_dijkstra(network, doors), atol=1e-3)
    np.testing.assert_allclose(found, found.T, atol=1e-6)
    assert (np.diag(found) == 0).all()
    assert (walking_matrix(network, doors) == walking_matrix(network, doors).T).all()


def test_crossing_a_main_road_costs_more_than_crossing_an_alley() -> None:
    def across(kind: str) -> float:
        network = build_network([Alley(1, shapely.LineString(degrees(np.array([[0, 0], [100, 0]]))), kind)])
        doors = place_doors(network, degrees(np.array([[50.0, 5.0], [50.0, -5.0]])))
        return float(walking_metres(network, doors)[0, 1])

    assert across("main") == pytest.approx(30, abs=0.2)
    assert across("road") == pytest.approx(16, abs=0.2)
    assert across("alley") == pytest.approx(12, abs=0.2)


def test_crossing_counts_on_the_next_piece_of_the_same_street_too() -> None:
    pieces = [
        Alley(1, shapely.LineString(degrees(np.array([[0, 0], [50, 0]]))), "main", street="Đường 1"),
        Alley(2, shapely.LineString(degrees(np.array([[50, 0], [100, 0]]))), "main", street="Đường 1"),
    ]
    network = build_network(pieces)
    doors = place_doors(network, degrees(np.array([[45.0, 5.0], [55.0, -5.0], [55.0, 5.0]])))

    assert walking_metres(network, doors)[0] == pytest.approx([0, 40, 20], abs=0.2)


def test_a_house_far_from_every_alley_is_marked_and_kept() -> None:
    network = build_network([Alley(1, shapely.LineString(degrees(np.array([[0, 0], [100, 0]]))))])
    doors = place_doors(network, degrees(np.array([[10.0, 5.0], [20.0, 400.0], [60.0, 400.0]])))

    assert doors.is_far.tolist() == [False, True, True]
    found = walking_metres(network, doors)
    assert found[0, 1] == pytest.approx(415, abs=3)
    assert found[1, 2] == pytest.approx(40 * STRAIGHT_DETOUR, abs=1)  # over land, not back to the alley and out again


def test_without_any_alley_people_walk_over_land() -> None:
    network = build_network([], centre=None)
    doors = place_doors(network, [[0.0, 0.0], [0.001, 0.0]])

    assert doors.edge.tolist() == [-1, -1]
    assert walking_metres(network, doors)[0, 1] == pytest.approx(111.3 * STRAIGHT_DETOUR, abs=0.5)


def test_a_door_takes_the_alley_its_address_names_even_when_another_is_nearer() -> None:
    alleys = [
        Alley("7", shapely.LineString(degrees(np.array([[0, 0], [100, 0]])))),
        Alley("9", shapely.LineString(degrees(np.array([[0, 40], [100, 40]])))),
    ]
    network = build_network(alleys)
    place = degrees(np.array([[50.0, 30.0]]))

    assert network.edge_alley[place_doors(network, place).edge[0]] == 1
    assert network.edge_alley[place_doors(network, place, alley_ids=["7"]).edge[0]] == 0
    assert network.edge_alley[place_doors(network, place, alley_ids=["unknown"]).edge[0]] == 1


def test_sides_are_those_of_somebody_who_follows_the_alley() -> None:
    network = build_network([Alley(1, shapely.LineString(degrees(np.array([[0, 0], [0, 100]]))))])
    doors = place_doors(network, degrees(np.array([[-5.0, 50.0], [5.0, 50.0], [0.0, 50.0]])))

    assert doors.side.tolist() == [1, -1, 0]
    assert doors.along == pytest.approx([50, 50, 50], abs=0.5)


def test_no_doors_make_an_empty_matrix() -> None:
    network = build_network(a_village(1, 20).alleys)

    assert walking_matrix(network, place_doors(network, np.zeros((0, 2)))).shape == (0, 0)

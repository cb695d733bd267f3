import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.routing.doors import place_doors, place_of
from gis_layers.routing.matrix import walking_matrix
from gis_layers.routing.network import build_network
from gis_layers.routing.order import order_doors
from gis_layers.routing.rounds import Ending
from gis_layers.routing.share import Effort, share_doors
from gis_layers.routing.tours import cut_fairly, giant_tour
from gis_layers.routing.work import Work, part_of, route_time, the_work, walking_time
from tests.gis_layers.routing.villages import a_village

QUICK = Effort(rounds=3, iterations=30)


def the_work_of(seed: int, houses: int, *, from_hall: bool = True) -> Work:
    village = a_village(seed, houses)
    network = build_network(village.alleys)
    doors = place_doors(network, village.houses)
    rng = np.random.default_rng(seed)
    service = np.where(rng.random(houses) < 0.3, 6000, 1200)
    hall = walking_matrix(network, place_of(network, village.hall), doors)[0] if from_hall else None
    street = network.edge_street[doors.edge]
    return the_work(walking_matrix(network, doors), service, start=hall, end=hall, street=street)


@settings(max_examples=15)
@given(st.integers(0, 1000), st.integers(1, 60), st.integers(1, 9))
def test_each_door_is_in_exactly_one_share(seed: int, houses: int, teams: int) -> None:
    work = the_work_of(seed, houses)

    sharing = share_doors(work, teams, effort=Effort(rounds=2, iterations=10))

    assert len(sharing.shares) == teams
    assert sorted(door for share in sharing.shares for door in share.doors.tolist()) == list(range(houses))
    assert sum(len(share.doors) > 0 for share in sharing.shares) == min(teams, houses)
    for share in sharing.shares:
        assert share.total == route_time(work, share.doors)
        assert share.walking == walking_time(work, share.doors)


def test_teams_get_nearly_the_same_time() -> None:
    sharing = share_doors(the_work_of(7, 160), 5)

    assert sharing.ending is Ending.FINISHED
    assert sharing.unevenness < 0.01


def test_sharing_is_better_than_its_first_cut() -> None:
    work = the_work_of(3, 120)
    first = cut_fairly(giant_tour(work.times), 4, work)

    sharing = share_doors(work, 4, effort=QUICK)

    assert max(share.total for share in sharing.shares) <= max(route_time(work, piece) for piece in first)


def test_one_seed_gives_one_answer() -> None:
    work = the_work_of(11, 80)

    one, other = (share_doors(work, 3, effort=QUICK) for _ in range(2))

    assert [share.doors.tolist() for share in one.shares] == [share.doors.tolist() for share in other.shares]


def test_no_door_leaves_every_team_at_home() -> None:
    nothing = the_work(np.zeros((0, 0), dtype=np.int32), np.zeros(0, dtype=np.int64))

    sharing = share_doors(nothing, 3)

    assert [len(share.doors) for share in sharing.shares] == [0, 0, 0]
    assert sharing.unevenness == 0


def test_one_door_is_one_walk_there_and_back() -> None:
    work = the_work_of(1, 1)

    (share,) = share_doors(work, 1).shares

    assert share.walking == int(work.start[0]) * 2
    assert share.at_doors == int(work.service[0])


def test_more_teams_than_doors_leave_teams_free() -> None:
    sharing = share_doors(the_work_of(5, 3), 7)

    assert [len(share.doors) for share in sharing.shares] == [1, 1, 1, 0, 0, 0, 0]


def test_no_team_is_refused() -> None:
    with pytest.raises(ValueError, match="0 teams"):
        share_doors(the_work_of(5, 3), 0)


def test_cancelling_returns_the_best_so_far_at_once() -> None:
    work = the_work_of(2, 150)
    began = time.monotonic()

    sharing = share_doors(work, 4, effort=Effort(rounds=50, iterations=10_000), is_cancelled=lambda: True)

    assert time.monotonic() - began < 5
    assert sharing.ending is Ending.CANCELLED
    assert sorted(np.concatenate([share.doors for share in sharing.shares])) == list(range(150))


def test_the_time_budget_is_kept() -> None:
    work = the_work_of(2, 150)
    began = time.monotonic()

    sharing = share_doors(work, 4, effort=Effort(rounds=50, iterations=100_000, seconds=1.0))

    assert time.monotonic() - began < 5
    assert sharing.ending is Ending.OUT_OF_TIME


def test_progress_rises_from_nothing_to_all() -> None:
    heard: list[float] = []

    share_doors(the_work_of(4, 60), 2, effort=QUICK, progress=heard.append)

    assert heard[0] == 0
    assert heard[-1] == 1
    assert heard == sorted(heard)


def test_a_large_plan_is_improved_in_windows_of_neighbours() -> None:
    work = the_work_of(9, 700, from_hall=False)

    sharing = share_doors(work, 6, effort=Effort(rounds=2, iterations=15))

    assert sorted(np.concatenate([share.doors for share in sharing.shares])) == list(range(700))
    assert sharing.unevenness < 0.08


def test_the_order_of_one_walk_is_as_short_as_trying_all() -> None:
    work = part_of(the_work_of(21, 30), np.arange(6))
    from itertools import permutations  # noqa: PLC0415 - only this test tries everything

    shortest = min(walking_time(work, np.array(order)) for order in permutations(range(6)))

    assert walking_time(work, order_doors(work)) == shortest


def test_the_order_of_no_door_is_empty() -> None:
    assert order_doors(part_of(the_work_of(1, 3), np.zeros(0, dtype=np.int64))).tolist() == []


def test_the_tour_visits_every_door_once_and_is_short() -> None:
    work = the_work_of(13, 200, from_hall=False)

    tour = giant_tour(work.times)

    assert sorted(tour.tolist()) == list(range(200))
    in_list_order = work.times[np.arange(200), np.roll(np.arange(200), -1)].sum()
    assert work.times[tour, np.roll(tour, -1)].sum() < in_list_order / 3

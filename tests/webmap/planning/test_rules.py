from uuid import uuid4

import pytest

from webmap.planning.rules import Balance, Unplaced, balance, door_minutes, teams_needed, with_unplaced


@pytest.mark.parametrize(("uncovered", "minutes"), [(0, 3), (1, 7), (3, 15), (9, 15)])
def test_more_people_without_a_card_take_longer_but_never_the_whole_day(uncovered: int, minutes: float) -> None:
    assert door_minutes(uncovered) == minutes


def test_a_route_is_compared_with_the_time_asked_for_and_with_the_others() -> None:
    assert balance(100, 100, 180) is Balance.EVEN
    assert balance(120, 100, 180) is Balance.LONG
    assert balance(200, 200, 180) is Balance.TOO_LONG
    assert balance(0, 100, 180) is Balance.EMPTY


def test_a_house_nobody_placed_goes_to_the_route_that_walks_its_alley() -> None:
    known, unknown = Unplaced(uuid4(), "Ngõ 7", 10), Unplaced(uuid4(), None, 10)

    given = with_unplaced([known, unknown], [90.0, 60.0], [frozenset({"Ngõ 7"}), frozenset()])

    assert given == [[known], [unknown]]


def test_houses_nobody_placed_are_spread_so_that_loads_stay_even() -> None:
    houses = [Unplaced(uuid4(), None, 10) for _ in range(6)]

    given = with_unplaced(houses, [30.0, 30.0, 30.0], [frozenset()] * 3)

    assert [len(part) for part in given] == [2, 2, 2]


@pytest.mark.parametrize(
    ("minutes", "needed"),
    [([100.0, 180.0], 0), ([189.0], 0), ([292.0, 308.0], 4), ([100.0, 200.0], 3), ([], 0)],
    ids=["enough time", "a little over", "much over", "one over", "no routes"],
)
def test_how_many_teams_it_takes_is_said_when_these_have_too_much(minutes: list[float], needed: int) -> None:
    assert teams_needed(minutes, 180.0) == needed

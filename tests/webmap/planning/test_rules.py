from uuid import uuid4

import pytest

from webmap.planning.rules import Balance, Unplaced, balance, door_minutes, with_unplaced


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

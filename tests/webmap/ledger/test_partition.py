"""Over random histories the buckets partition the register, and the sums of the sheet hold."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.webmap.ledger.histories import (
    Event,
    World,
    a_world,
    bucket_of,
    events,
    histories,
    lay,
    on_register,
    registered_now,
    told_by_the_ledger,
)
from webmap.accounts.scope import SYSTEM
from webmap.ledger import queries, rules
from webmap.ledger.queries import Period

# One transaction for all examples is right: each has a commune of its own.
shared = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BOTH, FIRST = frozenset({"first", "second"}), frozenset({"first"})


def asked_areas(world: World) -> list[tuple[int, frozenset[str]]]:
    return [(world.commune_id, BOTH), (world.areas["first"], FIRST)]


@shared
@given(history=histories, data=st.data())
def test_everybody_is_in_exactly_the_bucket_that_what_was_known_then_says(
    session: Session, history: list[list[Event]], data: st.DataObject
) -> None:
    world = a_world(session)
    days = lay(world, history)
    first = data.draw(st.sampled_from(days[:-1]))
    last = data.draw(st.sampled_from([day for day in days if day > first]))

    for area_id, areas in asked_areas(world):
        told = told_by_the_ledger(world, area_id, first, last)
        meant = {who: bucket_of(world, who, first, last, areas) for who in world.people}
        meant = {who: bucket for who, bucket in meant.items() if bucket is not None}

        assert all(len(buckets) == 1 for buckets in told.values())
        # two cards that end on one day, one of them paid by the state: either is right
        unclear = {who for who, bucket in meant.items() if bucket == "either"}
        assert {who: one for who, [one] in told.items() if who not in unclear} == {
            who: one for who, one in meant.items() if who not in unclear
        }
        assert all(told[who][0] in ("expired", "lost_subsidy") for who in unclear)


@shared
@given(history=histories, data=st.data())
def test_the_sheet_adds_up_to_the_register_at_both_days(
    session: Session, history: list[list[Event]], data: st.DataObject
) -> None:
    world = a_world(session)
    days = lay(world, history)
    first = data.draw(st.sampled_from(days[:-1]))

    for area_id, areas in asked_areas(world):
        sheet = queries.sheet(session, SYSTEM, area_id, Period(first, days[-1]))
        number = sheet.number

        assert number("opening") == on_register(world, first, areas)
        assert number("closing") == on_register(world, days[-1], areas)
        assert number("closing") == registered_now(session, [world.areas[one] for one in areas])
        came, left = number("born") + number("arrived"), sum(number(one) for one in rules.LEFT)
        assert number("opening") + came - left == number("closing")
        staying = [line.code for line in rules.STAYING if line.code != "stayed"]
        assert sum(map(number, staying)) == number("stayed") == number("opening") - left
        signs = {"+": 1, "-": -1, "": 1, "=": 0}
        cards = sum(signs[line.sign] * number(line.code) for line in rules.CARDS)
        assert cards == number("closing_covered")
        lines = (*rules.REGISTER, *rules.CARDS, *rules.STAYING)
        for line in lines:
            assert sum(number(line.code, part.id) for part in sheet.parts) == number(line.code) or not sheet.parts


@settings(shared, max_examples=6)
@given(start=st.lists(events, min_size=4, max_size=10), later=st.lists(events, max_size=6), data=st.data())
def test_the_order_of_independent_events_of_a_day_does_not_matter(
    session: Session, start: list[Event], later: list[Event], data: st.DataObject
) -> None:
    """Independent: each about somebody else, and none takes anybody away or brings anybody in."""
    apart = list({one.who: one for one in later if one.kind not in ("remove", "merge", "list", "bear")}.values())
    other_order = data.draw(st.permutations(apart))
    ten = [Event("list", n, "first" if n % 2 else "second", 0) for n in range(10)]
    beginning = [*ten, *(one for one in start if one.kind not in ("remove", "merge", "list", "bear"))]

    told = []
    for order in (apart, other_order):
        world = a_world(session)
        days = lay(world, [beginning, order])
        found = told_by_the_ledger(world, world.commune_id, days[0], days[-1])
        told.append([found.get(who) for who in world.people])

    assert told[0] == told[1]


def test_a_ledger_from_a_day_to_itself_holds_no_change(session: Session) -> None:
    world = a_world(session)
    days = lay(world, [[Event("list", 0, "first", 0), Event("card", 0, "GD", 0)], [Event("list", 0, "second", 0)]])

    assert told_by_the_ledger(world, world.commune_id, days[0], days[0]) == {world.people[0]: ["covered"]}
    assert told_by_the_ledger(world, world.commune_id, date(2001, 1, 1), days[-1]) == {
        world.people[0]: ["arrived"],
        world.people[1]: ["arrived"],
    }

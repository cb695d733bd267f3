from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders import an_area
from tests.webmap.coverage.worlds import MIDDLE, Drawn, counts_of, days, families, laid, numbers
from webmap.coverage.rules import Cover
from webmap.coverage.service import rebuild_all, refresh_day, refresh_households
from webmap.households.models import Household, Person


@pytest.fixture
def area_id(session: Session) -> int:
    made = an_area(session, f"V{next(numbers)}", "Nguyệt Áng", "village", None)
    session.execute(text("select area_tree_rebuild()"))
    return made


def told_by_sql(session: Session, household_id: object, person_ids: list[object]) -> tuple[object, ...]:
    door = session.get_one(Household, household_id)
    persons = [session.get_one(Person, one) for one in person_ids]
    return (
        [(one.status, one.cover_ends_on) for one in persons],
        (door.living_count, door.registered_count, door.covered_count, door.living_covered_count, door.expiring_count),
        door.status,
        door.next_expiry_on,
    )


def told_by_python(family: list[Drawn], day: date, warning_days: int = 30) -> tuple[object, ...]:
    counts = counts_of(family, day, warning_days)
    standings = [one.standing(day, warning_days) for one in family]
    return (
        [(one.status, one.cover_ends_on) for one in standings],
        (counts.living, counts.registered, counts.covered, counts.living_covered, counts.expiring),
        counts.status,
        counts.next_expiry_on,
    )


# One transaction for all examples is right: each lays families of its own.
shared = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@shared
@given(drawn=st.lists(families, min_size=1, max_size=6), day=days)
def test_sql_and_python_say_the_same_of_any_family_on_any_day(
    session: Session, area_id: int, drawn: list[list[Drawn]], day: date
) -> None:
    made = laid(session, area_id, drawn)

    refresh_households(session, [household_id for household_id, _ in made], day)

    for family, (household_id, person_ids) in zip(drawn, made, strict=True):
        assert told_by_sql(session, household_id, list(person_ids)) == told_by_python(family, day)


@shared
@given(drawn=st.lists(families, min_size=1, max_size=4), days_of_work=st.lists(days, min_size=2, max_size=4))
def test_going_from_day_to_day_ends_where_working_it_all_out_on_the_last_day_ends(
    session: Session, area_id: int, drawn: list[list[Drawn]], days_of_work: list[date]
) -> None:
    made = laid(session, area_id, drawn)

    for day in sorted(days_of_work):
        refresh_day(session, [area_id], day)

    for family, (household_id, person_ids) in zip(drawn, made, strict=True):
        assert told_by_sql(session, household_id, list(person_ids)) == told_by_python(family, max(days_of_work))


@settings(shared, max_examples=10)
@given(drawn=st.lists(families, min_size=1, max_size=4), day=days)
def test_a_bulk_load_is_worked_out_by_the_same_rules(
    session: Session, area_id: int, drawn: list[list[Drawn]], day: date
) -> None:
    made = laid(session, area_id, drawn)

    session.execute(text("set local role none"))
    rebuild_all(session.connection(), day)
    session.execute(text("set local role web_app"))
    session.expire_all()

    for family, (household_id, person_ids) in zip(drawn, made, strict=True):
        assert told_by_sql(session, household_id, list(person_ids)) == told_by_python(family, day)


def test_the_nearest_running_campaign_says_how_early_to_warn(session: Session, area_id: int) -> None:
    until_july = Cover(date(2026, 1, 1), date(2026, 7, 4))
    ((household_id, _),) = laid(session, area_id, [[Drawn("living", [until_july], None, None)]])
    refresh_households(session, [household_id], MIDDLE)
    assert session.get_one(Household, household_id).status == "covered"

    session.execute(
        text(
            "insert into campaign (area_id, name, starts_on, ends_on, warning_days)"
            " values (:area, 'Đợt hè', '2026-01-01', '2026-12-31', 45)"
        ),
        {"area": area_id},
    )
    refresh_day(session, [area_id], MIDDLE)

    assert session.get_one(Household, household_id).status == "expiring"


def test_a_day_on_which_nothing_changes_writes_nothing(session: Session, area_id: int) -> None:
    ((household_id, _),) = laid(session, area_id, [[Drawn("living", [], None, None)]])
    assert refresh_households(session, [household_id], MIDDLE) == 1

    assert refresh_day(session, [area_id], date(2026, 5, 21)) == 0
    assert session.get_one(Household, household_id).status_on == MIDDLE

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.builders import Village, a_card, a_household, a_person
from webmap.database.engine import reading
from webmap.errors import InvalidError
from webmap.households.filters import Filters, conditions, query_string, read
from webmap.households.models import Household

TODAY = date(2026, 5, 20)


@pytest.fixture
def village(session: Session) -> Iterator[Village]:
    return Village.built(session)


def found(session: Session, **asked: object) -> list[str]:
    """Codes of the households that fit, in order."""
    filters = Filters(**asked)  # type: ignore[arg-type]
    rows = session.scalars(select(Household.code).where(*conditions(filters, TODAY)))
    return sorted(rows)


def test_without_filters_every_door_is_meant_but_those_that_ended(session: Session, village: Village) -> None:
    village.household.ended_on = TODAY
    session.flush()

    assert found(session) == ["HH-1", "HT-2", "HT-3", "QX-1", "QX-2", "TX-1", "TX-2"]


def test_a_family_is_found_by_name_without_diacritics(session: Session, village: Village) -> None:
    a_household(session, village.id, "HT-9", head_name="Đặng Thị Ước", alley_name="Ngõ 12")

    assert found(session, q="dang uoc") == ["HT-9"]
    assert found(session, q="ĐẶNG") == ["HT-9"]
    assert found(session, q="uoc ngo 12") == ["HT-9"]


def test_a_member_who_is_not_the_head_is_found_too(session: Session, village: Village) -> None:
    a_person(session, village.households[2], "Lò Thị Hằng")

    assert found(session, q="lo hang") == ["HT-3"]


def test_a_village_is_found_by_its_name_and_narrowed_by_a_second_word(session: Session, village: Village) -> None:
    assert found(session, q="quang xa") == ["QX-1", "QX-2"]
    assert found(session, q="quang xa QX-2") == ["QX-2"]


def test_signs_with_a_meaning_in_patterns_are_only_letters_here(session: Session, village: Village) -> None:
    assert found(session, q="%") == []
    assert found(session, q="HT_1") == []
    assert found(session, q="\\") == []


def test_status_mark_and_village_narrow_together(session: Session, village: Village) -> None:
    village.households[2].door_mark = "not_home"
    session.flush()

    assert found(session, status=("uncovered",), area=village.commune_id) == ["HT-3"]
    assert found(session, status=("uncovered", "partly"), area=village.id) == ["HT-2", "HT-3"]
    assert found(session, mark=("not_home",)) == ["HT-3"]
    assert found(session, mark=("not_home",), area=village.second_id) == []


def test_cards_that_end_within_so_many_days_count_the_last_of_them(session: Session, village: Village) -> None:
    person = a_person(session, village.households[0], "Nguyễn Thị Na", cover_ends_on=TODAY + timedelta(days=30))
    a_person(session, village.households[1], "Nguyễn Văn Cũ", cover_ends_on=TODAY - timedelta(days=1))

    assert found(session, expiring_days=30) == ["HT-1"]
    assert found(session, expiring_days=29) == []

    person.residency = "moved_out"
    session.flush()
    assert found(session, expiring_days=30) == []


def test_age_and_reason_must_hold_for_one_and_the_same_person(session: Session, village: Village) -> None:
    child = a_person(session, village.households[2], "Bé Na", birth_on=date(2020, 5, 21), status="uncovered")

    assert found(session, age=("under_six",)) == ["HT-3"]
    assert found(session, age=("under_six",), reason=("expired",)) == []

    child.reason_group = "under_six"
    session.flush()
    assert found(session, age=("under_six",), reason=("under_six",)) == ["HT-3"]


def test_a_child_is_under_six_until_the_day_before_the_sixth_birthday(session: Session, village: Village) -> None:
    a_person(session, village.households[2], "Bé Na", birth_on=TODAY.replace(year=2020))

    assert found(session, age=("under_six",)) == []
    assert found(session, age=("pupil",)) == ["HT-3"]


def test_a_reason_that_was_left_on_a_covered_person_is_not_asked_for(session: Session, village: Village) -> None:
    a_person(session, village.households[0], "Nguyễn Thị Na", reason_group="student", status="covered")

    assert found(session, reason=("student",)) == []


def test_a_category_that_somebody_holds_or_held(session: Session, village: Village) -> None:
    person = a_person(session, village.households[2], "Nguyễn Thị Na")
    a_card(session, person, category="TE", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))

    assert found(session, category=("TE",)) == ["HT-3"]


def test_not_visited_since_a_day_means_its_beginning_in_vietnam(session: Session, village: Village) -> None:
    for household in village.households:
        household.last_visit_at = datetime(2026, 5, 19, 17, 30, tzinfo=UTC)  # half past midnight on the 20th
    session.flush()

    assert found(session, area=village.id, not_visited_since=TODAY) == []
    assert found(session, area=village.id, not_visited_since=TODAY + timedelta(days=1)) == ["HT-1", "HT-2", "HT-3"]


def test_unplaced_doors_can_be_asked_for(session: Session, village: Village) -> None:
    a_household(session, village.id, "HT-9", lonlat=None)

    assert found(session, place="unplaced") == ["HT-9"]
    assert "HT-9" not in found(session, place="placed")


def test_a_stranger_finds_nothing_of_us_whatever_is_asked(session: Session, village: Village) -> None:
    with reading(village.stranger.scope) as strange:
        assert found(strange, area=village.commune_id) == []
        assert found(strange, q="HT-1") == []


def test_the_address_carries_the_filters_there_and_back() -> None:
    asked = Filters(
        q="dang uoc",
        status=("partly", "uncovered"),
        reason=("expired",),
        area=7,
        expiring_days=30,
        not_visited_since=TODAY,
        place="placed",
    )
    pairs = MultiDict(pair.split("=") for pair in query_string(asked).replace("+", " ").split("&"))

    assert read(pairs) == asked
    assert query_string(Filters()) == ""


def test_what_cannot_be_used_is_named_all_at_once() -> None:
    bad = MultiDict(
        [("status", "insured"), ("expiring_days", "-1"), ("not_visited_since", "31/02/2026"), ("area", "x")]
    )

    with pytest.raises(InvalidError) as refusal:
        read(bad)

    assert [name for name, _ in refusal.value.problems] == ["status", "area", "expiring_days", "not_visited_since"]


def test_days_may_be_written_as_in_vietnam_and_unknown_names_are_passed_over() -> None:
    assert read(MultiDict([("not_visited_since", "31/05/2026"), ("zoom", "3")])) == Filters(
        not_visited_since=date(2026, 5, 31)
    )

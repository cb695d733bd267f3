from datetime import date
from decimal import Decimal

import pytest

from webmap.coverage.rules import (
    Cover,
    Coverage,
    Denominator,
    HouseholdStatus,
    Member,
    PersonStatus,
    cover_on,
    household_counts,
    household_status,
    person_standing,
)

DAY = date(2024, 4, 13)
THIS_YEAR = Cover(date(2024, 1, 1), date(2024, 12, 31))


def test_a_card_holds_on_its_first_and_on_its_last_day() -> None:
    card = Cover(DAY, DAY)

    assert person_standing("living", [card], None, None, DAY).status == PersonStatus.EXPIRING
    assert cover_on([card], date(2024, 4, 12)) is None
    assert cover_on([card], date(2024, 4, 14)) is None


def test_a_card_without_an_end_never_expires() -> None:
    standing = person_standing("living", [Cover(DAY, None)], None, None, DAY)

    assert (standing.status, standing.cover_ends_on) == (PersonStatus.COVERED, None)


def test_a_card_that_ends_within_the_warning_period_is_expiring() -> None:
    ends_in_30_days = Cover(date(2023, 5, 14), date(2024, 5, 13))
    ends_in_31_days = Cover(date(2023, 5, 14), date(2024, 5, 14))

    assert person_standing("living", [ends_in_30_days], None, None, DAY).status == PersonStatus.EXPIRING
    assert person_standing("living", [ends_in_31_days], None, None, DAY).status == PersonStatus.COVERED
    assert person_standing("living", [ends_in_31_days], None, None, DAY, warning_days=60).status == "expiring"


def test_a_renewed_card_is_not_expiring_when_the_next_begins_the_day_after() -> None:
    ends_soon = Cover(date(2023, 4, 21), date(2024, 4, 20))
    renewed = Cover(date(2024, 4, 21), date(2025, 4, 20))
    a_day_late = Cover(date(2024, 4, 22), date(2025, 4, 21))

    assert person_standing("living", [renewed, ends_soon], None, None, DAY).cover_ends_on == date(2025, 4, 20)
    assert person_standing("living", [renewed, ends_soon], None, None, DAY).status == PersonStatus.COVERED
    assert person_standing("living", [ends_soon, a_day_late], None, None, DAY).status == PersonStatus.EXPIRING


def test_a_short_card_inside_a_long_one_does_not_shorten_it() -> None:
    inside = Cover(date(2024, 2, 1), date(2024, 4, 20))

    assert cover_on([THIS_YEAR, inside], DAY) == THIS_YEAR


def test_nobody_without_a_card_is_covered_by_a_report_or_a_pledge() -> None:
    assert person_standing("living", [], date(2024, 4, 1), date(2024, 5, 1), DAY).status == PersonStatus.REPORTED
    assert person_standing("living", [], None, DAY, DAY).status == PersonStatus.PLEDGED
    assert person_standing("living", [], None, date(2024, 4, 12), DAY).status == PersonStatus.UNCOVERED
    assert person_standing("living", [THIS_YEAR], date(2024, 4, 1), None, DAY).status == PersonStatus.COVERED


def test_a_report_counts_from_its_day_on() -> None:
    assert person_standing("living", [], date(2024, 4, 14), None, DAY).status == PersonStatus.UNCOVERED


def test_a_report_of_a_renewal_outlives_the_old_card() -> None:
    old = Cover(date(2023, 4, 11), date(2024, 4, 10))

    assert person_standing("living", [old], date(2024, 4, 1), None, DAY).status == PersonStatus.REPORTED


def test_a_report_is_answered_once_the_roll_has_shown_the_card_and_does_not_count_when_that_has_run_out() -> None:
    reported_and_shown = Cover(date(2023, 4, 1), date(2024, 3, 31))

    standing = person_standing("living", [reported_and_shown], date(2023, 3, 28), None, DAY)

    assert standing.status == PersonStatus.UNCOVERED


def test_people_who_moved_out_or_died_are_not_asked_about() -> None:
    for residency in ("moved_out", "deceased"):
        assert person_standing(residency, [THIS_YEAR], DAY, DAY, DAY).status == PersonStatus.UNKNOWN


@pytest.mark.parametrize(
    ("living", "expected"),
    [
        ([], "unknown"),
        (["covered", "covered"], "covered"),
        (["covered", "expiring"], "expiring"),
        (["expiring"], "expiring"),
        (["covered", "uncovered"], "partly"),
        (["expiring", "uncovered"], "partly"),
        (["uncovered", "uncovered"], "uncovered"),
        (["reported", "reported"], "reported"),
        (["covered", "reported"], "reported"),
        (["covered", "pledged"], "pledged"),
        (["reported", "pledged"], "pledged"),
        (["reported", "uncovered"], "uncovered"),
        (["covered", "reported", "uncovered"], "partly"),
        (["pledged", "uncovered"], "uncovered"),
    ],
)
def test_the_colour_of_a_door(living: list[str], expected: str) -> None:
    assert household_status([PersonStatus(one) for one in living]) == HouseholdStatus(expected)


def test_those_away_are_counted_but_do_not_colour_the_door() -> None:
    counts = household_counts(
        [
            Member("living", PersonStatus.COVERED, date(2024, 12, 31)),
            Member("away", PersonStatus.UNCOVERED),
            Member("away", PersonStatus.EXPIRING, date(2024, 4, 30)),
            Member("deceased", PersonStatus.UNKNOWN),
        ]
    )

    assert (counts.living, counts.registered, counts.covered, counts.living_covered) == (1, 3, 2, 1)
    assert counts.status == HouseholdStatus.COVERED
    assert (counts.expiring, counts.next_expiry_on) == (1, date(2024, 4, 30))


def test_coverage_above_a_hundred_percent_is_told_as_it_is() -> None:
    my_long = Coverage(16_984, 16_796, Denominator.TARGET, date(2022, 12, 31))

    assert my_long.percent is not None
    assert my_long.percent.quantize(Decimal("0.01")) == Decimal("101.12")
    assert Coverage(0, 0, Denominator.LIVING).percent is None

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap.support.rules import Share, age_on, last_day, likely_category, premium_dong, quote, step_percent

# As published for 2024-07 to today: 4.5 % of 2,340,000 đồng for twelve months, by the order of joining.
PUBLISHED = (1_263_600, 884_520, 758_160, 631_800, 505_440, 505_440)
NEAR_POOR = Share(Decimal(70), decision="Nghị định 146/2018/NĐ-CP")


def test_the_published_premiums_of_a_family_of_six_are_met() -> None:
    lines = quote([(n, "GD") for n in range(6)], 0, 2_340_000, 12, {})

    assert tuple(line.to_pay_dong for line in lines) == PUBLISHED
    assert [line.step for line in lines] == [1, 2, 3, 4, 5, 6]
    assert sum(line.to_pay_dong for line in lines) == 4_548_960


@pytest.mark.parametrize(
    ("base", "months", "dong"),
    [(1_800_000, 12, 972_000), (2_340_000, 3, 315_900), (2_340_000, 6, 631_800), (2_340_000, 1, 105_300)],
)
def test_a_first_member_pays_four_and_a_half_percent_of_the_base_salary(base: int, months: int, dong: int) -> None:
    assert premium_dong(base, months) == dong


def test_who_joined_before_holds_the_first_steps() -> None:
    [third] = quote([("Hoa", "GD")], 2, 2_340_000, 12, {})

    assert (third.step, third.to_pay_dong) == (3, 758_160)


def test_members_of_other_categories_take_no_step() -> None:
    shares = {"HS": Share(Decimal(50)), "CN": NEAR_POOR}
    first, pupil, second, near_poor = quote(
        [(1, "GD"), (2, "HS"), (3, "GD"), (4, "CN")], 0, 2_340_000, 12, shares
    )  # fmt: skip

    assert (first.step, pupil.step, second.step, near_poor.step) == (1, None, 2, None)
    assert (pupil.to_pay_dong, second.to_pay_dong, near_poor.to_pay_dong) == (631_800, 884_520, 379_080)


def test_local_support_pays_what_the_state_leaves_and_no_more() -> None:
    [line] = quote([(1, "CN")], 0, 2_340_000, 12, {"CN": Share(Decimal(70), Decimal(40))})

    assert (line.state_dong, line.local_dong, line.to_pay_dong) == (884_520, 379_080, 0)


def test_half_a_dong_goes_up_and_is_rounded_once_for_all_months() -> None:
    assert premium_dong(100_100, 1) == 4_505  # 4504.5
    assert premium_dong(100_100, 3) == 13_514  # 13513.5, and not three times 4505


@given(
    base=st.integers(100_000, 100_000_000),
    months=st.sampled_from((3, 6, 12)),
    state=st.decimals(0, 100, places=2),
    local=st.decimals(0, 100, places=2),
    family=st.tuples(st.integers(1, 9), st.integers(0, 4)),
)
def test_the_parts_sum_to_the_whole_and_nobody_is_paid_for_joining(
    base: int, months: int, state: Decimal, local: Decimal, family: tuple[int, int]
) -> None:
    many, before = family
    lines = quote([(n, "GD") for n in range(many)], before, base, months, {"GD": Share(state, local)})

    for line in lines:
        assert line.state_dong + line.local_dong + line.to_pay_dong == line.whole_dong
        assert min(line.state_dong, line.local_dong, line.to_pay_dong) >= 0
    assert [line.whole_dong for line in lines] == sorted((line.whole_dong for line in lines), reverse=True)


def test_steps_end_at_forty_percent() -> None:
    assert [step_percent(n) for n in (1, 2, 3, 4, 5, 6, 20)] == [100, 70, 60, 50, 40, 40, 40]


def test_age_is_counted_in_whole_years() -> None:
    assert age_on(date(2020, 3, 2), None, date(2026, 3, 1)) == 5
    assert age_on(date(2020, 3, 2), None, date(2026, 3, 2)) == 6
    assert age_on(None, 1960, date(2026, 3, 2)) == 66
    assert age_on(None, None, date(2026, 3, 2)) is None


@pytest.mark.parametrize(
    ("age", "reason", "last", "category"),
    [
        (3, None, None, "TE"),
        (10, None, None, "HS"),
        (20, "student", None, "HS"),
        (45, None, ("CN", "near_poor"), "CN"),
        (45, "lost_subsidy", ("CN", "near_poor"), "GD"),
        (45, "expired", ("DN", "employed"), "GD"),
        (12, None, ("DT", "area"), "DT"),
        (14, "expired", ("GD", "household_plan"), "HS"),
        (45, "expired", ("NO", "household_plan"), "NO"),
        (None, None, None, "GD"),
    ],
)
def test_a_category_is_proposed_from_age_and_last_card(
    age: int | None, reason: str | None, last: tuple[str, str] | None, category: str
) -> None:
    assert likely_category(age, reason, last) == category


@pytest.mark.parametrize(
    ("from_on", "months", "to_on"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 3, 15), 3, date(2026, 6, 14)),
        (date(2025, 11, 30), 3, date(2026, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 12, 1), 6, date(2027, 5, 31)),
    ],
)
def test_a_card_holds_until_the_day_before_the_same_day(from_on: date, months: int, to_on: date) -> None:
    assert last_day(from_on, months) == to_on

"""The invented people: figures as published, names and ages as they are, and something to find."""

import unicodedata
from datetime import date, timedelta
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from tests.webmap.demo.conftest import TODAY
from webmap.demo import landscape, people, world
from webmap.demo import tan_ninh as facts
from webmap.demo.landscape import Landscape
from webmap.demo.people import Population
from webmap.demo.world import Built


def on_register(population: Population) -> np.ndarray:
    return np.isin(population.people.residency, ("living", "away"))


def covered(population: Population, day: date) -> np.ndarray:
    """Who holds a card on a day, from the cards alone."""
    its, on = population.cards, np.datetime64(day)
    holds = (its.valid_from <= on) & (np.isnat(its.valid_to) | (its.valid_to >= on))
    return np.isin(np.arange(len(population.people)), its.person[holds])


def test_the_commune_has_the_published_figures(tan_ninh: Built) -> None:
    population = tan_ninh.population
    register, has_card = on_register(population), covered(population, TODAY)
    living = population.people.residency == "living"

    assert register.sum() == 6_045
    assert (register & has_card).sum() == 5_646
    assert int(5_646 / 6_045 * 10_000) / 100 == 93.39
    assert (living & ~has_card).sum() == 110
    assert (register & ~living & ~has_card).sum() == 289


def test_each_village_has_its_register(tan_ninh: Built) -> None:
    population = tan_ninh.population
    village = population.households.village[population.people.household]

    counts = np.bincount(village[on_register(population)])

    assert counts.tolist() == [plan.people for plan in tan_ninh.plan.villages]


def test_the_same_seed_makes_the_same_people_and_another_seed_others() -> None:
    first, again = (world.build(world.plan(700, 5), 0, TODAY) for _ in range(2))
    other = world.build(world.plan(700, 6), 0, TODAY)

    for column in ("full_name", "birth_on", "citizen_id", "residency", "reason"):
        assert (getattr(first.population.people, column) == getattr(again.population.people, column)).all()
    assert (first.land.houses.doors == again.land.houses.doors).all()
    assert first.population.people.full_name.tolist() != other.population.people.full_name.tolist()


def test_names_are_whole_and_composed_letters(tan_ninh: Built) -> None:
    names = tan_ninh.population.people.full_name.tolist()

    assert all(unicodedata.is_normalized("NFC", name) for name in names)
    assert all(2 <= len(name.split()) <= 3 for name in names)
    assert 0.15 < np.mean([name.startswith("Nguyễn ") for name in names]) < 0.6


def test_old_women_are_called_thi_and_young_ones_mostly_not(tan_ninh: Built) -> None:
    its = tan_ninh.population.people
    thi = np.char.find(its.full_name, " Thị ") > 0

    assert thi[~its.is_male & (its.age > 62)].mean() > 0.9
    assert thi[~its.is_male & (its.age < 15)].mean() < 0.3
    assert not thi[its.is_male].any()


def test_children_have_their_fathers_family_name(tan_ninh: Built) -> None:
    its = tan_ninh.population.people
    family = np.array([name.split()[0] for name in its.full_name])
    head = np.full(its.household.max() + 1, "", dtype="<U16")
    head[its.household[its.is_head & its.is_male]] = family[its.is_head & its.is_male]
    children = (its.relationship == "con") & (head[its.household] != "")

    assert children.sum() > 1_000
    assert (family[children] == head[its.household[children]]).all()


def test_each_household_has_one_head_who_is_grown_up(tan_ninh: Built) -> None:
    its = tan_ninh.population.people

    assert (np.bincount(its.household[its.is_head]) == 1).all()
    assert its.is_head.sum() == len(tan_ninh.population.households)
    assert its.age[its.is_head].min() >= 18


def test_ages_form_the_pyramid_of_a_vietnamese_commune(tan_ninh: Built) -> None:
    its = tan_ninh.population.people
    age = its.age[on_register(tan_ninh.population)]
    decades = np.histogram(age, bins=[0, 10, 20, 30, 40, 50, 60, 70, 100])[0] / len(age)

    assert 0.19 < (age < 15).mean() < 0.28
    assert 0.1 < (age >= 60).mean() < 0.18
    assert 0.46 < its.is_male.mean() < 0.53
    assert decades.min() > 0.03
    assert decades.max() < 0.22


def test_birthdays_and_ages_agree(tan_ninh: Built) -> None:
    its = tan_ninh.population.people
    days = (np.datetime64(TODAY) - its.birth_on).astype(int)

    assert (np.abs(days / 365.25 - its.age) < 0.01).all()


def test_numbers_have_the_right_form_and_belong_to_nobody(tan_ninh: Built) -> None:
    its = tan_ninh.population.people
    phones = [phone for phone in its.phone.tolist() if phone]

    assert all(len(n) == 12 and n.isdigit() and n > "9" for n in its.citizen_id.tolist())
    assert all(len(n) == 10 and n.isdigit() and n.startswith("00") for n in its.insurance_code.tolist())
    assert all(len(n) == 10 and n.isdigit() and n.startswith("04") for n in phones)
    assert len(set(its.citizen_id.tolist())) == len(its)
    assert len(set(its.insurance_code.tolist())) == len(its)
    assert (np.array([n[4:6] for n in its.citizen_id]) == np.array([str(d)[2:4] for d in its.birth_on])).all()


def test_about_three_in_a_hundred_households_have_no_place(tan_ninh: Built) -> None:
    homes = tan_ninh.population.households
    unplaced = np.isnan(homes.place[:, 0])

    assert round(unplaced.mean(), 2) == 0.03
    assert ((homes.place_source == "") == unplaced).all()


def test_households_live_in_houses_of_their_own_village(tan_ninh: Built) -> None:
    homes, houses = tan_ninh.population.households, tan_ninh.land.houses

    assert (houses.village[homes.house] == homes.village).all()
    assert len(np.unique(homes.house)) > 0.97 * len(homes)
    assert len(set(homes.code.tolist())) == len(homes)


def test_the_uncovered_stand_closer_together_than_chance_would_place_them(tan_ninh: Built) -> None:
    its = tan_ninh.population.people
    homes = tan_ninh.land.houses.doors[tan_ninh.population.households.house]
    lacking = np.zeros(len(homes))
    np.add.at(lacking, its.household[(its.reason != "") & (its.residency == "living")], 1)
    near = cKDTree(homes).query(homes, k=9)[1][:, 1:]
    dice = np.random.default_rng(0)

    found = (lacking * lacking[near].sum(axis=1)).sum()
    by_chance = []
    for _ in range(199):
        shuffled = dice.permutation(lacking)
        by_chance.append((shuffled * shuffled[near].sum(axis=1)).sum())

    assert found > 2 * max(by_chance)


def test_one_alley_lost_its_subsidy_and_the_seat_is_nearly_done(tan_ninh: Built) -> None:
    its, homes = tan_ninh.population.people, tan_ninh.population.households
    village = homes.village[its.household]
    lost = np.bincount(village[its.reason == "lost_subsidy"], minlength=5)
    living = np.bincount(village[(its.reason != "") & (its.residency == "living")], minlength=5)

    assert lost.max() > 0.6 * lost.sum()
    assert living[2] == living.min()  # Quảng Xá, the first to be done


def test_those_without_a_card_have_a_reason_and_the_others_none(tan_ninh: Built) -> None:
    population = tan_ninh.population
    lacking = on_register(population) & ~covered(population, TODAY)
    reason = population.people.reason

    assert ((reason != "") == lacking).all()
    assert (reason[population.people.residency == "away"] != "hardship").all()
    assert {"expired", "lost_subsidy", "hardship", "not_interested", "away", "abroad", "unknown"} <= set(reason)


@settings(max_examples=12)
@given(day=st.dates(date(2024, 1, 1), date(2028, 12, 31)), seed=st.integers(0, 10**6))
def test_on_any_day_some_cards_end_soon_and_the_figures_hold(day: date, seed: int) -> None:
    plan = world.plan(600, 3).communes[0]
    population = people.settle(plan, small_land(), day, seed)
    left = population.cards.valid_to - np.datetime64(day)
    soon = left[(left >= np.timedelta64(0)) & (left < np.timedelta64(60, "D"))]

    assert (on_register(population) & covered(population, day)).sum() == plan.covered
    assert on_register(population).sum() == 600
    assert len(soon) >= 10
    assert (population.cards.valid_to[~np.isnat(left)] >= population.cards.valid_from[~np.isnat(left)]).all()
    assert (population.people.birth_on <= np.datetime64(day)).all()


def test_children_under_six_hold_a_card_until_their_sixth_birthday(tan_ninh: Built) -> None:
    its, cards = tan_ninh.population.people, tan_ninh.population.cards
    small = cards.category == "TE"

    assert (cards.valid_from[small] == its.birth_on[cards.person[small]]).all()
    assert (cards.valid_to[small] <= np.datetime64(TODAY + timedelta(days=2192))).all()
    assert (its.age[cards.person[small]] < 6.01).all()


def test_nobody_off_the_register_has_a_card(tan_ninh: Built) -> None:
    population = tan_ninh.population
    gone = ~on_register(population)

    assert 40 < gone.sum() < 110
    assert not np.isin(population.cards.person, np.flatnonzero(gone)).any()


@cache
def small_land() -> Landscape:
    return landscape.build(world.plan(600, 3).communes[0], 3)


def test_the_neighbour_is_a_commune_of_its_own() -> None:
    home, next_door = facts.plans(1)

    assert next_door.people == 900
    assert {village.name for village in home.villages}.isdisjoint(v.name for v in next_door.villages)
    assert home.villages[0].outline.disjoint(next_door.villages[0].outline)
    assert home.roads[1].line.coords[-1] == next_door.roads[0].line.coords[0]

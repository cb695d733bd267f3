"""The people of a commune: households at houses, families in them, cards, and who has none. Nobody of them is real.

Numbers have the right form and can belong to nobody: citizen ids begin with 9 (provinces have 001 to 096), insurance
codes with 00 (no province has it), phone numbers with 04 (no operator has it).
"""

import functools
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from webmap.demo import cards, families, names, uncovered
from webmap.demo.frame import Floats
from webmap.demo.households import Households, house
from webmap.demo.landscape import Landscape
from webmap.demo.plans import CommunePlan

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Words = NDArray[np.str_]
Days = NDArray[np.datetime64]

SHARE_OFF_REGISTER = 0.012  # moved out or deceased: kept, counted nowhere
AWAY_AGES = np.array([0, 15, 18, 20, 30, 38, 50, 65])
AWAY_SHARES = np.array([0.01, 0.03, 0.42, 0.6, 0.52, 0.28, 0.07, 0.005])
RELATIONSHIPS = {
    families.HEAD: ("chủ hộ", "chủ hộ"),
    families.SPOUSE: ("chồng", "vợ"),
    families.FATHER: ("bố", "mẹ"),
    families.MOTHER: ("bố", "mẹ"),
    families.CHILD_IN_LAW: ("con rể", "con dâu"),
    families.DIED: ("ông", "bà"),
    families.LEFT: ("con", "con"),
}


@dataclass(frozen=True, slots=True)
class People:
    """People in columns, household by household, the head first."""

    household: Ints
    full_name: Words
    is_male: Bools
    birth_on: Days
    age: Floats
    relationship: Words
    is_head: Bools
    residency: Words
    reason: Words  # empty where there is a card
    category: Words
    citizen_id: Words
    insurance_code: Words
    phone: Words  # empty where there is none

    def __len__(self) -> int:
        return len(self.household)


@dataclass(frozen=True, slots=True)
class Population:
    households: Households
    people: People
    cards: cards.Cards


@dataclass(frozen=True, slots=True)
class Draft:
    """A population half made: families, the village of each household, its home, and two facts of each person."""

    plan: CommunePlan
    families: families.Families
    village: Ints
    homes: Floats
    residency: Words
    category: Words


def settle(plan: CommunePlan, land: Landscape, today: date, seed: int) -> Population:
    """Fill a commune's houses with families, as many people in each village as its register holds."""
    dice = np.random.default_rng([seed, plan.number, 20])
    day = np.datetime64(today)
    made, village = _families(plan, dice)
    homes = house(plan, land, village, dice)
    category = cards.categories(made.age, _poverty(len(village), dice)[made.household], dice)
    draft = Draft(plan, made, village, land.houses.doors[homes.house], _residency(made, dice), category)
    reason = _reasons(draft, dice)
    birth_on = day - (made.age * 365.25).astype("timedelta64[D]")
    held = np.flatnonzero((reason == "") & np.isin(draft.residency, ("living", "away")))
    lacking = np.flatnonzero(reason != "")
    issued = cards.current(held, category[held], birth_on[held], day, dice)
    before = cards.ended(lacking, reason[lacking], day, dice)
    return Population(homes, _people(draft, birth_on, reason, dice), cards.joined(issued, before))


def _families(plan: CommunePlan, dice: np.random.Generator) -> tuple[families.Families, Ints]:
    """Make the families of all villages, and a few people once on a register. Also each household's village."""
    parts, village, before = [], [], 0
    for number, its in enumerate(plan.villages):
        made = families.make(its.people, dice)
        count = int(made.household.max(initial=-1)) + 1
        parts.append((made.household + before, made.seat, made.age, made.is_male))
        village.append(np.full(count, number, dtype=np.int64))
        before += count
    parts.append(_off_register(before, round(plan.people * SHARE_OFF_REGISTER), dice))
    household, seat, age, is_male = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(household, kind="stable")
    made = families.Families(household[order], seat[order], age[order], is_male[order])
    return made, np.concatenate(village)


def _off_register(households: int, count: int, dice: np.random.Generator) -> tuple[Ints, Ints, Floats, Bools]:
    """Old people who died and daughters who married away; told apart from the others by their seat."""
    died = dice.random(count) < 0.45
    age = np.where(died, dice.uniform(62, 97, count), dice.uniform(20, 33, count))
    is_male = np.where(died, dice.random(count) < 0.5, dice.random(count) < 0.2)
    return dice.integers(0, households, count), np.where(died, families.DIED, families.LEFT), age, is_male


def _residency(made: families.Families, dice: np.random.Generator) -> Words:
    """Who lives here and who works or studies away. One who heads a household mostly stays."""
    away = dice.random(len(made)) < np.interp(made.age, AWAY_AGES, AWAY_SHARES)
    away &= (made.seat != families.HEAD) | (dice.random(len(made)) < 0.1)
    away &= (made.seat != families.SPOUSE) | (dice.random(len(made)) < 0.5)
    residency = np.where(away, "away", "living")
    residency = np.where(made.seat == families.LEFT, "moved_out", residency)
    return np.where(made.seat == families.DIED, "deceased", residency)


def _poverty(households: int, dice: np.random.Generator) -> Words:
    chance = dice.random(households)
    return np.select([chance < 0.032, chance < 0.077], ["HN", "CN"], "")


def _reasons(draft: Draft, dice: np.random.Generator) -> Words:
    """Choose exactly as many uncovered people as planned, living here and away, and say why each has no card."""
    plan, household = draft.plan, draft.families.household
    seat = int(np.argmin([np.hypot(*np.subtract(v.centre, plan.centre)) for v in plan.villages]))
    spots = uncovered.choose_spots(draft.homes, draft.village, seat, dice)
    near = uncovered.heat(draft.homes, draft.village, spots)[:, household]
    ease = dice.gamma(6, 1 / 6, len(plan.villages))
    ease[seat] = min(0.2, ease[seat])
    is_away = draft.residency == "away"
    weights = uncovered.weigh(draft.category, is_away, near, ease[draft.village[household]])
    missing = plan.people - plan.covered
    away = min(missing - plan.uncovered_living, int(is_away.sum()))
    away_ones = uncovered.draw(np.where(is_away, weights, 0), away, dice)
    others = uncovered.draw(np.where(draft.residency == "living", weights, 0), missing - away, dice)
    lacking = np.concatenate([away_ones, others])
    reason = np.full(len(household), "", dtype="<U16")
    reason[lacking] = uncovered.reasons(
        draft.category[lacking], draft.families.age[lacking], is_away[lacking], near[:, lacking], dice
    )
    return reason


def _people(draft: Draft, birth_on: Days, reason: Words, dice: np.random.Generator) -> People:
    made, n = draft.families, len(draft.families)
    year = birth_on.astype("datetime64[Y]").astype(np.int64) + 1970
    family = names.of_families(made, draft.village, dice)
    serial = 1 + 2 * draft.plan.people_before + np.arange(n)
    century = np.where(year < 2000, 0, 2) + np.where(made.is_male, 0, 1)
    has_phone = (made.age >= 16) & (draft.residency != "deceased")
    has_phone &= dice.random(n) < np.where(made.seat == families.HEAD, 0.85, 0.4)
    return People(
        household=made.household,
        full_name=np.char.add(np.char.add(family, " "), names.personal_names(made.is_male, year, dice)),
        is_male=made.is_male,
        birth_on=birth_on,
        age=made.age,
        relationship=_relationships(made),
        is_head=made.seat == families.HEAD,
        residency=draft.residency,
        reason=reason,
        category=draft.category,
        citizen_id=_digits(900 + serial // 10**6, 3, century, 1, year % 100, 2, serial * 7919 % 10**6, 6),
        insurance_code=_digits(serial * 73_687_787 % 10**8, 10),
        phone=np.where(has_phone, _digits(np.full(n, 4), 2, serial * 61_803_399 % 10**8, 8), ""),
    )


def _relationships(made: families.Families) -> Words:
    """Say what each person is to the head of the household."""
    words = np.full(len(made), "con", dtype="<U8")
    words[made.seat >= families.GRANDCHILD] = "cháu"
    for seat, (his, hers) in RELATIONSHIPS.items():
        its = made.seat == seat
        words[its] = np.where(made.is_male[its], his, hers)
    return words


def _digits(*parts: Ints | int) -> Words:
    """Write numbers side by side, each filled with zeros to its width. `parts`: numbers, width, numbers, width, …"""
    written = [
        np.char.zfill(np.asarray(numbers).astype("<U10"), int(width))
        for numbers, width in zip(parts[::2], parts[1::2], strict=True)
    ]
    return np.asarray(functools.reduce(np.char.add, written))

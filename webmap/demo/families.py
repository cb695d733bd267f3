"""Families: who lives under one roof, how old they are, and whose child each is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webmap.demo.frame import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Places at the table, in the order in which a household lists its people.
HEAD, SPOUSE, FATHER, MOTHER, CHILD, CHILD_IN_LAW, GRANDCHILD = 0, 1, 2, 3, 4, 8, 9
SEATS = 12  # four children, three grandchildren
LEFT, DIED = 12, 13  # no longer on the register
SEATS_EVER = 14

SHARES = {
    "elder_alone": 0.06,
    "elder_couple": 0.12,
    "young_couple": 0.06,
    "parents_and_children": 0.45,
    "one_parent": 0.06,
    "with_grandparents": 0.10,
    "with_grandchildren": 0.15,
}
ALONE, ELDER_COUPLE, YOUNG_COUPLE, NUCLEAR, ONE_PARENT, THREE_UP, THREE_DOWN = range(len(SHARES))

HEAD_AGES = np.array([(60, 92), (49, 84), (22, 34), (27, 63), (29, 63), (31, 55), (47, 72)], dtype=float)
CHILDREN = np.array([0.2, 0.46, 0.26, 0.08])  # one, two, three, four


@dataclass(frozen=True, slots=True)
class Families:
    """People in columns, household by household, the head first. `household` counts from zero."""

    household: Ints
    seat: Ints
    age: Floats
    is_male: Bools

    def __len__(self) -> int:
        return len(self.household)


def make(people: int, dice: np.random.Generator) -> Families:
    """Make as many whole families as give exactly `people` people; the last one may be cut short."""
    if people == 0:
        nobody = np.zeros(0, dtype=np.int64)
        return Families(nobody, nobody, nobody.astype(float), nobody.astype(bool))
    count = people // 2 + 4
    kind = dice.choice(len(SHARES), count, p=np.array(list(SHARES.values())))
    head_male = np.where(kind == ALONE, dice.random(count) < 0.24, dice.random(count) < 0.9)
    head_male = np.where(kind == ONE_PARENT, dice.random(count) < 0.2, head_male)
    here, age = _seats(kind, dice)
    is_male = dice.random((count, SEATS)) < 0.512
    is_male[:, HEAD], is_male[:, SPOUSE] = head_male, ~head_male
    is_male[:, FATHER], is_male[:, MOTHER] = True, False
    is_male[:, CHILD_IN_LAW] = ~is_male[:, CHILD]
    age = np.clip(age, 0, 99.9)
    household, seat = np.nonzero(here)
    household, seat = household[:people], seat[:people]
    return Families(household, seat, age[household, seat], is_male[household, seat])


def _seats(kind: Ints, dice: np.random.Generator) -> tuple[Bools, Floats]:
    """Who sits where, and how old: each generation is born when its mother was 19 to 38."""
    n = len(kind)
    here, age = np.zeros((n, SEATS), dtype=bool), np.zeros((n, SEATS))
    low, high = HEAD_AGES[kind].T
    age[:, HEAD] = low + (high - low) * dice.beta(1.6, 1.9, n)
    here[:, HEAD] = True
    age[:, SPOUSE] = age[:, HEAD] + dice.normal(-2.4, 2.8, n)
    here[:, SPOUSE] = np.isin(kind, (ELDER_COUPLE, YOUNG_COUPLE, NUCLEAR, THREE_UP))
    here[:, SPOUSE] |= (kind == THREE_DOWN) & (dice.random(n) < 0.76)
    for parent, gap, share in ((FATHER, 28.5, 0.46), (MOTHER, 25.5, 0.9)):
        age[:, parent] = age[:, HEAD] + np.clip(dice.normal(gap, 4.5, n), 18, 42)
        here[:, parent] = (kind == THREE_UP) & (dice.random(n) < share) & (age[:, parent] < 97)
    _seat_children(kind, here, age, dice)
    _seat_grandchildren(kind, here, age, dice)
    return here, age


def _seat_children(kind: Ints, here: Bools, age: Floats, dice: np.random.Generator) -> None:
    n = len(kind)
    wanted = 1 + dice.choice(len(CHILDREN), n, p=CHILDREN)
    mother = np.minimum(age[:, HEAD], age[:, SPOUSE])
    born_at = np.clip(dice.normal(24.5, 3.6, n), 18.5, 37)
    for number in range(4):
        seat = CHILD + number
        age[:, seat] = mother - born_at
        has_them = np.isin(kind, (NUCLEAR, ONE_PARENT, THREE_UP)) & (number < wanted)
        # grown-up children leave: most daughters marry away, and half of the sons
        stays = dice.random(n) < np.interp(age[:, seat], [19, 24, 30, 36], [1.0, 0.86, 0.44, 0.16])
        here[:, seat] = has_them & (age[:, seat] >= 0) & stays
        born_at = born_at + 1.3 + dice.gamma(2.2, 1.35, n)
    here[:, CHILD] |= kind == THREE_DOWN
    here[:, CHILD_IN_LAW] = (kind == THREE_DOWN) & (dice.random(n) < 0.9)
    age[:, CHILD] = np.where(kind == THREE_DOWN, np.clip(age[:, CHILD], 22, 46), age[:, CHILD])
    age[:, CHILD_IN_LAW] = np.clip(age[:, CHILD] + dice.normal(0, 2.5, n), 20, 48)
    unmarried = (kind == THREE_DOWN) & (dice.random(n) < 0.28)
    age[:, CHILD + 1] = np.where(unmarried, np.clip(age[:, CHILD + 1], 16, 40), age[:, CHILD + 1])
    here[:, CHILD + 1] |= unmarried


def _seat_grandchildren(kind: Ints, here: Bools, age: Floats, dice: np.random.Generator) -> None:
    n = len(kind)
    wanted = 1 + dice.choice(3, n, p=(0.42, 0.42, 0.16))
    mother = np.minimum(age[:, CHILD], age[:, CHILD_IN_LAW])
    born_at = np.clip(dice.normal(24.0, 3.0, n), 19, 33)
    for number in range(3):
        seat = GRANDCHILD + number
        age[:, seat] = mother - born_at
        here[:, seat] = (kind == THREE_DOWN) & (number < wanted) & (age[:, seat] >= 0) & (age[:, seat] < 22)
        born_at = born_at + 1.3 + dice.gamma(2.2, 1.35, n)

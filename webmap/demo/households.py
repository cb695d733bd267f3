"""Households at their houses: which family lives where, and how well its place is known."""

import unicodedata
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from webmap.demo.frame import Floats
from webmap.demo.landscape import Landscape
from webmap.demo.plans import CommunePlan

Ints = NDArray[np.int64]
Words = NDArray[np.str_]

SHARE_UNPLACED = 0.03
PLACE_SOURCES = ("building", "surveyed", "import", "by_hand")
PLACE_SHARES = (0.52, 0.3, 0.12, 0.06)


@dataclass(frozen=True, slots=True)
class Households:
    """Households in columns. `house` counts in the commune's houses; `place` is NaN where the list gives none."""

    village: Ints
    house: Ints
    code: Words
    place: Floats
    place_source: Words  # empty where unplaced
    accuracy: Floats  # metres, NaN where nobody measured

    def __len__(self) -> int:
        return len(self.village)


def house(plan: CommunePlan, land: Landscape, village: Ints, dice: np.random.Generator) -> Households:
    """Give each household a house of its village. Where houses run short, two share one."""
    home = np.empty(len(village), dtype=np.int64)
    code = np.empty(len(village), dtype="<U16")
    for number, its in enumerate(plan.villages):
        own = np.flatnonzero(village == number)
        houses = dice.permutation(np.flatnonzero(land.houses.village == number))
        if len(houses) == 0:
            houses = np.arange(len(land.houses))
        home[own] = np.resize(houses, len(own))
        code[own] = [f"{initials(its.name)}-{n:04}" for n in range(1, len(own) + 1)]
    source = np.array(PLACE_SOURCES)[dice.choice(len(PLACE_SOURCES), len(village), p=PLACE_SHARES)]
    place = _places(land, home, source, dice)
    accuracy = np.where(source == "surveyed", np.round(dice.gamma(4, 1.4, len(village)) + 2, 1), np.nan)
    unplaced = dice.permutation(len(village))[: round(len(village) * SHARE_UNPLACED)]
    place[unplaced], source[unplaced], accuracy[unplaced] = np.nan, "", np.nan
    return Households(village, home, code, place, source, accuracy)


def initials(name: str) -> str:
    """The first letters of a name, without marks: Hữu Tân gives HT."""
    plain = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(word[0] for word in plain.split()).upper()


def _places(land: Landscape, home: Ints, source: Words, dice: np.random.Generator) -> Floats:
    """Measured places lie near the door, matched ones in the middle of the house."""
    middle = shapely.get_coordinates(shapely.centroid(land.houses.walls))[home]
    door = land.houses.doors[home]
    measured = door + dice.normal(0, 2.2, door.shape)
    place = np.where((source == "surveyed")[:, None], measured, middle)
    place = np.where((source == "import")[:, None], (door + middle) / 2, place)
    second = np.concatenate([[False], home[1:] == home[:-1]]) | (np.bincount(home)[home] > 1)
    return np.asarray(place + np.where(second[:, None], dice.normal(0, 1.2, place.shape), 0.0))

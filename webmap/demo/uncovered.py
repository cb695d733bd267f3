"""Who has no card, and why: rare, uneven, and clustered, so that there is something to find.

Three hot spots: one where a subsidy stopped (Decision 861/QĐ-TTg), one whose young people work away, one where cards
ended and nobody renewed them. Elsewhere the uncovered are scattered thinly.
"""

import numpy as np
from numpy.typing import NDArray

from webmap.demo.frame import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.str_]

HOT_SPOTS = ("lost_subsidy", "away", "expired")
HOT_METRES = 85.0
REASONS = ("expired", "hardship", "not_interested", "lost_subsidy", "unknown", "commercial", "other")
REASON_SHARES = (0.32, 0.2, 0.17, 0.11, 0.1, 0.06, 0.04)


def heat(homes: Floats, village: Ints, spots: NDArray[np.int64]) -> Floats:
    """Say how near each household stands to each hot spot: (3, n), 1 at the spot, falling off over a hundred metres."""
    away = homes[None, :, :] - homes[spots][:, None, :]
    near = np.exp(-np.square(away).sum(axis=2) / HOT_METRES**2)
    return np.where(village[None, :] == village[spots][:, None], near, 0.0)


def choose_spots(homes: Floats, village: Ints, seat: int, dice: np.random.Generator) -> Ints:
    """Choose the household in the middle of each hot spot: in the thick of three villages, rather not of the seat."""
    others = [v for v in np.unique(village) if v != seat] or [seat]
    chosen = dice.permutation(others)
    spots: list[int] = []
    for number in range(len(HOT_SPOTS)):
        own = np.flatnonzero(village == chosen[number % len(chosen)])
        tries = dice.choice(own, min(len(own), 24), replace=False)
        crowd = [(np.square(homes[own] - homes[t]).sum(axis=1) < HOT_METRES**2).sum() for t in tries]
        free = [_clear_of(homes[t], homes[spots]) for t in tries]
        spots.append(int(tries[int(np.argmax(np.array(crowd) * (0.1 + np.array(free))))]))
    return np.array(spots)


def _clear_of(place: Floats, others: Floats) -> bool:
    return bool((np.square(others - place).sum(axis=1) > (4 * HOT_METRES) ** 2).all())


def draw(weights: Floats, count: int, dice: np.random.Generator) -> Ints:
    """Draw exactly `count` different rows, the heavier the likelier (Gumbel top-k, after Kool et al. 2019)."""
    with np.errstate(divide="ignore"):
        keys = np.log(weights) + dice.gumbel(size=len(weights))
    return np.argsort(-keys, kind="stable")[:count]


def weigh(category: Codes, is_away: Bools, near: Floats, village_weight: Floats) -> Floats:
    """How likely each registered person is to be uncovered, compared with others."""
    base = np.full(len(category), 1.0)
    for code, weight in {"TE": 0.09, "HS": 0.05, "SV": 0.25, "HN": 0.01, "HT": 0.004, "CC": 0.004, "CB": 0.01}.items():
        base[category == code] = weight
    for code, weight in {"BT": 0.05, "DN": 0.12, "HC": 0.02, "CN": 0.4, "NO": 0.8}.items():
        base[category == code] = weight
    living = base * village_weight * (0.35 + 26 * near[0] + 20 * near[2])
    away = (0.3 + base) * village_weight * (0.6 + 14 * near[1])
    return np.asarray(np.where(is_away, away, living))


def reasons(category: Codes, age: Floats, is_away: Bools, near: Floats, dice: np.random.Generator) -> Codes:
    """Say why each of these uncovered people has no card."""
    n = len(age)
    chance = dice.random(n)
    reason = np.array(REASONS)[dice.choice(len(REASONS), n, p=REASON_SHARES)]
    reason = np.where((near[0] > 0.2) & (chance < 0.8), "lost_subsidy", reason)
    reason = np.where((near[2] > 0.2) & (chance < 0.8), "expired", reason)
    reason = np.where(np.isin(category, ("HS", "SV")), "student", reason)
    reason = np.where(category == "TE", "under_six", reason)
    away = np.where(chance < 0.86, "away", np.where((age < 40) & (chance < 0.94), "abroad", "unknown"))
    return np.where(is_away & ~np.isin(category, ("TE", "SV")), away, reason)

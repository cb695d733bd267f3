"""Where an address may be, how sure that is from 0 to 1, and why: by numbers that somebody surveyed, and by alleys.

How sure each reason is rests on the 253 real addresses of a Hà Nội quarter, each looked for with its own point taken
out (docs/decisions/0021). Two people's points of one address lie apart more often than one thinks: what the other
numbers of the alley say decides whether the same address is believed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from gis_layers.measure import metres_between
from gis_layers.types import LonLat
from webmap.streets.addresses import Address, is_same_street, parse_address, readings

SAME_HOUSE_METRES = 40.0  # a gate, a door and a roof of one address lie no further apart
FITTING_METRES = 30.0  # from where the numbers on both sides say that it is
WIDEST_BRACKET_METRES = 120.0  # numbers further apart than this say little of what stands between them
SURE_BRACKET_METRES, SURE_BRACKET_NUMBERS = 60.0, 20
FAIR_BRACKET_METRES = 100.0
NEIGHBOURS = 10  # numbers
DOOR_METRES, DOOR_SLACK_METRES = 5.0, 15.0  # from one number to the next, and for the width of the alley
SHORT_ALLEY_METRES, LONG_ALLEY_METRES = 60.0, 200.0
MOST_CANDIDATES = 5
MANY_ALLEYS = 0.7  # at most, of an alley without a street: every village may have an alley 7


class Reason(StrEnum):
    """Why an address may be at a place."""

    SAME = "same"  # the same address, and the numbers beside it agree
    LONELY = "lonely"  # the same address; no number near it says yes or no
    UNLIKE_NEIGHBOURS = "unlike_neighbours"  # the same address, where its neighbours' numbers do not fit
    SEVERAL = "several"  # the same address at places far apart
    PLATE = "plate"  # one of several numbers on a plate
    TURNED = "turned"  # the slash read the other way round
    OTHER_LETTER = "other_letter"  # 12 for 12A
    BETWEEN = "between"  # between two numbers of its side
    BESIDE = "beside"  # after or before a number
    ALLEY = "alley"  # somewhere on the alley


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where an address may be. `written`: what the map says there, or of its neighbours."""

    position: LonLat
    certainty: float
    reason: Reason
    written: str
    building_id: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A surveyed house number."""

    position: LonLat
    building_id: int | None
    written: str
    address: Address
    house: str
    is_plate: bool


@dataclass(frozen=True, slots=True)
class NamedAlley:
    """An alley by its name: its middle and its length."""

    name: str
    address: Address
    middle: LonLat
    metres: float


@dataclass(slots=True)
class AddressBook:
    """All known numbers and alleys around an area, by the key of the alley.

    `is_of_village`: of one village with a boundary. Only there is "Ngõ 7" without a street one alley.
    """

    is_of_village: bool = False
    numbers: dict[str, list[Number]] = field(default_factory=dict)
    alleys: dict[str, list[NamedAlley]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.numbers or self.alleys)

    def add_number(self, house_number: str, street: str, position: LonLat, building_id: int | None) -> None:
        """Write a surveyed number down."""
        written = f"{house_number}, {street}".strip(", ")
        address = parse_address(house_number, street)
        for house in address.houses:
            number = Number(position, building_id, written, address, house, len(address.houses) > 1)
            self.numbers.setdefault(address.alley_key, []).append(number)

    def add_alley(self, name: str, middle: LonLat, metres: float) -> None:
        """Write a named alley down."""
        address = parse_address("", name)
        self.alleys.setdefault(address.alley_key, []).append(NamedAlley(name, address, middle, metres))


def find_places(book: AddressBook, house_number: str, alley_name: str) -> list[Candidate]:
    """Where an address as somebody wrote it may be, the surest first; nothing where nothing is known."""
    found: list[Candidate] = []
    for turn, wanted in enumerate(readings(parse_address(house_number, alley_name))):
        if not wanted.street and not wanted.alleys:
            continue
        numbers = [one for one in book.numbers.get(wanted.alley_key, ()) if is_same_street(wanted, one.address)]
        here = [*(_by_number(wanted.houses[0], numbers) if wanted.houses else ()), *_by_alley(book, wanted)]
        here = [_turned(one) for one in here] if turn else here
        is_one_alley = bool(wanted.street) or book.is_of_village
        found += here if is_one_alley else [replace(one, certainty=min(one.certainty, MANY_ALLEYS)) for one in here]
    return _apart(sorted(found, key=lambda one: -one.certainty))


def look_up(book: AddressBook, house_number: str, alley_name: str, certainty: float) -> Candidate | None:
    """The place of an address if it is at least so certain."""
    found = find_places(book, house_number, alley_name)
    return found[0] if found and found[0].certainty >= certainty else None


def _turned(one: Candidate) -> Candidate:
    reason = Reason.TURNED if one.reason in {Reason.SAME, Reason.LONELY} else one.reason
    return replace(one, certainty=round(one.certainty * 0.8, 2), reason=reason)


def _apart(found: Iterable[Candidate]) -> list[Candidate]:
    """Of candidates at one house the surest."""
    kept: list[Candidate] = []
    for one in found:
        if all(metres_between(one.position, other.position) > SAME_HOUSE_METRES / 2 for other in kept):
            kept.append(one)
    return kept[:MOST_CANDIDATES]


def _by_number(house: str, numbers: list[Number]) -> list[Candidate]:
    same = [one for one in numbers if one.house == house]
    others = [one for one in numbers if _value(one.house) != _value(house)]
    if same:
        return _same(house, same, others)
    estimate = _between(house, others)
    letters = [one for one in numbers if _value(one.house) == _value(house)]
    return [
        *(Candidate(one.position, 0.6, Reason.OTHER_LETTER, one.written, one.building_id) for one in letters),
        *([estimate[0]] if estimate else _beside(house, others)),
    ]


def _same(house: str, same: list[Number], others: list[Number]) -> list[Candidate]:
    best = min(same, key=lambda one: (one.is_plate, one.building_id is None))
    apart = [one for one in same if metres_between(one.position, best.position) > SAME_HOUSE_METRES]
    if apart:
        return [Candidate(one.position, 0.45, Reason.SEVERAL, one.written, one.building_id) for one in (best, *apart)]
    certainty, reason = _agreement(house, best, others)
    if best.is_plate and reason is not Reason.UNLIKE_NEIGHBOURS:
        certainty, reason = min(certainty, 0.85), Reason.PLATE
    return [Candidate(best.position, certainty, reason, best.written, best.building_id)]


def _agreement(house: str, best: Number, others: list[Number]) -> tuple[float, Reason]:
    """Hold a surveyed number against the numbers on both sides of it, or at least against those near it."""
    estimate = _between(house, others)
    if estimate is not None and estimate[1] <= WIDEST_BRACKET_METRES:
        fits = metres_between(estimate[0].position, best.position) <= FITTING_METRES
        return (0.95, Reason.SAME) if fits else (0.6, Reason.UNLIKE_NEIGHBOURS)
    steps = [
        (abs(_value(one.house) - _value(house)), metres_between(one.position, best.position))
        for one in others
        if abs(_value(one.house) - _value(house)) <= NEIGHBOURS
    ]
    if not steps:
        return 0.8, Reason.LONELY
    fitting = sum(metres <= DOOR_SLACK_METRES + DOOR_METRES * step for step, metres in steps)
    return (0.85, Reason.SAME) if fitting * 2 > len(steps) else (0.65, Reason.UNLIKE_NEIGHBOURS)


def _between(house: str, others: list[Number]) -> tuple[Candidate, float] | None:
    """Between the next numbers of its side of the alley, with how many metres lie between these."""
    value = _value(house)
    side = [one for one in others if _value(one.house) % 2 == value % 2]
    below = max((one for one in side if _value(one.house) < value), key=lambda one: _value(one.house), default=None)
    above = min((one for one in side if _value(one.house) > value), key=lambda one: _value(one.house), default=None)
    if below is None or above is None:
        return None
    first, last = _value(below.house), _value(above.house)
    share = (value - first) / (last - first)
    metres = metres_between(below.position, above.position)
    position = LonLat(
        below.position.lon + share * (above.position.lon - below.position.lon),
        below.position.lat + share * (above.position.lat - below.position.lat),
    )
    is_sure = metres <= SURE_BRACKET_METRES and last - first <= SURE_BRACKET_NUMBERS
    certainty = 0.85 if is_sure else 0.65 if metres <= FAIR_BRACKET_METRES else 0.4
    return Candidate(position, certainty, Reason.BETWEEN, f"{below.written} … {above.house}"), metres


def _beside(house: str, others: list[Number]) -> list[Candidate]:
    side = [one for one in others if _value(one.house) % 2 == _value(house) % 2]
    near = min(side, key=lambda one: abs(_value(one.house) - _value(house)), default=None)
    if near is None or abs(_value(near.house) - _value(house)) > NEIGHBOURS:
        return []
    return [Candidate(near.position, 0.3, Reason.BESIDE, near.written, near.building_id)]


def _by_alley(book: AddressBook, wanted: Address) -> list[Candidate]:
    found = [one for one in book.alleys.get(wanted.alley_key, ()) if is_same_street(wanted, one.address)]
    return [Candidate(one.middle, _on_alley(one.metres), Reason.ALLEY, one.name) for one in found]


def _on_alley(metres: float) -> float:
    return 0.5 if metres <= SHORT_ALLEY_METRES else 0.3 if metres <= LONG_ALLEY_METRES else 0.1


def _value(house: str) -> int:
    digits = re.search(r"\d+", house)
    return int(digits.group()) if digits else 0

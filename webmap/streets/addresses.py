"""House numbers and nested alleys as people write them.

"158/25", "Số 3, Ngõ 107A", "Hẻm 14 Ngách 58 Ngõ 46 Phố Hào Nam". An address is a way inwards: the street,
the alleys off it from the outermost to the innermost, the house. Two writings of one house have one `key`.
In Hà Nội alleys nest as ngõ, ngách, hẻm; in the south all are hẻm, in Đà Nẵng and Huế kiệt.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from webmap.text import fold, nfc, plain, same_tone_place

HOUSE, ALLEY, ROAD, PLACE = "house", "alley", "road", "place"
ALLEY_RANK = {"ngõ": 0, "kiệt": 0, "ngách": 1, "hẻm": 2}
MEANING = {
    **dict.fromkeys(("số", "số nhà", "nhà số", "nhà", "sn", "no"), HOUSE),
    **dict.fromkeys(ALLEY_RANK, ALLEY),
    **dict.fromkeys(("phố", "đường", "đại lộ"), ROAD),
    **dict.fromkeys(("thôn", "xóm", "ấp", "khóm", "tổ", "tổ dân phố", "tdp", "bản", "buôn", "làng", "khu phố"), PLACE),
    **dict.fromkeys(("khu", "đội", "phường", "xã", "thị trấn", "thị xã", "quận", "huyện", "tỉnh", "tp"), PLACE),
    **dict.fromkeys(("thành phố", "đặc khu", "việt nam"), PLACE),
}
# Phố Nhà Thờ, Phố Đội Cấn, Phố Tô Hiệu typed without marks: these words begin something only before a number.
ONLY_BEFORE_A_NUMBER = frozenset(("số", "nhà", "no", "sn", "số nhà", "nhà số", "khu", "đội", "tổ"))
KEYWORDS = tuple(
    (tuple(word.split()), tuple(plain(word).split()), word)
    for word in sorted(MEANING, key=lambda word: -len(word.split()))
)
NUMBER = re.compile(r"(?:[a-z]{0,2}\d+[a-z]{0,2}|\d+(?:bis|ter|quater))$")
TOKEN = re.compile(r"[^\W_]+|/|-")
BIS = re.compile(r"(\d)\s+(bis|ter|quater)\b", re.IGNORECASE)


class Word(NamedTuple):
    """One word of an address: as written (lower case, one place for tones) and without its marks."""

    marked: str
    plain: str


@dataclass(frozen=True, slots=True)
class Address:
    """One house: `street` folded, `alleys` from the street inwards, `houses` one, or several for "47-49".

    `is_alley` tells Ngõ Hàng Cháo from Phố Hàng Cháo; None when the writing does not say. `has_slash` marks
    the order as anybody's guess: "10/49" is house 49 of alley 10 in the south, and house 10 of alley 49 for
    many in Hà Nội. `places` are the village, commune and so on, folded, with their kind.
    """

    street: str = ""
    is_alley: bool | None = None
    alleys: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    has_slash: bool = False

    @property
    def key(self) -> str:
        """One text for one door, "hao nam|46|58|14|7"; empty without a house number."""
        return f"{self.alley_key}|{self.houses[0]}" if self.houses else ""

    @property
    def alley_key(self) -> str:
        """One text for the alley the house is in, "hao nam|46|58|14"."""
        return "|".join((_one_spelling(self.street), *self.alleys))


def parse_address(house_number: str, alley_name: str = "") -> Address:
    """Read an address from one field or from two. What is not understood lands in `street` or `places`."""
    address = Address()
    is_bare = all(plain(field) == nfc(field).lower() for field in (house_number, alley_name))
    for field in (house_number, alley_name):
        for position, segment in enumerate(re.split(r"[,;\n]", BIS.sub(r"\1\2", nfc(field)))):
            words = [Word(same_tone_place(word), plain(word)) for word in TOKEN.findall(segment.lower())]
            address = _with_segment(address, _Reader(words, is_bare=is_bare, is_first=position == 0))
    return address


def readings(address: Address) -> tuple[Address, ...]:
    """Return what the address can mean, the likelier first: a slash read inwards, then the other way."""
    if not address.has_slash or not address.houses:
        return (address,)
    turned = (address.houses[0], *reversed(address.alleys))
    return (address, replace(address, alleys=turned[:-1], houses=turned[-1:]))


def is_same_street(a: Address, b: Address) -> bool:
    """Say whether two addresses can be on one street; a missing "Phố" or "Ngõ" is no contradiction."""
    same_name = _one_spelling(a.street) == _one_spelling(b.street)
    return same_name and (a.is_alley is None or b.is_alley is None or a.is_alley == b.is_alley)


@dataclass(frozen=True, slots=True)
class _Reader:
    """The words between two commas. `is_bare`: the whole address is written without marks."""

    words: list[Word]
    is_bare: bool
    is_first: bool

    def keyword(self, at: int) -> tuple[str, int]:
        """Return the keyword that begins here and where it ends, or "" and `at`."""
        for marked, bare, keyword in KEYWORDS:
            end = at + len(marked)
            here = self.words[at:end]
            as_marked = tuple(word.marked for word in here) == marked
            if not as_marked and not (self.is_bare and tuple(word.plain for word in here) == bare):
                continue
            if self._counts(keyword, at, end, as_marked=as_marked and marked != bare):
                return keyword, end
        return "", at

    def _counts(self, keyword: str, at: int, end: int, *, as_marked: bool) -> bool:
        before_number = bool(self.numbers(end)[0])
        if before_number or keyword in ONLY_BEFORE_A_NUMBER or end >= len(self.words):
            return before_number
        starts_later_segment = at == 0 and not self.is_first
        return as_marked or MEANING[keyword] == ROAD or (MEANING[keyword] == PLACE and starts_later_segment)

    def numbers(self, at: int) -> tuple[list[str], int]:
        """Read a number or a chain of them, "158/25/3"."""
        return self._chain(at, "/")

    def range(self, at: int) -> tuple[list[str], int]:
        """Read "47-49" or "56-58-60"."""
        return self._chain(at, "-")

    def _chain(self, at: int, sign: str) -> tuple[list[str], int]:
        found: list[str] = []
        while at < len(self.words) and NUMBER.match(self.words[at].plain):
            found.append(_unpadded(self.words[at].plain))
            at += 1
            if [word.plain for word in self.words[at : at + 1]] != [sign] or not self._is_number(at + 1):
                break
            at += 1
        return found, at

    def _is_number(self, at: int) -> bool:
        return at < len(self.words) and bool(NUMBER.match(self.words[at].plain))

    def name(self, at: int, *, to_the_end: bool = False) -> tuple[str, int]:
        """Read a name up to the next keyword; numbers inside belong to it ("An Trạch 1")."""
        start = at
        while at < len(self.words) and (at == start or to_the_end or not self._ends_a_name(at)):
            at += 1
        return fold(" ".join(word.plain for word in self.words[start:at])), at

    def _ends_a_name(self, at: int) -> bool:
        keyword, _ = self.keyword(at)
        return keyword != ""


def _with_segment(address: Address, reader: _Reader) -> Address:
    """Read one stretch between commas. Alleys are taken in the order from the door outwards."""
    inner_first: list[tuple[int, str]] = []
    at = 0
    while at < len(reader.words):
        keyword, after = reader.keyword(at)
        meaning = MEANING.get(keyword)
        numbers, beyond = reader.numbers(after)
        if meaning == ALLEY and numbers:
            inner_first += [(ALLEY_RANK[keyword], number) for number in reversed(numbers)]
            address = replace(address, has_slash=address.has_slash or len(numbers) > 1)
            at = beyond
        elif meaning == PLACE:
            name, at = reader.name(after, to_the_end=True)
            address = replace(address, places=(*address.places, f"{plain(keyword)} {name}".strip()))
        elif numbers and meaning != ROAD and not address.houses:
            address, at = _with_house(address, reader, numbers, beyond)
        else:
            name, at = reader.name(after)
            address = _with_name(address, meaning, name)
    outer_first = tuple(number for _, number in _from_the_street(inner_first))
    return replace(address, alleys=(*outer_first, *address.alleys))


def _from_the_street(inner_first: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Order ngõ, ngách, hẻm from the street inwards; of one kind, the last written is the outermost."""
    inner_first.reverse()
    return sorted(inner_first, key=lambda alley: alley[0])


def _with_house(address: Address, reader: _Reader, numbers: list[str], beyond: int) -> tuple[Address, int]:
    *alleys, _ = numbers
    houses, end = reader.range(beyond - 1)
    has_slash = address.has_slash or bool(alleys)
    return replace(address, alleys=(*alleys, *address.alleys), houses=tuple(houses), has_slash=has_slash), end


def _with_name(address: Address, meaning: str | None, name: str) -> Address:
    if not name:
        return address
    if address.street:
        return replace(address, places=(*address.places, name))
    return replace(address, street=name, is_alley=meaning == ALLEY if meaning in {ALLEY, ROAD} else None)


def _one_spelling(street: str) -> str:
    """Sĩ and Sỹ, Mĩ and Mỹ are one name in two spellings."""
    return re.sub(r"(?<![aeiou])y\b", "i", street)


def _unpadded(number: str) -> str:
    return re.sub(r"^0+(?=\d)", "", number).upper()

"""The national lists as they are published: tables of units without shapes, and of what became of which.

Three tables are known by their headings: the three levels before 1 July 2025, the two levels since, and the crosswalk.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from webmap.areas.errors import UnusableMapError
from webmap.areas.sources import Refusal
from webmap.text import nfc

MOST_ROWS = 200_000
LONGEST_HEADINGS = 4_000
CODE_LENGTHS = {"province": 2, "district": 3, "commune": 5}
# What names begin with, longest first: "Thị trấn" is no "Thị xã".
KINDS = ("Thành phố", "Thị trấn", "Đặc khu", "Thị xã", "Phường", "Huyện", "Quận", "Tỉnh", "Xã")
# No commune of the mainland has fewer people unless it is small and dense, or far larger ground than this.
FEWEST_PEOPLE, SPARSE_PER_KM2, LARGEST_KM2 = 1000, 30.0, 10_000.0


class ListKind(StrEnum):
    """Which of the tables a file is."""

    THREE_LEVELS = "three_levels"
    TWO_LEVELS = "two_levels"
    CROSSWALK = "crosswalk"


# How a list may flag a population itself; else the rule below does.
FLAGS = {"implausible": "implausible", "missing": "missing", "attributes swapped at source": "swapped"}
# The columns that are read; what else a file has is left alone.
READ = {
    *("province_code", "province", "district_code", "district", "commune_code", "commune", "code", "full_name"),
    *("population", "area_km2", "pop_flag", "old_code", "old_name", "new_code", "new_name", "new_province", "kind"),
}
HEADINGS = {
    ListKind.THREE_LEVELS: {"province_code", "province", "district_code", "district", "commune_code", "commune"},
    ListKind.CROSSWALK: {"old_code", "new_code", "kind"},
    ListKind.TWO_LEVELS: {"code", "full_name", "province_code", "province"},
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a list. `number`: the row that names it first, the heading being row 1."""

    number: int
    level: str
    code: str
    name: str
    kind: str | None
    parent_code: str | None = None
    population: int | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the crosswalk: an old commune went whole, or in part, into a new one."""

    number: int
    old_code: str
    new_code: str
    extent: str
    new_name: str
    new_province: str


@dataclass(slots=True)
class NationalList:
    """What a file says, and which rows cannot be used."""

    kind: ListKind
    units: list[Unit] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def list_kind(path: Path) -> ListKind | None:
    """Which table a file is, by its headings; None when it is none of them."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline(LONGEST_HEADINGS)
    headings = set(next(csv.reader([first.replace("\0", "")]), []))
    return next((kind for kind, needed in HEADINGS.items() if needed <= headings), None)


def read_list(path: Path) -> NationalList:
    """Read a table whole. UnusableMapError when it is none of the three, or is no UTF-8 text."""
    kind = list_kind(path)
    if kind is None:
        raise UnusableMapError(reason="unknown_kind")
    found = NationalList(kind)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                if number > MOST_ROWS:
                    raise UnusableMapError(reason="too_large")
                _take(found, number, {name: nfc(row[name] or "") for name in READ & row.keys()})
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnusableMapError(reason="damaged") from error
    if not found.units and not found.steps and not found.refused:
        raise UnusableMapError(reason="no_content")
    found.units, twice = _each_once(found.units)
    found.refused = sorted([*found.refused, *twice], key=lambda one: one.number)
    return found


def population_of(people: str, km2: str, kind: str | None) -> tuple[int | None, str | None]:
    """Number of people as published, and why it is to be doubted: "implausible", "missing", "swapped", or None.

    Swapped: the ground is larger than any commune's and the number of people is that of a plausible ground; the number
    is put right. Implausible: fewer than 1,000 on sparse ground of the mainland (islands, special zones, are such).
    """
    many, ground = _number(people), _number(km2)
    if many is None:
        return None, "missing"
    if ground is not None and ground > LARGEST_KM2 and many < FEWEST_PEOPLE:
        return round(ground), "swapped"
    is_sparse = ground is None or many < SPARSE_PER_KM2 * ground
    if many < FEWEST_PEOPLE and is_sparse and kind != "Đặc khu":
        return round(many), "implausible"
    return round(many), None


def split_name(full_name: str) -> tuple[str | None, str]:
    """The kind and the name alone: ("Xã", "Tân Ninh")."""
    for kind in KINDS:
        if full_name.lower().startswith(kind.lower() + " "):
            return kind, full_name[len(kind) :].strip()
    return None, full_name


def _number(given: str) -> float | None:
    try:
        return float(given)
    except ValueError:
        return None


def _take(found: NationalList, number: int, row: dict[str, str]) -> None:
    if found.kind is ListKind.CROSSWALK:
        _take_step(found, number, row)
        return
    for unit in _units(found.kind, number, row):
        problem = _problem(unit)
        if problem:
            found.refused.append(Refusal(number, problem, unit.name or unit.code))
        else:
            found.units.append(unit)


def _units(kind: ListKind, number: int, row: dict[str, str]) -> Iterator[Unit]:
    province = row["province_code"]
    yield _unit(number, "province", province, row["province"])
    if kind is ListKind.TWO_LEVELS:
        own_kind, _ = split_name(row["full_name"])
        people, doubt = population_of(row.get("population", ""), row.get("area_km2", ""), own_kind)
        doubt = FLAGS.get(row.get("pop_flag", ""), doubt)
        yield _unit(number, "commune", row["code"], row["full_name"], province, people, doubt)
        return
    yield _unit(number, "district", row["district_code"], row["district"], province)
    if row["commune_code"] or row["commune"]:  # island districts have no communes
        yield _unit(number, "commune", row["commune_code"], row["commune"], row["district_code"])


def _unit(  # noqa: PLR0917 - the columns of a row, in their order
    number: int,
    level: str,
    code: str,
    full_name: str,
    parent_code: str | None = None,
    population: int | None = None,
    doubt: str | None = None,
) -> Unit:
    kind, name = split_name(full_name)
    return Unit(number, level, code, name, kind, parent_code, population, doubt)


def _problem(unit: Unit) -> str | None:
    if not unit.name:
        return "no_name"
    is_code = unit.code.isascii() and unit.code.isdigit() and len(unit.code) == CODE_LENGTHS[unit.level]
    return None if is_code else "bad_code"


def _take_step(found: NationalList, number: int, row: dict[str, str]) -> None:
    extent = {"full": "whole", "whole": "whole", "partial": "part", "part": "part"}.get(row["kind"].lower())
    if extent is None:
        found.refused.append(Refusal(number, "bad_extent", row["kind"]))
    elif not row["old_code"] or not row["new_code"]:
        found.refused.append(Refusal(number, "no_code", row.get("old_name", "")))
    else:
        _, name = split_name(row.get("new_name", ""))
        found.steps.append(Step(number, row["old_code"], row["new_code"], extent, name, row.get("new_province", "")))


def _each_once(units: list[Unit]) -> tuple[list[Unit], list[Refusal]]:
    """Each unit once, as first named; a code with another name or another parent later is refused."""
    first: dict[tuple[str, str], Unit] = {}
    refused = []
    for unit in units:
        same = first.setdefault((unit.level, unit.code), unit)
        is_repeated = (same.name, same.kind, same.parent_code) == (unit.name, unit.kind, unit.parent_code)
        if same is not unit and not (is_repeated and unit.level != "commune"):
            refused.append(Refusal(unit.number, "code_twice", unit.code))
    return list(first.values()), refused

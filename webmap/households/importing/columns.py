"""Vietnamese and English headings -> fields: candidates for each column with scores, for a person to confirm."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from webmap.households.importing.fields import HEADINGS, MARKED, NOT_OURS, Field
from webmap.households.importing.folding import fold

CERTAIN = 1.0
LIKELY = 0.55
"""From this score on a field is filled in on the page; below it is only offered."""

HOUSEHOLD_FIELDS = {
    Field.HOUSEHOLD_CODE,
    Field.HOUSEHOLD_ORDER,
    Field.HEAD_NAME,
    Field.RELATIONSHIP,
    Field.ADDRESS,
    Field.HOUSE_NUMBER,
}
"""Any of these tells which rows live together."""

IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: where it is, what it is called, what it may hold (best first)."""

    index: int
    heading: str
    candidates: tuple[tuple[Field, float], ...]


Mapping = dict[int, Field]
"""Column index -> field. What a person has confirmed, or the guess."""


@cache
def scores(heading: str) -> tuple[tuple[Field, float], ...]:
    """Rate every field for a heading, best first; () when the heading says nothing we know.

    A heading of several rows comes as 'parent > child'. The child alone counts a little less than both together.
    """
    whole = _words(heading.replace(" > ", " "))
    child = _words(heading.rsplit(" > ", 1)[-1])
    if not child or child in NOT_OURS or whole in NOT_OURS:
        return ()
    if (marked := MARKED.get(heading.strip().lower())) is not None:
        return ((marked, CERTAIN),)
    found: dict[Field, float] = {}
    for field, phrases in HEADINGS.items():
        best = max(max(_match(whole, phrase), 0.95 * _match(child, phrase)) for phrase in phrases)
        if best > 0:
            found[field] = round(best, 3)
    return tuple(sorted(found.items(), key=lambda pair: -pair[1]))


def _words(heading: str) -> str:
    """Fold a heading; what stands in brackets counts only when nothing else is there."""
    return fold(IN_BRACKETS.sub(" ", heading)) or fold(heading)


def _match(heading: str, phrase: str) -> float:
    """Rate from 0 to 1 how surely a heading means a phrase: equal, or containing it as whole words."""
    if heading == phrase:
        return CERTAIN
    if f" {phrase} " not in f" {heading} ":
        return 0.0
    share = len(phrase) / len(heading)
    at_start = heading.startswith(f"{phrase} ")
    return 0.3 + 0.5 * share + (0.1 if at_start else 0.0) - (0.15 if " " not in phrase else 0.0)


def columns_of(headings: Sequence[str]) -> list[Column]:
    """Describe each column of a header row."""
    return [Column(index, heading, scores(heading)[:5]) for index, heading in enumerate(headings)]


def guess(columns: Sequence[Column]) -> Mapping:
    """Give each field to the column that fits it best; what is left over stays unassigned."""
    ranked = sorted(
        ((score, -column.index, field) for column in columns for field, score in column.candidates if score >= LIKELY),
        reverse=True,
    )
    mapping: Mapping = {}
    taken: set[Field] = set()
    for _score, minus_index, field in ranked:
        if -minus_index not in mapping and field not in taken:
            mapping[-minus_index] = field
            taken.add(field)
    return _without_contradictions(mapping)


def _without_contradictions(mapping: Mapping) -> Mapping:
    """A lone 'X' or 'Y', 'Nam' or 'Nữ' means something only beside its partner."""
    held = set(mapping.values())
    for pair in ((Field.NORTH, Field.EAST), (Field.MALE, Field.FEMALE), (Field.LONGITUDE, Field.LATITUDE)):
        if len(held & set(pair)) == 1:
            mapping = {index: field for index, field in mapping.items() if field not in pair}
    return mapping


def signature(headings: Sequence[str]) -> str:
    """Name a layout: files with the same headings, whatever their capitals and spaces, share the remembered mapping."""
    text = "\x1f".join(fold(heading) for heading in headings).strip("\x1f")
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def trouble_with(mapping: Mapping) -> str | None:
    """Say what makes a mapping unusable, as a code of `reasons.py`; None when it will do."""
    fields = list(mapping.values())
    if len(set(fields)) != len(fields):
        return "field_twice"
    held = set(fields)
    if Field.FULL_NAME not in held:
        return "no_name_column"
    if not held & HOUSEHOLD_FIELDS:
        return "no_household_column"
    for pair in ((Field.NORTH, Field.EAST), (Field.LONGITUDE, Field.LATITUDE)):
        if len(held & set(pair)) == 1:
            return "half_a_position"
    return None

"""Rows of a roll and those they may be, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.areas.models import Area
from webmap.errors import N_
from webmap.households.import_lines import shown
from webmap.households.models import Household, Person
from webmap.households.sentences import field_name
from webmap.roll.models import RollRow
from webmap.roll.queries import Candidate, Doubt, Listed

MATCHED_BY = {
    "insurance_code": N_("by insurance code"),
    "citizen_id": N_("by citizen id"),
    "card_number": N_("by card number"),
    "name": N_("by name and birth"),
    "choice": N_("chosen by a person"),
}
AGREEMENT = {
    "name": {
        "same": N_("same name"),
        "no_marks": N_("same name, marks missing"),
        "other_marks": N_("other marks in the name"),
        "one_slip": N_("one letter differs in the name"),
        "two_slips": N_("two letters differ in the name"),
    },
    "birth": {
        "same_day": N_("same day of birth"),
        "swapped": N_("day and month of birth swapped"),
        "one_part_off": N_("one part of the birth differs"),
        "other_day_of_year": N_("another day of the same year"),
        "same_year": N_("same year of birth"),
        "year_beside": N_("born a year earlier or later"),
        "differs": N_("other birth"),
    },
    "sex": {"differs": N_("other sex")},
    "village": {"same": N_("same village"), "differs": N_("other village")},
    "household": {"same": N_("same household code")},
    "head": {"same": N_("same head of household")},
    "address": {"same": N_("same address")},
    "number": {
        "one_digit_off": N_("one digit of a number differs"),
        "taken": N_("another row of the roll is surer of this person"),
        "insurance_code": N_("the insurance code is this person's, other facts are not"),
        "citizen_id": N_("the citizen id is this person's, other facts are not"),
        "card_number": N_("the card is this person's, other facts are not"),
    },
}


def row_line(listed: Listed) -> dict[str, Any]:
    """A row as a line for people: what it says, whom it was taken for and why, what it would do."""
    row, person = listed.row, listed.person
    return {
        "row": row,
        "birth": birth_of(row.birth_on, row.birth_year),
        "person": person,
        "household": listed.household,
        "matched_by": gettext(MATCHED_BY[row.matched_by]) if row.matched_by else "",
        "percent": f"{row.confidence * 100:.1f}" if row.matched_by == "name" and row.confidence is not None else "",
        "changes": [(field_name(name), shown(name, old), shown(name, new)) for name, (old, new) in row.changes.items()],
    }


def birth_of(on: date | None, year: int | None) -> str:
    """A birth as people read it; '' when it is not known."""
    return f"{on:%d/%m/%Y}" if on else str(year or "")


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact of a row beside the same of everybody it may be: the text, and whether it agrees (None: not said)."""

    label: str
    given: str
    others: list[tuple[str, bool | None]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A doubtful row beside its candidates: fact by fact, and in words what speaks for each."""

    lines: list[Compared]
    reasons: list[list[str]]


def compared(session: Session, doubt: Doubt) -> Comparison:
    """Lay a doubtful row and its candidates side by side."""
    area_ids = {doubt.row.area_id} | {one.person.area_id for one in doubt.candidates}
    areas = session.scalars(select(Area).where(Area.id.in_(area_ids - {None})))
    names = {area.id: area.name for area in areas}
    given = _of_row(doubt.row, names)
    others = [_of_person(one.person, one.household, names) for one in doubt.candidates]
    lines = [
        Compared(gettext(label), given[label], [(one[label], agrees(given[label], one[label])) for one in others])
        for label in LABELS
        if given[label] or any(one[label] for one in others)
    ]
    return Comparison(lines, [reasons_for(one) for one in doubt.candidates])


LABELS = (
    N_("Name"), N_("Birth"), N_("Sex"), N_("Village"), N_("Insurance code"), N_("Citizen id"), N_("Household code"),
    N_("Head of household"), N_("Address"),
)  # fmt: skip
Values = tuple[str | None, ...]


def _of_row(row: RollRow, names: dict[int, str]) -> dict[str, str]:
    village = names.get(row.area_id or 0)
    return _texts(
        (
            row.full_name, birth_of(row.birth_on, row.birth_year), _sex(row.sex), village, row.insurance_code,
            row.citizen_id, row.household_code, row.head_name, row.address,
        )
    )  # fmt: skip


def _of_person(person: Person, household: Household, names: dict[int, str]) -> dict[str, str]:
    address = household.address or " ".join(part for part in (household.house_number, household.alley_name) if part)
    return _texts(
        (
            person.full_name, birth_of(person.birth_on, person.birth_year), _sex(person.sex),
            names.get(person.area_id), person.insurance_code, person.citizen_id, household.code, household.head_name,
            address,
        )
    )  # fmt: skip


def _texts(values: Iterable[str | None]) -> dict[str, str]:
    return {label: value or "" for label, value in zip(LABELS, values, strict=True)}


def _sex(sex: str | None) -> str:
    return shown("sex", sex) if sex else ""


def agrees(given: str, other: str) -> bool | None:
    """Whether two texts say the same; None when one says nothing. A year agrees with a day of it."""
    if not given or not other:
        return None
    return given.casefold() == other.casefold() or (given[-4:] == other[-4:] and 4 in (len(given), len(other)))


def reasons_for(candidate: Candidate) -> list[str]:
    """What speaks for and against a candidate, as phrases."""
    said = (AGREEMENT.get(what, {}).get(level) for what, level in candidate.agreement.items())
    return [str(gettext(text)) for text in said if text]

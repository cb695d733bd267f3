"""The same person twice in one file, and one number on two people."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from webmap.households.importing.fields import Field
from webmap.households.importing.folding import fold
from webmap.households.importing.rows import Row

NUMBERS = (
    (Field.CITIZEN_ID, "citizen_id"),
    (Field.INSURANCE_CODE, "insurance_code"),
)


def mark_duplicates(rows: Sequence[Row]) -> None:
    """Refuse what cannot be true together. A second row of one person with another card is only another card."""
    for where, attribute in NUMBERS:
        for group in _same((row for row in rows if getattr(row, attribute)), attrgetter(attribute)):
            _judge(group, where, str(getattr(group[0], attribute)))
    anonymous = (row for row in rows if not row.is_refused and not (row.citizen_id or row.insurance_code))
    for group in _same(anonymous, _likeness):
        for place, row in enumerate(group[1:], start=1):
            if not all(_is_other_card(row, above) for above in group[:place]):
                row.refuse(Field.FULL_NAME, "same_as_row", row=group[0].number)


def _same(rows: Iterable[Row], key: Callable[[Row], object]) -> list[list[Row]]:
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def _judge(group: list[Row], where: Field, number: str) -> None:
    """One number, several rows: another card, the same row again, one person in two homes, or two people."""
    first = group[0]
    for place, row in enumerate(group[1:], start=1):
        if not _is_same_person(row, first):
            row.refuse(where, "number_of_another_row", number=number, row=first.number)
            if not any(problem.trouble.code == "number_of_another_row" for problem in first.problems):
                first.refuse(where, "number_of_another_row", number=number, row=row.number)
        elif row.household != first.household:
            row.refuse(where, "person_in_two_households", number=number, row=first.number)
        elif not all(_is_other_card(row, above) for above in group[:place]) and not _is_known_repeat(row):
            row.refuse(where, "same_as_row", row=first.number)


def _is_same_person(one: Row, other: Row) -> bool:
    if fold(one.full_name or "") != fold(other.full_name or ""):
        return False
    return one.birth is None or other.birth is None or one.birth.year == other.birth.year


def _is_other_card(one: Row, other: Row) -> bool:
    first = (one.card_number, one.card_category, one.valid_from, one.valid_to)
    return one.has_card and other.has_card and first != (
        other.card_number, other.card_category, other.valid_from, other.valid_to,
    )  # fmt: skip


def _is_known_repeat(row: Row) -> bool:
    return any(problem.trouble.code == "same_as_row" for problem in row.problems)


def _likeness(row: Row) -> tuple[object, ...]:
    return row.household, fold(row.full_name or ""), row.birth, row.sex

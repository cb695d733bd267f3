"""Which rows live together: by the code of the household, by its head, or by the order of the rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from webmap.households.importing.columns import Mapping
from webmap.households.importing.fields import Field
from webmap.households.importing.folding import fold
from webmap.households.importing.rows import Row


class Way(StrEnum):
    """How rows are gathered into households. Chosen by the columns there are, confirmed on the page."""

    CODE = "code"  # cùng mã hộ
    ORDER = "order"  # cùng số thứ tự hộ
    HEAD_NAME = "head_name"  # cùng tên chủ hộ và địa chỉ
    HEAD_ROWS = "head_rows"  # mỗi dòng "chủ hộ" mở một hộ mới
    ADDRESS = "address"  # cùng địa chỉ


NEEDS: dict[Way, set[Field]] = {
    Way.CODE: {Field.HOUSEHOLD_CODE},
    Way.ORDER: {Field.HOUSEHOLD_ORDER},
    Way.HEAD_NAME: {Field.HEAD_NAME},
    Way.HEAD_ROWS: {Field.RELATIONSHIP},
    Way.ADDRESS: {Field.ADDRESS, Field.HOUSE_NUMBER},
}


@dataclass(slots=True)
class Household:
    """A household as the file has it: its rows in order, the head's first."""

    number: int
    code: str | None
    rows: list[Row] = field(default_factory=list)

    @property
    def head(self) -> Row:
        return next((row for row in self.rows if row.is_head), self.rows[0])

    def first(self, attribute: str) -> object:
        """Return what the head's row says of the household, else the first row that says anything."""
        for row in (self.head, *self.rows):
            if (value := getattr(row, attribute)) is not None:
                return value
        return None


def ways_for(mapping: Mapping) -> list[Way]:
    """Return the ways that the columns allow, the surest first."""
    held = set(mapping.values())
    return [way for way in Way if held & NEEDS[way]]


def gather(rows: Sequence[Row], way: Way, *, fills_down: bool = True) -> list[Household]:
    """Put each row into a household and say so on the row; refuse rows that belong to none.

    With `fills_down` a row whose own cell is empty belongs to the household above it, as in lists that write the
    code beside the head only.
    """
    households: dict[object, Household] = {}
    villages: dict[str, str] = {}
    current: Household | None = None
    for row in rows:
        key = _key(row, way, villages)
        if key is None and current is not None and _continues(row, way, fills_down=fills_down):
            household = current
        elif key is None:
            row.refuse(_column(way), "no_household")
            continue
        else:
            code = row.household_code if way is Way.CODE else None
            household = households.setdefault(key, Household(len(households), code))
        household.rows.append(row)
        row.household = household.number
        current = household
    found = list(households.values())
    _name_heads(found)
    return found


def _continues(row: Row, way: Way, *, fills_down: bool) -> bool:
    return way is Way.HEAD_ROWS or (fills_down and not row.is_head)


def _column(way: Way) -> Field:
    return next(iter(sorted(NEEDS[way])))


def _key(row: Row, way: Way, villages: dict[str, str]) -> object:
    """What rows of one household have in common; None when the row does not say."""
    village = fold(row.village or "")
    if way is Way.CODE or way is Way.ORDER:
        code = row.household_code if way is Way.CODE else row.household_order
        if code is None:
            return None
        village = village or villages.get(code, "")
        villages[code] = village
        return village, code.casefold()
    if way is Way.HEAD_ROWS:
        return (row.number,) if row.is_head else None
    where = (village, fold(row.alley or ""), fold(row.house_number or ""), fold(row.address or ""))
    if way is Way.HEAD_NAME:
        return (fold(row.head_name), *where) if row.head_name else None
    return where if row.house_number or row.address else None


def _name_heads(households: Iterable[Household]) -> None:
    """One head each: named by the rows or by the column of the head's name; else the first row, with a remark."""
    for household in households:
        heads = [row for row in household.rows if row.is_head]
        for extra in heads[1:]:
            extra.refuse(Field.RELATIONSHIP, "second_head", row=heads[0].number)
        if heads:
            continue
        named = next((row.head_name for row in household.rows if row.head_name), None)
        match = next(
            (row for row in household.rows if named and row.full_name and fold(row.full_name) == fold(named)),
            None,
        )
        chosen = match or (None if named else household.rows[0])
        if chosen is not None:
            chosen.relationship = "head"
        if chosen is not None and match is None:
            chosen.remarks.append((Field.RELATIONSHIP, "first_row_as_head"))

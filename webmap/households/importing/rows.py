"""One line of a file -> one person with household, card and place; what cannot be read is named with its column."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, TypeVar

from webmap.households.importing import cleaning, coordinates, words
from webmap.households.importing.cells import Cell, Line, Spoiled
from webmap.households.importing.columns import Mapping
from webmap.households.importing.coordinates import Place
from webmap.households.importing.dates import Birth, clean_birth, clean_day
from webmap.households.importing.fields import Field
from webmap.households.importing.folding import fold
from webmap.households.importing.phones import clean_phone
from webmap.households.importing.results import Found, Trouble

T = TypeVar("T")

LEFT_OUT = frozenset({
    Field.PHONE, Field.NOTE, Field.ALLEY, Field.HOUSE_NUMBER, Field.ADDRESS, Field.REASON_GROUP,
    Field.LONGITUDE, Field.LATITUDE, Field.POSITION, Field.NORTH, Field.EAST,
})  # fmt: skip
"""When one of these cannot be read, the person still comes in without it. Any other refuses the row."""

OTHER_LINES = (
    "tong cong", "tong so", "cong", "tong", "nguoi lap", "ghi chu", "lap bieu", "ngay thang", "thu truong",
    "chu tich", "xac nhan", "total", "ke toan", "truong thon", "can bo", "noi nhan", "danh sach",
)  # fmt: skip
"""How lines begin that stand among or under the people without being one."""


GROUP_HEADINGS = ("thôn ", "bản ", "khóm ", "ấp ", "xóm ", "tổ ", "buôn ", "khu phố ", "khu dân cư ", "xã ", "phường ")
"""A line with nothing but a village's name heads a group. With their marks, for Tô and Bàn are families."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the file does not say and a person said on the page. `today` and `list_on` are days in Vietnam."""

    today: date
    list_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    category: str | None = None


@dataclass(slots=True)
class Problem:
    """A trouble in its place: which field of which row, and whether the row is refused for it."""

    field: Field
    trouble: Trouble

    @property
    def is_fatal(self) -> bool:
        return self.field not in LEFT_OUT


@dataclass(slots=True)
class Row:
    """One person as the file has her. None is 'the file does not say'."""

    number: int
    household_code: str | None = None
    household_order: str | None = None
    head_name: str | None = None
    relationship: str | None = None
    full_name: str | None = None
    sex: str | None = None
    birth: Birth | None = None
    citizen_id: str | None = None
    insurance_code: str | None = None
    card_number: str | None = None
    card_category: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    phone: str | None = None
    commune: str | None = None
    village: str | None = None
    alley: str | None = None
    house_number: str | None = None
    address: str | None = None
    place: Place | None = None
    place_field: Field = Field.POSITION
    residency: str | None = None
    reason_group: str | None = None
    note: str | None = None
    has_card: bool = False
    household: int = -1
    """Which household of the file, by its number in `grouping`; -1 before."""
    problems: list[Problem] = field(default_factory=list)
    remarks: list[tuple[Field, str]] = field(default_factory=list)

    @property
    def is_head(self) -> bool:
        return self.relationship == words.HEAD

    @property
    def is_refused(self) -> bool:
        return any(problem.is_fatal for problem in self.problems)

    def refuse(self, where: Field, code: str, **facts: str | int) -> None:
        """Add a trouble found by looking at several cells or rows together."""
        self.problems.append(Problem(where, Trouble(code, facts)))


SIMPLE: tuple[tuple[Field, str, Callable[[Cell], Any]], ...] = (
    (Field.HOUSEHOLD_CODE, "household_code", cleaning.clean_household_code),
    (Field.HOUSEHOLD_ORDER, "household_order", cleaning.clean_household_code),
    (Field.HEAD_NAME, "head_name", cleaning.clean_name),
    (Field.RELATIONSHIP, "relationship", words.clean_relationship),
    (Field.SEX, "sex", words.clean_sex),
    (Field.CITIZEN_ID, "citizen_id", cleaning.clean_citizen_id),
    (Field.INSURANCE_CODE, "insurance_code", cleaning.clean_insurance_code),
    (Field.CARD_NUMBER, "card_number", cleaning.clean_card_number),
    (Field.CARD_CATEGORY, "card_category", words.clean_category),
    (Field.PHONE, "phone", clean_phone),
    (Field.COMMUNE, "commune", partial(cleaning.clean_text, longest=100)),
    (Field.VILLAGE, "village", partial(cleaning.clean_text, longest=100)),
    (Field.ALLEY, "alley", partial(cleaning.clean_text, longest=100)),
    (Field.HOUSE_NUMBER, "house_number", partial(cleaning.clean_text, longest=40)),
    (Field.ADDRESS, "address", cleaning.clean_text),
    (Field.RESIDENCY, "residency", words.clean_residency),
    (Field.REASON_GROUP, "reason_group", words.clean_reason),
    (Field.NOTE, "note", cleaning.clean_text),
)


def read_row(line: Line, mapping: Mapping, options: Options) -> Row | None:
    """Return the person of a line, or None for a line that is no person (a total, a signature, a title)."""
    # a line may end before the last columns: those are empty, not absent
    cells = {what: line.cells[index] if index < len(line.cells) else None for index, what in mapping.items()}
    if is_other_line(cells):
        return None
    row = Row(line.number)
    for what, attribute, clean in SIMPLE:
        if what in cells:
            setattr(row, attribute, _take(row, what, clean(cells[what])))
    row.full_name = _full_name(row, cells)
    _read_birth_and_sex(row, cells, options)
    _read_validity(row, cells, options)
    row.place = _place(row, cells)
    _check_identity(row)
    _check_card(row, options)
    return row


def is_other_line(cells: dict[Field, Cell]) -> bool:
    """A line without a name and with hardly anything else, or one that begins like a total or a signature."""
    filled = [cell for cell in cells.values() if cell is not None]
    if any(isinstance(cell, Spoiled) for cell in filled):
        return False
    first = next((fold(str(cell)) for cell in filled if isinstance(cell, str) and not cell.strip().isdigit()), "")
    if any(first == start or first.startswith(f"{start} ") for start in OTHER_LINES):
        said = (cells[what] for what in cells if what in IDENTIFYING)  # the word itself may stand in such a column
        return not any(cell is not None and fold(str(cell)) != first for cell in said)
    if len(filled) == 1 and str(filled[0]).casefold().startswith(GROUP_HEADINGS):
        return True
    return cells.get(Field.FULL_NAME) is None and len(filled) < 3


IDENTIFYING = frozenset(
    {Field.CITIZEN_ID, Field.INSURANCE_CODE, Field.CARD_NUMBER, Field.SEX, Field.RELATIONSHIP, Field.VALID_TO}
)


def _take(row: Row, where: Field, result: Found[T] | Trouble | None) -> T | None:
    """Unpack a result; its trouble or remark is noted on the row."""
    if isinstance(result, Trouble):
        row.problems.append(Problem(where, result))
        return None
    if result is None:
        return None
    if result.remark:
        row.remarks.append((where, result.remark))
    return result.value


def _full_name(row: Row, cells: dict[Field, Cell]) -> str | None:
    name = _take(row, Field.FULL_NAME, cleaning.clean_name(cells.get(Field.FULL_NAME)))
    if name is None:
        if not any(problem.field is Field.FULL_NAME for problem in row.problems):
            row.refuse(Field.FULL_NAME, "name_missing")
        return None
    if Field.SURNAME in cells and (surname := _take(row, Field.SURNAME, cleaning.clean_name(cells[Field.SURNAME]))):
        return f"{surname} {name}"
    return name


def _read_birth_and_sex(row: Row, cells: dict[Field, Cell], options: Options) -> None:
    row.birth = _take(row, Field.BIRTH, clean_birth(cells.get(Field.BIRTH), options.today))
    for where, sex in ((Field.MALE, "male"), (Field.FEMALE, "female")):
        cell = cells.get(where)
        if cell is None:
            continue
        marked = words.is_yes(cell)
        if isinstance(marked, Trouble):  # no mark: then it is the year of birth
            birth = _take(row, where, clean_birth(cell, options.today))
            row.birth = row.birth or birth
            marked = birth is not None
        if marked and row.sex not in {None, sex}:
            row.refuse(where, "both_sexes")
        row.sex = sex if marked else row.sex
    if Field.FEMALE in cells and Field.MALE not in cells and row.sex is None:
        row.sex = "male"  # forms with the one column 'Nữ (x)': an empty cell is a man


def _read_validity(row: Row, cells: dict[Field, Cell], options: Options) -> None:
    row.valid_from = _take(row, Field.VALID_FROM, clean_day(cells.get(Field.VALID_FROM), options.today))
    row.valid_to = _take(row, Field.VALID_TO, clean_day(cells.get(Field.VALID_TO), options.today))


def _place(row: Row, cells: dict[Field, Cell]) -> Place | None:
    row.place_field = next((one for one in (Field.LONGITUDE, Field.NORTH) if one in cells), Field.POSITION)
    if Field.LONGITUDE in cells:
        result = coordinates.clean_degrees(cells[Field.LONGITUDE], cells.get(Field.LATITUDE))
        place = _take(row, Field.LONGITUDE, result)
    elif Field.NORTH in cells:
        place = _take(row, Field.NORTH, coordinates.clean_metres(cells[Field.NORTH], cells.get(Field.EAST)))
    else:
        place = _take(row, Field.POSITION, coordinates.clean_pair(cells.get(Field.POSITION)))
    return place


def _check_identity(row: Row) -> None:
    """Compare what two cells say of one person."""
    stated = cleaning.born_of_citizen_id(row.citizen_id) if row.citizen_id else None
    if stated and row.citizen_id:
        year, sex = stated
        if row.birth is None:
            row.birth = Birth(year)
            row.remarks.append((Field.BIRTH, "birth_from_citizen_id"))
        elif row.birth.year != year:
            row.refuse(Field.CITIZEN_ID, "citizen_id_birth", text=row.citizen_id, says=year, birth=row.birth.year)
        if row.sex is not None and row.sex != sex:
            row.refuse(Field.CITIZEN_ID, "citizen_id_sex", text=row.citizen_id)
        row.sex = row.sex or sex
    if row.card_number:
        code = cleaning.code_of_card(row.card_number)
        if row.insurance_code not in {None, code}:
            row.refuse(Field.CARD_NUMBER, "card_code_differs", text=row.card_number, number=str(row.insurance_code))
        row.insurance_code = row.insurance_code or code


def _check_card(row: Row, options: Options) -> None:
    """A card needs a category and the day from which it holds."""
    troubled = {problem.field for problem in row.problems}
    row.has_card = bool(row.card_number or row.valid_from or row.valid_to)
    if not row.has_card or troubled & {Field.VALID_FROM, Field.VALID_TO, Field.CARD_NUMBER}:
        return
    printed = cleaning.category_of_card(row.card_number) if row.card_number else None
    if printed and row.card_category not in {None, printed}:
        row.refuse(Field.CARD_CATEGORY, "card_category_differs", printed=printed, given=str(row.card_category))
    row.card_category = row.card_category or printed or options.category
    if row.card_category is None and Field.CARD_CATEGORY not in troubled:
        row.refuse(Field.CARD_CATEGORY, "no_category")
    _check_days(row, options)


def _check_days(row: Row, options: Options) -> None:
    row.valid_from = row.valid_from or (None if row.valid_to else options.valid_from)
    row.valid_to = row.valid_to or options.valid_to
    if row.valid_from is None and row.valid_to is None:
        row.refuse(Field.VALID_TO, "card_without_days")
    elif row.valid_from is None and row.valid_to is not None:
        row.valid_from = min(options.valid_from or options.list_on, row.valid_to)
        row.remarks.append((Field.VALID_FROM, "valid_from_list_day"))
    elif row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        row.refuse(
            Field.VALID_TO,
            "ends_before_it_begins",
            first=f"{row.valid_from:%d/%m/%Y}",
            last=f"{row.valid_to:%d/%m/%Y}",
        )

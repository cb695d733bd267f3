"""An invented register and a roll of it with known truth: slips, missing marks, swapped days, twins, one name of many.

Everything comes from a seeded generator; nobody in it exists. Names are drawn as often as they occur in Vietnam:
many people share one.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webmap.ids import uuid7

SURNAMES = ["Nguyễn"] * 38 + ["Trần"] * 11 + ["Lê"] * 10 + ["Phạm"] * 7 + ["Hoàng"] * 5 + ["Phan"] * 5 + [
    "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Đoàn", "Lâm", "Mai", "Trịnh", "Đào", "Cao",
]  # fmt: skip
MIDDLE = {
    "male": ["Văn"] * 10
    + ["Hữu", "Đức", "Quang", "Minh", "Công", "Xuân", "Quốc", "Anh", "Thành", "Ngọc", "Đình", "Trọng"],
    "female": ["Thị"] * 14 + ["Ngọc", "Thu", "Thanh", "Kim", "Mỹ", "Hồng", "Phương", "Minh", "Bích", "Diệu"],
}
GIVEN = {
    "male": [
        "Anh", "Bình", "Cường", "Dũng", "Dương", "Đạt", "Đức", "Giang", "Hải", "Hiếu", "Hoà", "Hoàng", "Hùng",
        "Huy", "Hưng", "Khải", "Khánh", "Khoa", "Kiên", "Lâm", "Linh", "Long", "Lộc", "Lực", "Mạnh", "Minh", "Nam",
        "Nghĩa", "Nhân", "Phong", "Phú", "Phúc", "Phương", "Quân", "Quang", "Quý", "Sang", "Sơn", "Tài", "Tâm",
        "Tân", "Thái", "Thành", "Thắng", "Thiện", "Thịnh", "Thọ", "Thông", "Tiến", "Toàn", "Trí", "Trung", "Tú",
        "Tuấn", "Tùng", "Vinh", "Vũ",
    ],
    "female": [
        "An", "Anh", "Bích", "Chi", "Diễm", "Dung", "Duyên", "Giang", "Hà", "Hằng", "Hạnh", "Hiền", "Hoa", "Hoà",
        "Hồng", "Huệ", "Hương", "Hường", "Huyền", "Lan", "Lệ", "Liên", "Linh", "Loan", "Lụa", "Ly", "Mai", "My",
        "Nga", "Ngân", "Ngọc", "Nguyệt", "Nhàn", "Nhi", "Nhung", "Oanh", "Phượng", "Phương", "Quyên", "Quỳnh",
        "Sen", "Tâm", "Thảo", "Thắm", "Thanh", "Thoa", "Thu", "Thuý", "Thuỷ", "Thương", "Trang", "Trinh", "Tuyết",
        "Vân", "Xuân", "Yến",
    ],
}  # fmt: skip
HEADINGS = ("Mã số BHXH", "Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "Mã đối tượng", "Đến ngày")
LETTERS = "abcdeghiklmnopqrstuvxy"


@dataclass(frozen=True, slots=True)
class Someone:
    """One person of the register."""

    id: UUID
    village: int
    name: str
    sex: str
    birth: date
    knows_only_year: bool
    code: str


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a row of the roll differs from the register, each by itself."""

    slip: float = 0.03
    no_marks: float = 0.05
    swapped: float = 0.01
    year_only: float = 0.05
    wrong_day: float = 0.005
    moved: float = 0.02
    no_sex: float = 0.03
    no_village: float = 0.02
    stranger: float = 0.03
    coded: float = 0.0


def people(seed: int, many: int, villages: int) -> Iterator[Someone]:
    """The people of a register: one in a hundred has a twin of a like name, one in ten is known by the year alone."""
    chance = random.Random(seed)  # noqa: S311 - invented people, no secret
    made = 0
    while made < many:
        one = _someone(chance, chance.randrange(villages), made)
        yield one
        made += 1
        if chance.random() < 0.01 and made < many:
            given = chance.choice(GIVEN[one.sex])
            name = f"{one.name.rsplit(' ', 1)[0]} {given}"
            yield Someone(uuid7(), one.village, name, one.sex, one.birth, one.knows_only_year, f"{made:010d}")
            made += 1


def _someone(chance: random.Random, village: int, number: int) -> Someone:
    sex = chance.choice(("male", "female"))
    name = f"{chance.choice(SURNAMES)} {chance.choice(MIDDLE[sex])} {chance.choice(GIVEN[sex])}"
    birth = date(1936, 1, 1) + timedelta(days=int(chance.triangular(0, 32_500, 20_000)))
    return Someone(uuid7(), village, name, sex, birth, chance.random() < 0.1, f"{number:010d}")


def fill(session: Session, register: list[Someone], village_ids: list[int]) -> None:
    """Write the register: households of four."""
    connection = session.connection().connection.driver_connection
    assert connection is not None
    by_village: dict[int, list[Someone]] = {}
    for one in register:
        by_village.setdefault(one.village, []).append(one)
    doors: dict[UUID, UUID] = {}
    session.execute(text("create temporary table new_door (id uuid, area_id int, code text, head_name text)"))
    columns = "id, household_id, area_id, full_name, sex, birth_on, birth_year, insurance_code"
    session.execute(text(f"create temporary table new_person as select {columns} from person limit 0"))
    with connection.cursor() as cursor:
        with cursor.copy("copy new_door from stdin") as copy:
            for village, those in by_village.items():
                for start in range(0, len(those), 4):
                    door = uuid7()
                    doors.update({one.id: door for one in those[start : start + 4]})
                    copy.write_row((door, village_ids[village], f"G-{village}-{start}", those[start].name))
        with cursor.copy(f"copy new_person ({columns}) from stdin") as copy:
            for one in register:
                born = None if one.knows_only_year else one.birth
                known = (one.name, one.sex, born, one.birth.year, one.code or None)
                copy.write_row((one.id, doors[one.id], village_ids[one.village], *known))
    session.execute(text("insert into household (id, area_id, code, head_name) select * from new_door"))
    session.execute(text(f"insert into person ({columns}) select * from new_person"))
    session.execute(text("drop table new_door, new_person"))
    session.execute(text("analyze person"))
    session.execute(text("analyze household"))


def roll_rows(
    seed: int, register: list[Someone], names: list[str], rates: Rates
) -> Iterator[tuple[list[str], UUID | None]]:
    """The rows of a roll with whom each truly is; None for somebody the register does not have."""
    chance = random.Random(seed + 1)  # noqa: S311 - invented people, no secret
    for one in register:
        if chance.random() < 0.15:
            continue  # has no card
        yield _row(chance, one, names, rates), one.id
        if chance.random() < rates.stranger:
            yield _row(chance, _someone(chance, one.village, 0), names, rates, is_known=False), None


def _row(chance: random.Random, one: Someone, names: list[str], rates: Rates, *, is_known: bool = True) -> list[str]:
    def happens(rate: float) -> bool:
        return chance.random() < rate

    name, birth = one.name, f"{one.birth:%d/%m/%Y}"
    if happens(rates.slip):
        name = _with_slip(chance, name)
    if happens(rates.no_marks):
        name = without_marks(name)
    if happens(rates.year_only):
        birth = str(one.birth.year)
    elif one.birth.day <= 12 and happens(rates.swapped):
        birth = f"{one.birth:%m/%d/%Y}"
    elif happens(rates.wrong_day):
        birth = f"{one.birth.replace(day=chance.randint(1, 28)):%d/%m/%Y}"
    village = chance.randrange(len(names)) if happens(rates.moved) else one.village
    code = one.code if is_known and happens(rates.coded) else ""
    sex = "" if happens(rates.no_sex) else {"male": "Nam", "female": "Nữ"}[one.sex]
    return [code, name, birth, sex, "" if happens(rates.no_village) else names[village], "GD", "31/12/2026"]


def _with_slip(chance: random.Random, name: str) -> str:
    """One letter left out, doubled, changed, or swapped with its neighbour."""
    place = chance.choice([at for at, sign in enumerate(name) if sign.islower()])
    kind, sign = chance.randrange(4), name[place]
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[:place] + sign + name[place:]
    if kind == 2 or place + 1 == len(name) or name[place + 1] == " ":
        return name[:place] + chance.choice(LETTERS) + name[place + 1 :]
    return name[:place] + name[place + 1] + sign + name[place + 2 :]


def without_marks(name: str) -> str:
    """'Nguyễn Thị Hoà' as 'Nguyen Thi Hoa'."""
    bare = normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(sign for sign in bare if not "\u0300" <= sign <= "\u036f")


def write_roll(path: Path, rows: Iterator[tuple[list[str], UUID | None]]) -> dict[int, UUID | None]:
    """Write the roll as a csv; returns who each row, by its number, truly is."""
    truth: dict[int, UUID | None] = {}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS)
        for number, (cells, truly) in enumerate(rows, start=2):
            writer.writerow(cells)
            truth[number] = truly
    return truth


@dataclass(frozen=True, slots=True)
class Quality:
    """How good automatic matches are."""

    precision: float
    recall: float
    doubtful: float


def quality(session: Session, roll_id: UUID, truth: dict[int, UUID | None]) -> Quality:
    """Compare the rows of a checked roll with the truth."""
    found = session.execute(
        text("select row_number, person_id, verdict from roll_row where import_id = :id"), {"id": roll_id}
    )
    right = wrong = doubtful = 0
    for number, person_id, verdict in found:
        doubtful += verdict == "doubtful"
        if person_id is not None:
            right += truth[number] == person_id
            wrong += truth[number] != person_id
    findable = sum(one is not None for one in truth.values())
    return Quality(right / max(right + wrong, 1), right / max(findable, 1), doubtful / len(truth))

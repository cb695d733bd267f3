"""The buckets of the ledger, and the lines of its sheet: each line is a choice of cells, and opens the same people.

The buckets are told apart by `ledger_rows` (migrations/views/0024_ledger.sql), which puts everybody in exactly one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from webmap.households.rules import ReasonGroup

USUAL_DAYS = 14


class Bucket(StrEnum):
    """What became of one person between two days."""

    BORN = "born"  # mới sinh
    ARRIVED = "arrived"  # chuyển đến, mới ghi vào sổ
    DECEASED = "deceased"  # đã mất
    MOVED_OUT = "moved_out"  # chuyển đi
    REMOVED = "removed"  # xóa khỏi sổ: trùng hoặc ghi nhầm
    COVERED = "covered"  # có thẻ cả hai ngày
    NEWLY_COVERED = "newly_covered"  # mới có thẻ
    CONFIRMED = "confirmed"  # đã báo tham gia, nay có thẻ
    REPORTED = "reported"  # báo đã tham gia, danh sách chưa có
    REPORTED_LATE = "reported_late"  # báo đã lâu mà danh sách vẫn chưa có
    EXPIRED = "expired"  # thẻ hết hạn
    LOST_SUBSIDY = "lost_subsidy"  # thôi được hỗ trợ
    AWAY = "away"  # đi làm xa, chưa có thẻ
    UNCOVERED = "uncovered"  # chưa có thẻ


class Task(StrEnum):
    """What is to be done next for one person, the most pressing first."""

    PLEDGE_OVERDUE = "pledge_overdue"  # cam kết quá hạn
    REPORTED_LATE = "reported_late"  # báo đã lâu, hỏi lại cơ quan BHXH
    COLLECT = "collect"  # thu tiền theo cam kết
    SPONSOR = "sponsor"  # xin nhà hảo tâm
    REVISIT = "revisit"  # hẹn lại
    RENEW = "renew"  # gia hạn thẻ sắp hết
    NO_STEP = "no_step"  # chưa có thẻ, chưa có việc


RADAR_DAYS = (7, 30, 60)  # before the end of a card, at which people are told
CAME = (Bucket.BORN, Bucket.ARRIVED)
LEFT = (Bucket.DECEASED, Bucket.MOVED_OUT, Bucket.REMOVED)
STAYED = tuple(one for one in Bucket if one not in CAME + LEFT)
REASONS = tuple(one.value for one in ReasonGroup)


@dataclass(frozen=True, slots=True)
class Cell:
    """So many people of one area of whom the same is true. `area_id`: the part of the sheet they are shown in."""

    area_id: int
    bucket: str
    reason_group: str | None
    was_covered: bool
    is_covered: bool
    is_listed: bool | None
    people: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet: of which cells it is the sum. None: it does not matter.

    `sign`: how it enters the sum it stands in; 0 where it stands beside.
    """

    code: str
    buckets: tuple[str, ...]
    reason: str | None = None
    was_covered: bool | None = None
    is_covered: bool | None = None
    is_listed: bool | None = None
    sign: str = ""

    def holds(self, cell: Cell) -> bool:
        """Whether the people of a cell are on this line."""
        return (
            cell.bucket in self.buckets
            and self.reason in (None, cell.reason_group)
            and self.was_covered in (None, cell.was_covered)
            and self.is_covered in (None, cell.is_covered)
            and self.is_listed in (None, cell.is_listed)
        )


def one(bucket: Bucket, sign: str = "") -> Line:
    """The line of one bucket."""
    return Line(bucket.value, (bucket.value,), sign=sign)


# The register: opening + born + arrived - deceased - moved out - removed = closing.
REGISTER = (
    Line("opening", STAYED + LEFT),
    *(one(bucket, "+") for bucket in CAME),
    *(one(bucket, "-") for bucket in LEFT),
    Line("closing", STAYED + CAME, sign="="),
)
# Those with a card: had one + newly + confirmed + came with one - lost - left with one = have one.
CARDS = (
    Line("opening_covered", STAYED + LEFT, was_covered=True),
    one(Bucket.NEWLY_COVERED, "+"),
    one(Bucket.CONFIRMED, "+"),
    Line("came_covered", CAME, is_covered=True, sign="+"),
    Line("lost_cover", STAYED, was_covered=True, is_covered=False, sign="-"),
    Line("left_covered", LEFT, was_covered=True, sign="-"),
    Line("closing_covered", STAYED + CAME, is_covered=True, sign="="),
)
# Everybody on the register on both days, in one bucket each.
STAYING = (
    *(one(bucket) for bucket in STAYED if bucket is not Bucket.UNCOVERED),
    *(Line(f"uncovered-{reason}", (Bucket.UNCOVERED,), reason=reason) for reason in REASONS),
    Line("stayed", STAYED, sign="="),
)
# Beside the sums: what register and roll say differently.
BESIDE = (Line("not_on_roll", STAYED + CAME, is_covered=True, is_listed=False),)
EVERYBODY = Line("everybody", tuple(Bucket))
LINES = {line.code: line for line in (*REGISTER, *CARDS, *STAYING, *BESIDE, EVERYBODY)}
# On the roll, but not (or twice) in the register: rows of the roll, not people.
ROLL_LINES = ("stranger", "twice")


def total(cells: Iterable[Cell], line: Line) -> int:
    """How many people a line holds."""
    return sum(cell.people for cell in cells if line.holds(cell))


def usual_period(roll_days: list[date], today: date) -> tuple[date, date]:
    """From which day to which the ledger is asked unless told: between the last two rolls, else two weeks to today.

    `roll_days`: the days on which rolls were applied, the newest first.
    """
    days = sorted({day for day in roll_days if day <= today}, reverse=True)[:2]
    return (days[1], days[0]) if len(days) == 2 else (today - timedelta(days=USUAL_DAYS), today)

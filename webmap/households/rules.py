"""Words of households and persons as enums: the values that the tables hold."""

from dataclasses import dataclass
from enum import StrEnum


class Residency(StrEnum):
    """Where a registered person is. Only LIVING and AWAY are on the register."""

    LIVING = "living"  # đang ở tại địa bàn
    AWAY = "away"  # đi làm, đi học xa
    MOVED_OUT = "moved_out"  # đã chuyển đi
    DECEASED = "deceased"  # đã mất


ON_REGISTER = (Residency.LIVING, Residency.AWAY)


class ReasonGroup(StrEnum):
    """Why an uncovered person has no card."""

    EXPIRED = "expired"  # thẻ hết hạn, chưa gia hạn
    LOST_SUBSIDY = "lost_subsidy"  # vừa thôi được hỗ trợ (như theo Quyết định 861/QĐ-TTg)
    HARDSHIP = "hardship"  # khó khăn nhưng không thuộc diện nghèo
    NOT_INTERESTED = "not_interested"  # chưa muốn tham gia
    COMMERCIAL = "commercial"  # đã có bảo hiểm thương mại
    STUDENT = "student"  # học sinh, sinh viên
    UNDER_SIX = "under_six"  # trẻ dưới 6 tuổi chưa có thẻ
    AWAY = "away"  # đi làm ăn xa
    ABROAD = "abroad"  # chuẩn bị đi nước ngoài
    OTHER = "other"  # lý do khác
    UNKNOWN = "unknown"  # chưa rõ


class PlaceSource(StrEnum):
    """How the place of a house is known. A house without one is unplaced."""

    SURVEYED = "surveyed"  # đo tại cửa
    BY_HAND = "by_hand"  # đặt tay trên bản đồ
    BUILDING = "building"  # khớp với nhà hoặc địa chỉ
    IMPORT = "import"  # theo tệp nhập


class DoorMark(StrEnum):
    """What happened at the door last; beside the status, never mixed into it."""

    NOT_VISITED = "not_visited"  # chưa đến
    NOT_HOME = "not_home"  # vắng nhà
    REFUSED = "refused"  # từ chối
    REVISIT = "revisit"  # hẹn lại
    DONE = "done"  # đã xong
    NOT_FOUND = "not_found"  # không tìm thấy nhà


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Ages in whole years on a day, both ends included. `last` None: and older."""

    code: str
    first: int
    last: int | None


# The groups that reports ask for. Under 6: insured by the state (Law on Health Insurance). 6-17: pupils. 18-22: the
# usual years of study. 60: elderly by the Law on the Elderly (39/2009/QH12); 60-79 come first at many donors, 80 and
# over are insured by the state. Between them: working age.
AGE_GROUPS = (
    AgeGroup("under_six", 0, 5),
    AgeGroup("pupil", 6, 17),
    AgeGroup("student", 18, 22),
    AgeGroup("working", 23, 59),
    AgeGroup("elderly", 60, 79),
    AgeGroup("eldest", 80, None),
)

"""Words of households and persons as enums: the values that the tables hold."""

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

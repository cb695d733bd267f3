"""Vietnamese names: family names as common as they are, middle and given names by sex and time of birth.

Shares of family names follow Lê Trung Hoa, *Họ và tên người Việt Nam* (2005), rounded. Middle and given names
are a plain list of ordinary ones. Any likeness to a person is chance: the parts are drawn independently.
"""

import numpy as np
from numpy.typing import NDArray

from webmap.demo.families import (
    CHILD,
    CHILD_IN_LAW,
    DIED,
    FATHER,
    GRANDCHILD,
    HEAD,
    LEFT,
    SEATS,
    SEATS_EVER,
    SPOUSE,
    Families,
)

Words = NDArray[np.str_]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FAMILY_SHARES = {
    "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.1, "Hoàng": 5.1, "Phan": 4.5, "Võ": 3.9, "Đặng": 2.1, "Bùi": 2.0,
    "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0, "Trương": 1.0, "Đinh": 0.9, "Đoàn": 0.8, "Mai": 0.7, "Cao": 0.7,
    "Hà": 0.6, "Lưu": 0.6, "Trịnh": 0.6, "Đào": 0.5, "Lương": 0.5, "Thái": 0.4, "Tạ": 0.3, "Phùng": 0.3, "Lâm": 0.3,
    "Nghiêm": 0.1, "Quách": 0.1, "Ông": 0.05,
}  # fmt: skip

# Before 1965, 1965-1989, 1990-2004, since 2005: the first names of each list are the commonest.
BORN_FROM = np.array([1965, 1990, 2005])
MIDDLES = {
    "male": (
        """
        Văn Văn Văn Văn Đình Hữu Xuân Viết Bá Công Quang Trọng Sỹ
        """,
        """
        Văn Văn Văn Hữu Đình Xuân Quang Đức Công Ngọc Thanh Minh Trọng Tiến Viết
        """,
        """
        Văn Văn Đức Quang Minh Hữu Ngọc Anh Thanh Tuấn Quốc Công Hoàng Xuân Tiến
        """,
        """
        Minh Gia Đức Quang Anh Bảo Hoàng Nhật Tuấn Quốc Khánh Hữu Ngọc Đăng Duy Thành Văn
        """,
    ),
    "female": (
        """
        Thị Thị Thị Thị Thị Thị Thị Thị Thị
        """,
        """
        Thị Thị Thị Thị Thị Thị Thanh Ngọc Thu Kim Hồng
        """,
        """
        Thị Thị Thị Thị Thị Thanh Thu Ngọc Thùy Hồng Phương Hoài Mỹ Kiều
        """,
        """
        Thị Thị Ngọc Bảo Khánh Thanh Phương Minh Quỳnh Thùy Hà Hoài Gia An Tường Anh Diệu
        """,
    ),
}
GIVENS = {
    "male": (
        """
        Thành Bình Minh Lương Sơn Hòa Tâm Dũng Lợi Thuận Đức Khánh Quý Phúc Chiến Thắng Hùng Mậu Ngọ Tý Thân
        Luyến Diện Nghĩa Hiền Ái Chương Cư Đàm Điền Hiệp Khiêm Lân Nhơn Thụ Tường Xuyến
        """,
        """
        Hùng Dũng Tuấn Thành Sơn Hải Long Cường Thắng Minh Hòa Bình Nam Hưng Chiến Tiến Trung Lợi Đức Vinh Toàn
        Quang Phương Khánh Tâm Hiếu Thái Lâm Quyết Sỹ Hoài Phong Luân Duẩn Tình
        """,
        """
        Tuấn Anh Hiếu Nam Hoàng Đạt Dũng Long Trung Thắng Hải Linh Quân Cường Đức Sơn Huy Tú Việt Tùng Nhật
        Thành Phong Hưng Lộc Tài Khánh Thịnh Vương Hậu Quyền Tiến Duy
        """,
        """
        Anh Minh Khang Khôi Bảo Huy Phúc Quân Nam Đạt Phát Thiên Hưng Khoa Long Nhật Kiệt Phong Duy An Tùng Lâm
        Vinh Sơn Trí Nguyên Đăng Khánh Hoàng Thịnh Tuấn Bách
        """,
    ),
    "female": (
        """
        Lan Hoa Liên Hồng Thanh Hiền Nga Mai Xuân Thu Bình Tâm Lợi Chút Em Con Thỉ Lới Diện Sen Hường Đào Mận
        Cúc Huệ Bưởi Tý Thìn Nậy Lài Dung Phượng Chanh Ái Khương Luyến Nghĩa
        """,
        """
        Hương Lan Hoa Thủy Hằng Hà Nga Hồng Loan Hiền Thanh Liên Mai Nhung Thúy Hạnh Tuyết Phượng Yến Lý Oanh
        Dung Hường Huệ Minh Vân Thơm Thương Hòa Xuân Lành Duyên Sương Tình
        """,
        """
        Linh Trang Hương Huyền Thảo Phương Hà Ngọc Hằng Thu Nhung Yến My Anh Hiền Nga Thủy Lan Vân Oanh Ly Hoài
        Quỳnh Trinh Mai Nhi Thương Diệu Tâm Sương Giang Duyên
        """,
        """
        Anh Linh Nhi Ngọc Vy Ngân Trâm My Châu Hân Thư Chi An Ngân Trang Thảo Hà Quỳnh Mai Như Yến Phương Nguyên
        Khuê Diệp Tiên Uyên Vân Trúc Giang Băng Khánh
        """,
    ),
}


def village_families(dice: np.random.Generator) -> NDArray[np.float64]:
    """How common each family name is in one village: a few old clans stand out, Nguyễn nearly everywhere."""
    shares = np.array(list(FAMILY_SHARES.values())) * dice.gamma(0.9, 1.1, len(FAMILY_SHARES))
    return np.asarray(shares / shares.sum())


def of_families(made: Families, village: Ints, dice: np.random.Generator) -> Words:
    """Give each person a family name: a wife keeps her own, children have their father's."""
    drawn = np.empty((len(village), SEATS_EVER), dtype="<U8")
    words = np.array(list(FAMILY_SHARES))
    for number in np.unique(village):
        its = np.flatnonzero(village == number)
        drawn[its] = words[dice.choice(len(words), (len(its), SEATS_EVER), p=village_families(dice))]
    is_male = np.zeros(drawn.shape, dtype=bool)
    is_here = np.zeros(drawn.shape, dtype=bool)
    is_male[made.household, made.seat] = made.is_male
    is_here[made.household, made.seat] = True
    by_father = is_male[:, HEAD] | ~is_here[:, SPOUSE]
    of_children = np.where(by_father, drawn[:, HEAD], drawn[:, SPOUSE])
    drawn[:, FATHER] = drawn[:, HEAD]
    drawn[:, CHILD:CHILD_IN_LAW] = of_children[:, None]
    drawn[:, LEFT] = of_children
    drawn[:, DIED] = np.where(is_male[:, DIED], drawn[:, HEAD], drawn[:, DIED])
    by_son = is_male[:, CHILD] | ~is_here[:, CHILD_IN_LAW]
    of_grandchildren = np.where(by_son, of_children, drawn[:, CHILD_IN_LAW])
    drawn[:, GRANDCHILD:SEATS] = of_grandchildren[:, None]
    return np.asarray(drawn[made.household, made.seat])


def personal_names(is_male: Bools, birth_year: Ints, dice: np.random.Generator) -> Words:
    """Draw 'middle given' for each person by sex and time of birth. Some people have no middle name."""
    cohort = np.searchsorted(BORN_FROM, birth_year, side="right")
    names = np.empty(len(is_male), dtype="<U24")
    for sex, its in (("male", is_male), ("female", ~is_male)):
        for number in range(len(BORN_FROM) + 1):
            here = np.flatnonzero(its & (cohort == number))
            middles = np.array(MIDDLES[sex][number].split())
            middle = middles[dice.integers(0, len(middles), len(here))]
            given = _commonest_first(GIVENS[sex][number].split(), len(here), dice)
            names[here] = np.where(middle == given, given, np.char.add(np.char.add(middle, " "), given))
    return names


def _commonest_first(words: list[str], count: int, dice: np.random.Generator) -> Words:
    """Draw words so that those at the start of the list come more often than those at its end."""
    weights = 1 / (np.arange(len(words)) + 8.0)
    return np.array(words)[dice.choice(len(words), count, p=weights / weights.sum())]

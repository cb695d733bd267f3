"""Invented names of places, made of syllables that Vietnamese places like. A whole name is real only by chance."""

import numpy as np

FIRST = """
    An Bình Cẩm Diên Đại Đông Đức Gia Hải Hòa Hồng Hưng Khánh Kim Lộc Long Mai Minh Mỹ Nam Ngọc Nghĩa Phong Phú
    Phước Quang Quế Sơn Tân Tây Thanh Thái Thạch Thọ Thuận Thượng Tiên Trung Trường Tú Vạn Vân Vĩnh Xuân Yên
"""
SECOND = """
    An Bắc Bình Cát Châu Điền Định Đoài Đông Hạ Hà Hải Hiệp Hòa Hội Hưng Khê Khương Lạc Lâm Lễ Liên Lộc Lợi
    Lương Lý Mỹ Nam Ninh Phong Phú Quý Sen Tây Thành Thắng Thịnh Thọ Thôn Thủy Thượng Tiến Trạch Trung Tường
    Viên Xá
"""
RIVERS = """
    Bàu Cái Con Hói Lấp Mới Ngang Sen
"""


def names(count: int, dice: np.random.Generator) -> list[str]:
    """Make that many different two-syllable names, or number them when the syllables run out."""
    pairs = [f"{first} {second}" for first in FIRST.split() for second in SECOND.split() if first != second]
    order = dice.permutation(len(pairs))
    return [pairs[order[n % len(pairs)]] + ("" if n < len(pairs) else f" {n // len(pairs) + 1}") for n in range(count)]


def river(number: int) -> str:
    """The name of a world's n-th river."""
    rivers = RIVERS.split()
    return f"Sông {rivers[number % len(rivers)]}"

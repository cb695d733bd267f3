"""The files a commune starts with, made here: boundaries, a street map, a list of people."""

import json
from io import BytesIO
from typing import Any

from openpyxl import Workbook

WEST, SOUTH, STEP = 106.610, 17.260, 0.002
HEADINGS = ("Mã hộ", "Chủ hộ", "Họ và tên", "Giới tính", "Năm sinh", "Thôn", "Ngõ", "Số nhà", "Kinh độ", "Vĩ độ",
            "Số thẻ BHYT", "Đối tượng", "Từ ngày", "Đến ngày")  # fmt: skip
HOUSES = 12
GIVEN_NAMES = ("Thu", "Hà", "Lan", "Mai", "Cúc", "Hồng", "Liên", "Huệ", "Sen", "Tâm", "Hoa", "Yến")


def province() -> str:
    return _areas([("44", "Quảng Bình", (106.55, 17.20, 106.75, 17.35))])


def communes() -> str:
    return _areas([
        ("19207", "Tân Ninh", (106.60, 17.25, 106.64, 17.30)),
        ("19210", "Hàm Ninh", (106.64, 17.25, 106.70, 17.30)),
    ])  # fmt: skip


def villages() -> str:
    return _areas([
        ("1920701", "Hữu Tân", (106.60, 17.25, 106.622, 17.30)),
        ("1920702", "Quảng Xá", (106.622, 17.25, 106.64, 17.30)),
    ])  # fmt: skip


def _areas(given: list[tuple[str, str, tuple[float, float, float, float]]]) -> str:
    features = []
    for code, name, (west, south, east, north) in given:
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"code": code, "name": name}, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features})


def street_map() -> str:
    """A road from west to east and three dead-end alleys that leave it northwards, as OpenStreetMap writes it."""
    nodes, ways = [], []

    def node(number: int, x: float, y: float) -> None:
        nodes.append(f'<node id="{number}" lat="{SOUTH + y * STEP:.7f}" lon="{WEST + x * STEP:.7f}" version="1"/>')

    for x in range(5):
        node(x + 1, x, 0)
    for x in (1, 2, 3):
        node(10 + x, x, 1.5)
        ways.append(_way(100 + x, (x + 1, 10 + x), f"Ngõ {x}", "service"))
    ways.append(_way(200, (1, 2, 3, 4, 5), "Đường Hữu Tân", "tertiary"))
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(nodes + ways)}</osm>'


def _way(number: int, nodes: tuple[int, ...], name: str, kind: str) -> str:
    refs = "".join(f'<nd ref="{one}"/>' for one in nodes)
    return f'<way id="{number}" version="1">{refs}<tag k="highway" v="{kind}"/><tag k="name" v="{name}"/></way>'


def people() -> bytes:
    """Twelve households along the alleys: the even ones covered, the odd ones not; the last stands nowhere yet.

    One more row has a day of birth after the end of the list, and must be refused alone.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["DANH SÁCH NHÂN KHẨU THÔN HỮU TÂN"])
    sheet.append(list(HEADINGS))
    for number in range(1, HOUSES + 1):
        for row in _household(number):
            sheet.append(row)
    sheet.append([f"HT-{HOUSES + 1:02}", "Lê Văn Sai", "Lê Văn Sai", "Nam", 2999, "Hữu Tân"])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _household(number: int) -> list[list[Any]]:
    alley = (number - 1) % 3 + 1
    y = 0.3 + 0.3 * ((number - 1) // 3)
    side = 0.05 if number % 2 else -0.05
    place = ["", ""] if number == HOUSES else [round(WEST + (alley + side) * STEP, 6), round(SOUTH + y * STEP, 6)]
    code, head = f"HT-{number:02}", f"Nguyễn Thị Đào {GIVEN_NAMES[number - 1]}"
    common = ["Hữu Tân", f"Ngõ {alley}", str(number), *place]
    return [
        [code, head, head, "Nữ", 1970 + number, *common, *_card(number)],
        [code, head, f"Trần Văn Bình {number}", "Nam", 1995, *common, *_card(number, 100)],
    ]


def _card(number: int, member: int = 0) -> list[str]:
    return ["", "", "", ""] if number % 2 else [f"GD44420{number + member:08}", "GD", "01/01/2026", "31/12/2027"]

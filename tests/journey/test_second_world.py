"""A second world from real files: a quarter of Hà Nội, and the communes of An Giang beside it.

The list of households names real addresses and no coordinates: houses stand where the map knows their number.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from tests.journey.browser import Person
from tests.journey.steps import (
    area_id,
    doors_on_the_map,
    first_administrator,
    list_imported,
    people_let_in,
    routes_of,
    routes_planned,
    routes_published,
    visited,
)

STREETS = ("Phố Văn Miếu", "Phố Quốc Tử Giám")
MIDDLE, GIVEN = ("Thị", "Ngọc", "Thu", "Minh", "Kim"), ("An", "Bình", "Cúc", "Dung", "Giang", "Hạnh", "Lan", "Mai")
TILES = [f"/tiles/households/15/{x}/{y}.mvt" for x in range(26015, 26021) for y in range(14423, 14431)]
PEOPLE = (
    ("to-truong-hn", "leader", "Văn Miếu"),
    ("cong-tac-hn", "canvasser", "Văn Miếu"),
    ("to-truong-ag", "leader", "An Giang"),
)


def test_a_quarter_of_ha_noi_and_the_communes_of_an_giang(
    url: str, webmap: Callable[..., str], at_a_browser: Callable[[], Person], shared_data: Path, tmp_path: Path
) -> None:
    real_places(webmap, shared_data, tmp_path)
    admin = first_administrator(webmap, at_a_browser)
    leader, canvasser, stranger = people_let_in(admin, at_a_browser, PEOPLE)
    assert "Long Xuyên" in stranger.open(f"/areas/{area_id(stranger, 'An Giang')}").text

    houses = addresses(shared_data)
    list_imported(leader, url, a_list(houses), "Văn Miếu")
    assert len(all_doors(leader)) > 0.8 * len(houses)  # each at its house number, where the numbers beside it agree
    the_others_decided(leader, area_id(leader, "Khu phố 1"))
    before = all_doors(leader)
    assert set(before) == {f"KP1-{number:03}" for number in range(1, len(houses) + 1)}

    plan = routes_planned(leader, url, area_id(leader, "Khu phố 1"), status=["uncovered"])
    drawing = leader.client.get(f"{plan}/map.json").get_json()
    assert len(drawing["lines"]["features"]) == 2
    routes_published(leader, plan, "cong-tac-hn")
    stops = [
        (route, stop)
        for route in routes_of(canvasser)
        for stop in canvasser.client.get(f"/api{route}").get_json()["stops"]
    ]
    assert sorted(stop["code"] for _, stop in stops) == sorted(before)
    answers = [visited(canvasser, route, stop) for route, stop in stops[:10]]

    assert answers == [["stored"]] * 10
    after = all_doors(leader)
    assert sum(after[code] != before[code] for code in before) == 10
    assert all_doors(stranger) == {}


def the_others_decided(leader: Person, village: str) -> None:
    """The leader says yes to what is not certain enough to be placed unasked: the first place of each address."""
    waiting = f"/households/addresses?area={village}"
    while forms := [one for one in leader.open(waiting).forms if one.action.endswith("/address")]:
        leader.send(forms[0], decision="accept")


def real_places(webmap: Callable[..., str], shared_data: Path, folder: Path) -> None:
    """Provinces and communes as published; a ward and a block drawn around the quarter; streets from OpenStreetMap."""
    admin, osm = shared_data / "admin", shared_data / "osm"
    webmap(
        "import", "map", str(admin / "provinces_2025.geojson"), "--as", "areas", "--yes", "--level", "province", "--top"
    )
    webmap(
        "import",
        "map",
        str(admin / "communes_2025_an_giang.geojson"),
        "--as",
        "areas",
        "--yes",
        "--level",
        "commune",
        "--under",
        "91",
    )
    ring = [[105.815, 21.015], [105.845, 21.015], [105.845, 21.04], [105.815, 21.04], [105.815, 21.015]]
    for code, name, level, under in (
        ("HN-VM", "Văn Miếu", "commune", "01"),
        ("HN-VM-1", "Khu phố 1", "village", "HN-VM"),
    ):
        shape = {"type": "Polygon", "coordinates": [ring]}
        feature = {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": shape}
        file = folder / f"{code}.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
        webmap("import", "map", str(file), "--as", "areas", "--yes", "--level", level, "--under", under)
    webmap("import", "map", str(osm / "hanoi_cat_linh_2023.osm.pbf"), "--yes", "--area", "HN-VM")


def addresses(shared_data: Path) -> list[tuple[str, str]]:
    """House numbers of two streets that the map knows once."""
    with (shared_data / "survey" / "addresses_hanoi_osm.csv").open(encoding="utf-8") as file:
        rows = [(row["so_nha"], row["duong_ngo"]) for row in csv.DictReader(file) if row["duong_ngo"] in STREETS]
    times = Counter(rows)
    found = [row for row in rows if times[row] == 1 and row[0].isdigit()]
    assert len(found) > 20
    return found


def a_list(houses: list[tuple[str, str]]) -> bytes:
    """A household at each address: one person, no card, no coordinates."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Mã hộ", "Họ và tên", "Giới tính", "Năm sinh", "Tổ dân phố", "Đường", "Số nhà"])
    for number, (house_number, street) in enumerate(houses, start=1):
        sheet.append([f"KP1-{number:03}", a_name(number), "Nữ", 1980, "Khu phố 1", street, house_number])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def a_name(number: int) -> str:
    """A name for each number."""
    return f"Trần {MIDDLE[number % len(MIDDLE)]} {GIVEN[number // len(MIDDLE) % len(GIVEN)]}"


def all_doors(person: Person) -> dict[str, list[str]]:
    """All doors of the quarter, tile by tile."""
    found: dict[str, list[str]] = {}
    for tile in TILES:
        found |= doors_on_the_map(person, tile)
    return found

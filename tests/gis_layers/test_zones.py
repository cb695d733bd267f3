import csv
from collections import Counter, defaultdict
from pathlib import Path

import pyproj
import pytest

from gis_layers.names import folded
from gis_layers.zones import MADE_IN_2025, MERIDIANS, zones_of

OF_SEVERAL_REGIONS = (5896, 5897, 5898)  # EPSG names no provinces for these


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def bare(name: str) -> str:
    return folded(name).removeprefix("tinh ").removeprefix("thanh pho ").replace(" ", "")


def test_every_province_before_the_reform_has_the_zone_that_epsg_names_for_it(shared_data: Path) -> None:
    old = {
        row["province_code"]: row["province"] for row in table(shared_data / "admin" / "units_3level_2025-03-01.csv")
    }

    assert len(old) == 63
    checked = 0
    for code, name in old.items():
        by_name, by_code = zones_of(name)[0], zones_of(code)
        assert by_name in by_code
        area = pyproj.CRS(by_name.epsg).area_of_use
        if by_name.epsg not in OF_SEVERAL_REGIONS and area is not None:
            assert bare(name) in folded(area.name).replace(" ", ""), name
            checked += 1
    assert checked == 53


def test_every_province_of_today_has_the_zones_of_its_parts(shared_data: Path) -> None:
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in table(shared_data / "admin" / "old_to_new_2025.csv"):
        parts[row["new_province"]][row["old_province"]] += 1
    names = {row["province_code"]: row["province"] for row in table(shared_data / "admin" / "communes_2025.csv")}

    assert len(parts) == 34
    for code, old in parts.items():
        of_parts = {part for part, communes in old.items() if communes > 1}  # one commune moved over by itself
        listed = set(MADE_IN_2025[code][1].split()) if code in MADE_IN_2025 else {code}
        assert listed == of_parts
        if code in MADE_IN_2025:
            assert bare(MADE_IN_2025[code][0]) == bare(names[code])
        zones = {zone for part in of_parts for zone in zones_of(names_before(shared_data)[part])[:1]}
        assert set(zones_of(names[code])) == zones


def names_before(shared_data: Path) -> dict[str, str]:
    rows = table(shared_data / "admin" / "units_3level_2025-03-01.csv")
    return {row["province_code"]: row["province"] for row in rows}


@pytest.mark.parametrize(
    ("province", "zones"),
    [
        ("Sơn La", [9206]),
        ("TỈNH SƠN LA", [9206]),
        ("Tinh Son La", [9206]),
        ("14", [9206]),
        ("1", [5897]),
        ("Gia Lai", [9218, 9217]),
        ("Bình Định", [9217]),
        ("Thành phố Hồ Chí Minh", [9210, 5899]),
        ("Thừa Thiên - Huế", [9214]),
        ("An Giang", [9208, 9207]),
        ("Kwangtung", []),
        ("", []),
        ("99", []),
    ],
)
def test_a_province_is_known_in_any_spelling(province: str, zones: list[int]) -> None:
    assert [zone.epsg for zone in zones_of(province)] == zones


def test_no_province_is_listed_twice() -> None:
    codes = [one.split(" ", 1)[0] for listed in MERIDIANS.values() for one in listed.split(", ")]

    assert len(codes) == len(set(codes)) == 63

"""Every expected number of ../shared/data that is about reading, and the table of docs/formats.md."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import osmium
import pytest
import shapely

from gis_layers.measure import metres_between
from gis_layers.sources.osm import features as osm_features
from gis_layers.sources.osm import summary
from gis_layers.sources.osm_features import Address, Alley, AlleyKind, Building, Place
from gis_layers.sources.recognise import FileKind
from gis_layers.sources.vector_files import VectorFeature, features, layers
from gis_layers.types import LonLat
from tests.architecture.tables import BEGIN, END
from tests.gis_layers.sources.format_table import DOCUMENT, FILES, table

SOURCES = DOCUMENT.parents[1] / "gis_layers"
NAMED_ALLEY = re.compile(r"(Ngõ|Ngách|Hẻm) ")


def expected(shared_data: Path, name: str) -> dict[str, Any]:
    counts: dict[str, Any] = json.loads((shared_data / "osm" / "expected_counts.json").read_text("utf-8"))
    return counts[name]  # type: ignore[no-any-return]


def read(path: Path) -> list[VectorFeature]:
    (layer,) = layers(path)
    return list(features(path, layer))


def test_the_table_of_formats_is_what_the_readers_yield(shared_data: Path) -> None:
    told = DOCUMENT.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]

    assert told == table(shared_data), "run python -m tests.gis_layers.sources.format_table"


def test_every_file_with_positions_or_areas_is_in_the_table(shared_data: Path) -> None:
    endings = (".geojson", ".csv", ".pbf", ".osm", ".gpkg", ".parquet", ".zip")
    there = {
        str(path.relative_to(shared_data))
        for folder in ("admin", "osm", "survey")
        for path in (shared_data / folder).iterdir()
        if path.name.endswith(endings) or path.name.startswith("overpass")
    }

    assert there == set(FILES)


def test_every_kind_and_every_reason_is_in_the_document() -> None:
    document = DOCUMENT.read_text("utf-8")
    code = "".join(path.read_text("utf-8") for path in [*SOURCES.glob("sources/*.py"), SOURCES / "letters.py"])
    reasons = set(re.findall(r'UnreadableFileError\(\s*reason="(\w+)"', code))

    assert len(reasons) > 20
    assert {reason for reason in reasons if f"`{reason}`" not in document} == set()
    assert {kind.value for kind in FileKind if f"| `{kind.value}` |" not in document} == set()


@pytest.mark.parametrize(
    "name", ["hanoi_cat_linh_2023.osm.pbf", "hanoi_dong_da_streets_2023.osm.pbf", "hanoi_small_export.osm"]
)
def test_an_extract_holds_what_was_counted(shared_data: Path, name: str) -> None:
    path = shared_data / "osm" / name
    count = expected(shared_data, name)
    about = summary(path)

    found = list(osm_features(about))

    alleys = {one.osm_id: one for one in found if isinstance(one, Alley)}
    addresses = Counter(one.osm_ref[0] for one in found if isinstance(one, Address))
    assert (addresses["n"], addresses["w"]) == (count["address_nodes"], count["address_ways"])
    assert sum(isinstance(one, Building) for one in found) == about.counts["buildings"] == count["buildings"]
    assert sum(NAMED_ALLEY.match(one.name) is not None for one in alleys.values()) == count["ways_named_ngo_ngach_hem"]
    small = {
        item.id for item in osmium.FileProcessor(str(path)) if item.is_way() and item.tags.get("service") == "alley"
    }
    assert len(small) == count["alleys_service_alley"]
    assert {alleys[way].kind for way in small} <= {AlleyKind.ALLEY}
    assert about.counts["alleys"] == len(alleys) <= count["highways"]


def test_the_quarter_is_the_same_from_three_different_files_of_it(shared_data: Path) -> None:
    folder = shared_data / "osm"
    whole = list(osm_features(summary(folder / "hanoi_cat_linh_2023.osm.pbf")))
    corner = list(osm_features(summary(folder / "hanoi_small_export.osm")))
    houses, streets = layers(folder / "hanoi_cat_linh_vn2000.gpkg")

    known = {one.osm_ref: one for one in whole if isinstance(one, Building)}
    ways = {(one.osm_id, one.piece): one for one in whole if isinstance(one, Alley)}
    common = [known[one.osm_ref] for one in corner if isinstance(one, Building) and one.osm_ref in known]
    assert common == [one for one in corner if isinstance(one, Building) and one.osm_ref in known]
    assert len(common) >= 40
    numbers = {one.osm_ref: one for one in whole if isinstance(one, Address)}
    for one in corner:
        if isinstance(one, Address) and one.osm_ref in numbers:
            assert (one.house_number, one.street) == (numbers[one.osm_ref].house_number, numbers[one.osm_ref].street)
        if isinstance(one, Place):
            assert one.name

    drawn = list(features(folder / "hanoi_cat_linh_vn2000.gpkg", houses))
    assert len(drawn) == expected(shared_data, "hanoi_cat_linh_vn2000_gpkg")["layer_nha"] == len(known)
    for one in drawn:
        assert one.geometry is not None
        other = known[f"w{one.fields['osm_id']}"]
        assert farthest(one.geometry, other.geometry) < 0.05
        assert (one.fields["ten"] or "") == other.name
    lines = list(features(folder / "hanoi_cat_linh_vn2000.gpkg", streets))
    assert len(lines) == expected(shared_data, "hanoi_cat_linh_vn2000_gpkg")["layer_duong"]
    named = {one.fields["osm_id"]: one.fields["ten"] or "" for one in lines}
    assert {way: one.name for (way, _), one in ways.items()}.items() <= named.items()


def farthest(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Metres between two outlines where they are farthest apart."""
    place = one.representative_point()
    degrees = shapely.hausdorff_distance(one, other)
    return metres_between(LonLat(place.x, place.y), LonLat(place.x, place.y + degrees))


def test_kathmandu_vulamba_and_janakpur_hold_what_was_counted(shared_data: Path) -> None:
    folder = shared_data / "osm"
    kathmandu = read(folder / "kathmandu_hot_extract.geojson")
    kinds = Counter(one.geometry.geom_type for one in kathmandu if one.geometry is not None)
    count = expected(shared_data, "kathmandu")
    assert (len(kathmandu), kinds["Polygon"], kinds["LineString"]) == (
        count["features"],
        count["polygons"],
        count["lines"],
    )

    count = expected(shared_data, "vulamba")
    buildings, areas = (read(folder / f"vulamba_drc_{name}.geojson") for name in ("buildings", "workareas"))
    per_area = Counter(one.fields["task"] for one in buildings)
    assert (len(buildings), len(areas)) == (count["buildings"], count["workareas"])
    assert [min(per_area.values()), int(np.median(list(per_area.values()))), max(per_area.values())] == count[
        "per_area"
    ]

    count = expected(shared_data, "janakpur")
    houses = read(folder / "janakpur_ward2_buildings.geojson")
    roles = Counter(one.fields["role"] for one in houses)
    box = shapely.total_bounds([one.geometry for one in houses])
    doubles = Counter(
        (one.fields["road_id"], one.fields["house_number"]) for one in houses if one.fields["role"] == "Main"
    )
    assert len(houses) == count["buildings"]
    assert (roles["Main"], roles["Associate"], roles["Dissociate"]) == (
        count["main"],
        count["associate"],
        count["dissociate"],
    )
    assert len({one.fields["road_id"] for one in houses}) == count["roads"]
    assert sum(times - 1 for times in doubles.values()) == count["duplicate_main_road_number"]
    assert [round(float(side), 5) for side in box] == count["bbox"]


def test_the_phone_survey_holds_what_was_counted(shared_data: Path) -> None:
    count = json.loads((shared_data / "survey" / "expected.json").read_text("utf-8"))["kobo_villages_a.csv"]
    found = read(shared_data / "survey" / "kobo_villages_a.csv")

    placed = [one.geometry for one in found if one.geometry is not None]
    assert (len(found), len(placed)) == (count["rows"], count["with_coordinates"])
    assert sum(one.problem == "no_geometry" for one in found) == count["coordinates_n_a"]
    assert shapely.total_bounds(placed).tolist() == count["bbox"]
    assert sum(int(one.fields["pop"]) for one in found if one.fields["pop"].isdigit()) == count["pop_sum"]
    ids = [one.fields["_uuid"] for one in found]
    assert len(ids) - len(set(ids)) == count["duplicate_uuid"]
    times = sorted(one.fields["_submission_time"] for one in found)
    assert (times[0], times[-1]) == (count["first_submission"], count["last_submission"])


def test_addresses_and_communes_hold_what_was_counted(shared_data: Path) -> None:
    count = json.loads((shared_data / "survey" / "expected.json").read_text("utf-8"))["addresses_hanoi_osm.csv"]
    found = read(shared_data / "survey" / "addresses_hanoi_osm.csv")
    assert len(found) == count["rows"]
    assert sum(one.fields["so_nha"].isdigit() for one in found) == count["plain_numbers"]
    assert len({one.fields["duong_ngo"] for one in found}) == count["streets"]
    doubles = Counter((one.fields["duong_ngo"], one.fields["so_nha"]) for one in found)
    assert sum(times - 1 for times in doubles.values()) == count["duplicate_number_street"]

    communes = read(shared_data / "admin" / "communes_2025.csv")
    with (shared_data / "admin" / "communes_2025.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [one.fields["code"] for one in communes] == [row["code"] for row in rows]
    assert [one.fields["formed_from"] or "" for one in communes] == [
        normalize("NFC", row["formed_from"]).strip() for row in rows
    ]
    flags = Counter(one.fields["pop_flag"] for one in communes)
    assert flags["implausible"] == 113


@pytest.mark.parametrize("name", ["lao_cai", "an_giang", "quang_tri", "son_la"])
def test_communes_are_read_corner_by_corner_as_they_are_written(shared_data: Path, name: str) -> None:
    path = shared_data / "admin" / f"communes_2025_{name}.geojson"
    plain = json.loads(path.read_text("utf-8"))["features"]

    communes = read(path)

    assert [one.fields for one in communes] == [row["properties"] for row in plain]
    assert [one.geometry for one in communes] == [shapely.from_geojson(json.dumps(row["geometry"])) for row in plain]


def test_points_lie_in_the_communes_that_are_known_to_hold_them(shared_data: Path) -> None:
    cases = json.loads((shared_data / "admin" / "expected_points.json").read_text("utf-8"))["cases"]
    files = sorted((shared_data / "admin").glob("communes_2025_*_*.geojson"))
    communes = [one for path in files if "fullres" not in path.name for one in read(path)]
    communes += read(shared_data / "admin" / "communes_2025_campaign_fullres.geojson")

    overlapping = read(shared_data / "admin" / "trap_triple_overlap_lao_cai.geojson")

    assert len(cases) == 43
    for case in cases:
        point = shapely.Point(case["lon"], case["lat"])
        known = communes if case["kind"] in {"inside", "abroad"} else overlapping
        inside = {one.fields["code"] for one in known if one.geometry is not None and one.geometry.covers(point)}
        assert inside == set(case["codes"])

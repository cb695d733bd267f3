import json
import struct
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from gis_layers.boundary import as_boundary
from gis_layers.errors import BadGeometryError
from gis_layers.examine import examined
from gis_layers.findings import Finding, Kind, Remedy
from gis_layers.geojson import from_geojson
from gis_layers.measure import area_square_metres, metres_between
from gis_layers.mending import cleaned, mended
from gis_layers.types import LonLat

METRE = 1 / 111_000
WEST, EAST = box(105.00, 21.00, 105.01, 21.02), box(105.01, 21.00, 105.03, 21.02)
ALL = box(105.00, 21.00, 105.03, 21.02)


def kinds(shapes: Sequence[BaseGeometry | bytes | None], parent: BaseGeometry | None = None) -> list[Kind]:
    return [one.kind for one in examined(shapes, None if parent is None else as_boundary(parent)).findings]


def only(shapes: Sequence[BaseGeometry | bytes | None], parent: BaseGeometry | None = None) -> Finding:
    (found,) = examined(shapes, None if parent is None else as_boundary(parent)).findings
    return found


def communes(folder: Path, name: str) -> list[BaseGeometry]:
    written = json.loads((folder / "admin" / f"{name}.geojson").read_text("utf-8"))
    return [from_geojson(one) for one in written["features"]]


def open_ring(*corners: tuple[float, float]) -> bytes:
    return struct.pack("<BIII", 1, 3, 1, len(corners)) + b"".join(struct.pack("<dd", *corner) for corner in corners)


def test_neighbours_that_fit_have_no_findings() -> None:
    assert kinds([WEST, EAST], ALL) == []
    assert kinds([]) == []


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (None, Kind.EMPTY),
        (Polygon(), Kind.EMPTY),
        (b"\x01\x03", Kind.EMPTY),
        (shapely.Point(105, 21), Kind.NOT_A_SURFACE),
        (Polygon([(105, 21), (105.01, 21), (105.02, 21)]), Kind.NOT_A_SURFACE),
        (box(585_000, 2_325_000, 586_000, 2_326_000), Kind.OUT_OF_RANGE),
        (open_ring((105, 21), (106, 21), (float("nan"), 22), (105, 21)), Kind.OUT_OF_RANGE),
    ],
)
def test_what_is_no_area_is_named_and_the_others_are_still_examined(shape: BaseGeometry | None, kind: Kind) -> None:
    seen = examined([shape, WEST, EAST])

    assert [(one.kind, one.areas, one.remedy) for one in seen.findings] == [(kind, (0,), None)]
    assert seen.boundaries[0] is None
    assert seen.boundaries[1] is not None


def test_an_open_ring_is_closed_and_told() -> None:
    seen = examined([open_ring((105, 21), (105.01, 21), (105.01, 21.01), (105, 21.01)), None])

    assert seen.findings[0].kind is Kind.UNCLOSED
    assert seen.findings[0].remedy is Remedy.CLOSE
    assert shapely.equals(seen.boundaries[0], box(105, 21, 105.01, 21.01))


def test_a_bow_tie_is_cut_at_the_crossing_and_the_crossing_is_the_place() -> None:
    found = only([Polygon([(105, 21), (105.01, 21.01), (105.01, 21), (105, 21.01)])])

    assert found.kind is Kind.CROSSES_ITSELF
    assert found.at == pytest.approx((105.005, 21.005))


def test_three_source_polygons_that_cover_the_same_ground_are_one_finding(shared_data: Path) -> None:
    shapes = communes(shared_data, "trap_triple_overlap_lao_cai")

    found = only(shapes)

    assert (found.kind, found.areas) == (Kind.OVERLAP, (0, 1, 2))
    assert found.square_metres == pytest.approx(3.48e6, rel=0.005)
    assert found.at is not None
    assert all(shape.contains(shapely.Point(found.at)) for shape in shapes)
    sizes = [area_square_metres(shape) for shape in shapes]
    smallest = sizes.index(min(sizes))
    assert {area for area, _ in found.changes} == {0, 1, 2} - {smallest}
    after = mended(examined(shapes).boundaries, found)
    assert kinds(after) == []
    assert area_square_metres(after[smallest]) == sizes[smallest]


def test_one_of_the_three_can_be_chosen_by_a_person(shared_data: Path) -> None:
    shapes = communes(shared_data, "trap_triple_overlap_lao_cai")
    seen = examined(shapes)

    after = mended(seen.boundaries, seen.findings[0], to=1)

    assert kinds(after) == []
    assert shapely.equals(after[1], shapes[1])
    with pytest.raises(BadGeometryError) as told:
        mended(seen.boundaries, seen.findings[0], to=7)
    assert told.value.facts["reason"] == "not_concerned"


def test_the_same_shape_under_two_codes_is_a_question_for_a_person() -> None:
    found = only([WEST, EAST, WEST])

    assert (found.kind, found.areas, found.remedy) == (Kind.DUPLICATE, (0, 2), None)
    with pytest.raises(BadGeometryError):
        mended([as_boundary(WEST)], found)


def test_an_area_inside_another_keeps_its_ground() -> None:
    inner = box(105.012, 21.005, 105.014, 21.008)
    seen = examined([EAST, inner])
    (found,) = seen.findings

    after = mended(seen.boundaries, found)

    assert (found.kind, found.areas) == (Kind.NESTED, (0, 1))
    assert found.changes == ((0, pytest.approx(-area_square_metres(inner))),)
    assert kinds(after) == []
    with pytest.raises(BadGeometryError) as told:
        mended(seen.boundaries, found, to=0)
    assert told.value.facts == {"reason": "nothing_left", "area": 1}


def test_a_wide_overlap_is_told_apart_from_a_sliver() -> None:
    wide = box(105.009, 21.00, 105.03, 21.02)
    thin = box(105.01 - 5 * METRE, 21.00, 105.03, 21.02)

    assert only([WEST, wide]).kind is Kind.OVERLAP
    sliver = only([WEST, thin])
    assert sliver.kind is Kind.SLIVER_OVERLAP
    assert sliver.square_metres == pytest.approx(5 * 0.933 * 0.02 * 110_700, rel=0.02)


def test_a_hole_between_villages_is_a_gap_and_goes_to_whom_it_lies_along() -> None:
    bitten = EAST.difference(box(105.01, 21.005, 105.0102, 21.015))

    found = only([WEST, bitten])

    assert (found.kind, found.areas, found.remedy) == (Kind.GAP, (0, 1), Remedy.FILL)
    ((winner, won),) = found.changes
    assert winner == 1  # three of its four sides
    assert won == found.square_metres
    assert found.at is not None
    assert not shapely.union_all([WEST, bitten]).contains(shapely.Point(found.at))
    assert kinds(mended(examined([WEST, bitten]).boundaries, found)) == []


def test_a_hole_as_large_as_a_village_is_a_missing_village() -> None:
    ring = box(105, 21, 105.05, 21.05).difference(box(105.01, 21.01, 105.04, 21.04))
    west, east = ring.intersection(box(105, 21, 105.025, 22)), ring.intersection(box(105.025, 21, 106, 22))

    found = only([west, east])

    assert (found.kind, found.remedy) == (Kind.GAP, None)


def test_a_crack_that_runs_out_between_two_villages_is_found_without_a_parent() -> None:
    apart = box(105.01 + 6 * METRE, 21.00, 105.03, 21.02)

    found = only([WEST, apart])

    assert found.kind is Kind.SLIVER_GAP
    assert found.square_metres == pytest.approx(6 * 0.933 * 0.02 * 110_700, rel=0.03)
    assert kinds(cleaned(examined([WEST, apart]).boundaries, ())) in ([], [Kind.SLIVER_GAP])


def test_what_a_parent_has_and_no_village_covers_is_shown() -> None:
    found = only([WEST, EAST], box(105.00, 21.00, 105.03, 21.025))

    assert (found.kind, found.areas) == (Kind.GAP, (0, 1))
    assert found.at is not None
    assert found.at.lat > 21.02


def test_a_village_outside_its_parent_is_told_and_can_be_clipped() -> None:
    parent = box(105.00, 21.00, 105.025, 21.02)
    seen = examined([WEST, EAST], as_boundary(parent))
    (found,) = seen.findings

    assert (found.kind, found.areas, found.remedy) == (Kind.OUTSIDE_PARENT, (1,), Remedy.CLIP)
    assert kinds(mended(seen.boundaries, found), parent) == []
    elsewhere = box(106, 21, 106.01, 21.01)
    assert [(one.kind, one.remedy) for one in examined([WEST, EAST, elsewhere], as_boundary(ALL)).findings] == [
        (Kind.OUTSIDE_PARENT, None)
    ]


def test_far_islands_are_told_and_kept(shared_data: Path) -> None:
    written = json.loads((shared_data / "admin" / "provinces_2025.geojson").read_text("utf-8"))
    names = [one["properties"]["name"] for one in written["features"]]
    seen = examined([from_geojson(one) for one in written["features"]])

    far = {names[one.areas[0]]: one for one in seen.findings if one.kind is Kind.FAR_PART}

    assert {"Đà Nẵng", "Khánh Hoà"} <= set(far)
    assert metres_between(far["Đà Nẵng"].at or LonLat(0, 0), LonLat(112.3, 16.5)) < 100_000
    assert all(one.remedy is None for one in far.values())
    assert [one for one in seen.boundaries if one is None] == []


def test_slivers_of_a_real_province_are_cleaned_and_large_overlaps_left_to_a_person(shared_data: Path) -> None:
    seen = examined(communes(shared_data, "communes_2025_lao_cai"))
    assert Counter(one.kind for one in seen.findings) == {
        Kind.OVERLAP: 1,
        Kind.SLIVER_OVERLAP: 6,
        Kind.SLIVER_GAP: 4,
    }

    once = cleaned(seen.boundaries, seen.findings)
    (left,) = examined(once).findings
    whole = cleaned(mended(once, left), ())

    assert left.kind is Kind.OVERLAP
    assert kinds(whole) == []
    assert shapely.coverage_is_valid(np.array(whole, dtype=object))
    for before, after in zip(seen.boundaries, once, strict=True):
        assert area_square_metres(after) == pytest.approx(area_square_metres(before), abs=20_000)


sides = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(2, 9), st.integers(2, 9))


@settings(max_examples=60)
@given(st.lists(sides, min_size=2, max_size=7, unique=True))
def test_ground_is_told_once_and_every_remedy_mends_its_finding(rooms: list[tuple[int, int, int, int]]) -> None:
    shapes = [box(105 + x / 100, 21 + y / 100, 105 + (x + w) / 100, 21 + (y + h) / 100) for x, y, w, h in rooms]
    seen = examined(shapes)
    claimed = [one for one in seen.findings if one.kind in {Kind.OVERLAP, Kind.NESTED, Kind.DUPLICATE}]

    twice = shapely.union_all([a.intersection(b) for n, a in enumerate(shapes) for b in shapes[:n]])
    grounds = [one.ground for one in claimed if one.ground is not None]
    assert shapely.union_all(grounds).symmetric_difference(twice).area < 1e-10
    assert sum(ground.area for ground in grounds) == pytest.approx(twice.area, abs=1e-10)

    boundaries: list[MultiPolygon | None] = list(seen.boundaries)
    for one in [one for one in claimed if one.remedy is Remedy.GIVE]:
        try:
            boundaries = mended(boundaries, one)
        except BadGeometryError:
            return  # a patchwork of smaller ones covers it whole: test_an_area_inside_another says how that is told
    left = [one.kind for one in examined(boundaries).findings]
    assert not {Kind.OVERLAP, Kind.NESTED} & set(left)

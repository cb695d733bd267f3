import json
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from gis_layers.boundary import (
    Problem,
    as_boundary,
    main_box,
    main_part,
    overlaps,
    repaired,
    simplified,
    simplified_together,
    with_rings_closed,
)
from gis_layers.errors import BadGeometryError
from gis_layers.geojson import from_geojson
from gis_layers.measure import area_square_metres
from gis_layers.types import BBox

SQUARE = shapely.box(105.0, 21.0, 105.01, 21.01)
BOW_TIE = Polygon([(105, 21), (105.01, 21.01), (105.01, 21), (105, 21.01)])
places = st.tuples(st.floats(105, 105.05), st.floats(21, 21.05))


def test_a_polygon_becomes_a_multipolygon_without_heights() -> None:
    boundary = as_boundary(shapely.force_3d(SQUARE, z=12.0))

    assert isinstance(boundary, MultiPolygon)
    assert not boundary.has_z
    assert boundary.equals(SQUARE)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "empty"),
        (Polygon(), "empty"),
        (shapely.Point(105, 21), "not_a_surface"),
        (shapely.LineString([(105, 21), (106, 21)]), "not_a_surface"),
        (BOW_TIE, "crosses_itself"),
        (shapely.box(585_000, 2_325_000, 586_000, 2_326_000), "not_on_earth"),
    ],
)
def test_what_is_no_boundary_is_refused_with_the_reason(shape: shapely.Geometry | None, reason: str) -> None:
    with pytest.raises(BadGeometryError) as told:
        as_boundary(shape)

    assert told.value.facts["reason"] == reason


def test_a_bow_tie_is_mended_and_the_crossing_is_named() -> None:
    repair = repaired(BOW_TIE)

    assert repair.boundary.is_valid
    assert repair.problem is Problem.CROSSES_ITSELF
    assert repair.place == pytest.approx((105.005, 21.005))


def test_a_sound_boundary_is_left_alone() -> None:
    repair = repaired(SQUARE)

    assert repair.problem is None
    assert repair.boundary.equals_exact(MultiPolygon([SQUARE]))


def test_a_line_folded_onto_itself_has_no_surface_left() -> None:
    with pytest.raises(BadGeometryError) as told:
        repaired(Polygon([(105, 21), (105.01, 21), (105.02, 21)]))

    assert told.value.facts["reason"] == "no_surface"


@given(st.lists(places, min_size=3, max_size=12))
def test_repair_gives_a_valid_surface_or_says_there_is_none(corners: list[tuple[float, float]]) -> None:
    surface = Polygon(corners)
    if area_square_metres(shapely.make_valid(surface, method="structure", keep_collapsed=False)) < 10:
        return  # what is left may be slivers only

    repair = repaired(surface)

    assert repair.boundary.is_valid
    assert not repair.boundary.is_empty
    assert repair.boundary.difference(Polygon(corners).convex_hull.buffer(1e-9)).area < 1e-12


@settings(max_examples=50)
@given(st.lists(places, min_size=4, max_size=30, unique=True), st.floats(1, 500))
def test_a_simplified_boundary_is_still_one(corners: list[tuple[float, float]], metres: float) -> None:
    hull = shapely.MultiPoint(corners).convex_hull
    if not isinstance(hull, Polygon) or area_square_metres(hull) < 10_000:
        return
    boundary = as_boundary(hull)

    smaller = simplified(boundary, metres)

    assert smaller.is_valid
    assert not smaller.is_empty
    assert shapely.get_num_coordinates(smaller) <= shapely.get_num_coordinates(boundary)


def test_neighbours_simplified_together_keep_their_common_border() -> None:
    wiggle = [(105.01 + (0.0001 if n % 2 else 0), 21.0 + n * 0.001) for n in range(11)]
    west = as_boundary(Polygon([(105.0, 21.0), *wiggle, (105.0, 21.01)]))
    east = as_boundary(Polygon([(105.02, 21.0), (105.02, 21.01), *reversed(wiggle)]))

    simpler_west, simpler_east = simplified_together([west, east], 60)

    assert shapely.get_num_coordinates(simpler_west) < shapely.get_num_coordinates(west)
    assert overlaps([simpler_west, simpler_east], 1) == []
    whole = shapely.union_all([simpler_west, simpler_east])
    assert area_square_metres(whole) == pytest.approx(
        area_square_metres(simpler_west) + area_square_metres(simpler_east), rel=1e-9
    )
    assert simplified_together([], 30) == []


def test_three_communes_that_claim_the_same_ground_are_found(shared_data: Path) -> None:
    written = json.loads((shared_data / "admin" / "trap_triple_overlap_lao_cai.geojson").read_text("utf-8"))
    boundaries = [repaired(from_geojson(feature)).boundary for feature in written["features"]]

    found = overlaps(boundaries)

    assert [pair[:2] for pair in found] == [(0, 1), (0, 2), (1, 2)]
    common = boundaries[0].intersection(boundaries[1]).intersection(boundaries[2])
    assert area_square_metres(common) == pytest.approx(3.48e6, rel=0.01)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Đà Nẵng", BBox(107.2, 14.9, 108.8, 16.3)),  # without Hoàng Sa
        ("Khánh Hoà", BBox(108.5, 11.2, 109.5, 12.9)),  # without Trường Sa
        ("An Giang", BBox(103.8, 9.4, 105.6, 11.0)),  # with Phú Quốc
        ("Quảng Ninh", BBox(106.4, 20.7, 108.1, 21.7)),  # with its two thousand islands
        ("Hà Nội", BBox(105.2, 20.5, 106.1, 21.4)),
    ],
)
def test_a_map_shows_the_main_part_first(shared_data: Path, name: str, expected: BBox) -> None:
    written = json.loads((shared_data / "admin" / "provinces_2025.geojson").read_text("utf-8"))
    (found,) = [one for one in written["features"] if one["properties"]["name"] == name]
    boundary = repaired(from_geojson(found)).boundary
    islands = shapely.get_num_geometries(boundary)

    box = main_box(boundary)

    assert box == pytest.approx(expected, abs=0.2)
    assert shapely.get_num_geometries(boundary) == islands


def test_an_archipelago_without_a_main_island_is_shown_whole() -> None:
    islets = MultiPolygon([shapely.box(111 + n, 8, 111.01 + n, 8.01) for n in range(5)])

    assert main_part(islets) == islets


def test_open_rings_are_closed_and_what_is_no_wkb_is_refused() -> None:
    assert with_rings_closed(shapely.to_wkb(SQUARE)) == (SQUARE, False)
    with pytest.raises(BadGeometryError):
        with_rings_closed(b"hello")

from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from gis_layers.beside import BesideFinding, examined_beside
from gis_layers.boundary import as_boundary
from gis_layers.findings import Kind, Remedy
from gis_layers.measure import area_square_metres
from gis_layers.mending import mended


def square(west: float, east: float, south: float = 21.00, north: float = 21.02) -> MultiPolygon:
    return as_boundary(box(west, south, east, north))


KNOWN, BESIDE, OVER = square(105.00, 105.01), square(105.01, 105.02), square(105.008, 105.02)
PARENT = square(105.00, 105.02)


def only(found: list[BesideFinding]) -> BesideFinding:
    (one,) = found
    return one


def test_a_new_area_beside_a_known_one_that_fits_is_no_finding() -> None:
    assert examined_beside([BESIDE], [KNOWN], [(PARENT, (0,))]) == []


def test_a_new_area_gives_way_to_a_known_one_although_it_is_smaller() -> None:
    small = square(105.008, 105.012)

    found = only(examined_beside([small], [KNOWN])).finding

    assert (found.kind, found.areas, found.remedy) == (Kind.OVERLAP, (0, 1), Remedy.YIELD)
    after = mended([small, KNOWN], found)
    assert after[1] == KNOWN
    assert abs(area_square_metres(after[0]) / area_square_metres(small) - 0.5) < 0.01  # type: ignore[arg-type]


def test_a_new_area_within_a_known_one_waits_for_a_person() -> None:
    found = only(examined_beside([square(105.002, 105.004, 21.005, 21.01)], [KNOWN])).finding

    assert (found.kind, found.remedy) == (Kind.NESTED, None)


def test_what_only_known_areas_are_about_is_not_told() -> None:
    assert examined_beside([square(105.02, 105.03)], [KNOWN, OVER]) == []


def test_a_hole_among_the_new_ones_that_a_known_area_fills_is_none() -> None:
    ring = as_boundary(PARENT.difference(square(105.005, 105.01, 21.005, 21.01)))

    assert only(examined_beside([ring], [])).finding.kind is Kind.GAP
    assert examined_beside([ring], [square(105.005, 105.01, 21.005, 21.01)]) == []


def test_of_the_outline_above_is_told_what_nobody_covers_and_what_lies_outside() -> None:
    new = square(105.008, 105.0205)

    found = examined_beside([new], [square(105.00, 105.0079)], [(PARENT, (0,))])

    assert [(one.finding.kind, one.finding.remedy, one.parent) for one in found] == [
        (Kind.SLIVER_GAP, Remedy.FILL, 0),
        (Kind.OUTSIDE_PARENT, Remedy.CLIP, 0),
    ]
    assert found[0].finding.changes[0][0] == 0


@given(st.floats(105.001, 105.0095), st.floats(105.0105, 105.03))
def test_no_repair_changes_a_known_area_and_none_is_left_to_do_after_it(west: float, east: float) -> None:
    shapes = [square(west, east), KNOWN]
    found = only(examined_beside(shapes[:1], shapes[1:])).finding

    after = mended(shapes, found)

    assert after[1] == KNOWN
    assert examined_beside([one for one in after[:1] if one is not None], [KNOWN]) == []

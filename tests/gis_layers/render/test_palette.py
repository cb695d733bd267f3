from xml.etree import ElementTree as ET

import pytest

from gis_layers.errors import UnknownSymbolError
from gis_layers.render import palette
from tests.gis_layers.render.colour_difference import ciede2000, smallest_difference


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_colour_difference_agrees_with_the_published_pairs(
    first: tuple[float, float, float], second: tuple[float, float, float], expected: float
) -> None:
    assert ciede2000(first, second) == pytest.approx(expected, abs=0.0001)


def test_any_two_statuses_differ_to_every_eye() -> None:
    difference, *pair = smallest_difference({name: symbol.fill for name, symbol in palette.STATUSES.items()})

    assert difference == pytest.approx(19.58, abs=0.01), pair


def test_any_two_door_marks_differ_to_every_eye() -> None:
    with_badge = {name: mark.fill for name, mark in palette.MARKS.items() if not mark.is_plain}

    difference, *pair = smallest_difference(with_badge)

    assert difference == pytest.approx(20.61, abs=0.01), pair


def test_no_two_symbols_share_both_shape_and_glyph() -> None:
    for symbols in (palette.STATUSES, palette.MARKS):
        drawn = {(symbol.shape, symbol.glyph, symbol.solid) for symbol in symbols.values()}
        assert len(drawn) == len(symbols)


def test_the_words_of_the_product_all_have_a_symbol() -> None:
    assert list(palette.STATUSES) == [
        "covered",
        "partly",
        "uncovered",
        "expiring",
        "reported",
        "pledged",
        "unknown",
    ]
    assert list(palette.MARKS) == ["not_visited", "not_home", "refused", "revisit", "done", "not_found"]


@pytest.mark.parametrize("status", palette.STATUSES)
@pytest.mark.parametrize("mark", palette.MARKS)
def test_status_and_mark_are_drawn_together_as_well_formed_svg(status: str, mark: str) -> None:
    svg = ET.fromstring(palette.symbol_svg(status, mark, size=40, label="Lê &amp; Lợi"))  # noqa: S314 our own text

    fills = [path.get("fill") for path in svg.iter("path")]
    assert palette.STATUSES[status].fill in fills
    assert (palette.MARKS[mark].fill in fills) or palette.MARKS[mark].is_plain
    assert svg.get("aria-label") == "Lê & Lợi"


def test_an_unknown_status_or_mark_is_refused() -> None:
    with pytest.raises(UnknownSymbolError):
        palette.symbol_svg("insured")
    with pytest.raises(UnknownSymbolError):
        palette.mark_svg("shouted_at")


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, 1), (69.99, 1), (70, 2), (93.39, 4), (95, 5), (97, 6), (100, 6), (101.12, 6)],
)
def test_a_class_begins_at_its_threshold_and_more_than_a_hundred_is_the_highest(percent: float, expected: int) -> None:
    assert palette.coverage_class(percent) == expected
    assert palette.coverage_fill(percent) == palette.COVERAGE_FILLS[expected - 1]


def test_a_campaign_with_two_thresholds_keeps_the_ends_of_the_scale() -> None:
    fills = [palette.coverage_fill(percent, [80, 95]) for percent in (10, 85, 99)]

    assert fills[0] == palette.COVERAGE_FILLS[0]
    assert fills[-1] == palette.COVERAGE_FILLS[-1]
    assert len(set(fills)) == 3


def test_routes_beyond_the_last_colour_begin_again_and_differ_by_dash_within_one_round() -> None:
    count = len(palette.ROUTES)

    assert palette.route_line(1) == palette.route_line(count + 1)
    assert len({line.dashes for line in palette.ROUTES}) == count
    assert len({line.colour for line in palette.ROUTES}) == count

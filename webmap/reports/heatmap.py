"""The coverage map of an area as one file: the words and colours around what `queries` found."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from flask_babel import get_locale, gettext, ngettext

from gis_layers.render import palette
from gis_layers.render.heatmap_page import SHARES_PERCENT, UNCOVERED_FILLS, WITHHELD_FILL, AreaShape, Leaflet, Square
from gis_layers.render.heatmap_page import heatmap_page as draw
from gis_layers.render.heatmap_panels import LegendEntry, Words
from webmap import clock
from webmap.assets import built_text
from webmap.coverage.models import PublishedArea
from webmap.i18n import day, number, rate
from webmap.reports.errors import NothingPublicError
from webmap.reports.queries import Cell, CoverageMap, Part
from webmap.settings import settings


def page(found: CoverageMap, bounds_percent: Sequence[float], attributions: Sequence[str]) -> str:
    """Draw the page in the reader's language."""
    if found.whole is None or not found.parts:
        raise NothingPublicError(name=found.place.full_name)
    areas = [_area(part, bounds_percent) for part in found.parts]
    squares = [Square(cell.box, cell.uncovered, cell.registered, _cell_lines(cell)) for cell in found.cells]
    leaflet = Leaflet(built_text("leaflet.js"), built_text("leaflet.css"))
    return draw(areas, squares, _words(found, found.whole, bounds_percent, attributions), leaflet)


def _area(part: Part, bounds_percent: Sequence[float]) -> AreaShape:
    figures = part.figures
    if figures is None or figures.registered == 0:
        return AreaShape(part.place.full_name, part.shape, None, "–", [_too_few()])
    percent = figures.covered * 100 / figures.registered
    return AreaShape(
        part.place.full_name,
        part.shape,
        palette.coverage_fill(percent, bounds_percent),
        rate(figures.covered, figures.registered, 2),
        [
            gettext(
                "%(covered)s of %(registered)s people on the register have a card",
                covered=number(figures.covered),
                registered=number(figures.registered),
            ),
            _households(figures.households),
        ],
    )


def _cell_lines(cell: Cell) -> list[str]:
    words = ngettext("%(num)s person without a card", "%(num)s people without a card", cell.uncovered)
    return [str(words), _households(cell.households)]


def _households(count: int) -> str:
    return str(ngettext("%(num)s household", "%(num)s households", count))


def _too_few() -> str:
    return str(gettext("Too few households to show figures"))


def _words(
    found: CoverageMap, whole: PublishedArea, bounds_percent: Sequence[float], attributions: Sequence[str]
) -> Words:
    public_on = clock.day_of(whole.published_at)
    title = gettext("Health-insurance coverage map: %(place)s", place=found.place.full_name)
    summary = gettext(
        "%(rate)s: %(covered)s of %(registered)s people on the register, as of %(day)s",
        rate=rate(whole.covered, whole.registered, 2),
        covered=number(whole.covered),
        registered=number(whole.registered),
        day=day(public_on),
    )
    return Words(
        language=str(get_locale()),
        title=title,
        legend=gettext("Legend and figures"),
        subtitle=[summary] if found.on is None else [summary, _by_the_map_of(found.on)],
        areas_layer=gettext("Rate of each area"),
        squares_layer=gettext("Where people without a card are"),
        areas_legend=_rate_legend(found, bounds_percent),
        squares_legend=_square_legend(),
        table_head=[gettext("Area"), gettext("People"), gettext("With card"), gettext("Rate"), gettext("Without")],
        table_rows=[_row(part) for part in found.parts],
        footer=[
            gettext(
                "Rate = people with a card ÷ people on the register (living here or away). Areas and squares with fewer"
                " than %(smallest)s households are not shown; nobody is named.",
                smallest=settings().smallest_cell,
            ),
            gettext("Sources: %(sources)s", sources="; ".join(attributions) or "–"),
        ],
    )


def _by_the_map_of(on: date) -> str:
    text = gettext("You are looking at the map of %(day)s. Figures are those of today's households.", day=day(on))
    return str(text)


def _row(part: Part) -> list[str]:
    its = part.figures
    if its is None:
        return [part.place.name, "–", "–", "–", "–"]
    return [
        part.place.name,
        number(its.registered),
        number(its.covered),
        rate(its.covered, its.registered, 2),
        number(max(0, its.registered - its.covered)),
    ]


def _rate_legend(found: CoverageMap, bounds_percent: Sequence[float]) -> list[LegendEntry]:
    names = [f"{number(bound, 0 if bound == int(bound) else 1)} %" for bound in bounds_percent]
    entries = [
        LegendEntry(
            palette.coverage_fill(bounds_percent[0] - 1, bounds_percent), gettext("under %(rate)s", rate=names[0])
        )
    ]
    for n, bound in enumerate(bounds_percent):
        upper = names[n + 1] if n + 1 < len(names) else None
        words = (
            gettext("%(low)s to under %(high)s", low=names[n], high=upper)
            if upper
            else gettext("%(rate)s and more", rate=names[n])
        )
        entries.append(LegendEntry(palette.coverage_fill(bound, bounds_percent), words))
    if any(part.figures is None for part in found.parts):
        entries.append(LegendEntry(WITHHELD_FILL, _too_few()))
    return entries


def _square_legend() -> list[LegendEntry]:
    names = [f"{number(share)} %" for share in SHARES_PERCENT]
    words = [
        gettext("nobody without a card"),
        gettext("under %(rate)s without a card", rate=names[0]),
        *(gettext("%(low)s to under %(high)s without", low=low, high=high) for low, high in pairwise(names)),
        gettext("%(rate)s and more without", rate=names[-1]),
    ]
    return [LegendEntry(fill, text) for fill, text in zip(UNCOVERED_FILLS, words, strict=True)]

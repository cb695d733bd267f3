"""A coverage map as one HTML file: to e-mail, to carry on a stick, to project, to print. It asks nobody for anything.

Two layers, one at a time: the rate of each area, and where the uncovered live, in squares that hold enough households
to name nobody. The caller chooses what may be shown; this module only draws.
"""

import html
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import shapely
from branca.element import Element, MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from gis_layers.render.heatmap_panels import STYLE, Words, panels
from gis_layers.render.palette import OUTLINE
from gis_layers.types import BBox

# One hue, light to dark, so that more always looks like more, also without colour.
# Shares and not counts: squares differ in size.
SHARES_PERCENT = (5, 10, 20)
UNCOVERED_FILLS = ("#FEF0D9", "#FDCC8A", "#FC8D59", "#D7301F", "#7F0000")
WITHHELD_FILL = "#D5D9DF"
SIMPLIFY_SHARE = 1 / 3000  # of the map's width: finer than a printed page shows


@dataclass(frozen=True, slots=True)
class AreaShape:
    """One area of the first layer, WGS 84. `fill` None: its figures are withheld. `lines` are shown when pointed at."""

    name: str
    shape: BaseGeometry
    fill: str | None
    label: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Square:
    """One square of the second layer, WGS 84: how many of its registered people have no card."""

    box: BBox
    uncovered: int
    registered: int
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """Leaflet's own script and style, as text to be put into the file."""

    script: str
    style: str


def heatmap_page(areas: Sequence[AreaShape], squares: Sequence[Square], words: Words, leaflet: Leaflet) -> str:
    """Draw the page and return it as HTML that loads nothing, from nowhere.

    `areas` and `squares` are in WGS 84 degrees. Neighbouring areas keep their common borders when they are simplified
    for the page. `ValueError` when there is no area to show.
    """
    if not areas:
        raise ValueError("a coverage map needs at least one area")
    west, south, east, north = shapely.total_bounds([area.shape for area in areas])
    page = folium.Map(tiles=None, zoom_snap=0.25)
    by_area = folium.FeatureGroup(words.areas_layer, overlay=False, show=True).add_to(page)
    by_square = folium.FeatureGroup(words.squares_layer, overlay=False, show=False).add_to(page)
    features = _area_features(areas, float(east - west) * SIMPLIFY_SHARE)
    _layer(features, _area_style).add_to(by_area)
    _layer(features, _outline_style).add_to(by_square)
    for area, feature in zip(areas, features["features"], strict=True):
        _label(area, feature).add_to(by_area)
    _layer(_square_features(squares), _square_style).add_to(by_square)
    folium.LayerControl(collapsed=False, position="topright").add_to(page)
    _Behaviour(page.get_name(), [[south, west], [north, east]]).add_to(page)
    return _whole(page, words, leaflet)


def share_fill(uncovered: int, registered: int) -> str:
    """Fill of a square in which so many of its registered people have no card."""
    if uncovered <= 0:
        return UNCOVERED_FILLS[0]
    return UNCOVERED_FILLS[1 + bisect_right(SHARES_PERCENT, uncovered * 100 / max(registered, 1))]


def _area_features(areas: Sequence[AreaShape], tolerance: float) -> dict[str, Any]:
    shapes = shapely.coverage_simplify([area.shape for area in areas], tolerance)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": shapely.geometry.mapping(shapely.set_precision(shape, 1e-6)),
                "properties": {"fill": area.fill, "words": _tooltip(area.name, area.lines)},
            }
            for area, shape in zip(areas, shapes, strict=True)
        ],
    }


def _square_features(squares: Sequence[Square]) -> dict[str, Any]:
    smallest = min((square.box.east - square.box.west for square in squares), default=0.0)
    largest_first = sorted(squares, key=lambda square: square.box.west - square.box.east)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": shapely.geometry.mapping(_box(square.box)),
                "properties": {
                    "fill": share_fill(square.uncovered, square.registered),
                    "opacity": max(0.3, 0.9 * ((smallest / (square.box.east - square.box.west)) ** 0.5)),
                    "words": _tooltip("", square.lines),
                },
            }
            for square in largest_first
        ],
    }


def _box(box: BBox) -> BaseGeometry:
    west, south, east, north = (round(edge, 6) for edge in box)
    return shapely.box(west, south, east, north)


def _tooltip(name: str, lines: Sequence[str]) -> str:
    head = f"<b>{html.escape(name)}</b><br>" if name else ""
    return head + "<br>".join(html.escape(line) for line in lines)


def _layer(features: dict[str, Any], style: Any) -> folium.GeoJson:
    tooltip = folium.GeoJsonTooltip(fields=["words"], labels=False) if features["features"] else None
    return folium.GeoJson(features, style_function=style, tooltip=tooltip, control=False)


def _area_style(feature: Mapping[str, Any]) -> dict[str, Any]:
    fill = feature["properties"]["fill"]
    return {
        "color": OUTLINE,
        "weight": 1.4,
        "fillColor": fill or WITHHELD_FILL,
        "fillOpacity": 0.88,
        "dashArray": None if fill else "4 4",
    }


def _outline_style(_: Mapping[str, Any]) -> dict[str, Any]:
    return {"color": OUTLINE, "weight": 1.2, "fillColor": "#FFFFFF", "fillOpacity": 0.35}


def _square_style(feature: Mapping[str, Any]) -> dict[str, Any]:
    """Large squares hold scattered houses: they are paler, lest they shout."""
    its = feature["properties"]
    return {"color": "#7F0000", "weight": 0.4, "fillColor": its["fill"], "fillOpacity": its["opacity"]}


def _label(area: AreaShape, feature: dict[str, Any]) -> folium.Marker:
    place = shapely.point_on_surface(shapely.geometry.shape(feature["geometry"]))
    words = f"<b>{html.escape(area.name)}</b><br>{html.escape(area.label)}"
    icon = folium.DivIcon(html=f'<div class="name">{words}</div>', icon_size=(0, 0))
    return folium.Marker([place.y, place.x], icon=icon)


class _Behaviour(MacroElement):
    """What the page does by itself: it fits the map to the paper before printing, and to the screen after."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        (function () {
          const map = {{ this.map_name }}, bounds = {{ this.bounds|tojson }};
          const legend = document.querySelector(".legends");
          map.getContainer().append(legend);
          L.DomEvent.disableClickPropagation(legend).disableScrollPropagation(legend);
          if (window.innerWidth < 700) legend.open = false;
          const fit = () => {
            const corner = [legend.open ? legend.offsetWidth + 24 : 12, window.innerWidth < 700 ? 108 : 12];
            map.invalidateSize({ animate: false });
            map.fitBounds(bounds, { paddingTopLeft: corner, paddingBottomRight: [12, 12], animate: false });
          };
          L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
          map.on("baselayerchange", ({ name }) => {
            document.querySelectorAll("[data-layer]").forEach((part) => { part.hidden = part.dataset.layer !== name; });
          });
          window.addEventListener("beforeprint", fit);
          window.addEventListener("afterprint", fit);
          fit();
        })();
        {% endmacro %}
    """)

    def __init__(self, map_name: str, bounds: list[list[float]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # branca is not typed
        self.map_name, self.bounds = map_name, bounds


def _whole(page: folium.Map, words: Words, leaflet: Leaflet) -> str:
    """Take out every link to elsewhere, put Leaflet itself in, and write the panels around the map."""
    figure: Any = page.get_root()
    _take_out_links(figure)
    parts = {
        "page_title": f"<title>{html.escape(words.title)}</title>",
        "page_leaflet_style": f"<style>{leaflet.style}</style>",
        "page_leaflet_script": f"<script>{leaflet.script}</script>",
        "page_style": f"<style>{STYLE}</style>",
    }
    for name, text in parts.items():
        figure.header.add_child(Element(_verbatim(text)), name=name)
    figure.html.add_child(Element(_verbatim(panels(words))), name="page_panels")
    rendered: str = figure.render()
    return rendered.replace("<html>", f'<html lang="{html.escape(words.language)}">', 1)


def _take_out_links(element: Any) -> None:
    """Without these lists an element adds no links to scripts of others when it is rendered."""
    for child in element._children.values():  # noqa: SLF001 - branca has no public way to its children
        if hasattr(child, "default_js"):
            child.default_js, child.default_css = [], []
        _take_out_links(child)


def _verbatim(text: str) -> str:
    """Text that branca's templates leave alone."""
    return "{% raw %}" + text + "{% endraw %}"

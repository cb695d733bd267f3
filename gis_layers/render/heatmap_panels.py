"""What stands around the map of a coverage file: title, legend, table, footer, and how it looks on screen and paper."""

import html
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A colour and its words."""

    fill: str
    words: str


@dataclass(frozen=True, slots=True)
class Words:
    """All that is written on the page, in the reader's language."""

    language: str
    title: str
    legend: str
    subtitle: Sequence[str]
    areas_layer: str
    squares_layer: str
    areas_legend: Sequence[LegendEntry]
    squares_legend: Sequence[LegendEntry]
    table_head: Sequence[str]
    table_rows: Sequence[Sequence[str]]
    footer: Sequence[str]


STYLE = """
html, body { margin: 0; height: 100%; color: #14181D;
  font: 16px/1.45 "Be Vietnam Pro", system-ui, "Noto Sans", sans-serif; }
body { display: flex; flex-direction: column; background: #F1F3F6; }
header, footer { padding: 8px 16px; }
footer { order: 2; }
h1 { margin: 0; font-size: 21px; line-height: 1.25; }
header p, footer p { margin: 0; font-size: 14px; color: #454D57; }
.folium-map { order: 1; flex: 1 1 auto; width: 100% !important; height: auto !important; min-height: 300px;
  background: #FAFAF6; }
.legends { position: absolute; z-index: 800; left: 12px; bottom: 12px; max-width: min(350px, calc(100vw - 72px));
  max-height: 60vh; overflow: auto; padding: 8px 12px; font-size: 14px;
  background: #fff; border: 1px solid #7B8591; border-radius: 8px; }
.legends summary { min-height: 32px; font-weight: 700; cursor: pointer; }
.legends ul { margin: 0; padding: 0; list-style: none; }
.legends li { display: flex; gap: 8px; align-items: center; }
.legends i { flex: none; width: 20px; height: 14px; border: 1px solid #1B1F24; border-radius: 3px; }
.legends table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-top: 8px; }
.legends th, .legends td { padding: 2px 6px 2px 0; text-align: right; font-size: 13px;
  border-bottom: 1px solid #C5CBD3; }
.legends th:first-child, .legends td:first-child { text-align: left; }
.name { position: absolute; transform: translate(-50%, -50%); white-space: nowrap; text-align: center;
  font-size: 13px; line-height: 1.3; color: #14181D;
  text-shadow: 0 0 2px #fff, 0 0 3px #fff, 0 0 4px #fff, 0 0 6px #fff; }
.leaflet-control-layers label { min-height: 40px; display: flex; align-items: center; font-size: 15px; }
.leaflet-control-layers-separator, .leaflet-control-attribution { display: none; }
.leaflet-bar a { width: 40px !important; height: 40px !important; line-height: 40px !important; }
[hidden] { display: none !important; }
@page { size: A4 landscape; margin: 10mm; }
@media print {
  html, body { height: auto; background: #fff; }
  body { width: 277mm; height: 188mm; }
  .folium-map { border: 1px solid #7B8591; height: 150mm !important; flex: none; }
  .leaflet-control-zoom, .leaflet-control-layers { display: none; }
  .legends { max-height: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def panels(words: Words) -> str:
    """Write everything around the map as HTML."""
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in words.subtitle)
    foot = "".join(f"<p>{html.escape(line)}</p>" for line in words.footer)
    return (
        f"<header><h1>{html.escape(words.title)}</h1>{lines}</header>"
        f'<details class="legends" open><summary>{html.escape(words.legend)}</summary>'
        f"{_legend(words.areas_layer, words.areas_legend, is_hidden=False)}"
        f"{_legend(words.squares_layer, words.squares_legend, is_hidden=True)}"
        f"{_table(words.table_head, words.table_rows)}</details>"
        f"<footer>{foot}</footer>"
    )


def _legend(layer: str, entries: Sequence[LegendEntry], *, is_hidden: bool) -> str:
    rows = "".join(
        f'<li><i style="background:{html.escape(entry.fill)}"></i>{html.escape(entry.words)}</li>' for entry in entries
    )
    name = html.escape(layer)
    return f'<div data-layer="{name}"{" hidden" if is_hidden else ""}><b>{name}</b><ul>{rows}</ul></div>'


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    titles = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>"

"""Styles inside a GeoPackage: the table `layer_styles` that QGIS reads by itself, with QML for QGIS and SLD for others.

There is no library for it: QGIS writes this table from its own C++ (qgsogrprovider), and documents its columns.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from gis_layers.render.styles import DrawnAs, LayerStyle

TABLE = """
create table if not exists layer_styles (
  id integer primary key autoincrement, f_table_catalog text(256), f_table_schema text(256), f_table_name text(256),
  f_geometry_column text(256), styleName text(30), styleQML text, styleSLD text, useAsDefault boolean,
  description text, owner text(30), ui text(30), update_time datetime default (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""
LISTED = """
insert or ignore into gpkg_contents (table_name, data_type, identifier)
values ('layer_styles', 'attributes', 'layer_styles')
"""
SLD = "http://www.opengis.net/sld"
OGC = "http://www.opengis.net/ogc"
PIXELS_PER_MILLIMETRE = 3.78  # at the 96 dots an inch of SLD
SIMPLE = {"line": "SimpleLine", "fill": "SimpleFill"}
TYPES = {"line": "line", "fill": "fill"}
SLD_MARKS = {"pentagon": "circle", "hexagon": "circle", "diamond": "square"}  # SLD 1.0 has six well-known names


def add_styles(path: Path, layer: str, style: LayerStyle) -> None:
    """Make `style` the default style of a layer in a GeoPackage; a style it had before is replaced."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(TABLE)
        database.execute(LISTED)
        column = database.execute(
            "select column_name from gpkg_geometry_columns where table_name = ?", (layer,)
        ).fetchone()
        database.execute("delete from layer_styles where f_table_name = ?", (layer,))
        database.execute(
            "insert into layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
            " styleQML, styleSLD, useAsDefault, description, owner) values ('', '', ?, ?, ?, ?, ?, 1, ?, '')",
            (layer, column[0], style.name, qml(style), sld(layer, style), style.name),
        )


def qml(style: LayerStyle) -> str:
    """Write a style for QGIS 3: one symbol for each value of the column."""
    root = Element("qgis", version="3.22.0", styleCategories="Symbology")
    kind = "categorizedSymbol" if style.column else "singleSymbol"
    renderer = SubElement(root, "renderer-v2", type=kind, attr=style.column, forceraster="0", symbollevels="0")
    if style.column:
        categories = SubElement(renderer, "categories")
        for at, drawn in enumerate(style.symbols):
            SubElement(categories, "category", value=drawn.value, label=drawn.label, symbol=str(at), render="true")
    symbols = SubElement(renderer, "symbols")
    for at, drawn in enumerate(style.symbols):
        _qml_symbol(symbols, str(at), drawn)
    return tostring(root, "unicode")


def _qml_symbol(parent: Element, name: str, drawn: DrawnAs) -> None:
    kind = TYPES.get(drawn.shape, "marker")
    symbol = SubElement(parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = SubElement(
        symbol, "layer", attrib={"class": SIMPLE.get(drawn.shape, "SimpleMarker")}, enabled="1", locked="0"
    )
    layer.set("pass", "0")
    colour, edge, size = _rgba(drawn.fill), _rgba(drawn.outline), f"{drawn.millimetres:g}"
    said = {
        "line": {"line_color": colour, "line_width": size, "line_width_unit": "MM"},
        "fill": {
            "color": colour,
            "style": "solid",
            "outline_color": edge,
            "outline_width": size,
            "outline_style": "solid",
        },
    }.get(drawn.shape, {"name": drawn.shape, "color": colour, "outline_color": edge, "size": size, "size_unit": "MM"})
    options = SubElement(layer, "Option", type="Map")
    for key, value in said.items():
        SubElement(options, "Option", name=key, type="QString", value=value)


def sld(layer: str, style: LayerStyle) -> str:
    """Write a style as SLD 1.0.0 (OGC 02-070): one rule for each value of the column."""
    root = Element("StyledLayerDescriptor", attrib={"xmlns": SLD, "xmlns:ogc": OGC, "version": "1.0.0"})
    named = SubElement(root, "NamedLayer")
    SubElement(named, "Name").text = layer
    user = SubElement(named, "UserStyle")
    SubElement(user, "Title").text = style.name
    rules = SubElement(user, "FeatureTypeStyle")
    for drawn in style.symbols:
        rule = SubElement(rules, "Rule")
        SubElement(rule, "Title").text = drawn.label
        if style.column:
            equal = SubElement(SubElement(rule, "ogc:Filter"), "ogc:PropertyIsEqualTo")
            SubElement(equal, "ogc:PropertyName").text = style.column
            SubElement(equal, "ogc:Literal").text = drawn.value
        _sld_symbol(rule, drawn)
    return tostring(root, "unicode")


def _sld_symbol(rule: Element, drawn: DrawnAs) -> None:
    pixels = f"{drawn.millimetres * PIXELS_PER_MILLIMETRE:.2g}"
    if drawn.shape == "line":
        _parameters(SubElement(SubElement(rule, "LineSymbolizer"), "Stroke"), stroke=drawn.fill, stroke_width=pixels)
    elif drawn.shape == "fill":
        surface = SubElement(rule, "PolygonSymbolizer")
        _parameters(SubElement(surface, "Fill"), fill=drawn.fill)
        _parameters(SubElement(surface, "Stroke"), stroke=drawn.outline, stroke_width=pixels)
    else:
        graphic = SubElement(SubElement(rule, "PointSymbolizer"), "Graphic")
        mark = SubElement(graphic, "Mark")
        SubElement(mark, "WellKnownName").text = SLD_MARKS.get(drawn.shape, drawn.shape)
        _parameters(SubElement(mark, "Fill"), fill=drawn.fill)
        _parameters(SubElement(mark, "Stroke"), stroke=drawn.outline)
        SubElement(graphic, "Size").text = pixels


def _parameters(parent: Element, **said: str) -> None:
    for name, value in said.items():
        SubElement(parent, "CssParameter", name=name.replace("_", "-")).text = value


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"

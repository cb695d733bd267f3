"""What a map file holds, kept with it as plain values for pages: layers, coordinates, letters, the first rows."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from gis_layers.sources.look import LayerLook, Look, OsmLook
from gis_layers.types import BBox
from webmap.areas.national_lists import list_kind
from webmap.exports.returning import layer_that_returns
from webmap.mapfiles.guessing import guess_fields, guess_level
from webmap.mapfiles.inputs import BASEMAP
from webmap.streets.rules import Maker
from webmap.text import fold

ROWS_SHOWN = 3
LONGEST_CELL = 80
LARGEST_HOUSE_SQUARE_METRES = 800.0  # the median; a field team's work area has some thousands
NUMBER_FIELDS = frozenset(("so nha", "house number", "housenumber", "addr housenumber"))
HOUSE_FIELDS = NUMBER_FIELDS | {"building", "full plus code", "building id", "tags building", "confidence"}
WATER_WORDS = frozenset(("song", "suoi", "kenh", "muong", "ho", "water", "waterway", "river", "rivers", "canal"))
WATER_FIELDS = frozenset(("waterway", "tags waterway"))


def as_json(seen: Look) -> dict[str, Any]:
    """A look as it is kept. For each layer also what it is proposed to become."""
    layers = [_layer(one) for one in seen.layers] if seen.osm is None else _osm_layers(seen.osm)
    osm = None
    if seen.osm is not None:
        osm = {**asdict(seen.osm), "dated_on": None if seen.osm.dated_on is None else seen.osm.dated_on.isoformat()}
    return {"kind": seen.kind.value, "layers": layers, "osm": osm, "extent": _extent(seen)}


def _extent(seen: Look) -> list[float] | None:
    if seen.osm is not None:
        return None if seen.osm.bbox is None else list(seen.osm.bbox)
    boxes = [one.extent for one in seen.layers if one.extent is not None]
    if not boxes:
        return None
    return [
        min(one.west for one in boxes),
        min(one.south for one in boxes),
        max(one.east for one in boxes),
        max(one.north for one in boxes),
    ]


def _osm_layers(osm: OsmLook) -> list[dict[str, Any]]:
    return [
        {"name": kind, "count": osm.counts.get(kind, 0), "becomes": kind, "geometry": None, "fields": [], "rows": []}
        for kind in BASEMAP
        if osm.counts.get(kind, 0)
    ]


def _layer(one: LayerLook) -> dict[str, Any]:
    layer, finding = one.layer, one.finding
    fields = guess_fields(layer, one.sample)
    return {
        "name": layer.name,
        "geometry": layer.geometry_kind,
        "count": layer.feature_count,
        "fields": [field.name for field in layer.fields],
        "letters": layer.letters.letters.value,
        "certainty": layer.letters.certainty,
        "declared": None if finding.declared is None else finding.declared.name,
        "is_believable": finding.is_believable,
        "epsg": None if one.reading.crs is None else one.reading.crs.epsg,
        "is_north_first": one.reading.is_north_first,
        "candidates": [
            {"epsg": it.crs.epsg, "name": it.crs.name, "is_north_first": it.is_north_first, "at": list(it.middle)}
            for it in finding.candidates
        ],
        "extent": None if one.extent is None else list(one.extent),
        "rows": [_cells(row) for row in one.sample[:ROWS_SHOWN]],
        "guess": fields.model_dump(),
        "level": guess_level(layer, fields, one.sample),
        "becomes": _becomes(one),
        "maker": _maker(one),
    }


def _cells(row: dict[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value)[:LONGEST_CELL] for name, value in row.items()}


def _becomes(one: LayerLook) -> str:
    """What a layer probably is: by its shapes, its fields, the size of what it holds."""
    fields = {fold(field.name) for field in one.layer.fields}
    if layer_that_returns(one.layer) and any(row.get("uuid") for row in one.sample):
        return "returning"
    shape = (one.layer.geometry_kind or "").lower()
    if fields & WATER_FIELDS or WATER_WORDS & set(fold(one.layer.name).split()):
        return "water" if "line" in shape or "polygon" in shape else "nothing"
    if shape in {"unknown", "geometrycollection"} and fields & (HOUSE_FIELDS | {"tags highway", "highway"}):
        return "basemap"
    if "line" in shape:
        return "alleys"
    if "polygon" in shape or (one.square_metres is not None and "point" not in shape):
        is_small = one.square_metres is not None and one.square_metres < LARGEST_HOUSE_SQUARE_METRES
        return "buildings" if fields & HOUSE_FIELDS or is_small else "areas"
    return "addresses" if "point" in shape and fields & NUMBER_FIELDS else "nothing"


def _maker(one: LayerLook) -> str:
    """Who drew the buildings of a layer, by its fields; "" for OpenStreetMap."""
    fields = {fold(field.name) for field in one.layer.fields}
    if fields & {"osm id", "osm"}:
        return ""
    if "full plus code" in fields:
        return Maker.GOOGLE.value
    if {"sources", "version"} <= fields:
        return Maker.OVERTURE.value
    return Maker.OFFICIAL.value


def with_list(look: dict[str, Any], path: Path) -> dict[str, Any]:
    """The same, its one table proposed as a national list of areas if it is one."""
    if look["kind"] != "table" or list_kind(path) is None:
        return look
    return {**look, "layers": [{**one, "becomes": "list"} for one in look["layers"]]}


def near(look: dict[str, Any]) -> BBox | None:
    """Where a file lies, WGS 84; None when that is not known yet."""
    return None if look["extent"] is None else BBox(*look["extent"])

"""Streets and buildings from a GeoPackage or GeoJSON: lines are streets, surfaces buildings, fields by their names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from gis_layers.boundary import repaired
from gis_layers.crs import crs_of
from gis_layers.errors import BadGeometryError
from gis_layers.sources.noding import junctions, node_id, pieces
from gis_layers.sources.osm_features import (
    Access,
    Address,
    Alley,
    AlleyKind,
    Building,
    Feature,
    Skipped,
    alley_kind,
)
from gis_layers.sources.vector_files import Layer, Reading, VectorFeature, features, layers
from gis_layers.types import LonLat
from webmap.mapfiles.inputs import StreetsOrder
from webmap.text import fold, nfc

NAMES = ("name", "ten", "ten duong", "ten pho")
KINDS = ("highway", "loai", "fclass", "type", "kind")
NUMBERS = ("so nha", "house number", "housenumber", "addr housenumber", "so")
STREETS = ("duong", "street", "addr street", "ten duong", "pho")
IDS = ("osm id",)


def features_of(path: Path, order: StreetsOrder) -> Iterator[Feature]:
    """Yield lines as alleys joined at common corners, surfaces as buildings, their house numbers as addresses."""
    crs = crs_of(order.epsg) if order.epsg else None
    for layer in layers(path):
        found = [*features(path, layer, Reading(crs, order.is_north_first))]
        lines = [(one, line) for one in found for line in _lines(one)]
        joints = junctions(line for _, line in lines)
        for one, line in lines:
            yield from _alleys(one, line, joints)
        for one in found:
            yield from _houses(one, layer)


def _alleys(one: VectorFeature, line: LineString, joints: frozenset[int]) -> Iterator[Feature]:
    said = nfc(str(_field(one, KINDS) or ""))
    kind = alley_kind({"highway": said, "name": _name(one)}) or AlleyKind.ROAD
    for piece, (from_node, to_node, part) in enumerate(pieces(line, joints)):
        yield Alley(_id(one), piece, _name(one), kind, Access.PUBLIC, False, from_node, to_node, part)


def _houses(one: VectorFeature, layer: Layer) -> Iterator[Feature]:
    shape = one.geometry
    if shape is None:
        yield Skipped(f"{layer.name}:{one.number}", one.problem or "no_geometry")
        return
    ref = f"w{_id(one)}"
    number, street = nfc(str(_field(one, NUMBERS) or "")), nfc(str(_field(one, STREETS) or ""))
    if isinstance(shape, Polygon | MultiPolygon):
        try:
            outline = repaired(shape).boundary
        except BadGeometryError:
            yield Skipped(f"{layer.name}:{one.number}", "broken_ring")
            return
        yield Building(ref, "yes", _name(one), None, outline)
        shape = outline.representative_point()
    elif isinstance(shape, Point):
        ref = f"n{_id(one)}"
    else:
        return
    if number:
        yield Address(ref, number, street, _name(one), LonLat(shape.x, shape.y))


def _lines(one: VectorFeature) -> Iterator[LineString]:
    for part in shapely.get_parts(one.geometry) if one.geometry is not None else ():
        if isinstance(part, LineString) and part.length > 0:
            yield part


def _field(one: VectorFeature, names: tuple[str, ...]) -> Any:
    folded = {fold(field): value for field, value in one.fields.items()}
    return next((folded[name] for name in names if folded.get(name) is not None), None)


def _name(one: VectorFeature) -> str:
    return nfc(str(_field(one, NAMES) or ""))


def _id(one: VectorFeature) -> int:
    """The OpenStreetMap number where the file kept it; else one made from where the feature lies, negative."""
    said = _field(one, IDS)
    if isinstance(said, int) and said > 0:
        return said
    return 0 if one.geometry is None else node_id(one.geometry.representative_point().coords[0])

"""Streets, buildings, addresses and water from any map file that is not OpenStreetMap's: fields by their names."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from sqlalchemy.orm import Session

from gis_layers.boundary import repaired
from gis_layers.crs import crs_of
from gis_layers.errors import BadGeometryError
from gis_layers.letters import Letters
from gis_layers.sources.noding import junctions, node_id, pieces
from gis_layers.sources.osm_features import (
    Access,
    Address,
    Alley,
    AlleyKind,
    Building,
    Feature,
    Skipped,
    Water,
    alley_kind,
)
from gis_layers.sources.vector_layer import Held, Layer, Reading, VectorFeature
from gis_layers.types import LonLat
from webmap.areas.map_reading import batches_of, layers_of
from webmap.areas.map_reading import features_of as read
from webmap.mapfiles.inputs import StreetLayer, StreetsOrder
from webmap.streets.buildings import BuildingFields, load_buildings
from webmap.streets.counts import Counts, Reach, Tell
from webmap.streets.rules import Maker
from webmap.text import fold, nfc

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

NAMES = ("name", "ten", "ten duong", "ten pho")
KINDS = ("highway", "loai", "fclass", "type", "kind")
NUMBERS = ("so nha", "house number", "housenumber", "addr housenumber", "so")
STREETS = ("duong", "street", "addr street", "ten duong", "pho", "duong ngo")
WATERS = ("water", "waterway", "natural", "loai", "fclass", "type", "kind")
IDS = ("osm id", "osm")
BUILDINGS = ("building", "loai", "fclass", "type", "kind")
NOT_THERE = frozenset(("construction", "proposed", "abandoned", "razed", "disused", "demolished"))


def features_of(path: Path, order: StreetsOrder) -> Iterator[Feature]:
    """Yield what was chosen of each layer; alleys are joined at common corners. Not what has another maker than OSM."""
    for layer, chosen in _chosen(path, order):
        if not chosen.maker:
            yield from _of_layer([*read(path, layer, _reading(chosen))], chosen)


def load_outlines(
    session: Session, path: Path, order: StreetsOrder, source_id: int, *, reach: Reach, tell: Tell
) -> Counts:
    """Load the layers of buildings that somebody else than OpenStreetMap drew, in bulk."""
    counts = Counts()
    for layer, chosen in _chosen(path, order):
        if not chosen.maker:
            continue
        done = load_buildings(
            session,
            batches_of(path, layer, _reading(chosen)),
            BuildingFields.of_columns(field.name for field in layer.fields),
            source_id,
            maker=Maker(chosen.maker),
            reach=reach,
            tell=tell,
        )
        add(counts, done)
    return counts


def add(counts: Counts, more: Counts) -> None:
    """Add what another load did."""
    for part in ("added", "changed", "removed", "same", "skipped"):
        known = getattr(counts, part)
        for key, many in getattr(more, part).items():
            known[key] = known.get(key, 0) + many


def _chosen(path: Path, order: StreetsOrder) -> Iterator[tuple[Layer, StreetLayer]]:
    wanted = {one.layer: one for one in order.layers}
    for layer in layers_of(path):
        if layer.positions.held is Held.NOTHING or (wanted and layer.name not in wanted):
            continue
        as_a_whole = StreetLayer(layer=layer.name, epsg=order.epsg, is_north_first=order.is_north_first)
        yield layer, wanted.get(layer.name, as_a_whole)


def _reading(chosen: StreetLayer) -> Reading:
    return Reading(
        crs_of(chosen.epsg) if chosen.epsg else None,
        chosen.is_north_first,
        Letters(chosen.letters) if chosen.letters else None,
    )


def _of_layer(found: list[VectorFeature], chosen: StreetLayer) -> Iterator[Feature]:
    for one in found:
        if one.geometry is None:
            yield Skipped(f"{chosen.layer}:{one.number}", one.problem or "no_geometry")
    there = [one for one in found if one.geometry is not None]
    if chosen.becomes in {None, "alleys"}:
        yield from _ways([(one, line) for one in there for line in _lines(one)], chosen.layer)
    for one in there:
        if chosen.becomes == "water":
            yield from _water(one, chosen.layer)
        elif chosen.becomes != "alleys":
            yield from _houses(one, chosen)


def _ways(lines: list[tuple[VectorFeature, LineString]], layer: str) -> Iterator[Feature]:
    """Yield lines as alleys, joined at common corners; not what is no way, by what the file says of it."""
    ways = []
    for one, line in lines:
        said = _field(one, KINDS)
        if said in NOT_THERE:
            yield Skipped(f"{layer}:{one.number}", "not_there")
        elif said == "pedestrian" and line.is_ring:
            yield Skipped(f"{layer}:{one.number}", "a_square")
        else:
            ways.append((one, line))
    joints = junctions(line for _, line in ways)
    for one, line in ways:
        yield from _alleys(one, line, joints)


def _alleys(one: VectorFeature, line: LineString, joints: frozenset[int]) -> Iterator[Feature]:
    said = nfc(str(_field(one, KINDS) or ""))
    kind = alley_kind({"highway": said, "name": _name(one)}) or AlleyKind.ROAD
    for piece, (from_node, to_node, part) in enumerate(pieces(line, joints)):
        yield Alley(_id(one), piece, _name(one), kind, Access.PUBLIC, False, from_node, to_node, part)


def _water(one: VectorFeature, layer: str) -> Iterator[Feature]:
    shape = one.geometry
    if shape is None or shape.geom_type not in {"LineString", "MultiLineString", "Polygon", "MultiPolygon"}:
        yield Skipped(f"{layer}:{one.number}", "not_water")
        return
    if not shape.is_valid:
        try:
            shape = repaired(shape).boundary
        except BadGeometryError:
            yield Skipped(f"{layer}:{one.number}", "broken_ring")
            return
    yield Water(f"w{_id(one)}", _water_kind(one, layer), _name(one), shape)


def _water_kind(one: VectorFeature, layer: str) -> str:
    """Kênh, mương and canals are dug; hồ, ao and lakes stand; all else flows."""
    words = fold(f"{_field(one, WATERS) or ''} {_name(one)} {layer}").split()
    if {"kenh", "muong", "canal", "drain", "ditch"} & set(words):
        return "canal"
    return "lake" if {"ho", "ao", "dam", "lake", "pond", "reservoir"} & set(words) else "river"


def _houses(one: VectorFeature, chosen: StreetLayer) -> Iterator[Feature]:
    shape: BaseGeometry | None = one.geometry
    ref = f"w{_id(one)}"
    if isinstance(shape, Polygon | MultiPolygon):
        try:
            outline = repaired(shape).boundary
        except BadGeometryError:
            yield Skipped(f"{chosen.layer}:{one.number}", "broken_ring")
            return
        if chosen.becomes != "addresses":
            yield Building(ref, nfc(str(_field(one, BUILDINGS) or "")), _name(one), None, outline)
        shape = outline.representative_point()
    elif isinstance(shape, Point) and chosen.becomes != "buildings":
        ref = f"n{_id(one)}"
    else:
        return
    if number := nfc(str(_field(one, NUMBERS) or "")):
        yield Address(ref, number, nfc(str(_field(one, STREETS) or "")), _name(one), LonLat(shape.x, shape.y))


def _lines(one: VectorFeature) -> Iterator[LineString]:
    for part in shapely.get_parts(one.geometry) if one.geometry is not None else ():
        if isinstance(part, LineString) and part.length > 0:
            yield part


def _field(one: VectorFeature, names: tuple[str, ...]) -> Any:
    folded = {fold(field.removeprefix("tags.")): value for field, value in one.fields.items()}
    return next((folded[name] for name in names if folded.get(name) is not None), None)


def _name(one: VectorFeature) -> str:
    return nfc(str(_field(one, NAMES) or ""))


def _id(one: VectorFeature) -> int:
    """The OpenStreetMap number where the file kept it; else one made from where the feature lies, negative."""
    said = str(_field(one, IDS) or "").rpartition("/")[2].lstrip("nw")  # 123, "way/123", "w123"
    if said.isascii() and said.isdigit() and int(said) > 0:
        return int(said)
    return 0 if one.geometry is None else node_id(one.geometry.representative_point().coords[0])

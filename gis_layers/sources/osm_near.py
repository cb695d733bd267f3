"""What of a large .osm.pbf lies near a box, as a small file of its own: read at libosmium's pace, in little memory.

The file is read several times, and each time only what is asked for comes up to Python: first the nodes near the box,
then the ways that touch them, the ways that meet those, and at last the nodes of all of them. No table of all nodes
is kept; ids, not positions, say what belongs together. Every alley near keeps its number of pieces, because whatever it
meets comes along.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import osmium

from gis_layers.sources.osm_features import WATER_LINES, AlleyKind, alley_kind, is_gate, is_surface_of_use, text
from gis_layers.sources.pbf_strings import slices
from gis_layers.types import BBox

Ids = npt.NDArray[np.int64]
WIDE = 0.02  # degrees, some 2 km: no road has a straight so long, lakes, rivers and ferries are looked at apart
OF_NODES = ("addr:housenumber", "place", "barrier")
OF_WAYS = ("highway", "building", "addr:housenumber", "natural", "waterway", "landuse", "route")
OF_WIDE = ("natural", "waterway", "landuse", "route")
SURFACES = ("building", "natural", "waterway", "landuse")
READ_WHOLE_BYTES = 4 * 1024**2  # a file so small is sooner read whole
READ_BYTES = 4 * 1024**2
NODE = np.dtype([("id", np.int64), ("x", np.int32), ("y", np.int32)])  # as libosmium writes a table of places
SCALE = 10_000_000  # of its coordinates
NOWHERE = np.int32(2**31 - 1)
ID_BITS, MOST_GROUPS = 25, 64  # libosmium's set of ids takes 4 MiB for every 2^25 ids in which there is one


@dataclass(slots=True)
class _Near:
    """What was chosen so far."""

    nodes: Ids
    tagged: dict[int, Any]
    ways: set[int] = field(default_factory=set)
    relations: set[int] = field(default_factory=set)
    refs: "array[int]" = field(default_factory=lambda: array("q"))  # nodes of the ways
    walked: "array[int]" = field(default_factory=lambda: array("q"))  # of the alleys among them


@dataclass(slots=True)
class _Wide:
    """Ways without a node near that may reach across the box all the same, or around it."""

    ways: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    refs: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, item: Any) -> None:
        refs = _refs(item)
        if refs:
            self.ways.append(item.id)
            self.begins.append(len(self.refs))
            self.refs.extend(refs)


def write_near(source: Path, target: Path, within: BBox) -> None:
    """Write what lies near a box (WGS 84) to another .osm.pbf: whole ways and relations, and what decides on junctions.

    Alleys and buildings belong to it with a corner within two kilometres of the box; water, ferries and relations also
    when they only reach across or around it. A way none of whose nodes are in the file is nowhere, and not near.
    """
    members = _members(source)
    near = _beginning(source, within)
    for way in _touching(source, near.nodes):
        if any(key in way.tags for key in OF_WAYS) or way.id in members:
            _keep(near, way)
    wide = _wide(source, near, members)
    for way in _touching(source, _unique(near.walked), "highway", "route"):
        if way.id not in near.ways and alley_kind(way.tags) not in {None, AlleyKind.MOTORWAY}:
            near.ways.add(way.id)
            near.refs.extend(_refs(way))
    wanted = np.unique(np.concatenate((_unique(near.refs), _unique(wide.refs))))
    places = places_in(source, wanted)
    _keep_wide(near, wide, members, places, within)
    _write(source, target, near, places)


def _refs(way: Any) -> list[int]:
    return [node.ref for node in way.nodes]


def _keep(near: _Near, way: Any) -> None:
    refs = _refs(way)
    near.ways.add(way.id)
    near.refs.extend(refs)
    if alley_kind(way.tags) not in {None, AlleyKind.MOTORWAY}:
        near.walked.extend(refs)


def _unique(refs: "array[int]") -> Ids:
    return np.unique(np.frombuffer(refs, dtype=np.int64))


def _members(source: Path) -> dict[int, list[int]]:
    """Return the relations of use that each way is a member of."""
    members: dict[int, list[int]] = {}
    for item in _read(source, osmium.osm.RELATION, osmium.filter.KeyFilter(*SURFACES)):
        is_area = item.tags.get("type") in {"multipolygon", "boundary"}
        if is_area and (is_surface_of_use(item.tags) or text(item.tags, "addr:housenumber")):
            for member in item.members:
                if member.type == "w":
                    members.setdefault(member.ref, []).append(item.id)
    return members


def _beginning(source: Path, within: BBox) -> _Near:
    """Return the nodes near the box, and of the tagged ones those near and all gates."""
    west, south = int((within.west - WIDE) * SCALE), int((within.south - WIDE) * SCALE)
    east, north = int((within.east + WIDE) * SCALE), int((within.north + WIDE) * SCALE)
    near: list[Ids] = []
    tagged: dict[int, Any] = {}

    def keep(item: Any) -> None:
        is_near = west <= item.location.x <= east and south <= item.location.y <= north
        if item.location.valid() and (is_near or is_gate(item.tags)):
            tagged[item.id] = osmium.osm.mutable.Node(item, tags=dict(item.tags), location=(item.lon, item.lat))

    for nodes in _node_batches(source, keep):
        is_near = (nodes["x"] >= west) & (nodes["x"] <= east) & (nodes["y"] >= south) & (nodes["y"] <= north)
        near.append(nodes["id"][is_near])
    return _Near(np.unique(np.concatenate(near or [np.empty(0, np.int64)])), tagged)


def _node_batches(source: Path, keep: Any = None) -> Iterator[npt.NDArray[Any]]:
    """Yield where nodes are, a million at a time; tagged ones are handed to a function on the way."""
    of_nodes = osmium.filter.KeyFilter(*OF_NODES)
    with TemporaryDirectory(prefix="map-") as folder:
        file = Path(folder, "places")
        table = osmium.index.create_map(f"sparse_file_array,{file}")  # one for all: libosmium leaves its file open
        located = osmium.NodeLocationsForWays(table)
        for part in slices(source, READ_BYTES):
            table.clear()
            with osmium.io.Reader(osmium.io.FileBuffer(part, "pbf"), osmium.osm.NODE) as reader:
                if keep is None:
                    osmium.apply(reader, located)
                else:
                    for item in osmium.OsmFileIterator(reader, located, of_nodes):
                        keep(item)
            yield np.fromfile(file, dtype=NODE, count=table.used_memory() // NODE.itemsize)


def _touching(source: Path, nodes: Ids, *keys: str) -> Iterator[Any]:
    """Yield the ways that hold one of the nodes (sorted), some of them more than once."""
    nodes = nodes[nodes >= 0]  # libosmium has no place for others
    groups = nodes >> ID_BITS
    for some in np.array_split(np.unique(groups), -(-len(np.unique(groups)) // MOST_GROUPS) or 1):
        tracker = osmium.IdTracker()
        for node in nodes[np.isin(groups, some)].tolist():
            tracker.add_node(node)
        of_keys = (osmium.filter.KeyFilter(*keys),) if keys else ()
        yield from _read(source, osmium.osm.WAY, tracker.contains_filter(), *of_keys)


def _wide(source: Path, near: _Near, members: dict[int, list[int]]) -> _Wide:
    wide = _Wide()
    for way in _read(source, osmium.osm.WAY, osmium.filter.KeyFilter(*OF_WIDE)):
        is_water = is_surface_of_use(way.tags) or way.tags.get("waterway") in WATER_LINES
        if way.id not in near.ways and way.id not in members and (is_water or alley_kind(way.tags) is AlleyKind.FERRY):
            wide.add(way)
    if members:
        for way in _of_ids(source, osmium.osm.WAY, members):
            wide.add(way)
    return wide


def _read(source: Path, kind: Any, *filters: Any) -> Iterable[Any]:
    reading = osmium.FileProcessor(osmium.io.File(str(source), "pbf"), kind)
    for one in filters:
        reading = reading.with_filter(one)
    return reading


def _of_ids(source: Path, kind: Any, ids: Collection[int]) -> Iterator[Any]:
    """Yield the things of some ids; editors number what is new from -1 down, which libosmium does not filter by."""
    known = [one for one in ids if one >= 0]
    if len(known) < len(ids):  # they come first, as osmium has it
        yield from (item for item in _read(source, kind) if item.id < 0 and item.id in ids)
    if known:
        yield from _read(source, kind, osmium.filter.IdFilter(known))


def places_in(source: Path, wanted: Ids) -> npt.NDArray[Any]:
    """Return where the wanted nodes (sorted) are, in their order; those not in the file are NOWHERE."""
    places = np.full(len(wanted), NOWHERE, dtype=NODE)
    places["id"] = wanted
    if len(wanted):
        for nodes in _node_batches(source):
            at = np.searchsorted(wanted, nodes["id"]).clip(max=len(wanted) - 1)
            is_wanted = wanted[at] == nodes["id"]
            places[at[is_wanted]] = nodes[is_wanted]
    return places


def _keep_wide(near: _Near, wide: _Wide, members: dict[int, list[int]], places: npt.NDArray[Any], within: BBox) -> None:
    """Keep wide ways that reach into the box, and relations with all their ways when they do as a whole."""
    near.relations.update(relation for way in near.ways for relation in members.get(way, ()))
    boxes = dict(zip(wide.ways, _boxes(wide, places), strict=True))
    whole: dict[int, tuple[float, float, float, float]] = {}
    for way, (west, south, east, north) in boxes.items():
        if way not in members and _meet(within, west, south, east, north):
            near.ways.add(way)
        for relation in members.get(way, ()):
            a, b, c, d = whole.get(relation, (west, south, east, north))
            whole[relation] = min(a, west), min(b, south), max(c, east), max(d, north)
    near.relations.update(relation for relation, box in whole.items() if _meet(within, *box))
    near.ways.update(way for way, relations in members.items() if not near.relations.isdisjoint(relations))
    ends = [*wide.begins[1:], len(wide.refs)]
    for way, begin, end in zip(wide.ways, wide.begins, ends, strict=False):
        if way in near.ways:
            near.refs.extend(wide.refs[begin:end])


def _boxes(wide: _Wide, places: npt.NDArray[Any]) -> list[tuple[float, float, float, float]]:
    """Return west, south, east, north of each wide way; of one that is nowhere a box that meets none."""
    if not wide.ways:
        return []
    found = places[np.searchsorted(places["id"], np.frombuffer(wide.refs, dtype=np.int64))]
    is_there = found["x"] != NOWHERE
    edges = []
    for coordinate in ("x", "y"):
        here = found[coordinate].astype(np.float64) / SCALE
        edges.append(np.minimum.reduceat(np.where(is_there, here, np.inf), wide.begins).tolist())
        edges.append(np.maximum.reduceat(np.where(is_there, here, -np.inf), wide.begins).tolist())
    west, east, south, north = edges
    return list(zip(west, south, east, north, strict=True))


def _meet(within: BBox, west: float, south: float, east: float, north: float) -> bool:
    return west <= within.east and east >= within.west and south <= within.north and north >= within.south


def _write(source: Path, target: Path, near: _Near, places: npt.NDArray[Any]) -> None:
    refs = _unique(near.refs)
    kept = places[np.isin(places["id"], refs) & (places["x"] != NOWHERE)]
    with osmium.SimpleWriter(osmium.io.File(str(target), "pbf"), overwrite=True) as writer:
        plain = {node: (x / SCALE, y / SCALE) for node, x, y in kept.tolist() if node not in near.tagged}
        for node in sorted((*plain, *near.tagged), key=lambda one: (one > 0, abs(one))):
            writer.add_node(near.tagged.get(node) or osmium.osm.mutable.Node(id=node, location=plain[node]))
        if near.ways:
            for way in _of_ids(source, osmium.osm.WAY, near.ways):
                writer.add_way(way)
        if near.relations:
            for relation in _of_ids(source, osmium.osm.RELATION, near.relations):
                writer.add_relation(relation)

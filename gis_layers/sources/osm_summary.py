"""First pass over an OpenStreetMap file: what it holds, where its ways meet, which relations it names."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import osmium

from gis_layers.errors import UnreadableFileError
from gis_layers.sources import osm_near
from gis_layers.sources.osm_features import (
    PLACES,
    WATER_LINES,
    AlleyKind,
    Tags,
    alley_kind,
    is_building,
    is_gate,
    is_surface_of_use,
    text,
    water_kind,
)
from gis_layers.sources.overpass import write_as_osm
from gis_layers.sources.pbf_strings import require_sound_texts
from gis_layers.sources.recognise import FileKind, opened
from gis_layers.types import BBox

KEYS = ("highway", "building", "addr:housenumber", "natural", "waterway", "landuse", "place", "barrier", "route")
FORMATS = {FileKind.OSM_XML: "xml", FileKind.OSM_PBF: "pbf"}


@dataclass(frozen=True)
class OsmSummary:
    """What a file holds.

    `counts` by "alleys", "buildings", "addresses", "water", "places": objects of the file, before ways are
    cut into pieces and anything is clipped. `bbox` of ways and of one corner of each building, None without
    any. `bounds`: what the file says it covers whole, if it says so. `dated_on`: the day of the data, where
    the file says it.
    `junctions`: sorted ids of the nodes that two walkable ways share.
    """

    path: Path
    counts: Counter[str]
    bbox: BBox | None
    bounds: BBox | None
    dated_on: date | None
    objects: int
    is_sorted: bool
    junctions: npt.NDArray[np.int64] = field(repr=False)
    gates: frozenset[int] = field(repr=False)
    relations: frozenset[int] = field(repr=False)


def summary(path: Path) -> OsmSummary:
    """Read the file once and say what it holds.

    UnreadableFileError(reason, …) when it is no OSM file, is damaged, or holds nothing of use ("no_content").
    """
    with osm_opened(path) as (file, pbf), damage_told():
        header = osmium.FileProcessor(file).header
        if pbf is not None and pbf.stat().st_size > osm_near.READ_WHOLE_BYTES:
            seen = _look_by_ids(file, pbf)
            is_sorted = not seen.lacks_nodes and header.get("sorting") == "Type_then_ID"
        else:
            seen = _look(file, osmium.index.create_map("flex_mem"))
            is_sorted = not seen.lacks_nodes
            if seen.lacks_nodes:  # perhaps they come after their ways, as Overpass writes when asked "out; >; out"
                seen = _look(file, places_of(file))
    if not seen.counts:
        raise UnreadableFileError(reason="no_content")
    ids, times = np.unique(np.frombuffer(seen.nodes, dtype=np.int64), return_counts=True)
    return OsmSummary(
        path=path,
        counts=seen.counts,
        bbox=BBox(*seen.corners) if seen.corners[0] <= seen.corners[2] else None,
        bounds=bounds_said(header),
        dated_on=_day(header.get("osmosis_replication_timestamp")) or seen.newest_on,
        objects=seen.objects,
        is_sorted=is_sorted,
        junctions=ids[times > 1],
        gates=frozenset(seen.gates),
        relations=frozenset(seen.relations),
    )


@contextmanager
def osm_opened(path: Path) -> Iterator[tuple[osmium.io.File, Path | None]]:
    """Open a file for osmium, format by content, without its wrapping, and say where it lies if it is an .osm.pbf.

    UnreadableFileError for any other kind.
    """
    with opened(path) as file, TemporaryDirectory(prefix="map-") as folder:
        if file.kind is FileKind.OVERPASS:
            target = Path(folder, "map.osm.pbf")
            write_as_osm(file.path, target)
            require_sound_texts(target)
            yield osmium.io.File(str(target), "pbf"), target
        elif file.kind in FORMATS:
            if file.kind is FileKind.OSM_PBF:
                require_sound_texts(file.path)
            is_pbf = file.kind is FileKind.OSM_PBF
            yield osmium.io.File(str(file.path), FORMATS[file.kind]), file.path if is_pbf else None
        else:
            raise UnreadableFileError(reason="unknown_kind", found=file.kind.value)


def places_of(file: osmium.io.File) -> Any:
    """Return where all nodes of a file are, as osmium's own table."""
    places = osmium.index.create_map("flex_mem")
    with osmium.io.Reader(file, osmium.osm.NODE) as reader:
        osmium.apply(reader, osmium.NodeLocationsForWays(places))
    return places


def _look_by_ids(file: osmium.io.File, pbf: Path) -> "_Seen":
    """Look at a large file without a table of all its nodes: which ones ways have first, where these are afterwards."""
    seen = _Seen(later=array("q"))
    for item in osmium.FileProcessor(file).with_filter(osmium.filter.KeyFilter(*KEYS)):
        seen.add(item)
    wanted = np.union1d(np.frombuffer(seen.nodes, np.int64), np.frombuffer(seen.later or array("q"), np.int64))
    places = osm_near.places_in(pbf, wanted)
    places = places[(np.abs(places["x"]) <= 180 * osm_near.SCALE) & (np.abs(places["y"]) <= 90 * osm_near.SCALE)]
    seen.lacks_nodes = len(places) < len(wanted)
    if len(places):
        lons, lats = places["x"] / osm_near.SCALE, places["y"] / osm_near.SCALE
        seen.corners = [float(lons.min()), float(lats.min()), float(lons.max()), float(lats.max())]
    return seen


def _look(file: osmium.io.File, places: Any) -> "_Seen":
    seen = _Seen()
    reading = osmium.FileProcessor(file).with_locations(places)
    for item in reading.with_filter(osmium.filter.KeyFilter(*KEYS)):
        seen.add(item)
    return seen


@contextmanager
def damage_told() -> Iterator[None]:
    """Turn osmium's complaints about a file into UnreadableFileError(reason="damaged", detail)."""
    try:
        yield
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error


class _Seen:
    """What the pass gathers, item by item. With `later`, nodes of ways go there: where they are is asked afterwards."""

    def __init__(self, later: "array[int] | None" = None) -> None:
        self.later = later
        self.counts: Counter[str] = Counter()
        self.nodes = array("q")
        self.gates: set[int] = set()
        self.relations: set[int] = set()
        self.newest_on: date | None = None
        self.objects = 0
        self.lacks_nodes = False
        self.corners = [180.0, 90.0, -180.0, -90.0]

    def add(self, item: Any) -> None:
        tags: Tags = item.tags
        self.objects += 1
        written_at = item.timestamp
        if written_at.year > 1970:
            self.newest_on = max(self.newest_on or date.min, written_at.date())
        if text(tags, "addr:housenumber") and not item.is_relation():
            self.counts["addresses"] += 1
        if item.is_node():
            self.add_node(item, tags)
        elif item.is_way():
            self.add_way(item, tags)
        elif tags.get("type") in {"multipolygon", "boundary"} and is_surface_of_use(tags):
            self.relations.add(item.id)
            self.counts["buildings" if is_building(tags) else "water"] += 1

    def add_node(self, item: Any, tags: Tags) -> None:
        if is_gate(tags):
            self.gates.add(item.id)
        if tags.get("place") in PLACES and text(tags, "name", "name:vi"):
            self.counts["places"] += 1

    def add_way(self, item: Any, tags: Tags) -> None:
        kind = alley_kind(tags)
        if kind is not None:
            self.counts["alleys"] += 1
            if kind is not AlleyKind.MOTORWAY:
                self.nodes.extend(node.ref for node in item.nodes)
                if self.later is not None:
                    return
        elif is_building(tags):
            self.counts["buildings"] += 1
            self.stretch(islice(item.nodes, 1))  # one corner is enough of a house, and there are millions
            return
        elif water_kind(tags) or tags.get("waterway") in WATER_LINES:
            self.counts["water"] += 1
        else:
            return
        self.stretch(item.nodes)

    def stretch(self, nodes: Iterable[Any]) -> None:
        if self.later is not None:
            self.later.extend(node.ref for node in nodes)
            return
        west, south, east, north = self.corners
        for node in nodes:
            if node.location.valid():
                lon, lat = node.lon, node.lat
                west, south, east, north = min(west, lon), min(south, lat), max(east, lon), max(north, lat)
            else:
                self.lacks_nodes = True
        self.corners = [west, south, east, north]


def bounds_said(header: osmium.io.Header) -> BBox | None:
    """Return what a file says it covers whole, None when it does not say."""
    box = header.box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return BBox(low.lon, low.lat, high.lon, high.lat)


def _day(stamp: str) -> date | None:
    try:
        return datetime.fromisoformat(stamp).date() if stamp else None
    except ValueError:
        return None

"""OpenStreetMap extracts, .osm and .osm.pbf.

Alleys joined at junctions, buildings, house numbers, water, places.

`summary` reads the file once, `features` a second time. Memory goes to the positions of nodes (16 bytes
each) and the nodes of ways (8 bytes each), not to features.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import osmium
import shapely
from shapely import LineString, MultiPolygon

from gis_layers.errors import UnreadableFileError
from gis_layers.sources import osm_near
from gis_layers.sources.osm_features import (
    PLACES,
    WATER_LINES,
    Address,
    Alley,
    AlleyKind,
    Building,
    Feature,
    Place,
    Skipped,
    Tags,
    Water,
    access,
    alley_kind,
    is_building,
    is_surface_of_use,
    levels,
    text,
    water_kind,
)
from gis_layers.sources.osm_near import WIDE, write_near
from gis_layers.sources.osm_summary import KEYS, OsmSummary, bounds_said, damage_told, osm_opened, places_of, summary
from gis_layers.sources.pbf_strings import require_sound_texts
from gis_layers.sources.recognise import FileKind, opened
from gis_layers.types import BBox, LonLat

__all__ = ["OsmSummary", "bounds", "features", "features_within", "summary"]

SURFACE_KEYS = ("building", "natural", "waterway", "landuse")
Run = tuple[list[int], list[tuple[float, float]]]


def features_within(path: Path, within: BBox) -> Iterator[Feature]:
    """Yield what `features` yields of what lies within a box (WGS 84), or nearly does, in no certain order.

    Of a large .osm.pbf only what lies near is looked at (`osm_near`), so that memory goes with the box and not with
    the country; what was skipped is told of what lies near only, and nothing at all is yielded when nothing does.
    """
    with opened(path) as file, TemporaryDirectory(prefix="map-") as folder, damage_told():
        is_large = file.kind is FileKind.OSM_PBF and file.path.stat().st_size > osm_near.READ_WHOLE_BYTES
        if is_large:
            require_sound_texts(file.path)
            path = Path(folder, "near.osm.pbf")
            write_near(file.path, path, within)
        try:
            about = summary(path)
        except UnreadableFileError as error:
            if is_large and error.facts["reason"] == "no_content":
                return
            raise
        yield from features(about, within)


def bounds(path: Path) -> BBox | None:
    """Return what the file says it covers whole (degrees), None when it does not say. Errors as of `summary`."""
    with osm_opened(path) as (file, _), damage_told():
        return bounds_said(osmium.FileProcessor(file).header)


def features(about: OsmSummary, within: BBox | None = None) -> Iterator[Feature]:
    """Yield what is of use in the file of a summary; what had to be left out as Skipped.

    Geometry is WGS 84. A way is cut into pieces where it meets another walkable way, so that pieces join by
    their node ids and nowhere else (a bridge does not meet the road below). UnreadableFileError when the
    file breaks off.

    `within` (degrees) leaves out early what lies wholly elsewhere, which is most of a country's file when a commune
    is wanted; pieces are cut and numbered as without it. What touches the box or nearly does is whole: `clip` cuts.
    """
    unseen = set(about.relations)
    with osm_opened(about.path) as (file, _), damage_told():
        for item in _processor(file, about):
            if item.is_area():
                if not item.from_way():
                    unseen.discard(item.orig_id())
                if within is None or not _is_building_elsewhere(item, within):
                    yield from _of_area(item)
            elif item.is_way():
                yield from _of_way(item, about, within)
            elif item.is_node() and (within is None or _holds(within, item)):
                yield from _of_node(item)
    yield from (Skipped(f"r{relation}", "incomplete_relation") for relation in sorted(unseen))


def _processor(file: osmium.io.File, about: OsmSummary) -> Iterable[Any]:
    places: Any = osmium.index.create_map("flex_mem") if about.is_sorted else places_of(file)
    of_use = osmium.filter.KeyFilter(*SURFACE_KEYS)
    reading = osmium.FileProcessor(file).with_locations(places).with_areas(of_use)
    return reading.with_filter(osmium.filter.KeyFilter(*KEYS))


def _of_node(item: Any) -> Iterator[Feature]:
    tags: Tags = item.tags
    position = LonLat(item.lon, item.lat)
    yield from _addressed(f"n{item.id}", tags, position)
    name = text(tags, "name", "name:vi")
    if tags.get("place") in PLACES and name:
        yield Place(f"n{item.id}", tags["place"], name, position)


def _addressed(ref: str, tags: Tags, position: LonLat) -> Iterator[Address]:
    if number := text(tags, "addr:housenumber"):
        street = text(tags, "addr:street", "addr:place")
        yield Address(ref, number, street, text(tags, "name", "name:vi"), position)


def _of_area(item: Any) -> Iterator[Feature]:
    tags: Tags = item.tags
    if not is_surface_of_use(tags) and not text(tags, "addr:housenumber"):
        return
    ref = f"{'w' if item.from_way() else 'r'}{item.orig_id()}"
    surface = _surface(item)
    if surface is None:
        yield Skipped(ref, "broken_ring")
        return
    name = text(tags, "name", "name:vi")
    inside = surface.representative_point()
    yield from _addressed(ref, tags, LonLat(inside.x, inside.y))
    if is_building(tags):
        yield Building(ref, tags["building"], name, levels(tags), surface)
    elif kind := water_kind(tags):
        yield Water(ref, kind, name, surface)


def _surface(item: Any) -> MultiPolygon | None:
    outer, _ = item.num_rings()
    if outer == 0:
        return None
    shape = shapely.from_wkb(osmium.geom.WKBFactory().create_multipolygon(item))
    return shape if isinstance(shape, MultiPolygon) and shape.is_valid else None


def _holds(within: BBox, node: Any) -> bool:
    return bool(within.west <= node.lon <= within.east and within.south <= node.lat <= within.north)


def _is_building_elsewhere(item: Any, within: BBox) -> bool:
    """Say by its first corner alone whether a building lies elsewhere: none is two kilometres long."""
    if not item.from_way() or not is_building(item.tags):
        return False
    corner = next((node for ring in item.outer_rings() for node in ring), None)
    wide = BBox(within.west - WIDE, within.south - WIDE, within.east + WIDE, within.north + WIDE)
    return corner is not None and corner.location.valid() and not _holds(wide, corner)


def _touches(runs: list[Run], within: BBox) -> bool:
    for _, lonlats in runs:
        lons, lats = zip(*lonlats, strict=True)
        is_beside = min(lons) > within.east or max(lons) < within.west
        if not is_beside and min(lats) <= within.north and max(lats) >= within.south:
            return True
    return not runs


def _of_way(item: Any, about: OsmSummary, within: BBox | None) -> Iterator[Feature]:
    tags: Tags = item.tags
    kind = alley_kind(tags)
    is_line = kind is not None or tags.get("waterway") in WATER_LINES
    if not is_line:
        if not item.is_closed() and (is_surface_of_use(tags) or text(tags, "addr:housenumber")):
            yield Skipped(f"w{item.id}", "not_closed")
        return
    runs, is_whole = _runs(item)
    if within is not None and not _touches(runs, within):
        return
    if not is_whole:
        yield Skipped(f"w{item.id}", "missing_nodes")
    if kind is None:
        name = text(tags, "name", "name:vi")
        for _, lonlats in runs:
            yield Water(f"w{item.id}", tags["waterway"], name, LineString(lonlats))
    else:
        yield from _alleys(item.id, tags, kind, runs, about)


def _alleys(way: int, tags: Tags, kind: AlleyKind, runs: list[Run], about: OsmSummary) -> Iterator[Alley]:
    piece = 0
    for refs, lonlats in runs:
        for start, stop in _cuts(refs, kind, about):
            yield Alley(
                osm_id=way,
                piece=piece,
                name=text(tags, "name", "name:vi"),
                kind=kind,
                access=access(tags),
                is_gated=not about.gates.isdisjoint(refs[start : stop + 1]),
                from_node=refs[start],
                to_node=refs[stop],
                geometry=LineString(lonlats[start : stop + 1]),
            )
            piece += 1


def _runs(item: Any) -> tuple[list[Run], bool]:
    """Split a way where nodes are missing from the file; the flag says whether it is whole.

    A node repeated at once is taken once.
    """
    runs: list[Run] = []
    refs: list[int] = []
    lonlats: list[tuple[float, float]] = []
    is_whole = len(item.nodes) > 1  # Overpass can be asked for the middle of a way only
    for node in item.nodes:
        if not node.location.valid():
            is_whole = False
            refs, lonlats = [], []
            continue
        if refs and refs[-1] == node.ref:
            continue
        refs.append(node.ref)
        lonlats.append((node.lon, node.lat))
        if len(refs) == 2:
            runs.append((refs, lonlats))
    return runs, is_whole


def _cuts(refs: list[int], kind: AlleyKind, about: OsmSummary) -> Iterator[tuple[int, int]]:
    """Yield the first and last position of each piece of a run."""
    start = 0
    if kind is not AlleyKind.MOTORWAY:
        for position in np.flatnonzero(_are_junctions(refs, about)):
            if 0 < position < len(refs) - 1:
                yield start, int(position)
                start = int(position)
    yield start, len(refs) - 1


def _are_junctions(refs: list[int], about: OsmSummary) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if len(about.junctions) == 0:
        return np.zeros(len(refs), dtype=bool)
    found = np.searchsorted(about.junctions, refs).clip(max=len(about.junctions) - 1)
    return np.asarray(about.junctions[found] == refs)

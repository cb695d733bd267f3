"""Overpass JSON, made into an ordinary OpenStreetMap file, so that one reader knows what tags and rings mean.

Nodes may come as elements ("out body; >; out skel;") or as the geometry of ways and of members ("out geom"); then
they are numbered by where they are, so that ways still meet. Read piece by piece: no more than one element is held,
and of ways and relations what is needed to write them after their nodes.
"""

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import osmium
from osmium.osm import mutable

from gis_layers.errors import UnreadableFileError
from gis_layers.sources.noding import node_id

CHUNK = 1024 * 1024
MOST_ELEMENT_SIGNS = 64 * 1024**2
BEGINNING = re.compile(r'"elements"\s*:\s*\[')
BETWEEN = re.compile(r"[\s,]*")
REMARK = re.compile(r'"remark"\s*:\s*"((?:[^"\\]|\\.)*)"')
STAMP = re.compile(rb'"timestamp_osm_base"\s*:\s*"([0-9TZ:.-]{10,30})"')
HEAD = 16 * 1024
MADE_NODES = 2**57  # numbers of nodes that came without one lie beyond; OpenStreetMap is near 2**34

Json = dict[str, Any]


def write_as_osm(path: Path, target: Path) -> None:
    """Write the elements of an Overpass JSON as .osm.pbf, sorted by kind.

    UnreadableFileError(reason) with "damaged", or "query_broke_off" (remark) when the server stopped half way.
    """
    try:
        with osmium.SimpleWriter(osmium.io.File(str(target), "pbf"), header=_header(path)) as writer:
            ways, relations = _nodes_written(path, writer)
            for way in ways.values():
                writer.add_way(mutable.Way(id=way["id"], nodes=way["nodes"], tags=_tags(way["tags"])))
            for relation in relations:
                members = [(one["type"][0], int(one["ref"]), _text(one.get("role", ""))) for one in _members(relation)]
                tags = _tags(relation.get("tags"))
                writer.add_relation(mutable.Relation(id=int(relation["id"]), members=members, tags=tags))
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError, OverflowError) as error:
        raise UnreadableFileError(reason="damaged", detail=f"element: {error}"[:200]) from error


def _header(path: Path) -> osmium.io.Header:
    """Keep the day of the data."""
    with path.open("rb") as file:
        said = STAMP.search(file.read(HEAD))
    header = osmium.io.Header()
    if said:
        header.set("osmosis_replication_timestamp", said[1].decode())
    return header


def _nodes_written(path: Path, writer: Any) -> tuple[dict[int, Json], list[Json]]:
    """Write all nodes; return the ways by number, also those that are only told as members, and the relations."""
    ways: dict[int, Json] = {}
    relations: list[Json] = []
    for element in elements(path):
        kind = element.get("type")
        if kind == "node" and "lat" in element:
            _write_node(writer, int(element["id"]), element, element.get("tags"))
        elif kind == "way":
            ways[int(element["id"])] = _with_nodes(writer, element)
        elif kind == "relation":
            relations.append(element)
    for member in (one for relation in relations for one in _members(relation)):
        if member["type"] == "way" and "geometry" in member and int(member["ref"]) not in ways:
            ways[int(member["ref"])] = _with_nodes(writer, {"id": member["ref"], "geometry": member["geometry"]})
    return ways, relations


def _members(relation: Json) -> list[Json]:
    return relation.get("members") or []


def elements(path: Path) -> Iterator[Json]:
    """Yield the elements one by one; UnreadableFileError as above."""
    decoder = json.JSONDecoder()
    with path.open("rb") as file:
        text = _Text(file)
        while not (begin := BEGINNING.search(text.held)):
            if not text.more() or len(text.held) > MOST_ELEMENT_SIGNS:
                raise UnreadableFileError(reason="damaged", detail="no elements")
        at = begin.end()
        while True:
            at = _next(text, at)
            if text.held[at] == "]":
                break
            try:
                element, at = decoder.raw_decode(text.held, at)
            except RecursionError as error:
                raise UnreadableFileError(reason="too_deep") from error
            except ValueError as error:
                text.drop(at)
                at = 0
                if len(text.held) > MOST_ELEMENT_SIGNS or not text.more():
                    raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error
                continue
            if not isinstance(element, dict):
                raise UnreadableFileError(reason="damaged", detail="element")
            yield element
        _require_whole(text, at)


class _Text:
    """The part of a file that is held as text."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.decoder = getincrementaldecoder("utf-8-sig")()
        self.held = ""

    def more(self) -> bool:
        """Read on, each time as much again as is held; False at the end of the file."""
        try:
            raw = self.file.read(max(CHUNK, len(self.held)))
            self.held += self.decoder.decode(raw, not raw)
        except UnicodeDecodeError as error:
            raise UnreadableFileError(reason="letters", letters="utf-8", at=error.start) from error
        return bool(raw)

    def drop(self, count: int) -> None:
        """Forget what was read."""
        self.held = self.held[count:]


def _next(text: _Text, at: int) -> int:
    """Return where the next element, or the end of the list, begins."""
    while True:
        blank = BETWEEN.match(text.held, at)
        at = blank.end() if blank else at
        if at < len(text.held):
            return at
        text.drop(at)
        at = 0
        if not text.more():
            raise UnreadableFileError(reason="damaged", detail="the list of elements has no end")


def _require_whole(text: _Text, at: int) -> None:
    text.drop(at)
    text.more()
    remark = REMARK.search(text.held[:CHUNK])
    if remark and "error" in remark[1].lower():
        raise UnreadableFileError(reason="query_broke_off", remark=remark[1][:200])


def _with_nodes(writer: Any, way: Json) -> Json:
    """Return a way with the ids of its nodes; those that only have a place are written on the way."""
    places = way.get("geometry") or []
    refs = [int(ref) for ref in way.get("nodes") or []]
    if len(refs) != len(places):
        refs = refs or [_made(place) for place in places if place]
        places = [place for place in places if place] if len(refs) != len(places) else places
    for ref, place in zip(refs, places, strict=False):
        if place:
            _write_node(writer, ref, place, None)
    return {"id": int(way["id"]), "nodes": refs, "tags": way.get("tags")}


def _made(place: Json) -> int:
    return MADE_NODES - node_id((float(place["lon"]), float(place["lat"])))


def _write_node(writer: Any, number: int, place: Json, tags: Json | None) -> None:
    lon, lat = float(place["lon"]), float(place["lat"])
    if isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90:
        writer.add_node(mutable.Node(id=number, location=(lon, lat), tags=_tags(tags)))


def _tags(tags: Json | None) -> dict[str, str]:
    return {_text(key): _text(value) for key, value in (tags or {}).items()}


def _text(value: Any) -> str:
    """Write a tag without zeros: libosmium's texts end at one, and what follows would be read as something else."""
    return str(value).replace("\0", "")

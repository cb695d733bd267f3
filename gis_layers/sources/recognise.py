"""What kind of file is this? By its first bytes, never by its name."""

from enum import StrEnum
from pathlib import Path

from gis_layers.errors import UnreadableFileError

FIRST_BYTES = 4096
MOST_BYTES = 4 * 1024**3
GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
SQLITE = b"SQLite format 3\0"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class FileKind(StrEnum):
    """The kinds of map file that are read."""

    OSM_XML = "osm_xml"
    OSM_PBF = "osm_pbf"
    GEOJSON = "geojson"
    GEOPACKAGE = "geopackage"


# What people also try, so that the answer can name it.
STRANGERS = (
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7z"),
    (b"%PDF", "pdf"),
    (b"\x00\x00\x27\x0a", "shapefile_part"),
    (b"PMTiles", "pmtiles"),
    (SQLITE, "sqlite"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"PAR1", "parquet"),
)


def recognise(path: Path, most_bytes: int = MOST_BYTES) -> FileKind:
    """Return the kind of a map file.

    UnreadableFileError(reason) with reason "missing", "empty", "too_large" (most_bytes), or "unknown_kind"
    (found).
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            first = file.read(FIRST_BYTES)
    except OSError as error:
        raise UnreadableFileError(reason="missing") from error
    if size == 0:
        raise UnreadableFileError(reason="empty")
    if size > most_bytes:
        raise UnreadableFileError(reason="too_large", bytes=size, most_bytes=most_bytes)
    if kind := _kind(first):
        return kind
    raise UnreadableFileError(reason="unknown_kind", found=_stranger(first))


def _kind(first: bytes) -> FileKind | None:
    text = first.removeprefix(BYTE_ORDER_MARK).lstrip()
    if first[4:].startswith(b"\x0a\x09OSMHeader"):
        return FileKind.OSM_PBF
    if first.startswith(SQLITE):
        return FileKind.GEOPACKAGE if first[68:72] in GEOPACKAGE_IDS else None
    if text.startswith(b"<") and b"<osm" in text and b"<osmChange" not in text:
        return FileKind.OSM_XML
    if text.startswith(b"{") and (b'"FeatureCollection"' in text or b'"Feature"' in text or b'"coordinates"' in text):
        return FileKind.GEOJSON
    return None


def _stranger(first: bytes) -> str:
    for beginning, name in STRANGERS:
        if first.startswith(beginning):
            return name
    for mark, name in (
        (b"<kml", "kml"),
        (b"<gpx", "gpx"),
        (b"<osmChange", "osm_change"),
        (b"<html", "web_page"),
    ):
        if mark in first:
            return name
    return "json" if first.lstrip().startswith((b"{", b"[")) else "other"

"""What kind of file is this? By its content, never by its name; also inside a zip or a gzip."""

import codecs
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from zipfile import ZipInfo

from gis_layers.errors import UnreadableFileError
from gis_layers.sources import archives
from gis_layers.sources.dialect import looks_like_table

FIRST_BYTES = 64 * 1024
MOST_BYTES = 4 * 1024**3
GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
SQLITE = b"SQLite format 3\0"
ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b"
SHAPES = b"\x00\x00\x27\x0a"


class FileKind(StrEnum):
    """The kinds of map file that are read."""

    OSM_XML = "osm_xml"
    OSM_PBF = "osm_pbf"
    OVERPASS = "overpass"
    GEOJSON = "geojson"
    GEOJSON_LINES = "geojson_lines"
    GEOPACKAGE = "geopackage"
    SHAPEFILE = "shapefile"
    KML = "kml"
    GPX = "gpx"
    TABLE = "table"
    PARQUET = "parquet"


OSM_KINDS = (FileKind.OSM_PBF, FileKind.OSM_XML, FileKind.OVERPASS)

# What people also try, so that the answer can name it.
STRANGERS = (
    (b"PK", "zip"),
    (GZIP, "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (SHAPES, "shapefile_part"),
    (b"PMTiles", "pmtiles"),
    (b"AC10", "drawing"),
    (SQLITE, "sqlite"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"fgb", "flatgeobuf"),
    (b"Version ", "mapinfo"),
)
ROOTS = {"osm": FileKind.OSM_XML, "kml": FileKind.KML, "gpx": FileKind.GPX}
STRANGE_ROOTS = {"osmchange": "osm_change", "html": "web_page"}
PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
GEOMETRIES = r"(?:Multi)?(?:Point|LineString|Polygon)|GeometryCollection"
GEOJSON = re.compile(rf'"type"\s*:\s*"(?:FeatureCollection|Feature|{GEOMETRIES})"'.encode())
STRANGE_JSON = (
    (re.compile(rb'"type"\s*:\s*"Topology"'), "topojson"),
    (re.compile(rb'"geometryType"\s*:\s*"esri'), "esri_json"),
)
OVERPASS = re.compile(rb'"osm3s"|"generator"\s*:\s*"Overpass|"elements"\s*:\s*\[\s*(?:\{\s*"type"\s*:|\])')


@dataclass(frozen=True, slots=True)
class Opened:
    """A map file without its wrapping. `path` is a folder of numbered shapefiles for that kind; else the file."""

    kind: FileKind
    path: Path
    names: tuple[str, ...] = ()  # of the shapefiles, by number


def recognise(path: Path, most_bytes: int = MOST_BYTES) -> FileKind:
    """Return the kind of a map file, also of the one file that a zip or a gzip is wrapped around.

    UnreadableFileError(reason) with reason "missing", "empty", "too_large" (most_bytes), "unknown_kind" (found),
    "several_files" (names), "shapefile_incomplete" (missing), "entities", and those of `archives`.
    """
    first = _first_bytes(path, most_bytes)
    if first.startswith(ZIP):
        return _in_zip(path).kind
    if first.startswith(GZIP):
        return _of(archives.beginning_of_gzip(path, FIRST_BYTES))
    return _of(first)


@contextmanager
def opened(path: Path, most_bytes: int = MOST_BYTES) -> Iterator[Opened]:
    """Recognise a file and take its wrapping off, for as long as the context lasts."""
    first = _first_bytes(path, most_bytes)
    with ExitStack() as stack:
        if first.startswith(ZIP):
            inside = _in_zip(path)
            folder = stack.enter_context(archives.unpacked(path, inside.chosen))
            is_folder = inside.kind is FileKind.SHAPEFILE
            found = Opened(inside.kind, folder if is_folder else folder / "map", inside.names)
        elif first.startswith(GZIP):
            kind = recognise(path)
            found = Opened(kind, stack.enter_context(archives.unpacked_gzip(path)))
        else:
            found = Opened(_of(first), path)
        if not found.names and found.path.stat().st_size > most_bytes:
            raise UnreadableFileError(reason="too_large", bytes=found.path.stat().st_size, most_bytes=most_bytes)
        yield found


def _first_bytes(path: Path, most_bytes: int) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe would be waited for
            raise UnreadableFileError(reason="missing")
        size = about.st_size
        with path.open("rb") as file:
            first = file.read(FIRST_BYTES)
    except OSError as error:
        raise UnreadableFileError(reason="missing") from error
    if size == 0:
        raise UnreadableFileError(reason="empty")
    if size > most_bytes:
        raise UnreadableFileError(reason="too_large", bytes=size, most_bytes=most_bytes)
    return first


@dataclass(frozen=True, slots=True)
class _InZip:
    kind: FileKind
    chosen: tuple[tuple[ZipInfo, str], ...]
    names: tuple[str, ...] = ()


SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def _in_zip(path: Path) -> _InZip:
    found = archives.members(path)
    if any(one.filename == "[Content_Types].xml" for one in found):
        raise UnreadableFileError(reason="unknown_kind", found="office")
    if any(one.filename.lower().endswith(".shp") for one in found):
        return _shapefiles(found)
    kinds = []
    for one in found:
        first = archives.beginning(path, one, FIRST_BYTES)
        try:
            kinds.append((_of(first), one))
        except UnreadableFileError as error:
            if error.facts["reason"] != "unknown_kind":
                raise
    maps = [(kind, one) for kind, one in kinds if kind is not FileKind.TABLE] or kinds
    if (kml := [one for one in maps if one[0] is FileKind.KML]) and len(kml) == len(maps):
        maps = [next((one for one in kml if one[1].filename.lower() == "doc.kml"), kml[0])] if len(kml) > 1 else kml
    if len(maps) > 1:
        raise UnreadableFileError(reason="several_files", names=", ".join(one.filename for _, one in maps)[:200])
    if not maps:
        raise UnreadableFileError(reason="unknown_kind", found="zip")
    kind, member = maps[0]
    return _InZip(kind, ((member, "map"),))


def _shapefiles(found: tuple[ZipInfo, ...]) -> _InZip:
    """Bring the parts of each shapefile together: same folder, same stem, whatever the case of the letters."""
    groups: dict[str, dict[str, ZipInfo]] = {}
    for one in found:
        place = PurePosixPath(one.filename)
        if place.suffix.lower() in SHAPEFILE_PARTS:
            groups.setdefault(str(place.with_suffix("")).lower(), {})[place.suffix.lower()] = one
    groups = {key: parts for key, parts in groups.items() if ".shp" in parts}
    for parts in groups.values():
        missing = [part for part in (".shx", ".dbf") if part not in parts]
        if missing:
            name = PurePosixPath(parts[".shp"].filename).name
            raise UnreadableFileError(reason="shapefile_incomplete", name=name[:100], missing=", ".join(missing))
    places = [PurePosixPath(parts[".shp"].filename).with_suffix("") for parts in groups.values()]
    are_different = len({place.name for place in places}) == len(places)
    names = tuple(place.name if are_different else str(place) for place in places)
    chosen = [(one, f"{number}{part}") for number, parts in enumerate(groups.values()) for part, one in parts.items()]
    return _InZip(FileKind.SHAPEFILE, tuple(chosen), names)


def _of(first: bytes) -> FileKind:
    if first[4:].startswith(b"\x0a\x09OSMHeader"):
        return FileKind.OSM_PBF
    if first.startswith(SQLITE) and first[68:72] in GEOPACKAGE_IDS:
        return FileKind.GEOPACKAGE
    if first.startswith(b"PAR1"):
        return FileKind.PARQUET
    for start, name in STRANGERS:
        if first.startswith(start):
            raise UnreadableFileError(reason="unknown_kind", found=name)
    text = _plain(first)
    if text.startswith(b"<"):
        return _of_markup(text)
    if text.startswith((b"{", b"[", b"\x1e")):
        return _of_json(text)
    if looks_like_table(first):
        return FileKind.TABLE
    raise UnreadableFileError(reason="unknown_kind", found="text" if b"\0" not in first else "other")


def _plain(first: bytes) -> bytes:
    """Return the beginning as if it were ASCII: without byte order mark, zeros of UTF-16, blanks."""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        first = first[2:].replace(b"\0", b"")
    return first.removeprefix(codecs.BOM_UTF8).lstrip()


def _of_markup(text: bytes) -> FileKind:
    start = PROLOG.match(text)
    rest = text[start.end() :] if start else text
    lower = rest[:200].lower()
    if lower.startswith(b"<!doctype") and not lower.startswith(b"<!doctype html"):
        raise UnreadableFileError(reason="entities")
    root = ROOT.match(rest)
    name = root[1].decode("ascii", "replace").lower() if root else "web_page"
    if name in ROOTS and b"<OGR" not in text:
        return ROOTS[name]
    raise UnreadableFileError(reason="unknown_kind", found=STRANGE_ROOTS.get(name, "markup" if root else "web_page"))


def _of_json(text: bytes) -> FileKind:
    if text.startswith(b"\x1e"):
        return FileKind.GEOJSON_LINES
    for mark, name in STRANGE_JSON:
        if mark.search(text):
            raise UnreadableFileError(reason="unknown_kind", found=name)
    has_features = GEOJSON.search(text) is not None
    if text.startswith(b"{") and OVERPASS.search(text) and not has_features:
        return FileKind.OVERPASS
    if text.startswith(b"{") and has_features:
        return FileKind.GEOJSON_LINES if _is_line_by_line(text) else FileKind.GEOJSON
    raise UnreadableFileError(reason="unknown_kind", found="json")


def _is_line_by_line(text: bytes) -> bool:
    """Say whether one object ends its line and the next line begins another."""
    first, newline, rest = text.partition(b"\n")
    if not newline or b'"FeatureCollection"' in first or not first.rstrip().endswith(b"}"):
        return False
    return first.count(b"{") == first.count(b"}") and rest.lstrip()[:1] in {b"{", b""}

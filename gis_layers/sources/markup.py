"""KML, KMZ and GPX: looked through once before GDAL reads them, so that nothing deep or outward gets that far."""

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from gis_layers.errors import UnreadableFileError
from gis_layers.sources.recognise import FileKind, Opened
from gis_layers.sources.through_gdal import Source, gdal_batches, layer_names, layer_of
from gis_layers.sources.vector_layer import Layer, RawBatch, Reading

MOST_MARKUP_BYTES = 512 * 1024**2
DEEPEST = 60  # folders in folders; real files have up to ten
CHUNK = 1024 * 1024
# What KML says about drawing, not about the thing.
KML_HIDDEN = frozenset(
    ("timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet")
)
GPX_LAYERS = ("waypoints", "routes", "tracks")  # the points of routes and tracks are their corners


def markup_layers(file: Opened) -> tuple[Layer, ...]:
    """Describe the folders of a KML, or the waypoints, routes and tracks of a GPX, that hold anything."""
    source = _source(file)
    names = layer_names(source)
    wanted = [name for name in GPX_LAYERS if name in names] if file.kind is FileKind.GPX else names
    found = [layer_of(source, name) for name in wanted]
    return tuple(layer for layer in found if layer.feature_count > 0)


def markup_batches(file: Opened, layer: Layer, reading: Reading, most: int | None) -> Iterator[RawBatch]:
    """Yield the features of one layer."""
    return gdal_batches(_source(file), layer.name, layer, reading, most)


def _source(file: Opened) -> Source:
    _require_flat(file.path)
    return Source(str(file.path.resolve()), hidden=KML_HIDDEN if file.kind is FileKind.KML else frozenset())


def _require_flat(path: Path) -> None:
    """Refuse XML that is not well formed, too deep, or declares entities, before a driver builds a tree of it."""
    parser = expat.ParserCreate()
    depth = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise UnreadableFileError(reason="too_deep", most=DEEPEST)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_said: object) -> None:
        raise UnreadableFileError(reason="entities")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    if path.stat().st_size > MOST_MARKUP_BYTES:
        raise UnreadableFileError(reason="too_large", bytes=path.stat().st_size, most_bytes=MOST_MARKUP_BYTES)
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200], line=error.lineno) from error
    except (LookupError, ValueError) as error:  # an encoding that Python does not know, or not for this
        raise UnreadableFileError(reason="damaged", detail=str(error)[:200]) from error

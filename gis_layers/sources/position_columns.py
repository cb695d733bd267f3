"""Which columns of a table say where a row is: by their headings, and by whether their cells can be places."""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.crs import WGS84, Crs, crs_of
from gis_layers.errors import UnknownCrsError
from gis_layers.names import folded
from gis_layers.positions import NOTHING, angle_of, column_of, pair_of
from gis_layers.sources.vector_layer import AS_SHAPES, Held, Positions, Shapes, checked, close_rings

Cells = Sequence[str | None]
ENOUGH = 0.6  # of the cells that say anything must be readable as what the heading promises

# Pairs of headings, folded: east, north. The best first. Surveyors of Vietnam call the north x.
LONGITUDE = r"(?:^|.* )(?:longitude|lon|lng|long|kinh do|gps e)(?: .*)?$"
LATITUDE = r"(?:^|.* )(?:latitude|lat|vi do|gps n)(?: .*)?$"
EASTING = r"(?:^|.* )(?:easting|east|dong|utm e|toa do dong)(?: .*)?$|^e$|^utm\d* e$"
NORTHING = r"(?:^|.* )(?:northing|north|bac|utm n|toa do bac)(?: .*)?$|^n$|^utm\d* n$"
FIRST_X = r"^(?:point |toa do |toado |coord )?x(?: ?coord(?:inate)?| ?vn2000| ?m)?$"
FIRST_Y = r"^(?:point |toa do |toado |coord )?y(?: ?coord(?:inate)?| ?vn2000| ?m)?$"
PAIRS = tuple(
    (re.compile(east), re.compile(north))
    for east, north in ((LONGITUDE, LATITUDE), (EASTING, NORTHING), (FIRST_X, FIRST_Y))
)
JOINED = re.compile(
    r"^(?:gps|coords?|coordinates?|location|geolocation|geopoint|position|latlng|latlong|lat ?lon|toa ?do|vi ?tri)"
    r"(?: .*)?$|.* (?:gps|coords|geopoint|location|toa do)$"
)
WKT = re.compile(
    r"\s*(?:SRID=(\d+);)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:ZM?|M)?\s*(?:\(|EMPTY)|\s*GEOMETRYCOLLECTION",
    re.IGNORECASE,
)
HEX = re.compile(r"\s*0[01][0-9A-Fa-f]{16,}\s*")


def find_positions(columns: Mapping[str, Cells]) -> tuple[Positions, Crs | None]:
    """Return how the first rows of a table say where they are, and in which system when its headings say that.

    Headings that name longitude and latitude, and shapes in degrees, say WGS 84.
    """
    for name, cells in columns.items():
        if _share(cells, lambda cell: bool(WKT.match(cell) or HEX.fullmatch(cell))) >= ENOUGH:
            return Positions(Held.WKT, (name,)), _crs_of_wkt(cells)
    names = {name: folded(name) for name in columns}
    for rank, (east, north) in enumerate(PAIRS):
        easts = [name for name, plain in names.items() if east.match(plain) and _are_numbers(columns[name])]
        norths = [name for name, plain in names.items() if north.match(plain) and _are_numbers(columns[name])]
        if easts and norths:
            return Positions(Held.EAST_NORTH, _closest(easts, norths, list(names))), WGS84 if rank == 0 else None
    for name, plain in names.items():
        if JOINED.match(plain) and _share(columns[name], lambda cell: pair_of(cell) is not None) >= ENOUGH:
            return Positions(Held.PAIR, (name,)), WGS84
    return Positions(Held.NOTHING), None


def shapes_from(positions: Positions, columns: Mapping[str, Cells]) -> tuple[Shapes, npt.NDArray[np.object_]]:
    """Make (n,) shapes from the columns that hold them, in their own numbers; and why there is none.

    A pair is given as (second, first): written latitude first, drawn east first.
    """
    count = len(next(iter(columns.values()), ()))
    problems = np.full(count, None, dtype=object)
    if positions.held is Held.WKT:
        return _of_wkt(columns[positions.columns[0]], problems)
    if positions.held is Held.EAST_NORTH:
        (east, east_wrong), (north, north_wrong) = (column_of(list(columns[name])) for name in positions.columns)
        wrong = east_wrong | north_wrong
    elif positions.held is Held.PAIR:
        cells = columns[positions.columns[0]]
        pairs = [pair_of(cell) if cell else None for cell in cells]
        north = np.array([one[0] if one else np.nan for one in pairs], dtype=np.float64)
        east = np.array([one[1] if one else np.nan for one in pairs], dtype=np.float64)
        wrong = np.array([one is None and not _says_nothing(cell) for one, cell in zip(pairs, cells, strict=True)])
    else:
        return np.full(count, None, dtype=object), problems
    known = np.isfinite(east) & np.isfinite(north)
    shapes = np.full(count, None, dtype=object)
    shapes[known] = shapely.points(east[known], north[known])
    return checked(shapes, ~known & ~wrong, problems)


def kind_of_shapes(positions: Positions, columns: Mapping[str, Cells]) -> str | None:
    """Return the kind of geometry of a table by its first rows, None when it has no positions."""
    if positions.held is Held.NOTHING:
        return None
    if positions.held is not Held.WKT:
        return "Point"
    shapes, _ = shapes_from(positions, columns)
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    return kinds.pop() if len(kinds) == 1 else "Unknown"


def is_column_of_shapes(positions: Positions, name: str) -> bool:
    """Say whether a column is the shape itself, and no field besides."""
    return positions != AS_SHAPES and positions.held is Held.WKT and name in positions.columns


def _of_wkt(cells: Cells, problems: npt.NDArray[np.object_]) -> tuple[Shapes, npt.NDArray[np.object_]]:
    texts = np.array(cells, dtype=object)
    first = next((cell for cell in cells if not _says_nothing(cell)), None) or ""
    if first.lstrip()[:5].upper() == "SRID=":
        texts = np.array([cell and cell.rpartition(";")[2] for cell in cells], dtype=object)
    of_texts = shapely.from_wkb if HEX.fullmatch(first) else shapely.from_wkt
    shapes = np.asarray(of_texts(texts, on_invalid="ignore"), dtype=object)
    close_rings(of_texts, texts, shapes, problems)
    missing = shapely.is_missing(shapes)
    missing[missing] = [_says_nothing(cells[int(place)]) for place in np.flatnonzero(missing)]
    return checked(shapes, missing, problems)


def _crs_of_wkt(cells: Cells) -> Crs | None:
    said = {match[1] for cell in cells if cell and (match := WKT.match(cell))}
    if len(said) == 1 and (number := said.pop()):
        try:
            return crs_of(int(number))
        except UnknownCrsError:
            return None
    shapes, _ = _of_wkt(cells, np.full(len(cells), None, dtype=object))
    xy = shapely.get_coordinates(shapes)
    return WGS84 if len(xy) and (np.abs(np.median(xy, axis=0)) <= (180, 90)).all() else None


def _closest(easts: list[str], norths: list[str], order: list[str]) -> tuple[str, str]:
    """Of several columns for either, take the two that differ least in name, then stand nearest together."""
    rest = {name: set(folded(name).split()) for name in order}
    both = [(east, north) for east in easts for north in norths if east != north]
    return min(both, key=lambda one: (len(rest[one[0]] ^ rest[one[1]]), abs(order.index(one[0]) - order.index(one[1]))))


def _are_numbers(cells: Cells) -> bool:
    return _share(cells, lambda cell: angle_of(cell) is not None) >= ENOUGH


def _says_nothing(cell: str | None) -> bool:
    return cell is None or cell.strip().lower() in NOTHING


def _share(cells: Cells, test: Callable[[str], bool]) -> float:
    said = [cell for cell in cells if cell is not None and not _says_nothing(cell)]
    return sum(map(test, said)) / len(said) if said else 0.0

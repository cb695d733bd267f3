"""The shapes in which every reader of map files answers: layers, fields, how to read them, features, batches."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import Crs
from gis_layers.crs_guess import Candidate
from gis_layers.errors import UnreadableFileError
from gis_layers.letters import Letters, LettersFound

MOST_VERTICES = 2_000_000  # of one feature; the longest boundary of a province has some 200,000
MOST_FIELDS = 500
SAMPLE = 500
BATCH = 20_000
Shapes = npt.NDArray[np.object_]


class Held(StrEnum):
    """How a layer holds its positions."""

    SHAPES = "shapes"
    WKT = "wkt"  # a column of well-known text, or of WKB in hexadecimal
    EAST_NORTH = "east_north"  # two columns, the one to the east first
    PAIR = "pair"  # one column, "latitude longitude"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Positions:
    """How a layer holds its positions, and in which columns."""

    held: Held
    columns: tuple[str, ...] = ()


AS_SHAPES = Positions(Held.SHAPES)
UTF8 = LettersFound(Letters.UTF8, 1.0)


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a layer. `kind` is "text", "integer", "number", "date", "json" or "other".

    What a "json" column holds by name is also a column of its own, with a dot: "tags.highway".
    """

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a file. `crs` is what the file declares, None when that cannot be understood.

    `geometry_kind` is None for a table without positions. `letters` is the encoding that was found, UTF8 also
    where the format leaves no choice.
    """

    name: str
    geometry_kind: str | None
    feature_count: int
    fields: tuple[Field, ...]
    crs: Crs | None
    letters: LettersFound = UTF8
    positions: Positions = AS_SHAPES


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a layer where it should not be as the layer itself says: see `vector_files.reading_of`.

    `is_north_first` exchanges x and y before anything else.
    """

    crs: Crs | None = None
    is_north_first: bool = False
    letters: Letters | None = None
    positions: Positions | None = None


@dataclass(frozen=True, slots=True)
class VectorFeature:
    """One feature: its number in the layer from 1, its fields, its shape in WGS 84.

    Without a shape `problem` says why: "no_geometry", "unreadable_geometry", "too_many_vertices",
    "not_on_earth". With one it says what was done to it: "unclosed", a ring was closed by a straight side.
    """

    number: int
    fields: dict[str, Any]
    geometry: BaseGeometry | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FeatureBatch:
    """Some thousand features at once, for bulk loading: (n,) shapes in WGS 84 or None, why, and lists of values."""

    first_number: int
    shapes: Shapes
    problems: tuple[str | None, ...]
    columns: dict[str, list[Any]]

    def wkb(self) -> npt.NDArray[np.object_]:
        """Return the shapes as (n,) EWKB with SRID 4326, as PostGIS takes it in COPY; None for none."""
        written = shapely.to_wkb(shapely.set_srid(self.shapes, 4326), include_srid=True)
        return np.asarray(written, dtype=object)


@dataclass(frozen=True, slots=True)
class RawBatch:
    """What a reader of one kind yields: shapes in the numbers of the file, None with a problem, and values."""

    shapes: Shapes
    problems: npt.NDArray[np.object_]
    columns: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CrsFinding:
    """Which system a layer is in.

    What it declares, whether its numbers can be that, and what else they can be.
    """

    declared: Crs | None
    is_believable: bool
    candidates: tuple[Candidate, ...]


def shapes_of_wkb(written: npt.NDArray[np.object_]) -> tuple[Shapes, npt.NDArray[np.object_]]:
    """Read (n,) WKB. Where there is no shape, the second array says why."""
    problems = np.full(len(written), None, dtype=object)
    shapes = np.asarray(shapely.from_wkb(written, on_invalid="ignore"), dtype=object)
    missing = np.asarray(written == np.array(None), dtype=bool)
    close_rings(shapely.from_wkb, written, shapes, problems)
    return checked(shapes, missing, problems)


def close_rings(
    read: Callable[..., Any],
    written: npt.NDArray[np.object_],
    shapes: Shapes,
    problems: npt.NDArray[np.object_],
) -> None:
    """Give shapes that could not be read a second try, with their open rings closed, and say "unclosed".

    `read` is Shapely's reader of what is `written`.
    """
    broken = np.flatnonzero(shapely.is_missing(shapes))
    if len(broken):
        with np.errstate(invalid="ignore"):  # a nan is told by whoever looks at the numbers
            shapes[broken] = read(written[broken], on_invalid="fix")
        closed = broken[~shapely.is_missing(shapes[broken])]
        problems[closed] = "unclosed"


def checked(
    shapes: Shapes, missing: npt.NDArray[np.bool_], problems: npt.NDArray[np.object_]
) -> tuple[Shapes, npt.NDArray[np.object_]]:
    """Say why shapes are missing, and take out those with too many corners."""
    problems[shapely.is_missing(shapes)] = "unreadable_geometry"
    problems[missing] = "no_geometry"
    is_empty = shapely.is_empty(shapes)  # a point of GDAL's at nan is one
    problems[is_empty], shapes[is_empty] = "no_geometry", None
    too_long = shapely.get_num_coordinates(shapes) > MOST_VERTICES
    problems[too_long] = "too_many_vertices"
    shapes[too_long] = None
    return shapes, problems


def require_few_fields(count: int) -> None:
    """Raise UnreadableFileError(reason="too_many_fields", fields) beyond MOST_FIELDS."""
    if count > MOST_FIELDS:
        raise UnreadableFileError(reason="too_many_fields", fields=count, most=MOST_FIELDS)

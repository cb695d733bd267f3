"""A layer of a map file, read as rows that can become areas.

Every feature that cannot is named by its number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from shapely import MultiPolygon

from gis_layers.boundary import repaired
from gis_layers.crs import WGS84, crs_of
from gis_layers.errors import BadGeometryError, UnreadableFileError
from gis_layers.sources.vector_files import Layer, Reading, VectorFeature, features, layers
from webmap.areas.errors import UnusableMapError
from webmap.areas.sources import Refusal
from webmap.mapfiles.inputs import AreaFields, AreasOrder
from webmap.text import fold, nfc

MOST_CHANGED_SHARE = 0.05  # a repair that moves more than this of a surface is a guess

# Names of fields, folded, as they occur in files of the statistics office, of ministries and of GADM; the
# best first.
CODES = (
    "code, ma, ma xa, maxa, ma px, commune id, ward code, ma thon, ma dvhc, gso code, ma huyen, district code, ma tinh"
)
NAMES = (
    "name, ten, ten xa, commune vn, ten thon, ten dvhc, district, district vn, ten huyen, ten tinh, full name, province"
)
PARENTS = "parent code, parent, ma cha, province code, district id, ma tinh, ma huyen, province id, district code"
FIELD_NAMES = {
    "code": tuple(CODES.split(", ")),
    "name": tuple(NAMES.split(", ")),
    "kind": ("type", "loai", "kind", "cap", "loai dvhc"),
    "parent_code": tuple(PARENTS.split(", ")),
    "population": ("population", "dan so", "danso", "population official", "pop", "so dan"),
}


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One feature that can become an area."""

    number: int
    code: str
    name: str
    kind: str | None
    parent_code: str | None
    population: int | None
    boundary: MultiPolygon


@dataclass(frozen=True, slots=True)
class Mended:
    """A boundary that was repaired on the way in."""

    number: int
    name: str
    problem: str


def map_layers(path: Path) -> tuple[Layer, ...]:
    """The layers of a map file or table. UnusableMapError with a reason for any other file."""
    try:
        return layers(path)
    except UnreadableFileError as error:
        raise UnusableMapError(reason=error.facts["reason"]) from error


def guess_fields(layer: Layer) -> AreaFields:
    """Which field is what, by its name. A field serves once: the code of a district is not also its parent's."""
    folded = {fold(field.name): field.name for field in layer.fields}
    taken: dict[str, str] = {}
    for role, names in FIELD_NAMES.items():
        free = (folded[name] for name in names if name in folded and folded[name] not in taken.values())
        taken[role] = next(free, "")
    return AreaFields(**taken)


def guess_level(layer: Layer, fields: AreaFields, sample: list[dict[str, Any]]) -> str:
    """Which level a layer is.

    The office's codes have 2 digits for provinces, 3 for districts, 5 for communes.
    """
    lengths = {len(_text(row.get(fields.code))) for row in sample if fields.code}
    if lengths and lengths <= {1, 2} and layer.feature_count <= 70:
        return "province"
    if lengths == {3}:
        return "district"
    return "commune" if lengths and lengths <= {4, 5, 7} else "village"


def sample_rows(path: Path, layer: Layer, most: int = 20) -> list[dict[str, Any]]:
    """The fields of the first features, for guessing."""
    try:
        return [one.fields for one in islice(features(path, layer, Reading(layer.crs or WGS84)), most)]
    except UnreadableFileError as error:
        raise UnusableMapError(reason=error.facts["reason"]) from error


def area_rows(
    path: Path, layer: Layer, order: AreasOrder, tell: Callable[[int], None]
) -> tuple[list[AreaRow], list[Refusal], list[Mended]]:
    """Read a layer: the rows, the features that cannot become rows, the boundaries that were mended."""
    rows: list[AreaRow] = []
    refused: list[Refusal] = []
    mended: list[Mended] = []
    seen: dict[str, int] = {}
    for feature in _features(path, layer, order):
        if feature.number % 200 == 0:
            tell(feature.number)
        row = _row(feature, order.fields, mended)
        if isinstance(row, AreaRow) and row.code in seen:
            row = Refusal(feature.number, "code_twice", row.code)
        if isinstance(row, Refusal):
            refused.append(row)
        else:
            seen[row.code] = row.number
            rows.append(row)
    return rows, refused, mended


def _features(path: Path, layer: Layer, order: AreasOrder) -> Iterator[VectorFeature]:
    crs = crs_of(order.epsg) if order.epsg else None
    try:
        yield from features(path, layer, Reading(crs, order.is_north_first))
    except UnreadableFileError as error:
        raise UnusableMapError(reason=error.facts["reason"]) from error


def _row(feature: VectorFeature, fields: AreaFields, mended: list[Mended]) -> AreaRow | Refusal:
    code, name = (_text(feature.fields.get(field)) for field in (fields.code, fields.name))
    if not name:
        return Refusal(feature.number, "no_name")
    if not code:
        return Refusal(feature.number, "no_code", name)
    if feature.geometry is None:
        return Refusal(feature.number, feature.problem or "no_geometry", name)
    try:
        repair = repaired(feature.geometry)
    except BadGeometryError as error:
        return Refusal(feature.number, str(error.facts["reason"]), name)
    if repair.changed_share > MOST_CHANGED_SHARE:
        return Refusal(feature.number, "crosses_itself", name)
    if done := repair.problem or feature.problem:
        mended.append(Mended(feature.number, name, done))
    kind, parent = (_text(feature.fields.get(field)) or None for field in (fields.kind, fields.parent_code))
    people = _count(feature.fields.get(fields.population))
    return AreaRow(feature.number, code, _without_kind(name, kind), kind, parent, people, repair.boundary)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else nfc(str(value))


def _without_kind(name: str, kind: str | None) -> str:
    """Name a place without its kind: "Xã Tân Ninh" of kind "Xã" is "Tân Ninh"."""
    if kind and name.lower().startswith(f"{kind.lower()} "):
        return name[len(kind) + 1 :]
    return name


def _count(value: Any) -> int | None:
    try:
        people = int(float(str(value).replace(" ", "")))
    except (ValueError, OverflowError):
        return None
    return people if 0 < people < 200_000_000 else None

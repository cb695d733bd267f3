"""A layer of a map file, read as rows that can become areas.

Every feature that cannot is named by its number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from shapely import MultiPolygon, force_2d
from shapely.geometry.base import BaseGeometry

from gis_layers.boundary import Repair, repaired
from gis_layers.crs import crs_of
from gis_layers.errors import BadGeometryError
from gis_layers.letters import Letters
from gis_layers.sources.vector_layer import Layer, Reading, VectorFeature
from gis_layers.types import LonLat
from webmap.areas.errors import UnusableMapError
from webmap.areas.map_reading import features_of, layers_of
from webmap.areas.sources import Refusal
from webmap.mapfiles.inputs import AreaFields, AreasOrder
from webmap.text import nfc

MOST_CHANGED_SHARE = 0.05  # a repair that moves more than this of a surface is a guess


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One feature that can become an area. `problem`: what was repaired of its boundary, `at` where."""

    number: int
    code: str
    name: str
    kind: str | None
    parent_code: str | None
    population: int | None
    boundary: MultiPolygon
    uuid: UUID | None = None
    problem: str | None = None
    at: LonLat | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A feature that cannot become an area, with what is known of it; `choice`: which areas it could be by its name."""

    why: Refusal
    name: str = ""
    shape: BaseGeometry | None = None
    choice: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LayerRows:
    """What a layer holds for the tree of areas."""

    rows: tuple[AreaRow, ...]
    refused: tuple[Refused, ...]


def area_rows(path: Path, order: AreasOrder, tell: Callable[[int], None]) -> LayerRows:
    """Read a layer: the rows, and the features that cannot become rows."""
    layer = next((one for one in layers_of(path) if one.name == order.layer), None)
    if layer is None:
        raise UnusableMapError(reason="no_content")
    rows: list[AreaRow] = []
    refused: list[Refused] = []
    seen: set[str] = set()
    for feature in _features(path, layer, order):
        if feature.number % 50 == 0:
            tell(feature.number)
        row = _row(feature, order.fields, order.only_name)
        if isinstance(row, AreaRow) and row.code and row.code in seen:
            row = Refused(
                Refusal(feature.number, "code_twice", row.code, _inside(row.boundary)), row.name, row.boundary
            )
        if isinstance(row, Refused):
            refused.append(row)
        else:
            seen.add(row.code)
            rows.append(row)
    return LayerRows(tuple(rows), tuple(refused))


def _features(path: Path, layer: Layer, order: AreasOrder) -> Iterator[VectorFeature]:
    crs = crs_of(order.epsg) if order.epsg else None
    letters = Letters(order.letters) if order.letters else None
    yield from features_of(path, layer, Reading(crs, order.is_north_first, letters))


def _row(feature: VectorFeature, fields: AreaFields, only_name: str) -> AreaRow | Refused:
    code, name = (_text(feature.fields.get(field)) for field in (fields.code, fields.name))
    name = name or only_name
    shape = feature.geometry
    reason = _missing(feature, fields, code, name)
    if reason:
        return Refused(Refusal(feature.number, reason, name, _inside(shape)), name, shape)
    try:
        repair = repaired(shape)
    except BadGeometryError as error:
        return Refused(Refusal(feature.number, str(error.facts["reason"]), name, _inside(shape)), name, shape)
    if repair.changed_share > MOST_CHANGED_SHARE:
        at = repair.place or _inside(repair.boundary)
        return Refused(Refusal(feature.number, "crosses_itself", name, at), name, repair.boundary)
    return _made(feature, fields, code, name, repair)


def _missing(feature: VectorFeature, fields: AreaFields, code: str, name: str) -> str | None:
    if not name:
        return "no_name"
    if fields.code and not code:
        return "no_code"
    return None if feature.geometry is not None else feature.problem or "no_geometry"


def _made(feature: VectorFeature, fields: AreaFields, code: str, name: str, repair: Repair) -> AreaRow:
    kind, parent = (_text(feature.fields.get(field)) or None for field in (fields.kind, fields.parent_code))
    return AreaRow(
        number=feature.number,
        code=code,
        name=_without_kind(name, kind),
        kind=kind,
        parent_code=parent,
        population=_count(feature.fields.get(fields.population)),
        boundary=repair.boundary,
        uuid=uuid_of(feature.fields.get(fields.uuid)),
        problem=repair.problem or feature.problem,
        at=repair.place,
    )


def uuid_of(value: Any) -> UUID | None:
    """A UUID as a file writes it; None for anything else."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _inside(shape: BaseGeometry | None) -> LonLat | None:
    if shape is None or shape.is_empty:
        return None
    place = force_2d(shape).representative_point()
    return LonLat(float(place.x), float(place.y))


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

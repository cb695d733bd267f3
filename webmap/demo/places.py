"""The tree of invented places: provinces, districts, communes, villages, with borders that melt upwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from numpy.typing import NDArray
from shapely import MultiPolygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webmap.areas.models import Area, AreaParent
from webmap.demo.landscape import outline_of
from webmap.demo.plans import Outline
from webmap.demo.rows import in_degrees
from webmap.demo.water import areas as only_areas
from webmap.demo.world import World

PROVINCE, DISTRICT, COMMUNE, VILLAGE = 2, 3, 4, 5
KINDS = {PROVINCE: "Tỉnh", DISTRICT: "Huyện", COMMUNE: "Xã", VILLAGE: "Thôn"}
VALID_FROM = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Tree:
    """The ids of a world's areas, by their number in the plan."""

    provinces: list[int]
    districts: list[int]
    communes: list[int]
    villages: list[NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Place:
    """One area to add."""

    name: str
    code: str
    outline: Outline
    people: int
    parent: int | None


def plant(session: Session, planned: World, source_id: int) -> Tree:
    """Add all areas of a world, and make the tree."""
    of_commune = [outline_of(commune) for commune in planned.communes]
    of_district = [
        _melted([of_commune[c.number] for c in planned.communes if c.district == n])
        for n in range(len(planned.districts))
    ]
    people = np.zeros(len(planned.districts), dtype=np.int64)
    for commune in planned.communes:
        people[commune.district] += commune.people
    own = [
        [d for d, district in enumerate(planned.districts) if district.province == n]
        for n in range(len(planned.provinces))
    ]

    def add(level: int, places: list[Place]) -> list[int]:
        return _add(session, planned, source_id, level, places)

    provinces = add(
        PROVINCE,
        [
            Place(its.name, its.code, _melted([of_district[d] for d in own[n]]), int(people[own[n]].sum()), None)
            for n, its in enumerate(planned.provinces)
        ],
    )
    districts = add(
        DISTRICT,
        [
            Place(its.name, its.code, of_district[n], int(people[n]), provinces[its.province])
            for n, its in enumerate(planned.districts)
        ],
    )
    communes = add(
        COMMUNE,
        [
            Place(its.name, its.code, of_commune[its.number], its.people, districts[its.district])
            for its in planned.communes
        ],
    )
    villages = add(
        VILLAGE,
        [
            Place(village.name, village.code, village.outline, village.people, communes[commune.number])
            for commune in planned.communes
            for village in commune.villages
        ],
    )
    session.execute(select(func.area_tree_rebuild()))
    ends = np.cumsum([len(commune.villages) for commune in planned.communes])[:-1]
    return Tree(provinces, districts, communes, np.split(np.array(villages, dtype=np.int64), ends))


def _add(session: Session, planned: World, source_id: int, level: int, places: Sequence[Place]) -> list[int]:
    areas = [
        Area(
            level_id=level,
            name=place.name,
            code=place.code,
            kind=KINDS[level],
            valid_from=VALID_FROM,
            population=place.people,
            boundary=_boundary(place.outline, planned),
            boundary_kind="drawn",
            source_id=source_id,
        )
        for place in places
    ]
    session.add_all(areas)
    session.flush()
    session.add_all(
        AreaParent(area_id=area.id, parent_id=place.parent, valid_from=VALID_FROM)
        for area, place in zip(areas, places, strict=True)
        if place.parent is not None
    )
    session.flush()
    return [area.id for area in areas]


def _melted(outlines: list[Outline]) -> Outline:
    return only_areas(shapely.coverage_union_all(outlines))


def _boundary(outline: Outline, planned: World) -> WKBElement:
    (shape,) = in_degrees(np.array([outline], dtype=object), planned.frame)
    return from_shape(shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape]), srid=4326)

"""What is decided before a commune is built: its villages, borders, river and through roads."""

from dataclasses import dataclass

from shapely import LineString, MultiPolygon, Polygon

Outline = Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class VillagePlan:
    """One village (thôn): where it began, its borders in metres, and how many people are on its register."""

    name: str
    code: str
    centre: tuple[float, float]
    outline: Outline
    people: int


@dataclass(frozen=True, slots=True)
class RoadPlan:
    """A road that passes through. Communes that meet share its end; roads of one commune share its centre."""

    name: str
    line: LineString


@dataclass(frozen=True, slots=True)
class CommunePlan:
    """One commune (xã). `number` makes its seed and its codes its own."""

    number: int
    name: str
    code: str
    district: int
    centre: tuple[float, float]
    villages: tuple[VillagePlan, ...]
    roads: tuple[RoadPlan, ...]
    river_name: str
    river: LineString | None
    covered: int
    uncovered_living: int
    people_before: int  # on the registers of the communes before it, so that no number is given twice

    @property
    def people(self) -> int:
        return sum(village.people for village in self.villages)


@dataclass(frozen=True, slots=True)
class DistrictPlan:
    name: str
    code: str
    province: int


@dataclass(frozen=True, slots=True)
class ProvincePlan:
    name: str
    code: str

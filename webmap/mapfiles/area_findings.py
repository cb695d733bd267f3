"""What is wrong with the areas of a file, one by one and together, and the repairs a person asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shapely import MultiPolygon

from gis_layers.beside import BesideFinding, examined_beside
from gis_layers.errors import BadGeometryError
from gis_layers.findings import Kind, Remedy
from gis_layers.mending import mended
from gis_layers.types import LonLat
from webmap.areas.map_reading import READ, asked
from webmap.mapfiles.area_rows import AreaRow

MOST_EXAMINED = 5_000
# These are done on the way in: without them there is no boundary. They are told with their area.
ALONE = frozenset((Remedy.CLOSE, Remedy.CUT, Remedy.KEEP_SURFACES))


@dataclass(frozen=True, slots=True)
class Known:
    """An area of the map beside those of a file, or above them."""

    id: int
    name: str
    boundary: MultiPolygon


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the map holds around the areas of a file: those of their level that stay, and what they belong to.

    `members`: for each of `parents` the numbers of the features that belong to it.
    """

    neighbours: tuple[Known, ...] = ()
    parents: tuple[Known, ...] = ()
    members: tuple[frozenset[int], ...] = ()


NOTHING_AROUND = Surroundings()


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in terms of the file: numbers and names of its features. `key` names it in a form.

    `known`: names of areas of the map it is also about; `parent`: whose outline it is about.
    """

    key: str
    kind: Kind
    numbers: tuple[int, ...]
    names: tuple[str, ...]
    at: LonLat | None
    square_metres: float
    remedy: Remedy | None
    is_mended: bool
    ground: MultiPolygon | None
    known: tuple[str, ...] = ()
    parent: str = ""

    def as_json(self) -> dict[str, Any]:
        """What a page needs of it."""
        return {
            "key": self.key,
            "kind": self.kind.value,
            "numbers": list(self.numbers),
            "names": list(self.names),
            "at": None if self.at is None else [round(self.at.lon, 6), round(self.at.lat, 6)],
            "square_metres": round(self.square_metres),
            "remedy": None if self.remedy is None else self.remedy.value,
            "is_mended": self.is_mended,
            "known": list(self.known),
            "parent": self.parent,
        }


def examined_rows(
    rows: Sequence[AreaRow], repairs: Sequence[str], around: Surroundings = NOTHING_AROUND
) -> tuple[tuple[AreaRow, ...], tuple[Told, ...]]:
    """Look at the areas together and beside those of the map, and repair what was asked for.

    The rows as they then are, and every finding. What is on the map already is never changed.
    """
    if not rows or len(rows) > MOST_EXAMINED:
        return tuple(rows), ()
    known = tuple(one.boundary for one in around.neighbours)
    parents = tuple(
        (parent.boundary, tuple(at for at, row in enumerate(rows) if row.number in members))
        for parent, members in zip(around.parents, around.members, strict=True)
    )
    found = asked(examined_beside, READ, tuple(row.boundary for row in rows), known, parents)
    boundaries: list[MultiPolygon | None] = [*(row.boundary for row in rows), *known]
    told = []
    for one in found:
        finding = one.finding
        if finding.remedy in ALONE:
            continue
        key = _key(one, rows, around)
        is_wanted = finding.remedy is not None and key in repairs
        if is_wanted:
            try:
                boundaries = mended(boundaries, finding)
            except BadGeometryError:  # another repair has taken the ground already
                is_wanted = False
        told.append(_told(one, key, rows, around, is_mended=is_wanted))
    made = tuple(
        row if boundary is None or boundary is row.boundary else replace(row, boundary=boundary, problem="by_request")
        for row, boundary in zip(rows, boundaries[: len(rows)], strict=True)
    )
    return made, tuple(told)


def _told(one: BesideFinding, key: str, rows: Sequence[AreaRow], around: Surroundings, *, is_mended: bool) -> Told:
    finding = one.finding
    fresh = [rows[area] for area in finding.areas if area < len(rows)]
    return Told(
        key=key,
        kind=finding.kind,
        numbers=tuple(row.number for row in fresh),
        names=tuple(row.name for row in fresh),
        at=finding.at,
        square_metres=finding.square_metres,
        remedy=finding.remedy,
        is_mended=is_mended,
        ground=finding.ground,
        known=tuple(around.neighbours[area - len(rows)].name for area in finding.areas if area >= len(rows)),
        parent="" if one.parent is None else around.parents[one.parent].name,
    )


def _key(one: BesideFinding, rows: Sequence[AreaRow], around: Surroundings) -> str:
    """The same for the same file, however often it is read."""
    at = one.finding.at
    place = "" if at is None else f"{at.lon:.5f},{at.lat:.5f}"
    areas = [
        str(rows[area].number) if area < len(rows) else f"a{around.neighbours[area - len(rows)].id}"
        for area in one.finding.areas
    ]
    within = "" if one.parent is None else f"in{around.parents[one.parent].id}"
    return f"{one.finding.kind.value}{within}:{'-'.join(areas)}:{place}"

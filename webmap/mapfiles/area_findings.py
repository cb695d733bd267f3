"""What is wrong with the areas of a file, one by one and together, and the repairs a person asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shapely import MultiPolygon

from gis_layers.errors import BadGeometryError
from gis_layers.examine import examined
from gis_layers.findings import Finding, Kind, Remedy
from gis_layers.mending import mended
from gis_layers.types import LonLat
from webmap.areas.map_reading import READ, asked
from webmap.mapfiles.area_rows import AreaRow

MOST_EXAMINED = 5_000
# These are done on the way in: without them there is no boundary. They are told with their area.
ALONE = frozenset((Remedy.CLOSE, Remedy.CUT, Remedy.KEEP_SURFACES))


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in terms of the file: numbers and names of its features. `key` names it in a form."""

    key: str
    kind: Kind
    numbers: tuple[int, ...]
    names: tuple[str, ...]
    at: LonLat | None
    square_metres: float
    remedy: Remedy | None
    is_mended: bool
    ground: MultiPolygon | None

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
        }


def examined_rows(rows: Sequence[AreaRow], repairs: Sequence[str]) -> tuple[tuple[AreaRow, ...], tuple[Told, ...]]:
    """Look at the areas together, and repair what was asked for: the rows as they then are, and every finding."""
    if not rows or len(rows) > MOST_EXAMINED:
        return tuple(rows), ()
    found = asked(examined, READ, tuple(row.boundary for row in rows)).findings
    boundaries: list[MultiPolygon | None] = [row.boundary for row in rows]
    told = []
    for finding in found:
        if finding.remedy in ALONE:
            continue
        key = _key(finding, rows)
        is_wanted = finding.remedy is not None and key in repairs
        if is_wanted:
            try:
                boundaries = mended(boundaries, finding)
            except BadGeometryError:  # another repair has taken the ground already
                is_wanted = False
        told.append(_told(finding, key, rows, is_mended=is_wanted))
    made = tuple(
        row if boundary is None or boundary is row.boundary else replace(row, boundary=boundary, problem="by_request")
        for row, boundary in zip(rows, boundaries, strict=True)
    )
    return made, tuple(told)


def _told(finding: Finding, key: str, rows: Sequence[AreaRow], *, is_mended: bool) -> Told:
    return Told(
        key=key,
        kind=finding.kind,
        numbers=tuple(rows[area].number for area in finding.areas),
        names=tuple(rows[area].name for area in finding.areas),
        at=finding.at,
        square_metres=finding.square_metres,
        remedy=finding.remedy,
        is_mended=is_mended,
        ground=finding.ground,
    )


def _key(finding: Finding, rows: Sequence[AreaRow]) -> str:
    """The same for the same file, however often it is read."""
    place = "" if finding.at is None else f"{finding.at.lon:.5f},{finding.at.lat:.5f}"
    return f"{finding.kind.value}:{'-'.join(str(rows[area].number) for area in finding.areas)}:{place}"

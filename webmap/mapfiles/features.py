"""Reads of a preview's features: pages of them, tiles, one of them with its place, all of a kind for a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.types import TileAddress
from webmap.database.sql_files import sql

PACKAGE = "webmap.mapfiles"
STATES = ("refused", "changed", "new", "gone", "same")
A_PAGE = 40


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature as lists show it. `box` (west, south, east, north) is None where it has no shape."""

    id: int
    layer: str
    number: int | None
    what: str
    state: str
    name: str
    facts: dict[str, Any]
    box: tuple[float, float, float, float] | None


def page(session: Session, file_id: UUID, state: str, number: int) -> list[Feature]:
    """One page of the features that stand like this, in the order of the file."""
    given = {"file_id": file_id, "state": state, "most": A_PAGE, "skip": (number - 1) * A_PAGE}
    return [_feature(row) for row in session.execute(sql(PACKAGE, "page_of_features"), given)]


def all_of(session: Session, file_id: UUID, state: str) -> Iterator[Feature]:
    """Every feature that stands like this."""
    given = {"file_id": file_id, "state": state, "most": None, "skip": 0}
    for row in session.execute(sql(PACKAGE, "page_of_features"), given):
        yield _feature(row)


def totals(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """How many features stand how, of all kinds together."""
    return {state: sum(kinds.get(state, 0) for kinds in counts.values()) for state in STATES}


def unknown_above(session: Session, file_id: UUID) -> list[str]:
    """Codes of areas that features of the file name as theirs and that are not known here, up to nine."""
    found = session.scalars(
        text(
            "select distinct facts ->> 'about' as code from map_preview_feature where file_id = :file_id"
            " and what = 'area' and state = 'refused' and facts ->> 'reason' = 'no_parent' order by code limit 9"
        ),
        {"file_id": file_id},
    )
    return [code for code in found if code]


def tile(session: Session, file_id: UUID, square: TileAddress) -> bytes:
    """The features in one tile, as a vector tile with the layer "preview"."""
    given = {"file_id": file_id, "z": square.z, "x": square.x, "y": square.y}
    return bytes(session.scalar(sql(PACKAGE, "preview_tile"), given) or b"")


def shapes_for_drawing(session: Session, file_id: UUID, most: int) -> list[tuple[int, str, bytes]]:
    """Up to so many shapes (id, state, WKB) for a picture, the remarkable first."""
    rows = session.execute(sql(PACKAGE, "shapes_for_drawing"), {"file_id": file_id, "most": most})
    return [(row[0], row[1], bytes(row[2])) for row in rows]


def forget(session: Session, file_id: UUID) -> None:
    """Take a preview's features away."""
    session.execute(text("delete from map_preview_feature where file_id = :file_id"), {"file_id": file_id})


def _feature(row: Any) -> Feature:
    box = None if row[7] is None else (row[7], row[8], row[9], row[10])
    return Feature(row[0], row[1], row[2], row[3], row[4], row[5], row[6], box)

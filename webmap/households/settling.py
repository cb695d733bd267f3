"""After the map has changed: one outline to a house, and every household with its building and its alley.

`settle` belongs at the end of whatever loads or edits buildings and alleys, in the same transaction and within the same
`noting`. `undo` takes the place of `areas.map_imports.undo`: what an undone import hid shows again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_wkb
from webmap.accounts.scope import Scope
from webmap.areas import map_imports
from webmap.areas.models import MapImport
from webmap.database.sql_files import sql, sql_text
from webmap.streets import same_houses
from webmap.streets.same_houses import Compared

PACKAGE = "webmap.households"
BUILDING_METRES = 15.0
"""So far from its outline a house is still the building's: a fix at the gate, a pin in the yard."""
CLOSER_BY_METRES = 5.0
"""Of two houses at one building the nearer has it; the other takes a free one that is no more than this further."""
ALLEY_METRES = 60.0
"""Doors further from any alley are on none (gis_layers.routing.doors has the same)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found out: about outlines, and how many households moved, got a building, got an alley."""

    compared: Compared
    moved: int
    with_building: int
    with_alley: int


def settle(session: Session) -> Settled:
    """Compare the outlines this transaction touched, and link the households around them. Twice is once."""
    compared = same_houses.compare_touched(session)
    moved = _count(session, "move_to_shown", {})
    with_building, with_alley = link(session)
    return Settled(compared, moved, with_building, with_alley)


def settle_around(session: Session, building_id: int, outline: BaseGeometry) -> Settled:
    """The same after one building was drawn, moved or taken away: only the households near its outline are linked."""
    same_houses.touch(session, building_id)
    compared = same_houses.compare_touched(session)
    moved = _count(session, "move_to_shown", {})
    near = session.scalars(sql(PACKAGE, "households_near"), {"outline": to_wkb(outline), "metres": BUILDING_METRES})
    with_building, with_alley = link(session, [*near])
    return Settled(compared, moved, with_building, with_alley)


def settle_everything(session: Session) -> Settled:
    """Compare all outlines again and link all households that have none: a setting about buildings has changed."""
    same_houses.touch_everything(session)
    return settle(session)


def undo(session: Session, scope: Scope, import_id: UUID) -> MapImport:
    """Undo an import of the map (areas.map_imports.undo), then compare and link anew what it leaves."""
    same_houses.touch_around_import(session, import_id)
    done = map_imports.undo(session, scope, import_id)
    settle(session)
    session.expire_all()
    return done


def link(session: Session, household_ids: Sequence[UUID] | None = None) -> tuple[int, int]:
    """Give placed households their building and their alley where they have none: these, or all that may be seen.

    A house in an outline is in that building; else the nearest within reach, each its own as long as there are some.
    Sheds, doubtful and hidden outlines are nobody's.
    """
    known: dict[str, object] = {
        "household_ids": None if household_ids is None else [str(one) for one in household_ids],
        "metres": BUILDING_METRES,
        "closer": CLOSER_BY_METRES,
        "alley_metres": ALLEY_METRES,
    }
    for statement in sql_text(PACKAGE, "open_links").split(";\n"):
        if statement.strip():
            session.execute(text(statement), known)
    while session.execute(sql(PACKAGE, "choose_links"), known).scalar_one():
        pass
    return _keep_links(session, "building", known), _keep_links(session, "alley", known)


def _keep_links(session: Session, place: str, known: dict[str, object]) -> int:
    wanted = sql_text(PACKAGE, f"wanted_{place}s")
    statement = sql_text(PACKAGE, "keep_links").format(wanted=wanted, column=f"{place}_id")
    return int(session.execute(text(statement), known).scalar_one())


def link_one(session: Session, household_id: UUID) -> None:
    """Give a household that was placed just now the building it stands in or beside, and its alley."""
    known = {"household_id": household_id, "metres": BUILDING_METRES, "alley_metres": ALLEY_METRES}
    session.execute(sql(PACKAGE, "link_one"), known)


def _count(session: Session, name: str, known: dict[str, object]) -> int:
    """Run a statement that changes links. Within an import it notes what they were."""
    return int(session.execute(sql(PACKAGE, name), known).scalar_one())

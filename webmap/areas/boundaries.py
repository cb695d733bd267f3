"""Villages without a boundary get a hull of their households, marked as such, and kept up to date."""

from collections.abc import Iterable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_wkb
from gis_layers.hull import outline
from webmap.accounts.scope import SYSTEM, Scope
from webmap.areas.models import AreaClosure
from webmap.database.engine import tell
from webmap.database.sql_files import sql

PACKAGE = "webmap.areas"


def refresh_hulls(session: Session, scope: Scope, area_ids: Iterable[int] | None = None) -> int:
    """Redraw the hulls of villages without a boundary of their own; None: of all in the scope.

    Returns how many changed. Call it after households were imported or placed, in the same transaction.
    Villages with an official or a drawn boundary are left alone, and so is a hull whose houses are where
    they were.
    """
    wanted = None if area_ids is None else sorted(set(area_ids))
    everything = scope.role == "system"
    asking = {"wanted": wanted, "everything": everything, "mine": sorted(scope.area_ids)}
    tell(session, SYSTEM)  # a canvasser sees few of the houses; the outline is of all of them
    houses = session.execute(sql(PACKAGE, "places_of_hull_villages"), asking).all()
    tell(session, scope)
    changed = 0
    for area_id, lonlats in houses:
        drawn = outline([tuple(place) for place in lonlats]) if lonlats else None
        kept = session.execute(
            text(
                "update area set boundary = cast(:shape as geometry), boundary_kind = :kind, updated_at = now()"
                " where id = :id and boundary is distinct from cast(:shape as geometry)"
            ),
            {
                "id": area_id,
                "kind": "none" if drawn is None else "hull",
                "shape": None if drawn is None else to_wkb(drawn).hex(),
            },
        )
        changed += kept.rowcount  # type: ignore[attr-defined]
    return changed


def refresh_hulls_below(session: Session, scope: Scope, area_id: int) -> int:
    """Redraw the hulls of all villages in an area, after a list of its households came in."""
    below = select(AreaClosure.descendant_id).where(AreaClosure.ancestor_id == area_id)
    return refresh_hulls(session, scope, session.scalars(below).all())

"""Keeping what follows from cards, residency, reports and pledges up to date."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.orm import Session

from webmap import clock
from webmap.households.models import Household, Person

REFRESH = text("select coverage_refresh(cast(:ids as uuid[]), :on_day)")
REBUILD = text("select coverage_rebuild(:on_day)")
RECOUNT = text("select coverage_recount()")
FOLD = text("select coverage_fold()")
DERIVED = {
    Person: ("status", "status_on", "cover_ends_on"),
    Household: (
        "living_count",
        "registered_count",
        "covered_count",
        "living_covered_count",
        "expiring_count",
        "status",
        "status_on",
        "next_expiry_on",
    ),
}


def refresh_households(session: Session, household_ids: Iterable[UUID], on_day: date | None = None) -> int:
    """Work out status and counts of these households and their members anew; say how many doors changed.

    To be called in the same transaction after every write that touches persons, cards, residency, reports or
    pledges. Locks the doors in the order of their ids. What the session holds of them is read again when next used.
    """
    session.flush()
    ids = sorted(set(household_ids))
    changed: int = session.scalar(REFRESH, {"ids": ids, "on_day": on_day or clock.today()}) or 0
    _forget_derived(session)
    return changed


def refresh_day(session: Session, area_ids: Iterable[int], on_day: date | None = None) -> int:
    """Bring the doors of these areas (not of those below) to a new day. Only rows that differ are written."""
    wanted = select(Household.id).where(Household.area_id.in_(list(area_ids)), Household.ended_on.is_(None))
    return refresh_households(session, session.scalars(wanted), on_day)


def rebuild_all(connection: Connection, on_day: date | None = None) -> int:
    """After a bulk load: all statuses and counts, then all figures from nothing. Needs the owner's connection.

    Loading with the triggers of `household` switched off, and this at the end, is the fast way; with them on it is
    right as well. Returns how many doors changed.
    """
    changed: int = connection.scalar(REBUILD, {"on_day": on_day or clock.today()}) or 0
    connection.execute(RECOUNT)
    return changed


def fold(session: Session) -> int:
    """Add pending changes up, so many at a time. Returns how many; 0 when nothing waits or another is at it."""
    return max(0, session.scalar(FOLD) or 0)


def _forget_derived(session: Session) -> None:
    for known in session.identity_map.values():
        for kind, names in DERIVED.items():
            if isinstance(known, kind) and inspect(known).persistent:
                session.expire(known, names)

"""What follows from cards and residency is worked out by a later step of the journey; here is where it is told to.

`coverage` stands after `households` and may not be imported from here, so `webmap.app` hands its function over once.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy.orm import Session

Refresh = Callable[[Session, Iterable[UUID]], object]
_told: list[Refresh] = []


def use(refresh: Refresh) -> None:
    """Name the function that works out status and counts of households anew."""
    _told[:] = [refresh]


def refresh_households(session: Session, household_ids: Iterable[UUID]) -> None:
    """Bring the derived columns of these households up to date, in the caller's transaction."""
    for refresh in _told:
        refresh(session, household_ids)

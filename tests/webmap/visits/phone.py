"""What a phone sends, for tests of visits."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webmap import clock
from webmap.households.models import Household


def a_visit(household: Household | UUID, **given: Any) -> dict[str, Any]:
    """What a phone sends: nobody home, just now, at the door."""
    household_id = household if isinstance(household, UUID) else household.id
    happened = given.pop("happened_at", clock.now())
    return {
        "household_id": str(household_id),
        "outcome": "not_home",
        "happened_at": happened.isoformat(),
        "position": {"lon": 106.611, "lat": 17.26},
        "accuracy_metres": 6.5,
        **given,
    }


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0

"""What the ledger writes: reasons that follow from cards by rule."""

from sqlalchemy.orm import Session

from webmap import clock
from webmap.database.sql_files import sql


def reasons_by_rule(session: Session, area_id: int) -> int:
    """Say of the uncovered people of one area (not of those below) whose last card ended why they have none.

    A reason that somebody gave stays. To be called after the area's statuses were brought to today. Running it twice
    changes nothing. Returns for how many people something was written.
    """
    asked = {"area_id": area_id, "today": clock.today()}
    return session.scalar(sql("webmap.ledger", "reasons_by_rule"), asked) or 0

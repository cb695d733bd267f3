"""The only place that asks the time. Instants are UTC; days are calendar days in Vietnam."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def day_of(instant: datetime) -> date:
    """The calendar day in Vietnam on which an instant falls."""
    return instant.astimezone(VIETNAM).date()


def today() -> date:
    """Today's calendar day in Vietnam."""
    return day_of(now())

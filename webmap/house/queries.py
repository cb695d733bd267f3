"""Whether the parts that nobody sees are at work: the database's version, the worker."""

from datetime import datetime, timedelta

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from webmap import clock

# The worker says every ten seconds that it is there.
WORKER_IS_GONE_AFTER = timedelta(seconds=60)

WORKERS = table("procrastinate_workers", column("last_heartbeat"), schema="jobs")
VERSION = table("alembic_version", column("version_num"))


def worker_seen_at(session: Session) -> datetime | None:
    """When a worker last said that it is there; None when there never was one, or it went in good order."""
    seen_at: datetime | None = session.scalar(select(func.max(WORKERS.c.last_heartbeat)))
    return seen_at


def has_worker(session: Session) -> bool:
    """Whether somebody does the long work."""
    seen_at = worker_seen_at(session)
    return seen_at is not None and clock.now() - seen_at < WORKER_IS_GONE_AFTER


def version(session: Session) -> str | None:
    """The migration the database stands at."""
    return session.scalar(select(VERSION.c.version_num))

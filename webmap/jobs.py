"""Background jobs: put one in line, show how far it is, stop it.

`enqueue` writes the job on the caller's own session, so a change that is rolled back leaves no job. A capability
registers its functions with `@job("name")` in its `jobs.py`; `webmap.worker` runs them with the scope of the person
who asked. A job may run twice (a worker died): it must be written so that this does no harm.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from webmap import clock
from webmap.database.base import Base
from webmap.database.engine import Asking, transaction
from webmap.errors import N_, AppError, ConflictError, NotFoundError
from webmap.ids import uuid7


class Job(Base):
    """One piece of long work, as the person who asked for it sees it."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_account_id", "account_id", text("created_at DESC")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    account_id: Mapped[UUID | None]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    done: Mapped[int] = mapped_column(server_default=text("0"))
    total: Mapped[int | None]
    step: Mapped[str | None]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[dict[str, Any] | None]
    is_cancel_wanted: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    started_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class JobCancelledError(Exception):
    """The person who asked wants no more of it. Raised inside a job by `Run.progress`."""


class JobStoppedError(ConflictError):
    """The job has ended already."""

    code = "job_stopped"
    text = N_("This job has already ended.")


class Run(Protocol):
    """What a job function is given."""

    id: UUID
    facts: dict[str, Any]
    scope: Asking

    def progress(self, done: int, total: int | None = None, step: str | None = None) -> None:
        """Say how far it is (`step` is an English msgid). Raises JobCancelledError when it shall stop."""


JobFunction = Callable[[Any], dict[str, Any] | None]
REGISTER: dict[str, JobFunction] = {}


def job(name: str) -> Callable[[JobFunction], JobFunction]:
    """Register a function as the job of that name. What it returns is kept as the job's result."""

    def register(function: JobFunction) -> JobFunction:
        REGISTER[name] = function
        return function

    return register


@dataclass(frozen=True, slots=True)
class Recurring:
    """What the worker does again and again beside its jobs. Short, harmless when done twice or by two workers."""

    seconds: float
    function: Callable[[], None]


TIMETABLE: list[Recurring] = []


def every(seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function for the worker's timetable. Long work is not done there: it enqueues a job."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        TIMETABLE.append(Recurring(seconds, function))
        return function

    return register


DEFER = text(
    "select jobs.procrastinate_defer_jobs_v1(array[row("
    "'default', 'webmap.run', 0, null, null, cast(:args as jsonb), null)::jobs.procrastinate_job_to_defer_v1])"
)


def enqueue(session: Session, scope: Asking, name: str, *, area_id: int | None = None, **facts: Any) -> UUID:
    """Put a job in line, in the caller's transaction. Returns the id under which it can be watched."""
    new = Job(id=uuid7(), name=name, facts=facts, account_id=scope.account_id, area_id=area_id)
    session.add(new)
    session.flush()
    session.execute(DEFER, {"args": json.dumps({"job_id": str(new.id)})})
    return new.id


def find(session: Session, job_id: UUID) -> Job:
    """A job of the asking person. Others' jobs do not exist for her (row-level security)."""
    found = session.scalar(select(Job).where(Job.id == job_id))
    if found is None:
        raise NotFoundError
    return found


def want_cancel(session: Session, job_id: UUID) -> None:
    """Ask a job to stop. A waiting one stops at once, a running one at its next progress."""
    found = find(session, job_id)
    if found.state not in ("waiting", "running"):
        raise JobStoppedError
    found.is_cancel_wanted = True
    if found.state == "waiting":
        found.state = "cancelled"
        found.ended_at = clock.now()


@dataclass(frozen=True, slots=True)
class Watch:
    """A running job's line to the person who waits for it. Its writes are transactions of their own."""

    id: UUID
    facts: dict[str, Any]
    scope: Asking

    def progress(self, done: int, total: int | None = None, step: str | None = None) -> None:
        """Say how far it is. Raises JobCancelledError when it shall stop."""
        values = {"done": done, "total": total, "step": step, "seen_at": clock.now()}
        with transaction(self.scope) as session:
            wanted = session.scalar(
                update(Job).where(Job.id == self.id).values(**values).returning(Job.is_cancel_wanted)
            )
        if wanted:
            raise JobCancelledError


def run(watch: Watch, name: str) -> None:
    """Run one job to its end and write down how it ended. Unknown errors are kept and raised again."""
    _note(watch, state="running", started_at=clock.now(), seen_at=clock.now())
    try:
        result = REGISTER[name](watch)
    except JobCancelledError:
        _note(watch, state="cancelled", ended_at=clock.now())
    except AppError as error:
        facts = {key: str(value) for key, value in error.facts.items()}
        _note(
            watch,
            state="failed",
            ended_at=clock.now(),
            error={"code": error.code, "text": error.text, "facts": facts},
        )
    except Exception:
        _note(
            watch,
            state="failed",
            ended_at=clock.now(),
            error={"code": "error", "text": AppError.text, "facts": {}},
        )
        raise
    else:
        _note(watch, state="done", ended_at=clock.now(), result=result or {})


def _note(watch: Watch, **values: Any) -> None:
    with transaction(watch.scope) as session:
        session.execute(update(Job).where(Job.id == watch.id).values(**values))

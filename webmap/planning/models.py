"""Tables of plans, routes and stops."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class Plan(Base):
    """Which doors, how many teams (kế hoạch): draft, published, closed."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'published', 'closed')", name="state"),
        Index("ix_plan_area_id", "area_id", text("created_at DESC")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="draft")
    parameters: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("job.id"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Route(Base):
    """The walk of one team (tuyến)."""

    __tablename__ = "route"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        Index("ix_route_line", "line", postgresql_using="gist"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    line: Mapped[WKBElement | None] = mapped_column(Geometry("MULTILINESTRING", srid=4326, spatial_index=False))
    turf: Mapped[WKBElement | None] = mapped_column(Geometry("MULTIPOLYGON", srid=4326, spatial_index=False))
    walk_metres: Mapped[int] = mapped_column(server_default=text("0"))
    walk_minutes: Mapped[float] = mapped_column(REAL, server_default=text("0"))
    door_minutes: Mapped[float] = mapped_column(REAL, server_default=text("0"))
    uncovered_count: Mapped[int] = mapped_column(server_default=text("0"))


class RouteMember(Base):
    """Somebody who walks a route."""

    __tablename__ = "route_member"
    __table_args__ = (PrimaryKeyConstraint("route_id", "account_id"),)

    route_id: Mapped[UUID] = mapped_column(ForeignKey("route.id", ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)


class Stop(Base):
    """A door on a route, in order (điểm)."""

    __tablename__ = "stop"
    __table_args__ = (
        PrimaryKeyConstraint("route_id", "position"),
        UniqueConstraint("route_id", "household_id"),
        CheckConstraint("side in ('left', 'right')", name="side"),
    )

    route_id: Mapped[UUID] = mapped_column(ForeignKey("route.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"), index=True)
    alley_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("alley.id", ondelete="SET NULL"))
    side: Mapped[str | None]
    walk_metres: Mapped[int] = mapped_column(server_default=text("0"))
    arrive_minutes: Mapped[float] = mapped_column(REAL, server_default=text("0"))
    door_minutes: Mapped[float] = mapped_column(REAL, server_default=text("0"))

"""Tables of campaigns, their milestones, and teams."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Identity,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class Campaign(Base):
    """An effort in an area over a period (chiến dịch). The classes of colour are its data."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("warning_days between 1 and 365", name="warning_days"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    warning_days: Mapped[int] = mapped_column(SmallInteger, server_default=text("30"))
    class_bounds: Mapped[list[Decimal]] = mapped_column(ARRAY(Numeric(5, 2)), server_default="{70,80,90,95,97}")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))


class Milestone(Base):
    """What shall be reached by a day (mốc)."""

    __tablename__ = "milestone"
    __table_args__ = (
        CheckConstraint(
            "measure in ('registered_rate', 'living_rate', 'new_cards', 'new_social_insurance')",
            name="measure",
        ),
        UniqueConstraint("campaign_id", "due_on", "measure"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    due_on: Mapped[date]
    measure: Mapped[str]
    value: Mapped[Decimal] = mapped_column(Numeric(12, 2))


class Team(Base):
    """People who walk together (tổ)."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("area_id", "name"),)

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    name: Mapped[str]
    organisation: Mapped[str | None]


class TeamMember(Base):
    """Somebody in a team."""

    __tablename__ = "team_member"
    __table_args__ = (PrimaryKeyConstraint("team_id", "account_id"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)

"""Tables of campaigns, their milestones, and teams."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
    func,
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
        CheckConstraint("starts_on <= due_on", name="period"),
        UniqueConstraint("campaign_id", "due_on", "measure"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    # a number of people is counted from here; empty: from the first day of the campaign
    starts_on: Mapped[date | None]
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


class OfficialFigure(Base):
    """What an office says of an area (số liệu chính thức): dated, with where it is written."""

    __tablename__ = "official_figure"
    __table_args__ = (
        CheckConstraint(
            "measure in ('participants', 'target', 'population', 'social_insurance', 'social_insurance_target')",
            name="measure",
        ),
        CheckConstraint("value >= 0", name="value"),
        UniqueConstraint("area_id", "measure", "dated_on"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    measure: Mapped[str]
    dated_on: Mapped[date]
    value: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Meeting(Base):
    """People came together to hear of it (buổi họp)."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("attendances >= 0 and leaflets >= 0", name="counts"),
        UniqueConstraint("area_id", "held_on", "topic"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    held_on: Mapped[date]
    topic: Mapped[str]
    organisation: Mapped[str | None]
    attendances: Mapped[int]
    leaflets: Mapped[int] = mapped_column(server_default=text("0"))
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Gift(Base):
    """What was given to those who join (quà tặng). A donated card is no gift: see support."""

    __tablename__ = "gift"
    __table_args__ = (
        CheckConstraint("pieces > 0 and value_dong >= 0", name="counts"),
        UniqueConstraint("area_id", "given_on", "what", "sponsor"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    given_on: Mapped[date]
    what: Mapped[str]
    sponsor: Mapped[str]
    pieces: Mapped[int]
    value_dong: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime] = mapped_column(server_default=func.now())

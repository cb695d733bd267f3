"""Tables of what insurance costs, and of donated cards."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class BaseSalary(Base):
    """The base salary (mức lương cơ sở) from a day until the next."""

    __tablename__ = "base_salary"
    __table_args__ = (CheckConstraint("amount_dong between 100000 and 100000000", name="amount"),)

    from_on: Mapped[date] = mapped_column(primary_key=True)
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    decision: Mapped[str]


class PremiumShare(Base):
    """What the state (no area) or an area pays of the premium of a category, from a day on."""

    __tablename__ = "premium_share"
    __table_args__ = (
        CheckConstraint("to_on is null or to_on >= from_on", name="period"),
        CheckConstraint("state_percent between 0 and 100 and local_percent between 0 and 100", name="percents"),
        CheckConstraint("(area_id is null) = (state_percent is not null)", name="state_is_national"),
        CheckConstraint("(area_id is null) = (local_percent is null)", name="local_is_of_an_area"),
        UniqueConstraint("category", "area_id", "from_on", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    category: Mapped[str] = mapped_column(ForeignKey("card_category.code"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    state_percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    local_percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    decision: Mapped[str]


class Sponsor(Base):
    """Who gives (nhà hảo tâm)."""

    __tablename__ = "sponsor"
    __table_args__ = (UniqueConstraint("area_id", "name"),)

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    name: Mapped[str]
    phone: Mapped[str | None]


class Donation(Base):
    """Money, a number of cards, or cards for at most some money; and who may receive them."""

    __tablename__ = "donation"
    __table_args__ = (
        CheckConstraint("coalesce(amount_dong, cards) is not null", name="something"),
        CheckConstraint("amount_dong > 0 and cards > 0", name="amount"),
        CheckConstraint("months in (3, 6, 12)", name="months"),
        CheckConstraint("receivers in ('residents', 'pupils', 'anyone')", name="receivers"),
        CheckConstraint("age_from between 0 and 120 and age_to between 0 and 120 and age_from <= age_to", name="ages"),
        Index("ix_donation_area_id", "area_id", text("received_on DESC")),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    sponsor_id: Mapped[int] = mapped_column(ForeignKey("sponsor.id"), index=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    received_on: Mapped[date]
    amount_dong: Mapped[int | None] = mapped_column(BigInteger)
    cards: Mapped[int | None]
    months: Mapped[int] = mapped_column(SmallInteger)
    receivers: Mapped[str]
    age_from: Mapped[int | None] = mapped_column(SmallInteger)
    age_to: Mapped[int | None] = mapped_column(SmallInteger)
    age_is_first: Mapped[bool] = mapped_column(server_default=text("false"))
    hardship_first: Mapped[bool] = mapped_column(server_default=text("true"))
    note: Mapped[str | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Allocation(Base):
    """A card of a donation for one person: confirmed, then given out with a numbered receipt; or withdrawn."""

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint("state in ('confirmed', 'given', 'withdrawn')", name="state"),
        CheckConstraint("to_on >= from_on", name="period"),
        CheckConstraint("amount_dong >= 0", name="amount"),
        CheckConstraint("state <> 'given' or (given_on is not null and number is not null)", name="given"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at is not null)", name="withdrawn"),
        UniqueConstraint("donation_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    donation_id: Mapped[int] = mapped_column(ForeignKey("donation.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    amount_dong: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(server_default="confirmed")
    number: Mapped[int | None]
    confirmed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    given_on: Mapped[date | None]
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_why: Mapped[str | None]

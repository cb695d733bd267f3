"""Tables of what insurance costs, and of donated cards."""

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Integer, Numeric, UniqueConstraint
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

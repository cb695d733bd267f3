"""What was known of people and cards before: written by triggers of the database, never by the app.

`person_versions` and `card_versions` are views of all versions, those of today with `known_to` infinity.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class PersonPast(Base):
    """What was known of a person from one instant until just before another."""

    __tablename__ = "person_past"
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "known_to"),
        CheckConstraint("known_to > known_from", name="known"),
        Index("ix_person_past_area_id", "area_id", "known_to"),
    )

    person_id: Mapped[UUID]
    known_from: Mapped[datetime]
    known_to: Mapped[datetime]
    household_id: Mapped[UUID]
    area_id: Mapped[int]
    full_name: Mapped[str]
    sex: Mapped[str | None]
    birth_on: Mapped[date | None]
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    citizen_id: Mapped[str | None]
    insurance_code: Mapped[str | None]
    residency: Mapped[str]
    reason_group: Mapped[str | None]
    next_step: Mapped[str | None]
    next_step_on: Mapped[date | None]
    reported_on: Mapped[date | None]
    pledged_until: Mapped[date | None]


class CardPast(Base):
    """What was known of a card from one instant until just before another."""

    __tablename__ = "card_past"
    __table_args__ = (
        PrimaryKeyConstraint("card_id", "known_to"),
        CheckConstraint("known_to > known_from", name="known"),
        Index("ix_card_past_person_id", "person_id", "known_to"),
    )

    card_id: Mapped[UUID]
    known_from: Mapped[datetime]
    known_to: Mapped[datetime]
    person_id: Mapped[UUID]
    category: Mapped[str]
    number: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    origin: Mapped[str]

"""Tables of what happened at the doors. The app's role may add to them, and not change them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class Visit(Base):
    """One knock at a door (lượt thăm). The id was made on the phone."""

    __tablename__ = "visit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["household_id", "area_id"],
            ["household.id", "household.area_id"],
            name="fk_visit_household",
            onupdate="CASCADE",
        ),
        CheckConstraint(
            "outcome in ('met', 'not_home', 'refused', 'vacant', 'no_entry', 'moved_away', 'not_found', 'deferred')",
            name="outcome",
        ),
        CheckConstraint("accuracy_metres >= 0", name="accuracy"),
        Index("ix_visit_household_id", "household_id", text("happened_at DESC")),
        Index("ix_visit_area_id", "area_id", text("happened_at DESC")),
        Index("ix_visit_received_at", "received_at", postgresql_using="brin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    household_id: Mapped[UUID]
    area_id: Mapped[int]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    route_id: Mapped[UUID | None] = mapped_column(ForeignKey("route.id"))
    device: Mapped[str | None]
    outcome: Mapped[str]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    point: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    accuracy_metres: Mapped[float | None] = mapped_column(REAL)
    metres_from_door: Mapped[float | None] = mapped_column(REAL)
    is_far: Mapped[bool] = mapped_column(server_default=text("false"))
    revisit_on: Mapped[date | None]
    note: Mapped[str | None]
    content_sha256: Mapped[str]
    corrects_visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"))


class VisitPerson(Base):
    """What a visit found for one person."""

    __tablename__ = "visit_person"
    __table_args__ = (
        PrimaryKeyConstraint("visit_id", "person_id"),
        CheckConstraint(
            "outcome in ('enrolled', 'has_card', 'pledged', 'refused', 'needs_support', 'away', 'moved', 'deceased')",
            name="outcome",
        ),
        CheckConstraint("(outcome = 'pledged') = (pledged_until is not null)", name="pledge"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    outcome: Mapped[str]
    reason_group: Mapped[str | None]
    pledged_until: Mapped[date | None]
    pay_how: Mapped[str | None]
    note: Mapped[str | None]
    facts_before: Mapped[dict[str, Any] | None]
    """What was known of her when this visit changed it: a correction puts it back. Empty: it changed nothing."""


class QuarantinedEntry(Base):
    """What a phone sent and could not be kept as a visit: raw, for a person to look at."""

    __tablename__ = "quarantined_entry"
    __table_args__ = (UniqueConstraint("account_id", "entry_id", "content_sha256"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    entry_id: Mapped[str | None]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    code: Mapped[str]
    content_sha256: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

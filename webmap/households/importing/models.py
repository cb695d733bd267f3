"""Tables of a file of households, from upload to undo."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class HouseholdImport(Base):
    """One file: what it is for, how its headings were understood, where it stands."""

    __tablename__ = "household_import"
    __table_args__ = (
        CheckConstraint(
            "state in ('uploaded', 'checking', 'checked', 'applying', 'applied', 'failed', 'cancelled')",
            name="state",
        ),
        Index("ix_household_import_area_id", "area_id", text("created_at DESC")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    account_id: Mapped[UUID]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    file_name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    purpose: Mapped[str]
    legal_basis: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    state: Mapped[str] = mapped_column(server_default="uploaded")
    counts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    applied_at: Mapped[datetime | None]


class HouseholdImportRow(Base):
    """One row of the file: what it would do, or why it is refused."""

    __tablename__ = "household_import_row"
    __table_args__ = (
        PrimaryKeyConstraint("import_id", "row_number"),
        CheckConstraint("verdict in ('add', 'change', 'same', 'refuse')", name="verdict"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("household_import.id", ondelete="CASCADE"))
    row_number: Mapped[int] = mapped_column(Integer)
    verdict: Mapped[str]
    given: Mapped[dict[str, Any]]
    changes: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    reasons: Mapped[list[Any]] = mapped_column(server_default="[]")
    household_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]


class HeadingMapping(Base):
    """Headings that somebody confirmed once for a kind of file."""

    __tablename__ = "heading_mapping"
    __table_args__ = (PrimaryKeyConstraint("signature", "area_id"),)

    signature: Mapped[str]
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    mapping: Mapped[dict[str, Any]]
    confirmed_by: Mapped[UUID]
    confirmed_at: Mapped[datetime] = mapped_column(server_default=func.now())

"""Tables of a roll of the insurance agency, from upload to undo."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class RollImport(Base):
    """One roll: what it is for, the day on which the agency drew it, where it stands."""

    __tablename__ = "roll_import"
    __table_args__ = (
        CheckConstraint(
            "state in ('uploaded', 'checking', 'checked', 'applying', 'applied', 'undoing', 'undone', 'failed',"
            " 'cancelled')",
            name="state",
        ),
        Index("ix_roll_import_area_id", "area_id", text("listed_on DESC")),
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
    listed_on: Mapped[date]
    # it lists everybody of the area who holds a card: who is not on it has none
    is_complete: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str] = mapped_column(server_default="uploaded")
    counts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    # the last row that an applying has written, so that it goes on there after a worker died
    applied_through: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class RollRow(Base):
    """One row of a roll, whom it was taken for, and what it would do."""

    __tablename__ = "roll_row"
    __table_args__ = (
        PrimaryKeyConstraint("import_id", "row_number"),
        CheckConstraint("sex in ('male', 'female')", name="sex"),
        CheckConstraint(
            "verdict in ('add', 'change', 'same', 'refuse', 'doubtful', 'stranger', 'twice')", name="verdict"
        ),
        CheckConstraint(
            "matched_by in ('insurance_code', 'citizen_id', 'card_number', 'name', 'choice')", name="matched_by"
        ),
        Index("ix_roll_row_verdict", "import_id", "verdict", "row_number"),
        Index("ix_roll_row_person_id", "person_id", postgresql_where=text("person_id is not null")),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("roll_import.id", ondelete="CASCADE"))
    row_number: Mapped[int] = mapped_column(Integer)
    area_id: Mapped[int | None]
    full_name: Mapped[str | None]
    sex: Mapped[str | None]
    birth_on: Mapped[date | None]
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    citizen_id: Mapped[str | None]
    insurance_code: Mapped[str | None]
    card_number: Mapped[str | None]
    category: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    # the file has no first day: the card held on the day of the roll
    is_from_assumed: Mapped[bool] = mapped_column(server_default=text("false"))
    household_code: Mapped[str | None]
    head_name: Mapped[str | None]
    address: Mapped[str | None]
    verdict: Mapped[str]
    person_id: Mapped[UUID | None]
    card_id: Mapped[UUID | None]
    matched_by: Mapped[str | None]
    confidence: Mapped[float | None] = mapped_column(REAL)
    changes: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    reasons: Mapped[list[Any]] = mapped_column(server_default="[]")
    given: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class RollCandidate(Base):
    """Somebody whom a row might be, and what agrees."""

    __tablename__ = "roll_candidate"
    __table_args__ = (
        PrimaryKeyConstraint("import_id", "row_number", "person_id"),
        ForeignKeyConstraint(
            ["import_id", "row_number"],
            ["roll_row.import_id", "roll_row.row_number"],
            name="fk_roll_candidate_row",
            ondelete="CASCADE",
        ),
    )

    import_id: Mapped[UUID]
    row_number: Mapped[int]
    person_id: Mapped[UUID]
    confidence: Mapped[float] = mapped_column(REAL)
    agreement: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class RollChoice(Base):
    """What somebody decided on such a row, remembered for the next roll. No person: nobody we know."""

    __tablename__ = "roll_choice"
    __table_args__ = (
        PrimaryKeyConstraint("area_id", "identity"),
        Index("ix_roll_choice_person_id", "person_id", postgresql_where=text("person_id is not null")),
    )

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    identity: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    chosen_by: Mapped[UUID]
    chosen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RollChange(Base):
    """A person or card that applying a roll wrote: as it was, and as it became."""

    __tablename__ = "roll_change"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        CheckConstraint("table_name in ('person', 'card')", name="table_name"),
        CheckConstraint("deed in ('added', 'changed')", name="deed"),
        Index("ix_roll_change_import_id", "import_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    import_id: Mapped[UUID] = mapped_column(ForeignKey("roll_import.id", ondelete="CASCADE"))
    # none: the card of somebody who is not on the roll was ended
    row_number: Mapped[int | None]
    table_name: Mapped[str]
    row_id: Mapped[UUID]
    deed: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]

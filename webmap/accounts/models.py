"""Tables of accounts, sign-ins and the audit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webmap.database.base import Base


class Account(Base):
    """Somebody who may sign in."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("username"),
        CheckConstraint("username = lower(username) and username ~ '^[a-z0-9._-]{3,40}$'", name="username"),
        CheckConstraint("role in ('admin', 'supervisor', 'leader', 'canvasser')", name="role"),
        CheckConstraint("language in ('vi', 'en')", name="language"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str]
    full_name: Mapped[str]
    role: Mapped[str]
    phone: Mapped[str | None]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(server_default=text("true"))
    sees_persons: Mapped[bool] = mapped_column(server_default=text("true"))
    language: Mapped[str] = mapped_column(server_default="vi")
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    password_changed_at: Mapped[datetime | None]


class AccountArea(Base):
    """An area an account is tied to, with all below it."""

    __tablename__ = "account_area"
    __table_args__ = (PrimaryKeyConstraint("account_id", "area_id"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)


class LoginSession(Base):
    """One sign-in on one device. Flask-Login's id is the id of this row."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_account_id", "account_id", postgresql_where=text("ended_at is null")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str | None]
    agent: Mapped[str | None]


class LoginAttempt(Base):
    """A try to sign in, for throttling."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_username", "username", "at"),
        Index("ix_login_attempt_address", "address", "at"),
        Index("ix_login_attempt_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    username: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    has_succeeded: Mapped[bool]


class AuditEvent(Base):
    """Who did what. Added by `webmap.audit.record`, never changed."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_area_id", "area_id", text("at DESC")),
        Index("ix_audit_event_subject", "subject_type", "subject_id"),
        Index("ix_audit_event_account_id", "account_id", text("at DESC")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    account_id: Mapped[UUID | None]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str | None]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")

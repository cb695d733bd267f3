"""The audit: who did what, in the same transaction as the deed."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webmap.database.engine import Asking

ADD = text(
    "insert into audit_event (account_id, action, subject_type, subject_id, area_id, facts)"
    " values (:account_id, :action, :subject_type, :subject_id, :area_id, cast(:facts as jsonb))"
)


def record(
    session: Session,
    scope: Asking,
    action: str,
    subject_type: str,
    subject_id: UUID | int | str | None = None,
    *,
    area_id: int | None = None,
    **facts: Any,
) -> None:
    """Write down a deed. `action` is a verb phrase such as "place household"; facts name what changed, not persons."""
    session.execute(
        ADD,
        {
            "account_id": scope.account_id,
            "action": action,
            "subject_type": subject_type,
            "subject_id": None if subject_id is None else str(subject_id),
            "area_id": area_id,
            "facts": json.dumps(facts, default=str, ensure_ascii=False),
        },
    )

"""What tests of importing share: a file taken in, checked and applied as a person would have it."""

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webmap.accounts.scope import Scope
from webmap.households.importing import apply, preview, runs

VILLAGES = ("Hữu Tân", "Quảng Xá")


def taken_in(session: Session, scope: Scope, area_id: int, path: Path) -> UUID:
    run = runs.begin(
        session, scope, area_id, file_name=path.name, content=path.read_bytes(),
        purpose="Lập danh sách vận động", legal_basis="Nhiệm vụ được giao",
    )  # fmt: skip
    return run.id


def checked(session: Session, scope: Scope, area_id: int, path: Path) -> tuple[UUID, dict[str, Any]]:
    import_id = taken_in(session, scope, area_id, path)
    read = preview.understand(session, scope, import_id)
    return import_id, preview.check(session, scope, import_id, read(lambda _rows: None))


def applied(session: Session, scope: Scope, area_id: int, path: Path) -> dict[str, Any]:
    import_id, counts = checked(session, scope, area_id, path)
    apply.apply(session, scope, import_id)
    return counts

"""Features of an area and all below it, layer by layer, in batches. The SQL is `sql/<layer>.sql`.

Each query takes `:area_id` and gives the columns of its layer, then `shape` (WKB, WGS 84). What lies on the land of the
area is found by the area's boundary, or by those of its villages where it has none.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webmap.accounts.scope import Scope
from webmap.database.sql_files import sql, sql_text

PACKAGE = "webmap.exports"
AT_ONCE = 5_000
Rows = list[tuple[Any, ...]]


def features(session: Session, scope: Scope, layer: str, area_id: int) -> Iterator[Rows]:
    """The rows of a layer, some thousands at a time; the caller has asked `require_area` before."""
    found = session.execute(sql(PACKAGE, layer), _asked(scope, area_id), execution_options={"yield_per": AT_ONCE})
    for part in found.partitions():
        yield [tuple(row) for row in part]


def count(session: Session, scope: Scope, layer: str, area_id: int) -> int:
    """How many features that are."""
    counted = text(f"select count(*) from ({sql_text(PACKAGE, layer)}) features")
    return session.scalar(counted, _asked(scope, area_id)) or 0


def _asked(scope: Scope, area_id: int) -> dict[str, Any]:
    return {"area_id": area_id, "everything": scope.role == "system", "mine": sorted(scope.area_ids)}

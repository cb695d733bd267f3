"""When a map is replaced: what ends, and who works in what became of it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from webmap.accounts.scope import SYSTEM, Scope
from webmap.database.engine import tell
from webmap.database.sql_files import sql

PACKAGE = "webmap.areas"
FROM_BELOW = ("commune", "district", "province")


def end_emptied(session: Session, day: date) -> list[int]:
    """End the areas that were replaced on a day and hold nothing any more, communes first. Returns their ids."""
    ended: list[int] = []
    for level in FROM_BELOW:
        ended += session.scalars(sql(PACKAGE, "end_emptied"), {"day": day, "level": level}).all()
    return ended


def tie_successors(
    session: Session, scope: Scope, import_id: UUID, ended: Iterable[int], *, with_above: bool = False
) -> int:
    """Let the accounts of ended areas into what became of these; they keep the old ones for what was written there.

    `with_above`: and those of areas above them that go on, whose villages hang elsewhere now. Returns how many ties
    were made. Call it inside `noting`, with the id of that change, before the tree is made anew.
    """
    tell(session, SYSTEM)  # nobody may widen her own areas; here the ground is the same, under other names
    given = {"ended": sorted(ended), "import_id": import_id, "with_above": with_above}
    tied = session.execute(sql(PACKAGE, "tie_successors"), given).all()
    tell(session, scope)
    return len(tied)

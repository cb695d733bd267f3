"""What an asking person may see. Every read and write takes one; PostgreSQL is told it too (database.engine.tell)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Select, any_, column, literal, select, table
from sqlalchemy.orm import Session

from webmap.errors import NotFoundError

# The closure of the tree of areas, which stands above this package (webmap.areas.models.AreaClosure).
CLOSURE = table("area_closure", column("ancestor_id", Integer), column("descendant_id", Integer))


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks: account, role, the areas (each with all below it), and whether persons may be seen."""

    account_id: UUID | None
    role: str
    area_ids: frozenset[int]
    sees_persons: bool = True


# The house itself: signing in, nightly work. Never made from a request's data.
SYSTEM = Scope(account_id=None, role="system", area_ids=frozenset())
NOBODY = Scope(account_id=None, role="nobody", area_ids=frozenset(), sees_persons=False)


def areas_in(scope: Scope) -> Select[int]:
    """Ids of all areas of a scope, for `area_id.in_(areas_in(scope))`."""
    wanted = select(CLOSURE.c.descendant_id)
    if scope.role == "system":
        return wanted
    mine = literal(sorted(scope.area_ids), ARRAY(Integer))
    return wanted.where(CLOSURE.c.ancestor_id == any_(mine))


def require_area(session: Session, scope: Scope, area_id: int) -> int:
    """The id itself if the area lies in the scope; else it does not exist."""
    if session.scalar(areas_in(scope).where(CLOSURE.c.descendant_id == area_id).limit(1)) is None:
        raise NotFoundError
    return area_id

"""Villages that a list names and nobody knows yet: added when somebody says so, then the file is checked again."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap.accounts.scope import Scope
from webmap.areas.errors import WrongLevelError
from webmap.areas.inputs import NewArea
from webmap.areas.models import Area, AreaLevel
from webmap.areas.service import add_area
from webmap.households.importing import runs
from webmap.households.importing.folding import fold
from webmap.households.importing.reading import layout_from
from webmap.households.importing.villages import name_and_kind, without_kind


def add_unknown_villages(session: Session, scope: Scope, import_id: UUID) -> UUID:
    """Add them to the commune of the import and put the dry run in line again. Returns the job."""
    run = runs.find(session, scope, import_id)
    level = session.scalar(
        select(AreaLevel.code).join(Area, Area.level_id == AreaLevel.id).where(Area.id == run.area_id)
    )
    if level != "commune":
        raise WrongLevelError
    wanted = {without_kind(fold(text)): text for text in run.counts.get("unknown_villages", {}) if text}
    for text in wanted.values():
        name, kind = name_and_kind(text)
        add_area(session, scope, run.area_id, NewArea(name=name, kind=kind))
    return runs.confirm(session, scope, import_id, layout_from(run.mapping))

"""Villages that a list names and nobody knows yet: added when somebody says so, then the file is checked again."""

from uuid import UUID

from sqlalchemy.orm import Session

from webmap.accounts.scope import Scope
from webmap.areas.inputs import NewVillage
from webmap.areas.service import add_village
from webmap.households.importing import runs
from webmap.households.importing.folding import fold
from webmap.households.importing.reading import layout_from
from webmap.households.importing.villages import name_and_kind, without_kind


def add_unknown_villages(session: Session, scope: Scope, import_id: UUID) -> UUID:
    """Add them to the commune of the import and put the dry run in line again. Returns the job."""
    run = runs.find(session, scope, import_id)
    wanted = {without_kind(fold(text)): text for text in run.counts.get("unknown_villages", {}) if text}
    for text in wanted.values():
        name, kind = name_and_kind(text)
        add_village(session, scope, run.area_id, NewVillage(name=name, kind=kind))
    return runs.confirm(session, scope, import_id, layout_from(run.mapping))

"""What an alley is called, what it is, whether it is still walked. Taking away what was drawn by mistake."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webmap import clock
from webmap.accounts.scope import Scope
from webmap.areas.models import Source
from webmap.streets.editing import Edited
from webmap.streets.editing_errors import NotDrawnError
from webmap.streets.editing_inputs import ClosedOn, Details, Seen
from webmap.streets.editing_queries import pieces_of_street
from webmap.streets.edits import edit, note_households, opened, require_version, walking
from webmap.streets.models import AddressPoint, Alley, Building


def change_details(session: Session, scope: Scope, area_id: int, uuid: UUID, new: Details) -> Edited:
    """Give an alley a name (with the alleys it lies in: "Ngách 58 Ngõ 46 Phố Hào Nam"), kind, access, gate."""
    alley, _ = opened(session, scope, area_id, uuid)
    wanted = {"name": new.name or None, "kind": new.kind, **walking(new.access), "has_gate": new.has_gate}
    if all(getattr(alley, name) == value for name, value in wanted.items()):
        return Edited(None, (uuid,))
    require_version(session, alley, new.version)
    is_renamed = wanted["name"] != alley.name
    others = []
    if new.is_whole_street and is_renamed and alley.name:
        street = pieces_of_street(area_id, alley.name).where(Alley.id != alley.id)
        others = list(session.scalars(street.with_for_update()))
    deed = "rename_street" if others else "rename_alley" if is_renamed else "change_alley"
    with edit(session, scope, area_id, deed, new.name or alley.name or "") as change:
        for name, value in wanted.items():
            setattr(alley, name, value)
        alley.edited_at = clock.now()
        for other in others:
            other.name, other.edited_at = wanted["name"], clock.now()
    return Edited(change.id, (uuid, *(other.uuid for other in others)))


def close(session: Session, scope: Scope, area_id: int, uuid: UUID, given: ClosedOn) -> Edited:
    """Close an alley from a day on: new plans leave it out, maps no longer draw it."""
    alley, _ = opened(session, scope, area_id, uuid)
    if alley.closed_on == given.closed_on:
        return Edited(None, (uuid,))
    require_version(session, alley, given.version)
    with edit(session, scope, area_id, "close_alley", alley.name or "") as change:
        alley.closed_on, alley.edited_at = given.closed_on, clock.now()
    return Edited(change.id, (uuid,))


def reopen(session: Session, scope: Scope, area_id: int, uuid: UUID, given: Seen) -> Edited:
    """Open a closed alley again."""
    alley, _ = opened(session, scope, area_id, uuid)
    if alley.closed_on is None:
        return Edited(None, (uuid,))
    require_version(session, alley, given.version)
    with edit(session, scope, area_id, "reopen_alley", alley.name or "") as change:
        alley.closed_on, alley.edited_at = None, clock.now()
    return Edited(change.id, (uuid,))


def remove(session: Session, scope: Scope, area_id: int, uuid: UUID, given: Seen) -> Edited:
    """Take away an alley that was drawn by mistake. NotDrawnError for what a file brought."""
    alley, _ = opened(session, scope, area_id, uuid)
    require_version(session, alley, given.version)
    require_drawn(session, alley)
    with edit(session, scope, area_id, "remove_alley", alley.name or "") as change:
        note_households(session, change, alley_ids=[alley.id])
        session.delete(alley)
        session.flush()
    return Edited(change.id)


def require_drawn(session: Session, row: Alley | Building | AddressPoint) -> None:
    """NotDrawnError unless it was drawn by hand."""
    if session.scalar(select(Source.kind).where(Source.id == row.source_id)) != "hand":
        raise NotDrawnError

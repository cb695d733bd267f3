"""Streets, buildings and water from a map file, in one transaction."""

from collections.abc import Iterator
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.errors import UnreadableFileError
from gis_layers.sources.clip import clipped, region_around
from gis_layers.sources.osm import OsmSummary, features, summary
from gis_layers.sources.recognise import OSM_KINDS, FileKind, recognise
from webmap import audit
from webmap.accounts.scope import Scope
from webmap.areas.errors import NoBoundaryError, UnusableMapError
from webmap.areas.map_imports import noting
from webmap.areas.queries import boundary, place
from webmap.areas.sources import common_ancestor, source_for
from webmap.households.settling import settle
from webmap.mapfiles import vector_streets
from webmap.mapfiles.errors import NothingToImportError
from webmap.mapfiles.inputs import StreetsOrder
from webmap.streets.loading import Counts, Reach, Tell, load

AROUND_METRES = 100.0  # a border often runs along the middle of a road
COUNTED = ("added", "changed", "removed", "same")


def kind_of(path: Path) -> FileKind:
    """What a map file is, by its content. UnusableMapError with a reason for any other file."""
    try:
        return recognise(path)
    except UnreadableFileError as error:
        raise UnusableMapError(reason=error.facts["reason"], found=error.facts.get("found", "")) from error


def osm_summary(path: Path) -> OsmSummary:
    """What an OpenStreetMap file holds. UnusableMapError with a reason when it cannot be read."""
    try:
        return summary(path)
    except UnreadableFileError as error:
        raise UnusableMapError(reason=error.facts["reason"]) from error


def import_streets(session: Session, scope: Scope, path: Path, order: StreetsOrder, tell: Tell) -> Counts:
    """Bring the basemap in the chosen areas to what the file holds. The same file again changes nothing.

    NoBoundaryError for an area without one, NothingToImportError when nothing of the file lies there.
    """
    session.execute(text("select pg_advisory_xact_lock(hashtext('import_streets'))"))  # one after the other
    region = region_of(session, scope, order.area_ids)
    source = source_for(session, path, order, "streets")
    if kind_of(path) in OSM_KINDS:
        about = osm_summary(path)
        found, covered = features(about), _covered(about, region) if order.is_complete else None
    else:
        found, covered = vector_streets.features_of(path, order), None
    wanted = found if region is None else clipped(found, region)
    where = common_ancestor(session, order.area_ids)
    with session.begin_nested() as before:
        with noting(session, scope, "streets", order.source_name, area_id=where, source_id=source.id) as change:
            try:
                counts = load(session, wanted, source.id, Reach(region, covered), tell)
                settle(session)
            except UnreadableFileError as error:
                raise UnusableMapError(reason=error.facts["reason"]) from error
            change.counts = {part: sum(getattr(counts, part).values()) for part in COUNTED}
        if counts.is_unchanged:
            before.rollback()  # nothing to be undone
    if not any(sum(part.values()) for part in (counts.added, counts.changed, counts.same)):
        raise NothingToImportError
    if not counts.is_unchanged:
        audit.record(session, scope, "import streets", "source", source.id, added=counts.added, removed=counts.removed)
    return counts


def region_of(session: Session, scope: Scope, area_ids: tuple[int, ...]) -> BaseGeometry | None:
    """The chosen areas and a little around them, WGS 84; None when none is chosen."""
    return shapely.union_all(list(_regions(session, scope, area_ids))) if area_ids else None


def _regions(session: Session, scope: Scope, area_ids: tuple[int, ...]) -> Iterator[BaseGeometry]:
    for area_id in area_ids:
        shape = boundary(session, scope, area_id)
        if shape is None:
            raise NoBoundaryError(name=place(session, scope, area_id).name)
        yield region_around(shape, AROUND_METRES)


def _covered(about: OsmSummary, region: BaseGeometry | None) -> BaseGeometry | None:
    """Where the file says it is whole."""
    if about.bounds is None:
        return None
    box = shapely.box(*about.bounds)
    return box if region is None else shapely.intersection(box, region)

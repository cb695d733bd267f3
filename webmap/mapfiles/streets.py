"""Streets, buildings and water from a map file: what of it is wanted, cut to areas, laid into the basemap."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.sources.clip import clipped, region_around
from gis_layers.sources.osm_features import Address, Alley, Building, Feature, Skipped, Water
from gis_layers.sources.recognise import OSM_KINDS
from gis_layers.types import BBox
from webmap import audit
from webmap.accounts.scope import Scope
from webmap.areas.errors import NoBoundaryError
from webmap.areas.map_imports import noting
from webmap.areas.map_reading import kind_of, osm_bounds, osm_features
from webmap.areas.queries import boundary, place, roots
from webmap.areas.sources import common_ancestor, source_for
from webmap.households.settling import settle
from webmap.mapfiles import vector_streets
from webmap.mapfiles.errors import NothingToImportError
from webmap.mapfiles.inputs import StreetsOrder
from webmap.streets.counts import Counts, Reach, Tell
from webmap.streets.loading import load

AROUND_METRES = 100.0  # a border often runs along the middle of a road
COUNTED = ("added", "changed", "removed", "same")
CLASSES = {"alleys": Alley, "buildings": Building, "addresses": Address, "water": Water}
MOST_SKIPPED = 5_000


@dataclass(slots=True)
class Merged:
    """What was done to the basemap, from which source, within which area; features left out, the first thousands."""

    counts: Counts
    source_id: int
    area_id: int | None
    skipped: list[Skipped] = field(default_factory=list)


def import_streets(session: Session, scope: Scope, path: Path, order: StreetsOrder, tell: Tell) -> Counts:
    """Bring the basemap to what the file holds, as one change that can be undone; see `merge_streets`."""
    with session.begin_nested() as before:
        with noting(session, scope, "streets", order.source_name) as change:
            done = merge_streets(session, scope, path, order, tell)
            change.source_id, change.area_id = done.source_id, done.area_id
            change.counts = summed(done.counts)
        if done.counts.is_unchanged:
            before.rollback()  # nothing to be undone
    return done.counts


def merge_streets(session: Session, scope: Scope, path: Path, order: StreetsOrder, tell: Tell) -> Merged:
    """Bring the basemap in the chosen areas to what the file holds. The same file again changes nothing.

    Call it inside `noting`. NoBoundaryError for an area without one, NothingToImportError when nothing of the file
    lies there.
    """
    session.execute(text("select pg_advisory_xact_lock(hashtext('import_streets'))"))  # one after the other
    region = region_of(session, scope, order.area_ids)
    source = source_for(session, path, order, "streets")
    covered = None
    is_osm = kind_of(path) in OSM_KINDS
    if is_osm:
        found = osm_features(path, None if region is None else BBox(*region.bounds))
        covered = _covered(path, region) if order.is_complete else None
    else:
        found = vector_streets.features_of(path, order)
    skipped: list[Skipped] = []
    wanted = _wanted(found if region is None else clipped(found, region), order, skipped)
    reach = Reach(region, covered)
    counts = Counts()
    if any(not one.maker for one in order.layers) or not order.layers:
        counts = load(session, wanted, source.id, reach, tell, is_sparse=not is_osm)
    if any(one.maker for one in order.layers):
        vector_streets.add(
            counts, vector_streets.load_outlines(session, path, order, source.id, reach=reach, tell=tell)
        )
    settle(session)
    if not any(sum(part.values()) for part in (counts.added, counts.changed, counts.same)):
        raise NothingToImportError
    if not counts.is_unchanged:
        audit.record(session, scope, "import streets", "source", source.id, added=counts.added, removed=counts.removed)
    return Merged(counts, source.id, common_ancestor(session, order.area_ids), skipped)


def summed(counts: Counts) -> dict[str, int]:
    """How many rows of all kinds."""
    return {part: sum(getattr(counts, part).values()) for part in COUNTED}


def region_of(session: Session, scope: Scope, area_ids: tuple[int, ...]) -> BaseGeometry | None:
    """The chosen areas and a little around them, WGS 84; None, everywhere, when none is chosen.

    Who is no administrator stays within her own areas: chosen or not.
    """
    if not area_ids and scope.role not in {"admin", "system"}:
        area_ids = tuple(one.id for one in roots(session, scope))
    return shapely.union_all(list(_regions(session, scope, area_ids))) if area_ids else None


def _regions(session: Session, scope: Scope, area_ids: tuple[int, ...]) -> Iterator[BaseGeometry]:
    for area_id in area_ids:
        shape = boundary(session, scope, area_id)
        if shape is None:
            raise NoBoundaryError(name=place(session, scope, area_id).name)
        yield region_around(shape, AROUND_METRES)


def _covered(path: Path, region: BaseGeometry | None) -> BaseGeometry | None:
    """Where the file says it is whole."""
    bounds = osm_bounds(path)
    if bounds is None:
        return None
    box = shapely.box(*bounds)
    return box if region is None else shapely.intersection(box, region)


def _wanted(found: Iterable[Feature], order: StreetsOrder, skipped: list[Skipped]) -> Iterator[Feature]:
    """The kinds that were chosen; what is left out is written down on the way."""
    classes = tuple(CLASSES[kind] for kind in order.kinds)
    for feature in found:
        if isinstance(feature, Skipped):
            if len(skipped) < MOST_SKIPPED:
                skipped.append(feature)
            yield feature
        elif isinstance(feature, classes):
            yield feature

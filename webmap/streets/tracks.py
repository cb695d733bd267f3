"""What tracks have shown and the map does not: proposals for a person to accept, nothing written."""

from pathlib import Path

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_layers.errors import UnreadableFileError
from gis_layers.geojson import from_wkb
from gis_layers.measure import widened
from gis_layers.routing.tracks import Proposal, unknown_ways
from gis_layers.sources import apart
from gis_layers.sources.gps_tracks import tracks_of
from gis_layers.types import BBox
from webmap.accounts.scope import Scope, require_area
from webmap.areas.errors import UnusableMapError
from webmap.streets.editing_queries import ground_around
from webmap.streets.models import Alley

AROUND_METRES = 100.0


def proposals_of(session: Session, scope: Scope, area_id: int, path: Path) -> list[Proposal]:
    """The stretches of a file of tracks that lead along no known alley, within the person's ground; longest first.

    UnusableMapError(reason) for a file that holds no tracks. It is read in a process apart.
    """
    require_area(session, scope, area_id)
    try:
        tracks = apart.call(tracks_of, apart.LOOK, path)
    except UnreadableFileError as error:
        raise UnusableMapError(reason=error.facts["reason"], found=error.facts.get("found", "")) from error
    box = widened(BBox(*shapely.total_bounds([shapely.MultiPoint(track) for track in tracks])), AROUND_METRES)
    ground = ground_around(session, scope, shapely.box(*box))
    if ground is None:
        return []
    known = select(func.st_asbinary(Alley.line)).where(Alley.line.op("&&")(func.st_makeenvelope(*box, 4326)))
    lines = [from_wkb(bytes(wkb)) for wkb in session.scalars(known)]
    found = unknown_ways(tracks, [line for line in lines if isinstance(line, shapely.LineString)])
    return sorted((one for one in found if ground.covers(one.line)), key=lambda one: -one.metres)

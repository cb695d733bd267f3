"""Compare a file's features with the basemap and lay down the difference, in sets: nothing row by row.

A row stays itself as long as it has the same OpenStreetMap id and shape, so that households keep the alley they were
matched to; `buildings` does the same for buildings. The same file again finds nothing to do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_wkb
from gis_layers.sources.osm_features import (
    Access,
    Address,
    Alley,
    AlleyKind,
    Building,
    Feature,
    Place,
    Skipped,
    Water,
)
from webmap.streets import buildings
from webmap.streets.counts import Counts, Reach, Tell
from webmap.streets.rules import Maker

__all__ = ["Counts", "Reach", "Tell", "load"]

BATCH = 5_000

KIND_OF_ALLEY = {
    AlleyKind.SERVICE: "alley",  # what OpenStreetMap calls service is an alley with houses more often than not
    AlleyKind.SIDEWALK: "footway",
    AlleyKind.MOTORWAY: "main",
}
CANALS = frozenset(("canal", "drain", "ditch"))
RIVERS = frozenset(("river", "stream", "oxbow"))


# Corners of a way may be set anew by a later file: a little around is still the way that was edited.
STANDS_FOR_METRES = 10
NOTHING_REPLACED = "select null::bigint as osm_id, null::geometry as exact, null::geometry as wide where false"
REPLACED_ALLEYS = f"""
    select osm_id, st_geomfromwkb(stands_for, 4326) as exact,
           st_buffer(st_geomfromwkb(stands_for, 4326)::geography, {STANDS_FOR_METRES})::geometry as wide
      from alley where stands_for is not null
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One table of the basemap: its stage, what makes a row the same row, and what may change in it."""

    table: str
    stage: str
    shape: str
    same: tuple[str, ...]
    changing: tuple[str, ...]
    is_edited: str = "old.edited_at is not null"  # what a person edited is left as it is
    replaced: str = NOTHING_REPLACED  # what edited rows stand for is not laid down a second time


ALLEY = ("name", "kind", "is_walkable", "access", "has_gate")
TABLES = (
    Kept("alley", "stage_alley", "line", ("osm_id", "from_node", "to_node"), ALLEY, replaced=REPLACED_ALLEYS),
    Kept("terrain", "stage_terrain", "shape", ("osm_id",), ("name", "kind"), is_edited="false"),
    Kept("address_point", "stage_address", "point", ("osm_id",), ("house_number", "street")),
)


STAGES = {
    "stage_alley": ("osm_id", "from_node", "to_node", "kind", "name", "is_walkable", "access", "has_gate", "line"),
    "stage_terrain": ("osm_id", "kind", "name", "shape"),
    "stage_building": ("osm_id", "kind", "levels", "outline"),
    "stage_address": ("osm_id", "is_node", "house_number", "street", "point"),
    "stage_part": ("osm_id",),
}
SAME_LINE_DEGREES = 1e-6  # ten centimetres: what is lost when a line goes through VN-2000 and back


def load(
    session: Session,
    features: Iterable[Feature],
    source_id: int,
    reach: Reach,
    tell: Tell,
    *,
    maker: Maker = Maker.OSM,
    is_sparse: bool = False,
) -> Counts:
    """Bring the basemap within reach to what the features say.

    Pieces of ways that the features hold in another shape go. What they do not hold at all goes only where the
    file is whole, and only of kinds it holds any of: an extract of streets says nothing about houses. Only rows
    that came from files are touched, never drawn, edited or demo ones. `maker` is who drew the buildings. `is_sparse`:
    the features say where ways lead and what they are called, not who may walk them; what is known of that stays. Call
    `settle` (webmap.households.settling) afterwards, within the same `noting`.
    """
    counts = Counts()
    buildings.open_stage(session)
    buildings.run_all(session, "stage")
    _stage(session, features, counts, tell)
    buildings.run_all(session, "prepare_stage")
    places = {
        "source_id": source_id,
        "region": None if reach.region is None else to_wkb(reach.region).hex(),
        "covered": None if reach.covered is None else to_wkb(reach.covered).hex(),
    }
    buildings.run_all(session, "same_ways", {**places, "is_sparse": is_sparse, "apart": SAME_LINE_DEGREES})
    for kept in TABLES:
        _merge(session, kept, places, counts)
    buildings.merge_stage(session, source_id, maker=maker, reach=reach, counts=counts)
    return counts


def _stage(session: Session, features: Iterable[Feature], counts: Counts, tell: Tell) -> None:
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)  # noqa: S101 - the engine is made for psycopg
    rows: dict[str, list[tuple[Any, ...]]] = {stage: [] for stage in STAGES}
    for done, feature in enumerate(features, 1):
        if isinstance(feature, Skipped):
            counts.skipped[feature.reason] = counts.skipped.get(feature.reason, 0) + 1
        for stage, row in _rows(feature):
            rows[stage].append(row)
        if done % BATCH == 0:
            tell(done)
            for stage, waiting in rows.items():
                _copy(connection, stage, waiting)
                waiting.clear()
    for stage, waiting in rows.items():
        _copy(connection, stage, waiting)


def _copy(connection: Connection[Any], stage: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        command = f"copy {stage} ({', '.join(STAGES[stage])}) from stdin"
        with connection.cursor() as cursor, cursor.copy(command.encode()) as copy:
            for row in rows:
                copy.write_row(row)


def _rows(feature: Feature) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if isinstance(feature, Alley):
        kind = KIND_OF_ALLEY.get(feature.kind, feature.kind.value)
        walkable = feature.kind is not AlleyKind.MOTORWAY and feature.access is not Access.FORBIDDEN
        ends = (feature.from_node, feature.to_node)
        line = to_wkb(feature.geometry).hex()
        walking = (walkable, feature.access.value, feature.is_gated)
        yield "stage_alley", (feature.osm_id, *ends, kind, feature.name or None, *walking, line)
    elif isinstance(feature, Building):
        for part in feature.geometry.geoms:
            outline = to_wkb(part).hex()
            yield "stage_building", (_number(feature.osm_ref), feature.kind or None, feature.levels, outline)
    elif isinstance(feature, Water):
        row = (_number(feature.osm_ref), _water_kind(feature.kind), feature.name or None)
        yield "stage_terrain", (*row, to_wkb(feature.geometry).hex())
    elif isinstance(feature, Address):
        point = f"SRID=4326;POINT({feature.position.lon!r} {feature.position.lat!r})"
        is_node = feature.osm_ref.startswith("n")
        said = (feature.house_number, feature.street or None)
        yield "stage_address", (_number(feature.osm_ref), is_node, *said, point)
    elif isinstance(feature, Skipped) and feature.reason == "missing_nodes":
        yield "stage_part", (_number(feature.osm_ref),)
    elif isinstance(feature, Place):
        return  # villages come with the areas; a name on a point is no village of the register


def _number(osm_ref: str) -> int:
    """Ways and relations are numbered apart; relations are kept with a minus, as osm2pgsql does."""
    return -int(osm_ref[1:]) if osm_ref.startswith("r") else int(osm_ref[1:])


def _water_kind(kind: str) -> str:
    return "canal" if kind in CANALS else "river" if kind in RIVERS else "lake"


def _merge(session: Session, kept: Kept, places: dict[str, Any], counts: Counts) -> None:
    same = " and ".join(f"old.{name} is not distinct from new.{name}" for name in kept.same)
    is_same = f"{same} and old.{kept.shape} = new.{kept.shape}"
    differs = " or ".join(f"old.{name} is distinct from new.{name}" for name in kept.changing)
    here = f"(cast(:region as geometry) is null or st_intersects(old.{kept.shape}, cast(:region as geometry)))"
    columns = (*kept.same, *kept.changing, kept.shape)
    removed = session.execute(
        text(f"""
            delete from {kept.table} old using source
             where source.id = old.source_id and source.kind = 'streets' and {here} and not ({kept.is_edited})
               and (old.osm_id in (select osm_id from {kept.stage})
                    or (exists (select from {kept.stage})
                        and st_coveredby(old.{kept.shape}, cast(:covered as geometry))))
               and not exists (select from {kept.stage} new where {is_same})
        """),
        places,
    )
    changed = session.execute(
        text(f"""
            update {kept.table} old set {", ".join(f"{name} = new.{name}" for name in kept.changing)},
                   source_id = :source_id
              from {kept.stage} new, source
             where source.id = old.source_id and source.kind = 'streets' and {is_same} and ({differs})
               and not ({kept.is_edited})
        """),
        places,
    )
    added = session.execute(
        text(f"""
            with replaced as materialized ({kept.replaced})
            insert into {kept.table} (source_id, {", ".join(columns)})
            select distinct on ({", ".join(f"new.{name}" for name in (*kept.same, kept.shape))})
                   cast(:source_id as int), {", ".join(f"new.{name}" for name in columns)}
              from {kept.stage} new
             where not exists (select from {kept.table} old join source on source.id = old.source_id
                                where source.kind = 'streets' and {is_same})
               and not exists (select from replaced where replaced.wide && new.{kept.shape}
                                  and (st_covers(replaced.exact, new.{kept.shape}) or replaced.osm_id = new.osm_id
                                       and st_covers(replaced.wide, new.{kept.shape})))
        """),
        places,
    )
    all_of_it = session.scalar(text(f"select count(*) from {kept.stage}")) or 0
    counts.removed[kept.table] = removed.rowcount  # type: ignore[attr-defined]
    counts.changed[kept.table] = changed.rowcount  # type: ignore[attr-defined]
    counts.added[kept.table] = added.rowcount  # type: ignore[attr-defined]
    counts.same[kept.table] = all_of_it - counts.added[kept.table] - counts.changed[kept.table]

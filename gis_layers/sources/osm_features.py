"""What is taken from OpenStreetMap, and which tags decide. One small frozen shape per kind of thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from shapely import LineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from gis_layers.types import LonLat

Tags = Mapping[str, str]


class AlleyKind(StrEnum):
    """What a way is to somebody on foot."""

    MAIN = "main"
    ROAD = "road"
    ALLEY = "alley"
    SERVICE = "service"
    TRACK = "track"
    PATH = "path"
    STEPS = "steps"
    SIDEWALK = "sidewalk"  # beside or across a road: walked, but nobody lives on it
    BRIDGE = "bridge"  # for people on foot; a road over a bridge stays a road
    FERRY = "ferry"
    MOTORWAY = "motorway"  # drawn, never walked


class Access(StrEnum):
    """Who may walk there."""

    PUBLIC = "public"
    PRIVATE = "private"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Alley:
    """A piece of way between two junctions or ends, WGS 84.

    Pieces with an equal node id meet there, and nowhere else.
    """

    osm_id: int
    piece: int  # 0, 1, 2 … along the way
    name: str
    kind: AlleyKind
    access: Access
    is_gated: bool
    from_node: int
    to_node: int
    geometry: LineString


@dataclass(frozen=True, slots=True)
class Building:
    """A footprint, WGS 84. `osm_ref` is "w123" for a way, "r123" for a relation."""

    osm_ref: str
    kind: str
    name: str
    levels: int | None
    geometry: MultiPolygon


@dataclass(frozen=True, slots=True)
class Address:
    """A house number as mapped, at its node or inside its building.

    `street` may also be a village (addr:place).
    """

    osm_ref: str
    house_number: str
    street: str
    name: str
    position: LonLat


@dataclass(frozen=True, slots=True)
class Water:
    """A river, canal, lake or pond: a line or a surface, WGS 84."""

    osm_ref: str
    kind: str
    name: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Place:
    """A named village, hamlet, quarter …, as a point."""

    osm_ref: str
    kind: str
    name: str
    position: LonLat


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something the file names but does not fully hold, or holds broken.

    Ordinary at the edge of every extract.

    `reason`: "missing_nodes" (the rest of the way is used), "not_closed", "broken_ring",
    "incomplete_relation".
    """

    osm_ref: str
    reason: str


Feature = Alley | Building | Address | Water | Place | Skipped

MAIN = frozenset(f"{kind}{link}" for kind in ("trunk", "primary", "secondary", "tertiary") for link in ("", "_link"))
ROADS = frozenset(("unclassified", "residential", "living_street", "road", "busway"))
PATHS = frozenset(("path", "footway", "pedestrian", "cycleway", "bridleway"))
MOTORWAYS = frozenset(("motorway", "motorway_link"))
KIND_OF_HIGHWAY = {
    **dict.fromkeys(MAIN, AlleyKind.MAIN),
    **dict.fromkeys(ROADS, AlleyKind.ROAD),
    **dict.fromkeys(PATHS, AlleyKind.PATH),
    **dict.fromkeys(MOTORWAYS, AlleyKind.MOTORWAY),
    "service": AlleyKind.SERVICE,
    "track": AlleyKind.TRACK,
    "steps": AlleyKind.STEPS,
}
ALLEY_WORDS = ("ngõ ", "ngách ", "hẻm ", "kiệt ")
SMALL = frozenset((AlleyKind.ROAD, AlleyKind.SERVICE, AlleyKind.PATH, AlleyKind.TRACK))
ON_FOOT = frozenset((AlleyKind.PATH, AlleyKind.STEPS))
BESIDE_A_ROAD = frozenset(("sidewalk", "crossing", "traffic_island"))
CLOSED_TO_STRANGERS = frozenset(("private", "permit", "residents"))
OPEN_ON_FOOT = frozenset(("yes", "designated", "permissive", "destination"))
GATES = frozenset(("gate", "lift_gate", "swing_gate", "sliding_gate", "entrance_gate"))
WATER_LINES = frozenset(("river", "stream", "canal", "drain", "ditch"))
PLACES = frozenset(
    (
        "city",
        "town",
        "suburb",
        "quarter",
        "neighbourhood",
        "village",
        "hamlet",
        "isolated_dwelling",
        "locality",
    )
)


def text(tags: Tags, *keys: str) -> str:
    """Return the first of the tags that says something, composed (NFC), without blanks around it."""
    return next((normalize("NFC", value) for key in keys if (value := tags.get(key, "").strip())), "")


def alley_kind(tags: Tags) -> AlleyKind | None:
    """Return what a way is, or None when it is no way (yet, any more, or a surface)."""
    kind = KIND_OF_HIGHWAY.get(tags.get("highway", ""))
    if kind is None or tags.get("area") == "yes":
        return AlleyKind.FERRY if _is_ferry(tags) else None
    if kind in ON_FOOT and tags.get("bridge", "no") != "no" and tags.get("footway") != "sidewalk":
        return AlleyKind.BRIDGE
    if tags.get("footway") in BESIDE_A_ROAD:
        return AlleyKind.SIDEWALK
    is_named_alley = text(tags, "name", "name:vi").lower().startswith(ALLEY_WORDS)
    if kind in SMALL and (tags.get("service") == "alley" or is_named_alley):
        return AlleyKind.ALLEY
    return kind


def _is_ferry(tags: Tags) -> bool:
    """Say whether people on foot cross here. A nameless line on water is a boat trip more often than a crossing."""
    return tags.get("route") == "ferry" and (tags.get("foot") in OPEN_ON_FOOT or bool(text(tags, "name", "name:vi")))


def access(tags: Tags) -> Access:
    """Return who may walk a way: foot=* decides before access=*."""
    on_foot = tags.get("foot", tags.get("access", "yes"))
    if on_foot in CLOSED_TO_STRANGERS:
        return Access.PRIVATE
    return Access.FORBIDDEN if on_foot == "no" else Access.PUBLIC


def is_gate(tags: Tags) -> bool:
    """Say whether a node stands in the way of somebody without a key or a guard's word."""
    if tags.get("barrier") not in GATES:
        return False
    return tags.get("foot", tags.get("access", "")) not in OPEN_ON_FOOT


def water_kind(tags: Tags) -> str:
    """Return the kind of a water surface, "" when it is none."""
    if tags.get("natural") == "water":
        return tags.get("water", "water")
    if tags.get("waterway") in {"riverbank", "dock"}:
        return "river"
    return tags["landuse"] if tags.get("landuse") in {"reservoir", "basin"} else ""


def is_building(tags: Tags) -> bool:
    """Say whether a surface is a building; parts of one, planned and vanished ones are not."""
    return tags.get("building", "no") not in {"no", "proposed", "razed", "demolished"}


def is_surface_of_use(tags: Tags) -> bool:
    """Say whether a closed way or a relation is a building or water."""
    return is_building(tags) or bool(water_kind(tags))


def levels(tags: Tags) -> int | None:
    """Return the number of storeys, None when nobody counted."""
    said = tags.get("building:levels", "").split(".")[0]
    return int(said) if said.isascii() and said.isdigit() and int(said) < 200 else None

"""What each layer carries when it leaves the system, and how it is drawn in another program.

Column names are English and stay the same in every language: a file that was edited elsewhere comes back by them.
"""

from collections.abc import Mapping

from gis_layers.render import styles
from gis_layers.render.styles import LayerStyle
from gis_layers.sinks.vector_files import Column, OutLayer

ORIGIN = (Column("source"), Column("licence"), Column("dated_on"))
FIGURES = (Column("households", "integer"), Column("registered", "integer"), Column("covered", "integer"))
# After `place_source` the columns of a household tell who lives there.
PERSONAL = ("head_name", "phone", "house_number", "alley_name", "address", "note")
COLUMNS: dict[str, tuple[Column, ...]] = {
    "areas": (
        *(Column(name) for name in ("uuid", "code", "name", "kind", "level", "parent_code", "valid_from")),
        Column("population", "integer"),
        Column("boundary_kind"),
        *ORIGIN,
        *FIGURES,
    ),
    "alleys": (
        *(Column(name) for name in ("uuid", "name", "kind", "access")),
        Column("has_gate", "flag"),
        Column("is_walkable", "flag"),
        Column("closed_on"),
        Column("osm_id", "integer"),
        *ORIGIN,
    ),
    "buildings": (
        *(Column(name) for name in ("uuid", "house_number", "street", "kind")),
        Column("levels", "integer"),
        Column("is_shed", "flag"),
        Column("confidence", "number"),
        Column("osm_id", "integer"),
        Column("external_id"),
        *ORIGIN,
    ),
    "address_points": (Column("uuid"), Column("house_number"), Column("street"), Column("osm_id", "integer"), *ORIGIN),
    "households": (
        *(Column(name) for name in ("uuid", "code", "village_code", "village", "status", "door_mark")),
        Column("registered_count", "integer"),
        Column("covered_count", "integer"),
        *(Column(name) for name in ("next_expiry_on", "last_visit_at", "place_source", *PERSONAL)),
    ),
}
SHAPES = {
    "areas": "MultiPolygon",
    "alleys": "LineString",
    "buildings": "Polygon",
    "address_points": "Point",
    "households": "Point",
}


def out_layer(name: str, labels: Mapping[str, str], *, with_persons: bool) -> OutLayer:
    """A layer as it is written. `labels`: words of `label_codes` in the reader's language."""
    left_out = PERSONAL if name == "households" and not with_persons else ()
    columns = tuple(column for column in COLUMNS[name] if column.name not in left_out)
    return OutLayer(name, SHAPES[name], columns, _style(name, labels))


def _style(name: str, labels: Mapping[str, str]) -> LayerStyle:
    title = labels[name]
    if name == "households":
        return styles.households_style(title, lambda status: labels[f"status {status}"])
    if name == "alleys":
        return styles.alleys_style(title, lambda kind: labels[f"alley {kind}"])
    made = {"areas": styles.areas_style, "buildings": styles.buildings_style, "address_points": styles.points_style}
    return made[name](title)

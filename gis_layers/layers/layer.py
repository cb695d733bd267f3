"""A layer of the map: where it reads, between which zooms, what its features carry, and who may see it."""

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who may see a layer."""

    EVERYBODY = "everybody"  # ground: streets, water, buildings
    FIGURES = "figures"  # counts, also for those who may not see persons
    PERSONS = "persons"  # doors and walks: only for those who may see persons


@dataclass(frozen=True, slots=True)
class Layer:
    """One vector layer. Its name is that of the layer inside the tile, of its SQL and of its view in schema `map`.

    Args:
        name: name of the layer; `gis_layers/tiles/sql/<name>.sql` makes its tiles.
        min_zoom, max_zoom: tiles outside do not exist; a map enlarges those of `max_zoom` beyond it.
        fields: properties of its features, with what they mean.
        audience: who may see it.
        feature_id: what the id of a feature is, or None where features have none.
        can_be_filtered: whether the tile takes a condition on `household`.

    """

    name: str
    min_zoom: int
    max_zoom: int
    fields: dict[str, str]
    audience: Audience
    feature_id: str | None = None
    can_be_filtered: bool = False

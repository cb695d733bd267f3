"""Words of buildings: who drew an outline, what stands there, and what is no dwelling."""

from enum import StrEnum


class Maker(StrEnum):
    """Who drew an outline, the one that is believed first at the top (SQL: building_rank)."""

    DRAWN = "drawn"  # by hand, on our map
    OFFICIAL = "official"  # a municipality's or an agency's survey
    OSM = "osm"
    OVERTURE = "overture"
    MICROSOFT = "microsoft"  # seen by a machine
    GOOGLE = "google"  # seen by a machine (Open Buildings)


class Finding(StrEnum):
    """What a person said of a building that has no household."""

    NOT_DWELLING = "not_dwelling"  # không phải nhà ở
    SHED = "shed"  # công trình phụ
    EMPTY = "empty"  # nhà bỏ không


SHED_KINDS = frozenset((
    "associate", "barn", "bicycle_parking", "carport", "container", "cowshed", "dissociate", "farm_auxiliary",
    "garage", "garages", "greenhouse", "hut", "kiosk", "outbuilding", "roof", "shed", "slurry_tank", "stable",
    "storage_tank", "sty", "tent", "toilets",
))  # fmt: skip
"""Kinds that are beside a house by what the source calls them, in the words of OpenStreetMap and of municipal files."""

"""All layers in the order in which they are drawn, from the ground up."""

from gis_layers.layers.layer import Audience, Layer

TERRAIN = Layer(
    "terrain",
    9,
    15,
    {"kind": "river, canal, lake, sea, field, forest or built", "name": "its name, where known"},
    Audience.EVERYBODY,
)
BUILDINGS = Layer(
    "buildings",
    15,
    16,
    {"house_number": "of the address, from zoom 16", "shed": "true for a small one beside a house; else absent"},
    Audience.EVERYBODY,
)
DOUBTFUL_BUILDINGS = Layer(
    "doubtful_buildings", 15, 16, {"confidence": "of its detector, in percent"}, Audience.EVERYBODY, "building.id"
)
BUILDINGS_WITHOUT_HOUSEHOLD = Layer(
    "buildings_without_household", 15, 16, {"house_number": "of the address"}, Audience.PERSONS, "building.id"
)
HOUSEHOLDS_WITHOUT_BUILDING = Layer("households_without_building", 14, 16, {}, Audience.PERSONS, "household.number")
ALLEYS = Layer(
    "alleys",
    11,
    16,
    {
        "kind": "main, road, alley, path, steps, track, footway, bridge or ferry",
        "name": "its name, where known",
        "access": "private or forbidden; absent where everybody may walk",
    },
    Audience.EVERYBODY,
    "alley.id",
)
AREAS = Layer(
    "areas",
    4,
    16,
    {
        "level": "country, province, district, commune or village",
        "name": "its name",
        "boundary_kind": "official, drawn, or hull: drawn around its doors by us",
        "households": "households; absent where nothing may be shown",
        "registered": "people on the register",
        "covered": "of these, with a card",
        "uncovered": "of these, without one",
        "rate": "covered / registered in percent; absent where nobody is registered",
    },
    Audience.FIGURES,
    "area.id",
)
CELLS = Layer(
    "cells",
    4,
    14,
    {
        "households": "households in the square",
        "registered": "people on the register",
        "living": "people living there",
        "covered": "people on the register with a card",
        "uncovered": "people on the register without one",
        "share": "covered / registered in percent; absent where nobody is registered",
    },
    Audience.FIGURES,
)
ROUTES = Layer(
    "routes",
    10,
    16,
    {"number": "of the walk in its plan", "plan": "id of the plan", "state": "draft or published", "team": "id"},
    Audience.PERSONS,
)
HOUSEHOLDS = Layer(
    "households",
    13,
    16,
    {
        "status": "as in webmap.coverage.rules.HouseholdStatus",
        "door_mark": "what happened at the door last, from zoom 15",
        "code": "the household's code, from zoom 15",
        "doors": "where doors are too many to draw: how many this one stands for",
    },
    Audience.PERSONS,
    "household.number",
    can_be_filtered=True,
)

LAYERS = {
    layer.name: layer
    for layer in (
    TERRAIN, BUILDINGS, DOUBTFUL_BUILDINGS, BUILDINGS_WITHOUT_HOUSEHOLD, ALLEYS, AREAS, CELLS, ROUTES,
    HOUSEHOLDS_WITHOUT_BUILDING, HOUSEHOLDS,
    )
}  # fmt: skip

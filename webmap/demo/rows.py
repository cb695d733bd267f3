"""One built commune as rows of the tables: streets, water, buildings, households, people, cards."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString

from webmap.demo.copying import Column, ewkb, uuid7s
from webmap.demo.frame import Floats, Frame
from webmap.demo.landscape import Landscape
from webmap.demo.network import WayKind
from webmap.demo.people import Population
from webmap.demo.world import Built

Ints = NDArray[np.int64]
Rows = dict[str, Column]

ALLEY_KINDS = {
    WayKind.THROUGH_ROAD: "main",
    WayKind.VILLAGE_ROAD: "road",
    WayKind.ALLEY: "alley",
    WayKind.SIDE_ALLEY: "alley",
    WayKind.BYWAY: "path",
    WayKind.FIELD_TRACK: "track",
}
TERRAIN_KINDS = {"river": "river", "canal": "canal", "pond": "lake"}  # ditches are the gaps between fields
DECIMALS = 7  # of a degree: a centimetre, as in OpenStreetMap
NORTH_UNITS = np.int64(2_000_000_000)


@dataclass(slots=True)
class Ids:
    """The next free number of each table; they grow from commune to commune."""

    source: int
    milliseconds: int
    alley: int = 1
    terrain: int = 1
    building: int = 1
    taken: dict[str, int] = field(default_factory=dict)

    def uuids(self, table: str, count: int, dice: np.random.Generator) -> NDArray[np.str_]:
        first = self.taken.get(table, 0)
        self.taken[table] = first + count
        return uuid7s(self.milliseconds, first, count, dice)


def of_commune(built: Built, frame: Frame, village_ids: Ints, ids: Ids, today: date) -> dict[str, Rows]:
    """All rows of a commune, by table, in the order in which they may be added."""
    dice = np.random.default_rng([built.plan.number, 30])
    stretches = _stretches(built.land, frame)
    first_alley, first_building = ids.alley, ids.building
    tables = {
        "alley": _alleys(built.land, stretches, ids),
        "terrain": _terrain(built.land, frame, ids),
        "building": _buildings(built.land, frame, ids),
    }
    population = built.population
    order = _along_hilbert(built.land.houses.doors[population.households.house])
    household_ids = np.empty(len(order), dtype="<U32")
    household_ids[order] = ids.uuids("household", len(order), dice)
    homes = {
        "id": household_ids,
        "area_id": village_ids[population.households.village],
        "building_id": first_building + population.households.house,
        "alley_id": first_alley + stretches.of_house[population.households.house],
    }
    tables["household"] = _households(built, frame, homes, today)
    tables["household"] = {name: np.asarray(values)[order] for name, values in tables["household"].items()}
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    in_order = np.argsort(place[population.people.household], kind="stable")
    person_ids = np.empty(len(in_order), dtype="<U32")
    person_ids[in_order] = ids.uuids("person", len(in_order), dice)
    tables["person"] = _people(population, homes, person_ids)
    tables["person"] = {name: np.asarray(values)[in_order] for name, values in tables["person"].items()}
    tables["card"] = _cards(population, person_ids)
    tables["card"]["id"] = ids.uuids("card", len(population.cards), dice)
    for rows in tables.values():
        rows["source_id"] = [str(ids.source)] * len(next(iter(rows.values())))
    return tables


@dataclass(frozen=True, slots=True)
class Stretches:
    """Ways cut where others meet them. `of_house`: the stretch on which each house stands."""

    way: Ints
    lines: NDArray[Any]
    from_node: Ints
    to_node: Ints
    of_house: Ints


def _stretches(land: Landscape, frame: Frame) -> Stretches:
    """Cut the ways from junction to junction, in degrees."""
    points, way = shapely.get_coordinates(np.array(land.lines), return_index=True)
    lonlat = np.round(frame.to_lonlat(points), DECIMALS)
    nodes = _node_ids(lonlat)
    _, which, times = np.unique(nodes, return_inverse=True, return_counts=True)
    starts = np.concatenate([[True], way[1:] != way[:-1]])
    ends = np.concatenate([starts[1:], [True]])
    cut = (times[which] > 1) | starts | ends
    firsts = np.flatnonzero(cut & ~ends)
    lasts = np.flatnonzero(cut & ~starts)
    lines = [LineString(lonlat[a : b + 1]) for a, b in zip(firsts, lasts, strict=True)]
    along = shapely.line_locate_point(np.array(land.lines)[way], shapely.points(points))
    door = shapely.line_locate_point(np.array(land.lines)[land.houses.way], shapely.points(land.houses.doors))
    keys = way[lasts] * 1e6 + along[lasts]
    of_house = np.searchsorted(keys, land.houses.way * 1e6 + door)
    of_house = np.minimum(of_house, np.searchsorted(way[lasts], land.houses.way, side="right") - 1)
    return Stretches(way[firsts], np.array(lines), nodes[firsts], nodes[lasts], of_house)


def _node_ids(lonlat: Floats) -> Ints:
    """One number for each place: communes that meet at a point call it the same."""
    units = np.round(lonlat * 10**DECIMALS).astype(np.int64)
    return np.asarray(units[:, 0] * NORTH_UNITS + units[:, 1] + NORTH_UNITS // 2)


def _alleys(land: Landscape, stretches: Stretches, ids: Ids) -> Rows:
    count = len(stretches.way)
    rows: Rows = {
        "id": np.arange(ids.alley, ids.alley + count),
        "name": np.array([way.name for way in land.ways])[stretches.way],
        "kind": np.array([ALLEY_KINDS[way.kind] for way in land.ways])[stretches.way],
        "from_node": stretches.from_node,
        "to_node": stretches.to_node,
        "line": ewkb(stretches.lines),
    }
    ids.alley += count
    return rows


def _terrain(land: Landscape, frame: Frame, ids: Ids) -> Rows:
    waters = [water for water in land.waters if water.kind in TERRAIN_KINDS]
    shapes = [*land.fields, land.gardens, *(water.shape for water in waters)]
    kinds = ["field"] * len(land.fields) + ["built"] + [TERRAIN_KINDS[water.kind] for water in waters]
    names = [""] * (len(land.fields) + 1) + [water.name for water in waters]
    rows: Rows = {
        "id": np.arange(ids.terrain, ids.terrain + len(shapes)),
        "kind": kinds,
        "name": np.array(names),
        "shape": ewkb(in_degrees(np.array(shapes), frame)),
    }
    ids.terrain += len(shapes)
    return rows


def _buildings(land: Landscape, frame: Frame, ids: Ids) -> Rows:
    names = np.array([way.name for way in land.ways])
    rows: Rows = {
        "id": np.arange(ids.building, ids.building + len(land.houses)),
        "house_number": land.houses.number.astype("<U8"),
        "street": names[land.houses.way],
        "outline": ewkb(in_degrees(land.houses.walls, frame)),
    }
    ids.building += len(land.houses)
    return rows


def _households(built: Built, frame: Frame, homes: dict[str, NDArray[Any]], today: date) -> Rows:
    households, people = built.population.households, built.population.people
    land = built.land
    unplaced = np.isnan(households.place[:, 0])
    heads = np.flatnonzero(people.is_head)
    heads = heads[np.argsort(people.household[heads])]
    way = land.houses.way[households.house]
    villages = np.array([f"thôn {village.name}" for village in land.villages])
    degrees = frame.to_lonlat(np.nan_to_num(households.place))
    places = np.asarray(shapely.points(np.round(degrees, DECIMALS)))
    places[unplaced] = None
    measured_on = np.datetime64(today) - (np.arange(len(unplaced)) * 37 % 200).astype("timedelta64[D]")
    return {
        "id": homes["id"],
        "area_id": homes["area_id"],
        "code": households.code,
        "head_name": people.full_name[heads],
        "phone": people.phone[heads],
        "house_number": np.where(unplaced, "", land.houses.number[households.house].astype("<U8")),
        "alley_name": np.where(unplaced & (way % 2 == 0), "", np.array([w.name for w in land.ways])[way]),
        "address": villages[households.village],
        "point": ewkb(places),
        "place_source": households.place_source,
        "place_accuracy_metres": households.accuracy,
        "placed_at": np.where(unplaced, np.datetime64("NaT"), measured_on),
        "building_id": np.where(unplaced, "", homes["building_id"].astype("<U12")),
        "alley_id": np.where(unplaced, "", homes["alley_id"].astype("<U12")),
    }


def _people(population: Population, homes: dict[str, NDArray[Any]], person_ids: NDArray[np.str_]) -> Rows:
    people = population.people
    return {
        "id": person_ids,
        "household_id": homes["id"][people.household],
        "area_id": homes["area_id"][people.household],
        "full_name": people.full_name,
        "sex": np.where(people.is_male, "male", "female"),
        "birth_on": people.birth_on,
        "birth_year": people.birth_on.astype("datetime64[Y]").astype(np.int64) + 1970,
        "citizen_id": people.citizen_id,
        "insurance_code": people.insurance_code,
        "phone": people.phone,
        "relationship": np.where(people.is_head, "", people.relationship),
        "is_head": people.is_head,
        "residency": people.residency,
        "reason_group": people.reason,
    }


def _cards(population: Population, person_ids: NDArray[np.str_]) -> Rows:
    cards = population.cards
    return {
        "person_id": person_ids[cards.person],
        "category": cards.category,
        "number": population.people.insurance_code[cards.person],
        "valid_from": cards.valid_from,
        "valid_to": cards.valid_to,
        "origin": ["demo"] * len(cards),
    }


def in_degrees(shapes: NDArray[Any], frame: Frame) -> NDArray[Any]:
    """Turn shapes in metres into shapes in degrees, rounded to a centimetre."""
    return np.asarray(shapely.transform(shapes, lambda points: np.round(frame.to_lonlat(points), DECIMALS)))


def _along_hilbert(places: Floats) -> Ints:
    """Order places along a Hilbert curve, so that neighbours on the ground are neighbours on disk."""
    low, span = places.min(axis=0), np.ptp(places, axis=0).max() + 1.0
    x, y = ((places - low) / span * 65_536).astype(np.int64).T
    step = np.zeros(len(places), dtype=np.int64)
    side = 32_768
    while side:
        right, up = (x & side) > 0, (y & side) > 0
        step += side * side * ((3 * right) ^ up)
        turned = ~up
        flipped = turned & right
        x, y = np.where(flipped, 65_535 - x, x), np.where(flipped, 65_535 - y, y)
        x, y = np.where(turned, y, x), np.where(turned, x, y)
        side //= 2
    return np.argsort(step, kind="stable")

"""An account without the right to persons takes everything it can get, and tries to work out small groups from it."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis_layers.layers.catalogue import LAYERS
from gis_layers.tiles import address
from gis_layers.types import BBox
from tests.builders import Village, an_account
from tests.clients import PageClient, sign_in
from tests.webmap.maps.drawn import Feature, features
from webmap.coverage.publishing import publish
from webmap.coverage.queries import area_figures
from webmap.coverage.service import fold
from webmap.households.models import Household

SMALLEST = 10
COMMUNE = BBox(106.60, 17.20, 106.64, 17.30)


@pytest.fixture
def village(session: Session) -> Village:
    """A commune of one village of ribbon houses, one of scattered houses with some unplaced, and a tiny hamlet."""
    made = Village.built(session)
    session.execute(
        text(
            "insert into household (area_id, code, living_count, registered_count, covered_count, living_covered_count,"
            " status, point, place_source)"
            " select :area, 'R' || n, 4, 4, n % 5, n % 5, 'partly',"
            " st_setsrid(st_makepoint(106.605 + n * 0.00007, 17.252 + (n % 3) * 0.0001), 4326), 'import'"
            " from generate_series(1, 300) n"
        ),
        {"area": made.id},
    )
    session.execute(
        text(
            "insert into household (area_id, code, living_count, registered_count, covered_count, living_covered_count,"
            " status, point, place_source)"
            " select :area, 'S' || n, 3, 3, n % 4, n % 4, 'partly',"
            " case when n % 15 > 0 then st_setsrid(st_makepoint(106.602 + (n * 37 % 100) * 0.00035,"
            " 17.202 + (n * 61 % 100) * 0.0004), 4326) end, case when n % 15 > 0 then 'import' end"
            " from generate_series(1, 90) n"
        ),
        {"area": made.second_id},
    )
    while fold(session):
        pass
    publish(session, SMALLEST)
    return made


@dataclass(frozen=True)
class Square:
    """A square as drawn: in units of zoom 14, half open."""

    z: int
    west: int
    north: int
    size: int
    households: int


def everything(client: PageClient, layer: str) -> list[tuple[int, int, int, Feature]]:
    """All features of a layer that the commune's tiles of zooms 0 to 16 hold."""
    found = []
    for z in range(17):
        for tile in address.tiles_over(COMMUNE, z):
            answer = client.get(f"/tiles/{layer}/{z}/{tile.x}/{tile.y}.mvt")
            if answer.status_code != 404:
                found += [(z, tile.x, tile.y, one) for one in features(answer, layer)]
    return found


def squares(client: PageClient) -> list[Square]:
    made = []
    for z, x, y, one in everything(client, "cells"):
        west, south, east, north = one.shape.bounds
        scale = 1 << (14 - z)  # GDAL turns a tile's y upwards
        made.append(
            Square(
                z,
                (x * 64 + round(west / 64)) * scale,
                (y * 64 + round((4096 - north) / 64)) * scale,
                round((east - west) / 64) * scale,
                int(one.facts["households"]),
            )
        )
        assert north - south == east - west
    return made


def test_no_door_and_no_walk_is_in_any_tile(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.counter.id)

    for layer in ("households", "routes"):
        for z in range(LAYERS[layer].min_zoom, LAYERS[layer].max_zoom + 1):
            for tile in list(address.tiles_over(COMMUNE, z))[:40]:
                assert client.get(f"/tiles/{layer}/{z}/{tile.x}/{tile.y}.mvt").status_code == 404


def test_every_square_holds_ten_and_something_is_shown(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.counter.id)

    found = squares(client)

    assert {one.z for one in found} == set(range(4, 15))
    assert min(one.households for one in found) >= SMALLEST
    shown = sum(one.households for one in found if one.z == 14)
    assert shown >= 0.8 * (305 + 92)  # being careful must not mean being useless


def test_no_sum_or_difference_of_tiles_and_areas_tells_of_fewer_than_ten(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.counter.id)
    told = area_figures(session, village.counter.scope, [village.commune_id, village.id, village.second_id])
    doors = session.execute(
        select(
            Household.area_id,
            text("coverage_column(point)"),
            text("coverage_row(point)"),
        ).where(Household.area_id.in_([village.id, village.second_id]))
    ).all()
    facts, answers = equations(squares(client), {key: one.households for key, one in told.items()}, doors, village)

    assert np.array_equal(facts @ np.ones(len(doors), dtype=int), answers)  # the attacker's equations are true
    for group in separable(facts):
        assert len(group) >= SMALLEST


def equations(
    found: list[Square], told: dict[int, int], doors: list, village: Village
) -> tuple[np.ndarray, np.ndarray]:
    """What was seen, as equations: which doors each number counts. (The doors' places are known to the attacker.)

    A square counts only doors of blocks; which these are she knows by the rule, from the doors.
    """
    from webmap.coverage.anonymity import blocks, drawn_at  # noqa: PLC0415 - the rule is public, as the attacker has it

    members: dict[tuple[int, int, int, int], set[int]] = defaultdict(set)
    for area_id in (village.id, village.second_id):
        mine: dict[tuple[int, int], int] = defaultdict(int)
        for one in doors:
            if one[0] == area_id and one[1] is not None:
                mine[one[1], one[2]] += 1
        unplaced = sum(one[0] == area_id and one[1] is None for one in doors)
        for block in blocks(mine, unplaced, SMALLEST):
            inside = {n for n, one in enumerate(doors) if one[0] == area_id and (one[1], one[2]) in set(block.doors)}
            for z in range(4, 15):
                column, row, size = drawn_at(block, z)
                scale = 1 << (14 - z)
                members[z, column * scale, row * scale, size * scale] |= inside
    rows, answers = [], []
    for square in found:
        inside = members[square.z, square.west, square.north, square.size]
        rows.append([n in inside for n in range(len(doors))])
        answers.append(square.households)
    for area_id, households in told.items():
        rows.append([area_id in (one[0], village.commune_id) for one in doors])
        answers.append(households)
    return np.array(rows, dtype=int), np.array(answers)


def separable(facts: np.ndarray) -> list[list[int]]:
    """Doors that no equation tells apart, together: nothing smaller can be isolated by any combination."""
    groups: dict[bytes, list[int]] = defaultdict(list)
    for number, column in enumerate(facts.T):
        groups[column.tobytes()].append(number)
    return list(groups.values())


def test_a_commune_of_few_doors_has_no_figures_and_cannot_be_subtracted(session: Session, village: Village) -> None:
    inspector = an_account(session, "inspector", "supervisor", village.province_id, sees_persons=False)
    ids = [village.province_id, village.commune_id, village.neighbour_commune_id, village.id, village.second_id]

    told = area_figures(session, inspector.scope, ids)

    assert told[village.neighbour_commune_id].is_withheld  # three doors
    assert told[village.province_id].households == told[village.commune_id].households == 395
    assert told[village.province_id].by_status == {}
    assert told[village.province_id].unplaced == 0


def test_the_same_is_shown_whatever_is_asked_for(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.counter.id)
    tile = address.tile_at(address.LonLat(106.61, 17.252), 12)
    plain = f"/tiles/cells/12/{tile.x}/{tile.y}.mvt"

    assert client.get(f"{plain}?status=uncovered").data == client.get(plain).data

    session.execute(text("update household set covered_count = 0, living_covered_count = 0 where code = 'R7'"))
    while fold(session):
        pass
    assert client.get(plain).data == client.get(f"{plain}?again").data
    assert area_figures(session, village.counter.scope, [village.id])[village.id].covered == 603

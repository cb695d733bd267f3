import gzip
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.layers.catalogue import LAYERS
from gis_layers.tiles import address, mvt
from gis_layers.types import LonLat, TileAddress
from tests.builders import Village, a_household, an_account
from tests.clients import PageClient, sign_in
from tests.webmap.maps.drawn import features
from webmap.areas.models import Source
from webmap.coverage.service import fold
from webmap.streets.models import Alley

FIRST_DOOR = LonLat(106.611, 17.26)


@pytest.fixture
def village(session: Session) -> Village:
    made = Village.built(session)
    while fold(session):
        pass
    return made


def path(layer: str, z: int, place: LonLat = FIRST_DOOR) -> str:
    tile = address.tile_at(place, z)
    return f"/tiles/{layer}/{z}/{tile.x}/{tile.y}.mvt"


def doors(client: PageClient, z: int = 14, query: str = "") -> dict[int, dict[str, object]]:
    """Doors of the three villages' tiles by number; at zoom 14 one tile is some 2.4 km wide."""
    found = {}
    for lon in (106.611, 106.633, 106.651):
        for lat in (17.26, 17.21):
            for one in features(client.get(path("households", z, LonLat(lon, lat)) + query), "households"):
                found[one.id] = one.facts
    return found


def test_a_leader_sees_the_doors_of_her_commune_and_not_one_more(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)

    seen = doors(client)

    mine = {one.number: one for one in [*village.households, *village.second_households]}
    assert set(seen) == set(mine)
    assert {number: facts["status"] for number, facts in seen.items()} == {
        number: one.status for number, one in mine.items()
    }
    assert all(set(facts) == {"mvt_id", "status"} for facts in seen.values())


def test_codes_and_marks_are_on_tiles_from_zoom_15(session: Session, client: PageClient, village: Village) -> None:
    village.household.door_mark = "refused"
    session.flush()
    sign_in(session, client, village.leader.id)

    doors = {one.id: one.facts for one in features(client.get(path("households", 15)), "households")}

    door = doors[village.household.number]
    assert (door["code"], door["door_mark"]) == (village.household.code, "refused")


def test_a_door_is_drawn_where_it_stands(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.leader.id)
    tile = address.tile_at(FIRST_DOOR, 16)

    drawn = {one.id: one.shape for one in features(client.get(path("households", 16)), "households")}

    box = address.metres(tile)
    x = (FIRST_DOOR.lon / 180 * address.HALF_EARTH - box.west) / (box.east - box.west) * mvt.UNITS
    assert drawn[village.household.number].x == pytest.approx(x, abs=1)


def test_a_canvasser_sees_the_doors_of_her_walk(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.canvasser.id)

    assert set(doors(client)) == {one.number for one in village.households[:2]}
    assert client.get(path("cells", 10)).status_code == 204  # a square may hold a single door


def test_tiles_are_closed_to_nobody_and_unknown_ones_do_not_exist(
    session: Session, client: PageClient, village: Village
) -> None:
    assert client.get(path("households", 14)).status_code == 401
    sign_in(session, client, village.leader.id)

    for address_of in (
        "/tiles/persons/14/1/1.mvt",
        "/tiles/households/12/1/1.mvt",
        "/tiles/households/14/16384/1.mvt",
        "/tiles/households/99/1/1.mvt",
        "/tiles/cells/3/1/1.mvt",
    ):
        assert client.get(address_of).status_code == 404


def test_an_empty_tile_says_so_without_a_body(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.leader.id)

    answer = client.get("/tiles/households/14/0/0.mvt")

    assert (answer.status_code, answer.data) == (204, b"")


def test_squares_add_the_doors_up(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.supervisor.id)

    (square,) = features(client.get(path("cells", 4)), "cells")

    assert {name: square.facts[name] for name in ("households", "registered", "covered", "uncovered")} == {
        "households": 8,
        "registered": 16,
        "covered": 11,
        "uncovered": 5,
    }
    assert square.facts["share"] == pytest.approx(68.8, abs=0.05)
    assert square.shape.area == 64 * 64
    assert square.shape.is_valid


@pytest.mark.parametrize("z", range(4, 11))
def test_squares_of_every_zoom_count_the_doors_of_whoever_asks_once(
    session: Session, client: PageClient, village: Village, z: int
) -> None:
    of_a_village = an_account(session, "thon", "leader", village.id)
    of_both = an_account(session, "ca-hai", "supervisor", village.province_id, village.commune_id, village.id)
    doors = {village.leader.id: 5, village.supervisor.id: 8, of_a_village.id: 3, of_both.id: 8, village.canvasser.id: 0}
    places = (LonLat(106.611, 17.26), LonLat(106.633, 17.26), LonLat(106.651, 17.21))
    for account_id, many in doors.items():
        sign_in(session, client, account_id)
        tiles = {path("cells", z, place) for place in places}
        squares = [square for tile in tiles for square in features(client.get(tile), "cells")]
        assert sum(int(square.facts["households"]) for square in squares) == many


def test_the_doors_of_a_square_lie_inside_it(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.supervisor.id)
    tile = address.tile_at(FIRST_DOOR, 14)
    at = [f"/tiles/{layer}/14/{tile.x}/{tile.y}.mvt" for layer in ("cells", "households")]

    squares, points = (features(client.get(one), one.split("/")[2]) for one in at)

    inside = [point for point in points if 0 <= point.shape.x < 4096 and 0 < point.shape.y <= 4096]
    assert sum(int(one.facts["households"]) for one in squares) == len(inside) > 0
    assert all(any(one.shape.distance(point.shape) <= 1 for one in squares) for point in inside)


def test_areas_carry_their_figures_and_one_label_each(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.leader.id)

    answer = client.get(path("areas", 11))

    shapes = {one.facts["name"]: one for one in features(answer, "areas")}
    assert set(shapes) == {"Tân Ninh", "Hữu Tân", "Quảng Xá"}  # the neighbour does not exist for her
    commune = shapes["Tân Ninh"].facts
    assert (commune["level"], commune["registered"], commune["covered"], commune["uncovered"]) == ("commune", 10, 6, 4)
    assert commune["rate"] == 60
    assert {one.facts["name"] for one in features(answer, "area_labels")} <= set(shapes)


def test_areas_of_a_day_and_parts_of_an_area_at_every_zoom(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)

    def names(z: int, query: str) -> set[object]:
        return {one.facts["name"] for one in features(client.get(path("areas", z) + query), "areas")}

    assert names(9, f"?area={village.commune_id}") - names(9, "") == {"Hữu Tân", "Quảng Xá"}
    assert names(11, "?on=1900-01-01") == set()
    dated = {one.facts["name"]: one for one in features(client.get(path("areas", 11) + "?on=2026-01-01"), "areas")}
    assert set(dated) == {"Tân Ninh", "Hữu Tân", "Quảng Xá"}
    assert dated["Tân Ninh"].facts["rate"] == 60
    assert client.get(path("areas", 11) + "?on=never").status_code == 422


def test_the_map_is_filtered_as_the_list_is(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.leader.id)

    uncovered = doors(client, query="?status=uncovered")
    by_name = doors(client, query="?q=nguyen van dao ht-2")
    by_area = doors(client, query=f"?area={village.second_id}")

    assert set(uncovered) == {one.number for one in village.households if one.status == "uncovered"}
    assert set(by_name) == {village.households[1].number}
    assert set(by_area) == {one.number for one in village.second_households}
    assert client.get(path("households", 14) + "?status=green").status_code == 422


def test_a_tile_is_sent_again_only_when_a_door_has_changed(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)
    first = client.get(path("households", 14))
    tag = {"If-None-Match": first.headers["ETag"]}

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert client.get(path("households", 14), headers=tag).status_code == 304

    village.household.door_mark = "not_home"
    session.flush()
    assert client.get(path("households", 14), headers=tag).status_code == 200


def test_what_one_account_has_kept_does_not_stand_for_another(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)
    tag = {"If-None-Match": client.get(path("households", 14)).headers["ETag"]}

    sign_in(session, client, village.stranger.id)

    assert client.get(path("households", 14), headers=tag).status_code != 304


def test_tiles_are_packed_for_those_who_can_unpack_them(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.leader.id)
    plain = client.get(path("households", 14))

    packed = client.get(path("households", 14), headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


def test_a_door_that_ended_or_lost_its_place_leaves_the_map(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)
    village.households[0].ended_on = date(2026, 5, 1)
    village.households[1].point, village.households[1].place_source = None, None
    session.flush()

    assert village.households[0].number not in doors(client)
    assert village.households[1].number not in doors(client)


def test_far_out_only_main_ways_are_drawn(session: Session, client: PageClient, village: Village) -> None:
    source = Source(name="Trial", kind="streets")
    session.add(source)
    session.flush()
    for kind, lat in (("main", 17.260), ("alley", 17.261)):
        line = f"SRID=4326;LINESTRING(106.605 {lat}, 106.625 {lat})"
        session.add(Alley(kind=kind, name=kind, source_id=source.id, line=line))
    session.flush()
    sign_in(session, client, village.canvasser.id)

    kinds = {z: {one.facts["kind"] for one in features(client.get(path("alleys", z)), "alleys")} for z in (11, 14)}

    assert kinds == {11: {"main"}, 14: {"main", "alley"}}


def test_walks_are_shown_with_their_number(session: Session, client: PageClient, village: Village) -> None:
    village.route.line = "SRID=4326;MULTILINESTRING((106.611 17.26, 106.613 17.26))"
    session.flush()
    sign_in(session, client, village.leader.id)

    (walk,) = features(client.get(path("routes", 16)), "routes")

    assert (walk.facts["number"], walk.facts["plan"]) == (1, str(village.plan.id))
    sign_in(session, client, village.stranger.id)
    assert features(client.get(path("routes", 16)), "routes") == []


def test_a_tile_with_too_many_doors_keeps_the_ones_most_in_need_within_its_budget(
    session: Session, village: Village
) -> None:
    session.execute(
        text(
            "insert into household (area_id, code, status, point, place_source) select :area, 'D' || n,"
            " (array['covered', 'covered', 'covered', 'uncovered'])[1 + n % 4],"
            " st_setsrid(st_makepoint(106.611 + random() / 90, 17.26 + random() / 90), 4326), 'import'"
            " from generate_series(1, 6000) n"
        ),
        {"area": village.id},
    )
    tile = address.tile_at(LonLat(106.615, 17.265), 13)

    def ask(query: str, given: Mapping[str, Any]) -> bytes:
        return bytes(session.connection().exec_driver_sql(query, dict(given)).scalar_one())

    whole = mvt.tile(ask, LAYERS["households"], tile, most_bytes=10**7)
    thin = mvt.tile(ask, LAYERS["households"], tile, most_bytes=20_000)

    assert len(whole) > 20_000 >= len(thin)
    assert b"uncovered" in ask(mvt.query(LAYERS["households"], tile, least=512), {})


def test_every_layer_of_the_catalogue_can_be_drawn_at_all_its_zooms(session: Session, village: Village) -> None:
    cursor = session.connection().connection.cursor()

    for layer in LAYERS.values():
        for z in range(layer.min_zoom, layer.max_zoom + 1):
            tile = address.tile_at(FIRST_DOOR, z)
            for least in (0, 64):
                cursor.execute(mvt.query(layer, tile, least=least))
        with pytest.raises(Exception, match="z="):
            mvt.query(layer, TileAddress(layer.max_zoom + 1, 0, 0))


def test_two_doors_at_one_place_are_both_there(session: Session, client: PageClient, village: Village) -> None:
    twin = a_household(session, village.id, "HT-1B", lonlat=tuple(FIRST_DOOR))
    sign_in(session, client, village.leader.id)

    assert {twin.number, village.household.number} <= set(doors(client))

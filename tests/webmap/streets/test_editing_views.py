"""Editing the map through the public doors: the editor's JSON, and forms without scripts."""

import io

import pytest
from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.streets.drawn import an_alley, lines, places, version
from webmap.areas.models import MapImport
from webmap.ids import uuid7
from webmap.streets.models import AddressPoint, Alley, Building

JSON = {"Accept": "application/json"}


@pytest.fixture
def road(session: Session, village: Village) -> Alley:
    return an_alley(session, (0, 0), (50, 0), (100, 0), name="Đường làng", kind="road", osm_id=7)


@pytest.fixture
def browser(session: Session, village: Village, client: PageClient) -> PageClient:
    sign_in(session, client, village.leader.id)
    return client


def base(village: Village) -> str:
    return f"/areas/{village.id}/edit-map"


def test_an_alley_is_drawn_found_renamed_and_undone_without_scripts(
    session: Session, village: Village, browser: PageClient, road: Alley
) -> None:
    given = {
        "uuid": str(uuid7()),
        "coordinates": str([list(one) for one in places((20, 2), (20, 60))]),
        "name": "Ngõ 3",
    }
    assert browser.post(f"{base(village)}/alleys", data=given).status_code == 303
    name = "Hẻm 14 Ngách 58 Ngõ 46 Phố Hào Nam"
    details = {"version": "", "name": name, "kind": "steps", "access": "private", "has_gate": "1"}
    details["version"] = str(session.scalar(select(func.left(func.md5("x"), 16))))

    late = browser.post(f"{base(village)}/alleys/{given['uuid']}/details", data=details)
    details["version"] = version(session, given["uuid"])  # type: ignore[arg-type]
    in_time = browser.post(f"{base(village)}/alleys/{given['uuid']}/details", data=details)

    assert (late.status_code, in_time.status_code) == (409, 303)
    found = browser.get(f"{base(village)}?q=ngach+58+hao+nam").get_data(as_text=True)
    assert name in found
    assert "Đường làng" not in found
    newest = session.scalars(select(MapImport.id).order_by(MapImport.id.desc())).first()
    assert browser.post(f"{base(village)}/edits/{newest}/undo").status_code == 303
    assert "Ngõ 3" in lines(session)


def test_the_editor_is_told_what_lies_in_the_view(village: Village, browser: PageClient, road: Alley) -> None:
    (west, south), (east, north) = places((-50, -50), (150, 50))

    answer = browser.get(f"{base(village)}/shapes.json?bbox={west},{south},{east},{north}", headers=JSON).get_json()

    [one] = answer["features"]
    assert one["properties"]["name"] == "Đường làng"
    assert one["properties"]["uuid"] == str(road.uuid)
    assert browser.get(f"{base(village)}/shapes.json?bbox=x", headers=JSON).status_code == 422


def test_houses_and_numbers_are_drawn_once_and_taken_away(
    session: Session, village: Village, browser: PageClient
) -> None:
    house = {"uuid": str(uuid7()), "coordinates": places((0, 0), (8, 0), (8, 6), (0, 6)), "house_number": "7"}
    number = {"uuid": str(uuid7()), "lon": places((3, 0))[0][0], "lat": places((3, 0))[0][1], "house_number": "7"}
    for _ in range(2):
        assert browser.post(f"{base(village)}/buildings", json=house, headers=JSON).status_code == 200
        assert browser.post(f"{base(village)}/address-points", json=number, headers=JSON).status_code == 200
    assert session.scalar(select(func.count()).select_from(Building)) == 1
    again = {**house, "uuid": str(uuid7())}
    assert browser.post(f"{base(village)}/buildings", json=again, headers=JSON).get_json()["code"] == "building_there"

    (west, south), (east, north) = places((-50, -50), (50, 50))
    drawn = browser.get(f"{base(village)}/shapes.json?bbox={west},{south},{east},{north}", headers=JSON).get_json()
    for one in drawn["features"]:
        path = {"building": "buildings", "address": "address-points"}[one["properties"]["what"]]
        url = f"{base(village)}/{path}/{one['properties']['uuid']}/removal"
        assert browser.post(url, json={"version": "another"}, headers=JSON).status_code == 409
        assert browser.post(url, json={"version": one["properties"]["version"]}, headers=JSON).status_code == 200

    assert session.scalar(select(func.count()).select_from(Building)) == 0
    assert session.scalar(select(func.count()).select_from(AddressPoint)) == 0


def test_a_house_is_reshaped_and_a_number_moved_once_and_undone(
    session: Session, village: Village, browser: PageClient
) -> None:
    home = village.household
    home.point = from_shape(Point(places((24, 3))[0]), srid=4326)
    session.flush()
    house = {"uuid": str(uuid7()), "coordinates": places((0, 0), (8, 0), (8, 6), (0, 6))}
    number = {"uuid": str(uuid7()), "lon": places((3, 0))[0][0], "lat": places((3, 0))[0][1], "house_number": "7"}
    browser.post(f"{base(village)}/buildings", json=house, headers=JSON)
    browser.post(f"{base(village)}/address-points", json=number, headers=JSON)
    (west, south), (east, north) = places((-50, -50), (50, 50))
    seen = {
        one["properties"]["uuid"]: one["properties"]["version"]
        for one in browser.get(f"{base(village)}/shapes.json?bbox={west},{south},{east},{north}").get_json()["features"]
    }
    session.expire_all()
    assert home.building_id is None
    wide = {"version": seen[house["uuid"]], "coordinates": places((0, 0), (28, 0), (28, 6), (0, 6))}  # type: ignore[index]
    there = {"version": seen[number["uuid"]], "lon": places((9, 0))[0][0], "lat": places((9, 0))[0][1]}  # type: ignore[index]
    before = str(picture_of(session))
    edits = []
    for path, values in ((f"buildings/{house['uuid']}/shape", wide), (f"address-points/{number['uuid']}/place", there)):
        late = browser.post(f"{base(village)}/{path}", json={**values, "version": "another"}, headers=JSON)
        made = browser.post(f"{base(village)}/{path}", json=values, headers=JSON)
        twice = browser.post(f"{base(village)}/{path}", json=values, headers=JSON)
        assert (late.status_code, made.status_code, twice.get_json()["edit_id"]) == (409, 200, None)
        edits.append(made.get_json()["edit_id"])
    session.expire_all()
    assert home.building_id == session.scalar(select(Building.id).where(Building.uuid == house["uuid"]))

    for edit_id in reversed(edits):
        assert browser.post(f"{base(village)}/edits/{edit_id}/undo", json={}, headers=JSON).status_code == 200

    session.expire_all()
    assert home.building_id is None
    assert str(picture_of(session)) == before


def picture_of(session: Session) -> list[tuple[str, ...]]:
    """All houses and numbers, to the last bit."""
    text_of = "select array_agg(outline::text) from building union all select array_agg(point::text) from address_point"
    return [tuple(row[0] or ()) for row in session.execute(text(text_of))]


def test_all_pieces_of_a_street_are_renamed_as_one_deed(
    session: Session, village: Village, browser: PageClient, road: Alley
) -> None:
    road.name = "Đường Làng"
    session.flush()
    crossing = {"uuid": str(uuid7()), "coordinates": places((20, -40), (20, 40)), "name": "Ngõ 3"}
    assert browser.post(f"{base(village)}/alleys", json=crossing, headers=JSON).status_code == 200
    session.expire_all()
    pieces = session.scalars(select(Alley).where(Alley.name == "Đường Làng").order_by(Alley.id)).all()
    assert len(pieces) > 1
    uuid = pieces[0].uuid
    card = browser.get(f"{base(village)}/alleys/{uuid}", query_string={"lang": "en"}).get_data(as_text=True)
    assert f"Rename all {len(pieces)} pieces of this name in the area" in card
    details = {"name": "Đường Hữu Tân", "kind": "main", "access": "public", "is_whole_street": "1"}

    browser.post(f"{base(village)}/alleys/{uuid}/details", data={**details, "version": version(session, str(uuid))})

    session.expire_all()
    assert {one.name for one in pieces} == {"Đường Hữu Tân"}
    assert session.scalar(select(func.count()).where(Alley.name == "Ngõ 3")) == 2
    newest = session.scalars(select(MapImport.id).order_by(MapImport.id.desc())).first()
    browser.post(f"{base(village)}/edits/{newest}/undo")
    session.expire_all()
    assert {one.name for one in pieces} == {"Đường Làng"}


def test_a_drawn_house_takes_its_household_in_and_undo_lets_it_out(
    session: Session, village: Village, browser: PageClient
) -> None:
    home = village.household
    home.point = from_shape(Point(places((4, 3))[0]), srid=4326)
    session.flush()
    house = {"uuid": str(uuid7()), "coordinates": places((0, 0), (8, 0), (8, 6), (0, 6))}

    made = browser.post(f"{base(village)}/buildings", json=house, headers=JSON).get_json()

    session.expire_all()
    assert home.building_id == session.scalar(select(Building.id).where(Building.uuid == house["uuid"]))
    undone = browser.post(f"{base(village)}/edits/{made['edit_id']}/undo", json={}, headers=JSON)
    session.expire_all()
    assert (undone.status_code, home.building_id) == (200, None)


@pytest.mark.parametrize(
    "coordinates", [[], [[106.61, 17.26]], [[106.61, 17.26], ["x", 1]], [[200, 1], [201, 1]], "[[", [[None, 1], [1, 1]]]
)
def test_a_stroke_that_is_none_is_refused(village: Village, browser: PageClient, coordinates: object) -> None:
    given = {"uuid": str(uuid7()), "coordinates": coordinates}

    assert browser.post(f"{base(village)}/alleys", json=given, headers=JSON).status_code == 422


def test_parts_that_do_not_join_are_listed_and_mended_in_forms(
    session: Session, village: Village, browser: PageClient, road: Alley
) -> None:
    an_alley(session, (50, 12), (50, 90), name="Ngõ 3")

    page = browser.get(f"{base(village)}/gaps").get_data(as_text=True)
    assert "Ngõ 3" in page
    ends = str([list(one) for one in places((50, 12), (50, 0))])
    assert browser.post(f"{base(village)}/not-a-gap", data={"coordinates": ends}).status_code == 303
    assert browser.post(f"{base(village)}/alleys", data={"uuid": str(uuid7()), "coordinates": ends}).status_code == 303

    assert "data-link" not in browser.get(f"{base(village)}/gaps").get_data(as_text=True)


def gpx(*corners: tuple[float, float]) -> bytes:
    fixes = "".join(f"<trkpt lat='{lat}' lon='{lon}'/>" for lon, lat in corners)
    head = "<gpx version='1.1' creator='t' xmlns='http://www.topografix.com/GPX/1/1'>"
    return f"<?xml version='1.0'?>{head}<trk><trkseg>{fixes}</trkseg></trk></gpx>".encode()


def test_a_track_shows_a_way_that_can_be_added(
    session: Session, village: Village, browser: PageClient, road: Alley
) -> None:
    walk = places(*((50.0, float(y)) for y in range(0, 100, 5)))

    answer = browser.post(f"{base(village)}/tracks", data={"file": (io.BytesIO(gpx(*walk)), "walk.gpx")})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert page.count("data-proposal") == 1
    assert lines(session) == {"Đường làng": [[(0, 0), (50, 0), (100, 0)]]}  # nothing is written


def test_a_file_without_tracks_is_refused_in_words(village: Village, browser: PageClient) -> None:
    for content in (b"", b"not a map", gpx()):
        answer = browser.post(f"{base(village)}/tracks", data={"file": (io.BytesIO(content), "walk.gpx")})
        assert answer.status_code == 422


def test_a_boundary_is_drawn_by_the_editor(village: Village, browser: PageClient) -> None:
    about = browser.get(f"{base(village)}/outline.json", headers=JSON).get_json()
    ring = [[106.605, 17.245], [106.635, 17.245], [106.635, 17.295], [106.605, 17.295]]

    given = {"version": about["properties"]["version"], "coordinates": ring}
    answer = browser.post(f"{base(village)}/boundary", json=given, headers=JSON).get_json()

    assert answer["edit_id"]
    assert [one["name"] for one in answer["overlaps"]] == ["Quảng Xá"]

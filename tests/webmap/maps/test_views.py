import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.builders import Village, a_household
from tests.clients import PageClient, sign_in
from webmap import assets


@pytest.fixture
def village(session: Session) -> Iterator[Village]:
    return Village.built(session)


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages name built files; these tests do not need them to be there."""
    monkeypatch.setattr(
        assets, "manifest", lambda: dict.fromkeys(("app.css", "app.js", "map.css", "maps-map.css", "maps-map.js"), "x")
    )


@pytest.fixture
def leader(session: Session, client: PageClient, village: Village) -> PageClient:
    sign_in(session, client, village.leader.id)
    return client


class _Found(HTMLParser):
    """Attributes of every element of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append({"tag": tag, **dict(attrs)})

    def with_attribute(self, name: str) -> list[dict[str, str | None]]:
        return [one for one in self.all if name in one]


def elements(client: PageClient, address: str) -> _Found:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return _Found(answer.text)


def test_the_page_opens_around_the_leaders_own_commune(leader: PageClient) -> None:
    (canvas,) = elements(leader, "/map").with_attribute("data-bounds")[:1]

    assert json.loads(canvas["data-bounds"] or "") == pytest.approx([106.60, 17.20, 106.64, 17.30])
    assert json.loads(canvas["data-thresholds"] or "") == [70, 80, 90, 95, 97]


def test_without_a_filter_the_list_holds_the_villages_below(leader: PageClient, village: Village) -> None:
    rows = elements(leader, "/map").with_attribute("data-area")

    assert {row["data-area"] for row in rows} == {str(village.id), str(village.second_id)}


def test_with_a_filter_the_list_holds_doors_those_with_most_to_do_first(leader: PageClient, village: Village) -> None:
    rows = elements(leader, "/map?status=uncovered&status=partly").with_attribute("data-door")

    assert [row["data-door"] for row in rows][:1] == [str(village.households[2].id)]
    assert len(rows) == 3


def test_a_village_shows_its_doors_even_without_a_filter(leader: PageClient, village: Village) -> None:
    rows = elements(leader, f"/map?area={village.second_id}").with_attribute("data-door")

    assert {row["data-door"] for row in rows} == {str(one.id) for one in village.second_households}


def test_matches_name_the_doors_as_tiles_do(leader: PageClient, village: Village) -> None:
    found = leader.get("/map/matches.json?status=uncovered").get_json()

    assert found["numbers"] == [village.households[2].number]
    assert (found["total"], found["placed"]) == (1, 1)
    assert {status: many for status, many in found["by_status"].items() if many} == {"uncovered": 1}
    (point,) = found["points"]
    assert point == [village.households[2].number, "uncovered", "not_visited", pytest.approx(106.613), 17.26]


def test_a_house_without_a_place_is_counted_and_listed_but_never_drawn(
    session: Session, leader: PageClient, village: Village
) -> None:
    hidden = a_household(session, village.id, "HT-9", lonlat=None)

    found = leader.get("/map/matches.json?q=HT-9").get_json()
    (row,) = elements(leader, "/map?q=HT-9").with_attribute("data-door")

    assert (found["total"], found["placed"], found["points"], found["bounds"]) == (1, 0, [], None)
    assert row["data-door"] == str(hidden.id)
    assert "data-lon" not in row


def test_nothing_that_fits_is_said(leader: PageClient) -> None:
    answer = leader.get("/map/side?q=nobody-is-called-so", headers={"HX-Request": "true"})

    assert leader.get("/map/matches.json?q=nobody-is-called-so").get_json()["numbers"] == []
    assert "data-door" not in answer.text
    assert answer.headers["HX-Replace-Url"] == "/map?q=nobody-is-called-so"


def test_a_filter_that_does_not_exist_is_refused(leader: PageClient) -> None:
    assert leader.get("/map/matches.json?status=insured").status_code == 422
    assert leader.get("/map/side?expiring=-3").status_code == 422


def test_the_door_behind_a_feature_is_found_by_its_number(leader: PageClient, village: Village) -> None:
    found = leader.get(f"/map/doors/{village.household.number}.json").get_json()

    assert found["id"] == str(village.household.id)


def test_a_deep_link_opens_at_the_house(leader: PageClient, village: Village) -> None:
    (canvas,) = elements(leader, f"/map?household={village.household.id}").with_attribute("data-chosen")

    assert json.loads(canvas["data-chosen"] or "")["number"] == village.household.number


def test_for_the_neighbours_leader_nothing_of_us_exists(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.stranger.id)

    assert client.get(f"/map/doors/{village.household.number}.json").status_code == 404
    assert client.get(f"/map/matches.json?area={village.commune_id}").get_json()["total"] == 0
    page = client.get(f"/map?area={village.id}&household={village.household.id}").text
    assert "data-chosen" not in page
    assert "HT-1" not in page
    assert "Hữu Tân" not in page


def test_someone_without_the_right_to_persons_gets_no_doors(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.counter.id)

    assert client.get("/map/matches.json?status=uncovered").get_json()["total"] == 0
    page = client.get("/map?status=uncovered").text
    assert "data-door" not in page
    assert 'data-sees-persons="0"' in page


def test_a_canvasser_has_no_map_of_the_whole_commune(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.canvasser.id)

    assert client.get("/map").status_code == 403
    assert client.get("/map/matches.json").status_code == 403


def test_nobody_is_sent_to_sign_in(client: PageClient) -> None:
    assert client.get("/map").status_code == 302
    assert client.get("/map/matches.json").status_code in (302, 401)


def test_a_house_that_is_not_there_is_a_plain_404(leader: PageClient) -> None:
    assert leader.get("/map/doors/999999999.json").status_code == 404
    assert leader.get("/map?household=not-an-id").status_code == 404
    assert leader.get(f"/map?household={uuid4()}").status_code == 200


@pytest.fixture
def basemap(app: Flask) -> Iterator[Path]:
    folder = Path(app.config["WEBMAP"].data_dir) / "basemaps"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "tan-ninh.pmtiles"
    file.write_bytes(bytes(range(100)))
    yield file
    file.unlink()


def test_an_operators_basemap_is_offered_and_read_in_pieces(leader: PageClient, basemap: Path) -> None:
    assert "tan-ninh" in leader.get("/map").text

    with leader.get("/basemaps/tan-ninh.pmtiles", headers={"Range": "bytes=10-19"}) as piece:
        assert piece.status_code == 206
        assert piece.data == bytes(range(10, 20))
        assert piece.headers["Content-Range"] == "bytes 10-19/100"


@pytest.mark.parametrize("name", ["nothing", "..%2Fsecret_key", "%2e%2e/secret_key"])
def test_no_other_file_can_be_named_as_a_basemap(leader: PageClient, basemap: Path, name: str) -> None:
    assert leader.get(f"/basemaps/{name}.pmtiles").status_code == 404

"""One household's life through the whole house, by its public doors only: command line and pages.

A commune starts with nothing but files. An administrator lets people in; a leader imports a list and plans routes; a
canvasser visits; map, figures and lists change; a supervisor takes the coverage map away as one file.
docs/life-of-a-household.md names the code behind each step.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from tests.journey import world
from tests.journey.browser import Person, a_file
from tests.webmap.maps.drawn import features
from webmap import cli, clock
from webmap.database.engine import connect
from webmap.ids import uuid7
from webmap.settings import settings
from webmap.worker import work

PASSWORD = "bốn mùa gõ cửa"
CANVASSER = "cong-tac-vien"
TILE = "/tiles/households/15/26088/14788.mvt"


@pytest.fixture
def url(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    settings.cache_clear()
    yield fresh_database
    settings.cache_clear()


@pytest.fixture
def webmap(url: str) -> Iterator[Callable[..., str]]:
    """The command line. The pool is the test's own again afterwards."""
    engines = []

    def run(*words: str) -> str:
        said = CliRunner().invoke(cli.main, list(words))
        assert said.exit_code == 0, said.output
        engines.append(connect(url))
        return said.output

    yield run
    for engine in engines:
        engine.dispose()


@pytest.fixture
def at_a_browser(_app: Flask, url: str) -> Callable[[], Person]:
    assert url
    return lambda: Person(FlaskClient(_app, _app.response_class, use_cookies=True))


def first_sign_in(person: Person, username: str, first_password: str) -> None:
    """Sign in with the password somebody told her, and choose one of her own."""
    page = person.sign_in(username, first_password)
    page = person.send(
        page.form("/account/password"), old_password=first_password, new_password=PASSWORD, again=PASSWORD
    )


def let_in(admin: Person, username: str, role: str, area: str) -> str:
    """Add an account on the page for it; returns the first password."""
    page = admin.open("/accounts/new")
    form = page.form("/accounts")
    ticked = area_id(admin, area)
    page = admin.send(form, username=username, full_name=f"Chị {username}", role=role, area_ids=[ticked],
                      sees_persons="on")  # fmt: skip
    found = re.search(r"Mật khẩu lần đầu ([\w-]{8,})", page.text)
    assert found, page.text
    return found[1]


def area_id(person: Person, name: str) -> str:
    """The number of an area, from the links of the page of areas."""
    seen = [link for link in person.open("/areas").links if re.fullmatch(r"/areas/\d+", link)]
    for link in seen:
        page = person.open(link)
        if re.search(rf"\b{name}\b", page.text[:400]):
            return link.rsplit("/", 1)[1]
        seen += [one for one in page.links if re.fullmatch(r"/areas/\d+", one) and one not in seen]
    raise AssertionError(f"no area {name} among {seen}")


def doors_on_the_map(person: Person) -> dict[str, list[str]]:
    """Status and mark of each door on the tile of the village."""
    drawn = features(person.client.get(TILE), "households")
    return {str(one.facts["code"]): [one.facts["status"], one.facts["door_mark"]] for one in drawn}


def test_a_household_from_a_spreadsheet_to_the_changed_map(
    url: str, webmap: Callable[..., str], at_a_browser: Callable[[], Person], tmp_path: Path
) -> None:
    places_and_streets(webmap, tmp_path)
    leader, canvasser, supervisor, stranger = people_let_in(webmap, at_a_browser)
    list_imported(leader, url)
    village = f"/areas/{area_id(leader, 'Hữu Tân')}"

    before = doors_on_the_map(leader)
    assert len(before) == world.HOUSES - 1
    assert before["HT-01"] == ["uncovered", "not_visited"]
    assert before["HT-02"] == ["covered", "not_visited"]
    assert "50,0%" in leader.open(village).text
    the_unplaced_one_is_listed(leader)
    nothing_of_it_exists_for(stranger, village)

    routes_published(leader, url, village)
    visited = a_door_visited(canvasser)

    after = doors_on_the_map(leader)
    assert {code: now for code, now in after.items() if now != before[code]} == {visited: ["reported", "done"]}
    done = leader.open("/households?mark=done")
    assert visited in done.text
    household = next(link for link in done.links if re.fullmatch(r"/households/[0-9a-f-]{36}", link))
    assert f"Chị {CANVASSER}" in leader.open(f"{household}/visits").text
    the_coverage_map_is_one_file(supervisor)


def places_and_streets(webmap: Callable[..., str], folder: Path) -> None:
    """A commune brings its files."""
    for name, text in {"tinh": world.province(), "xa": world.communes(), "thon": world.villages()}.items():
        (folder / f"{name}.geojson").write_text(text, encoding="utf-8")
    (folder / "ban-do.osm").write_text(world.street_map(), encoding="utf-8")
    webmap("import", "areas", str(folder / "tinh.geojson"), "--level", "province", "--top")
    webmap("import", "areas", str(folder / "xa.geojson"), "--level", "commune", "--under", "44")
    webmap("import", "areas", str(folder / "thon.geojson"), "--level", "village", "--under", "19207")
    webmap("import", "streets", str(folder / "ban-do.osm"), "--area", "19207")


def people_let_in(webmap: Callable[..., str], at_a_browser: Callable[[], Person]) -> list[Person]:
    """The command line makes an administrator, who lets in leader, canvasser, supervisor and stranger."""
    said = webmap("accounts", "add", "quan-tri", "--name", "Nguyễn Quản Trị")
    admin = at_a_browser()
    first_sign_in(admin, "quan-tri", re.findall(r"signs in with (\S+)", said)[0])
    people = []
    for username, role, area in (
        ("to-truong", "leader", "Tân Ninh"),
        (CANVASSER, "canvasser", "Tân Ninh"),
        ("giam-sat", "supervisor", "Quảng Bình"),
        ("lang-gieng", "leader", "Hàm Ninh"),
    ):
        people.append(at_a_browser())
        first_sign_in(people[-1], username, let_in(admin, username, role, area))
    return people


def list_imported(leader: Person, url: str) -> None:
    """Headings are guessed and confirmed, the dry run shows the one wrong row, the rest goes in."""
    page = leader.open("/households/import")
    file = a_file(world.people(), "danh sách Hữu Tân.xlsx")
    page = leader.send(
        page.form("/households/import"),
        file=file,
        area_id=area_id(leader, "Tân Ninh"),
        purpose="campaign",
        legal_basis="task",
    )
    leader.send(page.form("/check"))
    work(url, once=True)
    checked = leader.open(_run_page(leader))
    assert "2999" in checked.text
    leader.send(checked.form("/apply"))
    work(url, once=True)


def the_unplaced_one_is_listed(leader: Person) -> None:
    """The door without a place is not drawn; the lists name it. Names are found without their marks."""
    assert "1/12" in leader.open("/households/unplaced").text
    unplaced = leader.open("/households?placed=no").text
    assert "HT-12" in unplaced
    assert "HT-11" not in unplaced
    found = leader.open("/households?q=dao+thu").text
    assert "Nguyễn Thị Đào Thu" in found
    assert "Nguyễn Thị Đào Lan" not in found


def nothing_of_it_exists_for(stranger: Person, village: str) -> None:
    """The leader of the neighbour commune sees no door, no page, no name."""
    assert doors_on_the_map(stranger) == {}
    assert stranger.client.get(village).status_code == 404
    assert "Nguyễn Thị Đào" not in stranger.open("/households?q=dao").text


def routes_published(leader: Person, url: str, village: str) -> None:
    """Two teams share the uncovered doors; each of these is on one route."""
    page = leader.open("/plans/new")
    leader.send(page.form("/plans"), areas=[village.rsplit("/", 1)[1]], teams="2", minutes="120")
    work(url, once=True)
    plan = next(link for link in leader.open("/plans").links if re.fullmatch(r"/plans/[0-9a-f-]{36}", link))
    drawing = leader.client.get(f"{plan}/map.json").get_json()
    assert len(drawing["lines"]["features"]) == 2
    assert len(drawing["doors"]["features"]) == 6
    page = leader.open(plan)
    for form in [one for one in page.forms if one.action.endswith("/walkers")]:
        leader.send(form, accounts=[_canvasser_of(leader, plan)])
    leader.send(page.form("/publish"))


def a_door_visited(canvasser: Person) -> str:
    """Everybody behind the first door of her route enrols; the phone sends it twice. Returns the door's code."""
    routes = {link for link in canvasser.open("/walk").links if re.fullmatch(r"/walk/[0-9a-f-]{36}", link)}
    assert len(routes) == 2
    route = min(routes)
    canvasser.open(route)
    door = canvasser.client.get(f"/api{route}").get_json()["stops"][0]
    entry = _enrolled(door, route.rsplit("/", 1)[1])
    visit = f"/api/visits/{uuid7()}"
    answers = [canvasser.client.put(visit, json=entry, headers=_token(canvasser)).get_json() for _ in range(2)]
    assert [answer["status"] for answer in answers] == ["stored", "duplicate"]
    assert canvasser.client.get("/households").status_code == 403
    return str(door["code"])


def the_coverage_map_is_one_file(supervisor: Person) -> None:
    """Nothing in it is loaded from elsewhere, and nobody's name is in it."""
    answer = supervisor.client.get(f"/areas/{area_id(supervisor, 'Tân Ninh')}/coverage-map.html")
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert not re.search(r"<script[^>]+src|<link\b", html)
    assert "Hữu Tân" in html
    assert "Nguyễn Thị Đào" not in html


def _run_page(person: Person) -> str:
    pages = person.open("/households/import").links
    return next(link for link in pages if re.fullmatch(r"/households/import/[0-9a-f-]{36}", link))


def _canvasser_of(leader: Person, plan: str) -> str:
    html = leader.client.get(plan).get_data(as_text=True)
    found = re.search(r'name="accounts" value="([0-9a-f-]{36})"[^>]*><span>Chị cong-tac-vien', html)
    assert found, "the canvasser can be chosen"
    return found[1]


def _enrolled(door: dict[str, Any], route_id: str) -> dict[str, Any]:
    return {
        "household_id": door["household_id"],
        "route_id": route_id,
        "outcome": "met",
        "happened_at": clock.now().isoformat(),
        "position": {"lon": door["lon"], "lat": door["lat"]},
        "accuracy_metres": 6.0,
        "people": [{"person_id": one["id"], "outcome": "enrolled"} for one in door["people"]],
    }


def _token(person: Person) -> dict[str, str]:
    html = person.client.get("/walk").get_data(as_text=True)
    found = re.search(r'name="csrf-token" content="([^"]+)"', html)
    assert found
    return {"X-CSRFToken": found[1]}

"""One household's life through the whole house, by its public doors only: command line and pages.

A commune starts with nothing but files. An administrator lets people in; a leader imports a list and plans routes; a
canvasser visits; map, figures and lists change; a supervisor takes the coverage map away as one file.
docs/life-of-a-household.md names the code behind each step.
"""

import re
from collections.abc import Callable
from pathlib import Path

from tests.journey import world
from tests.journey.browser import Person
from tests.journey.steps import (
    area_id,
    doors_on_the_map,
    first_administrator,
    list_imported,
    people_let_in,
    routes_of,
    routes_planned,
    routes_published,
    visited,
)

TILE = "/tiles/households/15/26088/14788.mvt"
CANVASSER = "cong-tac-vien"
PEOPLE = (
    ("to-truong", "leader", "Tân Ninh"),
    (CANVASSER, "canvasser", "Tân Ninh"),
    ("giam-sat", "supervisor", "Quảng Bình"),
    ("lang-gieng", "leader", "Hàm Ninh"),
)


def test_a_household_from_a_spreadsheet_to_the_changed_map(
    url: str, webmap: Callable[..., str], at_a_browser: Callable[[], Person], tmp_path: Path
) -> None:
    places_and_streets(webmap, tmp_path)
    admin = first_administrator(webmap, at_a_browser)
    leader, canvasser, supervisor, stranger = people_let_in(admin, at_a_browser, PEOPLE)
    checked = list_imported(leader, url, world.people(), "Tân Ninh")
    assert "2999" in checked.text  # the one wrong row, with the year that cannot be
    village = f"/areas/{area_id(leader, 'Hữu Tân')}"

    before = doors_on_the_map(leader, TILE)
    assert len(before) == world.HOUSES - 1
    assert before["HT-01"] == ["uncovered", "not_visited"]
    assert before["HT-02"] == ["covered", "not_visited"]
    assert "50,0%" in leader.open(village).text
    the_unplaced_one_is_listed(leader)
    nothing_of_it_exists_for(stranger, village)

    plan = routes_planned(leader, url, village.rsplit("/", 1)[1])
    drawing = leader.client.get(f"{plan}/map.json").get_json()
    assert len(drawing["lines"]["features"]) == 2
    assert len(drawing["doors"]["features"]) == 6  # the uncovered ones, each on one route
    routes_published(leader, plan, CANVASSER)
    code = a_door_visited(canvasser)

    after = doors_on_the_map(leader, TILE)
    assert {code: now for code, now in after.items() if now != before[code]} == {code: ["reported", "done"]}
    the_visit_can_be_read(leader, code)
    the_coverage_map_is_one_file(supervisor)


def places_and_streets(webmap: Callable[..., str], folder: Path) -> None:
    """A commune brings its files."""
    for name, text in {"tinh": world.province(), "xa": world.communes(), "thon": world.villages()}.items():
        (folder / f"{name}.geojson").write_text(text, encoding="utf-8")
    (folder / "ban-do.osm").write_text(world.street_map(), encoding="utf-8")
    webmap("import", "map", str(folder / "tinh.geojson"), "--as", "areas", "--yes", "--level", "province", "--top")
    webmap("import", "map", str(folder / "xa.geojson"), "--as", "areas", "--yes", "--level", "commune", "--under", "44")
    webmap(
        "import",
        "map",
        str(folder / "thon.geojson"),
        "--as",
        "areas",
        "--yes",
        "--level",
        "village",
        "--under",
        "19207",
    )
    webmap("import", "map", str(folder / "ban-do.osm"), "--yes", "--area", "19207")


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
    assert doors_on_the_map(stranger, TILE) == {}
    assert stranger.client.get(village).status_code == 404
    assert "Nguyễn Thị Đào" not in stranger.open("/households?q=dao").text


def a_door_visited(canvasser: Person) -> str:
    """The phone sends a visit at the first door of a route twice. Returns the door's code."""
    route = routes_of(canvasser)[0]
    canvasser.open(route)
    door = canvasser.client.get(f"/api{route}").get_json()["stops"][0]
    assert visited(canvasser, route, door, times=2) == ["stored", "duplicate"]
    assert canvasser.client.get("/households").status_code == 403
    return str(door["code"])


def the_visit_can_be_read(leader: Person, code: str) -> None:
    """The list finds the door by its mark; its page tells who was there."""
    done = leader.open("/households?mark=done")
    assert code in done.text
    household = next(link for link in done.links if re.fullmatch(r"/households/[0-9a-f-]{36}", link))
    assert f"Chị {CANVASSER}" in leader.open(f"{household}/visits").text


def the_coverage_map_is_one_file(supervisor: Person) -> None:
    """Nothing in it is loaded from elsewhere, and nobody's name is in it."""
    answer = supervisor.client.get(f"/areas/{area_id(supervisor, 'Tân Ninh')}/coverage-map.html")
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert not re.search(r"<script[^>]+src|<link\b", html)
    assert "Hữu Tân" in html
    assert "Nguyễn Thị Đào" not in html

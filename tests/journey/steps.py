"""What people do on their way, step by step, on the pages they see."""

import re
from collections.abc import Callable
from typing import Any

from tests.journey.browser import Page, Person, a_file
from tests.webmap.maps.drawn import features
from webmap import clock
from webmap.ids import uuid7
from webmap.worker import work

PASSWORD = "bốn mùa gõ cửa"


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
    """The number of an area, found by its name on the page of areas."""
    named = person.client.get("/areas", query_string={"q": name}).get_data(as_text=True)
    found = {text: link for text, link in Page(named, "/areas").named.items() if re.fullmatch(r"/areas/\d+", link)}
    fitting = [link for text, link in found.items() if text.endswith(name)]
    assert fitting, f"no area {name} among {sorted(found)}"
    return fitting[0].rsplit("/", 1)[1]


def first_administrator(webmap: Callable[..., str], at_a_browser: Callable[[], Person]) -> Person:
    """The command line makes the first administrator, who chooses her own password."""
    said = webmap("accounts", "add", "quan-tri", "--name", "Nguyễn Quản Trị")
    admin = at_a_browser()
    first_sign_in(admin, "quan-tri", re.findall(r"signs in with (\S+)", said)[0])
    return admin


def people_let_in(
    admin: Person, at_a_browser: Callable[[], Person], wanted: tuple[tuple[str, str, str], ...]
) -> list[Person]:
    """The administrator lets people in, each by user name, role and area; each chooses her own password."""
    people = []
    for username, role, area in wanted:
        people.append(at_a_browser())
        first_sign_in(people[-1], username, let_in(admin, username, role, area))
    return people


def list_imported(leader: Person, url: str, content: bytes, area: str) -> Page:
    """Headings are guessed and confirmed, the dry run is looked at (and returned), the file goes in."""
    page = leader.open("/households/import")
    page = leader.send(
        page.form("/households/import"),
        file=a_file(content, f"danh sách {area}.xlsx"),
        area_id=area_id(leader, area),
        purpose="campaign",
        legal_basis="task",
    )
    leader.send(page.form("/check"))
    work(url, once=True)
    pages = leader.open("/households/import").links
    checked = leader.open(next(link for link in pages if re.fullmatch(r"/households/import/[0-9a-f-]{36}", link)))
    leader.send(checked.form("/apply"))
    work(url, once=True)
    return checked


def routes_planned(leader: Person, url: str, village_id: str, **changes: Any) -> str:
    """Two teams share the doors of a village. Returns the address of the plan."""
    page = leader.open("/plans/new")
    leader.send(page.form("/plans"), areas=[village_id], teams="2", minutes="120", **changes)
    work(url, once=True)
    return next(link for link in leader.open("/plans").links if re.fullmatch(r"/plans/[0-9a-f-]{36}", link))


def routes_published(leader: Person, plan: str, canvasser: str) -> None:
    """All routes of a plan are given to one person, and published."""
    page = leader.open(plan)
    html = leader.client.get(plan).get_data(as_text=True)
    found = re.search(rf'name="accounts" value="([0-9a-f-]{{36}})"[^>]*><span>Chị {canvasser}', html)
    assert found, "the canvasser can be chosen"
    for form in [one for one in page.forms if one.action.endswith("/walkers")]:
        leader.send(form, accounts=[found[1]])
    leader.send(page.form("/publish"))


def routes_of(canvasser: Person) -> list[str]:
    """The addresses of somebody's routes."""
    links = canvasser.open("/walk").links
    return sorted({link for link in links if re.fullmatch(r"/walk/[0-9a-f-]{36}", link)})


def visited(canvasser: Person, route: str, door: dict[str, Any], times: int = 1) -> list[str]:
    """Everybody behind a door who lacks a card enrols; the phone sends it so many times. Returns the answers."""
    entry = {
        "household_id": door["household_id"],
        "route_id": route.rsplit("/", 1)[1],
        "outcome": "met",
        "happened_at": clock.now().isoformat(),
        "position": {"lon": door["lon"], "lat": door["lat"]},
        "accuracy_metres": 6.0,
        "people": [{"person_id": one["id"], "outcome": "enrolled"} for one in door["people"]],
    }
    html = canvasser.client.get("/walk").get_data(as_text=True)
    found = re.search(r'name="csrf-token" content="([^"]+)"', html)
    assert found
    address = f"/api/visits/{uuid7()}"
    answers = [
        canvasser.client.put(address, json=entry, headers={"X-CSRFToken": found[1]}).get_json() for _ in range(times)
    ]
    return [str(answer["status"]) for answer in answers]


def doors_on_the_map(person: Person, tile: str) -> dict[str, list[str]]:
    """Status and mark of each door on a tile."""
    drawn = features(person.client.get(tile), "households")
    return {str(one.facts["code"]): [one.facts["status"], one.facts["door_mark"]] for one in drawn}

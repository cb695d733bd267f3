"""The canvasser's page in a real browser: a visit recorded while the server is away is there when it is back."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from tests import cluster
from tests.browser.conftest import _free_port, _wait_for
from webmap import clock
from webmap.accounts.models import Account
from webmap.app import load_models
from webmap.database.engine import psycopg_url
from webmap.demo import load
from webmap.demo.logins import PASSWORD
from webmap.households.models import Household
from webmap.ids import uuid7
from webmap.planning.models import Plan, Route, RouteMember, Stop

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent.parent
SOON = 30_000
FORGET_DOORS = (
    "update household set last_visit_at = null, door_mark = 'not_visited', due_on = null"
    " where last_visit_at is not null"
)


@dataclass
class Server:
    """Our server in a process of its own, which can be away and come back at the same address."""

    url: str
    port: int
    folder: str
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        own = {"DATABASE_URL": self.url, "WEBMAP_DATA_DIR": self.folder, "WEBMAP_SECRET_KEY": "only-for-tests"}
        settings = {"WEBMAP_IS_HTTPS": "false", "WEBMAP_PORT": str(self.port), "WEBMAP_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "webmap", "serve"]
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own, **settings}, stdin=subprocess.PIPE)
        _wait_for(f"http://127.0.0.1:{self.port}", self.process)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            if self.process.stdin:
                self.process.stdin.close()
            self.process = None


@dataclass(frozen=True)
class Field:
    """A server with one published route of the demo's canvasser."""

    server: Server
    route_id: UUID
    first: tuple[float, float]


@pytest.fixture(scope="module")
def walk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    assert chromium
    folder = tmp_path_factory.mktemp("walk")
    url = cluster.new_database(f"walk_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{folder.name}")
    load_models()  # this process has no app
    load.fill(url, 300, 1, clock.today(), lambda *_: None)
    route_id, first = a_route(url)
    server = Server(url, _free_port(), str(folder))
    server.start()
    yield Field(server, route_id, first)
    server.stop()


def asked(url: str, question: Callable[[Session], Any]) -> Any:
    engine = create_engine(psycopg_url(url))
    try:
        with Session(engine) as session, session.begin():
            return question(session)
    finally:
        engine.dispose()


def a_route(url: str) -> tuple[UUID, tuple[float, float]]:
    def laid(session: Session) -> tuple[UUID, tuple[float, float]]:
        canvasser = session.scalars(select(Account).where(Account.username == "canvasser")).one()
        reach = text("select area_id from account_area where account_id = :id")
        area_id = session.scalar(reach, {"id": canvasser.id})
        below = text("select descendant_id from area_closure where ancestor_id = :id")
        areas = [row[0] for row in session.execute(below, {"id": area_id})]
        plan = Plan(
            id=uuid7(), area_id=area_id, name="Đợt thử", state="published", parameters={}, created_by=canvasser.id
        )
        plan.published_at = clock.now()
        route = Route(id=uuid7(), plan_id=plan.id, area_id=area_id, number=1)
        session.add(plan)
        session.flush()
        session.add(route)
        session.flush()
        session.add(RouteMember(route_id=route.id, account_id=canvasser.id))
        placed = Household.point.is_not(None)
        doors = session.scalars(select(Household.id).where(Household.area_id.in_(areas), placed).limit(8)).all()
        session.add_all(
            Stop(route_id=route.id, position=position, household_id=door) for position, door in enumerate(doors, 1)
        )
        where = select(func.st_x(Household.point), func.st_y(Household.point)).where(Household.id == doors[0])
        return route.id, tuple(session.execute(where).one())  # type: ignore[return-value]

    answer: tuple[UUID, tuple[float, float]] = asked(url, laid)
    return answer


def outcomes(walk: Field) -> list[str]:
    """What the server has of visits, in the order of their ids."""
    found: list[str] = asked(
        walk.server.url, lambda session: list(session.scalars(text("select outcome from visit order by id")))
    )
    return found


@pytest.fixture
def page(chromium: Browser, walk: Field) -> Iterator[Page]:
    for forget in ("truncate visit, visit_person cascade", FORGET_DOORS):
        asked(walk.server.url, lambda session, forget=forget: session.execute(text(forget)))
    lon, lat = walk.first
    context = chromium.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        geolocation={"longitude": lon + 0.00005, "latitude": lat, "accuracy": 6},
        permissions=["geolocation"],
        locale="vi-VN",
    )
    page = context.new_page()
    page.goto(f"{walk.server.address}/sign-in")
    page.fill("input[name=username]", "canvasser")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.goto(f"{walk.server.address}/walk/{walk.route_id}")
    page.locator(".walk-tiles").wait_for(timeout=SOON)
    yield page
    context.close()


def test_a_visit_recorded_while_the_server_is_away_is_sent_when_it_is_back(page: Page, walk: Field) -> None:
    waiting = page.locator("[data-walk-waiting]")
    walk.server.stop()

    page.locator(".walk-tiles .tile").nth(2).click()
    expect(waiting).to_contain_text("1 chờ gửi")
    page.wait_for_timeout(11_000)  # the hold is over, and sending has failed
    expect(waiting).to_be_visible()
    assert outcomes(walk) == []

    walk.server.start()
    page.evaluate("globalThis.dispatchEvent(new Event('online'))")
    expect(waiting).to_be_hidden(timeout=SOON)
    assert outcomes(walk) == ["not_home"]


def test_a_visit_outlives_the_page_that_was_closed_at_once(page: Page, walk: Field) -> None:
    page.locator(".walk-tiles .tile").nth(2).click()
    expect(page.locator("[data-walk-waiting]")).to_be_visible()
    again = page.context.new_page()
    page.close()
    assert outcomes(walk) == []  # it was held, so that it could be undone

    again.goto(f"{walk.server.address}/walk/{walk.route_id}")
    expect(again.locator("[data-walk-count]")).to_contain_text("1 / 8")
    for _ in range(60):
        if outcomes(walk):
            break
        again.wait_for_timeout(500)
    assert outcomes(walk) == ["not_home"]
    expect(again.locator("[data-walk-waiting]")).to_be_hidden(timeout=SOON)


def test_what_is_undone_is_never_sent(page: Page, walk: Field) -> None:
    page.locator(".walk-tiles .tile").nth(2).click()
    page.locator(".toast .button").click()

    expect(page.locator("[data-walk-waiting]")).to_be_hidden(timeout=SOON)
    expect(page.locator("[data-walk-count]")).to_contain_text("0 / 8")
    page.wait_for_timeout(9_000)
    assert outcomes(walk) == []


def test_the_outcomes_lie_on_the_screen_of_a_small_phone_and_nothing_lies_over_them(page: Page) -> None:
    covered = page.evaluate(
        """() => [...document.querySelectorAll('.walk-tiles button, .walk-more button')].filter((button) => {
            const box = button.getBoundingClientRect();
            const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return box.height < 48 || !button.contains(hit);
        }).length"""
    )

    assert covered == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 360

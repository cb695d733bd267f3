"""The coverage map that leaves the system: for supervisors, audited, and with nobody in it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.builders import Village
from tests.clients import PageClient, sign_in
from webmap import assets, clock
from webmap.accounts.models import Account, AuditEvent
from webmap.accounts.queries import scope_of
from webmap.accounts.scope import SYSTEM
from webmap.areas.models import Area, AreaParent
from webmap.coverage import publishing
from webmap.database.engine import reading
from webmap.demo import load
from webmap.households.models import Household, Person
from webmap.reports.queries import coverage_map, coverage_map_on

pytestmark = pytest.mark.skipif(
    "leaflet.js" not in assets.manifest(), reason="the browser's files are not built: npm ci && node build.mjs"
)
SQUARE = "MULTIPOLYGON(((106.62 17.2, 106.7 17.2, 106.7 17.3, 106.62 17.3, 106.62 17.2)))"


@pytest.fixture
def published(session: Session) -> Village:
    """The small world of the tests, with borders and with public figures: for that, one household is enough."""
    village = Village.built(session)
    session.execute(update(Area).values(boundary=SQUARE, boundary_kind="drawn"))
    publishing.publish(session, smallest=1)
    return village


def download(session: Session, client: PageClient, village: Village, who: str, area_id: int) -> TestResponse:
    sign_in(session, client, village.members[who].id)
    return client.get(f"/areas/{area_id}/coverage-map.html")


def test_a_supervisor_gets_one_file_and_the_audit_says_so(
    session: Session, client: PageClient, published: Village
) -> None:
    answer = download(session, client, published, "supervisor", published.commune_id)

    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "export coverage map")).all()
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="ban-do-bao-phu-')
    assert answer.headers["Cache-Control"] == "no-store"
    assert [(event.account_id, event.area_id) for event in events] == [
        (published.members["supervisor"].id, published.commune_id)
    ]


@pytest.mark.parametrize("who", ["leader", "canvasser"])
def test_others_are_refused(session: Session, client: PageClient, published: Village, who: str) -> None:
    answer = download(session, client, published, who, published.commune_id)

    assert answer.status_code == 403


def test_nobody_is_asked_to_sign_in(client: PageClient, published: Village) -> None:
    answer = client.get(f"/areas/{published.commune_id}/coverage-map.html")

    assert answer.status_code == 302


def test_a_place_outside_ones_areas_does_not_exist(session: Session, client: PageClient, published: Village) -> None:
    province_of_nobody = Area(level_id=2, code="X", name="Xa", valid_from=date(2024, 1, 1))
    session.add(province_of_nobody)
    session.flush()

    answer = download(session, client, published, "supervisor", province_of_nobody.id)

    assert answer.status_code == 404


def test_before_anything_is_public_it_says_so(session: Session, client: PageClient, village: Village) -> None:
    answer = download(session, client, village, "supervisor", village.commune_id)

    assert answer.status_code == 422
    assert "Tân Ninh" in answer.get_data(as_text=True)
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "export coverage map")).all() == []


def test_the_file_names_nobody_and_no_house(session: Session, client: PageClient, published: Village) -> None:
    page = download(session, client, published, "supervisor", published.commune_id).get_data(as_text=True)

    secrets = [*session.scalars(select(Person.full_name)), *session.scalars(select(Household.code))]
    secrets += [str(one) for one in session.scalars(select(Household.id))]
    assert secrets
    assert [secret for secret in secrets if secret and secret in page] == []


def test_both_languages_are_whole(session: Session, client: PageClient, published: Village) -> None:
    sign_in(session, client, published.members["supervisor"].id)

    vietnamese, english = (
        client.get(f"/areas/{published.commune_id}/coverage-map.html?lang={language}").get_data(as_text=True)
        for language in ("vi", "en")
    )

    assert "Bản đồ bao phủ BHYT" in vietnamese
    assert "Chú giải và số liệu" in vietnamese
    assert '<html lang="vi">' in vietnamese
    assert "Health-insurance coverage map" in english


def test_the_demos_map_holds_no_square_of_fewer_than_ten_households(fresh_database: str) -> None:
    load.fill(fresh_database, None, 1, date(2026, 4, 13), lambda *_: None)
    with reading(SYSTEM) as own:
        supervisor = own.scalars(select(Account.id).where(Account.username == "supervisor")).one()
        scope = scope_of(own, supervisor)
        commune = own.scalars(select(Area.id).where(Area.code == "DEMO-TN")).one()
    with reading(scope) as own:
        found = coverage_map(own, scope, commune)

    assert found.whole is not None
    assert (found.whole.registered, found.whole.covered) == (6_045, 5_646)
    assert len(found.parts) == 5
    assert min(cell.households for cell in found.cells) >= 10
    assert 40 < len(found.cells) < 300
    assert sum(cell.uncovered for cell in found.cells) > 300


def test_by_the_map_of_a_day_todays_households_are_counted_where_they_lay_then(
    session: Session, client: PageClient, published: Village
) -> None:
    moved, day = published.second_id, clock.today()
    session.execute(update(AreaParent).where(AreaParent.area_id == moved).values(valid_from=day))
    session.add(
        AreaParent(
            area_id=moved,
            parent_id=published.neighbour_commune_id,
            valid_from=day - timedelta(days=90),
            valid_to=day,
        )
    )
    session.flush()
    on = day - timedelta(days=1)

    with reading(published.members["supervisor"].scope) as hers:
        then = coverage_map_on(hers, published.members["supervisor"].scope, published.commune_id, on)
    sign_in(session, client, published.members["supervisor"].id)
    answer = client.get(f"/areas/{published.commune_id}/coverage-map.html", query_string={"on": str(on), "lang": "en"})

    assert [(part.place.id, part.figures) for part in then.parts] == [(published.id, None)], "three households are few"
    assert answer.status_code == 422
    counter = published.members["counter"]
    sign_in(session, client, counter.id)
    refused = client.get(f"/areas/{published.commune_id}/coverage-map.html", query_string={"on": str(on)})
    assert refused.status_code == 403

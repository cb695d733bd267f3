import re
from html import unescape

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village, an_area
from tests.clients import PageClient, sign_in
from webmap import clock

STAFF = ("leader", "supervisor", "admin")


@pytest.fixture
def village(session: Session) -> Village:
    return Village.built(session)


def page(client: PageClient, path: str) -> str:
    answer = client.get(path, headers={"Accept-Language": "en"}, query_string={"lang": "en"})
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.get_data(as_text=True))


def test_nobody_is_sent_to_the_sign_in(client: PageClient, village: Village) -> None:
    assert client.get("/areas").status_code == 302
    assert client.get(f"/areas/{village.commune_id}").status_code == 302
    assert client.post(f"/areas/{village.commune_id}/below", data={"name": "X"}).status_code == 401


def test_a_canvasser_has_no_area_pages(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.canvasser.id)

    assert client.get("/areas").status_code == 403
    assert client.get(f"/areas/{village.commune_id}").status_code == 403


def test_a_leader_lands_on_her_commune_and_sees_its_villages(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)

    assert client.get("/areas").headers["Location"].endswith(f"/areas/{village.commune_id}")
    shown = page(client, f"/areas/{village.commune_id}")
    assert "Hữu Tân" in shown
    assert "Quảng Xá" in shown
    assert "Trần Xá" not in shown
    assert 'class="area-drawing"' in shown


def test_numbers_of_households_lead_to_their_list_and_the_rate_stands_beside_the_name(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)

    shown = page(client, f"/areas/{village.commune_id}")
    assert f'href="/households?area={village.commune_id}"' in shown
    heads = re.findall(r'<th scope="col"[^>]*>(\w+)</th>', shown)
    assert heads[:3] == ["Area", "Coverage", "Uncovered"]  # what a phone shows before it has to scroll


@pytest.mark.parametrize("path", ["", "/boundary.geojson"])
def test_the_neighbour_commune_is_not_there(session: Session, client: PageClient, village: Village, path: str) -> None:
    sign_in(session, client, village.leader.id)

    assert client.get(f"/areas/{village.neighbour_commune_id}{path}").status_code == 404


def test_figures_of_few_households_are_not_shown_without_the_right_to_persons(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.counter.id)

    shown = page(client, f"/areas/{village.commune_id}")

    assert "Too few households to be shown" in shown
    assert f"/households?area={village.commune_id}" not in shown


def test_a_village_is_added_from_the_page_and_a_second_one_of_that_name_is_refused(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)
    path = f"/areas/{village.commune_id}/below"

    first = client.post(path, data={"name": "Thế Lộc", "kind": "Thôn"})
    second = client.post(path, data={"name": "the loc"}, query_string={"lang": "en"})

    assert first.status_code == 302
    assert "Thôn Thế Lộc" in page(client, f"/areas/{village.commune_id}")
    assert second.status_code == 409
    assert "There is already a place named the loc" in unescape(second.get_data(as_text=True))


def test_an_empty_name_is_refused(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.leader.id)

    assert client.post(f"/areas/{village.commune_id}/below", data={"name": "  "}).status_code == 422


def test_only_supervisors_rename_and_close(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.leader.id)

    assert client.post(f"/areas/{village.id}/name", data={"name": "X"}).status_code == 403
    assert client.post(f"/areas/{village.id}/closing", data={"valid_to": "2030-01-01"}).status_code == 403


def test_a_supervisor_renames_and_closes(session: Session, client: PageClient, village: Village) -> None:
    bare = an_area(session, "x1", "Thế Lộc", "village", village.commune_id)
    session.execute(select(func.area_tree_rebuild()))
    sign_in(session, client, village.supervisor.id)

    renamed = client.post(f"/areas/{bare}/name", data={"name": "Thế Lộc 2"})
    closed = client.post(f"/areas/{bare}/closing", data={"valid_to": clock.today().isoformat()})
    full = client.post(f"/areas/{village.id}/closing", data={"valid_to": clock.today().isoformat()})

    assert (renamed.status_code, closed.status_code, full.status_code) == (302, 302, 409)
    assert "Thế Lộc 2" in page(client, f"/areas/{village.commune_id}")
    assert session.scalar(text("select count(*) from audit_event where action in ('rename area', 'close area')")) == 2


def test_an_area_is_found_by_its_name_without_marks(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.supervisor.id)

    assert "Hữu Tân" in unescape(client.get("/areas?q=huu tan").get_data(as_text=True))


def test_the_boundary_is_a_file_that_other_programs_open(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)

    written = client.get(f"/areas/{village.id}/boundary.geojson").get_json()

    assert written["properties"]["name"] == "Hữu Tân"
    assert written["geometry"]["type"] == "MultiPolygon"


@pytest.mark.parametrize("role", STAFF)
def test_every_staff_role_has_the_page_in_vietnamese(
    session: Session, client: PageClient, village: Village, role: str
) -> None:
    sign_in(session, client, village.members[role].id)

    assert "Hữu Tân" in client.get(f"/areas/{village.commune_id}").get_data(as_text=True)

"""The history of the map on its page, and taking a change back."""

from html import unescape

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.areas.test_map_imports import picture
from tests.webmap.mapfiles.files import INSIDE, Walk, shown, villages, worked
from webmap.areas.map_imports import noting
from webmap.areas.models import Area, MapImport
from webmap.mapfiles import history_views


@pytest.fixture
def imported(session: Session, client: PageClient, village: Village) -> str:
    """A village brought in by the administrator; where its change is shown."""
    sign_in(session, client, village.admin.id)
    Walk(session, client, village.admin.scope, villages(("v1", "Thế Lộc", INSIDE)), "thôn mới.geojson").brought()
    return f"/import/map/history/{session.scalars(select(MapImport.id)).one()}"


def test_an_import_is_listed_shown_undone_and_the_map_is_as_before(
    session: Session, client: PageClient, village: Village, request: pytest.FixtureRequest
) -> None:
    before = picture(session)
    change = request.getfixturevalue("imported")

    listed = shown(client, "/import/map/history")
    assert "thôn mới.geojson" in listed
    assert "1 new" in listed
    assert "Undo this change" in shown(client, change)
    answer = client.post(f"{change}/undo", query_string={"lang": "en"}, follow_redirects=True)

    assert "is undone. The map is as it was before." in unescape(answer.get_data(as_text=True))
    assert picture(session) == before
    assert "Undone by" in shown(client, "/import/map/history")
    assert "Undo this change" not in shown(client, change)


def test_undoing_twice_is_told(client: PageClient, imported: str) -> None:
    client.post(f"{imported}/undo")

    answer = client.post(f"{imported}/undo", query_string={"lang": "en"}, follow_redirects=True)

    assert "was undone already." in unescape(answer.get_data(as_text=True))


def test_a_newer_change_of_the_same_place_stands_in_the_way(
    session: Session, client: PageClient, village: Village, imported: str
) -> None:
    with noting(session, village.admin.scope, "edit", "tên mới", area_id=village.commune_id):
        session.execute(text("update area set name = 'Thế Lộc 2' where code = 'v1'"))

    answer = client.post(f"{imported}/undo", query_string={"lang": "en"}, follow_redirects=True)

    assert "“tên mới” changed the same places later. Undo that first." in unescape(answer.get_data(as_text=True))
    assert session.scalar(select(func.count()).where(Area.code == "v1")) == 1


def test_much_is_undone_by_a_job(
    session: Session, client: PageClient, village: Village, imported: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_views, "MOST_ROWS_AT_ONCE", 1)

    answer = client.post(f"{imported}/undo")
    job = worked(session, village.admin.scope)

    assert answer.headers["Location"].endswith(f"/jobs/{job.id}")
    assert job.result == {"next": imported}
    assert session.scalar(select(func.count()).where(Area.code == "v1")) == 0


def test_a_change_elsewhere_does_not_exist_for_a_supervisor(
    session: Session, client: PageClient, village: Village
) -> None:
    with noting(session, village.stranger.scope, "edit", "Hàm Ninh", area_id=village.neighbour_commune_id) as change:
        session.execute(text("update area set population = 1 where id = :id"), {"id": village.neighbour_commune_id})
    sign_in(session, client, village.members["counter"].id)

    assert client.get(f"/import/map/history/{change.id}").status_code == 404
    assert client.post(f"/import/map/history/{change.id}/undo").status_code == 404
    assert "Hàm Ninh" not in shown(client, "/import/map/history")


def test_a_map_without_changes_says_so(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.admin.id)

    assert "The map has not been changed yet." in shown(client, "/import/map/history")

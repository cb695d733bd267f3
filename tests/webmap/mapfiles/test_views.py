"""Map files on their pages: from the upload to the changed map, and everything that stands in the way."""

import io
import json
import zipfile
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_geojson
from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.areas.test_map_imports import picture
from tests.webmap.mapfiles.files import BESIDE, INSIDE, POINT, Walk, sent, shown, villages, worked
from webmap.areas.models import Area, MapImport, Source
from webmap.mapfiles.models import MapFile
from webmap.settings import Settings
from webmap.streets.models import Alley, Building


@pytest.mark.parametrize("role", ["leader", "canvasser"])
def test_only_who_oversees_imports_maps(session: Session, client: PageClient, village: Village, role: str) -> None:
    sign_in(session, client, village.members[role].id)

    assert client.get("/import/map").status_code == 403
    assert sent(client, b"{}").status_code == 403


def test_nobody_is_sent_away(client: PageClient) -> None:
    assert client.get("/import/map").status_code == 302
    assert sent(client, b"{}").status_code == 401


def test_a_file_of_villages_is_seen_before_it_changes_anything(
    session: Session, client: PageClient, village: Village, walk: Any
) -> None:
    before = picture(session)
    file = walk(villages(("v1", "Thế Lộc", INSIDE), ("1920701", "Hữu Tân mới", BESIDE)), "thôn.geojson")
    assert "ma_thon" in file.page

    job = file.previewed()

    assert job.state == "done", job.error
    assert file.totals() == {"area": {"changed": 1, "new": 1}}
    assert picture(session) == before
    page = shown(client, f"{file.place}/preview")
    assert "Name: Hữu Tân → Hữu Tân mới" in page
    assert "Thế Lộc" in shown(client, f"{file.place}/preview", state="new")
    assert client.get(f"{file.place}/preview/12/3261/1850.mvt").status_code in {200, 204}
    assert "<path" in client.get(f"{file.place}/preview.svg").get_data(as_text=True)

    job = file.applied()

    assert job.state == "done", job.error
    assert session.scalars(select(Area.parent_id).where(Area.code == "v1")).one() == village.commune_id
    change = shown(client, job.result["next"])  # type: ignore[index]
    assert "The map is changed." in change
    assert "1 new · 1 changed" in " ".join(change.split())


def test_the_same_file_twice_changes_nothing_and_leaves_no_entry(
    session: Session, client: PageClient, walk: Any
) -> None:
    content = villages(("v1", "Thế Lộc", INSIDE))
    walk(content).brought()
    before = picture(session)

    again = walk(content)
    again.previewed()
    assert again.totals() == {"area": {"same": 1}}
    assert "All of it is here already." in shown(client, f"{again.place}/preview")
    job = again.applied()

    assert picture(session) == before
    assert session.scalar(select(func.count()).select_from(MapImport)) == 1
    assert "all this was here already" in shown(client, job.result["next"])  # type: ignore[index]


def test_what_is_refused_is_named_with_its_place_and_stops_the_import(
    session: Session, client: PageClient, walk: Any
) -> None:
    far = to_geojson(shapely.box(108, 16, 108.1, 16.1))
    file = walk(villages(("v1", "Thế Lộc", INSIDE), ("v2", "Hòa Bình", POINT), ("v3", "=Xa", far)))

    file.previewed()

    assert file.totals() == {"area": {"new": 1, "refused": 2}}
    page = shown(client, f"{file.place}/preview")
    assert "Feature 2, Hòa Bình, is a line or a point. An area needs a surface." in page
    table = client.get(f"{file.place}/refused.csv", query_string={"lang": "en"}).get_data(as_text=True)
    assert "3,'=Xa" in table  # no spreadsheet takes it for a formula
    assert "108.05,16.05" in table
    job = file.applied()
    assert job.state == "failed"
    assert job.error["code"] == "refused_areas"  # type: ignore[index]
    assert session.scalar(select(func.count()).where(Area.code == "v1")) == 0

    assert file.applied(leaves_out="1").state == "done"
    assert session.scalar(select(func.count()).where(Area.code == "v1")) == 1


def test_a_supervisor_imports_into_her_areas_only(session: Session, client: PageClient, village: Village) -> None:
    counter = village.members["counter"]  # a supervisor of Tân Ninh alone
    sign_in(session, client, counter.id)
    there = village.neighbour_commune_id
    other = session.scalar(
        text("select st_asgeojson(st_pointonsurface(boundary)) from area where id = :id"), {"id": there}
    )
    assert other is not None
    x, y = json.loads(other)["coordinates"]
    outside = to_geojson(shapely.box(x, y, x + 0.001, y + 0.001))
    file = Walk(session, client, counter.scope, villages(("v1", "Thế Lộc", INSIDE), ("v2", "Xa", outside)))

    file.previewed()

    assert file.totals() == {"area": {"new": 1, "refused": 1}}
    assert file.previewed(**{"under-0": str(there)}).state == "failed"
    assert file.previewed(**{"under-0": "top"}).error["code"] == "only_administrator"  # type: ignore[index]
    assert client.post(f"{file.place}/preview", data={**file.proposed(), "area_ids": str(there)}).status_code == 404


def test_a_strangers_file_does_not_exist(session: Session, client: PageClient, village: Village, walk: Any) -> None:
    file = walk(villages(("v1", "Thế Lộc", INSIDE)))
    file.previewed()
    sign_in(session, client, village.supervisor.id)

    for path in ("", "/preview", "/preview.svg", "/refused.csv", "/preview/1/1/1.mvt"):
        assert client.get(f"{file.place}{path}").status_code == 404, path
    for path in ("/preview", "/apply", "/repairs"):
        assert client.post(f"{file.place}{path}").status_code == 404, path
    client.post(f"{file.place}/removal")

    sign_in(session, client, village.admin.id)
    assert client.get(file.place).status_code == 200


def test_what_was_previewed_is_compared_again_when_it_is_applied_late(session: Session, walk: Any) -> None:
    first, second = walk(villages(("v1", "Thế Lộc", INSIDE))), walk(villages(("v1", "Thế Lộc mới", BESIDE)))
    first.previewed()
    second.previewed()
    second.applied()

    first.applied()

    assert session.scalars(select(Area.name).where(Area.code == "v1")).all() == ["Thế Lộc"]


def test_a_cancelled_import_leaves_nothing(
    session: Session, client: PageClient, village: Village, walk: Any, shared_data: Path
) -> None:
    file = walk(shared_data / "osm" / "hanoi_dong_da_streets_2023.osm.pbf")
    file.previewed()
    client.post(f"{file.place}/apply")
    session.execute(text("update job set is_cancel_wanted = true"))

    job = worked(session, village.admin.scope)

    assert job.state == "cancelled"
    assert session.scalar(select(func.count()).select_from(Alley)) == 0
    assert session.scalar(select(func.count()).select_from(MapImport)) == 0


def test_applying_unseen_is_refused(client: PageClient, walk: Any) -> None:
    file = walk(villages(("v1", "Thế Lộc", INSIDE)))

    assert client.post(f"{file.place}/apply").status_code == 409


def test_nothing_chosen_is_told(walk: Any) -> None:
    job = walk(villages(("v1", "Thế Lộc", INSIDE))).previewed(**{"becomes-0": "nothing"})

    assert job.state == "failed"
    assert job.error["code"] == "nothing_chosen"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty."),
        (b"\x89PNG\r\n\x1a\n0000", "it is of no kind that can be read here."),
        (b"PK\x03\x04xlsx", "it is damaged"),
        (b'{"type":"FeatureCollection","features":[{"type":"Fea', "it is damaged or breaks off in the middle."),
    ],
)
def test_what_is_no_map_is_refused_with_a_sentence_and_not_kept(
    session: Session, client: PageClient, app_settings: Settings, content: bytes, sentence: str
) -> None:
    sign_in(session, client, Village.built(session).admin.id)
    before = len(list((app_settings.data_dir / "maps").glob("*")))

    answer = sent(client, content)

    assert answer.status_code == 422
    assert sentence in unescape(answer.get_data(as_text=True))
    assert len(list((app_settings.data_dir / "maps").glob("*"))) == before
    assert session.scalar(select(func.count()).select_from(MapFile)) == 0


def test_no_file_and_a_file_that_is_gone_are_told(session: Session, client: PageClient, walk: Any) -> None:
    file = walk(villages(("v1", "Thế Lộc", INSIDE)))
    assert client.post("/import/map", data={}).status_code == 422

    client.post(f"{file.place}/removal")

    assert client.get(file.place).status_code == 404


def test_several_files_wait_and_the_parts_of_a_shapefile_are_one(
    session: Session, client: PageClient, village: Village, shared_data: Path
) -> None:
    sign_in(session, client, village.admin.id)
    with zipfile.ZipFile(shared_data / "survey" / "xa_2009_tcvn3_shp.zip") as archive:
        parts = [(BytesIO(archive.read(name)), name) for name in archive.namelist()]
    one = (io.BytesIO(villages(("v1", "Thế Lộc", INSIDE))), "thôn.geojson")

    answer = client.post("/import/map", data={"file": [*parts, one]})

    assert answer.headers["Location"].endswith("/import/map")
    page = shown(client, "/import/map")
    assert "xa_2009_tcvn3.shp" in page
    assert "thôn.geojson" in page
    assert session.scalar(select(func.count()).select_from(MapFile)) == 2


def test_source_licence_and_day_are_kept_with_the_features(session: Session, walk: Any, shared_data: Path) -> None:
    file = walk(shared_data / "osm" / "hanoi_small_export.osm")
    file.brought(dated_on="2023-12-01")

    source = session.scalars(select(Source).join(Building, Building.source_id == Source.id)).first()
    assert source is not None
    assert (source.licence, source.attribution) == ("ODbL 1.0", "© OpenStreetMap contributors")
    assert str(source.dated_on) == "2023-12-01"


def test_the_upload_says_how_large_a_file_may_be(client: PageClient, session: Session, village: Village) -> None:
    sign_in(session, client, village.admin.id)

    assert "At most 64 MB at once." in shown(client, "/import/map")

import json
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_geojson
from tests.builders import Village, an_area
from tests.clients import PageClient, sign_in
from webmap.areas.models import Area
from webmap.jobs import Job, Watch, run
from webmap.settings import Settings
from webmap.streets.models import Alley, Building
from webmap.worker import load_jobs


@pytest.fixture
def village(session: Session, client: PageClient) -> Village:
    built = Village.built(session)
    sign_in(session, client, built.admin.id)
    return built


def sent(client: PageClient, content: bytes, name: str = "bản đồ.geojson") -> Any:
    return client.post("/import/map", data={"file": (BytesIO(content), name)}, query_string={"lang": "en"})


def shown(client: PageClient, path: str, **query: str) -> str:
    answer = client.get(path, query_string={"lang": "en", **query})
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.get_data(as_text=True))


def worked(session: Session, village: Village) -> Job:
    """Do what waits, as the worker does."""
    load_jobs()
    job = session.scalars(select(Job).order_by(Job.created_at.desc(), Job.id.desc()).limit(1)).one()
    run(Watch(job.id, dict(job.facts), village.admin.scope), job.name)
    session.refresh(job)
    return job


def villages(*rows: tuple[str, str, Any]) -> bytes:
    features = [
        {"type": "Feature", "properties": {"ma_thon": code, "ten_thon": name}, "geometry": shape}
        for code, name, shape in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


INSIDE = to_geojson(shapely.box(106.61, 17.26, 106.62, 17.27))


@pytest.mark.parametrize("role", ["leader", "supervisor", "canvasser", "counter"])
def test_only_the_administrator_imports_maps(session: Session, client: PageClient, role: str) -> None:
    sign_in(session, client, Village.built(session).members[role].id)

    assert client.get("/import/map").status_code == 403
    assert sent(client, b"{}").status_code == 403


def test_nobody_is_sent_away(client: PageClient) -> None:
    assert client.get("/import/map").status_code == 302
    assert sent(client, b"{}").status_code == 401


def test_a_file_of_villages_is_looked_at_checked_and_imported(
    session: Session, client: PageClient, village: Village
) -> None:
    place = sent(client, villages(("v1", "Thế Lộc", INSIDE))).headers["Location"]

    assert "ma_thon" in shown(client, place)
    checked = shown(client, place, check="1", level="village", code="ma_thon", name="ten_thon")
    assert "1 new, 0 changed, 0 as they were, 0 refused." in checked
    assert session.scalar(select(func.count()).where(Area.code == "v1")) == 0

    fields = {"layer": "bản đồ", "level": "village", "code": "ma_thon", "name": "ten_thon", "valid_from": "2025-07-01"}
    fields["layer"] = "content"
    answer = client.post(f"{place}/areas", data=fields)
    job = worked(session, village)

    assert answer.headers["Location"].endswith(f"/jobs/{job.id}")
    assert job.state == "done", job.error
    assert session.scalars(select(Area.parent_id).where(Area.code == "v1")).one() == village.commune_id
    assert "1 areas are new" in shown(client, f"/import/map/result/{job.id}")


def test_a_broken_feature_is_named_on_the_page_and_stops_the_import(
    session: Session, client: PageClient, village: Village
) -> None:
    open_ring = {"type": "Polygon", "coordinates": [[[106.61, 17.26], [106.62, 17.26], [106.62, 17.27]]]}
    place = sent(client, villages(("v1", "Thế Lộc", INSIDE), ("v2", "Hòa Bình", open_ring))).headers["Location"]

    checked = shown(client, place, check="1", level="village")
    fields = {"layer": "content", "level": "village", "code": "ma_thon", "name": "ten_thon", "valid_from": "2025-07-01"}
    client.post(f"{place}/areas", data=fields)
    job = worked(session, village)

    assert "Feature 2, Hòa Bình: its shape is broken; a ring is not closed." in checked
    assert job.state == "failed"
    assert job.error is not None
    assert job.error["code"] == "refused_areas"
    assert session.scalar(select(func.count()).where(Area.code == "v1")) == 0


def test_metres_in_a_file_that_says_degrees_are_asked_about(client: PageClient, village: Village) -> None:
    square = {"type": "Polygon", "coordinates": [[[567e3, 1911e3], [568e3, 1911e3], [568e3, 1912e3], [567e3, 1911e3]]]}
    place = sent(client, villages(("v1", "Thế Lộc", square))).headers["Location"]

    page = shown(client, place)

    assert "cannot be in the coordinate system it states" in page
    assert "VN-2000 / TM-3 106-00" in page


def test_a_quarter_of_ha_noi_is_imported_and_twice_changes_nothing(
    session: Session, client: PageClient, village: Village, shared_data: Path
) -> None:
    ward = an_area(session, "00199", "Văn Miếu", "commune", village.province_id, box=(105.815, 21.015, 105.845, 21.04))
    session.execute(select(func.area_tree_rebuild()))
    content = (shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf").read_bytes()
    place = sent(client, content, "hanoi.osm.pbf").headers["Location"]
    page = shown(client, place)
    assert "504" in page
    assert "Văn Miếu" in page

    client.post(f"{place}/streets", data={"area_ids": str(ward), "licence": "ODbL 1.0", "attribution": "© OSM"})
    first = worked(session, village)
    client.post(f"{place}/streets", data={"area_ids": str(ward), "licence": "ODbL 1.0", "attribution": "© OSM"})
    second = worked(session, village)

    assert first.state == "done", first.error
    assert session.scalar(select(func.count()).select_from(Alley)) == 1058
    assert session.scalar(select(func.count()).select_from(Building)) == 497
    assert second.result is not None
    assert sum(second.result["added"].values()) == 0
    assert "all this was here already" in shown(client, f"/import/map/result/{second.id}")


def test_a_cancelled_import_leaves_nothing(
    session: Session, client: PageClient, village: Village, shared_data: Path
) -> None:
    content = (shared_data / "osm" / "hanoi_dong_da_streets_2023.osm.pbf").read_bytes()
    place = sent(client, content, "hanoi.osm.pbf").headers["Location"]
    client.post(f"{place}/streets", data={})
    session.execute(text("update job set is_cancel_wanted = true"))

    job = worked(session, village)

    assert job.state == "cancelled"
    assert session.scalar(select(func.count()).select_from(Alley)) == 0


def test_streets_for_an_area_of_others_are_not_taken(
    session: Session, client: PageClient, village: Village, shared_data: Path
) -> None:
    other = an_area(session, "90", "Nơi khác", "province", None, box=(105.8, 21.0, 105.9, 21.1))
    session.execute(select(func.area_tree_rebuild()))
    place = sent(client, (shared_data / "osm" / "hanoi_small_export.osm").read_bytes()).headers["Location"]

    assert client.post(f"{place}/streets", data={"area_ids": str(other)}).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty."),
        (b"%PDF-1.7", "it is of no kind that can be read here."),
        (b"PK\x03\x04xlsx", "it is damaged or breaks off in the middle."),
    ],
)
def test_what_is_no_map_is_refused_with_a_sentence_and_not_kept(
    client: PageClient, village: Village, app_settings: Settings, content: bytes, sentence: str
) -> None:
    before = len(list((app_settings.data_dir / "maps").glob("*")))

    answer = sent(client, content)

    assert answer.status_code == 422
    assert sentence in unescape(answer.get_data(as_text=True))
    assert len(list((app_settings.data_dir / "maps").glob("*"))) == before


def test_a_damaged_file_is_told_when_it_is_looked_at(client: PageClient, village: Village) -> None:
    place = sent(client, b'{"type":"FeatureCollection","features":[{"type":"Fea').headers["Location"]

    answer = client.get(place, query_string={"lang": "en"})

    assert answer.status_code == 422
    assert "it is damaged or breaks off in the middle." in unescape(answer.get_data(as_text=True))


def test_no_file_and_a_file_that_is_gone_are_told(client: PageClient, village: Village) -> None:
    assert client.post("/import/map", data={}).status_code == 422
    place = sent(client, villages(("v1", "Thế Lộc", INSIDE))).headers["Location"]

    client.post(f"{place}/removal")

    assert client.get(place).status_code == 404

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
from tests.journey.browser import Page
from tests.webmap.areas.test_map_imports import picture
from tests.webmap.mapfiles.files import Walk, sent, shown, worked
from webmap.areas.models import Area, MapImport, Source
from webmap.mapfiles.models import MapFile
from webmap.settings import Settings
from webmap.streets.models import Alley, Building

INSIDE = to_geojson(shapely.box(106.61, 17.26, 106.62, 17.27))
BESIDE = to_geojson(shapely.box(106.62, 17.26, 106.63, 17.27))
POINT = {"type": "Point", "coordinates": [106.61, 17.26]}


def villages(*rows: tuple[str, str, Any]) -> bytes:
    features = [
        {"type": "Feature", "properties": {"ma_thon": code, "ten_thon": name}, "geometry": shape}
        for code, name, shape in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def walk(session: Session, client: PageClient, village: Village) -> Any:
    """Begin with a file as the administrator."""
    sign_in(session, client, village.admin.id)
    return lambda content, name="": Walk(session, client, village.admin.scope, content, name)


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


def test_villages_without_codes_are_known_by_their_names(session: Session, village: Village, walk: Any) -> None:
    content = villages(("", "hữu  tân", INSIDE), ("", "Nguyệt Áng", BESIDE))
    file = walk(content)

    file.previewed(**{"code-0": ""})

    assert file.totals() == {"area": {"changed": 1, "new": 1}}
    file.applied()
    made = session.scalars(select(Area).where(Area.name == "Nguyệt Áng")).one()
    assert made.code.startswith(session.get_one(Area, village.commune_id).code)
    again = walk(content)
    again.previewed(**{"code-0": ""})
    assert again.totals() == {"area": {"same": 2}}


def test_two_places_of_one_name_are_refused_until_they_have_codes(client: PageClient, walk: Any) -> None:
    file = walk(villages(("", "Nguyệt Áng", INSIDE), ("", "Nguyệt Áng", BESIDE)))

    file.previewed(**{"code-0": ""})

    assert file.totals() == {"area": {"refused": 2}}
    assert "there are several places named Nguyệt Áng here" in shown(client, f"{file.place}/preview")


def test_rows_whose_name_fits_several_areas_are_chosen_one_by_one(
    session: Session, client: PageClient, village: Village, walk: Any
) -> None:
    session.execute(text("update area set name = 'Hữu Tân' where id = :id"), {"id": village.second_id})
    second = session.get_one(Area, village.second_id)
    content = villages(("", "Hữu Tân", INSIDE), ("", "hữu tân", BESIDE))
    file = walk(content)
    file.previewed(**{"code-0": ""})
    assert file.totals() == {"area": {"refused": 2}}
    form = Page(shown(client, f"{file.place}/preview"), f"{file.place}/preview").form("/matches")
    names = [name for name, _ in form.values if name.startswith("match:")]
    assert [name.split(":")[1] for name in names] == ["1", "2"]
    assert f"Hữu Tân, Tân Ninh, Quảng Bình ({second.code})" in shown(client, f"{file.place}/preview")

    client.post(f"{file.place}/matches", data={names[0]: str(village.second_id), names[1]: "new"})
    worked(session, file.scope)

    assert file.totals() == {"area": {"changed": 1, "new": 1}}
    assert "As you chose." in shown(client, f"{file.place}/preview", state="changed")
    assert file.applied().state == "done"
    assert session.scalar(select(func.count()).where(Area.name.ilike("hữu tân"))) == 3
    known = text("select st_equals(boundary, st_geomfromgeojson(:shape)) from area where id = :id")
    assert session.scalar(known, {"shape": json.dumps(INSIDE), "id": village.second_id}) is True


def test_an_area_of_others_cannot_be_chosen_for_a_row(session: Session, client: PageClient, village: Village) -> None:
    session.execute(text("update area set name = 'Hữu Tân' where id = any(:ids)"),
                    {"ids": [village.second_id, village.neighbour_id]})  # fmt: skip
    counter = village.members["counter"]  # a supervisor of Tân Ninh alone
    sign_in(session, client, counter.id)
    file = Walk(session, client, counter.scope, villages(("", "Hữu Tân", INSIDE)))
    file.previewed(**{"code-0": ""})
    (name,) = {f"match:1:{file.file.choices['layers'][0]['layer']}"}  # type: ignore[index]
    assert f'value="{village.neighbour_id}"' not in shown(client, f"{file.place}/preview")

    client.post(f"{file.place}/matches", data={name: str(village.neighbour_id)})
    worked(session, file.scope)

    assert file.totals() == {"area": {"refused": 1}}


def test_overlapping_villages_are_told_and_repaired_when_that_is_ticked(
    session: Session, client: PageClient, walk: Any
) -> None:
    wide = to_geojson(shapely.box(106.61, 17.26, 106.622, 17.27))
    file = walk(villages(("v1", "Thế Lộc", wide), ("v2", "Hòa Bình", BESIDE)))
    file.previewed()
    (finding,) = file.findings("overlap")
    assert "Thế Lộc, Hòa Bình, Hữu Tân (on the map) all claim the same ground" in shown(client, f"{file.place}/preview")

    client.post(f"{file.place}/repairs", data={"repairs": finding["key"]})
    worked(session, file.scope)

    assert file.findings("overlap")[0]["is_mended"]
    file.applied()
    common = "select st_area(st_intersection(a.boundary, b.boundary)) from area a, area b"
    assert session.scalar(text(f"{common} where a.code = 'v1' and b.code = 'v2'")) < 1e-12  # type: ignore[operator]


def test_a_village_that_takes_ground_of_one_on_the_map_gives_way_and_what_nobody_covers_is_told(
    session: Session, client: PageClient, village: Village, walk: Any
) -> None:
    smaller = shapely.box(106.60, 17.26, 106.64, 17.30).wkt
    session.execute(
        text("update area set boundary = st_multi(st_geomfromtext(:wkt, 4326)) where id = :id"),
        {"wkt": smaller, "id": village.id},
    )
    file = walk(villages(("v2", "Hòa Bình", to_geojson(shapely.box(106.60, 17.25, 106.62, 17.265)))))
    file.previewed()
    (finding,) = file.findings("overlap")
    page = shown(client, f"{file.place}/preview")
    assert "Hòa Bình, Hữu Tân (on the map) all claim the same ground" in page
    assert "In Tân Ninh lies ground that no area covers, beside Hòa Bình" in page

    client.post(f"{file.place}/repairs", data={"repairs": finding["key"]})
    worked(session, file.scope)
    file.applied()

    made = "select st_equals(boundary, st_makeenvelope(106.60, 17.25, 106.62, 17.26, 4326)) from area where code = 'v2'"
    assert session.scalar(text(made)) is True
    kept = "select st_equals(boundary, st_geomfromtext(:wkt, 4326)) from area where id = :id"
    assert session.scalar(text(kept), {"wkt": smaller, "id": village.id}) is True


def test_metres_in_a_file_that_says_degrees_are_asked_about_by_place(
    session: Session, client: PageClient, village: Village, walk: Any
) -> None:
    square = {"type": "Polygon", "coordinates": [[[567e3, 1911e3], [568e3, 1911e3], [568e3, 1912e3], [567e3, 1911e3]]]}
    file = walk(villages(("v1", "Thế Lộc", square)))

    assert "but its numbers cannot be that" in file.page
    assert "VN-2000 / TM-3 106-00" in file.page
    assert "Your features would lie at" in file.page
    file.previewed(**{"crs-0": "9211", "level-0": "village", "under-0": str(village.commune_id)})
    lon = session.scalar(text("select st_x(st_centroid(shape)) from map_preview_feature"))
    assert 106.6 < lon < 106.7  # type: ignore[operator]


def test_a_file_that_names_an_earlier_year_says_so_before_its_areas_count_as_todays(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.admin.id)
    old = sent(client, villages(("v1", "Thế Lộc", INSIDE)), "thon_2009.geojson").headers["Location"]
    new = sent(client, villages(("v2", "Hòa Bình", BESIDE)), "thon_2025.geojson").headers["Location"]

    assert "This file seems to be of the map of 2009." in shown(client, old)
    assert "seems to be of the map" not in shown(client, new)


def test_exchanged_axes_are_noticed(walk: Any) -> None:
    swapped = {"type": "Polygon", "coordinates": [[[17.26, 106.61], [17.27, 106.61], [17.27, 106.62], [17.26, 106.61]]]}

    assert "In this file x is north and y is east" in walk(villages(("v1", "Thế Lộc", swapped))).page


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

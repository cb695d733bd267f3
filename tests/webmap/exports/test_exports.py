"""The map as files: who gets what, and that it is written down."""

import os
import sqlite3
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from webmap.database.engine import transaction
from webmap.errors import NotFoundError
from webmap.exports import service
from webmap.exports.inputs import ExportOrder
from webmap.jobs import Job, Watch, run
from webmap.words import WORDS
from webmap.worker import load_jobs

ALL = ("areas", "alleys", "buildings", "address_points", "households")
LABELS = {
    **WORDS["map_layer"],
    **{f"{kind} {code}": code for kind in ("status", "alley") for code in WORDS[kind]},
}
GROUND = """
with bound as (update area set boundary = st_multi(st_makeenvelope(106.5, 17.1, 106.8, 17.4, 4326)),
                      boundary_kind = 'drawn' where id = :id returning 1),
     origin as (insert into source (name, kind, licence) values ('OpenStreetMap', 'streets', 'ODbL 1.0') returning id),
     way as (insert into alley (name, kind, source_id, line) select 'Ngõ 3', 'alley', id,
             st_setsrid(st_makeline(st_point(106.61, 17.26), st_point(106.62, 17.27)), 4326) from origin),
     far as (insert into alley (name, kind, source_id, line) select 'Ngõ xa', 'alley', id,
             st_setsrid(st_makeline(st_point(107.61, 17.26), st_point(107.62, 17.27)), 4326) from origin),
     hidden as (insert into building (source_id, outline, house_number, same_as_id) select id,
             st_makeenvelope(106.61, 17.26, 106.611, 17.261, 4326), '1', null from origin)
insert into address_point (house_number, source_id, point)
select '12', id, st_setsrid(st_point(106.61, 17.26), 4326) from origin
"""


@pytest.fixture
def village(session: Session) -> Village:
    built = Village.built(session)
    session.execute(text(GROUND), {"id": built.commune_id})
    return built


def an_order(*layers: str, **given: Any) -> ExportOrder:
    purpose = "điều tra" if "households" in layers else ""
    return ExportOrder.model_validate({"layers": layers, "purpose": purpose, "labels": LABELS, **given})


def exported(village: Village, folder: Path, order: ExportOrder, member: str = "leader", area: int = 0) -> Path:
    scope = village.members[member].scope
    with transaction(scope) as session:
        path, _ = service.export(
            session, scope, area or village.commune_id, order, folder, tell=lambda _done, _total: None
        )
    return path


def table(path: Path, layer: str) -> dict[str, list[Any]]:
    about, _, shapes, columns = pyogrio.raw.read(path, layer=layer)
    held = {name: list(column) for name, column in zip(about["fields"], columns, strict=True)}
    return {**held, "shape": [None if one is None else shapely.from_wkb(one) for one in shapes]}


def test_a_geopackage_holds_the_layers_of_the_area_with_ids_sources_and_styles(
    village: Village, tmp_path: Path
) -> None:
    path = exported(village, tmp_path / "x", an_order(*ALL))

    assert [name for name, _ in pyogrio.list_layers(path)] == [*ALL, "layer_styles"]
    assert table(path, "alleys")["name"] == ["Ngõ 3"]
    assert table(path, "alleys")["licence"] == ["ODbL 1.0"]
    assert table(path, "areas")["code"][0] == str(table(path, "areas")["parent_code"][1])
    homes = table(path, "households")
    assert set(homes["uuid"]) == {str(one.id) for one in (*village.households, *village.second_households)}
    with sqlite3.connect(path) as database:
        assert database.execute("select count(*) from layer_styles where useAsDefault").fetchone() == (5,)


def test_names_and_phones_leave_only_when_asked_for(village: Village, tmp_path: Path) -> None:
    bare = table(exported(village, tmp_path / "a", an_order("households")), "households")
    whole = table(exported(village, tmp_path / "b", an_order("households", with_persons=True)), "households")

    assert {"head_name", "phone", "address"}.isdisjoint(bare)
    assert village.household.head_name in whole["head_name"]


def test_what_left_is_in_the_audit_with_its_purpose(session: Session, village: Village, tmp_path: Path) -> None:
    exported(village, tmp_path / "x", an_order("households", "areas", with_persons=True))

    found = session.execute(
        text("select account_id, area_id, facts from audit_event where action = 'export map'")
    ).one()
    assert (found.account_id, found.area_id) == (village.leader.id, village.commune_id)
    assert found.facts["purpose"] == "điều tra"
    assert found.facts["layers"]["households"] == len(village.households) + len(village.second_households)


def test_the_neighbours_area_does_not_exist(village: Village, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        exported(village, tmp_path / "x", an_order("areas"), area=village.neighbour_commune_id)


def test_several_layers_of_another_kind_come_as_a_zip(village: Village, tmp_path: Path) -> None:
    path = exported(village, tmp_path / "x", an_order("areas", "alleys", kind="geojson"))

    assert zipfile.ZipFile(path).namelist() == ["areas.geojson", "alleys.geojson"]


@pytest.mark.parametrize("kind", ["gpkg", "geojson", "kml", "csv"])
def test_every_kind_of_file_is_made_of_one_layer(village: Village, tmp_path: Path, kind: str) -> None:
    path = exported(village, tmp_path / "x", an_order("alleys", kind=kind))

    assert path.suffix == f".{kind}"
    assert "Ngõ 3" in str(pyogrio.raw.read(path, **({"layer": "alleys"} if kind == "gpkg" else {}))[3][1][0])


def test_old_files_go(tmp_path: Path) -> None:
    old = tmp_path / "exports" / "x"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))

    assert service.remove_old(tmp_path) == 1
    assert not old.exists()


def worked(session: Session, member: Any) -> Job:
    load_jobs()
    job = session.query(Job).order_by(Job.id.desc()).first()
    assert job is not None
    run(Watch(job.id, dict(job.facts), member.scope), job.name)
    session.refresh(job)
    return job


def shown(client: PageClient, path: str) -> str:
    return unescape(client.get(path, query_string={"lang": "en"}).get_data(as_text=True))


def test_a_leader_makes_a_file_on_the_page_and_nobody_else_can_fetch_it(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.leader.id)
    assert "Take the map with you" in shown(client, f"/areas/{village.commune_id}")
    answer = client.post(f"/areas/{village.commune_id}/export", data={"layers": ["areas", "alleys"], "kind": "gpkg"})
    job = worked(session, village.leader)

    assert job.state == "done", job.error
    assert answer.headers["Location"].endswith(f"/jobs/{job.id}")
    assert "The file is ready" in shown(client, f"/exports/{job.id}")
    with client.get(f"/exports/{job.id}/file") as fetched:
        assert fetched.data.startswith(b"SQLite format 3")
        assert fetched.headers["Cache-Control"] == "no-store"
    for other in ("supervisor", "stranger", "admin"):
        sign_in(session, client, village.members[other].id)
        assert client.get(f"/exports/{job.id}/file").status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"kind": "gpkg"}, "This is missing."),
        ({"layers": ["households"], "kind": "gpkg"}, "Say what the households are needed for."),
        ({"layers": ["areas"], "kind": "dwg"}, "Please choose one from the list."),
    ],
)
def test_an_unusable_wish_is_told(
    session: Session, client: PageClient, village: Village, form: dict[str, Any], said: str
) -> None:
    sign_in(session, client, village.leader.id)

    answer = client.post(f"/areas/{village.commune_id}/export", data=form, query_string={"lang": "en"})

    assert answer.status_code == 422
    assert said in unescape(answer.get_data(as_text=True))


def test_who_may_not_see_persons_is_not_given_households(
    session: Session, client: PageClient, village: Village
) -> None:
    sign_in(session, client, village.counter.id)

    assert "Households are personal data" not in shown(client, f"/areas/{village.commune_id}/export")
    form = {"layers": ["households"], "purpose": "x", "kind": "gpkg"}
    assert client.post(f"/areas/{village.commune_id}/export", data=form).status_code == 403

"""Real files as a new user loads them, through the pages, with nothing chosen but what the page proposes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.areas.test_map_imports import picture
from tests.webmap.mapfiles.files import Walk, shown
from webmap.areas.models import Area, MapImport, Source
from webmap.streets.models import AddressPoint, Alley, Building

Begin = Callable[..., Walk]


@pytest.fixture
def walk(session: Session, client: PageClient, shared_data: Path) -> Begin:
    """Begin with one of the shared files as the administrator."""
    village = Village.built(session)
    sign_in(session, client, village.admin.id)
    return lambda name, title="": Walk(session, client, village.admin.scope, shared_data / name, title)


def many(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_giangs_communes_after_the_provinces_and_one_import_undone(
    session: Session, client: PageClient, walk: Begin
) -> None:
    walk("admin/provinces_2025.geojson").brought()
    before = picture(session)
    file = walk("admin/communes_2025_an_giang.geojson")

    job = file.brought()

    assert job.result is not None
    assert file.totals()["area"] == {"new": 102}
    an_giang = session.scalars(select(Area).where(Area.code == "91", Area.name == "An Giang")).one()
    assert session.scalar(select(func.count()).where(Area.parent_id == an_giang.id)) == 102
    client.post(job.result["next"].partition("?")[0] + "/undo")
    assert picture(session) == before


def test_the_quarter_from_three_files_is_the_same_quarter(session: Session, walk: Begin) -> None:
    found: list[dict[int, tuple[float, float]]] = []
    lengths = []
    for name in ("hanoi_cat_linh_2023.osm.pbf", "hanoi_cat_linh_vn2000.gpkg", "hanoi_small_export.osm"):
        session.execute(text("delete from alley"))
        session.execute(text("delete from building"))
        walk(f"osm/{name}").brought()
        middles = session.execute(
            text("select osm_id, st_x(st_centroid(outline)), st_y(st_centroid(outline)) from building")
        )
        found.append({row[0]: (row[1], row[2]) for row in middles})
        lengths.append(session.scalar(text("select sum(st_length(line::geography)) from alley")))
    pbf, gpkg, corner = found

    assert len(pbf) == len(gpkg) == 497
    assert 0 < len(corner) < 497
    assert corner.keys() <= pbf.keys()
    for other in (gpkg, corner):
        for key, (lon, lat) in other.items():
            assert abs(lon - pbf[key][0]) < 5e-7, key
            assert abs(lat - pbf[key][1]) < 5e-7, key
    assert lengths[1] == pytest.approx(lengths[0], rel=0.05)


def test_a_shapefile_in_tcvn3_becomes_communes_with_their_names(session: Session, walk: Begin) -> None:
    file = walk("survey/xa_2009_tcvn3_shp.zip")
    assert "Thị trấn Quán Hàu" in file.page
    assert "as recognised: tcvn3" in file.page

    file.brought(**{"under-0": "top"})

    assert file.totals()["area"] == {"new": 88}
    names = set(session.scalars(select(Area.name).where(Area.code.like("4071%"))))
    assert {"Thị trấn Quán Hàu", "Xã Vĩnh Ninh", "Xã Tân Ninh"} <= names


def test_open_buildings_come_in_with_what_google_says_of_them(session: Session, walk: Begin) -> None:
    file = walk("osm/open_buildings_v3_nigeria_west.csv")

    file.brought()

    assert many(session, Building) == 993
    row = session.execute(select(Building).where(Building.external_id == "6FR4QVX2+7H7F")).scalar_one()
    assert row.confidence == pytest.approx(0.6926)
    source = session.get_one(Source, row.source_id)
    assert (source.licence, source.attribution) == ("CC BY 4.0", "Google Open Buildings")
    again = walk("osm/open_buildings_v3_nigeria_west.parquet")
    again.previewed()
    assert again.totals()["building"].get("new", 0) == 0


def test_vulamba_with_its_work_areas_as_villages(session: Session, walk: Begin) -> None:
    walk("osm/vulamba_drc_boundary.geojson").brought()
    file = walk("osm/vulamba_drc_workareas.geojson")
    file.brought(**{"becomes-0": "areas"})
    walk("osm/vulamba_drc_buildings.geojson").brought()

    place = session.scalars(select(Area).where(Area.name == "vulamba_drc_boundary")).one()
    assert session.scalar(select(func.count()).where(Area.parent_id == place.id)) == 69
    assert many(session, Building) == 870
    assert many(session, MapImport) == 3


def test_surveyed_house_numbers_become_address_points(session: Session, walk: Begin) -> None:
    walk("survey/addresses_hanoi_osm.csv").brought()

    assert many(session, AddressPoint) == 253


def test_streets_and_houses_of_one_layer_are_told_apart_by_their_shape(session: Session, walk: Begin) -> None:
    walk("osm/kathmandu_hot_extract.geojson").brought()

    assert many(session, Building) == 667
    assert many(session, Alley) > 0


def test_the_national_lists_are_known_by_their_headings(session: Session, client: PageClient, walk: Begin) -> None:
    walk("admin/communes_2025.csv").brought()
    file = walk("admin/old_to_new_2025.csv")

    file.previewed()

    assert many(session, Area) > 3_321
    assert set(file.totals()) == {"list"}
    assert shown(client, f"{file.place}/preview")

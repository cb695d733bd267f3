import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.geojson import to_geojson
from tests.builders import Village
from webmap.accounts.models import AccountArea
from webmap.accounts.scope import SYSTEM, Scope
from webmap.areas.errors import RefusedAreasError, UnusableMapError
from webmap.areas.map_reading import layers_of
from webmap.areas.models import Area, AreaClosure, Source
from webmap.areas.queries import below, roots, way_up
from webmap.errors import NotFoundError
from webmap.mapfiles.area_merge import AreasPreview, import_areas, preview_areas
from webmap.mapfiles.guessing import guess_fields, guess_level
from webmap.mapfiles.inputs import AreaFields, AreasOrder

REFORM = date(2025, 7, 1)


def an_order(path: Path, level: str, **given: Any) -> AreasOrder:
    layer = layers_of(path)[0]
    values = {"fields": guess_fields(layer), "valid_from": REFORM, "source_name": path.name, **given}
    return AreasOrder(layer=layer.name, level=level, **values)


def bring(session: Session, path: Path, level: str, scope: Scope = SYSTEM, **given: Any) -> AreasPreview:
    return import_areas(session, scope, path, an_order(path, level, **given), lambda _: None)


def written(folder: Path, *rows: dict[str, Any], name: str = "x.geojson") -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"code": row.get("code"), "name": row.get("name"), "parent_code": row.get("parent")},
            "geometry": row.get("shape", to_geojson(shapely.box(106.61, 17.26, 106.62, 17.27))),
        }
        for row in rows
    ]
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_provinces_then_communes_become_a_tree(session: Session, shared_data: Path) -> None:
    provinces = bring(session, shared_data / "admin" / "provinces_2025.geojson", "province", is_top=True)
    communes = bring(session, shared_data / "admin" / "communes_2025_an_giang.geojson", "commune")

    assert (provinces.added, communes.added) == (34, 102)
    an_giang = session.scalars(select(Area).where(Area.code == "91")).one()
    places = below(session, SYSTEM, an_giang.id)
    assert len(places) == 102
    assert "Phường Mỹ Thới" in {place.full_name for place in places}
    long_xuyen = next(place for place in places if place.name == "Long Xuyên")
    assert long_xuyen.population is not None
    assert [place.name for place in way_up(session, SYSTEM, long_xuyen.id)] == ["An Giang"]
    assert session.scalar(select(func.count()).select_from(AreaClosure)) == 34 + 102 * 2
    assert len(roots(session, SYSTEM)) == 34


def test_the_same_file_twice_changes_nothing(session: Session, shared_data: Path) -> None:
    path = shared_data / "admin" / "provinces_2025.geojson"
    bring(session, path, "province", is_top=True)
    before = session.scalars(select(Area.updated_at)).all()

    again = bring(session, path, "province", is_top=True)

    assert (again.added, again.changed, again.same) == (0, 0, 34)
    assert session.scalars(select(Area.updated_at)).all() == before
    assert session.scalar(select(func.count()).select_from(Source)) == 1


def test_a_preview_says_what_would_happen_and_does_not(session: Session, shared_data: Path) -> None:
    path = shared_data / "admin" / "provinces_2025.geojson"

    found = preview_areas(session, SYSTEM, path, an_order(path, "province", is_top=True), lambda _: None)

    assert (found.added, found.refused) == (34, ())
    assert session.scalar(select(func.count()).select_from(Area)) == 0


def test_communes_without_their_province_are_refused_by_number(session: Session, shared_data: Path) -> None:
    path = shared_data / "admin" / "communes_2025_an_giang.geojson"

    found = preview_areas(session, SYSTEM, path, an_order(path, "commune"), lambda _: None)

    assert len(found.refused) == 102
    assert (found.refused[0].number, found.refused[0].reason, found.refused[0].about) == (1, "no_parent", "91")


def test_villages_without_parent_codes_go_where_they_lie(session: Session, tmp_path: Path) -> None:
    village = Village.built(session)

    bring(session, written(tmp_path, {"code": "v9", "name": "Nguyệt Áng"}), "village")

    made = session.scalars(select(Area).where(Area.code == "v9")).one()
    assert made.parent_id == village.commune_id
    assert made.boundary_kind == "official"


def test_every_broken_feature_is_named_and_nothing_is_changed(session: Session, tmp_path: Path) -> None:
    Village.built(session)
    open_ring = {"type": "Polygon", "coordinates": [[[106.61, 17.26], [106.62, 17.26], [106.62, 17.27]]]}
    path = written(
        tmp_path,
        {"code": "v1", "name": "Thế Lộc"},
        {"code": "v2", "name": "Hòa Bình", "shape": open_ring},
        {"code": "v1", "name": "Nguyệt Áng"},
        {"code": "v4"},
        {"name": "Không mã"},
        {"code": "v6", "name": "Điểm", "shape": {"type": "Point", "coordinates": [106.61, 17.26]}},
        {"code": "v7", "name": "Xa", "shape": to_geojson(shapely.box(108, 16, 108.1, 16.1))},
    )

    found = preview_areas(session, SYSTEM, path, an_order(path, "village"), lambda _: None)

    assert [(one.number, one.reason) for one in found.refused] == [
        (3, "code_twice"),
        (4, "no_name"),
        (5, "no_code"),
        (6, "not_a_surface"),
        (7, "no_parent"),
    ]
    assert session.scalar(text("select problem from stage_area where number = 2")) == "unclosed"
    with pytest.raises(RefusedAreasError):
        bring(session, path, "village")
    assert session.scalar(select(func.count()).select_from(Area).where(Area.code == "v1")) == 0


def test_a_bow_tie_is_mended_and_told(session: Session, tmp_path: Path) -> None:
    Village.built(session)
    crossed = shapely.Polygon(
        [(106.61, 17.26), (106.62, 17.26), (106.62, 17.27), (106.6101, 17.27), (106.6101, 17.2705), (106.61, 17.2699)]
    )
    bad = shapely.Polygon([*list(crossed.exterior.coords)[:-1], (106.6102, 17.2701)])
    path = written(tmp_path, {"code": "v1", "name": "Thế Lộc", "shape": json.loads(shapely.to_geojson(bad))})

    found = bring(session, path, "village")

    made = session.scalars(select(Area).where(Area.code == "v1")).one()
    assert session.scalar(select(func.st_isvalid(made.boundary)))
    assert found.added == 1
    assert session.scalar(text("select problem from stage_area")) == "crosses_itself"


def test_a_new_boundary_and_name_change_the_area_that_is_there(session: Session, tmp_path: Path) -> None:
    village = Village.built(session)
    path = written(tmp_path, {"code": "1920701", "name": "Hữu Tân mới"})

    found = bring(session, path, "village")

    assert (found.added, found.changed) == (0, 1)
    area = session.get(Area, village.id)
    assert area is not None
    assert (area.name, area.boundary_kind, area.parent_id) == ("Hữu Tân mới", "official", village.commune_id)


def test_communes_that_overlap_are_told_once_and_can_be_repaired(session: Session, shared_data: Path) -> None:
    path = shared_data / "admin" / "trap_triple_overlap_lao_cai.geojson"
    order = an_order(path, "commune", is_top=True)

    found = preview_areas(session, SYSTEM, path, order, lambda _: None)
    (common,) = [one for one in found.findings if len(one.numbers) == 3]
    repaired = preview_areas(session, SYSTEM, path, order.model_copy(update={"repairs": (common.key,)}), lambda _: None)

    assert common.square_metres == pytest.approx(3.48e6, rel=0.01)
    assert [one.is_mended for one in repaired.findings if one.key == common.key] == [True]
    bring(session, path, "commune", is_top=True, repairs=(common.key,))
    common = "st_area(st_intersection(a.boundary, b.boundary)) > 1e-6"
    assert session.scalar(text(f"select count(*) from area a join area b on a.id < b.id and {common}")) == 0


def test_a_leader_of_elsewhere_cannot_bring_villages_into_my_commune(session: Session, tmp_path: Path) -> None:
    village = Village.built(session)
    path = written(tmp_path, {"code": "v1", "name": "Thế Lộc"})
    stranger = village.stranger.scope

    found = preview_areas(session, stranger, path, an_order(path, "village"), lambda _: None)

    assert [one.reason for one in found.refused] == ["no_parent"]
    with pytest.raises(NotFoundError):
        bring(session, path, "village", stranger, parent_id=village.commune_id)


def test_whoever_brings_in_a_new_top_of_the_tree_can_see_it(session: Session, shared_data: Path) -> None:
    village = Village.built(session)
    admin = village.admin

    bring(session, shared_data / "admin" / "provinces_2025.geojson", "province", admin.scope, is_top=True)

    mine = session.scalars(select(AccountArea.area_id).where(AccountArea.account_id == admin.id)).all()
    assert len(mine) >= 33


def test_an_empty_file_and_a_foreign_one_are_refused(tmp_path: Path) -> None:
    for name, content in (("a.geojson", b""), ("b.geojson", b"<kml></kml>"), ("c.gpkg", b"SQLite format 3\0nothing")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnusableMapError):
            layers_of(path)


def test_fields_and_level_are_guessed_from_names(shared_data: Path) -> None:
    (communes,) = layers_of(shared_data / "admin" / "communes_2025_son_la.geojson")
    (provinces,) = layers_of(shared_data / "admin" / "provinces_2025.geojson")
    (old,) = layers_of(shared_data / "admin" / "communes_2009_campaign_districts.geojson")

    assert guess_fields(communes) == AreaFields(
        code="code", name="name", kind="type", parent_code="province_code", population="population"
    )
    assert guess_fields(provinces).code == "code"
    assert guess_fields(old).name == "commune_vn"
    assert guess_level(communes, guess_fields(communes), ({"code": "03646"},)) == "commune"
    assert guess_level(provinces, guess_fields(provinces), ({"code": "01"},)) == "province"

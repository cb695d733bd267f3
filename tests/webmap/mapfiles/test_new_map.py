"""A file that is a new map: what it names begins on a day, and what was there before ends."""

from datetime import date
from pathlib import Path

import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_layers.geojson import to_geojson
from tests.builders import Village, an_area
from tests.webmap.mapfiles.test_areas import REFORM, an_order, bring, written
from webmap.accounts.scope import SYSTEM
from webmap.areas.models import Area
from webmap.mapfiles.area_merge import preview_areas


@pytest.fixture
def village(session: Session) -> Village:
    built = Village.built(session)
    an_area(session, "19200", "Gia Ninh", "commune", built.province_id, box=(106.60, 17.10, 106.64, 17.20))
    session.execute(select(func.area_tree_rebuild()))
    return built


def the_new_communes(folder: Path) -> Path:
    """Ninh Châu takes a code that Gia Ninh had; it covers all three communes of before."""
    shape = to_geojson(shapely.box(106.60, 17.10, 106.70, 17.30))
    return written(folder, {"code": "19200", "name": "Ninh Châu", "parent": "44", "shape": shape})


def areas_of(session: Session, code: str) -> list[tuple[str, date, date | None]]:
    session.expire_all()
    found = session.scalars(select(Area).where(Area.code == code).order_by(Area.valid_from))
    return [(one.name, one.valid_from, one.valid_to) for one in found]


def test_a_code_is_another_commune_from_that_day_on(session: Session, village: Village, tmp_path: Path) -> None:
    found = bring(session, the_new_communes(tmp_path), "commune", is_new_map=True)

    assert (found.added, found.changed, found.ended) == (1, 0, 1)
    assert areas_of(session, "19200") == [("Gia Ninh", date(2020, 1, 1), REFORM), ("Ninh Châu", REFORM, None)]


def test_communes_with_villages_wait_for_the_reform(session: Session, village: Village, tmp_path: Path) -> None:
    found = bring(session, the_new_communes(tmp_path), "commune", is_new_map=True)

    assert found.kept_open == 2
    assert areas_of(session, "19207") == [("Tân Ninh", date(2020, 1, 1), None)]


def test_a_preview_ends_nothing(session: Session, village: Village, tmp_path: Path) -> None:
    path = the_new_communes(tmp_path)

    found = preview_areas(session, SYSTEM, path, an_order(path, "commune", is_new_map=True), lambda _: None)

    assert (found.added, found.ended, found.kept_open) == (1, 1, 2)
    assert areas_of(session, "19200") == [("Gia Ninh", date(2020, 1, 1), None)]


def test_the_new_map_twice_changes_nothing(session: Session, village: Village, tmp_path: Path) -> None:
    path = the_new_communes(tmp_path)
    bring(session, path, "commune", is_new_map=True)

    again = bring(session, path, "commune", is_new_map=True)

    assert (again.added, again.changed, again.same, again.ended) == (0, 0, 1, 0)


def test_without_a_new_map_a_file_changes_the_commune_that_is_there(
    session: Session, village: Village, tmp_path: Path
) -> None:
    found = bring(session, the_new_communes(tmp_path), "commune")

    assert (found.added, found.changed, found.ended) == (0, 1, 0)
    assert areas_of(session, "19200") == [("Ninh Châu", date(2020, 1, 1), None)]


def test_shapes_of_the_old_map_go_to_the_areas_of_that_day(session: Session, village: Village, tmp_path: Path) -> None:
    bring(session, the_new_communes(tmp_path), "commune", is_new_map=True)
    old = written(tmp_path, {"code": "19200", "name": "Xã Gia Ninh", "parent": "44"}, name="old.geojson")

    found = bring(session, old, "commune", valid_from=date(2025, 6, 30))

    assert (found.added, found.changed) == (0, 1)
    assert [name for name, _, _ in areas_of(session, "19200")] == ["Xã Gia Ninh", "Ninh Châu"]


def test_who_sees_part_of_the_country_ends_nothing_elsewhere(
    session: Session, village: Village, tmp_path: Path
) -> None:
    shape = to_geojson(shapely.box(106.60, 17.10, 106.70, 17.30))
    path = written(tmp_path, {"code": "1920703", "name": "Thế Lộc", "parent": "19207", "shape": shape})
    bare = an_area(session, "1921009", "Hà Kiên", "village", village.neighbour_commune_id)
    session.execute(select(func.area_tree_rebuild()))

    found = bring(session, path, "village", village.leader.scope, is_new_map=True)

    assert found.ended == 0
    assert session.get_one(Area, bare).valid_to is None

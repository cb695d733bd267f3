"""A file that was edited in QGIS comes back: what changed is known by the ids, and nothing else is touched."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.sources.vector_files import layers
from tests.builders import Village
from tests.webmap.exports.test_exports import GROUND, an_order, exported, table
from webmap.areas.map_imports import lines, undo
from webmap.database.engine import transaction
from webmap.exports.errors import RefusedReturnError
from webmap.exports.returning import Returned, import_returned, layer_that_returns, preview_returned

pytestmark = pytest.mark.usefixtures("one_reader")
Rows = dict[str, list[Any]]


@pytest.fixture
def village(session: Session) -> Village:
    built = Village.built(session)
    session.execute(text(GROUND), {"id": built.commune_id})
    return built


def edited(village: Village, folder: Path, layer: str, edit: Callable[[Rows], None], **order: Any) -> Path:
    """Export a layer, change it as QGIS would, and write it as a new GeoPackage."""
    rows = table(exported(village, folder / "out", an_order(layer, **order)), layer)
    edit(rows)
    shapes = rows.pop("shape")
    path = folder / "edited.gpkg"
    kind = next(one.geom_type for one in shapes if one is not None)
    columns = [
        np.array(values, dtype=object if isinstance(values[0], str | None) else None) for values in rows.values()
    ]
    wkb = np.array([None if one is None else shapely.to_wkb(one) for one in shapes], dtype=object)
    pyogrio.raw.write(path, wkb, columns, list(rows), layer=layer, driver="GPKG", geometry_type=kind, crs="EPSG:4326")
    return path


def looked_at(village: Village, path: Path, member: str = "leader") -> list[Returned]:
    scope = village.members[member].scope
    with transaction(scope) as session:
        return preview_returned(session, scope, path, layers(path)[0], lambda _: None)


def brought(village: Village, path: Path, member: str = "leader") -> list[Returned]:
    scope = village.members[member].scope
    with transaction(scope) as session:
        return import_returned(session, scope, path, layers(path)[0], source_name="sửa.gpkg", tell=lambda _: None)


def told(found: list[Returned]) -> list[tuple[str, tuple[str, ...], str]]:
    return [(one.verdict, one.fields, one.reason) for one in found]


def unchanged(_: Rows) -> None:
    """Leave everything as it was."""


@pytest.mark.parametrize("layer", ["areas", "alleys", "buildings", "address_points", "households"])
@pytest.mark.parametrize("kind", ["gpkg", "geojson", "csv"])
def test_an_unedited_file_changes_nothing(village: Village, tmp_path: Path, layer: str, kind: str) -> None:
    path = exported(village, tmp_path / "x", an_order(layer, kind=kind))

    found = looked_at(village, path)

    assert layer_that_returns(layers(path)[0]) == layer
    assert found
    assert {one.verdict for one in found} == {"same"}


def test_a_way_renamed_moved_and_a_new_one_are_seen_brought_in_and_undone(
    session: Session, village: Village, tmp_path: Path
) -> None:
    line = shapely.LineString([(106.61, 17.26), (106.615, 17.266), (106.62, 17.27)])

    def edit(rows: Rows) -> None:
        rows["name"][0], rows["shape"][0], rows["has_gate"][0] = "Ngõ Ba", line, "yes"
        for key, values in rows.items():
            values.append({"shape": shapely.LineString([(106.62, 17.27), (106.63, 17.27)]), "kind": "path"}.get(key))

    before = session.execute(text("select t::text from alley t order by id")).all()
    path = edited(village, tmp_path, "alleys", edit)

    assert told(looked_at(village, path)) == [("changed", ("name", "has_gate", "place"), ""), ("added", (), "")]
    assert session.execute(text("select t::text from alley t order by id")).all() == before
    brought(village, path)

    rows = session.execute(
        text("select name, kind, has_gate, st_npoints(line), from_node from alley order by name")
    ).all()
    assert [tuple(row)[:4] for row in rows] == [
        ("Ngõ Ba", "alley", True, 3), ("Ngõ xa", "alley", False, 2), (None, "path", False, 2)
    ]  # fmt: skip
    assert [one.verdict for one in looked_at(village, edited(village, tmp_path / "2", "alleys", unchanged))] == [
        "same"
    ] * 2
    with transaction(village.leader.scope) as asking:
        undo(asking, village.leader.scope, lines(asking)[0].id)
    assert session.execute(text("select t::text from alley t order by id")).all() == before


def test_a_household_that_was_moved_keeps_who_lives_there(session: Session, village: Village, tmp_path: Path) -> None:
    def edit(rows: Rows) -> None:
        at = rows["uuid"].index(str(village.household.id))
        rows["shape"][at] = shapely.Point(106.7, 17.3)
        rows["house_number"][at] = "77"
        rows["head_name"][at] = "Ai Khác"

    name, was = village.household.head_name, session.scalar(text("select point::text from household where id = :id"),
                                                            {"id": village.household.id})  # fmt: skip
    path = edited(village, tmp_path, "households", edit, with_persons=True)
    changed = [one for one in brought(village, path) if one.verdict == "changed"]

    assert [one.fields for one in changed] == [("house_number", "place")]
    ask = text("select st_x(point), house_number, head_name, place_source from household where id = :id")
    assert tuple(session.execute(ask, {"id": village.household.id}).one()) == (106.7, "77", name, "by_hand")
    with transaction(village.leader.scope) as asking:
        undo(asking, village.leader.scope, lines(asking)[0].id)
    assert session.scalar(text("select point::text from household where id = :id"), {"id": village.household.id}) == was
    assert tuple(session.execute(ask, {"id": village.household.id}).one())[1] != "77"


def test_a_boundary_moved_by_hand_is_no_official_one(session: Session, village: Village, tmp_path: Path) -> None:
    session.execute(text("update area set boundary_kind = 'official' where id = :id"), {"id": village.commune_id})

    def edit(rows: Rows) -> None:
        rows["shape"][0] = shapely.MultiPolygon([shapely.box(106.5, 17.1, 106.81, 17.4)])
        rows["name"][1] = "Thôn Mới"

    found = brought(village, edited(village, tmp_path, "areas", edit))

    assert [one.fields for one in found if one.verdict == "changed"] == [("place",), ("name",)]
    ask = "select boundary_kind, st_xmax(boundary) from area where id = :id"
    assert tuple(session.execute(text(ask), {"id": village.commune_id}).one()) == ("drawn", 106.81)


@pytest.mark.parametrize(
    ("layer", "change", "reason"),
    [
        ("alleys", {"uuid": "không phải mã"}, "bad_id"),
        ("alleys", {"uuid": "018f0000-0000-4000-8000-00000000dead"}, "unknown_id"),
        ("alleys", {"kind": "đường"}, "unknown_kind"),
        ("alleys", {"closed_on": "31/12/2025"}, "not_a_day"),
        ("buildings", {"levels": "hai"}, "not_levels"),
        ("address_points", {"house_number": None}, "no_number"),
        ("areas", {"name": None}, "no_name"),
        ("areas", {"population": "nhiều"}, "not_a_number"),
        ("households", {"uuid": None}, "new_here"),
    ],
)
def test_what_cannot_be_used_stops_the_whole_file(
    village: Village, tmp_path: Path, layer: str, change: dict[str, Any], reason: str
) -> None:
    def edit(rows: Rows) -> None:
        for key, value in change.items():
            rows[key] = [value, *rows[key][1:]] if key != "population" else [value] * len(rows[key])

    path = edited(village, tmp_path, layer, edit)

    assert reason in {one.reason for one in looked_at(village, path)}
    with pytest.raises(RefusedReturnError):
        brought(village, path)
    assert {one.verdict for one in looked_at(village, path)} != {"same"}  # it is as far away as before


def test_a_copy_with_the_same_id_is_refused(village: Village, tmp_path: Path) -> None:
    def edit(rows: Rows) -> None:
        for values in rows.values():
            values.append(values[0])

    assert told(looked_at(village, edited(village, tmp_path, "alleys", edit)))[1] == ("refused", (), "twice")


def test_for_a_stranger_the_features_of_others_do_not_exist(village: Village, tmp_path: Path) -> None:
    path = edited(
        village, tmp_path, "households", lambda rows: rows["shape"].__setitem__(0, shapely.Point(106.7, 17.3))
    )

    assert {one.reason for one in looked_at(village, path, "stranger")} == {"unknown_id"}

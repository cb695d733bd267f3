"""What the map was can be had back: each change as a whole, as long as nothing newer stands on it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.webmap.mapfiles.test_areas import bring, written
from webmap.accounts.scope import SYSTEM
from webmap.areas.errors import ImportUndoneError, LaterImportError, StillUsedError
from webmap.areas.map_imports import lines, noting, undo
from webmap.areas.models import Area
from webmap.database.engine import transaction
from webmap.errors import NotFoundError
from webmap.ids import uuid7

TABLES = ("area", "area_parent", "area_closure", "alley", "building", "terrain", "address_point")
LINE = "st_setsrid(st_makeline(st_point(106.61, 17.26), st_point(106.62, 17.27)), 4326)"


def picture(session: Session) -> dict[str, Any]:
    """Every row of the map, shapes to the last bit."""
    return {name: session.scalars(text(f"select t::text from {name} t order by 1")).all() for name in TABLES}


def test_an_undone_import_leaves_the_map_as_it_was(session: Session, village: Village, tmp_path: Path) -> None:
    bring(session, written(tmp_path, {"code": "V7", "name": "Thôn Bảy"}), "village", parent_id=village.commune_id)
    before = picture(session)
    two = ({"code": "V7", "name": "Thôn Bảy mới"}, {"code": "V8", "name": "Thôn Tám"})

    bring(session, written(tmp_path, *two), "village", parent_id=village.commune_id)
    assert picture(session) != before
    undo(session, SYSTEM, lines(session)[0].id)

    assert picture(session) == before
    assert lines(session)[0].undone_at is not None


def test_removed_alleys_and_buildings_come_back_with_their_ids(session: Session, village: Village) -> None:
    source = "(select id from source limit 1)"
    session.execute(
        text(f"insert into alley (kind, source_id, line) select 'alley', {source}, {LINE} from source limit 2")
    )
    before = picture(session)

    with noting(session, SYSTEM, "edit", "x") as change:
        session.execute(text("update alley set name = 'Ngõ 3'"))
        session.execute(text("delete from alley"))
        session.execute(
            text(f"insert into alley (kind, source_id, line) select 'path', {source}, {LINE} from source limit 1")
        )
    undo(session, SYSTEM, change.id)

    assert picture(session) == before


def test_what_is_not_part_of_a_change_is_not_noted(session: Session, village: Village) -> None:
    session.execute(text("update area set name = name || '!'"))

    assert session.scalar(text("select count(*) from map_change")) == 0


def test_an_older_change_waits_for_the_newer_on_the_same_rows(session: Session, village: Village) -> None:
    area = session.get_one(Area, village.commune_id)
    for name in ("Một", "Hai"):
        with noting(session, SYSTEM, "edit", name):
            area.name = name
            session.flush()
    newer, older = lines(session)

    with pytest.raises(LaterImportError) as raised:
        undo(session, SYSTEM, older.id)
    assert raised.value.facts == {"title": "Hai"}
    undo(session, SYSTEM, newer.id)
    undo(session, SYSTEM, older.id)

    assert session.get_one(Area, village.commune_id).name == "Tân Ninh"


def test_undone_twice_is_told(session: Session, village: Village) -> None:
    with noting(session, SYSTEM, "edit", "x") as change:
        session.get_one(Area, village.commune_id).name = "Khác"
        session.flush()
    undo(session, SYSTEM, change.id)

    with pytest.raises(ImportUndoneError):
        undo(session, SYSTEM, change.id)


def test_an_area_with_households_stays(session: Session, village: Village, tmp_path: Path) -> None:
    bring(session, written(tmp_path, {"code": "V9", "name": "Thôn Chín"}), "village", parent_id=village.commune_id)
    session.execute(text("update household set area_id = (select id from area where code = 'V9') where id = :id"),
                    {"id": village.household.id})  # fmt: skip
    before = picture(session)

    with pytest.raises(StillUsedError):
        undo(session, SYSTEM, lines(session)[0].id)

    assert picture(session) == before


def test_a_change_in_the_neighbour_commune_does_not_exist_for_me(session: Session, village: Village) -> None:
    with noting(session, SYSTEM, "edit", "x", area_id=village.neighbour_commune_id) as change:
        session.get_one(Area, village.neighbour_commune_id).name = "Khác"
        session.flush()

    with transaction(village.leader.scope) as asking, pytest.raises(NotFoundError):
        undo(asking, village.leader.scope, change.id)


def test_an_import_nobody_made_is_not_found(session: Session, village: Village) -> None:
    with pytest.raises(NotFoundError):
        undo(session, SYSTEM, uuid7())

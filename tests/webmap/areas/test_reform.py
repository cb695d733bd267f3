"""A reform applied to a loaded district: everything has its place after it, and it can be undone."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village, a_household, an_area
from tests.clients import PageClient, sign_in
from webmap.accounts.models import AccountArea
from webmap.accounts.scope import SYSTEM
from webmap.areas.errors import NothingToReformError, StaleReformError, UnclearReformError
from webmap.areas.inputs import ReformOrder
from webmap.areas.map_imports import undo
from webmap.areas.models import Area, AreaCrosswalk
from webmap.areas.reform import ReformPreview, apply_reform, preview_reform
from webmap.coverage.queries import drift
from webmap.errors import NotFoundError
from webmap.households.models import Household
from webmap.planning.models import Plan

DAY = date(2025, 7, 1)
TABLES = (
    "area", "area_parent", "area_closure", "area_crosswalk", "area_reach", "household_move", "account_area", "plan",
    "route",
)  # fmt: skip
ROWS = "select t::text from {} t order by 1"
AREAS = "select id, code, name, valid_from, valid_to, parent_id, path from area order by id"
DOORS = "select id, number, area_id, code, point::text, place_source, building_id, alley_id from household order by id"


class Reform:
    """Tân Ninh goes whole into Ninh Châu; Hàm Ninh is split between Ninh Châu (south) and Trường Ninh (north)."""

    def __init__(self, session: Session) -> None:
        self.village = Village.built(session)
        self.province = new_area(session, "44", "Quảng Trị")
        south, north = (106.60, 17.20, 106.70, 17.25), (106.64, 17.25, 106.70, 17.30)
        self.ninh_chau = new_area(session, "19207", "Ninh Châu", self.province, south)
        self.truong_ninh = new_area(session, "19240", "Trường Ninh", self.province, north)
        for old, new, extent in (
            (self.village.commune_id, self.ninh_chau, "whole"),
            (self.village.neighbour_commune_id, self.ninh_chau, "part"),
            (self.village.neighbour_commune_id, self.truong_ninh, "part"),
            (self.village.province_id, self.province, "whole"),
        ):
            session.add(AreaCrosswalk(old_area_id=old, new_area_id=new, extent=extent, changed_on=DAY))
        session.flush()
        session.execute(select(func.area_tree_rebuild()))
        session.expire_all()


def new_area(
    session: Session, code: str, name: str, parent_id: int | None = None, box: tuple[float, ...] | None = None
) -> int:
    level = "commune" if box else "province"
    made = an_area(session, code + "x", name, level, parent_id, box=box)  # type: ignore[arg-type] # four numbers
    session.execute(text("update area set code = :code, valid_from = :day where id = :id"),
                    {"code": code, "day": DAY, "id": made})  # fmt: skip
    session.execute(text("update area_parent set valid_from = :day where area_id = :id"), {"day": DAY, "id": made})
    return made


@pytest.fixture
def world(session: Session) -> Reform:
    return Reform(session)


def picture(session: Session) -> dict[str, Any]:
    session.flush()
    rows = {name: session.scalars(text(ROWS.format(name))).all() for name in TABLES}
    rows["area"] = list(session.execute(text(AREAS)))
    return {**rows, "household": session.execute(text(DOORS)).all()}


def applied(session: Session, area_id: int, **choices: Any) -> Any:
    return apply_reform(session, SYSTEM, area_id, ReformOrder(**choices), lambda *_: None)


def parent(session: Session, area_id: int) -> int | None:
    session.expire_all()
    return session.get_one(Area, area_id).parent_id


def step(found: ReformPreview, name: str) -> Any:
    return next(one for one in found.villages if one.name == name)


def test_a_preview_says_where_everything_goes_and_does_nothing(session: Session, world: Reform) -> None:
    before = picture(session)

    found = preview_reform(session, SYSTEM, world.village.province_id)

    assert [(one.name, one.is_split, one.villages, one.households) for one in found.endings] == [
        ("Hàm Ninh", True, 2, 3), ("Tân Ninh", False, 2, 5),
    ]  # fmt: skip
    assert (step(found, "Hữu Tân").to_name, step(found, "Hữu Tân").how) == ("Ninh Châu", "whole")
    assert (step(found, "Trần Xá").to_name, step(found, "Trần Xá").how) == ("Trường Ninh", "boundary")
    assert (step(found, "Hàm Hòa").to_name, step(found, "Hàm Hòa").how) == ("Ninh Châu", "boundary")
    assert found.moved == ()
    assert picture(session) == before


def test_villages_hang_below_the_new_communes_and_the_old_map_ends(session: Session, world: Reform) -> None:
    applied(session, world.village.province_id)

    assert parent(session, world.village.id) == world.ninh_chau
    assert parent(session, world.village.neighbour_id) == world.truong_ninh
    assert parent(session, world.village.neighbour_second_id) == world.ninh_chau
    for ended in (world.village.commune_id, world.village.neighbour_commune_id, world.village.province_id):
        assert session.get_one(Area, ended).valid_to == DAY
    assert parent(session, world.village.commune_id) == world.ninh_chau  # what was written there stays with its ground
    assert parent(session, world.village.neighbour_commune_id) == world.province


def test_a_household_whose_own_place_lies_elsewhere_goes_into_a_village_of_the_same_name(
    session: Session, world: Reform
) -> None:
    far = a_household(session, world.village.neighbour_id, "TX-9", lonlat=(106.66, 17.24))
    nowhere = a_household(session, world.village.neighbour_id, "TX-10", lonlat=None)

    found = preview_reform(session, SYSTEM, world.village.province_id)
    applied(session, world.village.province_id)

    assert [row[0] for row in found.moved] == ["TX-9"]
    assert (step(found, "Trần Xá").elsewhere, step(found, "Trần Xá").unplaced) == (1, 1)
    session.expire_all()
    made = session.get_one(Area, session.get_one(Household, far.id).area_id)
    assert (made.name, made.parent_id, made.valid_from) == ("Trần Xá", world.ninh_chau, DAY)
    crosswalk = session.scalars(select(AreaCrosswalk).where(AreaCrosswalk.new_area_id == made.id)).one()
    assert (crosswalk.old_area_id, crosswalk.extent) == (world.village.neighbour_id, "part")
    assert session.get_one(Household, nowhere.id).area_id == world.village.neighbour_id
    assert session.scalar(text("select count(*) from person p join household h on h.id = p.household_id"
                               " where p.area_id <> h.area_id")) == 0  # fmt: skip


def test_a_village_that_nothing_places_waits_for_a_person(session: Session, world: Reform) -> None:
    bare = an_area(session, "1921003", "Hà Kiên", "village", world.village.neighbour_commune_id)
    session.execute(select(func.area_tree_rebuild()))

    found = preview_reform(session, SYSTEM, world.village.province_id)
    assert [one.name for one in found.unclear] == ["Hà Kiên"]
    with pytest.raises(UnclearReformError):
        applied(session, world.village.province_id)
    assert parent(session, world.village.id) == world.village.commune_id
    applied(session, world.village.province_id, choices={bare: world.truong_ninh})

    assert parent(session, bare) == world.truong_ninh


def test_households_decide_where_a_village_without_a_boundary_goes(session: Session, world: Reform) -> None:
    bare = an_area(session, "1921003", "Hà Kiên", "village", world.village.neighbour_commune_id)
    session.execute(select(func.area_tree_rebuild()))
    for n in range(3):
        a_household(session, bare, f"HK-{n}", lonlat=(106.66, 17.24 if n else 17.26))

    found = preview_reform(session, SYSTEM, world.village.province_id)

    assert (step(found, "Hà Kiên").to_name, step(found, "Hà Kiên").how) == ("Ninh Châu", "households")
    assert step(found, "Hà Kiên").elsewhere == 1


def test_undoing_gives_back_the_map_as_it_was(session: Session, world: Reform) -> None:
    a_household(session, world.village.neighbour_id, "TX-9", lonlat=(106.66, 17.24))
    a_household(session, world.village.commune_id, "TN-1", lonlat=(106.61, 17.21))
    before = picture(session)

    change = applied(session, world.village.province_id)
    assert picture(session) != before
    undo(session, SYSTEM, change)

    assert picture(session) == before
    assert drift(session) == []


def test_figures_equal_a_recount_after_it(session: Session, world: Reform) -> None:
    a_household(session, world.village.neighbour_id, "TX-9", lonlat=(106.66, 17.24))
    session.execute(text("select coverage_fold()"))

    applied(session, world.village.province_id)

    assert drift(session) == []
    session.execute(text("select coverage_fold()"))
    assert drift(session) == []
    counted = session.scalar(text("select households from area_counter where area_id = :id"), {"id": world.ninh_chau})
    assert counted == 5 + 1 + 1


def test_accounts_follow_and_open_plans_stay_with_their_doors(session: Session, world: Reform) -> None:
    applied(session, world.village.province_id)

    def works_in(who: str) -> set[int]:
        rows = select(AccountArea.area_id).where(AccountArea.account_id == world.village.members[who].id)
        return set(session.scalars(rows))

    session.expire_all()
    assert works_in("leader") == {world.village.commune_id, world.ninh_chau}
    assert works_in("stranger") == {world.village.neighbour_commune_id, world.ninh_chau, world.truong_ninh}
    assert works_in("supervisor") == {world.village.province_id, world.province}
    assert session.get_one(Plan, world.village.plan.id).area_id == world.ninh_chau
    assert session.get_one(Plan, world.village.neighbour_plan.id).area_id == world.village.neighbour_commune_id


def test_one_commune_alone_can_be_reformed_and_twice_is_refused(session: Session, world: Reform) -> None:
    applied(session, world.village.commune_id)

    assert session.get_one(Area, world.village.neighbour_commune_id).valid_to is None
    assert session.get_one(Area, world.village.province_id).valid_to is None
    with pytest.raises(NothingToReformError):
        applied(session, world.village.commune_id)


def test_who_works_above_keeps_seeing_the_villages(session: Session, world: Reform) -> None:
    applied(session, world.village.commune_id)  # the old province goes on: a commune is left in it

    ties = select(AccountArea.area_id).where(AccountArea.account_id == world.village.supervisor.id)
    assert set(session.scalars(ties)) == {world.village.province_id, world.ninh_chau}


def test_a_reform_whose_day_has_not_come_is_none(session: Session, world: Reform) -> None:
    session.execute(text("update area_crosswalk set changed_on = '2999-01-01'"))

    with pytest.raises(NothingToReformError):
        preview_reform(session, SYSTEM, world.village.province_id)


def test_what_changed_since_the_preview_is_seen(session: Session, world: Reform) -> None:
    mark = preview_reform(session, SYSTEM, world.village.province_id).mark
    a_household(session, world.village.id, "HT-77")

    with pytest.raises(StaleReformError):
        applied(session, world.village.province_id, mark=mark)


def test_the_neighbour_communes_reform_does_not_exist_for_me(session: Session, world: Reform) -> None:
    with pytest.raises(NotFoundError):
        preview_reform(session, world.village.leader.scope, world.village.neighbour_commune_id)


def test_the_page_shows_it_and_puts_it_in_line(session: Session, client: PageClient, world: Reform) -> None:
    sign_in(session, client, world.village.supervisor.id)
    path = f"/areas/{world.village.province_id}/reform"
    page = client.get(path, query_string={"lang": "en"}).get_data(as_text=True)
    assert "Trường Ninh" in page
    mark = preview_reform(session, SYSTEM, world.village.province_id).mark

    stale = client.post(path, data={"mark": "x"})
    done = client.post(path, data={"mark": mark})

    assert (stale.status_code, done.status_code) == (409, 302)
    assert session.scalar(text("select count(*) from job where name = 'apply reform'")) == 1


def test_a_leader_cannot_apply_a_reform(session: Session, client: PageClient, world: Reform) -> None:
    sign_in(session, client, world.village.leader.id)

    assert client.get(f"/areas/{world.village.commune_id}/reform").status_code == 403
    assert client.post(f"/areas/{world.village.commune_id}/reform", data={}).status_code == 403

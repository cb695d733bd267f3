"""Changes of the map by hand, from a day on; and, whatever happened, every household in one area of each level."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.areas.test_reform import picture
from webmap.accounts.scope import SYSTEM
from webmap.areas import deeds
from webmap.areas.by_date import below_on, roots_on
from webmap.areas.errors import AreaNameTakenError, NobodyMovesError, WrongMapDayError, WrongPartnerError
from webmap.areas.inputs import DatedName, Merging, Move, Splitting
from webmap.areas.map_imports import undo
from webmap.areas.models import Area
from webmap.coverage.queries import area_figures, drift, figures_on
from webmap.errors import AppError, NotFoundError
from webmap.households.models import Household

ON = date(2024, 3, 1)
BEFORE = ON - timedelta(days=1)


def names_below(session: Session, area_id: int, day: date) -> list[str]:
    return [one.full_name for one in below_on(session, SYSTEM, area_id, day)]


def test_a_commune_becomes_a_ward_and_was_a_commune_before(session: Session, village: Village) -> None:
    deeds.rename_on(session, SYSTEM, village.commune_id, DatedName(name="Tân Ninh", kind="Phường", on=ON))

    assert "Phường Tân Ninh" in names_below(session, village.province_id, ON)
    assert "Tân Ninh" in names_below(session, village.province_id, BEFORE)
    assert names_below(session, village.commune_id, ON) == ["Hữu Tân", "Quảng Xá"]
    assert names_below(session, village.commune_id, BEFORE) == []
    (was,) = session.scalars(select(Area.id).where(Area.code == "19207", Area.valid_to == ON))
    assert names_below(session, was, BEFORE) == ["Hữu Tân", "Quảng Xá"]
    assert figures_on(session, SYSTEM, [was], BEFORE)[was].households == 5


def test_a_village_moves_to_another_commune(session: Session, village: Village) -> None:
    deeds.move(session, SYSTEM, village.id, Move(parent_id=village.neighbour_commune_id, on=ON))

    assert "Hữu Tân" in names_below(session, village.neighbour_commune_id, ON)
    assert "Hữu Tân" in names_below(session, village.commune_id, BEFORE)
    assert area_figures(session, SYSTEM, [village.commune_id])[village.commune_id].households == 2
    assert figures_on(session, SYSTEM, [village.commune_id], BEFORE)[village.commune_id].households == 5
    assert drift(session) == []


def test_villages_merge_and_households_are_counted_where_they_lay(session: Session, village: Village) -> None:
    deeds.merge(session, SYSTEM, village.second_id, Merging(into_id=village.id, on=ON))

    assert area_figures(session, SYSTEM, [village.id])[village.id].households == 5
    then = figures_on(session, SYSTEM, [village.id, village.second_id], BEFORE)
    assert (then[village.id].households, then[village.second_id].households) == (3, 2)
    assert session.get_one(Area, village.second_id).valid_to == ON


def test_a_part_of_a_village_becomes_one_of_its_own(session: Session, village: Village) -> None:
    session.execute(text("update household set alley_name = 'Ngõ 9' where code = 'HT-3'"))

    deeds.split(session, SYSTEM, village.id, Splitting(name="Hữu Tân 2", alleys=["Ngõ 9"], on=ON))

    assert names_below(session, village.commune_id, ON) == ["Hữu Tân", "Hữu Tân 2", "Quảng Xá"]
    moved = session.scalars(select(Household).where(Household.code == "HT-3")).one()
    assert session.get_one(Area, moved.area_id).name == "Hữu Tân 2"
    assert figures_on(session, SYSTEM, [village.id], BEFORE)[village.id].households == 3
    with pytest.raises(NobodyMovesError):
        deeds.split(session, SYSTEM, village.id, Splitting(name="Hữu Tân 3", alleys=["không có"], on=ON))


@pytest.mark.parametrize("deed", ["rename", "move", "merge", "split"])
def test_each_is_undone_to_the_last_row(session: Session, village: Village, deed: str) -> None:
    session.execute(text("update household set alley_name = 'Ngõ 9' where code = 'HT-3'"))
    before = picture(session)

    change = DEEDS[deed](session, village, ON)
    assert picture(session) != before
    undo(session, SYSTEM, change)

    assert picture(session) == before
    assert drift(session) == []


DEEDS: dict[str, Any] = {
    "rename": lambda db, v, on: deeds.rename_on(db, SYSTEM, v.id, DatedName(name=f"Hữu Tân {on}", on=on)),
    "move": lambda db, v, on: deeds.move(
        db, SYSTEM, v.id, Move(parent_id=_other(db, v), on=on)
    ),
    "merge": lambda db, v, on: deeds.merge(db, SYSTEM, v.second_id, Merging(into_id=v.id, on=on)),
    "split": lambda db, v, on: deeds.split(
        db, SYSTEM, v.id, Splitting(name=f"Mới {on}", alleys=["Ngõ 9"], on=on)
    ),
}  # fmt: skip


def _other(session: Session, village: Village) -> int:
    is_home = session.get_one(Area, village.id).parent_id == village.commune_id
    return village.neighbour_commune_id if is_home else village.commune_id


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    story=st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(1, 900)), max_size=6),
    asked=st.integers(0, 1000),
)
def test_after_any_history_every_household_lies_in_one_area_of_each_level_on_every_day(
    session: Session, village: Village, story: list[tuple[str, int]], asked: int
) -> None:
    with session.begin_nested() as savepoint:
        session.execute(text("update household set alley_name = 'Ngõ 9' where code = 'HT-3'"))
        everybody = session.scalar(text("select count(*) from household where ended_on is null"))
        for deed, days in sorted(story, key=lambda one: one[1]):
            try:
                DEEDS[deed](session, village, date(2021, 1, 1) + timedelta(days=days))
            except AppError:
                continue  # a village that is no more cannot be merged again
        day = date(2021, 1, 1) + timedelta(days=asked)
        level = roots_on(session, SYSTEM, day)
        while level:
            figures = figures_on(session, SYSTEM, [one.id for one in level], day)
            assert sum(one.households for one in figures.values()) == everybody
            assert len({one.depth for one in level}) == 1
            level = [below for one in level for below in below_on(session, SYSTEM, one.id, day)]
        assert drift(session) == []
        savepoint.rollback()
    session.expire_all()


def test_a_change_before_the_area_began_or_in_the_future_is_refused(session: Session, village: Village) -> None:
    for day in (date(2019, 1, 1), date(2999, 1, 1)):
        with pytest.raises(WrongMapDayError):
            deeds.rename_on(session, SYSTEM, village.id, DatedName(name="X", on=day))


def test_what_does_not_fit_is_refused(session: Session, village: Village) -> None:
    with pytest.raises(WrongPartnerError):
        deeds.move(session, SYSTEM, village.id, Move(parent_id=village.commune_id, on=ON))
    with pytest.raises(WrongPartnerError):
        deeds.merge(session, SYSTEM, village.id, Merging(into_id=village.commune_id, on=ON))
    with pytest.raises(AreaNameTakenError):
        deeds.rename_on(session, SYSTEM, village.id, DatedName(name="quang xa", on=ON))


def test_a_stranger_cannot_take_my_village(session: Session, village: Village) -> None:
    with pytest.raises(NotFoundError):
        deeds.move(session, village.stranger.scope, village.id, Move(parent_id=village.neighbour_commune_id, on=ON))


def test_a_supervisor_does_it_from_the_page(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.supervisor.id)
    page = client.get(f"/areas/{village.id}/changes").get_data(as_text=True)
    assert "Quảng Xá" in page

    done = client.post(f"/areas/{village.second_id}/changes/merge", data={"into_id": village.id, "on": "2024-03-01"})
    twice = client.post(f"/areas/{village.second_id}/changes/merge", data={"into_id": village.id, "on": "2024-03-01"})

    assert (done.status_code, twice.status_code) == (302, 422)
    assert area_figures(session, SYSTEM, [village.id])[village.id].households == 5

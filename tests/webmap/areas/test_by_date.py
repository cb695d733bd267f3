"""The map of any day: every household lies in exactly one area of each level, and the sums are the same."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import a_household, an_area
from tests.clients import PageClient, sign_in
from tests.webmap.areas.test_reform import DAY, Reform, applied
from webmap.accounts.scope import SYSTEM
from webmap.areas.by_date import asked_day, below_on, find_ended, history, map_days, roots_on, way_up_on
from webmap.areas.errors import BadMapDayError
from webmap.coverage.queries import area_figures, figures_on

BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def world(session: Session) -> Reform:
    made = Reform(session)
    a_household(session, made.village.neighbour_id, "TX-9", lonlat=(106.66, 17.24), registered_count=3)
    applied(session, made.village.province_id)
    return made


def test_the_old_tree_is_there_on_the_day_before(session: Session, world: Reform) -> None:
    village = world.village

    assert [one.name for one in roots_on(session, SYSTEM, BEFORE)] == ["Quảng Bình"]
    assert [one.name for one in below_on(session, SYSTEM, village.province_id, BEFORE)] == ["Hàm Ninh", "Tân Ninh"]
    assert [one.name for one in below_on(session, SYSTEM, village.commune_id, BEFORE)] == ["Hữu Tân", "Quảng Xá"]
    assert [one.name for one in way_up_on(session, SYSTEM, village.id, BEFORE)] == ["Quảng Bình", "Tân Ninh"]
    assert [one.name for one in way_up_on(session, SYSTEM, village.id, DAY)] == ["Quảng Trị", "Ninh Châu"]
    assert [one.name for one in below_on(session, SYSTEM, world.province, DAY)] == ["Ninh Châu", "Trường Ninh"]
    assert map_days(session) == [BEFORE]


def test_figures_by_the_old_map_count_households_where_they_lay(session: Session, world: Reform) -> None:
    village = world.village
    areas = [village.province_id, village.commune_id, village.neighbour_commune_id, village.neighbour_id]

    found = figures_on(session, SYSTEM, areas, BEFORE)

    assert [found[one].households for one in areas] == [9, 5, 4, 3]
    assert found[village.neighbour_id].registered == 2 * 2 + 3
    today = area_figures(session, SYSTEM, [village.neighbour_id, world.ninh_chau, world.truong_ninh])
    assert [today[one].households for one in (village.neighbour_id, world.ninh_chau, world.truong_ninh)] == [2, 7, 2]


def test_by_the_map_of_today_figures_are_those_of_today(session: Session, world: Reform) -> None:
    areas = [world.province, world.ninh_chau, world.truong_ninh, world.village.id]

    assert figures_on(session, SYSTEM, areas, date(2026, 1, 1)) == area_figures(session, SYSTEM, areas)


def test_a_village_added_later_counts_for_the_commune_it_was_put_into(session: Session, world: Reform) -> None:
    new = an_area(session, "1920709", "Khu mới", "village", world.ninh_chau)
    session.execute(text("update area set valid_from = '2026-01-01' where id = :id"), {"id": new})
    session.execute(text("update area_parent set valid_from = '2026-01-01' where area_id = :id"), {"id": new})
    session.execute(select(func.area_tree_rebuild()))
    a_household(session, new, "KM-1")

    found = figures_on(session, SYSTEM, [world.province, world.village.province_id], date(2025, 12, 31))
    before = figures_on(session, SYSTEM, [world.village.province_id], BEFORE)

    assert found[world.province].households == 10
    assert before[world.village.province_id].households == 10


def test_who_may_not_see_persons_gets_no_figures_of_old_maps(session: Session, world: Reform) -> None:
    found = figures_on(session, world.village.counter.scope, [world.village.commune_id], BEFORE)

    assert found[world.village.commune_id].is_withheld
    assert found[world.village.commune_id].households == 0


def test_ended_areas_are_found_with_what_they_became(session: Session, world: Reform) -> None:
    (found,) = find_ended(session, SYSTEM, "tan ninh")

    assert (found.place.name, found.last_day, found.became) == ("Tân Ninh", BEFORE, ((world.ninh_chau, "Ninh Châu"),))
    assert find_ended(session, world.village.stranger.scope, "tan ninh") == []


def test_a_village_tells_where_it_lay(session: Session, world: Reform) -> None:
    told = [(one.kind, one.name, one.day, one.until) for one in history(session, SYSTEM, world.village.id)]

    assert told == [
        ("began", "", date(2020, 1, 1), None),
        ("lay_in", "Tân Ninh", date(2020, 1, 1), DAY),
        ("lay_in", "Ninh Châu", DAY, None),
    ]


def test_an_address_asks_for_a_day() -> None:
    assert asked_day("2025-06-30") == BEFORE
    assert asked_day("") is None
    assert asked_day("2999-01-01") is None
    with pytest.raises(BadMapDayError):
        asked_day("30/6/2025")


def test_the_pages_show_the_map_of_a_day(session: Session, client: PageClient, world: Reform) -> None:
    village = world.village
    session.execute(text("insert into account_area values (:who, :area) on conflict do nothing"),
                    {"who": village.supervisor.id, "area": world.province})  # fmt: skip
    sign_in(session, client, village.supervisor.id)

    def page(path: str) -> str:
        answer = client.get(path + ("&" if "?" in path else "?") + "lang=en", headers={"Accept-Language": "en"})
        assert answer.status_code == 200, answer.status_code
        return unescape(answer.get_data(as_text=True))

    old = page(f"/areas/{village.province_id}?on=2025-06-30")
    assert "Tân Ninh" in old
    assert "You are looking at the map of" in old
    ended = page(f"/areas/{village.commune_id}")
    assert "This area was there until" in ended
    assert "Hữu Tân" in ended
    assert "Ninh Châu" in ended
    new = page(f"/areas/{world.ninh_chau}?on=2025-06-30")
    assert "was not there yet" in new
    found = page("/areas?q=tan ninh")
    assert re.search(r"Tân Ninh</a>.*until.*→.*Ninh Châu", found)
    assert "belongs to" in page(f"/areas/{village.id}")
    assert client.get(f"/areas/{village.id}?on=gestern").status_code == 422


def test_the_list_of_households_by_the_map_of_a_day(session: Session, client: PageClient, world: Reform) -> None:
    village = world.village
    sign_in(session, client, village.supervisor.id)
    session.execute(text("insert into account_area values (:who, :area) on conflict do nothing"),
                    {"who": village.supervisor.id, "area": world.province})  # fmt: skip

    def codes(query: str) -> set[str]:
        shown = unescape(client.get(f"/households?{query}").get_data(as_text=True))
        return set(re.findall(r"\b(?:HT|QX|TX|HH)-\d+\b", shown))

    assert codes(f"area={village.neighbour_id}&on=2025-06-30") == {"TX-1", "TX-2", "TX-9"}
    assert codes(f"area={village.neighbour_id}") == {"TX-1", "TX-2"}
    assert codes(f"area={village.commune_id}&on=2025-06-30") == {"HT-1", "HT-2", "HT-3", "QX-1", "QX-2"}

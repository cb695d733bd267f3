"""Buildings without a household: counted, listed, said what they are, and made into households."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Village, a_household
from tests.clients import PageClient, sign_in
from tests.webmap.households.test_settling import at
from tests.webmap.streets.outlines import bring, square
from webmap.areas.models import Area
from webmap.errors import NotFoundError
from webmap.households import unmatched
from webmap.households.models import Household
from webmap.households.settling import settle
from webmap.streets.models import Building, BuildingFinding
from webmap.streets.rules import Finding, Maker


@pytest.fixture
def houses(session: Session, village: Village) -> list[int]:
    """Three buildings of Hữu Tân; a household lives in the first. A shed, a school and a doubtful one beside them."""
    a_household(session, village.id, "X-1", lonlat=at(5, 5))
    bring(
        session, Maker.GOOGLE,
        [*(square(30 * n, 0) for n in range(3)), square(100, 0), square(130, 0), square(160, 0)],
        building=[None, None, "house", "shed", "school", None],
        confidence=[0.9] * 5 + [0.66],
        house_number=["12", "2", None, None, None, None],
    )  # fmt: skip
    settle(session)
    return list(session.scalars(select(Building.id).order_by(Building.external_id)))


def test_only_what_may_be_a_home_and_has_nobody_is_listed(
    session: Session, village: Village, houses: list[int]
) -> None:
    page = unmatched.page_of_unmatched(session, village.leader.scope, village.id)

    assert [row.id for row in page.rows] == [houses[2], houses[1]]
    assert {row.village for row in page.rows} == {"Hữu Tân"}
    counts = unmatched.count_unmatched(session, village.leader.scope, village.id)
    assert (counts.without_household, counts.without_building) == (2, 3)


def test_what_is_said_of_a_building_holds_for_whoever_draws_it_and_can_be_taken_back(
    session: Session, village: Village, houses: list[int]
) -> None:
    scope = village.leader.scope
    unmatched.say_of_building(session, scope, houses[1], Finding.EMPTY)
    unmatched.say_of_building(session, scope, houses[1], Finding.SHED)
    bring(session, Maker.OSM, [square(31, 1)])
    settle(session)
    assert [row.id for row in unmatched.page_of_unmatched(session, scope, village.id).rows] == [houses[2]]

    (said,) = unmatched.findings(session, scope, village.id)
    unmatched.take_back_finding(session, scope, said.id)

    assert said.finding == "shed"
    assert unmatched.page_of_unmatched(session, scope, village.id).total == 2


def test_a_stranger_neither_sees_nor_says(session: Session, village: Village, houses: list[int]) -> None:
    stranger = village.stranger.scope
    with pytest.raises(NotFoundError):
        unmatched.page_of_unmatched(session, stranger, village.id)
    with pytest.raises(NotFoundError):
        unmatched.say_of_building(session, stranger, houses[1], Finding.EMPTY)
    assert session.scalars(select(BuildingFinding)).all() == []


def test_an_area_without_a_boundary_says_so(session: Session, village: Village, houses: list[int]) -> None:
    for area in session.scalars(select(Area)):
        area.boundary, area.boundary_kind = None, "none"
    session.flush()

    assert unmatched.count_unmatched(session, village.leader.scope, village.id).without_household is None


def test_the_page_leads_from_a_building_to_a_new_household_in_it(
    app: Flask, client: PageClient, session: Session, village: Village, houses: list[int]
) -> None:
    sign_in(session, client, village.leader.id)
    page = client.get(f"/households/buildings?area={village.id}")
    assert page.status_code == 200
    assert f"/households/buildings/{houses[1]}/household" in page.text

    form = client.get(f"/households/buildings/{houses[1]}/household", follow_redirects=True)
    assert 'value="2"' in form.text
    lon, lat = at(35, 5)
    given = {"area_id": village.id, "head_name": "Trần Văn Mới", "house_number": "2", "lon": f"{lon}", "lat": f"{lat}"}
    client.post("/households/new", data=given)

    made = session.scalars(select(Household).where(Household.head_name == "Trần Văn Mới")).one()
    assert (made.building_id, made.place_source) == (houses[1], "building")


def test_a_press_says_what_a_building_is(
    app: Flask, client: PageClient, session: Session, village: Village, houses: list[int]
) -> None:
    sign_in(session, client, village.leader.id)

    answer = client.post(
        f"/households/buildings/{houses[1]}/finding", data={"finding": "not_dwelling", "area": village.id}
    )

    assert answer.status_code == 302
    assert session.scalars(select(BuildingFinding.finding)).all() == ["not_dwelling"]
    assert client.get(f"/households/buildings/{houses[1]}/card").status_code == 200


def test_households_in_no_building_are_a_filter_of_the_list(
    client: PageClient, session: Session, village: Village, houses: list[int]
) -> None:
    sign_in(session, client, village.leader.id)

    text = client.get(f"/households?area={village.id}&building=no").text

    assert "HT-1" in text
    assert "X-1" not in text

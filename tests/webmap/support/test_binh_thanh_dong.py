"""The story of Bình Thạnh Đông, Phú Tân, An Giang (2025), through the pages.

As published: 74 donated cards for 11 residents and 63 pupils, nearly 32.8 million đồng, residents aged 60-79 first.
What each card cost was not published; here residents get a year (three of them with the reduction of a second member)
and pupils six months at half the premium, which the state pays the other half of.
"""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Member, a_household, a_person, an_account, an_area
from tests.clients import PageClient, sign_in
from webmap import clock
from webmap.support.models import Allocation

TODAY = clock.today()
GIVEN = {"sponsor": "Mạnh thường quân Bình Thạnh Đông", "received_on": str(TODAY), "hardship_first": "1"}


@pytest.fixture
def commune(session: Session) -> tuple[int, Member]:
    """The commune with its people without cards, and its leader."""
    commune = an_area(session, "30445", "Bình Thạnh Đông", "commune", None)
    village = an_area(session, "3044501", "Bình Đông 1", "village", commune)
    session.execute(select(func.area_tree_rebuild()))
    for number in range(8):  # eight elderly heads, three of them with a spouse of their age
        household = a_household(session, village, f"BD-{number}", lonlat=None)
        for name in ("Ông", "Bà") if number < 3 else ("Ông",):
            born = TODAY.year - 60 - 2 * number
            a_person(session, household, f"{name} {number}", birth_year=born, status="uncovered", is_head=name == "Ông")
    for number in range(4):  # younger ones who are hard up
        household = a_household(session, village, f"BT-{number}", lonlat=None)
        a_person(session, household, f"Trẻ {number}", birth_year=TODAY.year - 45, status="uncovered",
                 reason_group="hardship")  # fmt: skip
    for number in range(65):
        household = a_household(session, village, f"HS-{number}", lonlat=None)
        a_person(session, household, f"Em {number}", birth_year=TODAY.year - 12, status="uncovered",
                 reason_group="hardship" if number < 63 else None)  # fmt: skip
    return commune, an_account(session, "binh-thanh-dong", "leader", commune)


def enter(client: PageClient, area_id: int, **facts: str) -> str:
    """Write a donation down on the page; its address."""
    assert client.post("/donations", data={**GIVEN, "area_id": str(area_id), **facts}).status_code == 302
    addresses = re.findall(r'href="(/donations/\d+)"', client.get("/donations").text)
    return max(addresses, key=lambda address: int(address.rsplit("/", 1)[1]))


def ticked(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)" checked', page)


def allot(client: PageClient, address: str) -> int:
    """Confirm whom the page proposes, and give the cards out."""
    persons = ticked(client.get(address).text, "persons")
    assert client.post(f"{address}/receivers", data={"persons": persons, "from_on": str(TODAY)}).status_code == 302
    cards = ticked(client.get(address).text, "allocations")
    assert client.post(f"{address}/giving", data={"allocations": cards, "given_on": str(TODAY)}).status_code == 302
    return len(cards)


def test_seventy_four_cards_reach_eleven_residents_and_sixty_three_pupils(
    session: Session, client: PageClient, commune: tuple[int, Member]
) -> None:
    area_id, leader = commune
    sign_in(session, client, leader.id)
    elderly = {"receivers": "residents", "age_from": "60", "age_to": "79", "age_is_first": "1"}
    residents = enter(client, area_id, cards="11", amount_dong="12.800.000", months="12", **elderly)
    pupils = enter(client, area_id, cards="63", amount_dong="20.000.000 đ", months="6", receivers="pupils")

    assert [allot(client, address) for address in (residents, pupils)] == [11, 63]

    cards = session.scalars(select(Allocation)).all()
    assert {card.state for card in cards} == {"given"}
    assert (len(cards), sum(card.amount_dong for card in cards)) == (74, 32_664_060)
    page = client.get(residents).text
    assert "12.762.360\u00a0đ" in page
    assert "37.640\u00a0đ" in page  # what is left
    assert "Trẻ 0" not in page  # hard up, but the elderly come first, and the cards are gone
    receipts = client.get(f"{pupils}/receipts").text
    assert receipts.count("<article") == 63
    assert "Em 0" in receipts
    assert "Em 63" not in receipts
    assert "315.900\u00a0đ" in receipts
    overview = client.get("/donations").text
    assert "32.800.000\u00a0đ" in overview
    assert ">74<" in overview

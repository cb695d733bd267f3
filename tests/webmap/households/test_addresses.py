"""Addresses that are not certain enough: a list to decide on, remembered, and never placed unasked."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Village, a_household
from tests.clients import PageClient, sign_in
from tests.webmap.streets.outlines import a_source
from webmap.accounts.models import AuditEvent
from webmap.errors import NotFoundError
from webmap.households import address_review
from webmap.households.errors import HouseholdNotFoundError, PlaceTakenError
from webmap.households.models import Household
from webmap.streets.models import AddressPoint


def number(session: Session, house_number: str, east: int) -> None:
    point = f"SRID=4326;POINT({106.62 + east * 0.0001} 17.27)"
    session.add(AddressPoint(house_number=house_number, street="Ngõ 7", source_id=a_source(session), point=point))
    session.flush()


@pytest.fixture
def households(session: Session, village: Village) -> list[Household]:
    """One whose number is known, one whose is not quite, one whose alley is nowhere, one without an address."""
    for east, known in ((0, "12"), (1, "14"), (8, "30")):
        number(session, known, east)
    return [
        a_household(session, village.id, f"N-{n}", lonlat=None, house_number=house, alley_name=alley)
        for n, (house, alley) in enumerate((("12", "Ngõ 7"), ("12A", "Ngõ 7"), ("3", "Ngõ 99"), (None, None)))
    ]


def test_only_uncertain_addresses_wait_for_a_person(
    session: Session, village: Village, households: list[Household]
) -> None:
    found = address_review.review(session, village.leader.scope, village.id)

    assert [one.code for one in found.page.rows] == ["N-1"]
    assert (found.certain, found.unknown, found.not_found, found.has_book) == (1, 1, 0, True)
    assert found.page.rows[0].candidates[0].written == "12, Ngõ 7"


def test_the_certain_ones_are_placed_with_one_press_and_once(
    session: Session, village: Village, households: list[Household]
) -> None:
    scope = village.leader.scope

    assert address_review.place_certain(session, scope, village.id) == 1
    assert address_review.place_certain(session, scope, village.id) == 0
    session.expire_all()
    assert households[0].place_source == "building"
    assert [one.point for one in households[1:]] == [None] * 3


def test_an_accepted_place_is_taken_once_and_not_over_another(
    session: Session, village: Village, households: list[Household]
) -> None:
    scope = village.leader.scope
    place = address_review.review(session, scope, village.id).page.rows[0].candidates[0].position

    address_review.accept(session, scope, households[1].id, *place)
    address_review.accept(session, scope, households[1].id, *place)
    with pytest.raises(PlaceTakenError):
        address_review.accept(session, scope, households[1].id, place.lon + 0.001, place.lat)
    with pytest.raises(PlaceTakenError):
        address_review.not_found(session, scope, households[1].id)

    assert address_review.review(session, scope, village.id).page.total == 0


def test_a_place_that_is_no_candidate_any_more_is_not_taken(
    session: Session, village: Village, households: list[Household]
) -> None:
    with pytest.raises(PlaceTakenError):
        address_review.accept(session, village.leader.scope, households[1].id, 106.63, 17.28)
    assert households[1].point is None


def test_not_found_is_remembered_until_the_address_is_written_otherwise(
    session: Session, village: Village, households: list[Household]
) -> None:
    scope = village.leader.scope
    address_review.not_found(session, scope, households[1].id)
    address_review.not_found(session, scope, households[1].id)
    assert address_review.review(session, scope, village.id).page.total == 0
    assert address_review.review(session, scope, village.id).not_found == 1

    households[1].house_number = "12B"
    session.flush()
    assert address_review.review(session, scope, village.id).page.total == 1

    address_review.not_found(session, scope, households[1].id)
    assert address_review.look_again(session, scope, village.id) == 1
    assert address_review.review(session, scope, village.id).page.total == 1


def test_a_stranger_finds_nothing_and_an_empty_village_says_so(
    session: Session, village: Village, households: list[Household]
) -> None:
    with pytest.raises(NotFoundError):
        address_review.review(session, village.stranger.scope, village.id)
    with pytest.raises(HouseholdNotFoundError):
        address_review.accept(session, village.stranger.scope, households[1].id, 106.62, 17.27)
    with pytest.raises(HouseholdNotFoundError):
        address_review.not_found(session, village.stranger.scope, households[1].id)

    assert not address_review.review(session, village.stranger.scope, village.neighbour_id).has_book


def test_the_list_is_worked_with_forms_alone(
    app: Flask, client: PageClient, session: Session, village: Village, households: list[Household]
) -> None:
    sign_in(session, client, village.leader.id)
    page = client.get(f"/households/addresses?area={village.id}").text
    assert "12A, Ngõ 7" in page
    assert 'type="radio"' in page
    place = page.split('name="place" value="')[1].split('"')[0]
    decision = {"area": village.id, "decision": "accept"}

    client.post(f"/households/{households[1].id}/address", data=decision)
    assert session.scalar(select(Household.point).where(Household.id == households[1].id)) is None
    client.post(f"/households/{households[1].id}/address", data={**decision, "place": place})

    session.expire_all()
    assert households[1].place_source == "building"
    assert "place household" in session.scalars(select(AuditEvent.action)).all()
    client.post("/households/addresses/certain", data={"area": village.id})
    session.expire_all()
    assert households[0].point is not None

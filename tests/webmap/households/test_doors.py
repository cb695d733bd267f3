"""One household: what its page shows to whom, and what changing it by hand does."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.builders import Village, a_card, a_household, a_person, people_of
from tests.clients import PageClient
from tests.webmap.households.conftest import As, page
from webmap import clock
from webmap.households.models import Card, Household, Person


def test_a_household_shows_members_cards_and_place(village: Village, as_: As) -> None:
    html = page(as_(village.leader), f"/households/{village.household.id}")

    assert "Nguyễn Văn Đào HT-1" in html
    assert "Trần Thị Hoa HT-1" in html
    assert "17.260000, 106.611000" in html


def test_a_household_of_the_neighbour_commune_does_not_exist(village: Village, as_: As) -> None:
    foreign = village.neighbour_households[0]
    client = as_(village.leader)

    for path in (
        f"/households/{foreign.id}",
        f"/households/{foreign.id}/card",
        f"/households/by-number/{foreign.number}",
    ):
        page(client, path, 404)
    page(client, f"/households/{uuid4()}", 404)


def test_a_canvasser_sees_the_doors_of_her_walks_and_no_others(village: Village, as_: As) -> None:
    client = as_(village.canvasser)

    page(client, f"/households/{village.households[0].id}")
    page(client, f"/households/{village.households[2].id}", 404)


def test_the_number_of_a_tile_leads_to_the_household(village: Village, as_: As) -> None:
    answer = as_(village.leader).get(f"/households/by-number/{village.household.number}")

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(str(village.household.id))


def send(client: PageClient, url: str, status: int = 302, **form: str) -> str:
    answer = client.post(url, data=form)
    assert answer.status_code == status, answer.text[:3000]
    return answer.text


def test_phone_and_address_are_kept_once_and_written_down(session: Session, village: Village, as_: As) -> None:
    client, door = as_(village.leader), village.household
    form = {"phone": "0912.345.678", "house_number": "12", "alley_name": "Ngõ 7", "address": "", "note": "Chó dữ"}

    send(client, f"/households/{door.id}", **form, version="1")
    send(client, f"/households/{door.id}", **form, version="2")

    session.refresh(door)
    assert (door.phone, door.house_number, door.note, door.version) == ("0912345678", "12", "Chó dữ", 2)
    facts = session.scalars(text("select facts from audit_event where action = 'change household'")).all()
    assert facts == [{"fields": ["phone", "house_number", "note"]}]


def test_what_was_changed_meanwhile_is_not_overwritten(village: Village, as_: As) -> None:
    client, door = as_(village.leader), village.household
    send(client, f"/households/{door.id}", phone="0912345678", version="1")

    send(client, f"/households/{door.id}", 409, phone="0987654321", version="1")


def test_a_wrong_phone_is_named_and_nothing_is_kept(session: Session, village: Village, as_: As) -> None:
    html = send(as_(village.leader), f"/households/{village.household.id}", 422, phone="hỏi con trai", version="1")

    assert "hỏi con trai" in html
    session.refresh(village.household)
    assert village.household.version == 1


def test_a_stranger_changes_nothing_by_any_address(session: Session, village: Village, as_: As) -> None:
    client, door = as_(village.stranger), village.household
    person = people_of(session, door)[0]
    place = {"lon": 106.61, "lat": 17.26}

    send(client, f"/households/{door.id}", 404, phone="0912345678", version="1")
    send(client, f"/households/{door.id}/people/new", 404, full_name="Nguyễn Văn Lạ")
    send(client, f"/households/{door.id}/people/{person.id}", 404, full_name="Nguyễn Văn Lạ", version="1")
    send(client, f"/households/{door.id}/people/{person.id}/cards", 404, category="GD", valid_from="01/01/2026")
    assert client.put(f"/api/households/{door.id}/place", json=place).status_code == 404


def test_a_house_is_placed_by_a_tap_and_moved_again(session: Session, village: Village, as_: As) -> None:
    door = a_household(session, village.id, "HT-9", lonlat=None)
    client = as_(village.leader)

    first = client.put(f"/api/households/{door.id}/place", json={"lon": 106.612, "lat": 17.261})
    again = client.put(f"/api/households/{door.id}/place", json={"lon": 106.613, "lat": 17.262})

    assert first.status_code == again.status_code == 200
    assert again.json == {
        "id": str(door.id), "number": door.number, "lon": 106.613, "lat": 17.262, "place_source": "by_hand",
    }  # fmt: skip
    actions = session.scalars(
        text("select action from audit_event where subject_id = :id order by id"), {"id": str(door.id)}
    )
    assert list(actions) == ["place household", "move household"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"lon": 105.8, "lat": 21.0}, 422),
        ({"lon": "x", "lat": 17.26}, 422),
        ({"lon": 106.61}, 422),
        ({"lon": float("nan"), "lat": 17.26}, 422),
        ([], 422),
    ],
)
def test_a_place_that_cannot_be_is_refused(village: Village, as_: As, body: object, status: int) -> None:
    answer = as_(village.leader).put(f"/api/households/{village.household.id}/place", json=body)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_a_person_is_added_and_becomes_head(session: Session, village: Village, as_: As) -> None:
    door = village.household
    form = {"full_name": "LÊ VĂN MỚI", "sex": "male", "birth": "1/2/1980", "is_head": "1", "residency": "living"}

    send(as_(village.leader), f"/households/{door.id}/people/new", **form)

    session.expire_all()
    people = {person.full_name: person for person in people_of(session, door)}
    assert people["Lê Văn Mới"].birth_on == date(1980, 2, 1)
    assert [name for name, person in people.items() if person.is_head] == ["Lê Văn Mới"]
    assert (door.head_name, door.registered_count) == ("Lê Văn Mới", 3)


def test_a_wrong_person_is_named_field_by_field(village: Village, as_: As) -> None:
    form = {"full_name": "Lê Văn 2", "birth": "31/02/1980", "citizen_id": "123", "residency": "living"}

    html = send(as_(village.leader), f"/households/{village.household.id}/people/new?lang=en", 422, **form)

    assert "digit" in html
    assert "31/02/1980" in html
    assert "12 digits" in html


def test_a_number_belongs_to_one_person_only(session: Session, village: Village, as_: As) -> None:
    door = village.household
    person = people_of(session, door)[0]
    person.citizen_id = "044070000001"
    session.flush()

    send(
        as_(village.leader), f"/households/{door.id}/people/new", 409, full_name="Lê Văn Mới", citizen_id="044070000001"
    )


def test_moving_out_takes_a_person_off_the_register(session: Session, village: Village, as_: As) -> None:
    door = village.household
    person = people_of(session, door)[1]
    form = {"full_name": "Trần Thị Hoa", "sex": "female", "birth": "1974", "residency": "moved_out"}

    send(as_(village.leader), f"/households/{door.id}/people/{person.id}", **form, version="1")

    session.expire_all()
    assert door.registered_count == 1


def test_a_card_shown_at_the_door_covers_and_twice_is_once(session: Session, village: Village, as_: As) -> None:
    door = village.households[2]
    person = people_of(session, door)[0]
    today = clock.today()
    form = {"category": "GD", "valid_from": f"01/01/{today.year}", "valid_to": f"31/12/{today.year + 1}"}
    client = as_(village.leader)

    send(client, f"/households/{door.id}/people/{person.id}/cards", **form)
    send(client, f"/households/{door.id}/people/{person.id}/cards", **form)

    session.expire_all()
    cards = session.scalars(select(Card).where(Card.person_id == person.id)).all()
    assert len(cards) == 1
    assert (person.status, door.status, door.covered_count) == ("covered", "partly", 1)
    send(client, f"/households/{door.id}/people/{person.id}/cards/{cards[0].id}/drop")
    send(client, f"/households/{door.id}/people/{person.id}/cards/{cards[0].id}/drop")
    session.expire_all()
    assert door.covered_count == 0


def test_a_card_of_an_import_is_not_dropped_by_hand(session: Session, village: Village, as_: As) -> None:
    person = people_of(session, village.household)[0]
    card = a_card(session, person, origin="import")

    send(as_(village.leader), f"/households/{village.household.id}/people/{person.id}/cards/{card.id}/drop")

    assert session.get(Card, card.id) is not None


def test_a_person_of_another_household_is_not_found_here(session: Session, village: Village, as_: As) -> None:
    other = people_of(session, village.households[1])[0]

    page(as_(village.leader), f"/households/{village.household.id}/people/{other.id}", 404)


def test_a_house_nobody_listed_is_added_with_a_code_of_ours(session: Session, village: Village, as_: As) -> None:
    client = as_(village.leader)

    send(client, "/households/new", area_id=str(village.id), head_name="Lê Văn Mới")
    send(client, "/households/new", area_id=str(village.id), head_name="Lê Văn Hai", code="M0001", status=409)
    send(client, "/households/new", area_id=str(village.neighbour_id), head_name="Lê Văn Hai", status=404)

    added = session.scalars(select(Household).where(Household.head_name == "Lê Văn Mới")).one()
    assert (added.code, added.area_id) == ("M0001", village.id)


def test_a_household_without_people_has_a_page(session: Session, village: Village, as_: As) -> None:
    door = a_household(session, village.id, "HT-9", head_name=None, lonlat=None)

    page(as_(village.leader), f"/households/{door.id}")
    page(as_(village.leader), f"/households/{door.id}/card")
    assert session.scalar(select(Person).where(Person.household_id == door.id)) is None
    a_person(session, door, "Ai đó")
    page(as_(village.leader), f"/households/{door.id}")

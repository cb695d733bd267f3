"""Pages of households: what they show to whom, and what changing by hand does."""

import io
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.builders import Member, Village, a_card, a_household, a_person, an_account, an_area, people_of
from tests.clients import PageClient, sign_in
from webmap import clock
from webmap.households.models import Card, Household, Person


@pytest.fixture
def village(session: Session) -> Village:
    return Village.built(session)


@pytest.fixture
def as_(session: Session, client: PageClient) -> Callable[[Member], PageClient]:
    def signed_in(member: Member) -> PageClient:
        sign_in(session, client, member.id)
        return client

    return signed_in


As = Callable[[Member], PageClient]


def page(client: PageClient, url: str, status: int = 200) -> str:
    answer = client.get(url, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def test_the_list_shows_the_households_of_my_areas_only(village: Village, as_: As) -> None:
    html = page(as_(village.leader), "/households")

    assert "Nguyễn Văn Đào HT-1" in html
    assert "Nguyễn Văn Đào QX-2" in html
    assert "TX-1" not in html


@pytest.mark.parametrize("path", ["/households", "/households/unplaced", "/households/import", "/households/new"])
def test_a_canvasser_and_an_account_without_persons_get_no_lists(village: Village, as_: As, path: str) -> None:
    page(as_(village.canvasser), path, 403)
    page(as_(village.counter), path, 403)


def test_an_empty_register_says_so(session: Session, village: Village, as_: As) -> None:
    area_id = an_area(session, "19999", "Xã Mới", "commune", village.province_id)
    session.execute(text("select area_tree_rebuild()"))
    newcomer = an_account(session, "newcomer", "leader", area_id)

    assert 'class="empty"' in page(as_(newcomer), "/households?lang=en")
    assert 'class="empty"' in page(as_(newcomer), "/households/unplaced")


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=nguyen+van+dao+ht-2", {"HT-2"}),
        ("q=tran thi hoa quang xa", {"QX-1", "QX-2"}),
        ("q=0912", {"HT-1", "HT-2", "HT-3", "QX-1", "QX-2"}),
        ("q=100%25", set()),
        ("status=covered", {"HT-1", "QX-1"}),
        ("status=partly&status=uncovered", {"HT-2", "HT-3", "QX-2"}),
        ("reason=expired&status=uncovered", {"HT-3"}),
        ("placed=no", set()),
        ("age=eldest", set()),
        ("category=GD", {"HT-1", "HT-2", "QX-1", "QX-2"}),
        ("category=HN", set()),
        ("mark=refused", set()),
        ("not_visited_since=2020-01-01", {"HT-1", "HT-2", "HT-3", "QX-1", "QX-2"}),
    ],
)
def test_a_filter_finds_what_it_says(village: Village, as_: As, query: str, codes: set[str]) -> None:
    html = page(as_(village.leader), f"/households?{query}")

    assert {code for code in ("HT-1", "HT-2", "HT-3", "QX-1", "QX-2") if f">{code}<" in html} == codes


def test_an_area_filter_holds_within_the_area_and_a_foreign_one_finds_nothing(village: Village, as_: As) -> None:
    client = as_(village.leader)

    assert "QX-1" not in page(client, f"/households?area={village.id}")
    assert "TX-1" not in page(client, f"/households?area={village.neighbour_id}")


@pytest.mark.parametrize(
    "query", ["status=x", "area=abc", "expiring=-1", "age=old", "placed=maybe", "not_visited_since=1/1/2020"]
)
def test_a_filter_that_is_none_is_refused_with_a_word(village: Village, as_: As, query: str) -> None:
    page(as_(village.leader), f"/households?{query}", 422)


def test_expiring_cards_are_found_by_their_day(session: Session, village: Village, as_: As) -> None:
    village.household.next_expiry_on = clock.today()
    session.flush()

    html = page(as_(village.leader), "/households?expiring=30")

    assert "HT-1" in html
    assert "HT-2" not in html


def test_names_sort_by_the_given_name_in_vietnamese_order(session: Session, village: Village, as_: As) -> None:
    for code, name in (("Z1", "Lê Văn Ước"), ("Z2", "Trần Thị Ánh"), ("Z3", "Bùi Văn Đặng"), ("Z4", "Vũ Thị Dung")):
        a_household(session, village.id, code, head_name=name)

    html = page(as_(village.leader), f"/households?sort=name&area={village.id}")

    places = [html.index(f">{code}<") for code in ("Z2", "Z4", "Z3", "Z1")]
    assert places == sorted(places)


def test_htmx_gets_only_the_rows(village: Village, as_: As) -> None:
    answer = as_(village.leader).get("/households?q=HT-1", headers={"HX-Request": "true"})

    assert "<html" not in answer.text
    assert "HT-1" in answer.text


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


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_leaves_as_a_file_without_formulas_and_is_written_down(
    session: Session, village: Village, as_: As, kind: str
) -> None:
    a_household(session, village.id, "HT-9", head_name='=HYPERLINK("http://x")', phone="+84912")

    answer = as_(village.leader).get(f"/households/export.{kind}?area={village.id}")

    assert answer.status_code == 200
    content = answer.data
    answer.close()
    if kind == "csv":
        rows = [line.split(",") for line in content.decode("utf-8-sig").splitlines()]
        assert any("'=HYPERLINK" in cell for row in rows for cell in row)
        assert len(rows) == 5
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert any(cell.value == '=HYPERLINK("http://x")' and cell.data_type == "s" for cell in cells)
        assert not any(cell.data_type == "f" for cell in cells)
    facts = session.scalar(text("select facts from audit_event where action = 'export households'"))
    assert facts == {"filter": [["area", str(village.id)]], "kind": kind, "rows": 4}


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


def test_villages_are_listed_with_what_has_no_place(session: Session, village: Village, as_: As) -> None:
    a_household(session, village.id, "HT-9", head_name="Nguyễn Không Chỗ", lonlat=None)

    html = page(as_(village.leader), f"/households/unplaced?area={village.id}")

    assert "Nguyễn Không Chỗ" in html
    assert "Nguyễn Văn Đào HT-1" not in html
    assert "Trần Xá" not in html


def test_a_household_without_people_has_a_page(session: Session, village: Village, as_: As) -> None:
    door = a_household(session, village.id, "HT-9", head_name=None, lonlat=None)

    page(as_(village.leader), f"/households/{door.id}")
    page(as_(village.leader), f"/households/{door.id}/card")
    assert session.scalar(select(Person).where(Person.household_id == door.id)) is None
    a_person(session, door, "Ai đó")
    page(as_(village.leader), f"/households/{door.id}")

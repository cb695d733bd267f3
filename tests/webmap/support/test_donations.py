from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import Member, Village, a_card, a_household, a_person, people_of
from tests.clients import PageClient, sign_in
from webmap import clock
from webmap.accounts.models import AuditEvent
from webmap.accounts.scope import SYSTEM
from webmap.database.engine import transaction
from webmap.errors import NotFoundError
from webmap.households.models import Person
from webmap.support.donation_queries import Ledger, ledger, proposals
from webmap.support.donations import add_donation, confirm, give_out, remove_donation, withdraw
from webmap.support.errors import (
    BadDayError,
    DonationInUseError,
    DonationSpentError,
    GiftTwiceError,
    GivenOutError,
    ReceiverUnfitError,
)
from webmap.support.inputs import Confirmation, GivingOut, NewDonation
from webmap.support.models import Allocation, Donation

TODAY = clock.today()
FIRST = 1_263_600  # a first member's year


def given(session: Session, village: Village, **said: Any) -> Donation:
    facts = {"sponsor": "Agribank", "area_id": village.commune_id, "received_on": TODAY, "months": 12,
             "receivers": "anyone", "hardship_first": True, **said}  # fmt: skip
    return add_donation(session, village.leader.scope, NewDonation.model_validate(facts))


def poor(session: Session, village: Village, code: str, name: str, **facts: Any) -> Person:
    """Somebody without a card in a house of her own in Quảng Xá."""
    household = a_household(session, village.second_id, code, lonlat=None)
    return a_person(session, household, name, **{"birth_year": 1960, "status": "uncovered", **facts})


def books(session: Session, village: Village, donation: Donation) -> Ledger:
    return ledger(session, village.leader.scope, donation.id)


def proposed(session: Session, village: Village, donation: Donation) -> dict[str, bool]:
    held = books(session, village, donation)
    return {one.row.full_name: one.is_reached for one in proposals(session, village.leader.scope, held, TODAY)}


def confirmed(session: Session, who: Member, donation: Donation, *people: Person, on: date = TODAY) -> list[Allocation]:
    confirm(session, who.scope, donation.id, Confirmation(persons=[one.id for one in people], from_on=on))
    mine = select(Allocation).where(Allocation.donation_id == donation.id).order_by(Allocation.id)
    return list(session.scalars(mine))


@pytest.fixture
def empty(session: Session, village: Village) -> Village:
    """The world where nobody of Tân Ninh lacks a card yet."""
    session.execute(text("update person set status = 'covered' where area_id in (:a, :b)"),
                    {"a": village.id, "b": village.second_id})  # fmt: skip
    return village


def test_the_hardest_up_come_first_then_whoever_waits_longest(session: Session, empty: Village) -> None:
    ended = {"Lâu": 300, "Mới": 20, "Khó": 5}
    people = {name: poor(session, empty, f"N-{name}", name) for name in ended}
    for name, days in ended.items():
        until = TODAY - timedelta(days=days)
        a_card(session, people[name], valid_from=until - timedelta(days=90), valid_to=until)
    people["Khó"].reason_group = "hardship"
    poor(session, empty, "N-9", "Xin hỗ trợ", next_step="sponsor")
    donation = given(session, empty, amount_dong=3 * FIRST + 1)

    assert list(proposed(session, empty, donation).items()) == [
        ("Khó", True), ("Xin hỗ trợ", True), ("Lâu", True), ("Mới", False),
    ]  # fmt: skip
    by_waiting = given(session, empty, cards=1, hardship_first=False)
    assert next(iter(proposed(session, empty, by_waiting))) == "Lâu"


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ({"receivers": "pupils"}, ["Học sinh"]),
        ({"receivers": "residents"}, ["Bà", "Bé", "Cô"]),
        ({"age_from": 60, "age_to": 79}, ["Bà"]),
        ({"age_to": 5}, ["Bé"]),
        ({"receivers": "residents", "age_from": 60, "age_to": 79, "age_is_first": True}, ["Bà", "Bé", "Cô"]),
    ],
)
def test_the_sponsors_rules_say_who_may_receive(
    session: Session, empty: Village, rules: dict[str, Any], names: list[str]
) -> None:
    year = TODAY.year
    for code, name, age in (("1", "Cô", 40), ("2", "Học sinh", 10), ("3", "Bà", 70), ("4", "Bé", 3)):
        poor(session, empty, code, name, birth_year=year - age)
    session.execute(text("update premium_share set state_percent = 60 where category = 'TE'"))
    donation = given(session, empty, cards=9, **rules)

    found = proposed(session, empty, donation)

    assert sorted(found) == names
    if rules.get("age_is_first"):
        assert next(iter(found)) == "Bà"


def test_whoever_has_a_card_moved_away_or_costs_nothing_is_not_proposed(session: Session, empty: Village) -> None:
    poor(session, empty, "1", "Có thẻ", status="covered")
    poor(session, empty, "2", "Đi xa", residency="away")
    poor(session, empty, "3", "Báo rồi", status="reported")
    poor(session, empty, "4", "Trẻ em", birth_year=TODAY.year - 2)  # the state pays the whole card
    donation = given(session, empty, cards=5)

    assert proposed(session, empty, donation) == {}


def test_members_of_one_family_pay_by_steps(session: Session, empty: Village) -> None:
    first = poor(session, empty, "1", "Chồng")
    household = session.get_one(type(empty.household), first.household_id)
    second = a_person(session, household, "Vợ", birth_year=1962, status="uncovered")
    donation = given(session, empty, amount_dong=5_000_000)

    both = confirmed(session, empty.leader, donation, first, second)

    assert sorted(one.amount_dong for one in both) == [884_520, FIRST]
    third = a_person(session, household, "Con", birth_year=1990, status="uncovered")
    assert confirmed(session, empty.leader, donation, third)[-1].amount_dong == 758_160


def test_the_books_always_sum_to_the_amount(session: Session, empty: Village) -> None:
    people = [poor(session, empty, str(n), f"Người {n}") for n in range(4)]
    donation = given(session, empty, amount_dong=10_000_000, cards=4)
    cards = confirmed(session, empty.leader, donation, *people[:3])
    out = GivingOut(allocations=[cards[0].id, cards[1].id], given_on=TODAY)

    assert give_out(session, empty.leader.scope, donation.id, out) == 2
    withdraw(session, empty.leader.scope, donation.id, cards[1].id, "đã có thẻ khác")

    held = books(session, empty, donation)
    assert (held.given_dong, held.confirmed_dong, held.left_dong) == (FIRST, FIRST, 10_000_000 - 2 * FIRST)
    assert (held.given, held.confirmed, held.left_cards) == (1, 1, 2)
    assert [card.number for card in cards] == [1, 2, None]
    back = session.get_one(Person, cards[1].person_id)  # whose card came back
    assert proposed(session, empty, donation)[back.full_name] is True


def test_the_same_again_changes_nothing(session: Session, empty: Village) -> None:
    person = poor(session, empty, "1", "Bà")
    donation = given(session, empty, cards=1)
    [card] = confirmed(session, empty.leader, donation, person)
    out = GivingOut(allocations=[card.id], given_on=TODAY)

    assert len(confirmed(session, empty.leader, donation, person)) == 1
    assert [give_out(session, empty.leader.scope, donation.id, out) for _ in range(2)] == [1, 0]
    for _ in range(2):
        withdraw(session, empty.leader.scope, donation.id, card.id, "nhầm")
    with pytest.raises(GivenOutError):
        give_out(session, empty.leader.scope, donation.id, out)
    deeds = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert deeds == ["enter donation", "confirm receivers", "give out cards", "withdraw card"]


def test_nobody_is_given_two_cards_for_the_same_days(session: Session, empty: Village) -> None:
    person = poor(session, empty, "1", "Bà")
    one, other = (given(session, empty, sponsor=name, cards=3) for name in ("Agribank", "Hội Chữ thập đỏ"))
    confirmed(session, empty.leader, one, person)

    assert proposed(session, empty, other) == {}
    with pytest.raises(GiftTwiceError):
        confirmed(session, empty.leader, other, person)
    next_year = TODAY + timedelta(days=366)
    assert confirmed(session, empty.leader, other, person, on=next_year)


def test_a_donation_gives_no_more_than_it_holds(session: Session, empty: Village) -> None:
    people = [poor(session, empty, str(n), f"Người {n}") for n in range(2)]

    for donation in (given(session, empty, cards=1), given(session, empty, amount_dong=2 * FIRST - 1)):
        with pytest.raises(DonationSpentError), session.begin_nested():
            confirmed(session, empty.leader, donation, *people)
        assert books(session, empty, donation).used == 0


def test_a_donation_cannot_become_smaller_than_what_was_allotted(session: Session, empty: Village) -> None:
    donation = given(session, empty, cards=2, amount_dong=5_000_000)
    confirmed(session, empty.leader, donation, poor(session, empty, "1", "Bà"))

    for change in ({"amount_dong": FIRST - 1}, {"cards": 0}):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(f"update donation set {next(iter(change))} = :to where id = :id"),
                            {"to": next(iter(change.values())), "id": donation.id})  # fmt: skip


def test_who_got_a_card_or_moved_meanwhile_is_refused(session: Session, empty: Village) -> None:
    person = poor(session, empty, "1", "Bà")
    donation = given(session, empty, cards=2)
    person.status = "covered"
    session.flush()

    with pytest.raises(ReceiverUnfitError):
        confirmed(session, empty.leader, donation, person)


def test_a_card_is_given_out_between_the_donation_and_today(session: Session, empty: Village) -> None:
    donation = given(session, empty, cards=2)
    [card] = confirmed(session, empty.leader, donation, poor(session, empty, "1", "Bà"))

    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(BadDayError):
            give_out(session, empty.leader.scope, donation.id, GivingOut(allocations=[card.id], given_on=day))


def test_only_an_unused_donation_is_removed(session: Session, empty: Village) -> None:
    donation, unused = given(session, empty, cards=2), given(session, empty, cards=1)
    confirmed(session, empty.leader, donation, poor(session, empty, "1", "Bà"))

    with pytest.raises(DonationInUseError):
        remove_donation(session, empty.leader.scope, donation.id)
    remove_donation(session, empty.leader.scope, unused.id)
    assert session.scalars(select(Donation)).all() == [donation]


def test_a_stranger_has_no_part_in_it(session: Session, client: PageClient, empty: Village) -> None:
    person = poor(session, empty, "1", "Bà")
    donation = given(session, empty, cards=2)
    [card] = confirmed(session, empty.leader, donation, person)
    theirs = people_of(session, empty.neighbour_households[1])[1]

    with pytest.raises(ReceiverUnfitError):  # somebody of the neighbour commune
        confirmed(session, empty.leader, donation, theirs)
    with pytest.raises(NotFoundError):
        confirmed(session, empty.stranger, donation, theirs)
    with pytest.raises(NotFoundError):
        withdraw(session, empty.stranger.scope, donation.id, card.id, "x")
    sign_in(session, client, empty.stranger.id)
    assert client.get(f"/donations/{donation.id}").status_code == 404
    assert client.get(f"/donations/{donation.id}/receipts").status_code == 404
    assert "Agribank" not in client.get("/donations").text
    sign_in(session, client, empty.counter.id)
    assert client.get("/donations").status_code == 403


NEW = {"sponsor": "Agribank", "received_on": str(TODAY), "months": "12", "receivers": "anyone", "cards": "3"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"cards": ""}, "Enter an amount, a number of cards, or both."),
        ({"cards": "0"}, "cards-problem"),
        ({"amount_dong": "2,5 triệu"}, "amount_dong-problem"),
        ({"age_from": "80", "age_to": "60"}, "The first age cannot be above the last."),
        ({"months": "5"}, "months-problem"),
        ({"sponsor": " "}, "sponsor-problem"),
        ({"received_on": str(TODAY + timedelta(days=1))}, "received_on-problem"),
    ],
)
def test_a_donation_that_makes_no_sense_is_refused_beside_its_field(
    session: Session, client: PageClient, village: Village, wrong: dict[str, str], told: str
) -> None:
    sign_in(session, client, village.leader.id)

    answer = client.post("/donations?lang=en", data={**NEW, "area_id": str(village.commune_id), **wrong})

    assert answer.status_code == 422
    assert told in answer.text
    assert session.scalars(select(Donation)).all() == []


def test_fields_left_empty_are_no_values(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.leader.id)
    empty = dict.fromkeys(("phone", "amount_dong", "age_from", "age_to", "note"), "")

    answer = client.post("/donations", data={**NEW, **empty, "area_id": str(village.commune_id)})

    assert answer.status_code == 302
    made = session.scalars(select(Donation)).one()
    assert (made.amount_dong, made.cards, made.age_from, made.note, made.hardship_first) == (None, 3, None, None, False)


@pytest.mark.parametrize("path", ["receivers", "giving"])
def test_nobody_ticked_is_said(session: Session, client: PageClient, village: Village, path: str) -> None:
    donation = given(session, village, cards=2)
    sign_in(session, client, village.leader.id)

    answer = client.post(f"/donations/{donation.id}/{path}", data={"from_on": str(TODAY), "given_on": str(TODAY)})

    assert answer.status_code == 422


def test_two_leaders_who_confirm_at_once_never_give_more_than_there_is(fresh_database: str) -> None:
    with transaction(SYSTEM) as session:
        village = Village.built(session)
        people = [poor(session, village, str(n), f"Người {n}") for n in range(4)]
        last_card = given(session, village, cards=1)
        others = [given(session, village, sponsor=name, cards=5) for name in ("A", "B")]
        ids = [person.id for person in people]
        donations = [last_card.id, last_card.id, others[0].id, others[1].id]
    # the last card of one donation for two people; one person from two donations
    wanted = [ids[0], ids[1], ids[2], ids[2]]
    said: list[str] = [""] * 4
    barrier = Barrier(4)

    def ask(number: int) -> None:
        barrier.wait()
        try:
            with transaction(village.leader.scope) as mine:
                confirm(mine, village.leader.scope, donations[number],
                        Confirmation(persons=[wanted[number]], from_on=TODAY))  # fmt: skip
            said[number] = "confirmed"
        except (DonationSpentError, GiftTwiceError) as error:
            said[number] = error.code

    threads = [Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said[:2]) == ["confirmed", "donation_spent"]
    assert sorted(said[2:]) == ["confirmed", "gift_twice"]
    with transaction(SYSTEM) as session:
        assert len(session.scalars(select(Allocation)).all()) == 2

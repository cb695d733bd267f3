"""Applying a roll and taking it back: all of it or nothing, twice changes nothing, and the register is as before."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.builders import Village, a_card
from tests.webmap.roll.rolls import TO, YEAR, applied, checked, facts, line, somebody, verdicts
from webmap import clock
from webmap.accounts.models import AuditEvent
from webmap.accounts.scope import SYSTEM
from webmap.coverage.service import refresh_households
from webmap.households.models import Card, Person
from webmap.jobs import JobCancelledError
from webmap.roll import applying
from webmap.roll.errors import (
    NewerRollError,
    RollBuiltUponError,
    RollBusyError,
    RollNotFoundError,
    RollRegisterChangedError,
)

BORN = date(1985, 3, 7)
TODAY = clock.today()


def cards_of(session: Session, person: Person) -> list[Card]:
    return list(session.scalars(select(Card).where(Card.person_id == person.id).order_by(Card.valid_from)))


def test_a_listed_person_gets_her_card_and_is_covered(session: Session, village: Village) -> None:
    person = somebody(session, village, "Phạm Thị Lụa", BORN)

    applied(session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985", code="4412345678")])

    (card,) = cards_of(session, person)
    assert (card.category, card.valid_from, card.valid_to, card.origin) == (
        "GD",
        date(YEAR, 1, 1),
        date(YEAR, 12, 31),
        "roll",
    )
    assert person.insurance_code == "4412345678"
    assert person.status in ("covered", "expiring")


def test_a_card_is_prolonged_and_not_doubled(session: Session, village: Village) -> None:
    person = somebody(session, village, "Phạm Thị Lụa", BORN)
    a_card(session, person, valid_from=date(YEAR, 1, 1), valid_to=TODAY)

    applied(session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985")])

    (card,) = cards_of(session, person)
    assert card.valid_to == date(YEAR, 12, 31)


def test_the_same_file_twice_changes_nothing(session: Session, village: Village) -> None:
    rows = [line("Nguyễn Văn Đào", "1970"), line("Phạm Thị Lụa", "07/03/1985", code="4412345678")]
    somebody(session, village, "Phạm Thị Lụa", BORN)
    applied(session, village.commune_id, rows)
    once = facts(session)

    again = applied(session, village.commune_id, rows)

    assert set(verdicts(session, again)) <= {"same", "stranger"}
    assert facts(session) == once


def test_who_is_not_on_a_complete_roll_loses_her_card_with_the_reason(session: Session, village: Village) -> None:
    poor = somebody(session, village, "Đinh Thị Mỵ", date(1960, 5, 4))
    paying = somebody(session, village, "Đinh Văn Sáo", date(1961, 5, 4))
    by_hand = somebody(session, village, "Đinh Văn Nô", date(1962, 5, 4))
    for person, category, origin in ((poor, "HN", "roll"), (paying, "GD", "import"), (by_hand, "GD", "by_hand")):
        a_card(session, person, category=category, origin=origin, valid_from=date(YEAR - 1, 1, 1), valid_to=None)

    applied(session, village.id, [line("Ai Đó", "01/02/1990")], is_complete=True)

    day_before = TODAY - timedelta(days=1)
    assert [cards_of(session, one)[0].valid_to for one in (poor, paying, by_hand)] == [day_before, day_before, None]
    assert [one.reason_group for one in (poor, paying)] == ["lost_subsidy", "expired"]
    assert poor.status == "uncovered"


def test_a_doubtful_person_keeps_her_card(session: Session, village: Village) -> None:
    people = [somebody(session, village, "Phạm Thị Lụa", BORN) for _ in range(2)]
    for person in people:
        a_card(session, person, origin="roll", valid_to=None)

    applied(session, village.id, [line("Phạm Thị Lụa", "07/03/1985")], is_complete=True)

    assert [cards_of(session, person)[0].valid_to for person in people] == [None, None]


def test_a_roll_is_taken_back(session: Session, village: Village) -> None:
    person = somebody(session, village, "Phạm Thị Lụa", BORN)
    before = facts(session)
    roll = applied(
        session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985", code="4412345678")], is_complete=True
    )
    assert facts(session) != before

    applying.take_back(SYSTEM, roll.id)
    applying.take_back(SYSTEM, roll.id)  # twice is once

    session.expire_all()
    assert facts(session) == before
    assert (roll.state, cards_of(session, person)) == ("undone", [])


def test_a_roll_that_was_built_upon_stays(session: Session, village: Village) -> None:
    person = somebody(session, village, "Phạm Thị Lụa", BORN)
    rows = [line("Phạm Thị Lụa", "07/03/1985")]
    first = applied(session, village.commune_id, rows, listed_on=TODAY - timedelta(days=7))
    cards_of(session, person)[0].valid_to = TODAY
    session.flush()

    with pytest.raises(RollBuiltUponError):
        applying.take_back(SYSTEM, first.id)
    second = applied(session, village.id, rows)
    with pytest.raises(RollBuiltUponError):
        applying.take_back(SYSTEM, first.id)
    applying.take_back(SYSTEM, second.id)

    session.expire_all()
    assert (first.state, second.state) == ("applied", "undone")


def test_an_older_roll_does_not_come_after_a_newer_one(session: Session, village: Village) -> None:
    somebody(session, village, "Phạm Thị Lụa", BORN)
    applied(session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985")])

    with pytest.raises(NewerRollError):
        applied(session, village.id, [line("Phạm Thị Lụa", "07/03/1985")], listed_on=TODAY - timedelta(days=7))


def test_nothing_is_kept_of_a_roll_that_no_longer_fits(
    session: Session, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first rows are written and put back when a later one turns out to be otherwise than promised."""
    monkeypatch.setattr(applying, "AT_ONCE", 1)
    somebody(session, village, "Phạm Thị Lụa", BORN)
    late = somebody(session, village, "Trịnh Văn Muộn", date(1970, 2, 2))
    roll = checked(
        session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985"), line("Trịnh Văn Muộn", "02/02/1970")]
    )
    a_card(session, late, valid_from=date(YEAR, 1, 1), valid_to=date(YEAR, 12, 31))
    before = facts(session)

    with pytest.raises(RollRegisterChangedError):
        applying.apply(SYSTEM, roll.id)

    session.expire_all()
    assert facts(session) == before
    assert roll.state == "checked"


def test_a_roll_that_is_stopped_half_way_leaves_nothing(
    session: Session, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "AT_ONCE", 1)
    rows = [line(name, "07/03/1985") for name in ("Phạm Thị Lụa", "Trịnh Văn Muộn")]
    for cells in rows:
        somebody(session, village, cells[1], BORN)
    roll = checked(session, village.commune_id, rows)
    before = facts(session)

    def stop_at_the_second(done: int, _total: int, _step: str) -> None:
        if done:
            raise JobCancelledError

    with pytest.raises(JobCancelledError):
        applying.apply(SYSTEM, roll.id, stop_at_the_second)

    session.expire_all()
    assert facts(session) == before
    assert (roll.state, roll.applied_through) == ("checked", 0)


def test_a_worker_that_died_goes_on_where_it_was(
    session: Session, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "AT_ONCE", 1)
    people = [somebody(session, village, name, BORN) for name in ("Phạm Thị Lụa", "Trịnh Văn Muộn")]
    roll = checked(
        session, village.commune_id, [line("Phạm Thị Lụa", "07/03/1985"), line("Trịnh Văn Muộn", "07/03/1985")]
    )
    applying._start(session, roll)
    applying.write_next(session, roll)

    applying.apply(SYSTEM, roll.id)

    assert [len(cards_of(session, person)) for person in people] == [1, 1]


def test_a_stranger_finds_no_roll(session: Session, village: Village) -> None:
    roll = applied(session, village.commune_id, [line("Ai Đó", "01/02/1990")])
    waiting = checked(session, village.commune_id, [line("Ai Đó", "01/02/1990")])

    with pytest.raises(RollNotFoundError):
        applying.apply(village.stranger.scope, waiting.id)
    with pytest.raises(RollNotFoundError):
        applying.take_back(village.stranger.scope, roll.id)


def test_a_roll_is_applied_after_it_was_checked(session: Session, village: Village) -> None:
    roll = checked(session, village.commune_id, [line("Ai Đó", "01/02/1990")])
    with pytest.raises(RollBusyError):
        applying.take_back(SYSTEM, roll.id)
    roll.state = "uploaded"
    session.flush()

    with pytest.raises(RollBusyError):
        applying.apply(SYSTEM, roll.id)


def test_each_write_is_in_the_audit(session: Session, village: Village) -> None:
    roll = applied(session, village.commune_id, [line("Ai Đó", "01/02/1990")])
    applying.take_back(SYSTEM, roll.id)

    verbs = select(AuditEvent.action).where(AuditEvent.subject_id == str(roll.id)).order_by(AuditEvent.id)
    assert list(session.scalars(verbs)) == ["upload roll", "apply roll", "take roll back"]


NAMES = ("Phạm Thị Lụa", "Pham Thi Lua", "Phạm Thị Lụa", "Trịnh Văn Muộn", "Đinh Thị Mỵ", "Ai Đó")
ROW = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(("07/03/1985", "03/07/1985", "1985", "")),
    st.sampled_from(("", "4412345678", "4412345679")),
    st.sampled_from(("GD", "HN")),
    st.sampled_from((TO, f"30/06/{YEAR + 1}")),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=6), is_complete=st.booleans())
def test_any_roll_applied_and_taken_back_leaves_the_register_as_it_was(
    *, session: Session, village: Village, rows: list[tuple[str, ...]], is_complete: bool
) -> None:
    if session.scalar(select(func.count()).where(Person.full_name == "Trịnh Văn Muộn")) == 0:
        for name in NAMES[2:5]:
            person = somebody(session, village, name, BORN, sex="female")
            a_card(session, person, origin="roll", valid_to=None)
            refresh_households(session, [person.household_id])
    before = facts(session)

    lines = [
        line(name, birth, code=code, category=category, until=until) for name, birth, code, category, until in rows
    ]
    roll = applied(session, village.commune_id, lines, is_complete=is_complete)
    applying.take_back(SYSTEM, roll.id)

    session.expire_all()
    assert facts(session) == before
    assert session.scalar(text("select count(*) from roll_change")) == 0

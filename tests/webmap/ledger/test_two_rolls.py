"""Two weekly rolls, one after the other: the ledger says of everybody what the second changed, and what it lacks."""

from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders import Village, a_card
from tests.webmap.roll.rolls import applied, line, somebody
from webmap import clock
from webmap.households.models import Person
from webmap.ledger import queries
from webmap.ledger.queries import Period
from webmap.roll import applying

TODAY = clock.today()
LAST_WEEK = TODAY - timedelta(days=7)
BORN = {
    "Đinh Thị Mỵ": "04/05/1960",
    "Đinh Văn Sáo": "04/05/1961",
    "Lò Thị Ban": "04/05/1970",
    "Lò Văn Ơn": "04/05/1972",
}


def a_week_passes(session: Session) -> None:
    """Everything that is known is a week older, and so is what was applied."""
    session.flush()
    session.execute(text("set local role none"))
    for statement in (
        "update person set known_from = known_from - interval '7 days'",
        "update card set known_from = known_from - interval '7 days'",
        "update person_past set known_from = known_from - interval '7 days', known_to = known_to - interval '7 days'",
        "update card_past set known_from = known_from - interval '7 days', known_to = known_to - interval '7 days'",
        "update roll_import set applied_at = applied_at - interval '7 days'",
    ):
        session.execute(text(statement))
    session.execute(text("set local role web_app"))
    session.expire_all()


def known(session: Session, village: Village) -> dict[str, Person]:
    """The four of them, known for a while."""
    people = {
        name: somebody(session, village, name, date(int(born[-4:]), int(born[3:5]), int(born[:2])))
        for name, born in BORN.items()
    }
    session.execute(text("update person set known_from = known_from - interval '30 days'"))
    session.expire_all()
    return people


def listed(*names: str, category: str = "GD") -> list[list[str]]:
    return [line(name, BORN[name], category=category) for name in names]


def buckets(session: Session, village: Village) -> dict[str, str]:
    rows = session.execute(
        text("select full_name, bucket from ledger_people(:area, :first, :last, 14)"),
        {"area": village.id, "first": LAST_WEEK, "last": TODAY},
    )
    return {name: bucket for name, bucket in rows if name in BORN}


def test_the_second_roll_explains_what_became_of_everybody_since_the_first(session: Session, village: Village) -> None:
    people = known(session, village)
    poor = line("Đinh Thị Mỵ", BORN["Đinh Thị Mỵ"], category="HN")
    applied(session, village.id, [poor, *listed("Đinh Văn Sáo")], is_complete=True, listed_on=LAST_WEEK)
    people["Lò Thị Ban"].reported_on = LAST_WEEK
    a_week_passes(session)

    stranger = line("Người Không Ai Biết", "09/09/1999")
    second = [*listed("Đinh Văn Sáo", "Lò Thị Ban"), stranger]
    roll = applied(session, village.id, second, is_complete=True)

    meant = {
        "Đinh Thị Mỵ": "lost_subsidy",
        "Đinh Văn Sáo": "covered",
        "Lò Thị Ban": "confirmed",
        "Lò Văn Ơn": "uncovered",
    }
    assert buckets(session, village) == meant
    assert queries.period_of(session, village.id, None, None) == Period(LAST_WEEK, TODAY)
    figures = queries.sheet(session, village.leader.scope, village.id, Period(LAST_WEEK, TODAY))
    assert (figures.number("stranger"), figures.has_roll) == (1, True)

    applying.take_back(village.leader.scope, roll.id)
    session.expire_all()
    assert buckets(session, village) == {**meant, "Đinh Thị Mỵ": "covered", "Lò Thị Ban": "reported"}


def test_whoever_has_a_card_that_the_roll_does_not_know_stands_beside(session: Session, village: Village) -> None:
    people = known(session, village)
    a_card(session, people["Lò Văn Ơn"], origin="by_hand", valid_from=date(TODAY.year, 1, 1), valid_to=None)
    applied(session, village.id, listed("Đinh Thị Mỵ"), is_complete=True)

    rows = session.execute(
        text("select full_name, is_listed from ledger_people(:area, :first, :last, 14) where is_covered"),
        {"area": village.id, "first": LAST_WEEK, "last": TODAY},
    )

    assert {name: is_listed for name, is_listed in rows if name in BORN} == {"Đinh Thị Mỵ": True, "Lò Văn Ơn": False}

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Village, a_card, a_person, people_of
from tests.clients import PageClient, sign_in
from webmap import clock
from webmap.accounts.models import AuditEvent
from webmap.households.models import Household
from webmap.support.models import BaseSalary, PremiumShare
from webmap.support.premiums import Asked, FamilyQuote, family_quote, shares_on

ON = date(2026, 3, 1)


def quoted(session: Session, village: Village, household: Household, months: int = 12) -> FamilyQuote:
    return family_quote(session, village.leader.scope, household.id, Asked(months, ON))


def page_of(household: Household, **query: str) -> str:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return f"/households/{household.id}/premium?{asked}"


def test_a_couple_without_cards_pays_the_first_two_steps(session: Session, village: Village) -> None:
    found = quoted(session, village, village.households[2])

    assert [line.to_pay_dong for line in found.lines] == [1_263_600, 884_520]
    assert (found.to_pay_dong, found.base.decision) == (2_148_120, "Nghị định 73/2024/NĐ-CP")


@pytest.mark.parametrize(("category", "began", "to_pay"), [
    ("GD", date(2026, 1, 1), 884_520),
    ("GD", date(2025, 12, 1), 1_263_600),  # joined last year: no reduction
    ("DN", date(2026, 1, 1), 1_263_600),  # insured at work: not counted
])  # fmt: skip
def test_who_is_covered_already_counts_only_when_of_the_same_plan_and_year(
    session: Session, village: Village, category: str, began: date, to_pay: int
) -> None:
    household = village.households[2]
    man, _woman = people_of(session, household)
    a_card(session, man, category=category, valid_from=began, valid_to=date(2026, 12, 31))
    man.status = "covered"
    session.flush()

    assert [line.to_pay_dong for line in quoted(session, village, household).lines] == [to_pay]


def test_who_moved_out_or_died_is_not_quoted_and_who_is_away_only_when_asked_for(
    session: Session, village: Village
) -> None:
    household = village.households[2]
    man, woman = people_of(session, household)
    man.residency, woman.residency = "deceased", "away"
    session.flush()

    found = quoted(session, village, household)

    assert [(one.person.id, one.is_joining) for one in found.members] == [(woman.id, False)]


def test_support_of_all_areas_above_is_added_to_the_states(session: Session, village: Village) -> None:
    for area_id, percent, ends in ((village.province_id, 15, None), (village.commune_id, 5, date(2026, 6, 30))):
        session.add(PremiumShare(category="CN", area_id=area_id, from_on=date(2026, 1, 1), to_on=ends,
                                 local_percent=Decimal(percent), decision=f"NQ {percent}"))  # fmt: skip
    session.flush()

    early, late = (shares_on(session, village.id, day)["CN"] for day in (ON, date(2026, 7, 1)))

    assert (early.state_percent, early.local_percent, early.local_decision) == (70, 20, "NQ 15; NQ 5")
    assert late.local_percent == 15
    assert shares_on(session, village.neighbour_id, ON)["CN"].local_percent == 15


def test_pupils_get_thirty_percent_until_june_2025_and_fifty_since(session: Session, village: Village) -> None:
    days = (date(2025, 6, 30), date(2025, 7, 1))

    assert [shares_on(session, village.id, day)["HS"].state_percent for day in days] == [30, 50]


def test_the_page_says_each_step_in_both_languages(session: Session, client: PageClient, village: Village) -> None:
    household = village.households[2]
    session.add(PremiumShare(category="GD", area_id=village.commune_id, from_on=date(2026, 1, 1),
                             local_percent=Decimal(10), decision="NQ 12/HĐND"))  # fmt: skip
    session.flush()
    sign_in(session, client, village.leader.id)

    vietnamese = client.get(page_of(household, on="2026-03-01")).text
    english = client.get(page_of(household, on="2026-03-01", lang="en", months="3")).text

    assert "1.933.308\u00a0đ" in vietnamese  # 2,148,120 less a tenth
    assert "Nghị định 73/2024/NĐ-CP" in vietnamese
    assert "NQ 12/HĐND" in vietnamese
    assert "Member no. 2 of the household plan: 70% of the first member's" in english
    assert "483,327\u00a0đ" in english  # a quarter of it
    assert f'href="{page_of(household).rstrip("?")}"' in client.get(f"/households/{household.id}").text


def test_who_joins_and_as_what_can_be_chosen(session: Session, client: PageClient, village: Village) -> None:
    household = village.households[2]
    man, woman = people_of(session, household)
    sign_in(session, client, village.leader.id)
    chosen = {"asked": "1", "on": "2026-03-01", "join": str(woman.id), f"category-{woman.id}": "CN"}

    assert "379.080\u00a0đ" in client.get(page_of(household, **chosen)).text
    nobody = client.get(page_of(household, asked="1")).text
    assert f'value="{man.id}" checked' not in nobody
    assert "0\u00a0đ" in nobody


def test_a_canvasser_quotes_at_her_doors_only(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.canvasser.id)

    assert client.get(page_of(village.households[1])).status_code == 200
    assert client.get(page_of(village.households[2])).status_code == 404  # not on her route
    assert client.get(page_of(village.neighbour_households[0])).status_code == 404


def test_a_household_without_people_is_quoted_nothing(session: Session, village: Village, client: PageClient) -> None:
    for person in people_of(session, village.households[2]):
        person.residency = "moved_out"
    session.flush()
    sign_in(session, client, village.leader.id)

    assert client.get(page_of(village.households[2])).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"months": "7"}, 422),
        ({"months": "x"}, 422),
        ({"on": "32/13/2026"}, 422),
        ({"asked": "1", "join": "x"}, 422),
        ({"on": "2020-01-01"}, 409),
        ({"category-x": "GD"}, 422),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(
    session: Session, client: PageClient, village: Village, query: dict[str, str], status: int
) -> None:
    sign_in(session, client, village.leader.id)

    assert client.get(page_of(village.household, **query)).status_code == status


def test_a_family_of_several_generations_is_quoted_by_age_and_card(session: Session, village: Village) -> None:
    household = village.households[2]
    for name, year, card in (("Bé", 2023, None), ("Học", 2014, None), ("Già", 1950, "CN")):
        person = a_person(session, household, name, birth_year=year, status="uncovered")
        if card:
            a_card(session, person, category=card, valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))

    found = quoted(session, village, household)

    assert {one.person.full_name: one.category for one in found.members} | {"x": "x"} == {
        "Nguyễn Văn Đào HT-3": "GD", "Trần Thị Hoa HT-3": "GD", "Bé": "TE", "Học": "HS", "Già": "CN", "x": "x",
    }  # fmt: skip
    assert found.to_pay_dong == 1_263_600 + 884_520 + 0 + 631_800 + 379_080


SALARY = {"from_on": "2027-01-01", "amount_dong": "2.530.000", "decision": "Nghị định mới"}


def test_the_administrator_enters_a_base_salary_once(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.admin.id)

    assert client.post("/premiums/base-salaries", data=SALARY).status_code == 302
    assert client.post("/premiums/base-salaries", data=SALARY).status_code == 302
    other = client.post("/premiums/base-salaries", data={**SALARY, "amount_dong": "3000000"})

    assert other.status_code == 409
    assert "01/01/2027" in other.text
    assert session.get_one(BaseSalary, date(2027, 1, 1)).amount_dong == 2_530_000
    assert "1.366.200\u00a0đ" in client.get("/premiums").text
    for _ in range(2):
        assert client.post("/premiums/base-salaries/remove", data={"from_on": "2027-01-01"}).status_code == 302
    assert session.scalar(select(func.count()).select_from(BaseSalary)) == 2
    deeds = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert deeds == ["enter base salary", "remove base salary"]


@pytest.mark.parametrize("amount", ["", "2,34", "99999", "-2340000", "2340000.5", "nhiều", "1e9", "100000001"])
def test_an_amount_that_is_none_is_refused_beside_its_field(
    session: Session, client: PageClient, village: Village, amount: str
) -> None:
    sign_in(session, client, village.admin.id)

    answer = client.post("/premiums/base-salaries", data={**SALARY, "amount_dong": amount})

    assert answer.status_code == 422
    assert "amount_dong-problem" in answer.text
    assert session.scalar(select(func.count()).select_from(BaseSalary)) == 2


def share_of(village: Village, **given: str) -> dict[str, str]:
    return {"category": "CN", "area_id": str(village.commune_id), "from_on": "2026-01-01", "percent": "12,5",
            "decision": "NQ 3/HĐND", **given}  # fmt: skip


def test_local_support_is_entered_and_removed(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.admin.id)
    given = share_of(village)

    assert client.post("/premiums/shares", data=given).status_code == 302
    assert client.post("/premiums/shares", data=given).status_code == 302
    assert client.post("/premiums/shares", data={**given, "percent": "20"}).status_code == 409
    made = session.scalars(select(PremiumShare).where(PremiumShare.area_id == village.commune_id)).one()
    assert made.local_percent == Decimal("12.50")
    assert shares_on(session, village.id, clock.today())["CN"].local_percent == Decimal("12.50")
    assert client.post(f"/premiums/shares/{made.id}/remove").status_code == 302
    assert client.post(f"/premiums/shares/{made.id}/remove").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"percent": "101"}, {"percent": "x"}, {"to_on": "2025-01-01"}, {"category": "ZZ"}, {"from_on": "x"}]
)
def test_a_share_that_cannot_be_is_refused(
    session: Session, client: PageClient, village: Village, wrong: dict[str, str]
) -> None:
    sign_in(session, client, village.admin.id)

    assert client.post("/premiums/shares", data=share_of(village, **wrong)).status_code == 422


def test_support_of_an_area_elsewhere_cannot_be_entered(session: Session, client: PageClient, village: Village) -> None:
    sign_in(session, client, village.admin.id)

    assert client.post("/premiums/shares", data=share_of(village, area_id="999999")).status_code == 404

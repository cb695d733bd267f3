"""The pages of planning, as people with different rights see them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.planning.test_service import planned, routes_of
from tests.webmap.planning.world import the_alleys, the_houses
from webmap import clock
from webmap.areas.models import AreaParent
from webmap.planning.models import Plan, RouteMember


@pytest.fixture
def village(session: Session, client: PageClient) -> Village:
    built = Village.built(session)
    the_alleys(session)
    the_houses(session, built)
    sign_in(session, client, built.leader.id)
    return built


def test_a_leader_asks_for_a_plan_and_is_sent_to_its_progress(
    session: Session, client: PageClient, village: Village
) -> None:
    page = client.get("/plans/new?lang=en")
    answer = client.post(
        "/plans", data={"areas": [village.id], "teams": "2", "minutes": "180", "status": ["uncovered"]}
    )

    assert "Hữu Tân" in page.text
    assert "Trần Xá" not in page.text
    assert answer.status_code == 302
    plan = session.scalars(select(Plan).where(Plan.state == "draft")).one()
    assert answer.location == f"/jobs/{plan.job_id}"


def test_villages_and_plans_are_chosen_by_the_map_of_a_day(
    session: Session, client: PageClient, village: Village
) -> None:
    plan = planned(session, village)
    today = clock.today()
    then = str(today - timedelta(days=1))
    edges = update(AreaParent).where(AreaParent.area_id == village.second_id)
    session.execute(edges.values(valid_from=today))
    ticked = 'value="{}" data-uncovered='

    now = client.get("/plans/new", query_string={"area": village.commune_id})
    before = client.get("/plans/new", query_string={"area": village.commune_id, "on": then})
    listed = client.get("/plans", query_string={"area": village.commune_id, "on": then})

    for page, is_in in ((now, True), (before, False)):
        (label,) = [line for line in page.text.splitlines() if ticked.format(village.second_id) in line]
        assert (" checked" in label) is is_in
    assert plan.name in listed.text
    assert plan.name not in client.get("/plans", query_string={"area": village.second_id, "on": then}).text
    assert client.get("/plans", query_string={"on": "gestern"}).status_code == 422


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"teams": "2"}, "Choose at least one village."),
        ({"areas": ["{village}"], "teams": "0"}, "The number of teams is from 1 to 60."),
        ({"areas": ["{village}"], "teams": "2", "status": "pledged"}, "No household of these villages fits."),
        ({"areas": ["{village}"], "teams": "2", "minutes": "1"}, "The time of a team is from 30 to 600 minutes."),
    ],
)
def test_what_cannot_be_planned_is_said_and_changes_nothing(
    session: Session, client: PageClient, village: Village, form: dict[str, object], sentence: str
) -> None:
    filled = {key: [village.id] if key == "areas" else value for key, value in form.items()}

    answer = client.post("/plans?lang=en", data=filled)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not session.scalars(select(Plan).where(Plan.state == "draft")).all()


def test_the_page_of_a_plan_has_its_table_and_the_map_its_lines(
    session: Session, client: PageClient, village: Village
) -> None:
    plan = planned(session, village)

    page = client.get(f"/plans/{plan.id}?lang=en")
    drawing = client.get(f"/plans/{plan.id}/map.json").get_json()

    assert "T1" in page.text
    assert "Houses to find" in page.text
    assert {feature["properties"]["number"] for feature in drawing["lines"]["features"]} == {1, 2}
    assert len(drawing["doors"]["features"]) >= 12


def test_routes_are_given_and_published_from_the_page(session: Session, client: PageClient, village: Village) -> None:
    plan = planned(session, village)
    too_early = client.post(f"/plans/{plan.id}/publish?lang=en", follow_redirects=True)
    for route in routes_of(session, plan):
        client.post(f"/plans/{plan.id}/routes/{route.id}/walkers", data={"accounts": [str(village.canvasser.id)]})
    client.post(f"/plans/{plan.id}/publish")

    session.expire_all()
    assert "nobody to walk" in too_early.text
    assert session.get_one(Plan, plan.id).state == "published"
    assert len(session.scalars(select(RouteMember).where(RouteMember.account_id == village.canvasser.id)).all()) >= 2


@pytest.mark.parametrize("who", ["stranger", "canvasser"])
def test_others_do_not_see_the_plan(session: Session, client: PageClient, village: Village, who: str) -> None:
    plan = planned(session, village)
    sign_in(session, client, village.members[who].id)

    for url in (f"/plans/{plan.id}", f"/plans/{plan.id}/map.json"):
        assert client.get(url).status_code in (403, 404)
    assert client.post(f"/plans/{plan.id}/discard").status_code in (403, 404)
    session.expire_all()
    assert session.get(Plan, plan.id) is not None


def test_the_query_of_map_or_list_makes_a_plan(session: Session, client: PageClient, village: Village) -> None:
    page = client.get(f"/plans/new?lang=en&area={village.id}&expiring=30&reason=expired&q=ngo+1").text

    assert re.search(rf'name="areas" value="{village.id}"[^>]* checked', page)
    assert '<option value="30" selected>' in page
    assert re.search(r'name="reason" value="expired" checked', page)
    assert re.search(r'name="q"[^>]*value="ngo 1"', page)
    assert not re.search(r'name="status" value="\w+" checked', page)


def test_a_plan_takes_the_households_of_its_filter_and_says_which(
    session: Session, client: PageClient, village: Village
) -> None:
    asked = {"areas": [village.id], "teams": "1", "q": "ngo 1", "placed": "no"}
    assert client.post("/plans", data=asked).status_code == 302

    plan = session.scalars(select(Plan).where(Plan.state == "draft")).one()
    assert plan.summary["doors"] == 1  # of the five in that alley, the one that nobody has placed
    page = client.get(f"/plans/{plan.id}?lang=en").text
    assert "“ngo 1”" in page
    assert "Not yet placed" in page


@pytest.mark.parametrize("wrong", [{"reason": "hunger"}, {"age": "young"}, {"expiring": "-1"}, {"category": "x"}])
def test_a_filter_that_means_nothing_makes_no_plan(
    session: Session, client: PageClient, village: Village, wrong: dict[str, str]
) -> None:
    answer = client.post("/plans", data={"areas": [village.id], "teams": "1", **wrong})

    assert answer.status_code == 422
    assert not session.scalars(select(Plan).where(Plan.state == "draft")).all()

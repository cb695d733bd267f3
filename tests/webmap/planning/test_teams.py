"""Teams: who walks together, and the route that is theirs."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Village
from tests.clients import PageClient, sign_in
from tests.webmap.planning.test_service import planned, routes_of
from tests.webmap.planning.world import the_alleys, the_houses
from webmap.accounts.models import Account
from webmap.campaigns.models import Team, TeamMember
from webmap.planning.models import Route, RouteMember


@pytest.fixture
def village(session: Session, client: PageClient) -> Village:
    built = Village.built(session)
    the_alleys(session)
    the_houses(session, built)
    sign_in(session, client, built.leader.id)
    return built


def a_team(session: Session, client: PageClient, village: Village, name: str = "Tổ Phụ nữ") -> Team:
    form = {"area_id": village.id, "name": name, "organisation": "Hội Phụ nữ", "members": [village.canvasser.id]}
    assert client.post("/teams", data=form).status_code == 302
    return session.scalars(select(Team).where(Team.name == name)).one()


def test_a_leader_adds_a_team_and_twice_is_once(session: Session, client: PageClient, village: Village) -> None:
    team = a_team(session, client, village)
    assert a_team(session, client, village).id == team.id

    assert session.scalars(select(TeamMember.account_id)).all() == [village.canvasser.id]
    page = client.get("/plans").text
    assert "Tổ Phụ nữ" in page
    assert session.get_one(Account, village.canvasser.id).full_name in page


def test_a_team_of_elsewhere_or_with_strangers_is_not_made(
    session: Session, client: PageClient, village: Village
) -> None:
    stranger = village.members["strange_canvasser"].id

    assert client.post("/teams", data={"area_id": village.neighbour_id, "name": "Tổ 1"}).status_code == 404
    client.post("/teams", data={"area_id": village.id, "name": "Tổ 1", "members": [stranger]})
    client.post("/teams", data={"area_id": village.id, "name": " "})

    assert not session.scalars(select(Team)).all()


def test_a_route_is_given_to_a_team_and_with_it_to_its_members(
    session: Session, client: PageClient, village: Village
) -> None:
    team = a_team(session, client, village)
    plan = planned(session, village, status=["uncovered"])
    first = routes_of(session, plan)[0]

    client.post(f"/plans/{plan.id}/routes/{first.id}/walkers", data={"team": team.id})

    session.expire_all()
    assert session.get_one(Route, first.id).team_id == team.id
    walkers = select(RouteMember.account_id).where(RouteMember.route_id == first.id)
    assert session.scalars(walkers).all() == [village.canvasser.id]
    assert "<b>Tổ Phụ nữ</b>" in client.get(f"/plans/{plan.id}").text

    client.post(f"/plans/{plan.id}/routes/{first.id}/walkers", data={"team": ""})
    session.expire_all()
    assert session.get_one(Route, first.id).team_id is None
    assert not session.scalars(walkers).all()


def test_a_team_of_the_neighbours_walks_no_route_here(session: Session, client: PageClient, village: Village) -> None:
    theirs = Team(area_id=village.neighbour_id, name="Tổ bên kia")
    session.add(theirs)
    plan = planned(session, village, status=["uncovered"])
    first = routes_of(session, plan)[0]

    answer = client.post(f"/plans/{plan.id}/routes/{first.id}/walkers", data={"team": theirs.id})

    assert answer.status_code == 404
    session.expire_all()
    assert session.get_one(Route, first.id).team_id is None
    assert "Tổ bên kia" not in client.get("/plans").text

"""Plans, from asking to closing."""

import pytest
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Village, a_household
from tests.webmap.planning.world import the_alleys, the_houses
from webmap.database.engine import reading, transaction
from webmap.errors import NotFoundError
from webmap.households.models import Household
from webmap.jobs import Job, JobCancelledError, Watch
from webmap.planning import jobs, queries, service
from webmap.planning.errors import (
    AreasApartError,
    NobodyAssignedError,
    NoDoorsError,
    PlanNotFoundError,
    PlanStateError,
    RouteNotFoundError,
    WalkerOutsideError,
)
from webmap.planning.inputs import NewPlan, Walkers
from webmap.planning.models import Plan, Route, RouteMember, Stop


@pytest.fixture
def village(session: Session) -> Village:
    built = Village.built(session)
    the_alleys(session)
    the_houses(session, built)
    return built


def wanted(village: Village, **given: object) -> NewPlan:
    return NewPlan.model_validate({"areas": [village.id], "teams": 2, **given})


def planned(session: Session, village: Village, **given: object) -> Plan:
    """Ask for a plan as the leader, and let its job run."""
    scope = village.leader.scope
    with transaction(scope) as asking:
        plan_id, job_id = service.ask_for_plan(asking, scope, wanted(village, **given))
    jobs.plan_routes(Watch(job_id, {"plan_id": str(plan_id)}, scope))
    session.expire_all()
    return session.get_one(Plan, plan_id)


def routes_of(session: Session, plan: Plan) -> list[Route]:
    return list(session.scalars(select(Route).where(Route.plan_id == plan.id).order_by(Route.number)))


def test_every_chosen_household_is_on_exactly_one_route(session: Session, village: Village) -> None:
    plan = planned(session, village)

    chosen = set(
        session.scalars(
            select(Household.id).where(Household.area_id == village.id, Household.status.in_(("uncovered", "partly")))
        )
    )
    stops = list(session.scalars(select(Stop.household_id).join(Route).where(Route.plan_id == plan.id)))
    assert sorted(stops) == sorted(chosen)
    assert len(routes_of(session, plan)) == 2
    assert plan.summary["doors"] == len(stops)


def test_routes_are_drawn_along_the_alleys_and_carry_their_figures(session: Session, village: Village) -> None:
    plan = planned(session, village, status=["uncovered"], mark=["not_visited"])

    for route in routes_of(session, plan):
        assert route.line is not None
        assert route.turf is not None
        assert not to_shape(route.line).is_empty
        assert shapely.covers(to_shape(route.turf), to_shape(route.line))
        assert route.area_id == village.id
        assert route.walk_minutes == pytest.approx(route.walk_metres / (4000 / 60), abs=8)
        stops = session.scalars(select(Stop).where(Stop.route_id == route.id).order_by(Stop.position)).all()
        assert [stop.position for stop in stops] == list(range(1, len(stops) + 1))
        assert sum(stop.door_minutes for stop in stops) == pytest.approx(route.door_minutes)
    loads = [line.minutes for line in queries.route_lines(session, plan)]
    assert max(loads) / min(loads) < 1.35


def test_a_house_nobody_placed_stands_at_the_end_of_the_route_of_its_alley(session: Session, village: Village) -> None:
    plan = planned(session, village, status=["uncovered"])

    (lost,) = queries.unplaced_stops(session, plan)
    last = session.execute(
        select(Route.number, func.max(Stop.position)).join(Stop).where(Route.plan_id == plan.id).group_by(Route.number)
    ).all()
    place = session.execute(
        select(Route.number, Stop.position).join(Stop).where(Stop.household_id == lost.id, Route.plan_id == plan.id)
    ).one()
    assert lost.code == "P-99"
    assert tuple(place) in [tuple(row) for row in last]
    assert session.get_one(Household, lost.id).point is None


def test_teams_may_meet_at_a_place(session: Session, village: Village) -> None:
    free = planned(session, village)
    met = planned(session, village, start_lon=106.6105, start_lat=17.2650)

    assert sum(route.walk_metres for route in routes_of(session, met)) > sum(
        route.walk_metres for route in routes_of(session, free)
    )


def test_more_teams_than_doors_leave_teams_idle_and_say_so(session: Session, village: Village) -> None:
    plan = planned(session, village, areas=[village.second_id], teams=9)

    assert [line.doors for line in queries.route_lines(session, plan)] == [1]
    assert plan.summary["idle_teams"] == 8


def test_the_job_run_twice_leaves_the_routes_once(session: Session, village: Village) -> None:
    plan = planned(session, village)

    jobs.plan_routes(Watch(plan.job_id, {"plan_id": str(plan.id)}, village.leader.scope))  # type: ignore[arg-type]

    assert len(routes_of(session, plan)) == 2


def test_a_cancelled_job_changes_nothing(session: Session, village: Village) -> None:
    scope = village.leader.scope
    with transaction(scope) as asking:
        plan_id, job_id = service.ask_for_plan(asking, scope, wanted(village))
    session.get_one(Job, job_id).is_cancel_wanted = True
    session.flush()

    with pytest.raises(JobCancelledError):
        jobs.plan_routes(Watch(job_id, {"plan_id": str(plan_id)}, scope))

    assert session.scalar(select(func.count()).select_from(Route).where(Route.plan_id == plan_id)) == 0


def test_a_plan_of_nobody_is_refused(session: Session, village: Village) -> None:
    with pytest.raises(NoDoorsError), transaction(village.leader.scope) as asking:
        service.ask_for_plan(asking, village.leader.scope, wanted(village, status=["pledged"]))


def test_a_village_of_the_neighbour_commune_does_not_exist_for_the_leader(session: Session, village: Village) -> None:
    with pytest.raises(NotFoundError), transaction(village.leader.scope) as asking:
        service.ask_for_plan(asking, village.leader.scope, wanted(village, areas=[village.neighbour_id]))


def test_villages_without_an_area_in_common_are_planned_apart(session: Session, village: Village) -> None:
    from dataclasses import replace  # noqa: PLC0415 - a scope that no builder makes

    two = replace(village.leader.scope, area_ids=frozenset({village.id, village.neighbour_id}))
    with pytest.raises(AreasApartError), transaction(two) as asking:
        service.ask_for_plan(asking, two, wanted(village, areas=[village.id, village.neighbour_id]))


def test_a_stranger_finds_neither_plan_nor_route(session: Session, village: Village) -> None:
    plan = planned(session, village)
    route = routes_of(session, plan)[0]
    stranger = village.stranger.scope

    with reading(stranger) as asking, pytest.raises(PlanNotFoundError):
        queries.find_plan(asking, stranger, plan.id)
    with transaction(stranger) as asking, pytest.raises(RouteNotFoundError):
        service.assign(asking, stranger, route.id, Walkers(accounts=[village.stranger.id]))
    for deed in (service.publish, service.close, service.discard, service.share_again):
        with transaction(stranger) as asking, pytest.raises(PlanNotFoundError):
            deed(asking, stranger, plan.id)
    with reading(stranger) as asking:
        assert plan.id not in [row.id for row in queries.plans(asking, stranger)]


def test_a_route_goes_only_to_people_with_the_right_to_its_village(session: Session, village: Village) -> None:
    scope = village.leader.scope
    route = routes_of(session, planned(session, village))[0]

    with transaction(scope) as asking:
        service.assign(asking, scope, route.id, Walkers(accounts=[village.canvasser.id]))
    with transaction(scope) as asking, pytest.raises(WalkerOutsideError):
        service.assign(asking, scope, route.id, Walkers(accounts=[village.members["strange_canvasser"].id]))

    members = session.scalars(select(RouteMember.account_id).where(RouteMember.route_id == route.id))
    assert list(members) == [village.canvasser.id]


def test_a_plan_is_published_when_somebody_walks_every_route_and_closed_afterwards(
    session: Session, village: Village
) -> None:
    scope = village.leader.scope
    plan = planned(session, village)
    with transaction(scope) as asking, pytest.raises(NobodyAssignedError, match="T1, T2"):
        service.publish(asking, scope, plan.id)
    for route in routes_of(session, plan):
        with transaction(scope) as asking:
            service.assign(asking, scope, route.id, Walkers(accounts=[village.canvasser.id]))

    with transaction(scope) as asking:
        service.publish(asking, scope, plan.id)
    with reading(village.canvasser.scope) as asking:
        mine = set(asking.scalars(select(Route.id)))
    assert {route.id for route in routes_of(session, plan)} <= mine
    with transaction(scope) as asking, pytest.raises(PlanStateError):
        service.publish(asking, scope, plan.id)  # twice

    with transaction(scope) as asking:
        service.close(asking, scope, plan.id)
    with reading(village.canvasser.scope) as asking:
        assert not mine & {route.id for route in routes_of(session, plan)} & set(asking.scalars(select(Route.id)))
    with transaction(scope) as asking, pytest.raises(PlanStateError):
        service.assign(asking, scope, routes_of(session, plan)[0].id, Walkers())  # late


def test_a_draft_is_nothing_to_a_canvasser(session: Session, village: Village) -> None:
    plan = planned(session, village)

    with reading(village.canvasser.scope) as asking:
        assert asking.scalar(select(func.count()).select_from(Route).where(Route.plan_id == plan.id)) == 0


def test_a_discarded_draft_is_gone(session: Session, village: Village) -> None:
    plan_id = planned(session, village).id

    with transaction(village.leader.scope) as asking:
        service.discard(asking, village.leader.scope, plan_id)

    assert session.scalar(select(func.count()).select_from(Plan).where(Plan.id == plan_id)) == 0


def test_a_house_far_from_every_alley_is_planned_and_counted(session: Session, village: Village) -> None:
    a_household(session, village.id, "FAR-1", lonlat=(106.6200, 17.2700), status="uncovered", registered_count=1)

    plan = planned(session, village, status=["uncovered"])

    assert plan.summary["far_doors"] >= 1

"""The next plan walks the map as somebody edited it: drawn alleys, closed ones, private ones."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import Village, a_household
from tests.webmap.planning.test_service import planned
from tests.webmap.planning.world import SOUTH, STEP, WEST, the_alleys
from webmap.ids import uuid7
from webmap.planning.models import Plan, Route, Stop
from webmap.streets import editing, editing_details
from webmap.streets.editing_inputs import ClosedOn, Details, NewAlley
from webmap.streets.editing_queries import version_of
from webmap.streets.models import Alley

FIELD = (WEST + 10 * STEP, SOUTH - 6 * STEP)
"""Two hundred metres south of the road, where no way is known."""


@pytest.fixture
def house(session: Session, village: Village) -> object:
    """One uncovered household in the field, and one on the road."""
    the_alleys(session)
    a_household(session, village.id, "P-0", lonlat=(WEST + 2 * STEP, SOUTH), status="uncovered", registered_count=2)
    return a_household(session, village.id, "P-1", lonlat=FIELD, status="uncovered", registered_count=2).id


def version(session: Session, alley: Alley) -> str:
    return str(session.scalar(select(version_of(Alley)).where(Alley.id == alley.id)))


def stop_of(session: Session, plan: Plan, house: object) -> Stop:
    return session.scalars(
        select(Stop).join(Route, Route.id == Stop.route_id).where(Route.plan_id == plan.id, Stop.household_id == house)
    ).one()


def draw(session: Session, village: Village) -> Alley:
    """An alley from the road, drawn two metres beside it, to the house in the field."""
    new = NewAlley(
        uuid=uuid7(), coordinates=((FIELD[0], SOUTH - 0.00002), (FIELD[0], FIELD[1] - 0.0001)), name="Ngõ mới"
    )
    editing.add_alley(session, village.leader.scope, village.id, new)
    return session.scalars(select(Alley).where(Alley.uuid == new.uuid)).one()


def test_a_drawn_alley_is_walked_by_the_next_plan(session: Session, village: Village, house: object) -> None:
    before = planned(session, village, teams=1)
    assert before.summary["far_doors"] >= 1

    drawn = draw(session, village)
    after = planned(session, village, teams=1)

    assert after.summary["far_doors"] == before.summary["far_doors"] - 1
    assert stop_of(session, after, house).alley_id == drawn.id


def test_a_closed_alley_is_not_walked_by_the_next_plan(session: Session, village: Village, house: object) -> None:
    drawn = draw(session, village)
    closing = ClosedOn(version=version(session, drawn), closed_on=date(2025, 1, 1))
    editing_details.close(session, village.leader.scope, village.id, drawn.uuid, closing)

    plan = planned(session, village, teams=1)

    assert stop_of(session, plan, house).alley_id != drawn.id


def test_a_private_alley_is_walked_to_the_doors_on_it(session: Session, village: Village, house: object) -> None:
    drawn = draw(session, village)
    private = Details(version=version(session, drawn), name="Ngõ mới", kind="alley", access="private")
    editing_details.change_details(session, village.leader.scope, village.id, drawn.uuid, private)

    plan = planned(session, village, teams=1)

    assert stop_of(session, plan, house).alley_id == drawn.id


def test_a_forbidden_alley_is_not_walked(session: Session, village: Village, house: object) -> None:
    drawn = draw(session, village)
    forbidden = Details(version=version(session, drawn), name="Ngõ mới", kind="alley", access="forbidden")
    editing_details.change_details(session, village.leader.scope, village.id, drawn.uuid, forbidden)

    plan = planned(session, village, teams=1)

    assert stop_of(session, plan, house).alley_id != drawn.id

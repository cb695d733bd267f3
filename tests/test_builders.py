"""The small world is what its description says; other tests stand on it."""

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.builders import Village, people_of
from tests.clients import sign_in
from webmap.accounts.current import current_scope
from webmap.accounts.scope import SYSTEM
from webmap.database.engine import reading
from webmap.households.models import Household, Person


def test_the_world_has_two_communes_with_eight_families(session: Session, village: Village) -> None:
    assert session.scalar(select(func.count()).select_from(Household)) == 8
    assert session.scalar(select(func.count()).select_from(Person)) == 16
    assert [person.is_head for person in people_of(session, village.household)] == [True, False]


def test_the_leader_finds_her_commune_and_not_the_neighbours(session: Session, village: Village) -> None:
    with reading(village.leader.scope) as hers:
        codes = set(hers.scalars(select(Household.code)))

    assert codes == {"HT-1", "HT-2", "HT-3", "QX-1", "QX-2"}


def test_a_canvasser_finds_the_doors_of_her_walk_only(session: Session, village: Village) -> None:
    with reading(village.canvasser.scope) as hers:
        codes = set(hers.scalars(select(Household.code)))

    assert codes == {"HT-1", "HT-2"}


def test_a_signed_in_browser_is_known(client: FlaskClient, session: Session, village: Village) -> None:
    sign_in(session, client, village.leader.id)

    with client:
        client.get("/nowhere", headers={"Accept": "application/json"})
        assert current_scope() == village.leader.scope


def test_nothing_of_the_world_outlives_its_test(session: Session) -> None:
    with reading(SYSTEM) as anybody:
        assert anybody.scalar(select(func.count()).select_from(Household)) == 0

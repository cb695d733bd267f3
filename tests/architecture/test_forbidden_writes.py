"""The second wall against writing: what PostgreSQL itself lets nobody change, asked behind the application's back."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tests.architecture.every_table import visible
from tests.builders import Member, Village, people_of
from webmap.accounts.scope import SYSTEM, Scope
from webmap.database.engine import tell, transaction

# Deeds that lie outside the leader's or canvasser's areas; each as SQL with the world's ids.
FORBIDDEN: dict[str, Callable[[Session, Village], tuple[Member, str, dict[str, object]]]] = {
    "add a household next door": lambda _s, v: (
        v.leader, "insert into household (area_id, code) values (:area, 'X-1')", {"area": v.neighbour_id},
    ),
    "move a household next door": lambda _s, v: (
        v.leader, "update household set area_id = :area where id = :id", {"area": v.neighbour_id, "id": v.household.id},
    ),
    "add a person next door": lambda _s, v: (
        v.leader,
        "insert into person (household_id, area_id, full_name) values (:id, :area, 'Ai đó')",
        {"id": v.neighbour_households[0].id, "area": v.neighbour_households[0].area_id},
    ),
    "give a card to a person next door": lambda s, v: (
        v.leader,
        "insert into card (person_id, category, valid_from) values (:id, 'GD', '2026-01-01')",
        {"id": people_of(s, v.neighbour_households[0])[0].id},
    ),
    "record a visit next door": lambda _s, v: (
        v.canvasser,
        """insert into visit (id, household_id, area_id, account_id, outcome, happened_at, content_sha256)
           values (uuid7(), :id, :area, :me, 'met', now(), '')""",
        {"id": v.neighbour_households[0].id, "area": v.neighbour_households[0].area_id, "me": v.canvasser.id},
    ),
    "plan next door": lambda _s, v: (
        v.leader,
        "insert into plan (id, area_id, name, parameters, created_by) values (uuid7(), :area, 'x', '{}', :me)",
        {"area": v.neighbour_id, "me": v.leader.id},
    ),
    "add an account as a leader": lambda _s, v: (
        v.leader,
        "insert into account (id, username, full_name, role, password_hash) values (uuid7(), 'xxx', 'x', 'admin', '')",
        {},
    ),
    "give oneself an area": lambda _s, v: (
        v.leader, "insert into account_area values (:me, :area)", {"me": v.leader.id, "area": v.neighbour_id},
    ),
    "give an area that is not the administrator's": lambda _s, v: (
        Member(v.leader.id, "", Scope(v.leader.id, "admin", frozenset({v.commune_id}))),
        "insert into account_area values (:whom, :area)",
        {"whom": v.canvasser.id, "area": v.neighbour_id},
    ),
    "act in another's name in the audit": lambda _s, v: (
        v.leader,
        "insert into audit_event (account_id, action, subject_type) values (:whom, 'x', 'x')",
        {"whom": v.canvasser.id},
    ),
    "put a job in another's name": lambda _s, v: (
        v.leader, "insert into job (id, name, account_id) values (uuid7(), 'x', :whom)", {"whom": v.canvasser.id},
    ),
    "add a team next door": lambda _s, v: (
        v.leader, "insert into team (area_id, name) values (:area, 'x')", {"area": v.neighbour_id},
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_nothing_is_written_outside_ones_areas(session: Session, full: Village, deed: str) -> None:
    who, statement, values = FORBIDDEN[deed](session, full)

    with pytest.raises(ProgrammingError, match="row-level security"), transaction(who.scope) as hers:
        hers.execute(text(statement), values)


@pytest.mark.parametrize("table", ["household", "person", "card", "plan", "route", "stop", "account", "login_session"])
def test_rows_next_door_are_not_there_to_be_changed(session: Session, full: Village, table: str) -> None:
    column = {"card": "number", "plan": "name", "route": "number", "stop": "side", "login_session": "agent"}.get(
        table, "phone"
    )
    tell(session, SYSTEM)
    foreign = visible(table, full.stranger.scope)
    assert foreign
    with transaction(full.leader.scope) as hers:
        changed = hers.scalars(text(f"update {table} set {column} = {column} returning ctid::text")).all()
        hers.rollback()

    assert visible(table, full.stranger.scope) == foreign
    assert len(changed) <= len(visible(table, full.leader.scope))


@pytest.mark.parametrize("table", ["audit_event", "visit", "visit_person"])
@pytest.mark.parametrize("statement", ["update {} set {} = {}", "delete from {}", "truncate {}"])
@pytest.mark.parametrize("scope", ["system", "admin"])
def test_what_happened_can_be_rewritten_by_nobody(full: Village, table: str, statement: str, scope: str) -> None:
    column = {"audit_event": "action", "visit": "outcome", "visit_person": "outcome"}[table]
    asking = SYSTEM if scope == "system" else full.admin.scope

    with pytest.raises(ProgrammingError, match="permission denied"), transaction(asking) as session:
        session.execute(text(statement.format(table, column, column)))


def test_an_administrator_cannot_change_somebody_who_also_works_elsewhere(session: Session, full: Village) -> None:
    session.execute(
        text("insert into account_area values (:whom, :area)"),
        {"whom": full.canvasser.id, "area": full.neighbour_commune_id},
    )
    commune_admin = Scope(full.leader.id, "admin", frozenset({full.commune_id}))
    with transaction(commune_admin) as his:
        changed = his.scalars(
            text("update account set role = 'admin' where username = 'canvasser' returning username")
        ).all()

    assert changed == []


def test_a_leader_cannot_raise_anybody(full: Village) -> None:
    with transaction(full.leader.scope) as hers:
        changed = hers.scalars(text("update account set role = 'admin' where id <> :me returning username"),
                               {"me": full.leader.id}).all()  # fmt: skip

    assert changed == []

"""The second wall: what PostgreSQL itself shows and lets change, asked behind the application's back.

A NEW TABLE FAILS HERE until it either has row-level security and a row in tests/architecture/every_table.py, or is
listed in PUBLIC as holding nothing about people.
"""

import os

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.architecture.every_table import OF_HOUSEHOLDS, a_visit, visible
from tests.builders import Village
from webmap.accounts.scope import NOBODY, SYSTEM, Scope
from webmap.database.engine import connect, reading, sessions, transaction
from webmap.database.health import OPEN_TABLES

# Geography, categories and campaigns: the same for everybody, and about nobody.
PUBLIC = {
    "address_point", "alembic_version", "alley", "area", "area_closure", "area_crosswalk", "area_level", "area_parent",
    "area_reach", "base_salary", "building", "building_finding", "campaign", "card_category", "milestone", "not_a_gap",
    "premium_share", "source",
    "spatial_ref_sys", "terrain",
}  # fmt: skip
# Only the house itself looks at these.
SYSTEM_ONLY = {"login_attempt"}
# Made by nightly work from many households at once, in no test here: their own tests fill them.
FILLED_ELSEWHERE = {"published_area", "published_cell", "published_wide_cell"}

CATALOGUE = text("""
    select relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) as owner,
           exists (select 1 from pg_policy where polrelid = pg_class.oid) as has_policy,
           has_table_privilege('web_app', oid, 'select') as is_readable
      from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
""")


def protected(session: Session) -> list[str]:
    """Tables that the app may look at, and that hold more than public things."""
    return sorted(row.relname for row in session.execute(CATALOGUE) if row.relname not in PUBLIC and row.is_readable)


def test_every_table_that_is_not_public_has_row_level_security(session: Session) -> None:
    tables = session.execute(CATALOGUE).all()

    open_tables = {
        row.relname for row in tables if not (row.relrowsecurity and (row.has_policy or not row.is_readable))
    }
    assert open_tables - PUBLIC == set()
    assert set(OPEN_TABLES) == PUBLIC, "webmap doctor looks at the same list"
    assert open_tables == PUBLIC, "a table in PUBLIC is protected or gone: take it out of the list"


def test_the_app_works_as_a_role_that_security_holds(session: Session) -> None:
    role = session.execute(
        text("select rolname, rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user")
    ).one()
    owned = session.scalar(text("select count(*) from pg_class where relowner = 'web_app'::regrole"))

    assert tuple(role) == ("web_app", False, False, False)
    assert owned == 0


def test_views_of_maps_ask_with_the_rights_of_whoever_reads_them(session: Session) -> None:
    careless = session.scalars(
        text("""select relname from pg_class where relkind = 'v' and relnamespace = 'map'::regnamespace
                and not coalesce('security_invoker=true' = any (reloptions), false)""")
    ).all()

    assert careless == []


def test_functions_with_the_owners_rights_cannot_be_led_astray(session: Session) -> None:
    """A search path of the caller's could put another table under the name that the function means."""
    careless = session.scalars(
        text("""select proname from pg_proc where prosecdef and pronamespace in ('public'::regnamespace)
                and not exists (select 1 from pg_depend where objid = pg_proc.oid and deptype = 'e')
                and not exists (select 1 from unnest(proconfig) one where one like 'search\\_path=%pg\\_temp')""")
    ).all()

    assert careless == []


def test_without_a_word_who_asks_nothing_is_seen(session: Session, full: Village) -> None:
    session.execute(
        text("select set_config(name, '', true) from unnest(array['app.role', 'app.account_id', 'app.area_ids',"
             " 'app.sees_persons']) name")
    )  # fmt: skip

    seen = {table: session.scalar(text(f"select count(*) from {table}")) for table in protected(session)}
    assert {table: count for table, count in seen.items() if count} == {}


def test_nobody_sees_nothing(session: Session, full: Village) -> None:
    assert {table for table in protected(session) if visible(table, NOBODY)} == set()


def test_with_the_apps_own_filter_left_out_no_row_is_seen_by_both_communes(session: Session, full: Village) -> None:
    """The mutant: `select * from table`, as a programmer writes who forgot the scope."""
    leaks, unseen = {}, set()
    for table in protected(session):
        home, away = visible(table, full.leader.scope), visible(table, full.stranger.scope)
        if home & away:
            leaks[table] = len(home & away)
        if not home or not away:
            unseen.add(table)

    assert leaks == {}
    assert unseen - SYSTEM_ONLY - FILLED_ELSEWHERE == set(), "add a row of these to tests/architecture/every_table.py"


@pytest.mark.parametrize("table", OF_HOUSEHOLDS)
def test_whoever_may_not_see_persons_sees_no_row_of_a_household(full: Village, table: str) -> None:
    assert visible(table, full.leader.scope)
    assert visible(table, full.counter.scope) == set()


@pytest.mark.parametrize("schema_view", ["households"])
def test_nor_a_point_on_the_map(full: Village, schema_view: str) -> None:
    count = text(f"select count(*) from map.{schema_view}")
    with reading(full.leader.scope) as hers:
        assert hers.scalar(count)
    with reading(full.counter.scope) as theirs:
        assert theirs.scalar(count) == 0


def codes(scope: Scope) -> set[str]:
    with reading(scope) as session:
        return set(session.scalars(text("select code from household")))


@pytest.mark.parametrize(("state", "seen"), [("published", {"HT-1", "HT-2"}), ("draft", set()), ("closed", set())])
def test_a_canvasser_sees_the_doors_of_her_published_routes_only(
    session: Session, full: Village, state: str, seen: set[str]
) -> None:
    full.plan.state = state
    session.flush()

    assert codes(full.canvasser.scope) == seen
    with reading(full.canvasser.scope) as hers:
        names = set(hers.scalars(text("select right(full_name, 4) from person")))
    assert names == seen


def test_a_canvasser_taken_off_a_route_sees_it_no_more(session: Session, full: Village) -> None:
    session.execute(text("delete from route_member where account_id = :id"), {"id": full.canvasser.id})

    assert codes(full.canvasser.scope) == set()
    assert visible("stop", full.canvasser.scope) == set()


def test_an_administrator_sees_only_accounts_of_his_areas(session: Session, full: Village) -> None:
    commune_admin = Scope(full.leader.id, "admin", frozenset({full.commune_id}))
    with reading(commune_admin) as his:
        names = set(his.scalars(text("select username from account")))

    assert names == {"leader", "canvasser", "counter"}


# 10,000 leak nothing either; they take a minute on a quiet machine.
TURNS = int(os.environ.get("LEAK_TURNS", "400"))


class OnPurposeError(Exception):
    """What a view raises in the middle of its work."""


def go_wrong(session: Session, turn: int) -> None:
    if turn % 7 == 0:
        session.execute(text("select 1 / 0"))
    if turn % 11 == 0:
        raise OnPurposeError


@pytest.mark.timeout(300)
def test_hundreds_of_transactions_of_two_people_on_one_connection_leak_nothing(fresh_database: str) -> None:
    with transaction(SYSTEM) as session:
        village = Village.built(session)
        a_visit(session, village.household, village.canvasser, village.route)
    engine = connect(fresh_database, 1)
    expected = {
        village.leader.id: {"HT-1", "HT-2", "HT-3", "QX-1", "QX-2"},
        village.stranger.id: {"TX-1", "TX-2", "HH-1"},
    }
    people, wrong = (village.leader, village.stranger), []
    seen_codes = text("select array_agg(code) from household")
    for turn in range(TURNS):
        who = people[turn % 2] if turn % 3 else people[(turn // 3) % 2]
        try:
            if turn % 5 == 0:  # a connection of the pool, and nobody said who asks
                with engine.connect() as unsaid:
                    if unsaid.scalar(seen_codes) is not None:
                        wrong.append(f"{turn}: nobody saw something")
            with transaction(who.scope) as session:
                if set(session.scalar(seen_codes) or ()) != expected[who.id]:
                    wrong.append(f"{turn}: {who.username} saw something else")
                go_wrong(session, turn)
        except (OnPurposeError, DBAPIError):
            continue
    checked_out = engine.pool.checkedin()  # type: ignore[attr-defined]
    engine.dispose()

    assert wrong == []
    assert checked_out == 1


def test_the_shared_sessions_of_this_run_are_the_apps(session: Session) -> None:
    """Else the tests above would have looked through the owner's eyes."""
    assert sessions.kw["bind"] is session.get_bind()
    assert session.scalar(text("select current_user")) == "web_app"

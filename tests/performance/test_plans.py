"""PostgreSQL keeps using the indexes under row-level security: asked of its own plans, at 24,000 households.

Times depend on the machine, plans do not. `benchmarks/` has the times, at a million.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from gis_layers.layers.catalogue import LAYERS
from gis_layers.tiles import address, mvt
from gis_layers.types import LonLat
from tests import cluster
from tests.builders import an_area
from webmap.accounts.scope import SYSTEM, Scope
from webmap.coverage.queries import area_figures
from webmap.database.engine import connect, owner_engine, reading, sessions, transaction
from webmap.households.filters import HouseholdFilter, ids_by_text, where_sql
from webmap.households.models import Household
from webmap.ids import uuid7

COMMUNES, VILLAGES_EACH, DOORS_EACH = 15, 4, 400

LOAD = """
alter table household disable trigger user;
insert into household (area_id, code, head_name, status, point, place_source)
select area.id, 'H' || n, 'Nguyễn Văn ' || substr(md5(area.id || '-' || n), 1, 6), 'uncovered',
       st_setsrid(st_makepoint(105 + mod(area.id, 8) * 0.05 + random() * 0.04,
         17 + (area.id / 8) * 0.05 + random() * 0.04), 4326),
       'import'
  from area, generate_series(1, {doors}) n where area.level_id = 5;
insert into person (household_id, area_id, full_name)
select id, area_id, head_name from household;
alter table household enable trigger user;
analyze;
"""


@pytest.fixture(scope="module")
def commune(_app: Flask) -> Iterator[Scope]:
    """A leader of one of fifteen communes, in a database of 24,000 households."""
    url = cluster.new_database("plans")
    engine = connect(url)
    with transaction(SYSTEM) as session:
        communes = [an_area(session, f"C{n}", f"Xã {n}", "commune", None) for n in range(COMMUNES)]
        for parent in communes:
            for n in range(VILLAGES_EACH):
                an_area(session, f"V{parent}-{n}", f"Thôn {n}", "village", parent)
        session.execute(text("select area_tree_rebuild()"))
    owner = owner_engine(url)
    with owner.begin() as connection:
        connection.exec_driver_sql(LOAD.format(doors=DOORS_EACH))
        connection.execute(text("select coverage_recount()"))
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    owner.dispose()
    yield Scope(uuid7(), "leader", frozenset(communes[:1]))
    engine.dispose()
    sessions.configure(bind=_app.extensions["engine"], join_transaction_mode="conditional_savepoint")
    cluster.drop_database(url)


def plans(scope: Scope, deed: Callable[[Session], Any]) -> str:
    """What PostgreSQL means to do for every query of a deed, as it was sent."""
    said: list[tuple[str, Any]] = []

    with reading(scope) as session:
        bind = session.get_bind()

        def keep(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            said.append((statement, parameters))

        event.listen(bind, "before_cursor_execute", keep)
        deed(session)
        event.remove(bind, "before_cursor_execute", keep)
        cursor = session.connection().connection.cursor()
        nodes = []
        for statement, parameters in said:
            cursor.execute(f"explain (format json) {statement}", parameters or None)
            nodes.append(cursor.fetchone()[0])
    return json.dumps(nodes)


def sequential(plan: str) -> set[str]:
    """Tables that are read from end to end."""
    found = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("Node Type") == "Seq Scan":
                found.add(node["Relation Name"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(plan))
    return found


def somewhere(session: Session) -> LonLat:
    row = session.execute(select(Household.point.ST_X(), Household.point.ST_Y()).limit(1)).one()
    return LonLat(*row)


def the_tile(scope: Scope, z: int, condition: str = "") -> str:
    with reading(scope) as session:
        square = address.tile_at(somewhere(session), z)
    query = mvt.query(LAYERS["households" if z > 12 else "cells"], square, condition=condition)
    return plans(scope, lambda session: session.connection().exec_driver_sql(query))


@pytest.mark.parametrize("z", [13, 14, 16])
def test_a_tile_of_doors_uses_the_index_of_places_under_row_level_security(commune: Scope, z: int) -> None:
    plan = the_tile(commune, z)

    assert "ix_household_point" in plan
    assert "household" not in sequential(plan)


def test_without_the_leakproof_mark_the_index_would_not_be_used(commune: Scope) -> None:
    """Shows that the test above can fail, and why the mark is set."""
    owner = owner_engine(str(sessions.kw["bind"].url.render_as_string(hide_password=False)))
    mark = "alter function geometry_overlaps(geometry, geometry) {} leakproof"
    with owner.begin() as connection:
        connection.execute(text(mark.format("not")))
    try:
        assert "ix_household_point" not in the_tile(commune, 16)
    finally:
        with owner.begin() as connection:
            connection.execute(text(mark.format("")))
        owner.dispose()


def test_squares_are_read_by_their_key(commune: Scope) -> None:
    assert "coverage_cell" not in sequential(the_tile(commune, 10))


def test_a_name_is_found_through_trigrams(commune: Scope) -> None:
    plan = plans(commune, lambda session: session.scalars(ids_by_text("a3f2c1")).all())

    assert "ix_household_search_text" in plan
    assert "ix_person_name_folded" in plan
    assert sequential(plan) & {"household", "person"} == set()


def test_the_figures_of_areas_are_read_from_counters_and_never_from_doors(commune: Scope) -> None:
    def deed(session: Session) -> None:
        told = area_figures(session, commune, commune.area_ids)
        assert {one.households for one in told.values()} == {VILLAGES_EACH * DOORS_EACH}
        assert session.connection().exec_driver_sql("select map.version()").scalar_one() > 0

    plan = plans(commune, deed)

    assert "area_counter_pkey" in plan
    assert '"household"' not in plan
    assert '"person"' not in plan


def test_the_version_of_the_map_finds_its_areas_by_their_key(commune: Scope) -> None:
    # plans inside a function are not explained: PostgreSQL counts how often a table was read from end to end
    scans = text("select seq_scan, idx_scan from pg_stat_xact_user_tables where relname = 'area_counter'")
    with reading(commune) as session:
        session.execute(text("discard plans"))
        session.execute(text("set local enable_seqscan = off"))  # so few areas would be read whole by any means
        before = session.execute(scans).one()
        session.execute(text("select map.version()"))
        after = session.execute(scans).one()

    assert (after.seq_scan - before.seq_scan, after.idx_scan - before.idx_scan) == (0, 1)


def test_a_filtered_tile_does_not_read_all_doors_of_the_country(commune: Scope) -> None:
    with reading(commune) as session:
        square = address.tile_at(somewhere(session), 15)
        numbers, parameters = where_sql(HouseholdFilter(status=("uncovered",)), date(2026, 5, 1))
        query = mvt.query(LAYERS["households"], square, condition=f"household.number in ({numbers})")
        cursor = session.connection().connection.cursor()
        cursor.execute(f"explain (format json) {query}", parameters)
        plan = json.dumps(cursor.fetchone()[0])

    assert "ix_household_point" in plan
    assert "household" not in sequential(plan)

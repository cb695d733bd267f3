"""Models and migrations tell of the same tables; every migration can be undone and done again."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql.base import ischema_names

from webmap.app import load_models
from webmap.areas.models import Ltree
from webmap.database import migrate
from webmap.database.base import Base
from webmap.database.engine import owner_engine


@pytest.fixture
def connection(fresh_database: str) -> Iterator[Connection]:
    engine = owner_engine(fresh_database)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def included(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:  # noqa: FBT001 - alembic's signature
    return bool(alembic_helpers.include_object(thing, name, kind, reflected, other)) and name != "alembic_version"


def differences(connection: Connection) -> list[Any]:
    load_models()
    ischema_names["ltree"] = Ltree  # so that reading the database back knows the type
    context = MigrationContext.configure(
        connection, opts={"include_object": included, "compare_type": True, "compare_server_default": False}
    )
    return list(compare_metadata(context, Base.metadata))


def things(connection: Connection) -> dict[str, set[str]]:
    """Everything of ours in the database, by kind."""
    kinds = {
        "tables": "select schemaname || '.' || tablename from pg_tables where schemaname in ('public', 'map', 'jobs')",
        "views": "select schemaname || '.' || viewname from pg_views where schemaname in ('public', 'map')",
        "functions": "select proname || pg_get_function_arguments(pg_proc.oid) from pg_proc"
        " join pg_namespace on pg_namespace.oid = pronamespace"
        " where nspname in ('public', 'map', 'jobs')"
        " and not exists (select 1 from pg_depend where objid = pg_proc.oid and deptype = 'e')",
        "triggers": "select tgname || tgrelid::regclass from pg_trigger where not tgisinternal",
        "policies": "select tablename || policyname || qual from pg_policies",
        "rights": "select table_schema || table_name || privilege_type from information_schema.role_table_grants"
        " where grantee = 'web_app'",
        "indexes": "select indexdef from pg_indexes where schemaname in ('public', 'map')",
    }
    mine = {"public.spatial_ref_sys", "public.geometry_columns", "public.geography_columns", "public.alembic_version"}
    return {kind: set(connection.scalars(text(query))) - mine for kind, query in kinds.items()}


def test_models_and_migrations_tell_of_the_same_tables(connection: Connection) -> None:
    assert differences(connection) == []


def test_a_difference_would_be_found(connection: Connection) -> None:
    connection.execute(text("alter table household alter column note type varchar(9), add column colour text"))
    connection.execute(text("drop index ix_card_number"))

    found = str(differences(connection))

    assert "colour" in found
    assert "ix_card_number" in found
    assert "note" in found


def test_migrations_can_be_undone_to_nothing_and_done_again(fresh_database: str, connection: Connection) -> None:
    whole = things(connection)
    connection.rollback()

    migrate.downgrade(fresh_database, "base")
    left = things(connection)
    connection.rollback()
    migrate.upgrade(fresh_database)

    assert {kind: found for kind, found in left.items() if found and kind not in ("indexes", "rights")} == {}
    assert things(connection) == whole


def test_upgrading_twice_changes_nothing(fresh_database: str, connection: Connection) -> None:
    before = things(connection)
    connection.rollback()

    migrate.upgrade(fresh_database)

    assert things(connection) == before
    assert migrate.current(fresh_database) == migrate.newest()


def test_the_numbers_of_migrations_rise_along_their_chain() -> None:
    """`migrate.newest` and backups take the highest number for the newest."""
    chain = [one.revision for one in ScriptDirectory.from_config(migrate.config("")).walk_revisions()][::-1]

    assert chain == sorted(chain)
    assert chain[-1] == migrate.newest()

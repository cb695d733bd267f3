"""How migrations run: one at a time over all starters, and never waiting long for a lock."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import text

from webmap.database.engine import owner_engine

LOCK = 4_711_001  # any number, the same for all


def include(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:  # noqa: FBT001 - alembic's signature
    return bool(alembic_helpers.include_object(thing, name, kind, reflected, other))


def run() -> None:
    engine = owner_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("set lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            transaction_per_migration=True,
            include_object=include,
            process_revision_directives=alembic_helpers.writer,
            render_item=alembic_helpers.render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": LOCK})
        connection.commit()
    engine.dispose()


run()

"""Bring a database to the newest migration. Two starts at once wait for each other."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from webmap.database.engine import owner_engine
from webmap.database.sql_files import sql

# Beside the package in a checkout; inside it in an installed wheel.
HERE = Path(__file__).resolve().parent.parent
FOLDER = next(p for p in (HERE / "_migrations", HERE.parent / "migrations") if p.is_dir())


def config(url: str) -> Config:
    """Alembic's configuration, made here so that no ini file is needed."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["url"] = url
    return made


def upgrade(url: str, to: str = "head") -> None:
    """Run what is missing, each migration in its own transaction."""
    command.upgrade(config(url), to)
    if to == "head":
        engine = owner_engine(url)
        with engine.begin() as connection:
            connection.execute(sql("webmap.database", "leakproof"))
        engine.dispose()


def downgrade(url: str, to: str) -> None:
    """Undo migrations down to `to`, or all with "base"."""
    command.downgrade(config(url), to)


def newest() -> str:
    """The number of the newest migration in the code."""
    head = ScriptDirectory.from_config(config("")).get_current_head()
    return head or ""


def current(url: str) -> str | None:
    """The number of the migration the database stands at, or None."""
    engine = owner_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()

"""Bring a database to the newest migration. Two starts at once wait for each other."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from webmap.database.engine import owner_engine
from webmap.database.sql_files import sql

if TYPE_CHECKING:
    from alembic.config import Config

# Beside the package in a checkout; inside it in an installed wheel.
HERE = Path(__file__).resolve().parent.parent
NUMBER = re.compile(r"(\d{4})_\w+\.py")
FOLDER = next(p for p in (HERE / "_migrations", HERE.parent / "migrations") if p.is_dir())


def config(url: str) -> "Config":
    """Alembic's configuration, made here so that no ini file is needed."""
    from alembic.config import Config  # noqa: PLC0415 - slow to load, and most starts have nothing to migrate

    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["url"] = url
    return made


def upgrade(url: str, to: str = "head") -> None:
    """Run what is missing, each migration in its own transaction."""
    if to != "head" or current(url) != newest():
        from alembic import command  # noqa: PLC0415 - see above

        command.upgrade(config(url), to)
    if to == "head":
        engine = owner_engine(url)
        with engine.begin() as connection:
            connection.execute(sql("webmap.database", "leakproof"))
        engine.dispose()


def downgrade(url: str, to: str) -> None:
    """Undo migrations down to `to`, or all with "base"."""
    from alembic import command  # noqa: PLC0415 - see above

    command.downgrade(config(url), to)


def newest() -> str:
    """The number of the newest migration in the code: files begin with it."""
    return max(found[1] for file in (FOLDER / "versions").iterdir() if (found := NUMBER.fullmatch(file.name)))


def current(url: str) -> str | None:
    """The number of the migration the database stands at, or None."""
    engine = owner_engine(url)
    try:
        with engine.connect() as connection:
            if connection.scalar(text("select to_regclass('public.alembic_version')")) is None:
                return None
            number: str | None = connection.scalar(text("select version_num from public.alembic_version"))
            return number
    finally:
        engine.dispose()

"""Named queries kept as text: `<capability>/sql/<name>.sql`, parameters by name only."""

from functools import cache
from importlib.resources import files

from sqlalchemy import TextClause, text


@cache
def sql(package: str, name: str) -> TextClause:
    """The query `sql/<name>.sql` of a package. Its first line says what it answers."""
    return text(sql_text(package, name))


@cache
def sql_text(package: str, name: str) -> str:
    """The same as plain text, for psycopg (`%(name)s` parameters)."""
    return (files(package) / "sql" / f"{name}.sql").read_text("utf-8")

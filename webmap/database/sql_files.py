"""Named queries kept as text: `<capability>/sql/<name>.sql`, parameters by name only."""

from functools import cache
from importlib.resources import files
from typing import Any, cast

from sqlalchemy import CursorResult, TextClause, text
from sqlalchemy.orm import Session


@cache
def sql(package: str, name: str) -> TextClause:
    """The query `sql/<name>.sql` of a package. Its first line says what it answers."""
    return text(sql_text(package, name))


@cache
def sql_text(package: str, name: str) -> str:
    """The same as plain text, for psycopg (`%(name)s` parameters)."""
    return (files(package) / "sql" / f"{name}.sql").read_text("utf-8")


def run_statements(session: Session, package: str, name: str, **parameters: Any) -> list[Any]:
    """Run the statements of `sql/<name>.sql` one after the other; return the rows of the last."""
    rows: list[Any] = []
    for statement in sql_text(package, name).split(";\n"):
        if not statement.strip() or all(line.startswith("--") for line in statement.strip().splitlines()):
            continue
        used = {key: value for key, value in parameters.items() if f":{key}" in statement}
        result = cast("CursorResult[Any]", session.execute(text(statement), used))
        rows = list(result) if result.returns_rows else []
    return rows

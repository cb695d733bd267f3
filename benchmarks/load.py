"""Loading households with their people and cards: our COPY beside SQLAlchemy Core's insert of the same rows.

    python benchmarks/load.py [--people 60000] [--rounds 3]

Both write the same rows into databases of one throw-away server, in turn. `as they stand`: into the tables with all
their indexes and references (ours sets them aside and makes them again, which is counted). `bare`: into tables that
hold no row, no index but the primary keys, and no reference, which compares the two ways of writing alone.
The counters' triggers are off for both: bulk loads count at the end.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import numpy as np
from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import Connection, Integer, Table, Uuid, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

sys.path.insert(0, str(Path(__file__).parents[1]))

from webmap.areas.models import Source
from webmap.database import migrate, private_server
from webmap.database.engine import owner_engine
from webmap.demo import rows, world
from webmap.demo.builders import built_in_order
from webmap.demo.copying import NULL, copy, set_aside
from webmap.demo.places import plant
from webmap.households.models import Card, Household, Person

TODAY = date(2026, 4, 13)
GROUND = ("alley", "terrain", "building")
MODELS: dict[str, Table] = {
    "household": cast("Table", Household.__table__),
    "person": cast("Table", Person.__table__),
    "card": cast("Table", Card.__table__),
}
Communes = list[dict[str, rows.Rows]]


def prepare(url: str, people: int) -> Communes:
    """Lay the ground in an empty database, and hand back the rows that are to be loaded."""
    engine = owner_engine(url)
    with Session(engine) as session, session.begin():
        planned = world.plan(people, 1)
        source = Source(name="benchmark", kind="demo", is_invented=True)
        session.add(source)
        session.flush()
        tree = plant(session, planned, source.id)
        ids = rows.Ids(source.id, 1_776_000_000_000)
        communes = [
            rows.of_commune(built, planned.frame, tree.villages[built.plan.number], ids, TODAY)
            for built in built_in_order(planned, TODAY)
        ]
        raw = cast("Any", session.connection().connection.driver_connection)
        for tables in communes:
            for table in GROUND:
                copy(raw, table, tables[table])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze")
    engine.dispose()
    return [{table: tables[table] for table in MODELS} for tables in communes]


def by_copy(connection: Connection, communes: Communes) -> None:
    """Our way: columns as COPY text, indexes and references made at the end."""
    raw = cast("Any", connection.connection.driver_connection)
    with set_aside(raw, tuple(MODELS)):
        for tables in communes:
            for table, columns in tables.items():
                copy(raw, table, columns)


def by_core(connection: Connection, communes: Communes) -> None:
    """SQLAlchemy Core: a list of rows for each table, as many to a statement as it can hold."""
    for tables in communes:
        for name, table in MODELS.items():
            connection.execute(insert(table), as_dicts(table, tables[name]))


def as_dicts(table: Table, columns: rows.Rows) -> list[dict[str, Any]]:
    """The same rows as Python values, as an application holds them."""
    values = [as_values(table.c[name].type, column) for name, column in columns.items()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def as_values(kind: TypeEngine[Any], column: Any) -> list[Any]:
    held = column.tolist() if isinstance(column, np.ndarray) else column
    made: Callable[[Any], Any] = lambda value: value  # noqa: E731 - one of four
    if isinstance(kind, Geometry):
        made = lambda value: WKBElement(value, srid=4326, extended=True)  # noqa: E731
    elif isinstance(kind, Integer):
        made = int
    elif isinstance(kind, Uuid):
        made = UUID
    return [None if value in ("", NULL) or value != value else made(value) for value in held]  # noqa: PLR0124 - NaN


def timed(url: str, load: Callable[[Connection, Communes], None], communes: Communes, *, is_bare: bool) -> float:
    """Load everything in one transaction, measure until it is committed, and take it out again."""
    engine = owner_engine(url)
    try:
        with engine.connect() as connection:
            if is_bare:
                lay_bare(connection)
            stop_triggers(connection)
            connection.commit()
            began = time.perf_counter()
            load(connection, communes)
            connection.commit()
            seconds = time.perf_counter() - began
            connection.exec_driver_sql("truncate card, person, household cascade")
            connection.commit()
    finally:
        engine.dispose()
    return seconds


def stop_triggers(connection: Connection) -> None:
    for table in MODELS:
        connection.exec_driver_sql(f"alter table {table} disable trigger user")


def lay_bare(connection: Connection) -> None:
    """Leave the tables without indexes and references; `by_copy` then finds none to set aside."""
    raw = cast("Any", connection.connection.driver_connection)
    set_aside(raw, tuple(MODELS)).__enter__()  # left open: what is dropped stays dropped


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="webmap-load-") as folder:
        Path(folder).chmod(0o755)
        with private_server.using(Path(folder) / "server") as url:
            migrate.upgrade(url)
            communes = prepare(url, chosen.people)
            counts = {table: sum(len(tables[table]["id"]) for tables in communes) for table in MODELS}
            print(", ".join(f"{count:,} {table}" for table, count in counts.items()))
            for name, is_bare in (("as they stand", False), ("bare", True)):
                report(name, sum(counts.values()), compare(url, communes, chosen.rounds, is_bare=is_bare))


def compare(url: str, communes: Communes, rounds: int, *, is_bare: bool) -> dict[str, list[float]]:
    """Both ways in turn, so that a busy machine slows both."""
    seconds: dict[str, list[float]] = {"copy": [], "core": []}
    for _ in range(rounds):
        seconds["copy"].append(timed(url, by_copy, communes, is_bare=is_bare))
        seconds["core"].append(timed(url, by_core, communes, is_bare=is_bare))
    return seconds


def report(name: str, rows_count: int, seconds: dict[str, list[float]]) -> None:
    ours, theirs = (statistics.median(seconds[way]) for way in ("copy", "core"))
    ratios = [core / own for own, core in zip(seconds["copy"], seconds["core"], strict=True)]
    print(
        f"{name:<14} COPY {ours:6.1f} s ({rows_count / ours:9,.0f} rows/s)   Core {theirs:6.1f} s "
        f"({rows_count / theirs:7,.0f} rows/s)   median of ratios {statistics.median(ratios):.1f}x"
    )


if __name__ == "__main__":
    main()

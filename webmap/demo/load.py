"""Put an invented world into an empty database: all of it in one transaction, or none of it."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import cast

from sqlalchemy import update
from sqlalchemy.orm import Session

from webmap.areas.models import AreaLevel, Source
from webmap.coverage import publishing
from webmap.coverage.service import rebuild_all
from webmap.database.engine import owner_engine
from webmap.database.sql_files import sql
from webmap.demo import ATTRIBUTION, rows, tan_ninh, world
from webmap.demo.builders import built_in_order
from webmap.demo.campaign import begin_campaign
from webmap.demo.copying import Connection, copy, set_aside
from webmap.demo.history import keep_days, plant_former_map
from webmap.demo.logins import known_logins, make_accounts
from webmap.demo.places import Tree, plant
from webmap.demo.world import World

TABLES = ("alley", "terrain", "building", "household", "person", "card")

DISTRICT_TODAY = {"label_vi": "Huyện", "label_en": "District"}

Progress = Callable[[int, int, str], None]


class NotEmptyError(Exception):
    """The database holds something that is not marked as invented."""


@dataclass(slots=True)
class Loaded:
    """What was added, and how many seconds each part took."""

    name: str
    is_new: bool = True
    logins: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def fill(url: str, people: int | None, seed: int, today: date, progress: Progress) -> Loaded:
    """Fill an empty database. One that holds the demo is left as it is; one that holds anything else is refused."""
    engine = owner_engine(url)
    try:
        with Session(engine) as session, session.begin():
            here = session.execute(sql("webmap.demo", "what_is_here")).one()
            if here.demo:
                return Loaded(here.demo, is_new=False, logins=known_logins(session))
            if here.is_filled:
                raise NotEmptyError
            loaded = _fill(session, world.plan(people, seed), today, progress)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in (*TABLES, "area"):
                connection.exec_driver_sql(f"vacuum (analyze) {table}")
    finally:
        engine.dispose()
    return loaded


def _fill(session: Session, planned: World, today: date, progress: Progress) -> Loaded:
    source = Source(
        name=f"Dữ liệu dựng: {planned.people} người, số gieo {planned.seed}",
        kind="demo",
        licence="CC0-1.0",
        attribution=ATTRIBUTION,
        dated_on=today,
        is_invented=True,
    )
    session.add(source)
    session.flush()
    tree = plant(session, planned, source.id)
    if len(planned.districts) == 1 and planned.districts[0] is tan_ninh.DISTRICT:
        plant_former_map(session, tree, source.id)
    loaded = Loaded(source.name)
    connection = cast("Connection", session.connection().connection.driver_connection)
    with set_aside(connection, TABLES):
        began = time.monotonic()
        ids = rows.Ids(source.id, _milliseconds(today))
        _copy_all(connection, _tables(planned, tree, ids, today, progress), loaded)
        loaded.seconds["copy"] = time.monotonic() - began
        for table in TABLES:
            session.connection().exec_driver_sql(f"analyze {table}")
        began = time.monotonic()
        rebuild_all(session.connection(), today)
        keep_days(session, today)
        loaded.seconds["derive"] = time.monotonic() - began
        began = time.monotonic()
    loaded.seconds["index"] = time.monotonic() - began
    session.execute(sql("webmap.demo", "continue_numbers"))
    # in this world districts are of today: the label for real ones speaks of the past
    session.execute(update(AreaLevel).where(AreaLevel.code == "district").values(DISTRICT_TODAY))
    publishing.publish(session)
    begin_campaign(session, tree, make_accounts(session, tree), source.id, today)
    loaded.logins = known_logins(session)
    return loaded


def _tables(
    planned: World, tree: Tree, ids: rows.Ids, today: date, progress: Progress
) -> Iterator[dict[str, rows.Rows]]:
    """Invent the communes one after another, and say how far it is once each is written."""
    done = 0
    for built in built_in_order(planned, today):
        yield rows.of_commune(built, planned.frame, tree.villages[built.plan.number], ids, today)
        done += built.plan.people
        progress(done, planned.people, built.plan.name)


def _copy_all(connection: Connection, communes: Iterable[dict[str, rows.Rows]], loaded: Loaded) -> None:
    loaded.seconds["write"] = 0.0
    for tables in communes:
        began = time.monotonic()
        for table, columns in tables.items():
            loaded.rows[table] = loaded.rows.get(table, 0) + copy(connection, table, columns)
        loaded.seconds["write"] += time.monotonic() - began


def _milliseconds(day: date) -> int:
    """The instant at which the ids of a day's demo begin."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)

"""A synthetic province for measuring: 2,000 villages of 500 households in ribbons, made by PostgreSQL
itself. A commune has 5,000 households on 30 km², as in the Mekong delta.

    python -m benchmarks.world FOLDER [--households 1000000] [--people]

makes a private cluster in FOLDER (as crash-safe as the product's own) with the database `benchmark`, and prints its
address. Doors are given their figures directly; the counters are counted from them. Nothing in it is of any person.
"""

import argparse
import time
from pathlib import Path

import psycopg

from webmap.database import migrate, private_server

AREAS = """
insert into area (level_id, code, name, valid_from, boundary, boundary_kind)
  values (2, 'P', 'Tỉnh thử', '2020-01-01', st_multi(st_makeenvelope(105, 10, 106, 11, 4326)), 'drawn');
insert into area (level_id, code, name, valid_from, boundary, boundary_kind)
  select 4, 'C' || n, 'Xã ' || n, '2020-01-01', st_multi(st_makeenvelope(105 + mod(n, 20) * 0.05, 10 + (n / 20) * 0.05,
    105.05 + mod(n, 20) * 0.05, 10.05 + (n / 20) * 0.05, 4326)), 'drawn' from generate_series(0, 199) n;
insert into area (level_id, code, name, valid_from, boundary, boundary_kind)
  select 5, 'V' || n, 'Thôn ' || n, '2020-01-01', st_multi(st_makeenvelope(
    105 + mod(n / 10, 20) * 0.05 + mod(n, 2) * 0.025, 10 + (n / 200) * 0.05 + mod(n, 10) / 2 * 0.01,
    105.025 + mod(n / 10, 20) * 0.05 + mod(n, 2) * 0.025, 10.01 + (n / 200) * 0.05 + mod(n, 10) / 2 * 0.01, 4326)),
    'drawn' from generate_series(0, 1999) n;
insert into area_parent (area_id, parent_id, valid_from)
  select below.id, above.id, '2020-01-01' from area below, area above where above.code = case below.level_id
    when 4 then 'P' when 5 then 'C' || (substr(below.code, 2)::int / 10) end;
select area_tree_rebuild();
"""

# In the order of places, so that neighbours lie side by side on the disk (as a periodic CLUSTER would have them).
DOORS = """
insert into household (area_id, code, head_name, point, place_source, living_count, registered_count, covered_count,
                       living_covered_count, status, status_on, next_expiry_on)
select area_id, code, 'Nguyễn Văn ' || code, point, 'import', 4, 4, covered, covered,
       case covered when 4 then 'covered' when 0 then 'uncovered' else 'partly' end, current_date,
       case when covered > 0 then current_date + mod(hashtext(code), 180) + 180 end
  from (
    select area.id as area_id, area.code || '-' || n as code,
           case when random() < 0.9 then 4 else floor(random() * 4)::int end as covered,
           st_setsrid(st_makepoint(
             st_x(st_centroid(boundary)) + (along.t - 0.5) * 0.015 * cos(along.angle) + (random() - 0.5) * 0.0006,
             st_y(st_centroid(boundary)) + (along.t - 0.5) * 0.015 * sin(along.angle) + (random() - 0.5) * 0.0006),
             4326) as point
      from area, generate_series(1, %(each)s) n,
           lateral (select random() as t, mod(area.id + mod(n, 3), 12) * 0.52 as angle) along
     where level_id = 5
  ) door
 order by point
"""

PEOPLE = """
insert into person (household_id, area_id, full_name, birth_year, status, status_on)
select id, area_id, head_name, 1950 + n * 15, case when n <= covered_count then 'covered' else 'uncovered' end,
       current_date
  from household, generate_series(1, 4) n
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--people", action="store_true", help="four persons to each household as well")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    given.folder.chmod(0o755)
    server = private_server.start(given.folder)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create database benchmark")
    url = address_in(server, "benchmark")
    migrate.upgrade(url)
    with psycopg.connect(url) as connection:
        timed(connection, AREAS)
        connection.commit()
        load(connection, "household", DOORS, each=given.households // 2000)
        connection.commit()
        if given.people:
            load(connection, "person", PEOPLE)
            connection.commit()
        timed(connection, "select coverage_recount()")
    with psycopg.connect(url, autocommit=True) as connection:
        timed(connection, "vacuum analyze")
    print(url)


def address_in(server: str, database: str) -> str:
    """The address of another database of the same server."""
    head, _, options = server.partition("?")
    return f"{head.rpartition('/')[0]}/{database}?{options}"


def load(connection: psycopg.Connection, table: str, query: str, **given: int) -> None:
    """Run one large insert without triggers and with the indexes built afterwards."""
    kept = connection.execute(
        "select indexname, indexdef from pg_indexes where tablename = %s and indexdef not like '%%UNIQUE%%'", [table]
    ).fetchall()
    connection.execute(f"alter table {table} disable trigger user")
    for name, _ in kept:
        connection.execute(f"drop index {name}")
    timed(connection, query, given)
    for _, definition in kept:
        timed(connection, definition)
    connection.execute(f"alter table {table} enable trigger user")


def timed(connection: psycopg.Connection, query: str, given: dict[str, int] | None = None) -> None:
    began = time.perf_counter()
    connection.execute(query, given or None)
    print(f"{time.perf_counter() - began:8.1f} s  {' '.join(query.split())[:90]}", flush=True)


if __name__ == "__main__":
    main()

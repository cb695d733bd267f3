"""Visits per second with maintained figures beside none, by eight writers at once; then whether anything drifted.

    python -m benchmarks.world FOLDER            (once)
    python -m benchmarks.counters URL [--seconds 8] [--rounds 3]

Each visit is one transaction: a row of `visit` is added, and its door gets a status, counts and a mark. PostgreSQL's
own pgbench drives it, with and without the triggers of `household`, in turns; while they are on, a folder adds up
every 1.5 seconds, as the worker does. At the end every figure of every area and square is compared with a recount
(a minute or two). Also: how long the figures of an area page take, with what is pending.
"""

import argparse
import re
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from webmap.accounts.scope import SYSTEM
from webmap.app import load_models
from webmap.coverage.queries import area_figures
from webmap.database.engine import connect, reading
from webmap.database.postgres_binaries import find_binaries

VISIT = """
\\set n random(1, {most})
begin;
update household set covered_count = floor(random() * 5), living_covered_count = 0, last_visit_at = now(),
  status = (array['covered', 'partly', 'uncovered', 'reported', 'pledged'])[1 + floor(random() * 5)::int],
  door_mark = (array['not_home', 'refused', 'done'])[1 + floor(random() * 3)::int] where number = :n;
insert into visit (id, household_id, area_id, account_id, outcome, happened_at, content_sha256)
  select uuid7(), id, area_id, '{account}', 'met', now(), 'x' from household where number = :n;
end;
"""
WRITERS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with psycopg.connect(given.url, autocommit=True) as connection:
        (most,) = connection.execute("select max(number) from household").fetchone() or (0,)
        account = account_of(connection)
        script = Path(tempfile.mkdtemp()) / "visit.sql"
        script.write_text(VISIT.format(most=most, account=account), "utf-8")
        rates: dict[str, list[float]] = {"enable": [], "disable": []}
        for _ in range(given.rounds):
            connection.execute("alter table household disable trigger user")
            rates["disable"].append(pgbench(given.url, script, given.seconds))
            connection.execute("alter table household enable trigger user")
            rates["enable"].append(with_folder(given.url, script, given.seconds))
            print(
                f"round: {rates['disable'][-1]:.0f} visits/s without figures, {rates['enable'][-1]:.0f} with",
                flush=True,
            )
        without, kept = (statistics.median(rates[name]) for name in ("disable", "enable"))
        print(f"median: {without:.0f} visits/s without figures, {kept:.0f} with: {kept / without:.0%}", flush=True)
        pgbench(given.url, script, 1)  # leaves changes that nobody has added up yet
        page(given.url)
        connection.execute("select coverage_recount()")  # what was written without the triggers
        with_folder(given.url, script, given.seconds)
        differing = connection.execute("select count(*) from coverage_drift()").fetchone()
        print(f"figures that differ from a recount after {given.seconds} s of writing: {differing}")


def account_of(connection: "psycopg.Connection[tuple[object, ...]]") -> object:
    connection.execute(
        "insert into account (id, username, full_name, role, password_hash)"
        " values (uuid7(), 'writer', 'Writer', 'leader', '-') on conflict do nothing"
    )
    row = connection.execute("select id from account where username = 'writer'").fetchone()
    assert row is not None
    return row[0]


def pgbench(url: str, script: Path, seconds: int) -> float:
    program = find_binaries().program("pgbench")
    command = [program, "-n", "-f", str(script), "-c", str(WRITERS), "-j", "2", "-T", str(seconds), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    assert found is not None, said
    return float(found[1])


def with_folder(url: str, script: Path, seconds: int) -> float:
    stop = threading.Event()

    def keep_folding() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not stop.wait(1.5):
                fold_all(connection)

    thread = threading.Thread(target=keep_folding)
    thread.start()
    try:
        return pgbench(url, script, seconds)
    finally:
        stop.set()
        thread.join()


def fold_all(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    while True:
        row = connection.execute("select coverage_fold()").fetchone()
        if row is None or int(str(row[0])) <= 0:
            return


def page(url: str) -> None:
    """The figures of the province and of every commune in it, as its page asks for them."""
    load_models()
    engine = connect(url)
    with reading(SYSTEM) as session:
        areas = list(session.connection().exec_driver_sql("select id from area where level_id < 5").scalars())
        pending = session.connection().exec_driver_sql("select count(*) from coverage_delta").scalar()
        waits = []
        for _ in range(30):
            began = time.perf_counter()
            area_figures(session, SYSTEM, areas)
            waits.append((time.perf_counter() - began) * 1000)
    engine.dispose()
    print(f"figures of {len(areas)} areas with {pending} pending: median {statistics.median(waits):.1f} ms")


if __name__ == "__main__":
    main()

"""Does the private server keep what it acknowledged, over many kill -9? With a control that must lose.

    python benchmarks/kill_database.py --rounds 50

Writers insert as fast as they can; the postmaster is killed at a random moment; the next start recovers; every row
whose commit was acknowledged must be there. The control is the same cluster with synchronous_commit off and a slow
WAL writer: if it loses nothing, this measurement could not have noticed a loss, and says so.
"""

import argparse
import os
import random
import shutil
import signal
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from webmap.database import private_server

Row = tuple[int, int]


def write(url: str, writer: int, first: int, stop: threading.Event, acknowledged: set[Row]) -> None:
    number = first
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            while not stop.is_set():
                number += 1
                connection.execute(
                    "insert into visit values (%(writer)s, %(number)s)", {"writer": writer, "number": number}
                )
                acknowledged.add((writer, number))
    except psycopg.OperationalError:
        return


def one_round(data_dir: Path, writers: int, acknowledged: set[Row], first: int, *, durable: bool) -> tuple[int, float]:
    """Write, kill, start again. Returns how many acknowledged rows are gone, and the seconds until it answered."""
    url, stop = private_server.start(data_dir, durable=durable), threading.Event()
    postmaster = int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    with ThreadPoolExecutor(writers) as pool:
        for writer in range(writers):
            pool.submit(write, url, writer, first, stop, acknowledged)
        time.sleep(random.uniform(0.1, 0.8))  # noqa: S311 - nothing secret
        os.kill(postmaster, signal.SIGKILL)
        stop.set()
    began = time.perf_counter()
    with psycopg.connect(private_server.start(data_dir, durable=durable)) as connection:
        seconds = time.perf_counter() - began
        stored = set(connection.execute("select writer, number from visit").fetchall())
    lost = acknowledged - stored
    acknowledged -= lost
    return len(lost), seconds


def run(rounds: int, writers: int, *, durable: bool) -> int:
    folder = Path(tempfile.mkdtemp(prefix="webmap-kill-"))
    folder.chmod(0o755)
    acknowledged: set[Row] = set()
    lost, seconds = 0, []
    try:
        with psycopg.connect(private_server.start(folder, durable=durable), autocommit=True) as connection:
            connection.execute("create table visit (writer int, number int)")
            if not durable:
                connection.execute("alter system set wal_writer_delay = '2s'")
                connection.execute("select pg_reload_conf()")
        for number in range(rounds):
            gone, took = one_round(folder, writers, acknowledged, number * 10_000_000, durable=durable)
            lost += gone
            seconds.append(took)
        private_server.stop(folder)
        name = "as it runs" if durable else "control   "
        print(
            f"{name}  {rounds} kills, {len(acknowledged) + lost:,} acknowledged commits, {lost:,} lost; "
            f"answered again after {statistics.median(seconds):.2f} s (longest {max(seconds):.2f} s)"
        )
    finally:
        private_server.stop(folder)
        shutil.rmtree(folder)
    return lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--writers", type=int, default=4)
    given = parser.parse_args()
    lost = run(given.rounds, given.writers, durable=True)
    control = run(max(5, given.rounds // 4), given.writers, durable=False)
    if not control:
        print("The control lost nothing: this run proves nothing.")
    raise SystemExit(1 if lost or not control else 0)


if __name__ == "__main__":
    main()

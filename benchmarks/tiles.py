"""Tiles per second of the product beside tipg: the same table, the same core, in turns, as both are really run.

    python -m benchmarks.world FOLDER            (once)
    python -m benchmarks.tiles URL TIPG/bin/python [--seconds 5] [--rounds 5]

The product: waitress, somebody signed in, row-level security, gzip, no cache of any kind (no If-None-Match is sent).
tipg: uvicorn, one worker, nobody signed in, the owner's rights (so no row-level security), the same properties, gzip.
Eight connections ask for tiles of a fixed random list; both get the same list. Where Linux has it, both servers are
bound to one core; the database's own processes are not. Prints medians over the rounds, and their ratio; and the
processor time of a request, of server and database together: on a busy machine, waiting for others is not in it.
"""

import argparse
import http.client
import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from gis_layers.tiles import address
from gis_layers.types import LonLat

CONNECTIONS = 8
# How often a person at the map asks for which zoom (notes of the project: of 100 tiles).
SESSION = {8: 2, 10: 5, 12: 15, 14: 48, 16: 30}
Place = Callable[[int, int, int], str]


@dataclass
class Peer:
    """One server that is measured."""

    name: str
    port: int
    path: Place
    cookie: str = ""
    rates: dict[str, list[float]] = field(default_factory=dict)
    waits: dict[str, list[float]] = field(default_factory=dict)
    largest: int = 0
    process: int = 0
    work: dict[str, list[float]] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("tipg_python")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    lists = {
        "z14": tiles(given.url, {14: 1}),
        "z12": tiles(given.url, {12: 1}),
        "session z8-16": tiles(given.url, SESSION),
    }
    with ours(given.url, 8401) as product, tipg(given.url, given.tipg_python, 8402) as peer:
        for turn in range(given.rounds + 1):  # the first warms up and is not counted
            for name, addresses in lists.items():
                for one in (product, peer):
                    began = processor_seconds(given.url, one)
                    many = measure(one, name, addresses, given.seconds, counted=turn > 0)
                    if turn > 0:
                        one.work.setdefault(name, []).append((processor_seconds(given.url, one) - began) / many * 1000)
        for name in lists:
            tell(name, product, peer)
        print(f"largest tile, as sent: {product.name} {product.largest:,} bytes, {peer.name} {peer.largest:,} bytes")


def tiles(url: str, zooms: dict[int, int]) -> list[tuple[int, int, int]]:
    """Tiles where doors are, with zooms as often as asked."""
    with psycopg.connect(url) as connection:
        places = connection.execute(
            "select st_x(point), st_y(point) from household tablesample system (0.5) repeatable (1) limit 2000"
        ).fetchall()
    chance = random.Random(1)  # noqa: S311 - the same list every time
    wanted = chance.choices(list(zooms), list(zooms.values()), k=len(places))
    found = [address.tile_at(LonLat(*place), z) for place, z in zip(places, wanted, strict=True)]
    chance.shuffle(found)
    return [(one.z, one.x, one.y) for one in found]


def our_path(z: int, x: int, y: int) -> str:
    return f"/tiles/{'households' if z >= 13 else 'cells'}/{z}/{x}/{y}.mvt"


def tipg_path(z: int, x: int, y: int) -> str:
    mark = ",door_mark" if z >= 15 else ""
    return (
        f"/collections/public.household/tiles/WebMercatorQuad/{z}/{x}/{y}"
        f"?geom-column=point&properties=number,status{mark}&limit=1000000"
    )


@contextmanager
def ours(url: str, port: int) -> Iterator[Peer]:
    command = [*one_core(), sys.executable, "-m", "benchmarks.serve", url, str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        cookie = process.stdout.readline().strip()
        yield ready(Peer("product", port, our_path, cookie, process=process.pid))
    finally:
        stop(process)


@contextmanager
def tipg(url: str, python: str, port: int) -> Iterator[Peer]:
    settings = {
        **os.environ,
        "DATABASE_URL": with_host(url),
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_TABLE_INCLUDES": '["public.household"]',
        "TIPG_MAX_FEATURES_PER_TILE": "1000000",
        "TIPG_MAX_FEATURES_PER_QUERY": "1000000",
        "DB_MAX_CONN_SIZE": str(CONNECTIONS),
    }
    serve = ["-m", "uvicorn", "tipg.main:app", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen([*one_core(), python, *serve], env=settings)
    try:
        yield ready(Peer("tipg", port, tipg_path, process=process.pid))
    finally:
        stop(process)


def with_host(url: str) -> str:
    """The same address with the socket's folder as its host: tipg takes no address without one."""
    facts = psycopg.conninfo.conninfo_to_dict(url)
    host = quote(str(facts.get("host", "localhost")), safe="")
    return f"postgresql://{facts.get('user', '')}@{host}:{facts.get('port', 5432)}/{facts['dbname']}"


def one_core() -> list[str]:
    return ["taskset", "-c", "0"] if shutil.which("taskset") else []


def ready(peer: Peer) -> Peer:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=60)
            connection.request("GET", peer.path(14, 0, 0), headers={"Cookie": peer.cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status in (200, 204):
                return peer
            raise SystemExit(f"{peer.name} answers {answer.status}: {answer.reason}")
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{peer.name} does not start")


def stop(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=20)


def processor_seconds(url: str, peer: Peer) -> float:
    """What the server and all connections of the database have used so far. (The other server waits meanwhile.)"""
    with psycopg.connect(url) as connection:
        backends = connection.execute("select pid from pg_stat_activity where pid <> pg_backend_pid()").fetchall()
    used = 0.0
    for (process,) in [(peer.process,), *backends]:
        with suppress(FileNotFoundError):
            user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
            used += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return used


def measure(peer: Peer, name: str, addresses: list[tuple[int, int, int]], seconds: float, *, counted: bool) -> int:
    until, waits = time.perf_counter() + seconds, []

    def ask(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=120)
        headers = {"Cookie": peer.cookie, "Accept-Encoding": "gzip"}
        number = first
        while time.perf_counter() < until:
            began = time.perf_counter()
            connection.request("GET", peer.path(*addresses[number % len(addresses)]), headers=headers)
            answer = connection.getresponse()
            size = len(answer.read())
            assert answer.status in (200, 204), answer.status
            waits.append(time.perf_counter() - began)
            peer.largest = max(peer.largest, size)
            number += CONNECTIONS

    began = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(first,)) for first in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if counted:
        peer.rates.setdefault(name, []).append(len(waits) / (time.perf_counter() - began))
        peer.waits.setdefault(name, []).extend(waits)
    return len(waits)


def tell(name: str, product: Peer, peer: Peer) -> None:
    rates = [statistics.median(one.rates[name]) for one in (product, peer)]
    work = [statistics.median(one.work[name]) for one in (product, peer)]
    p95 = [statistics.quantiles(one.waits[name], n=20)[-1] * 1000 for one in (product, peer)]
    print(
        f"{name:14} product {rates[0]:7.1f} req/s, p95 {p95[0]:8.1f} ms"
        f" | tipg {rates[1]:7.1f} req/s, p95 {p95[1]:8.1f} ms"
        f" | {rates[0] / rates[1]:5.2f} times the requests, p95 1/{p95[1] / p95[0]:.1f}"
        f" | processor {work[0]:.1f} : {work[1]:.1f} ms a request, 1/{work[1] / work[0]:.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()

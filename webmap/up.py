"""Run the whole house on one machine: database, migrations, web server, one worker; and stop it in good order."""

import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection

import psycopg

from webmap.database import migrate, private_server
from webmap.database.address import database_address
from webmap.database.durability import switched_off
from webmap.database.postgres_account import make_data_dir
from webmap.settings import Settings

SECONDS_TO_LISTEN = 60
SECONDS_TO_FINISH = 30  # what a running job gets to end before it is stopped; it runs again at the next start
LOOK_EVERY_SECONDS = 0.2
ASK_THE_DATABASE_EVERY_SECONDS = 5
SHORTEST_LIFE_SECONDS = 5

Parts = dict[str, "subprocess.Popen[bytes]"]


class UpError(Exception):
    """It cannot run here and now; the words say why and what to do."""


class AlreadyRunningError(Exception):
    """It runs already, at the address in the words."""


def address(chosen: Settings) -> str:
    """Where people reach the pages on this machine."""
    host = "localhost" if chosen.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else chosen.host  # noqa: S104 - compared, not bound
    return f"http://{host}:{chosen.port}"


def answers(chosen: Settings) -> bool:
    """Say whether the pages and their database answer on this machine."""
    connection = HTTPConnection(_host_to_ask(chosen), chosen.port, timeout=4)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _host_to_ask(chosen: Settings) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(chosen.host, chosen.host)  # noqa: S104 - looked up, not bound


def run(chosen: Settings, *, ready: Callable[[], None], fill: Callable[[str], object] | None = None) -> None:
    """Run until told to stop. `fill` may put data into the migrated database; `ready` is called once pages answer."""
    with _only_one(chosen):
        _refuse_a_taken_port(chosen)
        with database_address(chosen) as url:
            _refuse_a_careless_server(url)
            migrate.upgrade(url)
            if fill:
                fill(url)
            _run_parts(chosen, url, ready)


def stop_when_closed(descriptor: int) -> None:
    """End this process in good order when the one that started it is gone, however it went."""

    def wait() -> None:
        os.read(descriptor, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def _only_one(chosen: Settings) -> Iterator[None]:
    make_data_dir(chosen.data_dir)
    with (chosen.data_dir / "webmap.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunningError(lock.read().strip()) from None
        lock.truncate(0)
        lock.write(f"{address(chosen)} (process {os.getpid()})\n")
        lock.flush()
        yield


def _refuse_a_careless_server(url: str) -> None:
    with psycopg.connect(url) as connection:
        off = switched_off(connection)
    if off:
        raise UpError(f"The database has {', '.join(off)} switched off: a power cut would lose visits.")


def _refuse_a_taken_port(chosen: Settings) -> None:
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise UpError(
                f"Port {chosen.port} is taken by another program. Choose another one: WEBMAP_PORT={chosen.port + 1}"
            ) from error


def _run_parts(chosen: Settings, url: str, ready: Callable[[], None]) -> None:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    reading, writing = os.pipe()  # the parts hold the reading end: when we die, they see it closed
    parts: Parts = {}
    try:
        for name in ("serve", "worker"):
            parts[name] = _start(name, chosen, url, reading)
        if _wait_until_it_listens(chosen, parts["serve"], stopping):
            ready()
        _watch(parts, chosen, url, reading, stopping)
    finally:
        for name in ("serve", "worker"):
            if name in parts:
                _end(parts[name])
        os.close(writing)
        os.close(reading)


def _start(name: str, chosen: Settings, url: str, reading: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "webmap", name, "--until-closed", str(reading)],
        env={**os.environ, "DATABASE_URL": url, "WEBMAP_DATA_DIR": str(chosen.data_dir)},
        pass_fds=(reading,),
        start_new_session=True,  # Ctrl-C is for us alone: we stop the parts one after the other
    )


def _wait_until_it_listens(chosen: Settings, web: "subprocess.Popen[bytes]", stopping: threading.Event) -> bool:
    for _ in range(int(SECONDS_TO_LISTEN / LOOK_EVERY_SECONDS)):
        if web.poll() is not None or stopping.is_set():
            return False
        if answers(chosen):
            return True
        stopping.wait(LOOK_EVERY_SECONDS)
    raise UpError(f"The web server did not answer within {SECONDS_TO_LISTEN} seconds; its words are above.")


def _watch(parts: Parts, chosen: Settings, url: str, reading: int, stopping: threading.Event) -> None:
    """Start a part again when it ends by itself; give up when it cannot live."""
    asked = time.monotonic()
    started = dict.fromkeys(parts, asked)
    while not stopping.wait(LOOK_EVERY_SECONDS):
        if not chosen.database_url and time.monotonic() - asked > ASK_THE_DATABASE_EVERY_SECONDS:
            private_server.start(chosen.data_dir)  # at once when it runs
            asked = time.monotonic()
        for name, part in parts.items():
            if part.poll() is None:
                continue
            if time.monotonic() - started[name] < SHORTEST_LIFE_SECONDS:
                raise UpError(f"`webmap {name}` ended at once (exit code {part.returncode}); its words are above.")
            started[name] = time.monotonic()
            parts[name] = _start(name, chosen, url, reading)


def _end(part: "subprocess.Popen[bytes]") -> None:
    part.terminate()
    try:
        part.wait(SECONDS_TO_FINISH)
    except subprocess.TimeoutExpired:
        part.kill()
        part.wait()

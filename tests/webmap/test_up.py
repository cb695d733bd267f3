"""`webmap up`: everything starts with one command, and everything stops with it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from webmap import up
from webmap.database import private_server
from webmap.database.address import settle_data_dir
from webmap.settings import settings


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="webmap-test-"))
    folder.chmod(0o755)
    yield folder / "data"
    private_server.stop(folder / "data")
    shutil.rmtree(folder)


@pytest.fixture
def environment(data_dir: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {**os.environ, "WEBMAP_DATA_DIR": str(data_dir), "WEBMAP_PORT": str(port), "WEBMAP_TRUSTED_PROXIES": "1"}


@contextmanager
def webmap_up(environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as said:
        command = [sys.executable, "-u", "-m", "webmap", "up"]
        running = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield running
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(60)


def wait_until(happened: Callable[[], bool], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def children_of(process: int) -> list[int]:
    said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    return [int(number) for number in said.stdout.split()]


def is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def test_one_command_starts_everything_keeps_it_alive_and_ctrl_c_stops_it(
    data_dir: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with webmap_up(environment, log) as running:
        wait_until(lambda: "is ready" in log.read_text(), log)
        ready_at = time.monotonic()
        # A web server in front is believed when it says that people came by HTTPS.
        said_by_proxy = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        with urlopen(Request(f"http://127.0.0.1:{environment['WEBMAP_PORT']}/health", headers=said_by_proxy)) as answer:
            assert answer.status == 200
            assert "Strict-Transport-Security" in answer.headers

        command = [sys.executable, "-m", "webmap", "up"]
        again = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert f"runs already: http://localhost:{environment['WEBMAP_PORT']}" in again.stdout

        wait_until(lambda: time.monotonic() - ready_at > up.SHORTEST_LIFE_SECONDS, log)
        before = children_of(running.pid)
        os.kill(before[1], signal.SIGKILL)
        wait_until(lambda: len(children_of(running.pid)) == 2 and children_of(running.pid) != before, log)
        web_and_worker = children_of(running.pid)

    assert running.returncode == 0
    assert not any(map(is_alive, web_and_worker))
    assert not private_server.is_running(data_dir)


def test_the_parts_end_when_the_one_that_started_them_was_killed() -> None:
    program = "import sys, time; from webmap import up; up.stop_when_closed(int(sys.argv[1])); time.sleep(60)"
    reading, writing = os.pipe()
    part = subprocess.Popen([sys.executable, "-c", program, str(reading)], pass_fds=(reading,))
    os.close(reading)
    os.close(writing)  # as the kernel does for a killed process

    assert part.wait(30) == -signal.SIGTERM


def test_a_taken_port_is_said_before_anything_starts(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        socket.create_server(("127.0.0.1", int(environment["WEBMAP_PORT"]))),
        webmap_up(environment, log) as running,
    ):
        assert running.wait(60) == 1

    assert f"is taken by another program. Choose another one: WEBMAP_PORT={int(environment['WEBMAP_PORT']) + 1}" in (
        log.read_text()
    )


def test_a_given_database_that_could_lose_visits_is_refused_and_no_private_one_is_made(
    data_dir: Path, environment: dict[str, str], fresh_database: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with webmap_up({**environment, "DATABASE_URL": fresh_database}, log) as running:
        assert running.wait(60) == 1

    assert "fsync, full_page_writes, synchronous_commit switched off" in log.read_text()
    assert not (data_dir / "postgres").exists()


def test_the_last_one_out_stops_the_database(data_dir: Path) -> None:
    with private_server.using(data_dir):
        with private_server.using(data_dir):
            pass
        assert private_server.is_running(data_dir)

    assert not private_server.is_running(data_dir)


def test_root_in_a_closed_folder_gets_a_data_folder_that_the_database_can_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.delenv("WEBMAP_DATA_DIR", raising=False)
    settings.cache_clear()
    try:
        settle_data_dir()
        assert settings().data_dir == Path("/var/lib/webmap")
    finally:
        monkeypatch.delenv("WEBMAP_DATA_DIR", raising=False)
        settings.cache_clear()

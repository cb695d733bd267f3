"""How long until something answers: the private server from nothing and when it exists; `webmap up` to the first page.

python benchmarks/starting.py --rounds 5
"""

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

from webmap.database import private_server


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def told(what: str, took: list[float], goal: float) -> None:
    print(f"{what:<48} median {statistics.median(took):5.2f} s   longest {max(took):5.2f} s   goal {goal} s")


def started(folder: Path) -> float:
    return seconds(lambda: private_server.start(folder))


def server(rounds: int) -> None:
    cold, warm, running = [], [], []
    for _ in range(rounds):
        folder = Path(tempfile.mkdtemp(prefix="webmap-start-"))
        folder.chmod(0o755)
        cold.append(started(folder))
        private_server.stop(folder)
        warm.append(started(folder))
        running.append(started(folder))
        private_server.stop(folder)
        shutil.rmtree(folder)
    told("private server, from nothing", cold, 5)
    told("private server, stopped", warm, 0.5)
    told("private server, running", running, 0.5)


def first_page(environment: dict[str, str]) -> float:
    command = [sys.executable, "-m", "webmap", "up"]
    began = time.perf_counter()
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{environment['WEBMAP_PORT']}/sign-in"
    try:
        while True:
            try:
                with urlopen(address, timeout=2) as answer:
                    answer.read()
                    return time.perf_counter() - began
            except OSError:
                time.sleep(0.02)
    finally:
        running.send_signal(signal.SIGINT)
        running.wait()


def everything(rounds: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="webmap-start-"))
    folder.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {**os.environ, "WEBMAP_DATA_DIR": str(folder), "WEBMAP_PORT": port, "WEBMAP_IS_HTTPS": "false"}
    try:
        told("webmap up, first start, to the first page", [first_page(environment)], 15)
        told("webmap up, later starts", [first_page(environment) for _ in range(rounds)], 5)
    finally:
        private_server.stop(folder)
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    server(rounds)
    everything(rounds)


if __name__ == "__main__":
    main()

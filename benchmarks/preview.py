"""How long somebody waits to see what a file of a province's communes would change.

    python -m benchmarks.preview PROVINCES.geojson COMMUNES.geojson...

Loads the provinces into a throw-away database, then asks `webmap import map --check` for each file of communes, which
reads, compares and judges it as the page's preview does; the start of the command is in the figure. Beside it: the
same file read with GDAL (pyogrio) and nothing else done.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import pyogrio

from webmap.database import migrate, private_server

GOAL = 10.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("provinces", type=Path)
    parser.add_argument("communes", type=Path, nargs="+")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="webmap-preview-"))
    folder.chmod(0o755)
    try:
        url = private_server.start(folder)
        migrate.upgrade(url)
        asked(url, given.provinces, "--top", "--yes")
        for path in given.communes:
            took = asked(url, path, "--check")
            began = perf_counter()
            many = len(pyogrio.raw.read(path)[2])
            bare = perf_counter() - began
            print(f"{path.name}: {many} areas in {took:.1f} s (goal {GOAL:.0f} s); GDAL alone {bare:.2f} s")
    finally:
        private_server.stop(folder)
        shutil.rmtree(folder)


def asked(url: str, path: Path, *options: str) -> float:
    """Seconds of one `webmap import map`."""
    began = perf_counter()
    command = [sys.executable, "-m", "webmap", "import", "map", str(path), *options]
    answered = subprocess.run(
        command, env={**os.environ, "DATABASE_URL": url}, capture_output=True, text=True, check=False
    )
    if answered.returncode:
        sys.exit(answered.stderr or answered.stdout)
    return perf_counter() - began


if __name__ == "__main__":
    main()

"""A large .osm.pbf clipped to a commune: how long, and how much memory.

    nice -n 10 python benchmarks/clip.py [--megabytes 200] [--folder /tmp/clip]

The file is invented here: houses, alleys, fences and lakes (relations) in the shares of a country's, with ids spread
as widely as OpenStreetMap's. It is read as an import does, in a process of its own: the features of the commune's box,
cut to its boundary. Its peak of resident memory and its CPU seconds are told. The file is removed afterwards.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium
import shapely

sys.path.insert(0, str(Path(__file__).parents[1]))

from gis_layers.sources.clip import clipped
from gis_layers.sources.osm import features_within
from gis_layers.types import BBox

OF_A_MEGABYTE = {"house": 9_000, "alley": 7_000, "fence": 9_000, "lake": 30}  # about as in Vietnam's extract
CORNERS = np.array([4, 10, 12, 40])
TAGS = ("Tbuilding=yes", "Thighway=residential", "Tbarrier=fence", "")
HOUSE, LAKE = 0, 3
HOUSE_STEPS = np.array(((0, 0), (1e-4, 0), (0, 1e-4), (-1e-4, 0)))  # each corner from the one before
WEST, SOUTH, SIDE = 104.0, 15.0, 4.0
MOST_ID = 12_000_000_000
AT_ONCE = 50_000  # things
COMMUNE = BBox(106.0, 17.0, 106.1, 17.1)


def invent(path: Path, megabytes: int) -> None:
    """Write nodes, then ways over them, each near where it began, then relations; the same every time."""
    chance = np.random.default_rng(1)
    shares = np.array(list(OF_A_MEGABYTE.values())) * megabytes
    kinds = chance.permutation(np.repeat(np.arange(len(shares)), shares))
    apart = 2 * MOST_ID // len(kinds)
    firsts = np.cumsum(chance.integers(50, apart, len(kinds)))
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for at in range(0, len(kinds), AT_ONCE):
            chunk = slice(at, at + AT_ONCE)
            _written(writer, _nodes(chance, kinds[chunk], firsts[chunk]))
        for at in range(0, len(kinds), AT_ONCE):
            _written(writer, _ways(at, kinds[at : at + AT_ONCE], firsts[at : at + AT_ONCE]))
        lakes = (np.flatnonzero(kinds == LAKE) + 1).tolist()
        _written(writer, (f"r{way} Ttype=multipolygon,natural=water Mw{way}@outer" for way in lakes))


def _nodes(chance: np.random.Generator, kinds: npt.NDArray[np.int64], firsts: npt.NDArray[np.int64]) -> Iterable[str]:
    corners = CORNERS[kinds]
    of = np.repeat(np.arange(len(kinds)), corners)
    begin = np.cumsum(corners) - corners
    corner = np.arange(len(of)) - begin[of]
    step = chance.random(len(of)) * 2e-4
    steps = np.column_stack((step, 2e-4 - step))
    is_house, is_lake = kinds[of] == HOUSE, kinds[of] == LAKE
    steps[is_house] = HOUSE_STEPS[corner[is_house]]
    angle = corner[is_lake] * (2 * np.pi / CORNERS[LAKE])
    steps[is_lake] = np.column_stack((np.cos(angle), np.sin(angle))) * 1e-4
    walked = np.cumsum(steps, axis=0)
    lonlats = (SIDE * chance.random((len(kinds), 2)) - walked[begin])[of] + walked + (WEST, SOUTH)
    return map("n%d x%.7f y%.7f".__mod__, zip((firsts[of] + corner).tolist(), *lonlats.T.tolist(), strict=True))


def _ways(before: int, kinds: npt.NDArray[np.int64], firsts: npt.NDArray[np.int64]) -> Iterable[str]:
    for number, (kind, first) in enumerate(zip(kinds.tolist(), firsts.tolist(), strict=True), before + 1):
        line = [*range(first, first + CORNERS[kind]), *([first] if kind in {HOUSE, LAKE} else [])]
        yield f"w{number} {TAGS[kind]} Nn" + ",n".join(map(str, line))


def _written(writer: osmium.SimpleWriter, lines: Iterable[str]) -> None:
    with osmium.io.Reader(osmium.io.FileBuffer("\n".join(lines).encode(), "opl")) as reader:
        osmium.apply(reader, writer)


def read(path: Path) -> None:
    """Clip the file as an import does, and tell what that took."""
    began = time.monotonic()
    found = sum(1 for _ in clipped(features_within(path, COMMUNE), shapely.box(*COMMUNE)))
    taken = resource.getrusage(resource.RUSAGE_SELF)
    cpu, peak = taken.ru_utime + taken.ru_stime, taken.ru_maxrss / 1024
    print(f"{path.stat().st_size / 1024**2:.1f} MiB: {found:,} features of the commune")
    print(
        f"{cpu:.0f} s of CPU (limit: 600), {time.monotonic() - began:.0f} s in all, peak {peak:.0f} MiB (goal: 1,024)"
    )


def main() -> None:
    """Invent, read in a process apart, remove."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--megabytes", type=int, default=200)
    given.add_argument("--folder", type=Path, default=Path("/tmp/clip"))  # noqa: S108 - whoever runs it chooses
    given.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    wanted = given.parse_args()
    if wanted.read:
        read(wanted.read)
        return
    wanted.folder.mkdir(parents=True, exist_ok=True)
    path = wanted.folder / "invented.osm.pbf"
    try:
        invent(path, wanted.megabytes)
        subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)
    finally:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()

"""A large .osm.pbf clipped to a commune: how long, and how much memory.

    python benchmarks/clip.py [--megabytes 200] [--folder /tmp/clip]

The file is invented here: houses, alleys and fences in the shares of a country's, without its relations. It
is read twice, as an import does (summary, then features within the commune's box, cut to its boundary), in a process of
its own whose peak of resident memory is told. The file is removed afterwards.
"""

import argparse
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import osmium
import shapely

sys.path.insert(0, str(Path(__file__).parents[1]))

from gis_layers.sources.clip import clipped
from gis_layers.sources.osm import features, summary
from gis_layers.types import BBox

OF_A_MEGABYTE = {"house": 9_000, "alley": 7_000, "fence": 9_000}  # about as in Vietnam's extract
CORNERS = {"house": 4, "alley": 10, "fence": 12}
TAGS = {"house": {"building": "yes"}, "alley": {"highway": "residential"}, "fence": {"barrier": "fence"}}
HOUSE = ((0, 0), (1e-4, 0), (0, 1e-4), (-1e-4, 0))  # each corner from the one before
WEST, SOUTH, SIDE = 104.0, 15.0, 4.0
COMMUNE = BBox(106.0, 17.0, 106.1, 17.1)


def invent(path: Path, megabytes: int) -> None:
    """Write nodes, then ways over them, each near where it began; the same every time."""
    chance = random.Random(1)  # noqa: S311 - nothing secret
    kinds = [kind for kind, many in OF_A_MEGABYTE.items() for _ in range(many * megabytes)]
    chance.shuffle(kinds)
    node = 0
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for kind in kinds:
            lon, lat = WEST + SIDE * chance.random(), SOUTH + SIDE * chance.random()
            for corner in range(CORNERS[kind]):
                node += 1
                step = chance.random() * 2e-4
                east, north = HOUSE[corner] if kind == "house" else (step, 2e-4 - step)
                lon, lat = lon + east, lat + north
                writer.add_node(osmium.osm.mutable.Node(id=node, location=(lon, lat)))
        first = 1
        for number, kind in enumerate(kinds, 1):
            line = list(range(first, first + CORNERS[kind]))
            first += CORNERS[kind]
            nodes = [*line, line[0]] if kind == "house" else line
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=TAGS[kind]))


def read(path: Path) -> None:
    """Clip the file as an import does, and tell what that took."""
    began = time.monotonic()
    about = summary(path)
    seen = time.monotonic()
    found = sum(1 for _ in clipped(features(about, COMMUNE), shapely.box(*COMMUNE)))
    ended = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{path.stat().st_size / 1024**2:.1f} MB, {about.objects:,} objects: {found:,} features of the commune;")
    print(f"summary {seen - began:.0f} s, clip {ended - seen:.0f} s, peak {peak:.0f} MiB resident (goal: under 1,024)")


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

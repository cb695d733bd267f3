"""Spoil thousands of map files of every kind and read them through the product's door: no crash, no hang, no surprise.

    nice -n 10 python -m benchmarks.fuzz_map_files 10000            # of each kind
    nice -n 10 python -m benchmarks.fuzz_map_files 10000 kml gpx    # of some
    python -m benchmarks.fuzz_map_files 1 kml --first 8123          # that one again

What went wrong in an unforeseen way is kept in the folder `fuzz-found` below the system's folder for temporary files.
"""

import argparse
import logging
import random
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gis_layers.errors import GisError, UnreadableFileError
from gis_layers.sources import apart
from tests.gis_layers.sources.mutations import spoilt
from tests.gis_layers.sources.seeds import of_every_kind
from tests.gis_layers.sources.whole_file import read_whole

LIMITS = apart.Limits(memory_bytes=1024**3, cpu_seconds=10, patience_seconds=20, written_bytes=256 * 1024**2)
FILES_OF_ONE_PROCESS = 400  # osmium leaves some of the files open that it stumbles over
BAD = ("crash", "hang", "surprise")


def told_of(kind: str, sound: bytes, numbers: range, folder: Path) -> Iterator[tuple[int, bytes, str, str]]:
    """Yield for each spoilt file its number, its content, what became of it, and details of what should not be."""
    path = folder / "spoilt"
    waiting = list(numbers)
    while waiting:
        with apart.child(LIMITS) as reader:
            for _ in range(FILES_OF_ONE_PROCESS):
                if not waiting:
                    return
                number = waiting.pop(0)
                content = spoilt(sound, random.Random(f"{kind} {number}"))  # noqa: S311 - the same again, on purpose
                path.write_bytes(content)
                outcome, detail = _outcome(reader, path)
                yield number, content, outcome, detail
                if outcome in {"crash", "hang"}:
                    break


def _outcome(reader: apart.Child, path: Path) -> tuple[str, str]:
    try:
        reader.call(read_whole, path)
    except UnreadableFileError as error:
        reason, detail = str(error.facts["reason"]), str(error.facts.get("detail", ""))
        if reason == "crashed":
            return ("crash" if detail.startswith(("SIG", "exit")) else "surprise"), detail
        return ("hang", detail) if reason == "took_too_long" else (reason, "")
    except GisError as error:
        return type(error).__name__, ""
    return "read", ""


def main() -> None:
    """Print one line a kind: how many were read, refused and why, and what should not have happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore", UserWarning)  # the names in a spoilt zip
    kept = Path(tempfile.gettempdir(), "fuzz-found")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        seeds = of_every_kind(Path(name))
        for kind in asked.kinds or seeds:
            began = time.monotonic()
            outcomes: Counter[str] = Counter()
            surprises: Counter[str] = Counter()
            numbers = range(asked.first, asked.first + asked.count)
            for number, content, outcome, detail in told_of(kind, seeds[kind], numbers, Path(name)):
                outcomes[outcome] += 1
                if outcome in BAD:
                    surprises[f"{outcome}: {detail[:160]}"] += 1
                    kept.mkdir(exist_ok=True)
                    (kept / f"{kind}-{number}").write_bytes(content)
            seconds = time.monotonic() - began
            print(f"{kind:14} {seconds:5.0f} s  {dict(outcomes.most_common())}", flush=True)
            for told, times in surprises.most_common(12):
                print(f"{'':14} {times:5} x {told}", flush=True)


if __name__ == "__main__":
    main()

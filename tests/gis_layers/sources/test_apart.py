import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import pytest
import shapely

from gis_layers.crs import crs_of
from gis_layers.errors import UnknownCrsError, UnreadableFileError
from gis_layers.sources import apart, osm, vector_files
from gis_layers.sources.apart import Limits
from gis_layers.sources.apart_frames import ForeignNameError, dumped, loaded, packed, unpacked
from gis_layers.types import LonLat
from tests.gis_layers.sources import bad_readers as bad

ROOM = 300 * 1024**2
SHORT = Limits(memory_bytes=ROOM, cpu_seconds=1, patience_seconds=20)


def refused(question: Callable[..., Any], *args: Any, limits: Limits = SHORT) -> dict[str, object]:
    with pytest.raises(UnreadableFileError) as told:
        apart.call(question, limits, *args)
    return told.value.facts


def test_what_is_read_apart_equals_what_is_read_here(shared_data: Path) -> None:
    path = shared_data / "admin" / "communes_2025_an_giang.geojson"
    with apart.child() as reader:
        (layer,) = reader.call(vector_files.layers, path)
        finding = reader.call(vector_files.find_crs, path, layer)
        there = list(reader.stream(vector_files.features, path, layer))

    assert layer == vector_files.layers(path)[0]
    assert finding == vector_files.find_crs(path, layer)
    assert there == list(vector_files.features(path, layer))


def test_a_summary_of_openstreetmap_goes_there_and_back(shared_data: Path) -> None:
    path = shared_data / "osm" / "hanoi_cat_linh_2023.osm.pbf"
    with apart.child() as reader:
        about = reader.call(osm.summary, path)
        there = list(reader.stream(osm.features, about))

    here = osm.summary(path)
    assert np.array_equal(about.junctions, here.junctions)
    assert replace(about, junctions=here.junctions) == here
    assert there == list(osm.features(here))


def test_plain_things_and_shapes_inside_them_survive_the_way() -> None:
    things = (date(2025, 7, 1), Path("/a"), {"ngõ": [1, 2.5, None]}, frozenset((3,)), crs_of(5897), LonLat(105, 21))
    shape = shapely.box(105, 21, 106, 22)

    answer = apart.call(bad.echo, SHORT, things, {"shape": shape}, np.int64(7), name="Hữu Tân")

    assert answer == (things, {"shape": shape}, 7, {"name": "Hữu Tân"})


def test_features_come_while_the_reader_is_still_at_it_and_those_before_a_crash_are_kept() -> None:
    found = []
    with pytest.raises(UnreadableFileError) as told:
        found.extend(apart.stream(bad.crash_after, SHORT, 5000))

    assert told.value.facts == {"reason": "crashed", "detail": "SIGSEGV"}
    assert 4000 <= len(found) < 5000  # the last were not sent yet
    assert [one.number for one in found] == list(range(1, len(found) + 1))


def test_what_the_reader_refuses_is_refused_here_after_what_it_could_read() -> None:
    found = []
    with pytest.raises(UnreadableFileError) as told:
        found.extend(apart.stream(bad.places_then_refusal, SHORT, 3))

    assert found == [LonLat(105, 21), LonLat(105, 22), LonLat(105, 23)]
    assert told.value.facts == {"reason": "damaged", "detail": "the file breaks off"}


def test_errors_keep_their_class(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_text('{"type":"FeatureCollection","features":[]}')
    layer = vector_files.Layer("x", "Point", 1, (), None)

    with pytest.raises(UnknownCrsError) as told:
        list(apart.stream(vector_files.features, SHORT, path, layer))

    assert told.value.facts == {"layer": "x"}


@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        (bad.crash, "crashed"),
        (bad.abort_as_cpp_does, "too_heavy"),
        (bad.stumble, "crashed"),
        (bad.burn, "took_too_long"),
        (bad.hang_in_a_library_with_the_lock, "took_too_long"),
        (bad.open_many_files, "crashed"),
        (bad.answer_with_a_foreign_thing, "crashed"),
    ],
)
def test_a_reader_that_goes_wrong_is_a_file_refused(reader: Callable[[], Any], reason: str) -> None:
    began = time.monotonic()

    assert refused(reader)["reason"] == reason
    assert time.monotonic() - began < 15


def test_memory_is_bounded_and_what_fits_is_read() -> None:
    assert refused(bad.take_memory, 1000)["reason"] == "too_heavy"
    assert apart.call(bad.take_memory, SHORT, 50) == 50


def test_patience_ends_also_with_one_who_does_nothing() -> None:
    began = time.monotonic()

    assert refused(bad.sleep_for_ever, limits=replace(SHORT, patience_seconds=1.5))["reason"] == "took_too_long"
    assert time.monotonic() - began < 5


def test_our_own_slowness_is_not_held_against_the_reader() -> None:
    with apart.child(SHORT) as reader:
        reader.call(bad.echo)  # it has begun
        reader.limits = replace(SHORT, patience_seconds=2)
        count = 0
        for one in reader.stream(bad.points, 20_000):
            count += 1
            if one.number in {1, 10_000}:
                time.sleep(1.3)

    assert count == 20_000


def test_nothing_is_written_and_nothing_of_our_environment_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBMAP_SECRET_KEY", "only-for-tests")
    monkeypatch.setenv("DATABASE_URL", "postgresql:///nowhere")

    assert refused(bad.write_a_file, str(tmp_path / "x"), limits=replace(SHORT, written_bytes=0))["reason"] == "crashed"
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0
    assert not {"WEBMAP_SECRET_KEY", "DATABASE_URL", "HOME"} & set(apart.call(bad.environment, SHORT))


def test_gdal_has_no_driver_there_but_those_we_read_with() -> None:
    assert apart.call(bad.drivers, SHORT) == apart.DRIVERS


def test_an_answer_that_would_run_a_command_is_not_even_looked_up(tmp_path: Path) -> None:
    proof = tmp_path / "ran"

    assert refused(bad.answer_that_would_run, str(proof))["reason"] == "crashed"
    assert not proof.exists()


@pytest.mark.parametrize("name", ["os.system", "builtins.eval", "gis_layers.crs.lru_cache", "gis_layers.crs.declared"])
def test_a_frame_names_nothing_but_plain_shapes(name: str) -> None:
    module, _, function = name.rpartition(".")
    written = b"c" + module.encode() + b"\n" + function.encode() + b"\n."

    with pytest.raises(ForeignNameError):
        loaded(written)


def test_what_a_library_prints_is_no_answer_and_blocks_nobody() -> None:
    assert apart.call(bad.print_a_lot, SHORT) == "done"


def test_what_a_reader_unpacks_is_gone_afterwards_also_when_it_is_killed() -> None:
    folders = []
    with pytest.raises(UnreadableFileError):
        folders.extend(apart.stream(bad.unpack_and_hang, SHORT))

    assert folders
    assert not Path(folders[0]).exists()


def test_batches_of_shapes_are_streamed_as_they_are() -> None:
    (one, other) = apart.stream(bad.batches, SHORT, 2)

    assert one.shapes.tolist() == [shapely.Point(1, 2), None]
    assert (other.first_number, other.columns) == (1, {"so": [1, 2]})


def test_closing_the_stream_ends_the_process() -> None:
    features = apart.stream(bad.points, SHORT, 1_000_000)
    next(features)
    process = next(iter(_children()))

    features.close()  # type: ignore[attr-defined] # it is a generator

    assert not Path(f"/proc/{process}").exists()


def test_many_threads_read_apart_at_once() -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(apart.call(bad.echo, SHORT, n)[0])) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [0, 1, 2, 3]


def test_a_reader_that_hangs_dies_with_the_one_who_asked(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    code = (
        "from gis_layers.sources import apart; from tests.gis_layers.sources import bad_readers as bad;"
        f"apart.call(bad.hang_in_a_library_with_the_lock, apart.Limits(), {str(begun)!r})"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[3]) as asking:
        wait_for(begun.exists)
        (reader,) = _children(asking.pid)
        asking.send_signal(signal.SIGKILL)

    wait_for(lambda: not Path(f"/proc/{reader}").exists() or "Z (" in Path(f"/proc/{reader}/status").read_text())


def test_what_is_written_to_a_reader_at_work_does_not_end_it() -> None:
    """The kernel may tell of a job only after it has been read: one of 2,500 readers was ended by that."""
    with apart.child(SHORT) as reader:
        reading = reader.stream(bad.points, 20_000)
        first = next(reading)
        cast("BinaryIO", reader.process.stdin).write(b"\0")
        cast("BinaryIO", reader.process.stdin).flush()

        assert 1 + sum(1 for _ in reading) == 20_000
        assert first.number == 1


def test_features_of_several_kinds_keep_their_order_in_a_frame() -> None:
    there = vector_files.VectorFeature(1, {}, None, "no_geometry")
    items = [there, replace(there, number=2, geometry=shapely.Point(1, 2)), "text", LonLat(1, 2), there]

    assert list(unpacked(loaded(dumped(packed(items))))) == items


def _children(of: int | None = None) -> list[int]:
    parent = of or os.getpid()
    tasks = Path(f"/proc/{parent}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def wait_for(is_so: Callable[[], bool], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_folders_of_killed_readers_are_swept_and_those_in_use_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis_layers.sources.apart.gettempdir", lambda: str(tmp_path))
    for name, age in (("map-apart-old", 7200), ("map-apart-new", 60), ("another-old", 7200)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "part").touch()
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))

    assert apart.sweep(time.time() - 3600) == 1
    assert {one.name for one in tmp_path.iterdir()} == {"map-apart-new", "another-old"}

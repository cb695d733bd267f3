"""The private server: one call starts it, whatever happened before, and what it acknowledged is there."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from webmap.database import postgres_account, postgres_binaries, private_server
from webmap.database.postgres_account import DataFolderError
from webmap.database.postgres_binaries import NoPostgresError, PrivateServerError
from webmap.database.private_server import NotDurableError, NotStartedError

KILLS = 4
WRITERS = 3


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that also the user postgres can reach; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="webmap-test-"))
    folder.chmod(0o755)
    yield folder / "data"
    private_server.stop(folder / "data")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def cluster_as_made() -> Iterator[Path]:
    """A cluster that was started once and stopped, to be copied: making one takes longest."""
    folder = Path(tempfile.mkdtemp(prefix="webmap-test-"))
    folder.chmod(0o755)
    private_server.start(folder, durable=False)
    private_server.stop(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def made(data_dir: Path, cluster_as_made: Path) -> Path:
    """A data folder with a cluster in it that does not run."""
    subprocess.run(["cp", "-a", cluster_as_made, data_dir], check=True)
    return data_dir


def postmaster_of(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def kill_without_mercy(data_dir: Path) -> None:
    """SIGKILL for the postmaster; its children notice and go, as after a crash of the machine's memory."""
    os.kill(postmaster_of(data_dir), signal.SIGKILL)


def test_the_first_start_makes_a_cluster_and_the_next_ones_find_the_data_again(data_dir: Path) -> None:
    with psycopg.connect(private_server.start(data_dir)) as connection:
        connection.execute("create table visit as select 'kept' as what")
    private_server.stop(data_dir)

    assert not private_server.is_running(data_dir)
    with psycopg.connect(private_server.start(data_dir)) as connection:
        assert connection.execute("select what from visit").fetchone() == ("kept",)


def test_it_listens_on_a_private_socket_and_on_no_port(made: Path) -> None:
    with psycopg.connect(private_server.start(made, durable=False)) as connection:
        listens = connection.execute("select current_setting('listen_addresses')").fetchone()

    folder = private_server._socket_folder(made)
    assert listens == ("",)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert made.joinpath("postgres").stat().st_mode & 0o777 == 0o700


def test_others_may_not_look_into_the_data_folder_and_a_strict_umask_locks_nobody_out(data_dir: Path) -> None:
    before = os.umask(0o077)
    try:
        private_server.start(data_dir / "district" / "demo", durable=False)
    finally:
        os.umask(before)
        private_server.stop(data_dir / "district" / "demo")

    for folder in (data_dir, data_dir / "district", data_dir / "district" / "demo"):
        assert folder.stat().st_mode & 0o066 == 0


def test_it_can_do_what_the_product_needs(made: Path) -> None:
    with psycopg.connect(private_server.start(made, durable=False)) as connection:
        for extension in ("postgis", "ltree", "pg_trgm", "unaccent"):
            connection.execute(f"create extension {extension}")  # type: ignore[call-overload]
        tile = connection.execute("select st_asmvt(r) from (select st_point(0, 0)) as r").fetchone()
        names = "unnest('{Đào,Dương,Ánh,Ân,An}'::text[]) as name"
        ordered = f'select array_agg(name order by name collate "vi-x-icu") from {names}'

        assert tile
        assert connection.execute(ordered).fetchone() == (["An", "Ánh", "Ân", "Dương", "Đào"],)
        assert connection.execute("show data_checksums").fetchone() == ("on",)


def test_it_never_runs_as_root(made: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root could make this mistake")

    private_server.start(made, durable=False)

    assert Path(f"/proc/{postmaster_of(made)}").stat().st_uid != 0


def test_a_second_start_finds_the_first(made: Path) -> None:
    first = private_server.start(made, durable=False)
    postmaster = postmaster_of(made)

    assert private_server.start(made, durable=False) == first
    assert postmaster_of(made) == postmaster


def test_many_starts_at_once_make_one_server(data_dir: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from webmap.database import private_server;"
        "print(private_server.start(Path(sys.argv[1]), durable=False))"
    )

    def start_in_a_process_of_its_own(_: int) -> str:
        command = [sys.executable, "-c", program, str(data_dir)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(3) as pool:
        urls = set(pool.map(start_in_a_process_of_its_own, range(3)))

    assert len(urls) == 1
    assert private_server.is_running(data_dir)


def test_after_a_kill_the_next_start_recovers_at_once(made: Path) -> None:
    private_server.start(made)
    kill_without_mercy(made)

    began = time.monotonic()
    with psycopg.connect(private_server.start(made)) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert time.monotonic() - began < 10


def test_a_pid_file_that_names_a_living_stranger_does_not_keep_it_from_starting(made: Path) -> None:
    private_server.start(made, durable=False)
    pid_file = made / "postgres" / "postmaster.pid"
    left_behind = pid_file.read_text().splitlines()
    private_server.stop(made)
    pid_file.write_text("\n".join([str(os.getpid()), *left_behind[1:]]) + "\n")
    os.chown(pid_file, *[made.joinpath("postgres").stat().st_uid] * 2)

    private_server.start(made, durable=False)

    assert postmaster_of(made) != os.getpid()


def test_it_never_starts_beside_processes_of_an_earlier_server(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_server, "ATTEMPTS", 4)
    with psycopg.connect(private_server.start(made, durable=False), autocommit=True) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # a process that will not notice that its postmaster is dead
        kill_without_mercy(made)
        try:
            with pytest.raises(NotStartedError, match="still alive"):
                private_server.start(made, durable=False)
        finally:
            os.kill(backend, signal.SIGKILL)

    monkeypatch.undo()
    private_server.start(made, durable=False)
    assert private_server.is_running(made)


def test_a_first_start_that_was_interrupted_is_done_again(data_dir: Path) -> None:
    half_made = data_dir / "postgres.new"
    half_made.mkdir(parents=True)
    half_made.joinpath("PG_VERSION").write_text("15\n")

    private_server.start(data_dir, durable=False)

    assert private_server.is_running(data_dir)
    assert not half_made.exists()


def test_a_first_start_killed_at_any_moment_leaves_nothing_that_blocks_the_next(data_dir: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from webmap.database import private_server;"
        "private_server.start(Path(sys.argv[1]), durable=False)"
    )
    for seconds in (0.3, 0.5, 0.8):
        starter = subprocess.Popen([sys.executable, "-c", program, str(data_dir)], start_new_session=True)
        time.sleep(seconds)
        os.killpg(starter.pid, signal.SIGKILL)
        starter.wait()

    with psycopg.connect(private_server.start(data_dir, durable=False)) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_acknowledged_commits_survive_repeated_kills_under_writers(made: Path) -> None:
    with psycopg.connect(private_server.start(made)) as connection:
        connection.execute("create table visit (id bigint generated always as identity, writer int, number int)")
    acknowledged: set[tuple[int, int]] = set()

    def write_until_the_server_dies(writer: int, killed: threading.Event) -> None:
        number = max((n for w, n in acknowledged if w == writer), default=0)
        try:
            with psycopg.connect(private_server.start(made), autocommit=True) as connection:
                while not killed.is_set():
                    number += 1
                    row = {"writer": writer, "number": number}
                    connection.execute("insert into visit (writer, number) values (%(writer)s, %(number)s)", row)
                    acknowledged.add((writer, number))
        except psycopg.OperationalError:
            return

    for _ in range(KILLS):
        killed = threading.Event()
        with ThreadPoolExecutor(WRITERS) as pool:
            running = [pool.submit(write_until_the_server_dies, writer, killed) for writer in range(WRITERS)]
            time.sleep(0.4)
            kill_without_mercy(made)
            killed.set()
            for writer in running:
                writer.result()
        with psycopg.connect(private_server.start(made)) as connection:
            stored = set(connection.execute("select writer, number from visit").fetchall())
        assert acknowledged <= stored

    assert len(acknowledged) > KILLS * WRITERS


def test_it_refuses_to_run_when_crash_safety_was_switched_off(made: Path) -> None:
    url = private_server.start(made)
    for what, name in [
        ("system", "fsync"),
        ("system", "full_page_writes"),
        ("system", "synchronous_commit"),
        ("role webmap", "synchronous_commit"),
        ("database webmap", "synchronous_commit"),
    ]:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"alter {what} set {name} = off")  # type: ignore[call-overload]
            connection.execute("select pg_reload_conf(), pg_sleep(0.1)")
        with pytest.raises(NotDurableError, match=name):
            private_server.start(made)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"alter {what} reset {name}")  # type: ignore[call-overload]
            connection.execute("select pg_reload_conf(), pg_sleep(0.1)")

    assert private_server.start(made) == url


def test_a_long_folder_name_does_not_lengthen_the_socket(data_dir: Path) -> None:
    deep = data_dir.joinpath(*["a-very-long-folder-name-of-a-commune"] * 5)

    assert len(str(deep)) > 107
    with psycopg.connect(private_server.start(deep, durable=False)) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    private_server.stop(deep)


def test_a_socket_folder_that_somebody_else_made_is_not_trusted(data_dir: Path) -> None:
    folder = private_server._socket_folder(data_dir)
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    try:
        with pytest.raises(DataFolderError, match="somebody else"):
            private_server.start(data_dir, durable=False)
    finally:
        folder.rmdir()


def test_a_folder_that_is_no_cluster_is_left_alone(data_dir: Path) -> None:
    data_dir.joinpath("postgres").mkdir(parents=True)
    data_dir.joinpath("postgres", "thesis.odt").write_text("ten years of work")

    with pytest.raises(DataFolderError, match="not a PostgreSQL cluster"):
        private_server.start(data_dir)
    assert data_dir.joinpath("postgres", "thesis.odt").read_text() == "ten years of work"


def test_root_is_told_when_the_folder_is_out_of_reach_for_the_database(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root hands the server to another user")
    tmp_path.chmod(0o700)

    with pytest.raises(DataFolderError, match="cannot reach") as raised:
        private_server.start(tmp_path / "data")
    assert "WEBMAP_DATA_DIR" in raised.value.remedy


def test_a_user_without_a_name_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_242_424)

    with pytest.raises(PrivateServerError, match="4242424") as raised:
        postgres_account.choose_account(Path("/nowhere"))
    assert raised.value.remedy.startswith("useradd")


def test_stopping_what_does_not_run_is_no_error(data_dir: Path) -> None:
    private_server.stop(data_dir)

    assert not data_dir.exists()


def test_without_postgres_the_one_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "_candidate_folders", lambda: iter([Path("/nowhere")]))

    with pytest.raises(NoPostgresError, match="not installed") as raised:
        postgres_binaries.find_binaries()
    assert "postgresql-postgis" in raised.value.remedy
    assert raised.value.remedy.index("create_main_cluster = false") < raised.value.remedy.index("apt-get install")


def test_a_cluster_of_a_version_that_is_gone_is_named(data_dir: Path) -> None:
    data_dir.joinpath("postgres").mkdir(parents=True)
    data_dir.joinpath("postgres", "PG_VERSION").write_text("9\n")

    with pytest.raises(NoPostgresError, match="made by PostgreSQL 9"):
        private_server.start(data_dir)


def test_a_server_that_cannot_start_shows_the_end_of_its_log(made: Path) -> None:
    private_server.start(made, durable=False)
    private_server.stop(made)
    made.joinpath("postgres", "postgresql.auto.conf").write_text("shared_buffers = 'a lot'\n")

    with pytest.raises(NotStartedError, match="shared_buffers"):
        private_server.start(made, durable=False)

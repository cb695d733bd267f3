"""Find PostgreSQL programs that have PostGIS beside them. No Flask, no settings."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 15

# Debian and Ubuntu; the PostgreSQL project's RPMs; Homebrew on either kind of Mac.
USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)

INSTALL_COMMAND = (
    "sudo sh -c 'mkdir -p /etc/postgresql-common/createcluster.d"
    ' && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/webmap.conf'
    " && apt-get update && apt-get install -y --no-install-recommends postgresql-postgis'"
)


class PrivateServerError(Exception):
    """The private server cannot do what was asked. `remedy` is the one command that helps, or empty."""

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(f"{sentence}\n    {remedy}" if remedy else sentence)
        self.sentence = sentence
        self.remedy = remedy


class NoPostgresError(PrivateServerError):
    """No PostgreSQL of a usable version, with PostGIS, is installed."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installed PostgreSQL: the folder of its programs, and its major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(major: int | None = None) -> Binaries:
    """Return the newest PostgreSQL with PostGIS, or the one of version `major` that a data folder needs."""
    found = sorted(_installed(), key=lambda binaries: binaries.major, reverse=True)
    recent = [binaries for binaries in found if binaries.major >= OLDEST_MAJOR]
    if not recent:
        there = f" (found version {found[0].major}, which is too old)" if found else ""
        raise NoPostgresError(
            f"PostgreSQL {OLDEST_MAJOR} or newer with PostGIS is not installed{there}. This installs it:",
            INSTALL_COMMAND,
        )
    usable = [binaries for binaries in recent if _has_postgis(binaries)]
    if not usable:
        raise NoPostgresError(
            f"PostgreSQL {recent[0].major} is installed, but PostGIS is not. This installs it:",
            INSTALL_COMMAND,
        )
    if major is None:
        return usable[0]
    for binaries in usable:
        if binaries.major == major:
            return binaries
    raise NoPostgresError(
        f"The data folder was made by PostgreSQL {major}, but only version {usable[0].major} is installed. "
        "docs/operations.md says how to move the data. To get the old version back:",
        f"sudo apt-get install postgresql-{major} postgresql-{major}-postgis-3",
    )


def _installed() -> Iterator[Binaries]:
    seen: set[Path] = set()
    for folder in _candidate_folders():
        resolved = folder.resolve()
        if resolved in seen or not all((resolved / name).exists() for name in ("postgres", "initdb", "pg_ctl")):
            continue
        seen.add(resolved)
        if (major := _major_version(resolved)) is not None:
            yield Binaries(resolved, major)


def _candidate_folders() -> Iterator[Path]:
    for pattern in USUAL_PLACES:
        yield from Path("/").glob(pattern.removeprefix("/"))
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent
    if pg_config := shutil.which("pg_config"):
        yield Path(_output(pg_config, "--bindir"))


def _major_version(folder: Path) -> int | None:
    match = re.search(r"\(PostgreSQL\) (\d+)", _output(str(folder / "postgres"), "--version"))
    return int(match[1]) if match else None


def _has_postgis(binaries: Binaries) -> bool:
    shares = [Path(f"/usr/share/postgresql/{binaries.major}")]
    if (binaries.folder / "pg_config").exists():
        shares.insert(0, Path(_output(binaries.program("pg_config"), "--sharedir")))
    return any((share / "extension" / "postgis.control").exists() for share in shares)


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout.strip()
    except OSError:
        return ""

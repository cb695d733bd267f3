"""What is wrong with this installation, in plain words: the machine, the folder, the built files, the database."""

import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from webmap import assets, translate
from webmap.database import health, private_server
from webmap.database.address import database_address
from webmap.database.health import Finding
from webmap.database.postgres_account import make_data_dir
from webmap.database.postgres_binaries import PrivateServerError, find_binaries
from webmap.settings import Settings

FULL_PERCENT = 85
FEW_GIGABYTES = 2
SHORTEST_KEY = 32


def examine(chosen: Settings) -> Iterator[Finding]:
    """Look at everything, from the ground up."""
    yield from _programs(chosen)
    yield from _folder(chosen.data_dir)
    yield from _secrets(chosen)
    yield from _built_files()
    yield from _time_zone()
    try:
        is_up = chosen.database_url is not None or private_server.is_running(chosen.data_dir)
        with database_address(chosen) as url:
            yield from health.findings(url, is_up=is_up)
    except PrivateServerError as error:
        yield Finding(error.sentence, is_wrong=True, remedy=error.remedy)


def _programs(chosen: Settings) -> Iterator[Finding]:
    if chosen.database_url:
        yield Finding("The database is the one that DATABASE_URL names; the private one is not used.")
        return
    try:
        binaries = find_binaries()
    except PrivateServerError as error:
        yield Finding(error.sentence, is_wrong=True, remedy=error.remedy)
    else:
        yield Finding(f"PostgreSQL {binaries.major} with PostGIS is installed in {binaries.folder}.")


def _folder(folder: Path) -> Iterator[Finding]:
    make_data_dir(folder)
    try:
        probe = folder / ".doctor"
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield Finding(
            f"The data folder {folder} cannot be written: {error.strerror}.", is_wrong=True, remedy=f"ls -ld {folder}"
        )
        return
    disk = shutil.disk_usage(folder)
    free_gigabytes, full_percent = disk.free / 1e9, 100 * (1 - disk.free / disk.total)
    if free_gigabytes < FEW_GIGABYTES or (full_percent > FULL_PERCENT and free_gigabytes < 10 * FEW_GIGABYTES):
        yield Finding(
            f"The disk of {folder} is {full_percent:.0f} % full; {free_gigabytes:.1f} GB are left.",
            is_wrong=True,
            remedy=f"du -sh {folder}/*",
        )
    else:
        yield Finding(f"The data folder {folder} can be written; {free_gigabytes:.0f} GB are left.")


def _secrets(chosen: Settings) -> Iterator[Finding]:
    kept = chosen.data_dir / "secret_key"
    if chosen.secret_key is not None and len(chosen.secret_key.get_secret_value()) < SHORTEST_KEY:
        yield Finding(
            f"The secret key is shorter than {SHORTEST_KEY} letters and could be guessed.",
            is_wrong=True,
            remedy="WEBMAP_SECRET_KEY=$(openssl rand -base64 48)",
        )
    elif chosen.secret_key is None and kept.exists() and kept.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding(f"Others on this machine may read {kept}.", is_wrong=True, remedy=f"chmod 600 {kept}")
    else:
        yield Finding("The secret key is safe.")
    if not chosen.is_https and chosen.host not in ("127.0.0.1", "::1", "localhost"):
        yield Finding(
            f"Pages are served on {chosen.host} without HTTPS: passwords could be read on the way.",
            is_wrong=True,
            remedy="put a web server with HTTPS in front, and unset WEBMAP_IS_HTTPS (docs/operations.md)",
        )


def _built_files() -> Iterator[Finding]:
    build = "python hatch_build.py"
    if not assets.MANIFEST.exists():
        yield Finding("The browser's files are not built: pages cannot be shown.", is_wrong=True, remedy=build)
        return
    names = json.loads(assets.MANIFEST.read_text("utf-8")).values()
    missing = [name for name in names if not (assets.MANIFEST.parent / name).exists()]
    if missing:
        yield Finding(f"{len(missing)} of the browser's files are missing.", is_wrong=True, remedy=build)
    else:
        yield Finding("The browser's files are built.")
    compiled = translate.CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != translate.compiled():
        yield Finding("The Vietnamese sentences are not compiled, or are old.", is_wrong=True, remedy="webmap i18n")
    else:
        yield Finding("The Vietnamese sentences are compiled.")


def _time_zone() -> Iterator[Finding]:
    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        yield Finding(
            "This machine does not know Vietnam's time zone.", is_wrong=True, remedy="sudo apt-get install tzdata"
        )

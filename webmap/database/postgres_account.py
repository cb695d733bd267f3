"""Who runs the private PostgreSQL: an ordinary user, also when root asks for it."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from webmap.database.postgres_binaries import PrivateServerError


class DataFolderError(PrivateServerError):
    """The data folder cannot be used: wrong owner, out of reach, or not a cluster."""


@dataclass(frozen=True, slots=True)
class Account:
    """The ordinary user who runs the server."""

    name: str
    uid: int
    gid: int


def choose_account(cluster: Path) -> Account:
    """Choose who runs the server: whoever asks; when root asks, the cluster's owner or `postgres`."""
    uid = os.geteuid()
    if uid == 0:
        if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
            return _account_of(owner)
        try:
            return _account_of(pwd.getpwnam("postgres").pw_uid)
        except KeyError:
            raise PrivateServerError(
                "PostgreSQL refuses to run as root, and there is no user postgres to run it. As root:",
                "useradd --system --user-group postgres",
            ) from None
    return _account_of(uid)


def _account_of(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise PrivateServerError(
            f"User number {uid} has no name on this machine, and PostgreSQL needs one. As root:",
            f"useradd --uid {uid} webmap",
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def run_as(
    account: Account, command: list[str], *, typed: str = "", keep_open: tuple[int, ...] = ()
) -> "subprocess.CompletedProcess[str]":
    """Run a program as this user and wait. `typed` is its input, `keep_open` are descriptors it inherits."""
    dropping = os.geteuid() == 0
    return subprocess.run(
        command,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        user=account.uid if dropping else None,
        group=account.gid if dropping else None,
        extra_groups=[] if dropping else None,
        umask=0o077,
        pass_fds=keep_open,
    )


def check_reach(folder: Path, account: Account) -> None:
    """Refuse a folder that this user cannot write in, as when a folder above it is closed to others."""
    if run_as(account, ["/usr/bin/test", "-w", str(folder)]).returncode != 0:
        raise DataFolderError(
            f"User {account.name}, who runs the database, cannot reach {folder.parent}: a folder above it is "
            "closed to others. Choose another data folder:",
            "export WEBMAP_DATA_DIR=/var/lib/webmap",
        )


def make_data_dir(folder: Path) -> None:
    """Make the data folder: only its owner looks into it; the user who runs the database for root may pass through."""
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    for above in reversed(missing):
        above.mkdir(exist_ok=True)
        above.chmod(0o711 if os.geteuid() == 0 else 0o700)


def is_closed_to_others(folder: Path) -> bool:
    """Say whether a folder, or one above it, lets only its owner pass, as /root does."""
    existing = [above for above in (folder, *folder.parents) if above.exists()]
    return any(not above.stat().st_mode & 0o001 for above in existing)

"""Passwords: how they are kept, and which are refused. Argon2id with OWASP's parameters (19 MiB, 2 passes).

The same word may come from a keyboard in several spellings of Unicode; it is brought to one (NFC) first.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webmap.errors import UnavailableError
from webmap.text import nfc

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST = 10
LONGEST = 200  # characters; more would only keep the processor busy

# Each hash takes 19 MiB and some 30 ms of a core. Two at once keep a rush of sign-ins, honest or not, from
# taking the machine away from everybody else; the rest wait their turn.
TURN = BoundedSemaphore(2)
SECONDS_TO_WAIT = 8

# Read aloud or copied by hand: no 0 and O, no 1 and l.
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"

# What people put around a common word to make it "strong".
AROUND = "0123456789!@#$%^&*()+=?.,_- "


@contextmanager
def _turn() -> Iterator[None]:
    if not TURN.acquire(timeout=SECONDS_TO_WAIT):
        raise UnavailableError
    try:
        yield
    finally:
        TURN.release()


def hashed(password: str) -> str:
    """The password as it is kept. Raises UnavailableError when too many others wait for theirs."""
    with _turn():
        return HASHER.hash(nfc(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether this is the password. `kept` None (no such account) takes as long as a wrong password, and is one.

    Raises UnavailableError when too many others wait for theirs.
    """
    with _turn():
        try:
            return HASHER.verify(kept or nobodys_hash(), nfc(password)[: LONGEST + 1]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a kept hash was made with other parameters than today's, and should be made anew."""
    return HASHER.check_needs_rehash(kept)


@cache
def nobodys_hash() -> str:
    """A hash that no password matches, for accounts that do not exist."""
    return HASHER.hash(secrets.token_urlsafe(32))


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that thieves try first, in small letters."""
    lines = Path(__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def is_common(password: str) -> bool:
    """Whether thieves try it: a common one, even with figures and signs around it, or one short thing repeated."""
    plain = nfc(password).casefold()
    bare = plain.strip(AROUND)
    is_repeated = any(plain == (plain[:size] * len(plain))[: len(plain)] for size in (1, 2, 3))
    return is_repeated or len(bare) < 3 or plain in common_passwords() or bare in common_passwords()


def made_up() -> str:
    """A password for the first sign-in: four groups that can be read aloud, some 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))

"""Roles, and decisions about accounts that need no database."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from webmap.text import fold


class Role(StrEnum):
    """What somebody is in the system."""

    ADMIN = "admin"  # quản trị
    SUPERVISOR = "supervisor"  # giám sát
    LEADER = "leader"  # tổ trưởng
    CANVASSER = "canvasser"  # cộng tác viên


STAFF = (Role.ADMIN, Role.SUPERVISOR, Role.LEADER)
EVERYBODY = tuple(Role)

USERNAME = re.compile(r"[a-z0-9._-]{3,40}")

# A sign-in ends when it was not used for `session_days`, and in any case after this.
LONGEST_SIGN_IN = timedelta(days=90)
# A sign-in notes that it was used at most this often, so that reading a page is seldom a write.
SEEN_EVERY = timedelta(minutes=5)
# A password made up by an administrator holds this long; nobody should find it on a piece of paper next year.
FIRST_PASSWORD_HOLDS = timedelta(days=14)

# After the free tries each wrong password doubles the wait, up to the longest: a thief who goes on has some
# seventy tries a day and account, and nobody is locked out for good.
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=20)
FAILURES_COUNT_FOR = timedelta(days=1)
# An office has one address and many people: this many times the free tries of one account, within an hour.
ADDRESS_FACTOR = 12
ADDRESS_FAILURES_COUNT_FOR = timedelta(hours=1)
# Where somebody signed in with the right password lately, wrong tries from elsewhere do not keep her waiting.
ADDRESS_KNOWN_FOR = timedelta(days=30)


def wait_until(failures: int, free: int, last_at: datetime | None) -> datetime | None:
    """When the next try is allowed after so many wrong ones; None when at once."""
    if last_at is None or failures < free:
        return None
    doubled: int = 2 ** min(failures - free, 20)
    return last_at + min(FIRST_WAIT * doubled, LONGEST_WAIT)


def expiry(started_at: datetime, seen_at: datetime, session_days: int) -> datetime:
    """When a sign-in ends that was used at `seen_at` and is not used again."""
    return min(seen_at + timedelta(days=session_days), started_at + LONGEST_SIGN_IN)


def typed_username(text: str) -> str:
    """A user name as it is kept. What cannot be one (a password typed in the wrong field) is kept as a digest only."""
    name = text.strip().lower()
    return name if USERNAME.fullmatch(name) else f"?{sha256(name.encode()).hexdigest()[:32]}"


def is_about_oneself(password: str, username: str, full_name: str) -> bool:
    """Whether a password is little more than its owner's name."""
    bare, *names = (re.sub(r"[\W\d_]", "", fold(text)) for text in (password, username, full_name))
    return not bare or bare in names


# The first that a browser's own name for itself contains; each calls itself by the names of others too.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("coc_coc", "Cốc Cốc"),
            ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def device_name(agent: str | None) -> str:
    """A browser as a person knows it: "Chrome, Android". What it says of itself is for show only."""
    found = [next((name for part, name in kind if part in (agent or "")), "") for kind in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or (agent or "?")[:40]

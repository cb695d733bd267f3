"""A clock that tests of sign-ins may move."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from webmap import clock

Later = Callable[..., None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Move the clock forward: `later(days=3)`."""
    real = clock.now
    gone = timedelta()

    def move(**by: int) -> None:
        nonlocal gone
        gone += timedelta(**by)
        monkeypatch.setattr(clock, "now", lambda: real() + gone)

    return move

"""The door to files made to harm: read in a process apart, as the product reads them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gis_layers.sources import apart
from tests.gis_layers.sources.hostile import LIMITS, Answer, Door, answered
from tests.gis_layers.sources.whole_file import read_whole

SECONDS = 45  # on a machine that runs other tests besides; each takes one or two by itself


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """Reads a file in a process apart; a new one when the last did not live. Says why it was refused, or how many."""
    with ExitStack() as stack:
        readers: list[apart.Child] = []

        def read(path: Path) -> Answer:
            if not readers or readers[-1].process.poll() is not None:
                readers.append(stack.enter_context(apart.child(LIMITS)))
            began = time.monotonic()
            answer = answered(lambda: readers[-1].call(read_whole, path))
            assert time.monotonic() - began < SECONDS
            return answer

        yield read

"""Starting a process to read each of a thousand small files would take half of these tests' time."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def _one_reader(one_reader: None) -> None:
    pass

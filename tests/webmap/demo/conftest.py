"""The default commune, built once for all tests of the generator."""

from datetime import date

import pytest

from webmap.demo import world
from webmap.demo.world import Built

TODAY = date(2026, 4, 13)


@pytest.fixture(scope="package")
def tan_ninh() -> Built:
    return world.build(world.plan(None, seed=1), 0, TODAY)

"""Who may import whom: the contracts in pyproject.toml, and the order of the journey said the same everywhere."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from webmap.app import JOURNEY

ROOT = Path(__file__).parent.parent.parent


def contracts() -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    return found


def test_the_import_contracts_hold() -> None:
    lint_imports = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_journey_is_in_the_same_order_in_the_app_and_in_the_contract() -> None:
    [journey] = [contract for contract in contracts() if str(contract["name"]).startswith("The journey")]
    layers = [layer for layer in journey["layers"] if layer in JOURNEY]  # type: ignore[attr-defined]
    upwards = list(reversed(layers))

    assert set(upwards) == set(JOURNEY)
    # Accounts are known before areas are (0001-order-of-the-journey.md); from there on upwards.
    assert upwards == list(JOURNEY)


def test_the_journey_is_in_the_same_order_in_the_book() -> None:
    book = (ROOT / "docs" / "life-of-a-household.md").read_text("utf-8")
    chapters = re.findall(r"^\d+\. \*\*(\w+)\*\*", book, re.MULTILINE)

    assert chapters == list(JOURNEY)


def test_every_step_is_inside_the_contract_about_its_own_layers() -> None:
    [inside] = [contract for contract in contracts() if str(contract["name"]).startswith("Inside a step")]

    assert set(inside["containers"]) == {f"webmap.{step}" for step in JOURNEY}  # type: ignore[call-overload]

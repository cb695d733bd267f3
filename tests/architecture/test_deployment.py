"""docker-compose.yml and the Dockerfile say what was proved by hand; this keeps them honest without an engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Group

from webmap import cli
from webmap.settings import Settings

ROOT = Path(__file__).parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SECRET = re.compile(r"PASSWORD|SECRET|KEY|TOKEN")


def runs_for_ever(service: dict[str, Any]) -> bool:
    return service.get("restart") != "no"


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if runs_for_ever(service)])
def test_every_service_that_stays_is_watched(name: str) -> None:
    check = SERVICES[name]["healthcheck"]

    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries"} <= set(check)


def test_pages_worker_and_database_are_there() -> None:
    assert {"web", "worker", "db"} <= set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_has_a_default(name: str) -> None:
    for variable, value in SERVICES[name]["environment"].items():
        if SECRET.search(variable) or variable == "DATABASE_URL":
            assert re.search(r"\$\{\w+:\?[^}]+\}", value), f"{variable} must be refused when unset, and say why"
            assert not re.search(r"\$\{\w+:-", value)


def test_nothing_listens_beyond_this_machine_without_a_web_server_in_front() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert "ports" not in SERVICES["db"]


def test_what_must_outlive_a_container_lies_on_volumes() -> None:
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}

    assert used == set(COMPOSE["volumes"])
    assert any(mount.endswith("/postgresql/data") for mount in SERVICES["db"]["volumes"])
    [data_dir] = re.findall(r"WEBMAP_DATA_DIR=(\S+)", DOCKERFILE)
    assert f"data:{data_dir}" in SERVICES["web"]["volumes"]


def test_pages_and_worker_wait_for_a_migrated_database() -> None:
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"


def commands() -> list[list[str]]:
    found = [service["command"] for service in SERVICES.values() if "command" in service]
    found += [service["healthcheck"]["test"][1:] for service in SERVICES.values() if "test" in service["healthcheck"]]
    found += [
        re.findall(r'"([^"]+)"', words)
        for words in re.findall(r"^(?:HEALTHCHECK.* )?CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    ]
    return [command for command in found if command[0] == "webmap"]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_of_ours_exists(command: list[str]) -> None:
    assert isinstance(cli.main, Group)
    known = cli.main.commands[command[1]]
    options = {name for parameter in known.params for name in parameter.opts}

    assert set(command[2:]) <= options


@pytest.mark.parametrize("name", SERVICES)
def test_every_setting_exists(name: str) -> None:
    known = {f"WEBMAP_{field.upper()}" for field in Settings.model_fields}
    given = {variable for variable in SERVICES[name]["environment"] if variable.startswith("WEBMAP_")}

    assert given <= known
    assert set(re.findall(r"(WEBMAP_\w+)=", DOCKERFILE)) <= known


def test_the_image_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE.split("\nFROM ")[-1]

    assert re.search(r"^USER (?!root)\w+$", last_stage, re.MULTILINE)
    assert last_stage.index("\nUSER ") < last_stage.index("\nCMD ")


def test_every_file_that_the_image_is_made_of_is_there() -> None:
    for names in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for name in names.split():
            assert (ROOT / name).exists()
    for lock in re.findall(r"-r (\S+)", DOCKERFILE):
        assert "--hash=sha256:" in (ROOT / lock).read_text()

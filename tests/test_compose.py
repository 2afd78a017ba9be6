"""Dockerfile and docker-compose.yml, as far as they can be held to their rules without a container engine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from ruamel.yaml import YAML
from sqlalchemy import make_url

from tests.image import ENTRYPOINT, ROOT, Stage, stages

COMPOSE = ROOT / "docker-compose.yml"
SECRET = re.compile(r"(?i)pass|secret|token|key")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(COMPOSE)
    return found


@pytest.fixture(scope="module")
def image() -> Stage:
    return stages()[-1]


def ignored(name: str) -> set[str]:
    return {line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")}


def test_the_compose_file_follows_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_crawler_waits_until_the_database_answers(compose: dict[str, Any]) -> None:
    assert compose["services"]["reex"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    check = compose["services"]["db"]["healthcheck"]["test"]
    assert check[:2] == ["CMD", "pg_isready"]
    # While it sets itself up for the first time, the server answers on its socket and not over TCP.
    assert "--host=127.0.0.1" in check


def test_the_database_keeps_its_files_in_a_volume_and_is_reached_from_inside_only(compose: dict[str, Any]) -> None:
    database = compose["services"]["db"]
    assert database["volumes"] == ["database:/var/lib/postgresql/data"]
    assert "database" in compose["volumes"]
    assert "ports" not in database
    assert [compose["networks"][name] for name in database["networks"]] == [{"internal": True}]


def test_no_password_stands_in_the_compose_file(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        named = {name for name in service["environment"] if SECRET.search(name)}
        assert named == {"POSTGRES_PASSWORD_FILE"}
        assert service["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/postgres_password"
        assert service["secrets"] == ["postgres_password"]
        assert "command" not in service
    assert make_url(compose["services"]["reex"]["environment"]["REEX_DATABASE_URL"]).password is None


def test_the_password_is_neither_committed_nor_sent_to_the_builder(compose: dict[str, Any]) -> None:
    assert compose["secrets"]["postgres_password"] == {"file": "./secrets/postgres_password"}
    assert "secrets/" in ignored(".gitignore")
    assert "*" in ignored(".dockerignore")
    assert "!secrets" not in ignored(".dockerignore")


def test_one_variable_sets_the_schedule(compose: dict[str, Any], image: Stage) -> None:
    assert compose["services"]["reex"]["environment"]["REEX_SCHEDULE"] == "${REEX_SCHEDULE:-30m}"
    assert "REEX_SCHEDULE=30m" in " ".join(image.values("ENV"))


def test_every_setting_of_the_compose_file_is_one_of_the_program(compose: dict[str, Any]) -> None:
    read = (ROOT / "reex_crawler" / "config.py").read_text() + ENTRYPOINT.read_text()
    for name in compose["services"]["reex"]["environment"]:
        assert re.search(rf"\b{name}\b", read), name


def test_the_crawler_may_write_to_its_volume_and_to_tmp_and_nothing_else(compose: dict[str, Any]) -> None:
    crawler = compose["services"]["reex"]
    assert crawler["read_only"] is True
    assert crawler["cap_drop"] == ["ALL"]
    assert crawler["security_opt"] == ["no-new-privileges:true"]
    assert [volume.partition(":")[2] for volume in crawler["volumes"]] == ["/data"]
    assert [mount.partition(":")[0] for mount in crawler["tmpfs"]] == ["/tmp"]


def test_a_crawl_is_given_the_time_it_needs_to_end(compose: dict[str, Any]) -> None:
    crawler = compose["services"]["reex"]
    assert crawler["init"] is True
    assert crawler["restart"] == "unless-stopped"
    assert int(crawler["stop_grace_period"].removesuffix("s")) > 30


def test_the_image_does_not_run_as_root(image: Stage) -> None:
    user, _, group = image.values("USER")[-1].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert f"--uid {user}" in " ".join(image.values("RUN"))


def test_the_image_starts_the_entrypoint_without_a_shell_around_it(image: Stage) -> None:
    [started] = image.values("ENTRYPOINT")
    [command] = image.values("CMD")
    assert json.loads(started) == ["reex-entrypoint"]
    assert json.loads(command) == ["schedule"]
    assert image.values("HEALTHCHECK")[0].endswith('CMD ["reex-entrypoint", "healthy"]')
    assert any(value.endswith("/usr/local/bin/reex-entrypoint") for value in image.values("COPY"))
    assert image.values("VOLUME") == ["/data"]


def test_the_image_holds_no_secret_and_adds_nothing_from_elsewhere() -> None:
    for stage in stages():
        assert stage.values("ADD") == []
        assert stage.values("ARG") == []
        named = re.findall(r"(\w+)=", " ".join(stage.values("ENV")))
        assert {name for name in named if SECRET.search(name)} <= {"PGPASSFILE"}


def test_every_file_that_the_image_takes_is_there_and_reaches_the_builder() -> None:
    let_through = ignored(".dockerignore")
    sources = [source for stage in stages() for source in stage.sources()]
    assert {"constraints.txt", "reex_crawler", "migrations", "docker/entrypoint.sh"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source.partition('/')[0]}" in let_through, source


def test_the_python_of_the_image_is_named_by_version_and_new_enough() -> None:
    known = {stage.name for stage in stages()}
    [base] = {stage.base for stage in stages()} - known
    version = re.fullmatch(r"python:(3\.\d+)-slim-\w+", base)
    assert version
    [required] = re.findall(r'requires-python = "(.+)"', (ROOT / "pyproject.toml").read_text())
    assert Version(version[1]) in SpecifierSet(required)

"""docs/operations.md: what an operator copies from it works, and what it says of exit codes is what the program does."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reex_crawler import errors
from reex_crawler.cli.main import COMMANDS
from tests.image import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()
UNITS = dict(re.findall(r"^`/etc/systemd/system/([\w.-]+)`.*?\n```ini\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))
CRAWL_ENDS_WITHIN = 30


def block(language: str) -> str:
    [found] = re.findall(rf"^```{language}\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def codes(page: str) -> set[int]:
    return {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}


def raised(error: type[errors.ReexError] = errors.ReexError) -> Iterator[int]:
    yield error.exit_code
    for kind in error.__subclasses__():
        yield from raised(kind)


def test_every_exit_code_has_its_line() -> None:
    every = {0, *raised(), 130}
    assert codes(PAGE) == every
    assert codes((ROOT / "docs" / "exit-codes.md").read_text()) == every


def test_the_crontab_line_has_five_fields_that_cron_knows_and_no_percent_sign() -> None:
    [line] = block("crontab").splitlines()
    minute, hour, day, month, weekday, command = line.split(maxsplit=5)
    assert re.fullmatch(r"\*/([1-9]|[1-5]\d)", minute)
    assert [hour, day, month, weekday] == ["*"] * 4
    assert command.startswith("set -a")
    # cron makes a new line of it.
    assert "%" not in line


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 5, 75, 130])
def test_cron_mails_only_when_somebody_has_something_to_do(tmp_path: Path, code: int) -> None:
    program = tmp_path / "reex"
    program.write_text(f'#!/bin/sh\necho "$* $REEX_DATABASE_URL"\necho trouble >&2\nexit {code}\n')
    program.chmod(0o755)
    (tmp_path / "environment").write_text("REEX_DATABASE_URL='sqlite:////a&b.db'\n")
    command = block("crontab").split(maxsplit=5)[5].rstrip("\n")
    for given, made in (("/opt/reex/bin/reex", program), ("/etc/reex/environment", tmp_path / "environment")):
        assert given in command
        command = command.replace(given, str(made))
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    if code in {0, 75}:
        assert done.stdout == ""
    else:
        said = ["crawl --log-file /var/log/reex/crawl.log sqlite:////a&b.db", "trouble"]
        assert done.stdout.splitlines() == said


def unit(name: str) -> configparser.ConfigParser:
    # A setting that is given twice is a list to systemd.
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str
    parser.read_string(UNITS[name])
    return parser


def test_systemd_takes_75_and_130_for_success_and_waits_until_a_crawl_has_ended() -> None:
    service = unit("reex-crawl.service")["Service"]
    assert service["Type"] == "oneshot"
    assert service["ExecStart"] == "/opt/reex/bin/reex crawl"
    assert service["SuccessExitStatus"].split() == ["75", "130"]
    assert service["KillSignal"] == "SIGTERM"
    assert int(service["TimeoutStopSec"]) > CRAWL_ENDS_WITHIN
    assert service["User"] == "reex"
    assert service["ProtectSystem"] == "strict"


def test_each_unit_that_another_names_is_there() -> None:
    assert unit("reex-crawl.service")["Unit"]["OnFailure"] in UNITS
    assert unit("reex-crawl.timer")["Install"]["WantedBy"] == "timers.target"
    # A timer without Unit= starts the service of its name.
    assert set(UNITS) == {"reex-crawl.service", "reex-crawl.timer", "reex-crawl-failed.service"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace("/opt/reex/bin/reex", "/bin/true"))
    paths = [str(tmp_path / name) for name in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="logrotate is not installed")
def test_logrotate_takes_its_configuration(tmp_path: Path) -> None:
    log, config = tmp_path / "crawl.log", tmp_path / "logrotate"
    log.write_text("a line\n")
    text = block("logrotate").replace("/var/log/reex", str(tmp_path))
    config.write_text(re.sub(r"^ *su .*\n", "", text, flags=re.MULTILINE))
    config.chmod(0o644)
    command = ["logrotate", "--force", "--state", str(tmp_path / "state"), str(config)]
    search = f"{os.environ['PATH']}:/usr/sbin"
    done = subprocess.run(command, env={"PATH": search}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "crawl.log.1").read_text() == "a line\n"


def test_settings_mean_the_same_to_a_shell_as_to_systemd(tmp_path: Path) -> None:
    lines = re.findall(r"^(?:REEX_|PG)\w+=.*$", PAGE, re.MULTILINE)
    assert len(lines) >= 6
    for line in lines:
        name, _, value = line.partition("=")
        (tmp_path / "environment").write_text(f"{line}\n")
        command = f'set -a; . "{tmp_path / "environment"}"; printenv {name}'
        done = subprocess.run(["/bin/sh", "-c", command], env={}, capture_output=True, text=True, check=False)
        # systemd.exec(5): quotes around a whole value are taken off, and nothing in between is expanded.
        assert done.stdout == value.strip("'") + "\n"
        assert done.stderr == ""


def test_every_command_of_the_page_is_one_of_the_program() -> None:
    known = {*COMMANDS, "backfill", "latest", "recheck"}
    lines = [
        line for text in re.findall(r"^```sh\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL) for line in text.splitlines()
    ]
    named = {word for line in lines for word in re.findall(r"(?:bin/reex|--rm reex) ([a-z]+)", line)}
    named |= set(re.findall(r"`reex ([a-z]+)[^`]*`", PAGE))
    assert {"crawl", "status", "backfill", "db"} <= named <= known


def test_every_option_of_the_page_is_one_of_the_crawl() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reex_crawler", "crawl", "--help"], capture_output=True, text=True, check=True
    )
    named = {
        option for call in re.findall(r"reex crawl[^`\n)&|]*", PAGE) for option in re.findall(r" (--?[a-z-]+)", call)
    }
    assert named
    for option in named:
        assert re.search(rf"{option}\b", done.stdout), option


def test_every_link_of_the_page_leads_somewhere() -> None:
    headings = {re.sub(r"\W+", "-", line.lower()) for line in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)}
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        path, _, anchor = target.partition("#")
        assert (ROOT / "docs" / path).exists(), target
        if anchor and not path:
            assert anchor in headings, target

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from reex_crawler import __version__
from reex_crawler.cli import main
from reex_crawler.errors import ReexError
from tests.cli.conftest import Reex
from tests.shell.running import ROOT


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_command(reex: Reex, option: str) -> None:
    done = reex(option)
    assert done.code == 0
    assert all(f"  {name} " in done.out for name in ("crawl", "parse", "show", "status", "db"))
    assert "Example:" in done.out


def commands(group: click.Group = main.reex, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command by the words that call it."""
    yield path
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield *path, name


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_the_help_of_every_command_ends_with_examples_each_on_its_line(reex: Reex, command: tuple[str, ...]) -> None:
    done = reex(*command, "-h")
    assert done.code == 0
    assert "\\" not in done.out
    assert "\b" not in done.out
    head, *examples = done.out.partition("\n  Example:\n")[2].splitlines()
    called = f"reex {' '.join(command)}".strip()
    for line in (head, *examples):
        assert line.startswith("    ")
        assert called in line


def test_the_version_is_told(reex: Reex) -> None:
    assert reex("--version").out == f"reex, version {__version__}\n"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"REEX_SITE_URL": "nowhere"}, "REEX_SITE_URL is not a web address: 'nowhere'"),
        ({"REEX_DATABASE_URL": "mysql://me:secret@host/db"}, "REEX_DATABASE_URL names 'mysql'"),
        ({"REEX_DATABASE_URL": "me:secret"}, "REEX_DATABASE_URL is not a database address"),
    ],
)
def test_a_wrong_environment_is_an_error_a_hint_and_exit_code_2(reex: Reex, environ: dict[str, str], said: str) -> None:
    done = reex("status", **environ)
    assert (done.code, done.out) == (2, "")
    [line] = done.err.splitlines()
    assert line.startswith(f"reex: error: {said}")
    assert line.count(". ") >= 1
    assert "secret" not in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("stauts",), "No such command 'stauts'. Did you mean 'status'? Try: reex -h"),
        (("parse",), "Missing argument 'FILE|URL'. Try: reex parse -h"),
        (("status", "--jsn"), "No such option '--jsn'. Did you mean '--json'? Try: reex status -h"),
        (("db", "upgrad"), "No such command 'upgrad'. Did you mean 'upgrade'? Try: reex db -h"),
    ],
)
def test_a_wrong_argument_is_one_line_and_exit_code_2(reex: Reex, arguments: tuple[str, ...], said: str) -> None:
    done = reex(*arguments)
    assert (done.code, done.out, done.err) == (2, "", f"reex: error: {said}\n")


def test_no_command_at_all_is_answered_with_the_help(reex: Reex) -> None:
    done = reex()
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: reex ")


def test_an_error_that_ends_with_a_full_stop_gets_no_second_one() -> None:
    assert str(ReexError("Connection refused.", hint="Try again")) == "Connection refused. Try again"


def started(*arguments: str, **how: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "reex_crawler", *arguments], cwd=ROOT, stderr=subprocess.PIPE, **how)  # type: ignore[call-overload,no-any-return]


def test_a_reader_who_has_seen_enough_ends_it_without_a_word(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = started("--help", stdout=write)
    os.close(write)
    _, said = process.communicate()
    assert (process.returncode, said) == (1, b"")


def test_ctrl_c_ends_it_without_a_word(tmp_path: Path) -> None:
    # A named pipe as the page holds the command where it reads, until it is interrupted.
    fifo = tmp_path / "page.html"
    os.mkfifo(fifo)
    process = started("parse", str(fifo), stdout=subprocess.PIPE)
    with fifo.open("wb"):
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert (process.returncode, said.strip()) == (130, b"")

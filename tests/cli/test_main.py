from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reex_crawler import __version__
from tests.cli.conftest import Reex
from tests.shell.running import ROOT


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_command(reex: Reex, option: str) -> None:
    done = reex(option)
    assert done.code == 0
    assert all(f"  {name} " in done.out for name in ("crawl", "parse", "show", "status", "db"))
    assert "Example:" in done.out


@pytest.mark.parametrize("command", ["crawl", "parse", "show", "status", "db", "db upgrade", "db check"])
def test_the_help_of_every_command_has_an_example(reex: Reex, command: str) -> None:
    done = reex(*command.split(), "-h")
    assert done.code == 0
    assert "Example:" in done.out
    assert "reex " in done.out.split("Example:")[1]


def test_the_version_is_told(reex: Reex) -> None:
    assert reex("--version").out == f"reex, version {__version__}\n"


def test_an_unknown_command_is_answered_with_the_nearest(reex: Reex) -> None:
    done = reex("stauts")
    assert done.code == 2
    assert "Did you mean 'status'?" in done.err


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
    error, hint = done.err.splitlines()
    assert error.startswith(f"reex: error: {said}")
    assert hint.startswith("hint: ")
    assert "secret" not in done.err


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

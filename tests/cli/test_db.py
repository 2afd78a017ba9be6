from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.cli.conftest import Reex
from tests.postgres import over_tcp


def test_upgrade_makes_a_database_and_leaves_one_that_is_up_to_date(
    empty_database_url: URL, reex: Reex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REEX_DATABASE_URL", empty_database_url.render_as_string(hide_password=False))
    assert reex("db", "check").code == 4
    first, second = reex("db", "upgrade"), reex("db", "upgrade")
    assert (first.code, second.code) == (0, 0)
    assert first.out.endswith("is now up to date\n")
    assert second.out.endswith("was already up to date\n")
    assert reex("db", "check").code == 0


def test_a_folder_that_cannot_be_made_is_one_error_with_a_hint(tmp_path: Path, reex: Reex) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    done = reex("db", "upgrade", REEX_DATABASE_URL=f"sqlite:///{in_the_way}/reex.db")
    assert (done.code, done.out) == (4, "")
    [line] = done.err.splitlines()
    assert str(in_the_way) in line
    assert "REEX_DATABASE_URL" in line


@pytest.mark.parametrize("command", [("status",), ("show", "1"), ("why", "1"), ("coverage",), ("db", "check")])
def test_a_command_that_only_reads_makes_nothing(tmp_path: Path, reex: Reex, command: tuple[str, ...]) -> None:
    done = reex(*command, REEX_DATABASE_URL=f"sqlite:///{tmp_path}/new/reex.db")
    assert (done.code, done.out) == (4, "")
    [line] = done.err.splitlines()
    assert line == (
        f"reex: error: There is no archive at {tmp_path}/new/reex.db. "
        "Start one with: reex crawl, or name another in REEX_DATABASE_URL"
    )
    assert not list(tmp_path.iterdir())


def test_a_path_that_cannot_be_looked_at_is_one_line(tmp_path: Path, reex: Reex) -> None:
    done = reex("status", REEX_DATABASE_URL=f"sqlite:///{tmp_path}/{'long' * 100}.db")
    assert (done.code, done.out) == (4, "")
    [line] = done.err.splitlines()
    assert "cannot be read: File name too long" in line


def test_an_empty_database_is_answered_with_what_fills_it(
    empty_database_url: URL, reex: Reex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REEX_DATABASE_URL", empty_database_url.render_as_string(hide_password=False))
    done = reex("status")
    assert (done.code, done.out) == (4, "")
    assert "reex crawl" in done.err
    assert "or: Run" not in done.err


def test_a_refused_password_is_told_and_not_shown(postgres_server: URL, reex: Reex) -> None:
    url = over_tcp(postgres_server).set(password="not-the-secret")
    done = reex("db", "upgrade", REEX_DATABASE_URL=url.render_as_string(hide_password=False))
    assert done.code == 4
    assert "not-the-secret" not in done.err
    assert "refuses the user or password" in done.err

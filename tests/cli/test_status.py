from __future__ import annotations

import json

from sqlalchemy.engine import URL

from tests.cli.conftest import Reex
from tests.factories import SITE_URL


def test_status_counts_what_is_stored_and_names_the_newest(archive: URL, reex: Reex) -> None:
    status = json.loads(reex("status", "--json").out)
    assert status["site"] == SITE_URL
    assert status["counts"] == {"articles": 2, "revisions": 3, "authors": 1, "terms": 2, "comments": 3, "repairs": 1}
    assert status["newest"]["title"] == "Oxides"
    assert status["quarantine"] == {"login-form": 1}


def test_status_tells_the_last_runs(archive: URL, reex: Reex) -> None:
    [run] = json.loads(reex("status", "--json").out)["runs"]
    assert (run["spider"], run["outcome"], run["exit_code"]) == ("latest", "done", 0)
    assert run["counts"] == {"articles_new": 2}


def test_in_a_pipe_a_row_is_a_line_of_cells_parted_by_tabs(archive: URL, reex: Reex) -> None:
    done = reex("status")
    assert done.err == ""
    lines = done.out.splitlines()
    assert "articles\t2" in lines
    assert "set aside: login-form\t1" in lines
    assert "\x1b" not in done.out


def test_a_password_is_never_shown(archive: URL, reex: Reex) -> None:
    password = archive.password or "none"
    assert password not in reex("status").out
    assert password not in reex("status", "--json").out

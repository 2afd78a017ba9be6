from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.engine import URL, Engine

from reex_crawler.storage import runs
from reex_crawler.storage.models import FetchOutcome, ResourceKind, ResourceRow, ResourceState, RunOutcome
from reex_crawler.storage.session import transaction
from tests.cli.conftest import Reex
from tests.crawled import FEED, add_address, add_listing, slug_url
from tests.factories import FETCHED_AT, SITE_URL


def test_status_counts_what_is_stored_and_names_the_newest(archive: URL, reex: Reex) -> None:
    status = json.loads(reex("status", "--json").out)
    assert status["site"] == SITE_URL
    assert status["counts"] == {"articles": 2, "revisions": 3, "authors": 1, "terms": 2, "comments": 3, "repairs": 1}
    assert status["newest"]["title"] == "Oxides"
    assert status["quarantine"] == {"login-form": 1}


def test_status_names_the_site_that_the_database_holds_whatever_is_set(archive: URL, reex: Reex) -> None:
    assert json.loads(reex("status", "--json", REEX_SITE_URL="https://other.example").out)["site"] == SITE_URL
    assert f"site\t{SITE_URL}" in reex("status", REEX_SITE_URL="https://other.example").out.splitlines()


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


def test_what_is_due_is_counted_by_reason_and_what_is_first_named(archive: URL, engine: Engine, reex: Reex) -> None:
    past, future = datetime(2026, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
    with transaction(engine) as session:
        session.execute(update(ResourceRow).values(next_due_at=None, due_reason=None))
        for number in range(4):
            at = past + timedelta(days=number)
            add_address(session, slug_url(f"e{number}"), due_reason="edited", next_due_at=at, state="fetched")
        for number in range(3):
            add_address(session, slug_url(f"r{number}"), due_reason="revisit", next_due_at=future, state="fetched")
        add_address(session, slug_url("unasked"))
    due = json.loads(reex("status", "--json").out)["due"]
    assert (due["now"], due["later"]) == ({"edited": 4, "new": 1}, {"revisit": 3})
    assert [one["url"] for one in due["next"]] == [slug_url(slug) for slug in ("e0", "e1", "e2", "e3", "r0")]
    assert due["next"][0] == {"url": slug_url("e0"), "at": past.isoformat(), "reason": "edited"}
    lines = reex("status").out.splitlines()
    assert "due now: edited\t4" in lines
    assert "due later: revisit\t3" in lines
    assert f"{slug_url('e0')}\t2026-01-01 00:00:00 UTC\tedited" in lines


def test_what_fails_is_grouped_by_why_and_the_last_addresses_named(archive: URL, engine: Engine, reex: Reex) -> None:
    with transaction(engine) as session:
        for number in range(7):
            url = slug_url(f"f{number}")
            at = FETCHED_AT + timedelta(minutes=number)
            over = {"last_fetched_at": at, "last_status": 503, "last_outcome": "failed", "tries": 2}
            add_address(session, url, ResourceState.FAILED, last_error=f"{url} answers 503", **over)
        add_listing(session, FEED, ResourceKind.FEED, FetchOutcome.REFUSED, status=None, error="robots.txt forbids it")
    status = json.loads(reex("status", "--json").out)
    assert status["failures"] == [
        {"kind": "article", "outcome": "failed", "status": 503, "why": "answers 503", "addresses": 7},
        {"kind": "feed", "outcome": "refused", "status": None, "why": "robots.txt forbids it", "addresses": 1},
    ]
    assert [one["url"] for one in status["failing"]] == [slug_url(f"f{number}") for number in (6, 5, 4, 3, 2)]
    lines = reex("status").out.splitlines()
    assert "failing article\t7\t503\tanswers 503" in lines
    assert f"{slug_url('f6')}\t2\t{slug_url('f6')} answers 503\t2026-01-05 12:06:00 UTC" in lines


def test_what_was_given_up_is_named(archive: URL, engine: Engine, reex: Reex) -> None:
    with transaction(engine) as session:
        add_address(session, slug_url("lost"), ResourceState.DEAD, tries=10, last_error="answers 500")
    status = json.loads(reex("status", "--json").out)
    assert (status["addresses"]["dead"], status["failures"]) == (1, [])
    assert [(one["url"], one["tries"], one["last_error"]) for one in status["dead"]] == [
        (slug_url("lost"), 10, "answers 500")
    ]
    assert f"{slug_url('lost')}\t10\tanswers 500\t" in reex("status").out.splitlines()


def test_a_run_that_has_not_ended_is_shown_with_its_start(archive: URL, engine: Engine, reex: Reex) -> None:
    with transaction(engine) as session:
        runs.start(session, spider="backfill", arguments={}, versions={}, started_at=FETCHED_AT)
    running, done = [line for line in reex("status").out.splitlines() if "\tbackfill\t" in line or "\tlatest\t" in line]
    assert running.endswith("\tbackfill\t2026-01-05 12:00:00 UTC\t\trunning\t\t")
    assert done.endswith("\tdone\t0\t2 articles_new")


def test_the_counts_of_a_run_leave_out_what_did_not_happen(archive: URL, engine: Engine, reex: Reex) -> None:
    with transaction(engine) as session:
        run_id = runs.start(session, spider="backfill", arguments={}, versions={}, started_at=FETCHED_AT)
        stats = {"reex/articles_new": 3, "reex/articles_gone": 0, "downloader/request_count": 9, "log_count/INFO": 5}
        runs.finish(session, run_id, outcome=RunOutcome.PARTIAL, exit_code=1, stats=stats, ended_at=FETCHED_AT)
    [line] = [line for line in reex("status").out.splitlines() if "\tbackfill\t" in line]
    assert line.endswith("\tpartial\t1\t3 articles_new, 9 requests")

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.engine import URL, Engine

from reex_crawler.records import DueReason
from reex_crawler.storage import articles
from reex_crawler.storage.models import FetchOutcome, ResourceKind, ResourceRow, ResourceState
from reex_crawler.storage.session import transaction
from tests.cli.conftest import Reex
from tests.crawled import FEED, add_address, add_listing, add_visit, name, rest_page, slug_url
from tests.factories import FETCHED_AT, SITE_URL, make_article
from tests.factories import URL as ARTICLE_URL

OLD = slug_url("old-magnets")
FORMULA = slug_url("fe%E2%82%81%E2%82%86n")
LATER = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def visited(archive: URL, engine: Engine) -> None:
    """The archive's article under an old address as well, named by two sources, and an address that is not stored."""
    with transaction(engine) as session:
        row = session.scalars(select(ResourceRow).where(ResourceRow.url == ARTICLE_URL)).one()
        row.next_due_at, row.due_reason = LATER, DueReason.REVISIT
        add_address(session, OLD, ResourceState.MOVED, article_id=row.article_id)
        add_visit(session, OLD, FetchOutcome.REDIRECTED, FETCHED_AT - timedelta(days=1), final_url=ARTICLE_URL)
        name(session, ARTICLE_URL, "rest", rest_page(), post_id=7855)
        name(session, OLD, "feed", FEED)
        name(session, FORMULA, "rest", rest_page(), post_id=9000)
        name(session, f"{SITE_URL}/?p=9000", "feed", FEED, post_id=9000)


@pytest.mark.parametrize(
    "spelling",
    [
        ARTICLE_URL,
        f"{ARTICLE_URL}?utm_source=mail#comment-17",
        f"{ARTICLE_URL}comment-page-2/",
        "/news/magnets",
        "magnets",
        "7855",
        f"{SITE_URL}/?p=7855",
        f"{SITE_URL}/?post_type=news-archive&p=7855",
        OLD,
        "old-magnets",
    ],
)
def test_any_spelling_of_an_address_finds_its_article(visited: None, reex: Reex, spelling: str) -> None:
    done = reex("why", spelling, "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert found["article"]["post_id"] == 7855
    assert [one["url"] for one in found["addresses"]] == [ARTICLE_URL, OLD]


@pytest.mark.parametrize("spelling", [FORMULA, FORMULA.lower(), "fe₁₆n", "9000", f"{SITE_URL}/?p=9000"])
def test_an_address_that_is_not_stored_is_found_as_well(visited: None, reex: Reex, spelling: str) -> None:
    found = json.loads(reex("why", spelling, "--json").out)
    assert found["article"] is None
    assert {one["url"] for one in found["addresses"]} == {FORMULA, f"{SITE_URL}/?p=9000"}
    assert found["addresses"][0]["due"] == "not due: never asked; it waits for a backfill"


def test_all_that_decides_when_an_address_is_asked_is_told(visited: None, reex: Reex) -> None:
    found = json.loads(reex("why", "magnets", "--json").out)
    article, [main, old] = found["article"], found["addresses"]
    assert (article["title"], article["comments"], article["state"]) == ("Magnets, corrected", 3, "live")
    assert article["history"]["edits"] == 1
    assert article["history"]["commented_at"] == "2026-01-03T08:00:00+00:00"
    assert (main["state"], main["tries"], main["due_reason"]) == ("fetched", 0, "revisit")
    assert main["due"].startswith("due 2026-03-01 10:00:00 UTC (revisit: looked at every ")
    assert old["due"] == "not due: it leads to another address, which is asked instead"
    assert [(one["source"], one["url"], one["listed_in"]) for one in found["named_by"]] == [
        ("feed", OLD, FEED),
        ("rest", ARTICLE_URL, rest_page()),
    ]


def test_each_visit_tells_what_it_found(visited: None, reex: Reex, engine: Engine) -> None:
    with transaction(engine) as session:
        for hours in (2, 3):
            at = FETCHED_AT + timedelta(hours=hours)
            outcome = FetchOutcome.ARTICLE if hours == 2 else FetchOutcome.FAILED
            add_visit(session, ARTICLE_URL, outcome, at, reason=DueReason.REVISIT, error="cut" if hours == 3 else None)
    visits = json.loads(reex("why", "magnets", "--json").out)["visits"]
    assert [(one["found"], one["reason"], one["new_comments"]) for one in visits] == [
        ("failed", "revisit", 0),
        ("unchanged", "revisit", 0),
        ("revised", None, 3),
        ("new", None, 0),
        ("redirected", None, 0),
    ]


def test_only_the_last_ten_visits_are_told(visited: None, reex: Reex, engine: Engine) -> None:
    with transaction(engine) as session:
        for days in range(1, 13):
            add_visit(session, ARTICLE_URL, FetchOutcome.ARTICLE, FETCHED_AT + timedelta(days=days))
    visits = json.loads(reex("why", "magnets", "--json").out)["visits"]
    assert len(visits) == 10
    assert visits[0]["at"] == (FETCHED_AT + timedelta(days=12)).isoformat()


def test_a_person_reads_when_and_why_in_lines(visited: None, reex: Reex, engine: Engine) -> None:
    with transaction(engine) as session:
        row = session.scalars(select(ResourceRow).where(ResourceRow.url == ARTICLE_URL)).one()
        row.state, row.due_reason, row.tries, row.last_error = ResourceState.FAILED, DueReason.RETRY, 2, "answers 503"
    lines = reex("why", "magnets").out.splitlines()
    assert f"address\t{ARTICLE_URL}" in lines
    assert "next\tdue 2026-03-01 10:00:00 UTC (retry: tried 2 times: answers 503)" in lines
    assert "last error\tanswers 503" in lines
    assert "article comments\t3" in lines
    assert "article first seen at\t2026-01-05 12:00:00 UTC" in lines
    assert any(line.startswith(f"also known as\t{OLD} (moved; ") for line in lines)
    assert "2026-01-05 13:00:00 UTC\t\t200\trevised\t3 new\t" in lines


@pytest.mark.parametrize("reason", [reason for reason in DueReason if reason is not DueReason.RETRY])
def test_every_reason_is_said_in_words(visited: None, reex: Reex, engine: Engine, reason: DueReason) -> None:
    with transaction(engine) as session:
        row = session.scalars(select(ResourceRow).where(ResourceRow.url == FORMULA)).one()
        row.next_due_at, row.due_reason = LATER, reason
    due = next(one for one in json.loads(reex("why", FORMULA, "--json").out)["addresses"] if one["url"] == FORMULA)
    assert due["due"].startswith(f"due 2026-03-01 10:00:00 UTC ({reason}: ")


def test_an_address_of_a_listing_has_a_story_too(visited: None, reex: Reex, engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, FEED, ResourceKind.FEED, FetchOutcome.FAILED, status=500, error="answers 500")
    found = json.loads(reex("why", FEED, "--json").out)
    assert (found["article"], found["addresses"][0]["kind"]) == (None, "feed")
    assert [(one["found"], one["error"]) for one in found["visits"]] == [("failed", "answers 500")]


def test_an_unknown_address_is_exit_code_2_with_the_nearest_known(visited: None, reex: Reex) -> None:
    done = reex("why", f"{SITE_URL}/news/magnetts/")
    assert (done.code, done.out) == (2, "")
    [line] = done.err.splitlines()
    assert line.startswith(f"reex: error: nothing is known of {SITE_URL}/news/magnetts/. Nearest known: {ARTICLE_URL}")


@pytest.mark.parametrize(
    "spelling", ["https://other.example/magnets/", f"{SITE_URL}/about/", "http://[::1", "https://"]
)
def test_what_is_no_address_of_an_article_is_told_so(visited: None, reex: Reex, spelling: str) -> None:
    done = reex("why", spelling)
    assert done.code == 2
    assert f"It is no address of an article on {SITE_URL}." in done.err


@pytest.mark.parametrize("spelling", ["", "9" * 40, "²", "100%", "%zz", f"{SITE_URL}/?p=99999999999999999999"])
def test_a_name_that_means_nothing_is_an_error_and_no_fault(visited: None, reex: Reex, spelling: str) -> None:
    done = reex("why", spelling)
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1


def test_a_visit_after_which_only_our_reading_differs_found_no_edit(visited: None, reex: Reex, engine: Engine) -> None:
    with transaction(engine) as session:
        at = FETCHED_AT + timedelta(days=2)
        fetch = add_visit(session, ARTICLE_URL, FetchOutcome.ARTICLE, at)
        articles.upsert(session, make_article(at, body="Read otherwise."), extractor_version="0", fetch_id=fetch.id)
    found = json.loads(reex("why", "magnets", "--json").out)
    assert found["visits"][0]["found"] == "reread"
    assert found["article"]["history"]["edits"] == 1


@pytest.mark.parametrize("command", ["coverage", "why"])
def test_the_help_has_an_example(reex: Reex, command: str) -> None:
    done = reex(command, "-h")
    assert done.code == 0
    assert f"reex {command} " in done.out.split("Example:")[1]

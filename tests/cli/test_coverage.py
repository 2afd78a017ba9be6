from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy.engine import URL, Engine

from reex_crawler.storage.models import FetchOutcome, ResourceKind
from reex_crawler.storage.session import transaction
from tests.cli.conftest import Reex
from tests.crawled import FEED, add_listing, name, rest_door, rest_page, slug_url
from tests.factories import FETCHED_AT, SITE_URL
from tests.factories import URL as ARTICLE_URL

JULY = datetime(2025, 7, 10, tzinfo=UTC)


@pytest.fixture
def listed(archive: URL, engine: Engine) -> None:
    """The archive's articles named by REST, one more that is not stored, and a feed that is closed."""
    with transaction(engine) as session:
        add_listing(session, rest_door(), ResourceKind.REST, items=2, total=250)
        for url in (ARTICLE_URL, slug_url("oxides")):
            name(session, url, "rest", rest_page(1))
        name(session, slug_url("unread"), "rest", rest_page(1), published_at=JULY, post_id=3)
        add_listing(session, FEED, ResourceKind.FEED, FetchOutcome.FAILED, status=500, error="answers 500")


def test_coverage_in_json_has_totals_months_sources_collections_and_gaps(listed: None, reex: Reex) -> None:
    done = reex("coverage", "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["site"], found["time_zone"]) == (SITE_URL, "America/Denver")
    assert found["total"] == {
        "known": 3,
        "stored": 2,
        "withdrawn": 0,
        "not_stored": {"new": 1},
        "sources": {"feed": None, "sitemap": None, "rest": {"named": 3, "no_longer": 0, "misses": 0}},
    }
    assert [(month["month"], month["known"]) for month in found["months"]] == [("2026-01", 2), ("2025-07", 1)]
    assert {name: source["state"] for name, source in found["sources"].items()} == {
        "feed": "broken",
        "sitemap": "not read",
        "rest": "open",
        "comments": "not read",
    }
    [collection] = found["collections"]
    assert (collection["total"], collection["stored"], collection["missing_pages"]) == (250, 2, [[2, 3]])
    assert found["unreadable"] == [
        {
            "url": FEED,
            "source": "feed",
            "status": 500,
            "error": "answers 500",
            "asked_at": FETCHED_AT.isoformat(),
            "last_good_at": None,
        }
    ]


def test_coverage_in_a_pipe_is_lines_of_cells(listed: None, reex: Reex) -> None:
    lines = reex("coverage").out.splitlines()
    assert "2025-07\t1\t0\t1\t0\tnot read\tnot read\tnot read\tnot read\t1\t0" in lines
    assert "all\t3\t2\t1\t0\tnot read\tnot read\tnot read\tnot read\t3\t0" in lines
    assert "not stored: new\t1" in lines
    assert "feed\tbroken\t\t\tanswers 500" in lines
    assert "rest\topen\t2026-01-05 12:00:00 UTC\t0\t" in lines
    assert any(line.endswith("\t250\t3\t2\t3\t2-3") for line in lines)


def test_what_is_missing_is_listed_with_source_and_reason(listed: None, reex: Reex) -> None:
    assert reex("coverage", "--missing").out == f"2025-07\trest\tnew\t0\t\t\t{slug_url('unread')}\n"
    [missing] = json.loads(reex("coverage", "--missing", "--json").out)["missing"]
    assert missing == {
        "url": slug_url("unread"),
        "month": "2025-07",
        "sources": ["rest"],
        "state": "new",
        "tries": 0,
        "status": None,
        "error": None,
        "next_due_at": None,
    }


def test_an_archive_without_listings_has_a_coverage_too(archive: URL, reex: Reex) -> None:
    done = reex("coverage")
    assert (done.code, done.err) == (0, "")
    assert "sitemap\tnot read\t\t\t" in done.out.splitlines()
    assert reex("coverage", "--missing").out == ""

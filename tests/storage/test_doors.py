"""What is known of the listings themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Engine

from reex_crawler.records import Taxonomy, Term
from reex_crawler.storage import listings
from reex_crawler.storage.doors import Door, doors, term_feeds
from reex_crawler.storage.models import FetchOutcome, ResourceKind
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL
from tests.storage.addresses import DAY, FEED, HOUR, ask, fetched, read_listing, record

SITEMAP = f"{SITE_URL}/news-archive-sitemap.xml"
LATER = FETCHED_AT + HOUR
READ = Door(
    url=FEED,
    kind=ResourceKind.FEED,
    is_open=True,
    is_shut=False,
    due_at=None,
    asked_at=FETCHED_AT,
    etag='W/"1"',
    last_modified="Mon, 05 Jan 2026 12:00:00 GMT",
    items=10,
    lastmod=None,
)


def answer(outcome: FetchOutcome, at: datetime, **over: Any) -> Any:
    return fetched(outcome, at, url=FEED, kind=ResourceKind.FEED, **over)


def well(at: datetime = FETCHED_AT) -> Any:
    return answer(FetchOutcome.LISTING, at, etag=READ.etag, last_modified=READ.last_modified, items=READ.items)


def found(engine: Engine) -> dict[str, Door]:
    with reading(engine) as session:
        return doors(session)


def test_a_listing_that_was_read_is_open_with_its_validators(engine: Engine) -> None:
    record(engine, well())
    assert found(engine) == {FEED: READ}


def test_a_listing_that_is_as_before_stays_open_with_the_validators_it_had(engine: Engine) -> None:
    record(engine, well(), answer(FetchOutcome.NOT_MODIFIED, LATER, status=304))
    assert found(engine)[FEED] == replace(READ, asked_at=LATER)


def test_a_listing_that_was_refused_or_broken_is_closed_until_it_is_read_again(engine: Engine) -> None:
    for outcome in (FetchOutcome.REFUSED, FetchOutcome.FAILED):
        record(engine, answer(outcome, FETCHED_AT, status=500))
        assert not found(engine)[FEED].is_open
        assert found(engine)[FEED].items is None
    record(engine, well(LATER))
    assert found(engine)[FEED] == replace(READ, asked_at=LATER)


def test_articles_and_their_parts_are_no_listings(engine: Engine) -> None:
    record(engine, fetched(), fetched(url=f"{SITE_URL}/wp-json/x", kind=ResourceKind.PART))
    assert found(engine) == {}


def test_a_sitemap_is_known_with_its_time_of_change(engine: Engine) -> None:
    read_listing(engine, url=FEED)
    record(engine, fetched(FetchOutcome.LISTING, url=SITEMAP, kind=ResourceKind.SITEMAP, items=0))
    with transaction(engine) as session:
        changed = FETCHED_AT - DAY
        listings.keep_lastmod(session, SITEMAP, listed_in=SITE_URL, modified_at=changed, seen_at=FETCHED_AT)
    assert {url: door.lastmod for url, door in found(engine).items()} == {FEED: None, SITEMAP: changed}


def test_the_feeds_of_terms_stand_below_their_pages(engine: Engine) -> None:
    tag = Term(taxonomy=Taxonomy.TAG, name="MP Materials", url=f"{SITE_URL}/tag/mp-materials/")
    bare = Term(taxonomy=Taxonomy.CATEGORY, name="Energy", url=f"{SITE_URL}/category/energy")
    ask(engine, terms=(bare, Term(taxonomy=Taxonomy.TAG, name="No page"), tag))
    with reading(engine) as session:
        assert term_feeds(session) == [f"{SITE_URL}/category/energy/feed/", f"{SITE_URL}/tag/mp-materials/feed/"]

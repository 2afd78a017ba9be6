"""What is kept of addresses, listings and answers."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from reex_crawler.storage import articles, frontier
from reex_crawler.storage.frontier import Fetched, Known
from reex_crawler.storage.models import (
    ArticleRow,
    ArticleState,
    FetchOutcome,
    FetchRow,
    ListingRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
)
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL, URL, make_article, make_dated, make_listed

LATER = FETCHED_AT + timedelta(days=1)


def fetched(outcome: FetchOutcome = FetchOutcome.ARTICLE, at: datetime = FETCHED_AT, **over: object) -> Fetched:
    values = {"url": URL, "kind": ResourceKind.ARTICLE, "outcome": outcome, "fetched_at": at, "status": 200}
    return Fetched(**values | over)


def record(engine: Engine, *answers: Fetched) -> ResourceRow:
    with transaction(engine) as session:
        for answer in answers:
            frontier.record(session, answer)
    with reading(engine) as session:
        return session.scalars(select(ResourceRow)).one()


def test_each_source_that_lists_an_address_is_kept_with_what_it_said(engine: Engine) -> None:
    dated = make_dated()
    feed = make_listed(post_id=7, published=dated, comment_count=3)
    sitemap = make_listed(source="sitemap", listed_in=f"{SITE_URL}/wp-sitemap.xml", modified=dated)
    with transaction(engine) as session:
        frontier.remember(session, [feed, sitemap], seen_at=FETCHED_AT)
    with transaction(engine) as session:
        frontier.remember(session, [make_listed(listed_in=f"{SITE_URL}/feed/?paged=2")], seen_at=LATER)
    with reading(engine) as session:
        resource = session.scalars(select(ResourceRow)).one()
        assert (resource.url, resource.kind, resource.state) == (URL, ResourceKind.ARTICLE, ResourceState.NEW)
        first, second = session.scalars(select(ListingRow).order_by(ListingRow.source)).all()
        assert (first.source, first.listed_in, first.post_id) == ("feed", f"{SITE_URL}/feed/?paged=2", 7)
        assert (first.published_at, first.comment_count) == (dated.at, 3)
        assert (first.first_listed_at, first.last_listed_at) == (FETCHED_AT, LATER)
        assert (second.source, second.modified_at, second.last_listed_at) == ("sitemap", dated.at, FETCHED_AT)


def test_more_addresses_than_a_statement_takes_are_remembered_at_once(engine: Engine) -> None:
    listed = [make_listed(f"{SITE_URL}/news/{number}/") for number in range(33_000)]
    with transaction(engine) as session:
        frontier.remember(session, listed, seen_at=FETCHED_AT)
        frontier.remember(session, [], seen_at=FETCHED_AT)
        assert session.scalar(select(func.count()).select_from(ListingRow)) == 33_000


def test_an_address_too_long_to_be_asked_for_spoils_no_listing(engine: Engine) -> None:
    noise = "".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(200))
    with transaction(engine) as session:
        frontier.remember(session, [make_listed(f"{SITE_URL}/news/{noise}/"), make_listed()], seen_at=FETCHED_AT)
        assert session.scalars(select(ResourceRow.url)).all() == [URL]


def test_remembering_a_known_address_leaves_its_life_alone(engine: Engine) -> None:
    record(engine, fetched())
    with transaction(engine) as session:
        frontier.remember(session, [make_listed()], seen_at=LATER)
    with reading(engine) as session:
        assert session.scalars(select(ResourceRow)).one().state is ResourceState.FETCHED


@pytest.mark.parametrize(
    ("outcome", "state", "tries"),
    [
        (FetchOutcome.ARTICLE, ResourceState.FETCHED, 0),
        (FetchOutcome.NOT_MODIFIED, ResourceState.FETCHED, 0),
        (FetchOutcome.GONE, ResourceState.GONE, 0),
        (FetchOutcome.FAILED, ResourceState.FAILED, 2),
        (FetchOutcome.REFUSED, ResourceState.FAILED, 2),
        (FetchOutcome.QUARANTINED, ResourceState.QUARANTINED, 2),
    ],
)
def test_an_answer_moves_its_address_on(
    engine: Engine, outcome: FetchOutcome, state: ResourceState, tries: int
) -> None:
    failed = fetched(FetchOutcome.FAILED, error="timeout", status=None)
    row = record(engine, failed, fetched(outcome, LATER, error="why"))
    assert (row.state, row.tries, row.last_outcome, row.last_error) == (state, tries, outcome, "why")
    assert (row.last_status, row.last_fetched_at) == (200, LATER)


def test_an_older_answer_leaves_its_address_as_it_is(engine: Engine) -> None:
    row = record(engine, fetched(at=LATER), fetched(FetchOutcome.FAILED, FETCHED_AT))
    assert (row.state, row.last_fetched_at) == (ResourceState.FETCHED, LATER)


def test_the_same_answer_is_recorded_once(engine: Engine) -> None:
    with transaction(engine) as session:
        first = frontier.record(session, fetched(digest="ab"))
        assert frontier.record(session, fetched(digest="ab")) == first
        assert frontier.record(session, fetched(digest="cd")) != first
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(FetchRow)) == 2


def test_validators_outlive_an_answer_without_content_and_no_other(engine: Engine) -> None:
    with_etag = fetched(etag='W/"1"', last_modified="Mon, 05 Jan 2026 12:00:00 GMT")
    row = record(engine, with_etag, fetched(FetchOutcome.NOT_MODIFIED, LATER, status=304))
    assert (row.etag, row.last_modified) == (with_etag.etag, with_etag.last_modified)
    assert record(engine, fetched(at=LATER + timedelta(days=1))).etag is None


def test_an_article_whose_address_is_gone_is_missing_and_kept(engine: Engine) -> None:
    with transaction(engine) as session:
        stored = articles.upsert(session, make_article(), extractor_version="1")
        frontier.attach(session, stored.article_id, {URL}, seen_at=FETCHED_AT)
    record(engine, fetched(FetchOutcome.GONE, LATER, status=404))
    with reading(engine) as session:
        row = session.scalars(select(ArticleRow)).one()
        assert (row.state, row.title, row.last_seen_at) == (ArticleState.MISSING, "Magnets", FETCHED_AT)


def test_every_address_of_a_stored_article_is_known(engine: Engine) -> None:
    old = f"{SITE_URL}/news/old-slug/"
    with transaction(engine) as session:
        frontier.remember(session, [make_listed(f"{SITE_URL}/news/unread/")], seen_at=FETCHED_AT)
        stored = articles.upsert(session, make_article(), extractor_version="1")
        frontier.attach(session, stored.article_id, {URL, old}, seen_at=FETCHED_AT)
    with reading(engine) as session:
        known = Known(
            article_id=stored.article_id,
            post_id=7855,
            modified_at=datetime(2026, 1, 4, 10, tzinfo=UTC),
            last_seen_at=FETCHED_AT,
        )
        assert frontier.known(session) == {URL: known, old: known}

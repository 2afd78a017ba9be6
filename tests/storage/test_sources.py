"""How sources answer, which pages of theirs cannot be read, and what is stored of a REST collection."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.engine import Engine

from reex_crawler.storage import sources
from reex_crawler.storage.models import FetchOutcome, ResourceKind
from reex_crawler.storage.session import reading, transaction
from reex_crawler.storage.sources import Collected, Source, Unreadable
from tests.crawled import FEED, REST, SITEMAP, add_listing, add_run, name, rest_door, rest_page, slug_url, store
from tests.factories import FETCHED_AT, SITE_URL, make_article, make_comment

COMMENT_FEED = f"{SITE_URL}/comments/feed/"
COMMENTS = f"{SITE_URL}/wp-json/wp/v2/comments"
SOON, LATER = FETCHED_AT + timedelta(minutes=1), FETCHED_AT + timedelta(days=1)


def found(engine: Engine) -> dict[str, Source]:
    with reading(engine) as session:
        return {one.name: one for one in sources.sources(session, comment_listings=(COMMENT_FEED, COMMENTS))}


def unreadable(engine: Engine) -> tuple[Unreadable, ...]:
    with reading(engine) as session:
        return sources.unreadable(session, comment_listings=(COMMENT_FEED, COMMENTS))


def collections(engine: Engine) -> tuple[Collected, ...]:
    with reading(engine) as session:
        return sources.collections(session)


def test_a_source_that_was_never_asked_is_not_read(engine: Engine) -> None:
    states = {one.name: one.state for one in found(engine).values()}
    assert states == dict.fromkeys(("feed", "sitemap", "rest", "comments"), "not read")


def test_a_source_is_open_as_long_as_the_last_run_that_asked_it_read_any_of_it(engine: Engine) -> None:
    with transaction(engine) as session:
        first, second = add_run(session), add_run(session, LATER)
        add_listing(session, FEED, ResourceKind.FEED, run_id=first)
        add_listing(session, SITEMAP, ResourceKind.SITEMAP, run_id=first)
        add_listing(session, SITEMAP, ResourceKind.SITEMAP, FetchOutcome.NOT_MODIFIED, LATER, run_id=second)
        add_listing(session, f"{FEED}?paged=2", ResourceKind.FEED, FetchOutcome.FAILED, SOON, run_id=first, error="cut")
    assert found(engine)["feed"] == Source(
        name="feed", state="open", asked_at=SOON, last_good_at=FETCHED_AT, error=None
    )
    assert found(engine)["sitemap"].last_good_at == LATER


def test_a_source_none_of_which_the_last_run_could_read_is_broken_since_its_last_good_reading(engine: Engine) -> None:
    with transaction(engine) as session:
        first, second = add_run(session), add_run(session, LATER)
        add_listing(session, REST, ResourceKind.REST, run_id=first)
        add_listing(session, REST, ResourceKind.REST, FetchOutcome.FAILED, LATER, run_id=second, error="answers 401")
    assert found(engine)["rest"] == Source(
        name="rest", state="broken", asked_at=LATER, last_good_at=FETCHED_AT, error="answers 401"
    )


def test_a_source_that_never_gave_anything_is_broken(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, FEED, ResourceKind.FEED, FetchOutcome.FAILED, error="not XML")
    assert found(engine)["feed"] == Source(
        name="feed", state="broken", asked_at=FETCHED_AT, last_good_at=None, error="not XML"
    )


def test_listings_of_comments_are_a_source_of_their_own(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, COMMENT_FEED, ResourceKind.FEED)
        add_listing(session, f"{COMMENTS}?page=1", ResourceKind.REST, FetchOutcome.FAILED, status=401)
    assert {one.name: one.state for one in found(engine).values()} == {
        "feed": "not read",
        "sitemap": "not read",
        "rest": "not read",
        "comments": "open",
    }
    assert [one.source for one in unreadable(engine)] == ["comments"]


def test_a_page_that_cannot_be_read_is_told_with_its_last_good_reading(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, SITEMAP, ResourceKind.SITEMAP)
        add_listing(session, FEED, ResourceKind.FEED)
        add_listing(session, FEED, ResourceKind.FEED, FetchOutcome.GONE, LATER, status=404, error="answers 404")
        add_listing(session, REST, ResourceKind.REST, FetchOutcome.REFUSED, LATER, status=None, error="robots")
    assert unreadable(engine) == (
        Unreadable(url=FEED, source="feed", status=404, error="answers 404", asked_at=LATER, last_good_at=FETCHED_AT),
        Unreadable(url=REST, source="rest", status=None, error="robots", asked_at=LATER, last_good_at=None),
    )


def test_a_listing_that_the_site_never_had_is_no_gap(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, SITEMAP, ResourceKind.SITEMAP, FetchOutcome.GONE, status=404)
    assert unreadable(engine) == ()


def test_the_total_of_a_collection_stands_beside_what_is_named_and_stored_of_it(engine: Engine) -> None:
    with transaction(engine) as session:
        for number in (1, 2):
            add_listing(session, rest_door(number), ResourceKind.REST, at=SOON, items=100, total=150)
        store(session, make_article(post_id=1, url=slug_url("a")))
        store(session, make_article(post_id=2, url=slug_url("b")))
        name(session, slug_url("a"), "rest", rest_page(1))
        name(session, slug_url("c"), "rest", rest_page(2), LATER)
        name(session, slug_url("d"), "rest", rest_page(1, "&modified_after=2026-01-05T05:00:00"), LATER)
        name(session, slug_url("b"), "rest", f"{SITE_URL}/wp-json/wp/v2/podcast?page=1")
    assert collections(engine) == (
        Collected(url=REST, total=150, named=3, stored=1, pages=2, missing_pages=(), whole_since=FETCHED_AT),
    )


def test_pages_of_a_collection_that_were_never_read_or_failed_are_gaps(engine: Engine) -> None:
    with transaction(engine) as session:
        for number in (1, 2, 5):
            add_listing(session, rest_door(number), ResourceKind.REST, items=100, total=801)
            name(session, slug_url(f"a{number}"), "rest", rest_page(number))
        add_listing(session, rest_door(5), ResourceKind.REST, FetchOutcome.FAILED, LATER, status=503)
    [collection] = collections(engine)
    assert (collection.pages, collection.missing_pages, collection.whole_since) == (9, ((3, 9),), None)


def test_a_collection_of_which_only_a_part_was_listed_was_not_read_whole(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, REST, ResourceKind.REST, items=0, total=1)
        name(session, slug_url("a"), "rest", rest_page(1, "&after=2026-01-05T05:00:00"))
        name(session, slug_url("b"), "rest", f"{REST}?per_page=100&page=1&orderby=modified")
    [collection] = collections(engine)
    assert (collection.named, collection.missing_pages, collection.whole_since) == (2, (), None)


def test_a_total_beyond_all_measure_costs_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, rest_door(2), ResourceKind.REST, items=2, total=1_000_000_000)
    [collection] = collections(engine)
    assert collection.missing_pages == ((1, 1), (3, 10_000_000))


def test_a_page_past_the_end_of_a_collection_that_shrank_counts_for_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, rest_door(2), ResourceKind.REST, items=1, total=101)
        add_listing(session, rest_door(1), ResourceKind.REST, at=LATER, items=100, total=100)
    [collection] = collections(engine)
    assert (collection.total, collection.pages, collection.missing_pages) == (100, 1, ())


def test_a_collection_of_nothing_has_no_pages(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, REST, ResourceKind.REST, items=0, total=0)
    [collection] = collections(engine)
    assert (collection.pages, collection.missing_pages, collection.whole_since) == (0, (), None)


def test_the_comments_that_are_shown_stand_beside_the_total_of_comments(engine: Engine) -> None:
    with transaction(engine) as session:
        store(session, make_article(comments=(make_comment(1), make_comment(2))))
        add_listing(session, COMMENTS, ResourceKind.REST, items=3, total=3)
    [collection] = collections(engine)
    assert (collection.url, collection.total, collection.named, collection.stored) == (COMMENTS, 3, None, 2)

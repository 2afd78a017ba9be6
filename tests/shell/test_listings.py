"""Listings are read as far as they answer, and what they say is in the database with their answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from reex_crawler import ingest
from reex_crawler.middlewares import Refused
from reex_crawler.records import DueReason
from reex_crawler.spiders.asking import Answer, validators
from reex_crawler.spiders.listings import rest_door
from reex_crawler.storage.doors import Door
from reex_crawler.storage.models import FetchOutcome, FetchRow, ListingRow, ResourceKind, ResourceRow
from reex_crawler.storage.session import reading, transaction
from tests.factories import make_article
from tests.shell.web import (
    BASE,
    NOT_FOUND,
    NOT_MODIFIED,
    NOW,
    SITE,
    Given,
    Reply,
    Store,
    Web,
    article_url,
    collection,
    feed,
    index,
    make_listings,
    sitemap,
)

FEED = f"{BASE}/feed/"
MAP = f"{BASE}/a.xml"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MAIN = SITE.rest_types[0]
DOOR = rest_door(SITE, MAIN)
COMMENTS = rest_door(SITE, "comments")

_T = TypeVar("_T")


def slug(url: str) -> str:
    return url.rsplit("/", 2)[1]


def named(engine: Engine) -> list[str]:
    """What any listing named, in the order in which it was."""
    statement = (
        select(ResourceRow.url)
        .join(ListingRow, ListingRow.resource_id == ResourceRow.id)
        .where(ResourceRow.kind == ResourceKind.ARTICLE)
        .order_by(ResourceRow.id)
    )
    with reading(engine) as session:
        return [slug(url) for url in session.scalars(statement)]


def due(engine: Engine, later: timedelta = HOUR) -> dict[str, DueReason | None]:
    statement = select(ResourceRow.url, ResourceRow.due_reason).where(ResourceRow.next_due_at <= NOW + later)
    with reading(engine) as session:
        return {slug(url): reason for url, reason in session.execute(statement)}


def resources(engine: Engine, kind: ResourceKind) -> dict[str, ResourceRow]:
    with reading(engine) as session:
        rows = session.scalars(select(ResourceRow).where(ResourceRow.kind == kind)).all()
        return {row.url: row for row in rows}


def outcomes(engine: Engine) -> list[tuple[FetchOutcome, int | None]]:
    with reading(engine) as session:
        return [(row.outcome, row.status) for row in session.scalars(select(FetchRow).order_by(FetchRow.id))]


def store(engine: Engine, *slugs: str) -> None:
    with transaction(engine) as session:
        for number, one in enumerate(slugs, 1):
            ingest.store(session, make_article(NOW, url=article_url(one), post_id=number))


# Sitemaps.


def test_announced_sitemaps_are_all_read_with_their_children(engine: Engine) -> None:
    web = Web(
        {"/a.xml": index("/b.xml", "/c.xml"), "/b.xml": sitemap("b"), "/c.xml": sitemap("c"), "/d.xml": sitemap("d")}
    )
    listings = make_listings(web, engine)
    assert asyncio.run(listings.sitemaps([MAP, f"{BASE}/d.xml", "https://other.test/x.xml"]))
    assert web.asked == ["/a.xml", "/d.xml", "/b.xml", "/c.xml"]
    assert named(engine) == ["d", "b", "c"]
    assert listings.read == 4


def test_the_usual_sitemaps_are_asked_in_turn_until_one_names_articles(engine: Engine) -> None:
    web = Web({"/sitemap_index.xml": sitemap(), "/wp-sitemap.xml": sitemap("a")})
    assert asyncio.run(make_listings(web, engine).sitemaps([]))
    assert named(engine) == ["a"]
    assert web.asked == ["/sitemap_index.xml", "/wp-sitemap.xml"]


def test_a_site_without_sitemaps_has_none(engine: Engine) -> None:
    listings = make_listings(Web({}), engine)
    assert not asyncio.run(listings.sitemaps([MAP]))
    assert (listings.read, len(listings.problems)) == (0, 1 + len(SITE.sitemap_paths))


def test_a_sitemap_that_leads_back_to_itself_is_read_once(engine: Engine) -> None:
    web = Web({"/a.xml": index("/a.xml", "/b.xml"), "/b.xml": index("/a.xml")})
    assert not asyncio.run(make_listings(web, engine).sitemaps([MAP]))
    # It names no article: the usual addresses are tried as well.
    assert web.asked == ["/a.xml", "/b.xml", *SITE.sitemap_paths]


def test_sitemaps_without_end_are_given_up(engine: Engine) -> None:
    asked: list[str] = []

    def endless(path: str) -> Given:
        asked.append(path)
        return index(f"/{len(asked)}.xml")

    asyncio.run(make_listings(Web(endless), engine).sitemaps([MAP]))
    assert len(asked) == 100


def test_a_broken_child_leaves_the_rest_and_is_told(engine: Engine) -> None:
    web = Web({"/a.xml": index("/b.xml", "/c.xml"), "/b.xml": "<html>", "/c.xml": sitemap("c")})
    listings = make_listings(web, engine)
    assert not asyncio.run(listings.sitemaps([MAP])), "the broken one may have named others"
    assert named(engine) == ["c"]
    problem = f"{BASE}/b.xml is <html>, not <sitemapindex> or <urlset>"
    assert [str(one) for one in listings.problems] == [problem]
    row = resources(engine, ResourceKind.SITEMAP)[f"{BASE}/b.xml"]
    assert (row.last_outcome, row.last_status, row.last_error) == (FetchOutcome.FAILED, 200, problem)


def test_only_the_children_that_are_wanted_are_asked(engine: Engine) -> None:
    web = Web({"/a.xml": index("/b.xml", "/c.xml"), "/c.xml": sitemap("c")})
    listings = make_listings(web, engine)
    asyncio.run(listings.sitemaps([MAP], wanted=lambda child: child.url.endswith("/c.xml")))
    assert web.asked == ["/a.xml", "/c.xml"]


def test_when_a_child_was_changed_is_known_in_the_next_run(engine: Engine) -> None:
    web = Web({"/a.xml": index("/b.xml", lastmod="2025-06-30T10:00:00Z"), "/b.xml": sitemap("b")})
    asyncio.run(make_listings(web, engine).sitemaps([MAP]))
    known = make_listings(web, engine).doors
    assert {url: door.lastmod for url, door in known.items()} == {MAP: None, f"{BASE}/b.xml": NOW - 26 * HOUR}


def test_what_a_sitemap_names_for_the_first_time_is_due_if_it_was_read_before(engine: Engine) -> None:
    web = Web({"/a.xml": sitemap("a")})
    asyncio.run(make_listings(web, engine).sitemaps([MAP]))
    assert due(engine) == {}
    web.pages = {"/a.xml": sitemap("a", "b")}
    asyncio.run(make_listings(web, engine, later=HOUR).sitemaps([MAP]))
    assert due(engine) == {"b": DueReason.NEW}


def test_what_a_sitemap_leaves_out_is_due_and_what_a_broken_one_leaves_out_is_not(engine: Engine) -> None:
    root = {"/a.xml": index("/b.xml", "/c.xml")}
    web = Web(root | {"/b.xml": sitemap("a", "b"), "/c.xml": sitemap("c")})
    asyncio.run(make_listings(web, engine).sitemaps([MAP]))
    store(engine, "a", "b", "c")
    web.pages = root | {"/b.xml": sitemap("b"), "/c.xml": "<html>"}
    asyncio.run(make_listings(web, engine, later=HOUR).sitemaps([MAP]))
    assert due(engine) == {"a": DueReason.UNLISTED}


def test_a_sitemap_that_is_suddenly_empty_is_not_believed(engine: Engine) -> None:
    web = Web({"/a.xml": index("/b.xml"), "/b.xml": sitemap("a", "b")})
    asyncio.run(make_listings(web, engine).sitemaps([MAP]))
    store(engine, "a", "b")
    web.pages = {"/a.xml": index("/b.xml"), "/b.xml": sitemap()}
    asyncio.run(make_listings(web, engine, later=HOUR).sitemaps([MAP]))
    assert due(engine) == {}


# Collections.


def test_a_page_of_a_collection_is_remembered_with_its_totals(engine: Engine) -> None:
    web = Web(lambda _: collection("a", "b", total=5, pages=3))
    answer = asyncio.run(make_listings(web, engine).articles(MAIN))
    assert answer.content is not None
    assert (answer.content.total, answer.content.total_pages) == (5, 3)
    assert named(engine) == ["a", "b"]
    row = resources(engine, ResourceKind.REST)[DOOR]
    assert (row.items, row.total) == (2, 5)


def test_the_pages_of_a_whole_collection_are_known_each_and_the_parts_of_one_as_the_collection(engine: Engine) -> None:
    web = Web(lambda _: collection("a", total=5))
    listings = make_listings(web, engine)

    async def read() -> None:
        await listings.articles(MAIN)
        await listings.articles(MAIN, 2)
        web.pages = lambda _: collection("a", total=1)
        await listings.articles(MAIN, 2, by_change=True)
        await listings.articles(MAIN, 3, after=NOW - DAY)
        await listings.articles(MAIN, 4, modified_after=NOW - DAY, by_change=True)

    asyncio.run(read())
    found = resources(engine, ResourceKind.REST)
    assert {url: row.total for url, row in found.items()} == {DOOR: 5, f"{DOOR}?page=2": 5}
    queries = [path.partition("?")[2] for path in web.asked]
    assert ["orderby=modified" in query for query in queries] == [False, False, True, False, True]
    assert ["&after=" in query for query in queries] == [False, False, False, True, False]


def test_a_page_past_the_end_of_a_collection_that_says_too_high_a_total_is_told_and_is_no_listing(
    engine: Engine,
) -> None:
    web = Web(lambda _: collection("a", total=900, pages=9))
    listings = make_listings(web, engine)
    assert asyncio.run(listings.articles(MAIN)).content
    web.pages = lambda _: Reply('{"code": "rest_post_invalid_page_number"}', 400)
    assert asyncio.run(listings.articles(MAIN, 2)).content is None
    assert [str(one) for one in listings.problems] == [f"{DOOR} answered 400"]
    assert make_listings(web, engine).doors[DOOR].is_open


@pytest.mark.parametrize("given", [Reply("", 500), Reply("", 502), TimeoutError()])
def test_a_collection_that_failed_is_asked_again_in_the_next_run(engine: Engine, given: Given) -> None:
    web = Web(lambda _: given)
    assert asyncio.run(make_listings(web, engine).articles(MAIN)).content is None
    assert not make_listings(web, engine, later=HOUR).is_closed(DOOR)


@pytest.mark.parametrize(
    "given", [NOT_FOUND, Reply("", 401), Reply("<html>"), Reply("{}"), Refused("no", reason="robots")]
)
def test_a_collection_that_is_closed_needs_no_asking_for_a_day(engine: Engine, given: Given) -> None:
    web = Web(lambda _: given)
    assert not make_listings(web, engine).is_closed(DOOR)
    assert asyncio.run(make_listings(web, engine).articles(MAIN)).content is None
    asked_at = make_listings(web, engine).doors[DOOR].asked_at
    assert asked_at is not None
    assert make_listings(web, engine, later=asked_at - NOW + DAY - HOUR).is_closed(DOOR)
    assert not make_listings(web, engine, later=asked_at - NOW + DAY).is_closed(DOOR)


def test_comments_of_the_whole_site_make_the_articles_due_that_lack_them(engine: Engine) -> None:
    store(engine, "a", "b")
    comment = {"id": 17, "post": 2, "parent": 0, "author_name": "Reader"}
    web = Web(lambda _: Reply(json.dumps([comment]), headers={"X-WP-Total": "1", "X-WP-TotalPages": "1"}))
    answer = asyncio.run(make_listings(web, engine, later=HOUR).comments())
    assert answer.content is not None
    assert due(engine) == {"b": DueReason.COMMENTS}
    row = resources(engine, ResourceKind.REST)[COMMENTS]
    assert (row.items, row.total) == (1, 1)


def test_the_feed_of_comments_makes_the_articles_due_that_lack_them(engine: Engine) -> None:
    store(engine, "a", "b")
    item = f"<item><link>{article_url('b')}#comment-17</link></item>"
    web = Web({SITE.comments_feed_path: f"<rss><channel>{item}</channel></rss>"})
    assert asyncio.run(make_listings(web, engine, later=HOUR).comments_feed(again=True)).content
    assert due(engine) == {"b": DueReason.COMMENTS}


# Feeds and their validators.


def test_a_feed_gives_its_entries_and_where_the_next_stand(engine: Engine) -> None:
    web = Web({"/feed/": feed("a", "b")})
    page = asyncio.run(make_listings(web, engine).feed(FEED)).content
    assert page is not None
    assert [slug(item.url) for item in page.items] == ["a", "b"]
    assert page.next_page == f"{FEED}?paged=2"
    assert named(engine) == ["a", "b"]


def test_what_stands_between_the_entries_of_a_feed_no_longer_is_due_and_what_moved_on_is_not(engine: Engine) -> None:
    def days(*ago: int) -> list[datetime]:
        return [NOW - number * DAY for number in ago]

    web = Web({"/feed/": feed("c", "b", "a", published=days(1, 2, 3))})
    asyncio.run(make_listings(web, engine).feed(FEED))
    store(engine, "a", "b", "c")
    web.pages = {"/feed/": feed("d", "c", published=days(0, 1)), "/feed/?paged=2": feed("x", published=days(9))}
    later = make_listings(web, engine, later=HOUR)
    asyncio.run(later.feed(f"{FEED}?paged=2"))
    asyncio.run(later.feed(FEED))
    assert due(engine) == {"d": DueReason.NEW}
    web.pages = {"/feed/": feed("d", "a", published=days(0, 3))}
    asyncio.run(make_listings(web, engine, later=2 * HOUR).feed(FEED))
    assert due(engine, 2 * HOUR) == {"d": DueReason.NEW, "c": DueReason.UNLISTED, "b": DueReason.UNLISTED}


@pytest.mark.parametrize(
    ("etag", "last_modified", "sent"),
    [
        ('W/"1"', None, {"If-None-Match": '"1"'}),
        ('"1"', None, {"If-None-Match": '"1"'}),
        (None, "Mon", {"If-Modified-Since": "Mon"}),
        ('"1"', "Mon", {"If-None-Match": '"1"', "If-Modified-Since": "Mon"}),
        (None, None, {}),
        ("", "", {}),
    ],
)
def test_what_a_listing_gave_is_sent_back_and_a_weak_etag_as_wordpress_made_it(
    etag: str | None, last_modified: str | None, sent: dict[str, str]
) -> None:
    door = Door(
        url=FEED,
        kind=ResourceKind.FEED,
        is_open=True,
        is_shut=False,
        due_at=None,
        asked_at=NOW,
        etag=etag,
        last_modified=last_modified,
        items=3,
        lastmod=None,
    )
    assert validators(door) == sent
    assert validators(replace(door, is_open=False)) == {}
    assert validators(replace(door, items=None)) == {}
    assert validators(None) == {}


def test_a_feed_that_is_as_before_keeps_all_that_is_known_of_it(engine: Engine) -> None:
    headers = {"ETag": 'W/"1"', "Last-Modified": "Mon, 30 Jun 2025 12:00:00 GMT"}
    sent = {"If-None-Match": '"1"', "If-Modified-Since": headers["Last-Modified"]}
    web = Web({"/feed/": Reply(feed("a"), headers=headers)})
    asyncio.run(make_listings(web, engine).feed(FEED, again=True))
    web.pages = {"/feed/": NOT_MODIFIED}
    for number in (1, 2):
        listings = make_listings(web, engine, later=number * HOUR)
        answer = asyncio.run(listings.feed(FEED, again=True))
        assert (answer.unchanged, answer.content, listings.read) == (True, None, 1)
    assert web.sent == [{}, sent, sent]
    assert outcomes(engine) == [(FetchOutcome.LISTING, 200), *[(FetchOutcome.NOT_MODIFIED, 304)] * 2]
    assert make_listings(web, engine).doors[FEED] == Door(
        url=FEED,
        kind=ResourceKind.FEED,
        is_open=True,
        is_shut=False,
        due_at=None,
        asked_at=NOW + 2 * HOUR,
        etag='W/"1"',
        last_modified=headers["Last-Modified"],
        items=1,
        lastmod=None,
    )


def test_a_feed_is_asked_whole_where_it_is_wanted_whole_or_failed_meanwhile(engine: Engine) -> None:
    web = Web({"/feed/": Reply(feed("a"), headers={"ETag": '"1"'})})
    asyncio.run(make_listings(web, engine).feed(FEED))
    asyncio.run(make_listings(web, engine).feed(FEED))
    web.pages = {"/feed/": Reply("", 500)}
    asyncio.run(make_listings(web, engine, later=HOUR).feed(FEED, again=True))
    asyncio.run(make_listings(web, engine, later=2 * HOUR).feed(FEED, again=True))
    assert web.sent == [{}, {}, {"If-None-Match": '"1"'}, {}]


def test_a_site_that_says_not_modified_without_being_asked_is_not_believed(engine: Engine) -> None:
    listings = make_listings(Web({"/feed/": NOT_MODIFIED}), engine)
    assert asyncio.run(listings.feed(FEED, again=True)) == Answer()
    assert (listings.read, len(listings.problems)) == (0, 1)
    assert outcomes(engine) == [(FetchOutcome.FAILED, 304)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(TimeoutError(), FetchOutcome.FAILED), (Refused("forbidden", reason="robots"), FetchOutcome.REFUSED)],
)
def test_a_listing_that_gives_no_answer_is_told_and_left_out(
    engine: Engine, error: Exception, outcome: FetchOutcome
) -> None:
    listings = make_listings(Web({"/feed/": error}), engine)
    assert asyncio.run(listings.feed(FEED)).content is None
    assert (listings.read, len(listings.problems)) == (0, 1)
    assert outcomes(engine) == [(outcome, None)]


def test_a_stop_between_a_listing_and_what_it_names_leaves_neither(engine: Engine) -> None:
    class Stopped(Store):
        async def run(self, work: Callable[[Session], _T]) -> _T:
            with transaction(self.engine) as session:
                work(session)
                raise KeyboardInterrupt

    web = Web({"/feed/": feed("a")})
    listings = make_listings(web, engine)
    listings.store = Stopped(engine)
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(listings.feed(FEED))
    assert (named(engine), outcomes(engine)) == ([], [])

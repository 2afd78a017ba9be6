"""What is known, stored, named and missing, by month and by source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.engine import Engine

from reex_crawler.storage import coverage
from reex_crawler.storage.coverage import Count, Missing, Named
from reex_crawler.storage.models import (
    FetchOutcome,
    ListingRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
)
from reex_crawler.storage.session import reading, transaction
from tests.crawled import (
    FEED,
    SITEMAP,
    add_address,
    add_listing,
    add_visit,
    name,
    rest_door,
    rest_page,
    slug_url,
    store,
)
from tests.factories import FETCHED_AT, SITE_URL, make_article, make_dated

ZONE = ZoneInfo("America/Denver")
LATER = FETCHED_AT + timedelta(days=1)
JULY = datetime(2025, 7, 10, tzinfo=UTC)


def counted(engine: Engine, read: Iterable[str] = ()) -> dict[str | None, Count]:
    with reading(engine) as session:
        return {count.month: count for count in coverage.by_month(session, ZONE, read=read)}


def total(engine: Engine, read: Iterable[str] = ()) -> Count:
    return coverage.total(list(counted(engine, read).values()))


def missing(engine: Engine) -> tuple[Missing, ...]:
    with reading(engine) as session:
        return coverage.missing(session, ZONE)


def test_an_empty_archive_knows_nothing(engine: Engine) -> None:
    assert counted(engine) == {}
    assert total(engine) == Count(
        month=None, known=0, stored=0, withdrawn=0, not_stored={}, sources=dict.fromkeys(("feed", "sitemap", "rest"))
    )
    assert missing(engine) == ()


def test_what_each_source_names_and_misses_is_counted_by_month(engine: Engine) -> None:
    with transaction(engine) as session:
        store(session, make_article(post_id=1, url=slug_url("a"), published=make_dated(JULY)))
        name(session, slug_url("a"), "rest", rest_page(), post_id=1)
        name(session, slug_url("b"), "rest", rest_page(), post_id=2, published_at=JULY)
        name(session, slug_url("b"), "sitemap", SITEMAP)
        name(session, slug_url("c"), "sitemap", SITEMAP)
        store(session, make_article(post_id=4, url=slug_url("d"), published=make_dated(JULY - timedelta(days=60))))
    months = counted(engine)
    assert list(months) == ["2025-07", "2025-05", None]
    july = months["2025-07"]
    assert (july.known, july.stored, july.not_stored) == (2, 1, {"new": 1})
    assert july.sources == {
        "feed": None,
        "sitemap": Named(named=1, no_longer=0, misses=1),
        "rest": Named(named=2, no_longer=0, misses=0),
    }
    assert months[None].not_stored == {"new": 1}
    assert months["2025-05"].sources["rest"] == Named(named=0, no_longer=0, misses=1)
    assert total(engine, ["feed"]).sources["feed"] == Named(named=0, no_longer=0, misses=4)


def test_a_month_is_one_of_the_calendar_of_the_site(engine: Engine) -> None:
    midnight = datetime(2025, 8, 1, tzinfo=ZONE).astimezone(UTC)
    with transaction(engine) as session:
        for number, at in enumerate((midnight - timedelta(seconds=1), midnight, datetime(2026, 1, 1, tzinfo=UTC))):
            name(session, slug_url(f"a{number}"), "rest", rest_page(), published_at=at)
    assert {month: count.known for month, count in counted(engine).items()} == {
        "2025-07": 1,
        "2025-08": 1,
        "2025-12": 1,
    }


def test_the_month_of_a_stored_article_is_that_of_the_article_and_not_of_its_listing(engine: Engine) -> None:
    with transaction(engine) as session:
        store(session, make_article(post_id=1, published=make_dated(JULY)))
        name(session, make_article().url, "feed", FEED, published_at=JULY - timedelta(days=90))
    assert list(counted(engine)) == ["2025-07"]


def test_an_article_with_several_addresses_counts_once(engine: Engine) -> None:
    old, short, unread, short_unread = (
        slug_url("old"), f"{SITE_URL}/?p=1", slug_url("unread"), f"{SITE_URL}/?p=2"
    )  # fmt: skip
    with transaction(engine) as session:
        article_id = store(session, make_article(post_id=1))
        name(session, make_article().url, "rest", rest_page(), post_id=1)
        add_address(session, old, ResourceState.MOVED, article_id=article_id)
        name(session, old, "sitemap", SITEMAP)
        name(session, short, "feed", FEED, post_id=1)
        name(session, unread, "sitemap", SITEMAP, post_id=2)
        name(session, short_unread, "feed", FEED, post_id=2)
    found = total(engine)
    assert (found.known, found.stored, found.not_stored) == (2, 1, {"new": 1})
    assert {source: said and (said.named, said.misses) for source, said in found.sources.items()} == {
        "feed": (2, 0),
        "sitemap": (2, 0),
        "rest": (1, 1),
    }
    assert len(missing(engine)) == 1


def test_an_address_that_redirects_to_a_known_one_is_the_same_article(engine: Engine) -> None:
    with transaction(engine) as session:
        store(session, make_article(post_id=1))
        for target, old in ((make_article().url, "old"), (slug_url("unread"), "older")):
            name(session, slug_url(old), "sitemap", SITEMAP)
            session.scalars(
                select(ResourceRow).where(ResourceRow.url == slug_url(old))
            ).one().state = ResourceState.MOVED
            add_visit(session, slug_url(old), FetchOutcome.REDIRECTED, final_url=target)
        name(session, slug_url("unread"), "rest", rest_page())
    found = total(engine)
    assert (found.known, found.stored, found.not_stored) == (2, 1, {"new": 1})


def test_an_address_that_passed_on_to_another_article_makes_that_one_known(engine: Engine) -> None:
    with transaction(engine) as session:
        store(session, make_article(post_id=1))
        name(session, make_article().url, "rest", rest_page(), post_id=2)
    found = total(engine)
    assert (found.known, found.stored) == (2, 1)
    assert found.sources["rest"] == Named(named=1, no_longer=0, misses=1)


def test_what_no_source_names_and_nobody_stored_is_not_known(engine: Engine) -> None:
    with transaction(engine) as session:
        add_address(session, slug_url("hidden"), ResourceState.QUARANTINED)
        add_address(session, SITEMAP, ResourceState.FETCHED, kind=ResourceKind.SITEMAP)
    assert total(engine).known == 0


def test_a_comment_is_no_source_of_articles(engine: Engine) -> None:
    with transaction(engine) as session:
        name(session, slug_url("a"), "comments", FEED)
        add_address(session, f"{SITE_URL}/part.xml", ResourceState.FETCHED, kind=ResourceKind.SITEMAP)
        name(session, f"{SITE_URL}/part.xml", "sitemap", SITEMAP)
    assert total(engine).known == 0


def test_what_is_not_stored_is_told_with_its_state_and_why(engine: Engine) -> None:
    with transaction(engine) as session:
        due = {"next_due_at": LATER, "last_status": 503, "last_error": "503", "tries": 2}
        add_address(session, slug_url("b"), ResourceState.FAILED, **due)
        for state in (ResourceState.NEW, ResourceState.QUARANTINED, ResourceState.GONE, ResourceState.DEAD):
            add_address(session, slug_url(state), state)
            name(session, slug_url(state), "sitemap", SITEMAP)
        name(session, slug_url("b"), "sitemap", SITEMAP)
        name(session, slug_url("b"), "rest", rest_page(), published_at=JULY)
        store(session, make_article())
    found = total(engine)
    assert found.not_stored == {"new": 1, "failed": 1, "quarantined": 1, "dead": 1, "gone": 1}
    assert found.withdrawn == 1
    assert found.sources["rest"] == Named(named=1, no_longer=0, misses=4)
    first, *others = missing(engine)
    assert first == Missing(
        url=slug_url("b"),
        month="2025-07",
        sources=("sitemap", "rest"),
        state=ResourceState.FAILED,
        tries=2,
        status=503,
        error="503",
        next_due_at=LATER,
    )
    assert {one.state for one in others} == set(ResourceState) - {"failed", "fetched", "moved"}
    assert {one.month for one in others} == {None}


def test_no_source_misses_an_article_that_the_site_shows_no_more(engine: Engine) -> None:
    with transaction(engine) as session:
        article_id = store(session, make_article())
        add_address(session, slug_url("old"), ResourceState.FETCHED, article_id=article_id)
        session.scalars(
            select(ResourceRow).where(ResourceRow.url == make_article().url)
        ).one().state = ResourceState.GONE
    found = total(engine, ["rest"])
    assert (found.known, found.stored, found.withdrawn) == (1, 1, 1)
    assert found.sources["rest"] == Named(named=0, no_longer=0, misses=0)


def test_an_old_address_that_is_gone_withdraws_no_article(engine: Engine) -> None:
    with transaction(engine) as session:
        add_address(session, slug_url("old"), ResourceState.GONE, article_id=store(session, make_article()))
    assert total(engine).withdrawn == 0


def test_a_sitemap_read_again_names_no_longer_what_it_leaves_out(engine: Engine) -> None:
    with transaction(engine) as session:
        name(session, slug_url("kept"), "sitemap", SITEMAP)
        name(session, slug_url("left-out"), "sitemap", SITEMAP)
        name(session, slug_url("elsewhere"), "sitemap", f"{SITE_URL}/other-sitemap.xml")
    assert total(engine).sources["sitemap"] == Named(named=3, no_longer=0, misses=0)
    with transaction(engine) as session:
        row = session.scalars(select(ListingRow).join(ResourceRow).where(ResourceRow.url == slug_url("kept"))).one()
        row.last_listed_at = LATER
    assert total(engine).sources["sitemap"] == Named(named=2, no_longer=1, misses=0)


def test_a_collection_names_no_longer_only_what_no_page_of_it_named_since(engine: Engine) -> None:
    with transaction(engine) as session:
        for number in (1, 2):
            add_listing(session, rest_door(number), ResourceKind.REST, items=100, total=150)
            name(session, slug_url(f"a{number}"), "rest", rest_page(number))
        name(session, slug_url("b1"), "rest", rest_page(1), LATER)
    # What stood on the first page may have slid to the second, which was not read since.
    assert total(engine).sources["rest"] == Named(named=3, no_longer=0, misses=0)
    with transaction(engine) as session:
        name(session, slug_url("b2"), "rest", rest_page(2), LATER)
    assert total(engine).sources["rest"] == Named(named=2, no_longer=2, misses=0)


def test_a_reading_of_a_part_of_a_collection_says_nothing_of_the_rest(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, rest_door(), ResourceKind.REST, items=1, total=1)
        name(session, slug_url("a"), "rest", rest_page())
        add_listing(session, rest_door(), ResourceKind.REST, at=LATER, items=1)
        name(session, slug_url("b"), "rest", rest_page(1, "&modified_after=2026-01-05T05:00:00"), LATER)
    assert total(engine).sources["rest"] == Named(named=2, no_longer=0, misses=0)


def test_a_feed_that_moved_on_names_its_articles_still(engine: Engine) -> None:
    with transaction(engine) as session:
        add_listing(session, FEED, ResourceKind.FEED)
        name(session, slug_url("a"), "feed", FEED)
        add_listing(session, FEED, ResourceKind.FEED, at=LATER)
    assert total(engine).sources["feed"] == Named(named=1, no_longer=0, misses=0)

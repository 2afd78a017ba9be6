"""Feeds are read back page by page, each once, and no further than what is needed of them."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import Engine

from reex_crawler.records import Listed
from reex_crawler.spiders.feeds import Feeds
from tests.shell.web import BASE, NOW, SITE, Given, Reply, Web, article_url, feed, make_listings

NEWS, WHOLE, PODCAST = SITE.feed_paths
ALL = [SITE.url(path) for path in SITE.feed_paths]
DAY = timedelta(days=1)


def make_feeds(web: Web, engine: Engine) -> Feeds:
    return Feeds(SITE, make_listings(web, engine))


def back_to(web: Web, engine: Engine, since: datetime | None = None, feeds: list[str] = ALL) -> bool | None:
    return asyncio.run(make_feeds(web, engine).back_to(feeds, since))


def find(web: Web, engine: Engine, *urls: str) -> list[Listed | None]:
    feeds = make_feeds(web, engine)

    async def search() -> list[Listed | None]:
        return [await feeds.find(url) for url in urls]

    return asyncio.run(search())


# Back in time.


def test_a_feed_is_followed_back_until_a_page_is_missing(engine: Engine) -> None:
    web = Web({NEWS: feed("c", "b"), f"{NEWS}?paged=2": feed("b", "a")})
    assert back_to(web, engine) is True
    assert web.asked == [NEWS, f"{NEWS}?paged=2", f"{NEWS}?paged=3", WHOLE, PODCAST]


def test_a_feed_is_followed_back_until_a_page_is_empty(engine: Engine) -> None:
    web = Web({NEWS: feed("c", "b"), f"{NEWS}?paged=2": feed()})
    assert back_to(web, engine) is True
    assert web.asked == [NEWS, f"{NEWS}?paged=2", WHOLE, PODCAST]


def test_a_feed_that_repeats_itself_for_ever_is_left_at_the_first_page_without_news(engine: Engine) -> None:
    def repeating(path: str) -> Given:
        return feed("a") if path.startswith(NEWS) else Reply("", 404)

    web = Web(repeating)
    assert back_to(web, engine) is False
    assert web.asked == [NEWS, f"{NEWS}?paged=2", WHOLE, PODCAST]


@pytest.mark.parametrize("given", [Reply("", 500), Reply("<html>"), TimeoutError()])
def test_a_feed_that_breaks_off_was_not_read_to_its_end(engine: Engine, given: Given) -> None:
    web = Web({NEWS: feed("c", "b"), f"{NEWS}?paged=2": given, WHOLE: feed("a")})
    assert back_to(web, engine) is False


def test_a_feed_is_followed_back_no_further_than_to_the_day_that_is_wanted(engine: Engine) -> None:
    def dated(*days: int) -> str:
        return feed(*(f"n{day}" for day in days), published=[NOW - day * DAY for day in days])

    # One that was put first on purpose does not end the search.
    pages = {NEWS: dated(90, 1), f"{NEWS}?paged=2": dated(2, 4), f"{NEWS}?paged=3": dated(5, 6)}
    web = Web(pages | {f"{NEWS}?paged=4": dated(7, 8)})
    assert back_to(web, engine, NOW - 4 * DAY, ALL[:1]) is True
    assert web.asked == list(pages)


def test_a_feed_without_dates_is_followed_to_its_end(engine: Engine) -> None:
    web = Web({NEWS: feed("b"), f"{NEWS}?paged=2": feed("a")})
    assert back_to(web, engine, NOW, ALL[:1]) is True
    assert len(web.asked) == 3


def test_the_first_feed_that_names_anything_says_whether_all_was_read(engine: Engine) -> None:
    assert back_to(Web({NEWS: feed(), WHOLE: feed("a")}), engine) is True
    assert back_to(Web({WHOLE: feed("a"), f"{WHOLE}?paged=2": TimeoutError(), PODCAST: feed("b")}), engine) is False
    assert back_to(Web({NEWS: feed(), WHOLE: Reply("", 500)}), engine) is None
    assert back_to(Web({}), engine, feeds=[]) is None


# One article.


def test_an_article_is_looked_for_in_the_feed_of_its_kind_as_far_as_need_be_and_each_page_is_asked_once(
    engine: Engine,
) -> None:
    web = Web({NEWS: feed("d", "c"), f"{NEWS}?paged=2": feed("b"), f"{NEWS}?paged=3": feed("a")})
    found = find(web, engine, *map(article_url, "dbcb"))
    assert [one and one.url for one in found] == list(map(article_url, "dbcb"))
    assert web.asked == [NEWS, f"{NEWS}?paged=2"]


def test_an_article_of_another_kind_is_looked_for_in_the_feed_of_that_kind(engine: Engine) -> None:
    episode = f"{BASE}/podcast/s1-e9/"
    web = Web({PODCAST: feed("x").replace(article_url("x"), episode), NEWS: feed("a")})
    (found,) = find(web, engine, episode)
    assert found is not None
    assert (found.url, web.asked) == (episode, [PODCAST])


def test_the_feed_of_the_whole_site_serves_where_that_of_the_kind_names_nothing(engine: Engine) -> None:
    web = Web({WHOLE: feed("a")})
    (found,) = find(web, engine, article_url("a"))
    assert found is not None
    assert web.asked == [NEWS, WHOLE]


def test_an_article_that_no_feed_names_costs_each_page_once(engine: Engine) -> None:
    web = Web({NEWS: feed("b"), f"{NEWS}?paged=2": feed("a"), WHOLE: feed("x")})
    assert find(web, engine, article_url("gone"), article_url("gone"), article_url("never")) == [None] * 3
    assert web.asked == [NEWS, f"{NEWS}?paged=2", f"{NEWS}?paged=3"]

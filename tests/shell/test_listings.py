from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from reex_crawler.discovery import rest
from reex_crawler.errors import ReexError
from reex_crawler.records import Page
from reex_crawler.site.profile import profile
from reex_crawler.spiders.fetching import NoAnswer
from reex_crawler.spiders.listings import Found, Listings

BASE = "https://site.test"
SITE = profile(BASE)
ONE_TYPE = replace(SITE, rest_types=SITE.rest_types[:1])
NOW = datetime(2025, 7, 1, tzinfo=UTC)


class Web:
    """Pages by the start of their path and query; what is not there answers 404, what is ``None`` not at all."""

    def __init__(self, pages: Mapping[str, str | None], headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.pages = pages
        self.headers = headers
        self.asked: list[str] = []

    async def get(self, url: str) -> Page:
        path = url.removeprefix(BASE)
        self.asked.append(path)
        body = self.pages.get(path, "?")
        if body is None:
            raise NoAnswer(url, TimeoutError())
        status = 404 if body == "?" else 200
        return Page(url=url, final_url=url, status=status, headers=self.headers, body=body.encode(), fetched_at=NOW)


def sitemap(*slugs: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{BASE}/news/{slug}/</loc></url>" for slug in slugs) + "</urlset>"


def index(*paths: str) -> str:
    return (
        "<sitemapindex>" + "".join(f"<sitemap><loc>{BASE}{path}</loc></sitemap>" for path in paths) + "</sitemapindex>"
    )


def feed(*slugs: str) -> str:
    return (
        "<rss><channel>"
        + "".join(f"<item><link>{BASE}/news/{slug}/</link></item>" for slug in slugs)
        + "</channel></rss>"
    )


def collection(*slugs: str) -> str:
    return json.dumps([{"id": number, "link": f"{BASE}/news/{slug}/"} for number, slug in enumerate(slugs, 1)])


def slugs(found: Found) -> list[str]:
    return [entry.url.rsplit("/", 2)[1] for entry in found.listed]


def test_announced_sitemaps_are_all_read_with_their_children() -> None:
    web = Web(
        {"/a.xml": index("/b.xml", "/c.xml"), "/b.xml": sitemap("b"), "/c.xml": sitemap("c"), "/d.xml": sitemap("d")}
    )
    found = asyncio.run(
        Listings(SITE, web.get).sitemaps([f"{BASE}/a.xml", f"{BASE}/d.xml", "https://other.test/x.xml"])
    )
    assert slugs(found) == ["d", "b", "c"]
    assert found.whole
    assert web.asked == ["/a.xml", "/d.xml", "/b.xml", "/c.xml"]


def test_the_usual_sitemaps_are_asked_in_turn_until_one_names_articles() -> None:
    web = Web({"/wp-sitemap.xml": sitemap("a")})
    assert slugs(asyncio.run(Listings(SITE, web.get).sitemaps())) == ["a"]
    assert web.asked == ["/sitemap_index.xml", "/wp-sitemap.xml"]


def test_a_sitemap_that_leads_back_to_itself_is_read_once() -> None:
    web = Web({"/a.xml": index("/a.xml", "/b.xml"), "/b.xml": index("/a.xml")})
    asyncio.run(Listings(SITE, web.get).sitemaps([f"{BASE}/a.xml"]))
    assert web.asked[:2] == ["/a.xml", "/b.xml"]


def test_sitemaps_without_end_are_given_up_and_are_not_whole() -> None:
    class Endless(Web):
        async def get(self, url: str) -> Page:
            self.asked.append(url)
            body = index(f"/{len(self.asked)}.xml").encode()
            return Page(url=url, final_url=url, status=200, headers=(), body=body, fetched_at=NOW)

    web = Endless({})
    found = asyncio.run(Listings(SITE, web.get).sitemaps([f"{BASE}/a.xml"]))
    assert not found.whole
    assert len(web.asked) <= 400


def test_a_broken_child_leaves_the_rest_and_is_told() -> None:
    web = Web({"/a.xml": index("/b.xml", "/c.xml"), "/b.xml": "<html>", "/c.xml": sitemap("c")})
    listings = Listings(SITE, web.get)
    found = asyncio.run(listings.sitemaps([f"{BASE}/a.xml"]))
    assert slugs(found) == ["c"]
    assert not found.whole
    assert [str(problem) for problem in listings.problems] == [
        f"{BASE}/b.xml is <html>, not <sitemapindex> or <urlset>"
    ]


def test_a_collection_is_read_to_the_page_the_site_says_is_the_last() -> None:
    class Paged(Web):
        async def get(self, url: str) -> Page:
            self.asked.append(url)
            number = len(self.asked)
            headers = (("X-WP-Total", "3"), ("X-WP-TotalPages", "3"))
            return Page(
                url=url,
                final_url=url,
                status=200,
                headers=headers,
                body=collection(f"n{number}").encode(),
                fetched_at=NOW,
            )

    web = Paged({})
    found = asyncio.run(Listings(ONE_TYPE, web.get).collections())
    assert slugs(found) == ["n1", "n2", "n3"]
    assert found.whole


def test_a_collection_that_says_too_high_a_total_is_read_as_far_as_it_goes() -> None:
    class Lying(Web):
        async def get(self, url: str) -> Page:
            self.asked.append(url)
            status, body = (
                (200, collection("a")) if len(self.asked) == 1 else (400, '{"code": "rest_post_invalid_page_number"}')
            )
            return Page(
                url=url,
                final_url=url,
                status=status,
                headers=(("X-WP-TotalPages", "9"),),
                body=body.encode(),
                fetched_at=NOW,
            )

    web = Lying({})
    found = asyncio.run(Listings(ONE_TYPE, web.get).collections())
    assert slugs(found) == ["a"]
    assert not found.whole
    assert len(web.asked) == 2


def test_a_closed_collection_is_asked_once() -> None:
    web = Web({})
    found = asyncio.run(Listings(SITE, web.get).collections())
    assert found == Found((), whole=False)
    assert len(web.asked) == len(SITE.rest_types)


def test_the_collections_are_whole_where_the_site_lacks_a_lesser_type() -> None:
    main = rest.articles_url(SITE, 1)
    web = Web({main.removeprefix(BASE): collection("a")}, (("X-WP-TotalPages", "1"),))
    found = asyncio.run(Listings(SITE, web.get).collections())
    assert slugs(found) == ["a"]
    assert found.whole


def test_a_feed_is_followed_back_until_a_page_is_missing() -> None:
    web = Web({"/news/feed/": feed("c", "b"), "/news/feed/?paged=2": feed("b", "a")})
    assert slugs(asyncio.run(Listings(SITE, web.get).feeds())) == ["c", "b", "a"]
    assert web.asked == ["/news/feed/", "/news/feed/?paged=2", "/news/feed/?paged=3", "/feed/", "/podcast/feed/"]


def test_a_feed_that_repeats_itself_for_ever_is_left_at_the_first_page_without_news() -> None:
    web = Web({"/news/feed/": feed("a"), "/news/feed/?paged=2": feed("a"), "/news/feed/?paged=3": feed("a")})
    asyncio.run(Listings(SITE, web.get).feeds())
    assert web.asked == ["/news/feed/", "/news/feed/?paged=2", "/feed/", "/podcast/feed/"]


def test_every_feed_is_followed_back() -> None:
    web = Web({"/news/feed/": feed("a"), "/feed/": feed("b", "a")})
    assert slugs(asyncio.run(Listings(SITE, web.get).feeds())) == ["a", "b", "a"]


def test_the_second_feed_serves_where_the_first_lists_nothing() -> None:
    web = Web({"/news/feed/": feed(), "/feed/": feed("a")})
    assert slugs(asyncio.run(Listings(SITE, web.get).newest())) == ["a"]


def test_a_listing_that_gives_no_answer_is_told_and_left_out() -> None:
    web = Web({"/news/feed/": None, "/feed/": None, "/podcast/feed/": None})
    listings = Listings(SITE, web.get)
    assert asyncio.run(listings.feeds()) == Found((), whole=False)
    assert listings.read == 0
    assert all(isinstance(problem, ReexError) for problem in listings.problems)
    assert len(listings.problems) == 3

"""Every listing of the site may be closed, broken, empty or lying: whatever one of them does, every article is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.replica import Replica, running
from tests.replica.answer import Answer, Request, html
from tests.shell import site as simple
from tests.shell.running import errors, scrapy
from tests.shell.smaller import shrink
from tests.shell.test_crawl import pages, stored, visible

COUNT = 12
REST = "/wp-json/wp/v2/news-archive"
FEEDS = ("/news/feed/", "/podcast/feed/", "/feed/")
INDEX = "/sitemap_index.xml"
XML = ("Content-Type", "application/xml; charset=UTF-8")

Fault = Callable[[Replica, Request], Answer | None]


def says(text: str, status: int = 200, *headers: tuple[str, str]) -> Fault:
    return lambda _replica, _request: html(text, *headers, status=status)


def lies(**headers: str) -> Fault:
    """The true answer under other headers."""

    def fault(replica: Replica, request: Request) -> Answer:
        true = truth(replica, request)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = [(name, value) for name, value in true.headers if name not in given]
        return replace(true, headers=(*kept, *given.items()))

    return fault


def repeats(name: str, **headers: str) -> Fault:
    """The first page, whatever page is asked for."""

    def fault(replica: Replica, request: Request) -> Answer:
        first = re.sub(rf"(?<=[?&]){name}=\d+", f"{name}=1", request.target)
        return lies(**headers)(replica, replace(request, target=first))

    return fault


def past_the_end(replica: Replica, request: Request) -> Answer:
    """The first page of a feed again in place of "not found", for ever."""
    true = truth(replica, request)
    return true if true.status == 200 else truth(replica, replace(request, target=request.path))


def truth(replica: Replica, request: Request) -> Answer:
    """What the site would answer if nothing were wrong with it."""
    healthy = replace(replica.site, options=replace(replica.site.options, faults={}))
    return healthy.answer(request)


def sitemap(*children: str) -> Fault:
    """An index of sitemaps; ``{base}`` is the site."""

    def fault(replica: Replica, _: Request) -> Answer:
        named = "".join(f"<sitemap><loc>{child.format(base=replica.url)}</loc></sitemap>" for child in children)
        return Answer(200, (XML,), f"<sitemapindex>{named}</sitemapindex>".encode())

    return fault


EMPTY_LIST = says("[]", 200, ("X-WP-Total", "0"), ("X-WP-TotalPages", "0"), ("Content-Type", "application/json"))
EMPTY_FEED = says("<rss version='2.0'><channel></channel></rss>", 200, XML)
EMPTY_MAP = says("<urlset></urlset>", 200, XML)

CASES: Mapping[str, tuple[dict[str, Any], dict[str, Fault]]] = {
    "REST 404": ({}, {REST: says("no route", 404)}),
    "REST 500": ({}, {REST: says("error", 500)}),
    "REST is HTML": ({}, {REST: says("<!doctype html><p>Welcome")}),
    "REST says too high a total": ({}, {REST: lies(X_WP_Total="900", X_WP_TotalPages="9")}),
    "REST is empty": ({}, {REST: EMPTY_LIST}),
    "REST repeats a page": ({}, {REST: repeats("page", X_WP_Total="900", X_WP_TotalPages="900")}),
    "comments of REST 500": ({}, {"/wp-json/wp/v2/comments": says("error", 500)}),
    "comments of REST are HTML": ({}, {"/wp-json/wp/v2/comments": says("<p>Welcome")}),
    "feeds malformed": ({"rest": "closed"}, dict.fromkeys(FEEDS, says("<rss><channel><item><title>A & B", 200, XML))),
    "feeds empty": ({"rest": "closed"}, dict.fromkeys(FEEDS, EMPTY_FEED)),
    "feeds 404": ({"rest": "closed"}, dict.fromkeys(FEEDS, says("no feed", 404))),
    "feeds endless": ({"rest": "closed", "sitemap": "none"}, dict.fromkeys(FEEDS, past_the_end)),
    "sitemap 404": ({}, {INDEX: says("no map", 404)}),
    "sitemap 404, REST closed": ({"rest": "closed"}, {INDEX: says("no map", 404)}),
    "sitemap empty, REST closed": ({"rest": "closed"}, {INDEX: EMPTY_MAP}),
    "one of the sitemaps 500, REST closed": ({"rest": "closed"}, {"/news-archive-sitemap2.xml": says("error", 500)}),
    "a loop of sitemaps": ({"rest": "closed"}, {INDEX: sitemap("{base}/sitemap_index.xml", "{base}/sitemap.xml")}),
}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "reex.db"


def broken(options: dict[str, Any], faults: Mapping[str, Fault]) -> Iterator[Replica]:
    """A replica whose faults know it."""
    served: list[Replica] = []
    bound = {path: lambda request, fault=fault: fault(served[0], request) for path, fault in faults.items()}
    with running(**{"rest": "open", "feed_size": 5, "sitemap_size": 5} | options, faults=bound) as replica:
        shrink(replica, COUNT)
        served.append(replica)
        yield replica


@pytest.mark.parametrize(("options", "faults"), CASES.values(), ids=CASES)
def test_every_article_is_found_whatever_is_wrong_with_one_source(
    database: Path, options: dict[str, Any], faults: dict[str, Fault]
) -> None:
    for replica in broken(options, faults):
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
        assert stored(database) == visible(replica)
        asked, articles = replica.asked(), pages(replica.asked())
    assert done.returncode == 0, done.stderr
    assert errors(done) == []
    assert len(articles) == len(set(articles)) == COUNT
    # Nothing is followed for ever.
    assert len(asked) <= COUNT + 30


def test_a_sitemap_that_names_other_hosts_leads_to_none_of_them(database: Path) -> None:
    with simple.running() as other:
        children = (f"{other.url}/elsewhere.xml", "{base}/news-archive-sitemap.xml", "{base}/podcast-sitemap.xml")

        def foreign(replica: Replica, request: Request) -> Answer:
            true = truth(replica, replace(request, headers={}))
            more = f"<url><loc>{other.url}/news/stolen/</loc></url></urlset>".encode()
            return replace(true, body=true.body.replace(b"</urlset>", more))

        faults = {INDEX: sitemap(*children), "/news-archive-sitemap.xml": foreign}
        for replica in broken({"rest": "absent", "feed": "absent", "sitemap_size": 50}, faults):
            done = scrapy("crawl", "backfill", site=replica.url, database=database)
            assert stored(database) == visible(replica)
    assert done.returncode == 0, done.stderr
    assert other.asked == []


def test_sitemaps_without_end_are_given_up(database: Path) -> None:
    """An index names another one each time it is asked, which names the next."""

    class Endless(dict[str, simple.Reply]):
        def get(self, path: str, default: Any = None) -> Any:
            match = re.fullmatch(r"/sitemap(\d+)\.xml", path)
            if match is None and path != INDEX:
                return super().get(path, default)
            number = int(match[1]) + 1 if match else 1
            child = f"<sitemap><loc>{site.url}/sitemap{number}.xml</loc></sitemap>"
            return simple.Answer(f"<sitemapindex>{child}</sitemapindex>", content_type="text/xml")

    with simple.running() as site:
        site.answers = Endless()
        done = scrapy("crawl", "backfill", site=site.url, database=database)
    assert done.returncode == 0, done.stderr
    assert len([path for path in site.asked if path.startswith("/sitemap")]) <= 200

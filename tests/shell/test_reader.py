"""An article is read with all its further pages, each asked once, and none that need not be asked."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from reex_crawler.errors import NotAnArticle
from reex_crawler.records import Author, Listed, ListedComment, Page, Precision
from reex_crawler.spiders.reader import ArticleReader
from tests.factories import make_dated
from tests.shell.web import BASE, NOW, SITE, Given, Reply, Web, article_url

URL = article_url("magnets")
PATH = URL.removeprefix(BASE)
REST = "/wp-json/wp/v2/comments?"
OPEN = ("Link", f'<{BASE}/wp-json/>; rel="https://api.w.org/"')
HTML = ("Content-Type", "text/html; charset=UTF-8")


def comment(number: int) -> str:
    return (
        f'<li class="comment depth-1" id="li-comment-{number}"><article id="comment-{number}" class="comment-body">'
        '<span class="fn">Ada</span><span class="comment_date">on Nov 4, 2024 at 5:29 pm</span>'
        f'<div class="comment-content"><p>Text {number}.</p></div></article></li>'
    )


def thread(*numbers: int, older: int | None = None, newer: int | None = None) -> str:
    links = f'<div class="nav-previous"><a href="{URL}comment-page-{older}/#comments">Older</a></div>' if older else ""
    links += f'<div class="nav-next"><a href="{URL}comment-page-{newer}/#comments">Newer</a></div>' if newer else ""
    rows = "".join(map(comment, numbers))
    return f'<section id="comment-wrap"><nav>{links}</nav><ol class="commentlist">{rows}</ol></section>'


def html(after: str = "", post_id: int = 41, head: str = "") -> str:
    return f"""<!doctype html><html lang="en-US"><head><title>Magnets</title><meta property="og:type" content="article">{head}</head>
<body class="single single-news-archive postid-{post_id}"><article class="post-{post_id} hentry">
<h1 class="entry-title">Magnets</h1><div class="entry-content"><p>The text of the article.</p></div></article>{after}</body></html>"""


def page(after: str = "", *, url: str = URL, rest: bool = False, **over: Any) -> Page:
    headers = (HTML, OPEN) if rest else (HTML,)
    body = html(after, **over).encode()
    return Page(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=NOW)


def complete_head() -> str:
    """What leaves nothing open."""
    node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Magnets",
        "datePublished": "2025-06-01T10:00:30+00:00",
        "author": {"@type": "Person", "name": "Daniel"},
        "articleSection": ["Supply Chain"],
        "keywords": ["Magnets"],
    }
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def reader(pages: dict[str, Given] | Any = None) -> tuple[ArticleReader, Web]:
    web = Web({} if pages is None else pages)
    return ArticleReader(SITE, web.get), web


def parts_of(path: str, body: str) -> dict[str, Given]:
    return {path: Reply(body, headers=dict([HTML]))}


def test_an_article_on_one_page_asks_for_nothing() -> None:
    read, web = reader()
    article, parts, _ = asyncio.run(read.read(page(thread(1, 2)), None))
    assert ([one.comment_id for one in article.comments], article.thread_complete, parts) == ([1, 2], True, ())
    assert web.asked == []


def test_the_pages_of_a_thread_are_asked_once_each_and_handed_back() -> None:
    first, second = f"{PATH}comment-page-1/", f"{PATH}comment-page-2/"
    read, web = reader(parts_of(first, html(thread(1, newer=2))) | parts_of(second, html(thread(2, older=1, newer=3))))
    article, parts, _ = asyncio.run(read.read(page(thread(3, older=2)), None))
    assert [one.comment_id for one in article.comments] == [1, 2, 3]
    assert (article.thread_complete, article.pending) == (True, ())
    assert web.asked == [first, second]
    assert [part.url for part in parts] == [BASE + first, BASE + second]


@pytest.mark.parametrize("given", [Reply("", 404), Reply("", 500), TimeoutError()])
def test_a_further_page_without_an_answer_leaves_the_thread_incomplete_and_is_asked_once(given: Given) -> None:
    path = f"{PATH}comment-page-1/"
    read, web = reader({path: given})
    article, parts, _ = asyncio.run(read.read(page(thread(2, older=1)), None))
    assert ([one.comment_id for one in article.comments], article.thread_complete) == ([2], False)
    assert web.asked == [path]
    assert [part.url for part in parts] == [BASE + path]


def test_a_thread_that_names_ever_new_pages_is_not_followed_for_ever() -> None:
    def endless(path: str) -> Given:
        number = int(path.rstrip("/").rsplit("-", 1)[1])
        return Reply(html(thread(number, older=number - 1, newer=number + 1)), headers=dict([HTML]))

    read, web = reader(endless)
    article, _, _ = asyncio.run(read.read(page(thread(1, newer=2)), None))
    assert len(web.asked) == 200
    assert not article.thread_complete


def test_a_page_that_is_no_article_asks_for_nothing() -> None:
    read, web = reader()
    with pytest.raises(NotAnArticle):
        asyncio.run(
            read.read(
                replace(page(), body=b"<html><title>Log in</title><body><form>Password</form></body></html>"), None
            )
        )
    assert web.asked == []


# REST.


def read_many(read: ArticleReader, count: int) -> None:
    for number in range(1, count + 1):
        one = page(thread(number), url=article_url(f"a{number}"), post_id=number, rest=True)
        asyncio.run(read.read(one, None))


def told(number: int) -> Reply:
    fact = {"id": number, "parent": 0, "author_name": "Ada", "date_gmt": "2024-11-05T00:29:07"}
    return Reply(json.dumps([fact]), headers={"X-WP-TotalPages": "1", "Content-Type": "application/json"})


def test_rest_tells_what_the_markup_of_a_comment_leaves_open() -> None:
    read, web = reader(lambda _: told(7))
    article, _, _ = asyncio.run(read.read(page(thread(7), rest=True), None))
    assert len(web.asked) == 1
    assert article.comments[0].posted is not None
    assert (article.comments[0].posted.precision, article.comments[0].posted.at.second) == (Precision.SECOND, 7)


@pytest.mark.parametrize("given", [Reply("", 404), Reply("{}", 401), TimeoutError()])
def test_rest_that_refuses_three_articles_in_a_row_is_asked_no_more(given: Given) -> None:
    read, web = reader(lambda _: given)
    read_many(read, 5)
    assert len(web.asked) == 3


def test_refusals_are_counted_in_a_row() -> None:
    answers = iter([Reply("", 404), TimeoutError(), told(3), Reply("", 404), Reply("", 404), Reply("", 404)])
    read, web = reader(lambda _: next(answers))
    read_many(read, 8)
    assert len(web.asked) == 6


def test_comment_pages_are_asked_though_rest_is_closed() -> None:
    read, web = reader(parts_of(f"{PATH}comment-page-1/", html(thread(1, newer=2))))
    read.asks_rest = False
    article, _, _ = asyncio.run(read.read(page(thread(2, older=1), rest=True), None))
    assert [one.comment_id for one in article.comments] == [1, 2]
    assert web.asked == [f"{PATH}comment-page-1/"]


def test_rest_is_not_asked_of_comments_that_the_collection_of_all_named() -> None:
    posted = make_dated()
    read, web = reader()
    read.threads = {41: (ListedComment(comment_id=7, post_id=41, parent_id=0, posted=posted),)}
    article, _, _ = asyncio.run(read.read(page(thread(7), rest=True), None))
    assert web.asked == []
    assert article.comments[0].posted == posted


def test_rest_is_asked_of_a_comment_that_the_collection_of_all_did_not_name() -> None:
    read, web = reader(lambda _: told(7))
    read.threads = {}
    asyncio.run(read.read(page(thread(7), rest=True), None))
    assert len(web.asked) == 1


# Listings.


def listed(source: str, **over: Any) -> Listed:
    return Listed(**{"url": URL, "source": source, "listed_in": f"{BASE}/{source}"} | over)


def asked_feeds(read: ArticleReader, found: Listed | None) -> list[str]:
    """Let the feeds say this of any article; gives the addresses they are asked for."""
    asked: list[str] = []

    async def feeds(url: str) -> Listed | None:
        asked.append(url)
        return found

    read.feeds = feeds
    return asked


@pytest.mark.parametrize(("source", "asks"), [(None, True), ("sitemap", True), ("feed", False), ("rest", False)])
def test_a_feed_is_asked_what_a_page_leaves_open_where_no_better_listing_spoke(
    source: str | None, *, asks: bool
) -> None:
    read, _ = reader()
    asked = asked_feeds(read, listed("feed", authors=(Author(name="Daniel"),), published=make_dated(NOW)))
    article, _, _ = asyncio.run(read.read(page(), listed(source) if source else None))
    assert asked == ([URL] if asks else [])
    assert [author.name for author in article.authors] == (["Daniel"] if asks else [])


def test_no_feed_is_asked_where_the_page_tells_all() -> None:
    read, _ = reader()
    asked = asked_feeds(read, None)
    article, _, _ = asyncio.run(read.read(page(head=complete_head()), None))
    assert asked == []
    assert [author.name for author in article.authors] == ["Daniel"]


def test_a_feed_is_asked_for_a_name_as_it_was_typed() -> None:
    read, _ = reader()
    asked = asked_feeds(read, None)
    asyncio.run(read.read(page(head=complete_head().replace("Daniel", "Siobhán O’Brien")), None))
    assert asked == [URL]


def test_what_a_listing_said_stays_where_no_feed_knows_more() -> None:
    read, _ = reader()
    asked_feeds(read, None)
    article, _, _ = asyncio.run(read.read(page(), listed("sitemap", modified=make_dated(NOW))))
    assert article.modified is not None
    assert article.modified.at == NOW


def test_the_listing_of_an_address_that_redirects_elsewhere_is_not_believed() -> None:
    read, _ = reader()
    told = listed("rest", authors=(Author(name="Another"),))
    moved = replace(page(url=article_url("elsewhere")), url=URL)
    assert read.said_of(moved, told) is None
    assert read.said_of(page(), told) is told
    article, _, used = asyncio.run(read.read(page(), told))
    assert used is told
    assert [author.name for author in article.authors] == ["Another"]

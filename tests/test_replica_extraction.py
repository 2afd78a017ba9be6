"""Every article of the replica, through every theme, with and without an SEO plugin, read and compared with the truth."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from reex_crawler.extraction.article import extract

from reex_crawler.errors import NotAnArticle
from reex_crawler.records import Article, Page
from reex_crawler.site.profile import SiteProfile, profile
from tests.replica import THEMES, Options, Site
from tests.replica.answer import Request
from tests.replica.scores import FIELDS, Miss, Scores, compare
from tests.replica.truth import ArticleTruth

BASE = "http://127.0.0.1:8000"
FETCHED_AT = datetime(2026, 2, 20, 12, 0, tzinfo=UTC)

# Fields that must be right on every article; a body may miss on one in a hundred.
FLOORS = dict.fromkeys(FIELDS, 1.0) | {"body": 0.99}


def fetch(site: Site, url: str) -> Page:
    """The page at an address, redirects followed."""
    reached, answer = url, site.answer(Request(method="GET", target=url.removeprefix(BASE)))
    while answer.status in {301, 302}:
        reached = dict(answer.headers)["Location"]
        answer = site.answer(Request(method="GET", target=reached.removeprefix(BASE)))
    return Page(
        url=url,
        final_url=reached,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        fetched_at=FETCHED_AT,
    )


def read(site: Site, truth: ArticleTruth, facts: SiteProfile) -> Article:
    """The article with everything that its pages point to, as the spider reads it: one pending address after another."""
    page = fetch(site, truth.url)
    more: list[Page] = []
    article = extract(page, facts)
    while article.pending:
        assert len(more) < 30, article.pending
        more.append(fetch(site, article.pending[0]))
        article = extract(page, facts, more=tuple(more))
    return article


def whole_text_is_linked(options: Options, truth: ArticleTruth) -> bool:
    """Whether the pages of the text can be found: the builder links none of them, unless an SEO plugin does."""
    return options.seo or options.rest == "open" or truth.layout not in {"divi4", "divi5"}


def score(options: Options) -> Scores:
    site, facts, scores = Site(options, BASE), profile(BASE), Scores()
    for truth in site.truths():
        shown = truth.body if whole_text_is_linked(options, truth) else truth.parts[0]
        try:
            misses = compare(read(site, truth, facts), truth, options, shown)
        except Exception as error:  # noqa: BLE001 - an article that cannot be read is wrong in every field
            misses = [Miss(truth.url, truth.layout, name, "an article", error) for name in FIELDS]
        scores.add(misses, FIELDS)
    return scores


def hold(scores: Scores) -> None:
    """Print the rates, and fail with what was wrong where one is below its floor."""
    print(scores.table())  # noqa: T201 - the rates are what the run is for
    low = [name for name, floor in FLOORS.items() if scores.rate(name) < floor]
    assert not low, "\n".join(str(miss) for miss in scores.misses if miss.field in low)


@pytest.mark.parametrize("seo", [True, False], ids=["seo", "markup-only"])
@pytest.mark.parametrize("theme", THEMES)
def test_every_article_is_read_exactly_from_its_pages(theme, seo):
    hold(score(Options(theme=theme, seo=seo, rest="absent", gzip=False)))


@pytest.mark.parametrize("first", ["newest", "oldest"])
@pytest.mark.parametrize("theme", THEMES)
def test_every_comment_is_read_from_a_paged_thread_whichever_page_comes_first(theme, first):
    scores = score(Options(theme=theme, rest="closed", comments_per_page=2, comments_first=first, gzip=False))
    assert scores.rate("comments") == 1, "\n".join(str(miss) for miss in scores.misses if miss.field == "comments")


@pytest.mark.parametrize("theme", THEMES)
def test_every_comment_is_read_where_the_newest_stands_on_top(theme):
    scores = score(Options(theme=theme, rest="closed", comments_per_page=3, newest_on_top=True, gzip=False))
    assert scores.rate("comments") == 1, "\n".join(str(miss) for miss in scores.misses if miss.field == "comments")


@pytest.mark.parametrize("theme", THEMES)
def test_an_open_rest_collection_adds_exact_seconds_and_true_parents(theme):
    scores = score(Options(theme=theme, rest="open", comments_per_page=3, gzip=False))
    assert scores.rate("comments") == 1, "\n".join(str(miss) for miss in scores.misses if miss.field == "comments")
    assert scores.rate("body") == 1


@pytest.mark.parametrize("theme", THEMES)
def test_the_repairs_of_a_damaged_body_are_recorded(theme):
    site, facts = Site(Options(theme=theme, rest="absent", gzip=False), BASE), profile(BASE)
    damaged = {post.entry.post_id for post in site.posts if post.entry.damage}
    for truth in site.truths():
        article = read(site, truth, facts)
        assert ("body" in {repair.field for repair in article.repairs}) is (truth.post_id in damaged), truth.url


@pytest.mark.parametrize("seo", [True, False], ids=["seo", "markup-only"])
@pytest.mark.parametrize("theme", THEMES)
def test_a_page_that_is_no_article_is_refused(theme, seo):
    site, facts = Site(Options(theme=theme, seo=seo, gzip=False), BASE), profile(BASE)
    addresses = [truth.url for truth in site.hidden()]
    addresses += [
        f"{BASE}{path}"
        for path in ("/", "/news/", "/category/news/", "/author/daniel/", "/about-us/", "/news/nothing-here/")
    ]
    addresses += [f"{site.truths()[0].url}embed/", f"{site.truths()[0].url}feed/"]
    for url in addresses:
        page = fetch(site, url)
        if page.final_url != url and page.status == 200:
            # WordPress guessed another article; that is one, under its own address.
            assert extract(page, facts).url == page.final_url
            continue
        with pytest.raises(NotAnArticle):
            extract(page, facts)

"""Every article of the replica, through every theme, with and without an SEO plugin, read and compared with the truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reex_crawler.discovery import feeds, rest
from reex_crawler.errors import NotAnArticle
from reex_crawler.extraction.article import extract
from reex_crawler.records import Article, Listed, Page, Precision
from reex_crawler.site.profile import SiteProfile, profile
from tests.replica import THEMES, Options, Site
from tests.replica.answer import Request
from tests.replica.scores import FIELDS, Miss, Scores, compare
from tests.replica.truth import ArticleTruth, body_text

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
    """Whether all pages of the text can be found: the builder links none of them, unless an SEO plugin does."""
    return options.seo or options.rest == "open" or truth.layout not in {"divi4", "divi5"}


def score(options: Options, *, only_threads: bool = False) -> Scores:
    """Read and compare every article, or every one that has comments."""
    site, facts, scores = Site(options, BASE), profile(BASE), Scores()
    for truth in site.truths():
        if only_threads and not truth.comments:
            continue
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


@pytest.mark.parametrize(
    ("field", "spoil"),
    [
        ("title", lambda one: {"title": f"{one.title} - Rare Earth Exchanges"}),
        ("body", lambda one: {"body": f"{one.body}\n\nSubmit a Comment"}),
        ("body", lambda one: {"body": one.body.replace("“", '"')}),
        ("highlights", lambda one: {"highlights": one.highlights[1:]}),
        ("published", lambda one: {"published": one.modified}),
        ("modified", lambda _: {"modified": None}),
        ("authors", lambda one: {"authors": one.authors[::-1]}),
        ("terms", lambda one: {"terms": one.terms[:-1]}),
        ("comments", lambda one: {"comments": one.comments[:-1]}),
        ("comments", lambda one: {"comments": (*one.comments, replace(one.comments[0], comment_id=99001))}),
        ("comments", lambda one: {"comments": (*one.comments[:-1], replace(one.comments[-1], body="Reply"))}),
        ("links", lambda one: {"links": one.links[1:]}),
        ("layout", lambda _: {"layout": "trafilatura"}),
    ],
)
def test_the_comparison_sees_one_wrong_field_and_only_that(field, spoil):
    options = Options(theme="divi4", rest="absent", gzip=False)
    site, facts = Site(options, BASE), profile(BASE)
    truth = next(one for one in site.truths() if one.post_id == 7930)
    article = read(site, truth, facts)
    spoiled = replace(article, **spoil(article))
    assert [miss.field for miss in compare(spoiled, truth, options, truth.body)] == [field]


@pytest.mark.parametrize("seo", [True, False], ids=["seo", "markup-only"])
@pytest.mark.parametrize("theme", THEMES)
def test_every_article_is_read_exactly_from_its_pages(theme, seo):
    hold(score(Options(theme=theme, seo=seo, rest="absent", gzip=False)))


@pytest.mark.parametrize("theme", THEMES)
def test_every_article_is_read_exactly_whichever_seo_plugin_wrote_its_head(theme):
    hold(score(Options(theme=theme, seo_plugin="rankmath", rest="absent", gzip=False)))


@pytest.mark.parametrize("first", ["newest", "oldest"])
@pytest.mark.parametrize("theme", THEMES)
def test_every_comment_is_read_from_a_paged_thread_whichever_page_comes_first(theme, first):
    scores = score(
        Options(theme=theme, rest="closed", comments_per_page=2, comments_first=first, gzip=False), only_threads=True
    )
    assert scores.rate("comments") == 1, "\n".join(str(miss) for miss in scores.misses if miss.field == "comments")


@pytest.mark.parametrize("theme", THEMES)
def test_every_comment_is_read_where_the_newest_stands_on_top(theme):
    scores = score(
        Options(theme=theme, rest="closed", comments_per_page=3, newest_on_top=True, gzip=False), only_threads=True
    )
    assert scores.rate("comments") == 1, "\n".join(str(miss) for miss in scores.misses if miss.field == "comments")


@pytest.mark.parametrize("theme", THEMES)
def test_an_open_rest_collection_adds_exact_seconds_and_true_parents(theme):
    scores = score(Options(theme=theme, rest="open", comments_per_page=3, gzip=False), only_threads=True)
    assert scores.rate("comments") == 1, "\n".join(str(miss) for miss in scores.misses if miss.field == "comments")
    assert scores.rate("body") == 1


def test_the_repairs_of_a_damaged_body_are_recorded_and_a_whole_one_has_none():
    site, facts = Site(Options(rest="absent", gzip=False), BASE), profile(BASE)
    # One article is whole but for marks of the editor, whose removal is a repair too.
    damaged = {post.entry.post_id for post in site.posts if post.entry.damage or "housekeeping" in post.entry.slug}
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


def listed_by_rest(site: Site, facts: SiteProfile) -> dict[str, Listed]:
    """What the REST collections say of every article, by its address."""
    addresses = [rest.articles_url(facts, collection=collection) for collection in ("news-archive", "podcast")]
    return {one.url: one for address in addresses for one in rest.articles(fetch(site, address), facts).items}


def listed_by_feed(site: Site, facts: SiteProfile) -> dict[str, Listed]:
    """What the feed's pages say of every article, by its address."""
    found: dict[str, Listed] = {}
    page = fetch(site, f"{BASE}/feed/")
    while page.status == 200:
        feed = feeds.read(page, facts)
        found |= {one.url: one for one in feed.items}
        page = fetch(site, feed.next_page)
    return found


def test_rest_tells_what_a_page_leaves_out():
    site, facts = Site(Options(theme="divi4", seo=False, rest="open", gzip=False), BASE), profile(BASE)
    listed = listed_by_rest(site, facts)
    for truth in site.truths():
        article = extract(fetch(site, truth.url), facts, listed=listed[facts.article_url(truth.url)])
        assert (article.published.at, article.published.precision) == (truth.published, Precision.SECOND)
        assert article.modified.at == truth.modified
        assert article.title == truth.title
        assert article.highlights == truth.highlights
        assert article.body == body_text(truth.body)
        assert {(one.taxonomy.value, one.name, one.slug) for one in article.terms} == {
            (one.taxonomy, one.name, one.slug) for one in truth.terms
        }
        assert [one.name for one in article.authors] == [one.name for one in truth.authors]


def test_the_feed_tells_what_a_page_leaves_out():
    site, facts = Site(Options(theme="divi4", seo=False, rest="absent", gzip=False), BASE), profile(BASE)
    listed = listed_by_feed(site, facts)
    for truth in site.truths():
        article = extract(fetch(site, truth.url), facts, listed=listed[facts.article_url(truth.url)])
        assert (article.published.at, article.published.precision) == (truth.published, Precision.SECOND)
        # A feed names terms and does not say which of them are categories; nothing on these pages does.
        assert article.terms == ()
        assert [one.name for one in article.authors] == [one.name for one in truth.authors]

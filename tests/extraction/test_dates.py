from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.extraction import dates
from reex_crawler.extraction.sourced import Sourced
from reex_crawler.records import Dated, Precision
from tests.extraction.pages import SITE, document, json_ld
from tests.factories import SITE_URL, URL, make_dated, make_listed

EXACT = datetime(2025, 10, 28, 0, 22, 5, tzinfo=UTC)
DAY = '<p class="et_pb_title_meta_container"><span class="published">Oct 27, 2025</span></p>'
MIDNIGHT = datetime(2025, 10, 27, 6, 0, tzinfo=UTC)


def article(**fields: object) -> str:
    return json_ld({"@type": "NewsArticle", "@id": f"{URL}#article", **fields})


def tell(found: Sourced[Dated] | None) -> tuple[str, datetime, Precision] | None:
    return (found.source, found.value.at, found.value.precision) if found else None


def published(body: str = "", **over: str) -> tuple[str, datetime, Precision] | None:
    return tell(dates.published(document(body, **over), None))


def modified(body: str = "", **over: str) -> tuple[str, datetime, Precision] | None:
    return tell(dates.modified(document(body, **over), None))


def test_sources_are_asked_in_order_of_trust():
    times = {"datePublished": "2025-10-28T00:22:05+00:00", "dateModified": "2025-10-29T00:00:00+00:00"}
    meta = '<meta property="article:published_time" content="2025-10-28T01:00:00+00:00">'
    listed = make_listed(source="rest", published=make_dated(datetime(2025, 10, 28, 2, 0, tzinfo=UTC)))
    doc = document(DAY, head=article(**times) + meta)
    assert tell(dates.published(doc, listed)) == ("rest", datetime(2025, 10, 28, 2, 0, tzinfo=UTC), Precision.SECOND)
    assert tell(dates.published(doc, None)) == ("json-ld", EXACT, Precision.SECOND)
    assert published(DAY, head=meta) == ("meta", datetime(2025, 10, 28, 1, 0, tzinfo=UTC), Precision.SECOND)
    assert published(DAY) == ("markup", MIDNIGHT, Precision.DAY)
    assert published() is None


def test_a_feed_is_asked_last_and_refines_the_day_a_theme_prints():
    feed = make_listed(published=make_dated(EXACT))
    assert tell(dates.published(document(DAY), feed)) == ("feed", EXACT, Precision.SECOND)
    assert tell(dates.published(document(""), feed)) == ("feed", EXACT, Precision.SECOND)
    other_day = make_listed(published=make_dated(datetime(2025, 10, 30, tzinfo=UTC)))
    assert tell(dates.published(document(DAY), other_day)) == ("markup", MIDNIGHT, Precision.DAY)


def test_a_finer_source_that_agrees_wins_over_a_day_that_is_more_trusted():
    body = '<time class="entry-date published" datetime="2025-10-27T18:22:05-06:00">Oct 27</time>'
    assert published(body, head=article(datePublished="2025-10-27")) == ("markup", EXACT, Precision.SECOND)
    assert published(body, head=article(datePublished="2025-10-26")) == (
        "json-ld",
        datetime(2025, 10, 26, 6, 0, tzinfo=UTC),
        Precision.DAY,
    )
    to_the_minute = article(datePublished="2025-10-28T00:22+00:00")
    assert published(body, head=to_the_minute) == ("markup", EXACT, Precision.SECOND)


def test_a_json_ld_time_without_an_offset_is_local():
    assert published(head=article(datePublished="2025-10-27T18:22:05")) == ("json-ld", EXACT, Precision.SECOND)


def test_json_ld_of_another_article_is_not_this_one():
    other = {"@type": "NewsArticle", "url": f"{SITE_URL}/news/other/", "datePublished": "2020-01-01T00:00:00Z"}
    own = {
        "@type": ["Article", "NewsArticle"],
        "mainEntityOfPage": {"@id": URL},
        "datePublished": "2025-10-28T00:22:05Z",
    }
    assert published(head=json_ld(other, own)) == ("json-ld", EXACT, Precision.SECOND)
    assert published(head=json_ld(other)) is None


def test_the_web_page_stands_in_for_an_article_without_a_date():
    page = {"@type": "WebPage", "@id": URL, "datePublished": "2025-10-28T00:22:05Z"}
    assert published(head=json_ld(page, {"@type": "NewsArticle"})) == ("json-ld", EXACT, Precision.SECOND)


@pytest.mark.parametrize(
    "body",
    [
        '<span class="posted-on"><time class="entry-date published" datetime="2025-10-27T18:22:05-06:00">x</time></span>',
        '<div class="wp-block-post-date"><time datetime="2025-10-27T18:22:05-06:00"><a href="/">October 27</a></time></div>',
        '<div class="wp-block-post-date"><a href="/"><time datetime="2025-10-27T18:22:05-06:00">October 27</time></a></div>',
        '<abbr class="published" title="2025-10-27T18:22:05-06:00">Monday</abbr>',
        '<span itemprop="datePublished" content="2025-10-27T18:22:05-06:00">Monday</span>',
    ],
)
def test_the_date_that_a_theme_marks_is_read_from_its_attribute(body):
    assert published(f'<article class="post-41">{body}</article>') == ("markup", EXACT, Precision.SECOND)


@pytest.mark.parametrize(
    "place",
    [
        '<div class="entry-content">{}</div>',
        '<div class="et_pb_post_content">{}</div>',
        '<ul class="wp-block-post-template"><li class="post-7">{}</li></ul>',
        '<div class="et_pb_posts"><article class="et_pb_post post-7">{}</article></div>',
        '<article class="post-7">{}</article>',
        '<div class="widget widget_recent_entries">{}</div>',
        '<section id="comment-wrap">{}</section>',
        '<div class="comments-area">{}</div>',
        '<footer class="site-footer">{}</footer>',
    ],
)
def test_dates_of_anything_but_the_article_are_not_its_own(place):
    assert published(place.format('<time class="published" datetime="2020-01-01T00:00:00Z">x</time>')) is None


def test_published_and_changed_are_told_apart():
    body = (
        '<time class="entry-date published" datetime="2025-10-27T18:22:05-06:00">a</time>'
        '<time class="updated" datetime="2025-10-29T10:00:00-06:00">b</time>'
    )
    assert published(body) == ("markup", EXACT, Precision.SECOND)
    assert modified(body) == ("markup", datetime(2025, 10, 29, 16, 0, tzinfo=UTC), Precision.SECOND)
    block = (
        '<div class="wp-block-post-date__modified-date wp-block-post-date"><time datetime="2025-10-29T10:00:00-06:00">b</time></div>'
        '<div class="wp-block-post-date"><time datetime="2025-10-27T18:22:05-06:00">a</time></div>'
    )
    assert published(block) == ("markup", EXACT, Precision.SECOND)
    assert modified(block) == ("markup", datetime(2025, 10, 29, 16, 0, tzinfo=UTC), Precision.SECOND)


def test_one_time_marked_as_both_is_both():
    body = '<time class="entry-date published updated" datetime="2025-10-27T18:22:05-06:00">a</time>'
    assert published(body) == modified(body) == ("markup", EXACT, Precision.SECOND)


def test_a_change_that_nobody_names_is_unknown():
    assert modified(DAY) is None


def test_the_change_of_a_sitemap_counts_where_nothing_else_does():
    listed = make_listed(source="sitemap", modified=make_dated(EXACT))
    assert tell(dates.modified(document(DAY), listed)) == ("sitemap", EXACT, Precision.SECOND)
    head = '<meta property="og:updated_time" content="2025-10-29T00:00:00+00:00">'
    assert tell(dates.modified(document("", head=head), listed)) == (
        "meta",
        datetime(2025, 10, 29, tzinfo=UTC),
        Precision.SECOND,
    )


@pytest.mark.parametrize(
    "value", ["1970-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "0000-00-00", "soon", "", 5, None, [], {}]
)
def test_an_impossible_date_is_as_if_it_were_not_given(value):
    assert published(DAY, head=article(datePublished=value)) == ("markup", MIDNIGHT, Precision.DAY)


@given(st.integers(631_238_400, 1_767_000_000))
def test_a_local_time_with_the_sites_offset_is_exact_whatever_the_season(seconds):
    at = datetime.fromtimestamp(seconds, UTC)
    text = at.astimezone(SITE.time_zone).isoformat()
    body = f'<time class="entry-date published" datetime="{text}">x</time>'
    assert published(body) == ("markup", at, Precision.SECOND)

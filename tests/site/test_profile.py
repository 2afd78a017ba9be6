from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.site.profile import SiteProfile, UrlKind, profile

REEX = profile()


@pytest.mark.parametrize(
    ("path", "kind", "article"),
    [
        ("/news/china-rare-earth-exports-3/", UrlKind.ARTICLE, "/news/china-rare-earth-exports-3/"),
        ("/news/china-rare-earth-exports-3", UrlKind.ARTICLE, "/news/china-rare-earth-exports-3/"),
        ("/news/fe%e2%82%81-x/", UrlKind.ARTICLE, "/news/fe%E2%82%81-x/"),
        ("/podcast/s1-e9/", UrlKind.ARTICLE, "/podcast/s1-e9/"),
        ("/news/a/?utm_source=x&utm_medium=y", UrlKind.ARTICLE, "/news/a/"),
        ("/news/a/#comments", UrlKind.ARTICLE, "/news/a/"),
        ("/news/a/comment-page-2/#comments", UrlKind.COMMENT_PAGE, "/news/a/"),
        ("/news/a/2/", UrlKind.TEXT_PAGE, "/news/a/"),
        ("/?p=7855", UrlKind.ARTICLE_ID, None),
        ("/?post_type=news-archive&p=7855", UrlKind.ARTICLE_ID, None),
        ("/?p=x", UrlKind.OTHER, None),
        ("/news/", UrlKind.OTHER, None),
        ("/news/feed/", UrlKind.OTHER, None),
        ("/news/page/2/", UrlKind.OTHER, None),
        ("/news/a/feed/", UrlKind.OTHER, None),
        ("/news/a/embed/", UrlKind.OTHER, None),
        ("/news/a/?replytocom=7", UrlKind.OTHER, None),
        ("/news/a/?share=x", UrlKind.OTHER, None),
        ("/about/", UrlKind.OTHER, None),
        ("/wp-admin/", UrlKind.OTHER, None),
    ],
)
def test_an_address_is_what_wordpress_means_by_it(path: str, kind: UrlKind, article: str | None) -> None:
    url = REEX.url(path)
    assert REEX.kind(url) is kind
    assert REEX.article_url(url) == (REEX.url(article) if article else None)


@pytest.mark.parametrize(
    "url",
    [
        "https://forum.rareearthexchanges.com/news/a/",
        "http://rareearthexchanges.com/news/a/",
        "https://rareearthexchanges.com:444/news/a/",
        "javascript:alert(1)",
        "",
    ],
)
def test_another_origin_is_foreign(url: str) -> None:
    assert REEX.kind(url) is UrlKind.FOREIGN
    assert REEX.article_url(url) is None


def test_a_copy_of_the_site_keeps_its_facts_at_its_own_address() -> None:
    copy = profile("http://127.0.0.1:8080/ignored/")
    assert copy.site_url == "http://127.0.0.1:8080"
    assert copy.kind("http://127.0.0.1:8080/news/a/") is UrlKind.ARTICLE
    assert copy.time_zone == REEX.time_zone


def test_pages_of_an_article_are_numbered() -> None:
    assert REEX.page_number(REEX.url("/news/a/comment-page-12/")) == 12
    assert REEX.page_number(REEX.url("/news/a/3/")) == 3
    assert REEX.page_number(REEX.url("/news/a/")) is None


@given(st.text(max_size=80))
def test_no_address_is_an_error(path: str) -> None:
    site: SiteProfile = REEX
    url = site.site_url + "/" + path
    article = site.article_url(url)
    assert site.kind(url) in UrlKind
    assert article is None or site.article_url(article) == article


@pytest.mark.parametrize(
    ("at", "lower", "upper"),
    [
        ("2025-07-01T06:00:00", "2025-07-01T00:00:00", "2025-07-01T00:00:00"),
        ("2025-12-01T06:59:59.9", "2025-11-30T23:59:59", "2025-11-30T23:59:59"),
        # Both passes of the hour from 1 to 2, and what comes before and after.
        ("2025-11-02T06:59:59", "2025-11-02T00:59:59", "2025-11-02T00:59:59"),
        ("2025-11-02T07:30:00", "2025-11-02T00:30:00", "2025-11-02T02:30:00"),
        ("2025-11-02T08:30:00", "2025-11-02T00:30:00", "2025-11-02T02:30:00"),
        ("2025-11-02T09:00:00", "2025-11-02T02:00:00", "2025-11-02T02:00:00"),
        ("2026-03-08T09:00:00", "2026-03-08T03:00:00", "2026-03-08T03:00:00"),
    ],
)
def test_a_limit_is_the_sites_own_time_and_wider_in_the_hour_that_autumn_repeats(
    at: str, lower: str, upper: str
) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert REEX.lower_limit(instant) == lower
    assert REEX.upper_limit(instant) == upper


# Ten days around the change of the clock in autumn, and in spring.
_INSTANTS = st.builds(
    lambda start, seconds: start + timedelta(seconds=seconds),
    st.sampled_from([datetime(2025, 10, 28, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)]),
    st.integers(0, 10 * 86400),
)


@given(_INSTANTS, _INSTANTS)
def test_limits_leave_out_nothing_that_keeps_to_them(limit: datetime, at: datetime) -> None:
    stored = at.astimezone(REEX.time_zone).replace(tzinfo=None).isoformat()
    assert at <= limit or stored > REEX.lower_limit(limit)
    assert at >= limit or stored < REEX.upper_limit(limit)


def test_the_comments_after_a_time_are_asked_oldest_first_and_without_their_text() -> None:
    url = REEX.all_comments_url(3, after=datetime(2025, 7, 1, 6, 0, tzinfo=UTC))
    assert urlsplit(url).path == "/wp-json/wp/v2/comments"
    assert parse_qs(urlsplit(url).query) == {
        "per_page": ["100"],
        "page": ["3"],
        "order": ["asc"],
        "orderby": ["date_gmt"],
        "after": ["2025-07-01T00:00:00"],
        "_fields": ["id,post,parent,author_name,author_url,date_gmt"],
    }
    assert "after" not in REEX.all_comments_url()

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery import sitemaps
from reex_crawler.discovery.sitemaps import Child
from reex_crawler.records import Precision
from tests.discovery.listings import SITE, listing
from tests.factories import SITE_URL

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
URL = f"{SITE_URL}/news/magnets/"


def index(*names: str) -> sitemaps.Sitemap:
    items = "".join(f"<sitemap><loc>{SITE_URL}/{name}</loc></sitemap>" for name in names)
    text = f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="//x"?><sitemapindex {NAMESPACE}>{items}</sitemapindex>'
    return sitemaps.read(listing("/sitemap_index.xml", text), SITE)


def urls(*entries: str) -> sitemaps.Sitemap:
    text = f"<urlset {NAMESPACE}>{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>"
    return sitemaps.read(listing("/news-archive-sitemap.xml", text), SITE)


@pytest.mark.parametrize(
    "names",
    [
        (
            "wp-sitemap-posts-news-archive-1.xml",
            "wp-sitemap-posts-news-archive-2.xml",
            "wp-sitemap-posts-podcast-1.xml",
        ),
        (
            "news-archive-sitemap.xml",
            "news-archive-sitemap2.xml",
            "podcast-sitemap.xml",
            "news-archive-sitemap3.xml.gz",
        ),
    ],
)
def test_the_sitemaps_of_article_types_are_chosen_from_an_index(names):
    others = ("wp-sitemap-posts-post-1.xml", "page-sitemap.xml", "category-sitemap.xml", "wp-sitemap-users-1.xml")
    read = index(*others, *names)
    assert read.children == tuple(Child(f"{SITE_URL}/{name}", None) for name in names)
    assert read.entries == ()


def test_where_no_name_tells_all_sitemaps_are_worth_asking():
    assert index("sitemap-1.xml", "sitemap-2.xml").children == (
        Child(f"{SITE_URL}/sitemap-1.xml", None),
        Child(f"{SITE_URL}/sitemap-2.xml", None),
    )


@pytest.mark.parametrize(
    ("lastmod", "at"),
    [
        ("<lastmod>2025-10-27T12:22:05-06:00</lastmod>", datetime(2025, 10, 27, 18, 22, 5, tzinfo=UTC)),
        ("<lastmod>2025-10-27</lastmod>", datetime(2025, 10, 27, 6, tzinfo=UTC)),
        ("<lastmod>soon</lastmod>", None),
        ("<lastmod>2031-01-01</lastmod>", None),
        ("", None),
    ],
)
def test_an_index_says_when_a_sitemap_was_last_changed(lastmod, at):
    loc = f"<loc>{SITE_URL}/news-archive-sitemap.xml</loc>"
    text = f"<sitemapindex {NAMESPACE}><sitemap>{loc}{lastmod}</sitemap></sitemapindex>"
    assert sitemaps.read(listing("/sitemap_index.xml", text), SITE).children == (
        Child(f"{SITE_URL}/news-archive-sitemap.xml", at),
    )


def test_a_sitemap_that_an_index_names_twice_is_named_once():
    assert len(index("a.xml", "b.xml", "a.xml").children) == 2


def test_sitemaps_of_other_hosts_are_dropped():
    text = f"<sitemapindex {NAMESPACE}><sitemap><loc>https://elsewhere.example/news-archive-sitemap.xml</loc></sitemap></sitemapindex>"
    assert sitemaps.read(listing("/sitemap.xml", text), SITE).children == ()


def test_an_entry_has_its_address_and_the_instant_of_its_last_change():
    (entry,) = urls(f"<loc>\n {URL}?utm_source=map \n</loc><lastmod>2025-10-27T12:22:05-06:00</lastmod>").entries
    assert (entry.url, entry.source, entry.listed_in) == (URL, "sitemap", f"{SITE_URL}/news-archive-sitemap.xml")
    assert entry.modified is not None
    assert (entry.modified.at, entry.modified.precision) == (
        datetime(2025, 10, 27, 18, 22, 5, tzinfo=UTC),
        Precision.SECOND,
    )
    assert (entry.published, entry.post_id, entry.title) == (None, None, None)


@pytest.mark.parametrize("lastmod", ["", "<lastmod/>", "<lastmod>never</lastmod>", "<lastmod>2031-01-01</lastmod>"])
def test_an_entry_without_a_possible_lastmod_has_none(lastmod):
    (entry,) = urls(f"<loc>{URL}</loc>{lastmod}").entries
    assert entry.modified is None


@pytest.mark.parametrize(
    "url",
    [
        f"{SITE_URL}/",
        f"{SITE_URL}/news/",
        f"{SITE_URL}/tag/x/",
        "https://elsewhere.example/news/x/",
        "//x",
        "",
        f"{SITE_URL}/?p=1",
    ],
)
def test_addresses_that_are_no_articles_of_the_site_are_dropped(url):
    assert [
        entry.url for entry in urls(f"<loc>{url}</loc>", f"<loc>{URL}</loc>", "<lastmod>2025-01-01</lastmod>").entries
    ] == [URL]


def test_percent_encoded_and_unicode_addresses_are_one():
    encoded = f"{SITE_URL}/news/fe%e2%82%81/"
    entries = urls(f"<loc>{encoded}</loc>", f"<loc>{SITE_URL}/news/fe₁/</loc>").entries
    assert [entry.url for entry in entries] == [f"{SITE_URL}/news/fe%E2%82%81/"]


def test_an_address_listed_twice_is_listed_once():
    assert len(urls(f"<loc>{URL}</loc>", f"<loc>{URL}#x</loc>", f"<loc>{URL.rstrip('/')}</loc>").entries) == 1


def test_prefixed_and_missing_namespaces_are_read():
    prefixed = f'<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>{URL}</s:loc></s:url></s:urlset>'
    for text in (prefixed, f"<urlset><url><loc>{URL}</loc></url></urlset>"):
        assert len(sitemaps.read(listing("/s.xml", text), SITE).entries) == 1


def test_a_sitemap_cut_in_an_address_leaves_that_one_out():
    text = f"<urlset {NAMESPACE}><url><loc>{URL}</loc></url><url><loc>{SITE_URL}/news/mag"
    assert [entry.url for entry in sitemaps.read(listing("/s.xml", text), SITE).entries] == [URL]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<>&"), max_size=30), max_size=5))
def test_any_text_as_an_address_is_read_or_dropped(texts):
    read = urls(*(f"<loc>{SITE_URL}/news/{text}</loc><lastmod>{text}</lastmod>" for text in texts))
    assert all(entry.url.startswith(f"{SITE_URL}/news/") for entry in read.entries)

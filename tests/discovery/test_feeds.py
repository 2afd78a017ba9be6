from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery import feeds
from reex_crawler.errors import BadListing
from reex_crawler.records import Author, Precision
from tests.discovery.listings import SITE, listing
from tests.factories import SITE_URL

URL = f"{SITE_URL}/news/magnets/"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)
ITEM = f"""<item><title>Magnets &#038; &#8220;metal&#8221;</title><link>{URL}</link>
<comments>https://forum.example/threads/3303/</comments><dc:creator><![CDATA[Daniel]]></dc:creator>
<pubDate>Mon, 27 Oct 2025 18:22:05 +0000</pubDate><category><![CDATA[Supply Chain]]></category>
<category><![CDATA[R&D]]></category>
<guid isPermaLink="false">https://staging-4712.host.example/?post_type=news-archive&#038;p=7855</guid>
<description><![CDATA[Short.]]></description><content:encoded><![CDATA[<p>Long.</p><!DOCTYPE x>]]></content:encoded>
<wfw:commentRss>{URL}feed/</wfw:commentRss><slash:comments>3</slash:comments></item>"""


def rss(*items: str) -> str:
    link = f'<atom:link href="{SITE_URL}/feed/" rel="self" type="application/rss+xml" /><link>{SITE_URL}</link>'
    head = f"<title>News</title>{link}"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMESPACES}><channel>{head}{"".join(items)}</channel></rss>'


def read(text: str, path: str = "/feed/") -> feeds.Feed:
    return feeds.read(listing(path, text), SITE)


def item(url: str = URL, more: str = "") -> str:
    return f"<item><title>x</title><link>{escape(url)}</link>{more}</item>"


def test_an_item_of_wordpress_gives_all_it_says():
    (listed,) = read(rss(ITEM)).items
    assert (listed.url, listed.source, listed.listed_in) == (URL, "feed", f"{SITE_URL}/feed/")
    assert (listed.post_id, listed.title, listed.comment_count) == (7855, "Magnets & “metal”", 3)
    assert listed.published is not None
    assert (listed.published.at, listed.published.precision) == (
        datetime(2025, 10, 27, 18, 22, 5, tzinfo=UTC),
        Precision.SECOND,
    )
    assert listed.modified is None
    assert listed.authors == (Author(name="Daniel"),)
    assert [term.name for term in listed.terms] == ["Supply Chain", "R&D"]
    assert listed.content_html is None


def test_an_atom_entry_gives_the_same():
    text = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US"><entry><author><name>Daniel</name></author>
    <title type="html"><![CDATA[Magnets &#038; metal]]></title><link rel="replies" href="{URL}#comments"/>
    <link rel="alternate" type="text/html" href="{URL}"/><id>https://staging.example/?p=7855</id>
    <published>2025-10-27T18:22:05Z</published><updated>2025-10-28T01:00:00Z</updated>
    <category scheme="{SITE_URL}" term="Supply Chain"/></entry></feed>"""
    (listed,) = read(text, "/feed/atom/").items
    assert (listed.url, listed.post_id, listed.title) == (URL, 7855, "Magnets & metal")
    assert listed.published is not None
    assert listed.modified is not None
    assert listed.published.at == datetime(2025, 10, 27, 18, 22, 5, tzinfo=UTC)
    assert listed.modified.at == datetime(2025, 10, 28, 1, 0, tzinfo=UTC)
    assert (listed.authors, [term.name for term in listed.terms]) == ((Author(name="Daniel"),), ["Supply Chain"])


def test_tracking_queries_and_fragments_are_dropped_from_addresses():
    assert [one.url for one in read(rss(item(f"{URL}?utm_source=rss&utm_medium=feed#top"))).items] == [URL]


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/news/magnets/",
        f"{SITE_URL}:8443/news/magnets/",
        f"{SITE_URL}/about/",
        f"{SITE_URL}/?p=12",
        f"{SITE_URL}/news/magnets/comment-page-2/#comment-7",
        "javascript:alert(1)",
        "http://[broken",
        "",
    ],
)
def test_items_that_lead_to_no_article_of_the_site_are_dropped(url):
    assert [one.url for one in read(rss(item(url), ITEM)).items] == [URL]


@pytest.mark.parametrize(
    ("guid", "post_id"),
    [
        ("https://any.example/?p=12", 12),
        ("https://any.example/?post_type=podcast&amp;p=12", 12),
        ("https://any.example/?p=0", None),
        ("https://any.example/?p=12&amp;preview=true", None),
        ("https://any.example/?p=99999999999999999999", None),
        ("tag:any.example,2025:12", None),
        ("", None),
    ],
)
def test_a_post_id_is_taken_from_wordpress_own_form_of_guid(guid, post_id):
    (listed,) = read(rss(item(more=f'<guid isPermaLink="false">{guid}</guid>'))).items
    assert listed.post_id == post_id


def test_an_address_listed_twice_is_listed_once_at_its_first_place():
    other = f"{SITE_URL}/news/other/"
    items = read(rss(item(URL, "<slash:comments>9</slash:comments>"), item(other), item(URL))).items
    assert [(one.url, one.comment_count) for one in items] == [(URL, 9), (other, None)]


@pytest.mark.parametrize(
    ("path", "next_page"),
    [
        ("/feed/", "/feed/?paged=2"),
        ("/feed/?paged=2", "/feed/?paged=3"),
        ("/category/x/feed/?paged=09", "/category/x/feed/?paged=10"),
        ("/feed/?paged=x", "/feed/?paged=2"),
        ("/?feed=rss2", "/?feed=rss2&paged=2"),
    ],
)
def test_the_next_page_is_counted_from_the_address_asked(path, next_page):
    assert read(rss(ITEM), path).next_page == SITE_URL + next_page


def test_an_empty_page_has_no_next_one():
    assert read(rss()) == feeds.Feed((), None)
    assert read(rss(item("https://elsewhere.example/"))).next_page is not None


def test_control_characters_and_unknown_entities_do_not_cost_the_feed():
    broken = ITEM.replace("Short.", "a\x08b\x00c \ufffe").replace(
        "metal", "&nbsp;R&D &amp; &#8; &#xB; A&eacute;B & C &lt;"
    )
    (listed, other) = read(rss(broken, item(f"{SITE_URL}/news/b/", "<category>R&amp;D</category>"))).items
    assert listed.title == "Magnets & “\xa0R&D & AéB & C <”"
    assert [term.name for term in other.terms] == ["R&D"]


def test_items_after_an_error_are_recovered_with_their_ampersands():
    text = rss("<item><title>a</b></title></item>", item(more="<category>R&amp;D</category>"))
    items = read(text).items
    assert [(one.url, [term.name for term in one.terms]) for one in items] == [(URL, ["R&D"])]


@given(st.data())
def test_a_feed_cut_anywhere_lists_no_address_that_it_did_not_name(data):
    urls = [f"{SITE_URL}/news/magnets-{number}/" for number in range(3)]
    text = rss(*map(item, urls))
    cut = data.draw(st.integers(0, len(text)))
    try:
        found = [one.url for one in read(text[:cut]).items]
    except BadListing:
        return
    assert found == urls[: len(found)]


@pytest.mark.parametrize("date", ["", "soon", "Mon, 27 Oct 2031 18:22:05 +0000", "Thu, 01 Jan 1970 00:00:00 +0000"])
def test_an_impossible_date_is_as_if_it_were_not_given(date):
    (listed,) = read(rss(item(more=f"<pubDate>{date}</pubDate>"))).items
    assert listed.published is None


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=4),
)
def test_any_text_in_a_field_leaves_the_address_intact(title, categories):
    marked = "".join(f"<category>{escape(name)}</category>" for name in categories)
    (listed,) = read(rss(f"<item><title>{escape(title)}</title><link>{URL}</link>{marked}</item>")).items
    assert listed.url == URL

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery import feeds, sitemaps
from reex_crawler.discovery.xml import MAX_BYTES
from reex_crawler.errors import BadListing, ListingFault
from tests.discovery.listings import SITE, listing

BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><urlset><url><loc>&c;</loc></url></urlset>"""
OUTSIDE = '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ListingFault.EMPTY),
        (" \n ", ListingFault.EMPTY),
        ("<!doctype html><html><body>Not found</body></html>", ListingFault.HTML),
        ("<html><body>Checking your browser</body></html>", ListingFault.HTML),
        ('<?xml version="1.0"?>\n<!-- a --><!DOCTYPE html PUBLIC "x" "y"><html/>', ListingFault.HTML),
        (BOMB, ListingFault.DOCTYPE),
        (OUTSIDE, ListingFault.DOCTYPE),
        ("https://news.example/news/a/\nhttps://news.example/news/b/\n", ListingFault.NOT_XML),
        ('{"code":"rest_no_route"}', ListingFault.NOT_XML),
        ("<!-- never closed", ListingFault.NOT_XML),
        ("<feedback/>", ListingFault.OTHER),
        ("<urlset", ListingFault.MALFORMED),
        ("<urlset><!-- cut", ListingFault.MALFORMED),
    ],
)
def test_what_is_no_listing_is_named(text, fault):
    with pytest.raises(BadListing) as error:
        sitemaps.read(listing("/sitemap.xml", text), SITE)
    assert error.value.reason is fault
    assert "https://news.example/sitemap.xml" in str(error.value)


@pytest.mark.parametrize("status", [204, 301, 403, 404, 500, 503])
def test_an_answer_with_another_status_is_no_listing(status):
    with pytest.raises(BadListing) as error:
        feeds.read(listing("/feed/", "<rss/>", status=status), SITE)
    assert error.value.reason is ListingFault.STATUS
    assert str(status) in str(error.value)


def test_a_sitemap_is_no_feed_and_a_feed_no_sitemap():
    for read, text in ((feeds.read, "<urlset></urlset>"), (sitemaps.read, "<rss></rss>")):
        with pytest.raises(BadListing) as error:
            read(listing("/x", text), SITE)
        assert error.value.reason is ListingFault.OTHER


def test_compressed_bytes_are_inflated_up_to_a_limit():
    text = "<urlset><url><loc>https://news.example/news/a/</loc></url></urlset>"
    assert len(sitemaps.read(listing("/s.xml.gz", gzip.compress(text.encode())), SITE).entries) == 1
    deflate = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = deflate.compress(b"<urlset>" + b" " * (MAX_BYTES + 1)) + deflate.flush()
    assert len(bomb) < MAX_BYTES / 100
    with pytest.raises(BadListing) as error:
        sitemaps.read(listing("/s.xml.gz", bomb), SITE)
    assert error.value.reason is ListingFault.TOO_LARGE


def test_broken_compression_is_named():
    with pytest.raises(BadListing) as error:
        sitemaps.read(listing("/s.xml.gz", b"\x1f\x8b" + b"\x00" * 40), SITE)
    assert error.value.reason is ListingFault.MALFORMED


@pytest.mark.parametrize("before", ["\n\n", "\ufeff", "<br />\n<b>Warning</b>: oops in x.php\n", "<!-- cached -->"])
def test_what_plugins_print_before_the_declaration_is_passed_over(before):
    text = f'{before}<?xml version="1.0" encoding="UTF-8"?><urlset><url><loc>https://news.example/news/a/</loc></url></urlset>'
    assert len(sitemaps.read(listing("/s.xml", text), SITE).entries) == 1


def test_another_encoding_is_read_as_declared():
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><rss><channel><item><title>détente</title><link>https://news.example/news/a/</link></item></channel></rss>'
    (item,) = feeds.read(listing("/feed/", text.encode("latin-1"), headers=()), SITE).items
    assert item.title == "détente"


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_at_all_are_another_error(body):
    for read in (feeds.read, sitemaps.read):
        with pytest.raises(BadListing):
            read(listing("/x", b"\x00?" + body), SITE)


@given(
    st.text(alphabet="<>/!?-[]& \x00\x08abcdurlset:locfeeditem='\"#x;0123456789", max_size=120),
    st.sampled_from(["rss", "feed", "urlset", "sitemapindex"]),
)
def test_any_mark_up_inside_a_root_is_read_or_refused(text, root):
    for read in (feeds.read, sitemaps.read):
        with suppress(BadListing):
            read(listing("/x", f"<{root}>{text}</{root}>"), SITE)

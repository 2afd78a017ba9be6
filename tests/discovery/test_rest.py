from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery import rest
from reex_crawler.errors import BadListing, ListingFault
from reex_crawler.records import Author, Precision, Taxonomy, Term
from tests.discovery.listings import SITE, listing
from tests.factories import SITE_URL

URL = f"{SITE_URL}/news/magnets/"
PATH = "/wp-json/wp/v2/news-archive?per_page=100&page=1"


def entry(**over: Any) -> dict[str, Any]:
    """An article as WordPress lists it."""
    return {
        "id": 7855,
        "date": "2025-10-27T12:22:05",
        "date_gmt": "2025-10-27T18:22:05",
        "modified": "2025-10-27T19:00:00",
        "modified_gmt": "2025-10-28T01:00:00",
        "slug": "magnets",
        "status": "publish",
        "link": URL,
        "title": {"rendered": "Magnets &#038; <em>metal</em>"},
        "content": {"rendered": "<p>Long.</p>", "protected": False},
        "_embedded": {
            "author": [
                {
                    "id": 2,
                    "name": "Daniel",
                    "slug": "daniel",
                    "link": f"{SITE_URL}/author/daniel/",
                    "description": "Rocks &amp; ores.",
                }
            ],
            "wp:term": [
                [
                    {
                        "id": 5,
                        "link": f"{SITE_URL}/category/rd/",
                        "name": "R&amp;D",
                        "slug": "rd",
                        "taxonomy": "category",
                    }
                ],
                [{"id": 6, "link": f"{SITE_URL}/tag/mp/", "name": "MP", "slug": "mp", "taxonomy": "post_tag"}],
                [{"id": 7, "link": f"{SITE_URL}/type/x/", "name": "Gallery", "slug": "x", "taxonomy": "post_format"}],
            ],
        },
    } | over


def read(answer: object, *headers: tuple[str, str], **over: Any) -> rest.Listing:
    return rest.articles(listing(PATH, json.dumps(answer), headers=headers, **over), SITE)


def test_an_entry_gives_all_it_says():
    found = read([entry()], ("X-WP-Total", "301"), ("x-wp-totalpages", "4"))
    (listed,) = found.items
    assert (found.total, found.total_pages) == (301, 4)
    assert (listed.url, listed.source, listed.post_id) == (URL, "rest", 7855)
    assert listed.title == "Magnets & metal"
    assert listed.published is not None
    assert listed.modified is not None
    assert (listed.published.at, listed.published.precision) == (
        datetime(2025, 10, 27, 18, 22, 5, tzinfo=UTC),
        Precision.SECOND,
    )
    assert listed.modified.at == datetime(2025, 10, 28, 1, 0, tzinfo=UTC)
    assert listed.authors == (
        Author(name="Daniel", slug="daniel", url=f"{SITE_URL}/author/daniel/", bio="Rocks & ores."),
    )
    assert listed.terms == (
        Term(taxonomy=Taxonomy.CATEGORY, name="R&D", slug="rd", url=f"{SITE_URL}/category/rd/"),
        Term(taxonomy=Taxonomy.TAG, name="MP", slug="mp", url=f"{SITE_URL}/tag/mp/"),
    )
    assert listed.content_html is None


def test_the_text_is_kept_only_of_articles_parted_into_pages():
    html = "<p>One.</p>\n<!--nextpage-->\n<p>Two.</p>"
    assert read([entry(content={"rendered": html, "protected": False})]).items[0].content_html == html


@pytest.mark.parametrize(
    "over",
    [
        {"content": {"rendered": "", "protected": True}},
        {"status": "draft"},
        {"status": "private"},
        {"link": "https://elsewhere.example/news/magnets/"},
        {"link": f"{SITE_URL}/?p=7855"},
        {"link": f"{SITE_URL}/about/"},
        {"link": None},
    ],
)
def test_entries_that_are_no_public_article_of_the_site_are_left_out(over):
    assert [one.post_id for one in read([entry(**over), entry(id=1)]).items] == [1]


def test_local_time_serves_where_the_other_is_missing():
    (listed,) = read([entry(date_gmt=None, modified_gmt="0000-00-00T00:00:00")]).items
    assert listed.published is not None
    assert listed.modified is not None
    assert listed.published.at == datetime(2025, 10, 27, 18, 22, 5, tzinfo=UTC)
    assert listed.modified.at == datetime(2025, 10, 28, 1, 0, tzinfo=UTC)


def test_authors_and_terms_that_rest_refuses_to_show_are_none():
    refused = {"author": [{"code": "rest_user_invalid_id", "message": "Invalid user ID.", "data": {"status": 404}}]}
    (listed,) = read([entry(_embedded=refused)]).items
    assert (listed.authors, listed.terms) == ((), ())


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"<html>Closed</html>", ListingFault.NOT_JSON),
        (b"", ListingFault.NOT_JSON),
        (b"[" * 100_000, ListingFault.NOT_JSON),
        (b"\xff\xfe[", ListingFault.NOT_JSON),
        (b'{"code":"rest_forbidden"}', ListingFault.OTHER),
        (b"null", ListingFault.OTHER),
    ],
)
def test_what_is_no_collection_is_named(body, fault):
    with pytest.raises(BadListing) as error:
        rest.articles(listing(PATH, body), SITE)
    assert error.value.reason is fault


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_a_refusal_is_no_collection(status):
    with pytest.raises(BadListing) as error:
        read([entry()], status=status)
    assert error.value.reason is ListingFault.STATUS


def test_the_address_of_a_page_asks_for_what_is_read_and_for_no_more():
    parts = urlsplit(rest.articles_url(SITE, 3))
    query = parse_qs(parts.query)
    assert parts.path == "/wp-json/wp/v2/news-archive"
    assert (query["per_page"], query["page"], query["_embed"]) == (["100"], ["3"], ["author,wp:term"])
    assert {"id", "date_gmt", "modified_gmt", "link", "title", "content", "_links", "_embedded"} <= set(
        query["_fields"][0].split(",")
    )
    assert urlsplit(rest.articles_url(SITE, collection="podcast")).path == "/wp-json/wp/v2/podcast"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*entry(), "rendered", "protected", "author", "wp:term", "name", "taxonomy"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(JSON)
def test_no_json_at_all_is_another_error(value):
    assert read([value]).items == () or isinstance(value, dict)
    if not isinstance(value, list):
        with pytest.raises(BadListing):
            read(value)


@given(
    st.dictionaries(
        st.sampled_from([key for key in entry() if key not in {"link", "content", "status"}]), JSON, max_size=6
    )
)
def test_a_broken_field_never_costs_the_article(over):
    items = read([entry(**over), entry(link=f"{SITE_URL}/news/other/")]).items
    assert [one.url for one in items] == [URL, f"{SITE_URL}/news/other/"]


def test_the_address_carries_limits_in_the_sites_own_time_and_an_order():
    url = rest.articles_url(
        SITE,
        2,
        collection="podcast",
        orderby="modified",
        modified_after=datetime(2025, 7, 1, 6, 0, tzinfo=UTC),
        after=datetime(2025, 1, 1, 7, 0, 5, tzinfo=UTC),
        before=datetime(2025, 12, 1, 6, 59, 59, tzinfo=UTC),
    )
    query = parse_qs(urlsplit(url).query)
    assert query["orderby"] == ["modified"]
    assert query["modified_after"] == ["2025-07-01T00:00:00"]
    assert query["after"] == ["2025-01-01T00:00:05"]
    assert query["before"] == ["2025-11-30T23:59:59"]
    assert (query["page"], urlsplit(url).path) == (["2"], "/wp-json/wp/v2/podcast")


def test_limits_that_are_none_are_not_in_the_address():
    assert rest.articles_url(SITE, 3, modified_after=None, after=None, before=None) == rest.articles_url(SITE, 3)

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery import comments
from reex_crawler.errors import BadListing, ListingFault
from reex_crawler.records import Dated, ListedComment, Precision
from tests.discovery.listings import SITE, listing
from tests.factories import SITE_URL

URL = f"{SITE_URL}/news/magnets/"
PATH = SITE.all_comments_url().removeprefix(SITE_URL)
AT = datetime(2025, 11, 5, 0, 29, 41, tzinfo=UTC)


def entry(comment_id: Any = 17, **over: Any) -> dict[str, Any]:
    """A comment as WordPress lists it."""
    return {
        "id": comment_id,
        "post": 7855,
        "parent": 0,
        "author_name": "Bob “Ore” O'Hale & Sons",
        "author_url": "https://bob.example",
        "date_gmt": "2025-11-05T00:29:41",
    } | over


def read(answer: object, *headers: tuple[str, str], **over: Any) -> comments.CommentListing:
    return comments.collection(listing(PATH, json.dumps(answer), headers=headers, **over), SITE)


def item(link: str = f"{URL}#comment-17", more: str = "") -> str:
    return (
        f"<item><title>Comment on Magnets by Bob</title><link>{escape(link)}</link>"
        f"<dc:creator><![CDATA[Bob &#8220;Ore&#8221; O&#8217;Hale]]></dc:creator>"
        f"<pubDate>Wed, 05 Nov 2025 00:29:41 +0000</pubDate>{more}"
        "<description><![CDATA[Text.]]></description></item>"
    )


def feed(*items: str, **over: Any) -> tuple[ListedComment, ...]:
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    text = f"{head}<title>Comments for News</title><link>{SITE_URL}</link>{''.join(items)}</channel></rss>"
    return comments.feed(listing(SITE.comments_feed_path, text, **over), SITE)


# The collection


def test_an_entry_of_the_collection_gives_all_it_says():
    found = read([entry()], ("X-WP-Total", "301"), ("x-wp-totalpages", "4"))
    assert found == comments.CommentListing(
        (
            ListedComment(
                comment_id=17,
                post_id=7855,
                parent_id=0,
                posted=Dated(AT, Precision.SECOND, "2025-11-05T00:29:41"),
                author_name="Bob “Ore” O'Hale & Sons",
                author_url="https://bob.example",
            ),
        ),
        301,
        4,
    )


def test_the_collection_tells_a_comment_at_the_root_from_one_whose_parent_is_not_told():
    untold = entry(3)
    del untold["parent"]
    items = read([entry(1), entry(2, parent=1), untold, entry(4, parent="1"), entry(5, parent=False)]).items
    assert [one.parent_id for one in items] == [0, 1, None, None, None]


@pytest.mark.parametrize("broken", [None, [], "17", {}, entry(0), entry(-1), entry(1.0), entry("17"), entry(2**63)])
def test_an_entry_that_names_no_comment_is_left_out(broken):
    found = read([broken, entry()])
    assert [one.comment_id for one in found.items] == [17]
    assert (found.total, found.total_pages) == (None, None)


def test_a_comment_listed_twice_is_listed_once():
    assert [one.comment_id for one in read([entry(2), entry(1), entry(2)]).items] == [2, 1]


def test_an_empty_page_of_the_collection_is_no_error():
    assert read([], ("X-WP-Total", "0")) == comments.CommentListing((), 0, None)


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"text": '{"code":"rest_forbidden"}', "status": 401}, ListingFault.STATUS),
        ({"text": '{"code":"rest_no_route"}'}, ListingFault.OTHER),
        ({"text": "<!doctype html><p>Closed</p>"}, ListingFault.NOT_JSON),
        ({"text": "[" * 100_000}, ListingFault.NOT_JSON),
        ({"text": ""}, ListingFault.NOT_JSON),
    ],
)
def test_an_answer_that_is_no_collection_is_an_error_that_says_so(over, fault):
    with pytest.raises(BadListing) as caught:
        comments.collection(listing(PATH, **over), SITE)
    assert caught.value.reason is fault


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["post", "parent", "author_name", "author_url", "date_gmt"]), json_values))
def test_a_broken_field_never_costs_the_comment(over):
    assert [one.comment_id for one in read([entry(**over), entry(18)]).items] == [17, 18]


@pytest.mark.parametrize("date", ["0000-00-00T00:00:00", "", "2031-01-01T00:00:00", "soon", None])
def test_an_impossible_date_is_as_if_it_were_not_given(date):
    (listed,) = read([entry(date_gmt=date)]).items
    assert listed.posted is None


# The feed


def test_an_item_of_the_feed_gives_all_it_says():
    guid = '<guid isPermaLink="false">https://staging.example/?post_type=news-archive&#038;p=7855#comment-17</guid>'
    assert feed(item(more=guid)) == (
        ListedComment(
            comment_id=17,
            post_id=7855,
            article_url=URL,
            posted=Dated(AT, Precision.SECOND, "Wed, 05 Nov 2025 00:29:41 +0000"),
            author_name="Bob “Ore” O’Hale",
        ),
    )


@pytest.mark.parametrize(
    "link",
    [
        f"{URL}comment-page-2/#comment-17",
        f"{SITE_URL}/news/magnets#comment-17",
        f"{URL}?utm_source=feed#comment-17",
        "/news/magnets/#comment-17",
    ],
)
def test_the_link_of_a_comment_leads_to_its_article(link):
    assert [(one.comment_id, one.article_url, one.post_id) for one in feed(item(link))] == [(17, URL, None)]


def test_the_guid_names_the_comment_where_the_link_does_not():
    guid = '<guid isPermaLink="false">https://staging.example/?p=7855#comment-17</guid>'
    (listed,) = feed(item(URL, guid))
    assert (listed.comment_id, listed.article_url) == (17, URL)


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/news/magnets/#comment-9",
        f"{SITE_URL}/about/#comment-9",
        f"{SITE_URL}/?p=12#comment-9",
        URL,
        f"{URL}#respond",
        f"{URL}#comment-0",
        f"{URL}#comment-{10**20}",
        "http://[broken#comment-9",
        "javascript:alert(1)#comment-9",
        "",
    ],
)
def test_items_that_name_no_comment_on_an_article_of_the_site_are_left_out(link):
    assert [one.comment_id for one in feed(item(link), item())] == [17]


def test_the_feed_lists_a_comment_once_at_its_first_place():
    links = [f"{URL}#comment-{number}" for number in (3, 2, 3, 1)]
    assert [one.comment_id for one in feed(*map(item, links))] == [3, 2, 1]


def test_a_feed_without_comments_is_no_error_and_a_web_page_is_one():
    assert feed() == ()
    with pytest.raises(BadListing) as caught:
        comments.feed(listing("/comments/feed/", "<!doctype html><p>Closed</p>"), SITE)
    assert caught.value.reason is ListingFault.HTML
    with pytest.raises(BadListing) as caught:
        feed(item(), status=404)
    assert caught.value.reason is ListingFault.STATUS


def test_a_control_character_in_one_comment_does_not_cost_the_feed():
    assert [one.comment_id for one in feed(item(more="<category>a\x08b &nbsp; &</category>"))] == [17]

"""Which article a page is: post id, canonical URL, slug."""

from __future__ import annotations

import pytest

from reex_crawler.errors import NotAnArticle, Unreadable
from reex_crawler.extraction import identity
from reex_crawler.extraction.document import parse
from reex_crawler.extraction.sourced import Sourced
from tests.extraction.pages import SITE
from tests.factories import SITE_URL, URL, make_listed, make_page


def document(markup: str = "", *, classes: str = "", head: str = "", url: str = URL, headers=()):
    text = f"<html><head>{head}</head><body class='{classes}'>{markup}</body></html>"
    return parse(make_page(url=url, body=text.encode(), headers=(("Content-Type", "text/html"), *headers)), SITE)


def link(target: str) -> tuple[str, str]:
    return "Link", target


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"classes": "single postid-41"}, Sourced(41, "body-class")),
        ({"head": f"<link rel='shortlink' href='{SITE_URL}/?p=41'>"}, Sourced(41, "shortlink")),
        ({"headers": (link(f"<{SITE_URL}/?p=41>; rel=shortlink"),)}, Sourced(41, "shortlink")),
        (
            {
                "headers": (
                    link(
                        f'<{SITE_URL}/wp-json/>; rel="https://api.w.org/", <{SITE_URL}/wp-json/wp/v2/news-archive/41>; rel="alternate"; title="JSON"; type="application/json"'
                    ),
                )
            },
            Sourced(41, "rest-link"),
        ),
        ({"markup": "<input type='hidden' name='comment_post_ID' value='41'>"}, Sourced(41, "comment-form")),
        ({"head": "<link rel='shortlink' href='https://other.example/?p=9'>"}, None),
        ({"head": "<link rel='shortlink' href='https://wp.me/p3-x'>"}, None),
        ({"classes": "page page-id-9 postid-"}, None),
        ({"classes": "postid-٤١"}, None),
    ],
)
def test_the_post_id_is_found_where_wordpress_names_it(facts, found):
    assert identity.post_id(document(**facts), None, None) == found


def test_the_element_around_the_text_names_it_where_the_page_does_not():
    doc = document("<article id='post-7'></article><article id='post-41'><div class='entry-content'></div></article>")
    content = doc.tree.find(".//div")
    assert identity.post_id(doc, content, make_listed(post_id=5)) == Sourced(41, "markup")


def test_a_listing_names_it_last():
    assert identity.post_id(document(), None, make_listed(post_id=5)) == Sourced(5, "listing")


def test_a_page_that_names_two_posts_is_not_trusted():
    doc = document(classes="postid-41", head=f"<link rel='shortlink' href='{SITE_URL}/?p=42'>")
    with pytest.raises(Unreadable, match=r"41 \(body-class\), 42 \(shortlink\)"):
        identity.post_id(doc, None, None)


@pytest.mark.parametrize(
    "url",
    [
        URL,
        URL.rstrip("/"),
        f"{URL}?utm_source=x",
        f"{URL}#comments",
        f"{URL}comment-page-2/#comments",
        f"{URL}2/",
        "https://NEWS.example:443/news/magnets/",
    ],
)
def test_the_address_reached_is_canonical(url):
    assert identity.canonical_url(document(url=url), 41).value == URL


def test_a_canonical_that_names_another_article_is_passed_over():
    head = f"<link rel='canonical' href='{SITE_URL}/news/other/'>"
    assert identity.canonical_url(document(head=head), 41) == Sourced(URL, "address")


def test_a_canonical_that_agrees_is_named_as_the_source():
    head = f"<link rel='canonical' href='{URL}#comments'>"
    assert identity.canonical_url(document(head=head), 41) == Sourced(URL, "canonical")


def test_an_address_by_number_takes_the_canonical_of_the_same_post():
    doc = document(url=f"{SITE_URL}/?p=41", head=f"<link rel='canonical' href='{URL}'>")
    assert identity.canonical_url(doc, 41) == Sourced(URL, "canonical")
    with pytest.raises(NotAnArticle):
        identity.canonical_url(doc, 42)


@pytest.mark.parametrize(
    "url", [f"{SITE_URL}/", f"{SITE_URL}/about/", f"{SITE_URL}/news/", "https://other.example/news/magnets/"]
)
def test_an_address_of_no_article_is_refused(url):
    with pytest.raises(NotAnArticle, match="address"):
        identity.canonical_url(document(url=url, head=f"<link rel='canonical' href='{URL}'>"), None)


def test_the_slug_is_decoded():
    assert identity.slug(f"{SITE_URL}/news/fe%E2%82%82o/") == "fe₂o"

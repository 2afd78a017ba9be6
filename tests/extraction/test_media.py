"""The images and links of a text, and the image that stands for the article."""

from __future__ import annotations

import pytest

from reex_crawler.extraction import media, reader
from reex_crawler.extraction.blocks import Block, finish
from reex_crawler.extraction.document import Mender, parse_html
from reex_crawler.extraction.sourced import Sourced
from reex_crawler.records import Image, Link
from tests.extraction.pages import SITE, document, json_ld
from tests.factories import SITE_URL, URL


def blocks(markup: str) -> tuple[Block, ...]:
    body = parse_html(f"<body>{markup}</body>").find("body")
    assert body is not None
    return finish(reader.read([body], URL), Mender(), "body")


@pytest.mark.parametrize(
    ("markup", "image"),
    [
        ("<p>a <img src='/i.jpg' alt=' A\nmagnet '> b</p>", Image(url=f"{SITE_URL}/i.jpg", alt="A magnet")),
        ("<img src='i.jpg'>", Image(url=f"{URL}i.jpg")),
        ("<img src='data:image/gif;base64,R0' data-src='/i.jpg'>", Image(url=f"{SITE_URL}/i.jpg")),
        ("<img src='/assets/lazy_placeholder.gif' data-lazy-src='/i.jpg'>", Image(url=f"{SITE_URL}/i.jpg")),
        ("<img src='/assets/placeholder.gif' data-lazy-src='/i.jpg'>", Image(url=f"{SITE_URL}/i.jpg")),
        ("<img srcset='/i.jpg 300w, /big.jpg 1024w'>", Image(url=f"{SITE_URL}/i.jpg")),
        ("<figure><a href='/i.jpg'><img src='/i.jpg'></a><figcaption>C <b>d</b></figcaption></figure>", Image(url=f"{SITE_URL}/i.jpg", caption="C d")),
        ("<div class='wp-caption'><img src='/i.jpg'><p class='wp-caption-text'>C</p></div>", Image(url=f"{SITE_URL}/i.jpg", caption="C")),
        ("<dl class='gallery-item'><dt><img src='/i.jpg'></dt><dd class='wp-caption-text gallery-caption'>C</dd></dl>", Image(url=f"{SITE_URL}/i.jpg", caption="C")),
        ("<figure><img src='/i.jpg'></figure><figure><table><tr><td>a</td></tr></table><figcaption>T</figcaption></figure>", Image(url=f"{SITE_URL}/i.jpg")),
    ],
)  # fmt: skip
def test_an_image_has_its_address_alt_and_caption(markup, image):
    assert media.images(blocks(markup)) == (image,)


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='/pixel.gif' width='1' height='1'>",
        "<img src='' alt='x'>",
        "<img src='data:image/png;base64,x'>",
        "<p><img class='emoji' src='/1f642.svg' alt='🙂'></p>",
        "<div class='sharedaddy'><img src='/share.png'></div>",
    ],
)
def test_what_is_no_picture_of_the_text_is_no_image(markup):
    assert media.images(blocks(markup)) == ()


def test_the_caption_of_a_gallery_is_that_of_its_images_without_one():
    inner = "<figure><img src='/a.jpg'><figcaption>A</figcaption></figure><figure><img src='/b.jpg'></figure>"
    found = media.images(blocks(f"<figure class='wp-block-gallery'>{inner}<figcaption>All</figcaption></figure>"))
    assert [image.caption for image in found] == ["A", "All"]


def test_links_have_their_visible_text_and_know_the_site():
    markup = (
        "<p>See <a class='wpil_keyword_link' href='/news/mines/?x=1#y'>the <em>mines</em></a>, "
        "<a href='https://other.example/a'>a filing<span class='screen-reader-text'> (opens in a new tab)</span></a>, "
        "<a href='//news.example/b'>b</a></p><ul><li><a href='http://news.example/c'>c</a></li></ul>"
    )
    assert media.links(blocks(markup), SITE) == (
        Link(url=f"{SITE_URL}/news/mines/?x=1#y", text="the mines", internal=True),
        Link(url="https://other.example/a", text="a filing", internal=False),
        Link(url="https://news.example/b", text="b", internal=True),
        Link(url="http://news.example/c", text="c", internal=False),
    )


@pytest.mark.parametrize(
    "anchor",
    [
        "<a href='#note'>1</a>",
        "<a href='mailto:a@b.example'>mail</a>",
        "<a href='javascript:x()'>x</a>",
        "<a href='http://[::1'>x</a>",
        "<a name='x'>x</a>",
        "<a href='/i.jpg'><img src='/i.jpg'></a>",
        "<a href='tel:1'>x</a>",
        "<a href='/cdn-cgi/l/email-protection#5b3a1b39'>x</a>",
    ],
)
def test_what_leads_to_no_page_is_no_link(anchor):
    assert media.links(blocks(f"<p>a {anchor}</p>"), SITE) == ()


def test_two_links_to_one_address_are_two():
    assert len(media.links(blocks("<p><a href='/x'>a</a><a href='/x'>b</a></p>"), SITE)) == 2


@pytest.mark.parametrize(
    ("head", "body", "found"),
    [
        ("<meta property='og:image' content='/lead.jpg'>", "", Sourced(f"{SITE_URL}/lead.jpg", "og")),
        (json_ld({"@type": "Article", "image": {"@id": "#i"}}, {"@id": "#i", "@type": "ImageObject", "url": "https://cdn.example/i.jpg"}), "", Sourced("https://cdn.example/i.jpg", "json-ld")),
        (json_ld({"@type": "Article", "image": ["https://cdn.example/i.jpg"]}), "", Sourced("https://cdn.example/i.jpg", "json-ld")),
        (json_ld({"@type": "Article", "thumbnailUrl": "https://cdn.example/t.jpg"}), "", Sourced("https://cdn.example/t.jpg", "json-ld")),
        ("<meta name='twitter:image' content='https://cdn.example/i.jpg'>", "", Sourced("https://cdn.example/i.jpg", "twitter")),
        ("", "<img class='attachment-large wp-post-image' src='/i.jpg'>", Sourced(f"{SITE_URL}/i.jpg", "markup")),
        ("<meta property='og:image' content=''>", "<img src='/i.jpg'>", None),
    ],
)  # fmt: skip
def test_the_lead_image_comes_from_the_most_trusted_source(head, body, found):
    assert media.lead_image(document(body, head=head)) == found

"""The headline, from every source and without the site's name."""

from __future__ import annotations

import pytest

from reex_crawler.extraction import body
from reex_crawler.extraction.title import title
from tests.extraction.pages import document, json_ld
from tests.factories import make_listed

TEXT = "<article class='post-41 hentry'><h1 class='entry-title'>{}</h1><div class='entry-content'><p>Text.</p></div></article>"


def read(markup: str, *, head: str = "", listed=None):
    doc = document(markup, head=head)
    place = body.find(doc)
    found = title(doc, place.layout if place else None, listed)
    return (found.value, found.source) if found else None


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("Magnets &amp; Motors", "Magnets & Motors"),
        ("&#8220;Tariff Truce&#8221; &#8211; a <em>pause</em>", "“Tariff Truce” – a pause"),
        ("  Magnets\n\t<br>and motors ", "Magnets and motors"),
        ("Magnets<span class='screen-reader-text'> hidden</span>", "Magnets"),
        ("Mines - Mills | Magnets", "Mines - Mills | Magnets"),
        ("REEx - The Week", "REEx - The Week"),
        ("Fe<sub>2</sub>O<sub>3</sub>", "Fe2O3"),
        ("AT&amp;amp;T", "AT&amp;T"),
    ],
)
def test_the_heading_of_the_layout_is_the_headline(heading, shown):
    assert read(TEXT.format(heading)) == (shown, "markup")


def test_headings_of_other_articles_and_of_comments_are_none():
    related = "<div class='related-posts'><article class='post-7'><h1 class='entry-title'>Other</h1></article></div>"
    comments = "<section id='comment-wrap'><h1 id='comments'>2 Comments</h1></section>"
    assert read(related + TEXT.format("Magnets") + comments) == ("Magnets", "markup")


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (json_ld({"@type": "NewsArticle", "headline": "Magnets &#8211; now"}), ("Magnets – now", "json-ld")),
        ("<meta property='og:title' content='Magnets - Rare Earth Exchanges'>", ("Magnets", "og")),
        (
            "<meta property='og:title' content='Magnets | The Rock'><meta property='og:site_name' content='The Rock'>",
            ("Magnets", "og"),
        ),
        ("<meta name='twitter:title' content='Mines - Mills &raquo; REEx'>", ("Mines - Mills", "twitter")),
        ("<title>Magnets – Page 2 of 3 – Rare Earth Exchanges™</title>", ("Magnets", "title")),
        ("<title>Rare Earth Exchanges | Magnets</title>", ("Magnets", "title")),
        ("<title>Mines | Magnets – Motors</title>", ("Mines | Magnets – Motors", "title")),
        ("<title>Non-REEx</title>", ("Non-REEx", "title")),
        ("<title>Rare Earth Exchanges</title>", None),
        ("", None),
    ],
)
def test_without_a_heading_the_page_s_facts_name_it(head, found):
    assert read("<div class='et_pb_post_content'><p>Text.</p></div>", head=head) == found


def test_a_heading_of_no_known_class_counts_where_the_title_names_it():
    markup = "<div class='et_pb_text_inner'><h1>Magnets</h1></div><div class='et_pb_post_content'><p>Text.</p></div>"
    assert read(markup, head="<title>Magnets - REEx</title>") == ("Magnets", "markup")
    assert read(markup.replace("Magnets", "News"), head="<title>Magnets - REEx</title>") == ("Magnets", "title")


def test_a_listing_names_it_last():
    assert read("<p>Text.</p>", listed=make_listed(title="Magnets")) == ("Magnets", "listing")

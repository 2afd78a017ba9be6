"""The headline, from every source and without the site's name."""

from __future__ import annotations

import pytest

from reex_crawler.extraction import body
from reex_crawler.extraction.title import title
from tests.extraction.pages import document, json_ld
from tests.factories import URL, make_listed

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


MODULE = "<div class='et_pb_module et_pb_heading'><div class='et_pb_heading_container'><{0} class='et_pb_module_heading'>{1}</{0}></div></div>"
BODY = "<div class='et_pb_module et_pb_post_content'><p>Text.</p></div>"
OG = "<meta property='og:title' content='{}'>"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (MODULE.format("h2", "Rare Earth News") + MODULE.format("h1", "Magnets") + BODY, ("Magnets", "markup")),
        ("<h1>Magnets</h1>" + BODY + MODULE.format("h2", "Recent News"), ("Magnets", "markup")),
        (BODY + MODULE.format("h2", "Recent News"), ("Magnets", "og")),
        (MODULE.format("h2", "Magnets") + BODY, ("Magnets", "markup")),
        ("<h1>Magnets!</h1>" + BODY, ("Magnets!", "markup")),
        ("<h1>Rare Earth Exchanges</h1>" + BODY, ("Magnets", "og")),
        ("<h1 class='entry-title'>REEx</h1>" + BODY, ("Magnets", "og")),
        ("<h1>Magnet</h1>" + BODY, ("Magnets", "og")),
        (
            "<h1 class='entry-title'>Magnets as a reader sees them</h1>" + BODY,
            ("Magnets as a reader sees them", "markup"),
        ),
    ],
)
def test_a_heading_that_may_be_a_label_counts_only_where_another_source_says_the_same(markup, found):
    assert read(markup, head=OG.format("Magnets | REEx")) == found


def test_a_heading_is_confirmed_by_the_slug_where_a_plugin_rewrote_all_titles():
    slug = URL.rstrip("/").rpartition("/")[2]
    heading = slug.replace("-", " ").title()
    assert read(f"<h1>{heading}</h1>{BODY}", head=OG.format("What you must know")) == (heading, "markup")


def test_a_lone_heading_counts_where_nothing_else_tells():
    assert read(f"<h1>Gallium</h1>{BODY}", head="<title>REEx</title>") == ("Gallium", "markup")
    assert read(f"<h1>Gallium</h1><h1>News</h1>{BODY}") is None


def test_of_two_marked_headings_the_one_that_another_source_repeats_is_the_headline():
    banner = "<h1 class='entry-title'>Newsroom</h1>"
    assert read(f"{banner}<h1 class='entry-title'>Magnets</h1>{BODY}", head=OG.format("Magnets")) == (
        "Magnets",
        "markup",
    )
    assert read(banner + TEXT.format("Magnets")) == ("Magnets", "markup")


def test_a_title_that_a_plugin_escaped_twice_is_read_as_meant():
    head = OG.format("Lynas&amp;#8217;s Q1 &amp;amp; Q2 | Rare Earth Exchanges")
    assert read(BODY, head=head) == ("Lynas’s Q1 & Q2", "og")

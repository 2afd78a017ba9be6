"""Where the text stands in each layout, and texts of several pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reex_crawler.errors import Incomplete, NotAnArticle
from reex_crawler.extraction import body
from reex_crawler.extraction.article import extract
from reex_crawler.site import layouts
from tests.extraction.pages import SITE, document, page
from tests.factories import URL, make_listed

CONTENT = {
    "divi-5": "<div class='et_pb_row_1 et_flex_row'><div class='et_pb_post_content et_pb_module et_block_module'>{}</div></div>",
    "divi-4-theme-builder": "<div class='et_pb_row'><div class='et_pb_module et_pb_post_content et_pb_post_content_0_tb_body'>{}</div></div>",
    "divi-classic": "<article class='et_pb_post post-41 hentry'><div class='entry-content'>{}</div></article>",
    "block-theme": "<main><div class='entry-content wp-block-post-content is-layout-flow'>{}</div></main>",
    "wordpress-classic": "<article id='post-41' class='post-41 hentry'><div class='entry-content'>{}</div></article>",
}
OTHERS = (
    "<ul class='wp-block-post-template'><li class='post-7'><div class='wp-block-post-content entry-content'>Other.</div></li></ul>"
    "<article class='post-8 hentry et_pb_post'><div class='entry-content'>Other.</div></article>"
)
TITLE = "<h1 class='entry-title'>Magnets</h1>"


@pytest.mark.parametrize("name", CONTENT)
def test_each_layout_is_known_by_its_markup(name):
    place = body.find(document(OTHERS + CONTENT[name].format("<p>Text.</p>") + OTHERS))
    assert place is not None
    assert (place.layout.name, place.element.text_content()) == (name, "Text.")


def test_no_layout_is_made_up():
    assert body.find(document(f"<div class='story'><p>Text.</p></div>{OTHERS}")) is None


def test_a_layout_counts_for_its_days_only(monkeypatch):
    old, new = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    ended = replace(layouts.LAYOUTS[0], name="ended", content="story", inside=frozenset(), valid_until=new)
    begun = replace(ended, name="begun", valid_from=new, valid_until=None)
    monkeypatch.setattr(layouts, "LAYOUTS", (ended, begun))
    markup = "<div class='story'>Text.</div>"
    found = [body.find(document(markup, fetched_at=day)) for day in (old, new)]
    assert [place.layout.name for place in found if place] == ["ended", "begun"]


def part(number: int, links: str = "", *, reached: str | None = None, **over):
    """A further page of the text."""
    url = f"{URL}{number}/"
    markup = TITLE + CONTENT["wordpress-classic"].format(f"<p>Part {number}.</p>{links}")
    return replace(page(markup, url=url, **over), final_url=reached or url)


def pages(*numbers: int) -> str:
    links = "".join(f"<a class='post-page-numbers' href='{URL}{number}/'>{number}</a>" for number in numbers)
    return f"<div class='page-links'>Pages: <span class='post-page-numbers current'>1</span> {links}</div>"


FIRST = page(TITLE + CONTENT["wordpress-classic"].format(f"<p>Part 1.</p>{pages(2, 3)}"))


def test_further_pages_of_the_text_are_pending_until_they_are_read():
    assert extract(FIRST, SITE).pending == (f"{URL}2/", f"{URL}3/")
    article = extract(FIRST, SITE, more=(part(3), part(2)))
    assert (article.pending, article.body) == ((), "Part 1.\n\nPart 2.\n\nPart 3.")


def test_pages_that_only_a_further_page_links_are_pending():
    assert extract(FIRST, SITE, more=(part(2), part(3, pages(4)))).pending == (f"{URL}4/",)


def test_the_next_page_that_the_head_names_is_pending():
    markup = TITLE + CONTENT["divi-4-theme-builder"].format("<p>Part 1.</p>")
    assert extract(page(markup, head=f"<link rel='next' href='{URL}2/'>"), SITE).pending == (f"{URL}2/",)


def test_an_address_past_the_end_adds_nothing():
    article = extract(FIRST, SITE, more=(part(2), part(3, reached=URL)))
    assert (article.pending, article.body) == ((), "Part 1.\n\nPart 2.")


def test_the_page_of_another_article_adds_nothing():
    assert extract(FIRST, SITE, more=(part(2, post_id=9), part(3))).body == "Part 1.\n\nPart 3."


def test_half_a_text_is_no_text():
    with pytest.raises(NotAnArticle):
        extract(FIRST, SITE, more=(part(2), part(3, status=503)))
    with pytest.raises(Incomplete):
        extract(FIRST, SITE, more=(part(2), replace(part(3), body=part(3).body[:-40])))


def test_lists_at_the_end_of_one_page_and_the_start_of_the_next_stay_two():
    first, second = (
        replace(one, body=one.body.replace(b"<p>Part", b"<ul><li>Part").replace(b".</p>", b".</li></ul>"))
        for one in (FIRST, part(2))
    )
    assert extract(first, SITE, more=(second,)).body == "- Part 1.\n\n- Part 2."


BUILDER = page(TITLE + CONTENT["divi-4-theme-builder"].format("<p>Part <b>1</b>.</p>"))


def test_a_listing_gives_the_whole_text_where_the_page_shows_its_beginning():
    listed = make_listed(
        content_html="<p>Part <b>1</b>.</p>\n<!--nextpage-->\n<p>Part 2.</p><!--nextpage--><p>Part 3.</p>"
    )
    article = extract(BUILDER, SITE, listed=listed)
    assert (article.body, article.sources["body"]) == ("Part 1.\n\nPart 2.\n\nPart 3.", "rest")


@pytest.mark.parametrize(
    "content", ["<p>Other.</p><!--nextpage--><p>Part 2.</p>", "<p>Part 1.</p><p>Part 2.</p>", "", None]
)
def test_a_listing_that_says_something_else_does_not(content):
    article = extract(BUILDER, SITE, listed=make_listed(content_html=content))
    assert (article.body, article.sources["body"]) == ("Part 1.", "layout")


def test_a_page_of_no_known_layout_is_read_by_trafilatura():
    words = "".join(
        f"<p>Paragraph {n} of the story tells what the mine did, why it did so, and who paid for it.</p>"
        for n in range(8)
    )
    around = "<nav><a href='/'>Home</a></nav><div class='et_pb_newsletter'><h2>Straight Into Your Inbox</h2></div>"
    comments = "<div class='comments-area'><ol class='commentlist'><li class='comment'><p>First! What a fine paragraph this is indeed.</p></li></ol></div>"
    article = extract(
        page(
            f"{around}<div class='story'><h1>Magnets</h1>{words}</div>{comments}", head="<title>Magnets - REEx</title>"
        ),
        SITE,
    )
    assert (article.layout, article.sources["body"]) == ("trafilatura", "trafilatura")
    assert article.body == "\n\n".join(
        f"Paragraph {n} of the story tells what the mine did, why it did so, and who paid for it." for n in range(8)
    )


def module(kind: str, markup: str) -> str:
    return f"<div class='et_pb_module et_pb_{kind}'>{markup}</div>"


def blurb(heading: str, words: str) -> str:
    return module(
        "blurb", f"<h4 class='et_pb_module_header'>{heading}</h4><div class='et_pb_blurb_description'>{words}</div>"
    )


def built(*modules: str) -> str:
    """A page that the Divi builder made in its classic layout, where its modules stand in the place of the text."""
    column = f"<div class='et_pb_column et_pb_column_4_4'>{''.join(modules)}</div>"
    content = f"<div class='et_builder_inner_content'><div class='et_pb_section'><div class='et_pb_row'>{column}</div></div></div>"
    return f"<article class='et_pb_post post-41'><div class='entry-content'>{content}</div></article>"


BYLINE, TEXT = blurb("<span>By Daniel</span>", "<p>Writes of metals.</p>"), module("text", "<p>Text.</p>")


@pytest.mark.parametrize(
    ("modules", "text"),
    [
        ((TEXT, BYLINE), "Text."),
        ((TEXT, BYLINE, blurb("By Petra Vogel", "Digs.")), "Text."),
        (
            (TEXT, BYLINE, module("signup et_pb_newsletter", "<h2>Subscribe</h2>"), module("comments_module", "1")),
            "Text.",
        ),
        ((TEXT, blurb("By the numbers", "73 mines.")), "Text.\n\nBy the numbers\n\n73 mines."),
        ((TEXT, blurb("About magnets", "They pull.")), "Text.\n\nAbout magnets\n\nThey pull."),
        ((blurb("By Sea", "Ships."), TEXT), "By Sea\n\nShips.\n\nText."),
    ],
)
def test_only_the_blurbs_about_authors_that_close_a_page_are_none_of_its_text(modules, text):
    assert extract(page(TITLE + built(*modules)), SITE).body == text


def test_a_blurb_in_a_text_of_the_theme_builder_is_text():
    markup = CONTENT["divi-4-theme-builder"].format(f"<div class='et_pb_column'>{TEXT}{BYLINE}</div>")
    assert extract(page(TITLE + markup), SITE).body == "Text.\n\nBy Daniel\n\nWrites of metals."


def test_markdown_and_html_keep_the_number_of_a_footnote():
    mark = "<sup data-fn='n' class='fn'><a href='#n' id='n-link'>1</a></sup>"
    article = extract(page(TITLE + CONTENT["block-theme"].format(f"<p>Up 20{mark} percent.</p>")), SITE)
    assert (article.body, article.body_markdown, article.body_html) == (
        "Up 20 percent.",
        "Up 20<sup>1</sup> percent.",
        "<p>Up 20<sup>1</sup> percent.</p>",
    )


def test_a_page_built_with_elementor_gives_no_biography_and_its_questions():
    story = "".join(
        f"<p>Paragraph {n} tells what the mine did, why it did so, and who paid for all of it.</p>" for n in range(4)
    )
    question = (
        "<div class='faq'><button class='faq-question'>Why did the price of this oxide rise so much?</button></div>"
    )
    widgets = {
        "theme-post-title": "<h1>Magnets</h1>",
        "theme-post-content": f"{story}{question}<p>Because the only refinery had stopped its second line.</p>",
        "author-box": "<h4>Daniel</h4><p>Daniel writes about metals and mines for many years.</p>",
        "post-navigation": "<a>Previous: the older post title that stands here</a>",
    }
    markup = "".join(
        f"<div class='elementor-widget elementor-widget-{name}'>{inner}</div>" for name, inner in widgets.items()
    )
    text = extract(page(markup, head="<title>Magnets - REEx</title>"), SITE).body
    assert "Why did the price" in text
    assert "Daniel" not in text
    assert "Previous" not in text

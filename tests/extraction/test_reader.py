"""The block reader and the plain text written from it: what a browser shows, to the letter."""

from __future__ import annotations

import re
import unicodedata
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reex_crawler.extraction import reader
from reex_crawler.extraction.blocks import Block, finish
from reex_crawler.extraction.document import Mender, parse_html
from reex_crawler.extraction.plaintext import text_of, word_count

BASE = "https://news.example/news/magnets/"


def blocks(markup: str) -> tuple[Block, ...]:
    body = parse_html(f"<!doctype html><html><body>{markup}</body></html>").find("body")
    assert body is not None
    return finish(reader.read([body], BASE), Mender(), "body")


def text(markup: str) -> str:
    return text_of(blocks(markup))


SHOWN = {
    "paragraphs": ("<p>One.</p>\n<p>Two.</p>", "One.\n\nTwo."),
    "white space is folded": ("<p>\n  one \t two\r\n three </p>", "one two three"),
    "inline elements neither glue nor split words": (
        "<p>re<em>ex</em>amine <b>this</b> <i>one</i>.</p>",
        "reexamine this one.",
    ),
    "a space inside or outside of an inline element counts once": ("<p>a <b> b </b> c</p>", "a b c"),
    "a no-break space is the author's": ("<p>5&nbsp;% &nbsp; of it&nbsp;</p>", "5\xa0% \xa0 of it\xa0"),
    "a paragraph of no-break spaces is empty": ("<p>a</p><p>&nbsp;</p><p>b</p>", "a\n\nb"),
    "a line break": ("<p>one<br>two <br/> three</p>", "one\ntwo\nthree"),
    "two line breaks part a paragraph": ("<p>one<br><br>two</p>", "one\n\ntwo"),
    "line breaks at the ends count for nothing": ("<p><br>one<br></p><p>two</p>", "one\n\ntwo"),
    "headings": ("<h2>One</h2><p>a</p><h3>Two <b>x</b></h3><p>b</p>", "One\n\na\n\nTwo x\n\nb"),
    "an accordion's heading is a button": (
        "<h3><button><span>More</span><span aria-hidden='true'>+</span></button></h3>",
        "More",
    ),
    "a list": ("<p>Then:</p><ul><li>one</li><li>two</li></ul><p>after</p>", "Then:\n\n- one\n- two\n\nafter"),
    "nested lists": (
        "<ul><li>a<ol><li>b</li><li>c<ul><li>d</li></ul></li></ol></li><li>e</li></ul>",
        "- a\n  - b\n  - c\n    - d\n- e",
    ),
    "two lists in a row": ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n- b"),
    "paragraphs in an item": ("<ul><li><p>a</p><p>b</p></li><li>c<br>d</li></ul>", "- a\n  b\n- c\n  d"),
    "a quotation and its source": ("<blockquote><p>a</p><p>b</p><cite>C</cite></blockquote>", "a\n\nb\n\nC"),
    "a pullquote": (
        "<figure class='wp-block-pullquote'><blockquote><p>a</p><cite>b</cite></blockquote></figure>",
        "a\n\nb",
    ),
    "a table": (
        "<figure><table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td><p>x</p><p>y</p></td></tr></tbody></table></figure>",
        "A | B\n1 | x y",
    ),
    "an empty cell keeps its place": ("<table><tr><td>a</td><td></td><td>c</td></tr></table>", "a |  | c"),
    "a table that only arranges": (
        "<table><tr><td><p>a</p></td><td><table><tr><td>b</td><td>c</td></tr></table></td></tr></table>",
        "a\n\nb | c",
    ),
    "the caption of a table": (
        "<figure><table><tr><td>a</td></tr></table><figcaption>C</figcaption></figure>",
        "a\n\nC",
    ),
    "preformatted text": ("<pre>a  b\n   c\n</pre><p>d</p>", "a  b\n   c\n\nd"),
    "details": ("<details><summary>More</summary><p>a</p></details>", "More\n\na"),
    "definitions": ("<dl><dt>Nd</dt><dd>Neodymium</dd></dl>", "Nd\n\nNeodymium"),
    "bare text between blocks": (
        "start<div>a</div>between <b>two</b><div><div>b</div>end</div>",
        "start\n\na\n\nbetween two\n\nb\n\nend",
    ),
    "blocks inside inline elements": ("<span>a<div>b</div>c</span>", "a\n\nb\n\nc"),
    "a rule": ("<p>a</p><hr><p>b</p>", "a\n\nb"),
    "a smiley is its character": ("<p>Well <img src='/s.svg' class='emoji' alt='🙂'/>!</p>", "Well 🙂!"),
    "an image is no text": ("<p>a <img src='/i.jpg' alt='magnet'> b</p>", "a b"),
    "the caption of an image is the image's": (
        "<figure><img src='/i.jpg'><figcaption><p>C</p></figcaption></figure><p>a</p>",
        "a",
    ),
    "a classic caption too": (
        "<div class='wp-caption'><img src='/i.jpg'><p class='wp-caption-text'>C</p></div><p>a</p>",
        "a",
    ),
    "the text of a footnote, without its number and its way back": (
        (
            "<p>Up 20<sup data-fn='n' class='fn'><a href='#n' id='n-link'>1</a></sup> percent.</p><ol class='wp-block-footnotes'>"
            "<li id='n'>note <a href='#n-link' aria-label='Jump to footnote reference 1'>↩︎</a></li></ol>"
        ),
        "Up 20 percent.\n\n- note",
    ),
    "a footnote by its role": (
        "<p>a <a href='#n' role='doc-noteref'>*</a></p><ol><li>note <a href='#r' role='doc-backlink'>↩</a></li></ol>",
        "a\n\n- note",
    ),
    "a footnote made by hand, where it adjoins a number": (
        "<p>4<sup><a href='#n'>1</a></sup> t, <b>5</b><a href='#n'><sup>[2]</sup></a></p>",
        "4 t, 5",
    ),
    "a footnote made by hand that stands apart": ("<p>It rose.<sup><a href='#n'>1</a></sup></p>", "It rose.1"),
    "a raised link to a heading": ("<p>Model 3<sup><a href='#plus'>plus</a></sup></p>", "Model 3plus"),
    "raised and lowered characters, to the letter": ("<p>H<sub>2</sub>O, 10<sup>3</sup>, 10⁶</p>", "H2O, 103, 10⁶"),
    "the heading of an accordion, by its button's class": (
        "<div><button class='kt-blocks-accordion-header' type='button'><span>Why?</span></button></div><div>So.</div>",
        "Why?\n\nSo.",
    ),
    "the heading of an accordion, by what its button opens": (
        "<div><div><button aria-controls='p'>Why?</button></div><div id='p' hidden role='region' aria-labelledby='b'>So.</div></div>",
        "Why?\n\nSo.",
    ),
    "all panels of tabs, chosen or not": (
        (
            "<div role='tabpanel' hidden='false'>a</div><div role='tabpanel' hidden='hidden'>b</div>"
            "<div role='tabpanel' aria-hidden='true' style='display:none'>c</div><div class='tab-pane' hidden>d</div>"
        ),
        "a\n\nb\n\nc\n\nd",
    ),
    "headings whatever their ids": ("<h2 id='respond'>a</h2><h3 id='toc'>b</h3><p id='sidebar'>c</p>", "a\n\nb\n\nc"),
    "groups that the author named": (
        "<div class='wp-block-group sidebar'>a</div><div class='wp-block-columns' id='toc'>b</div><div class='et_pb_row' id='respond'>c</div>",
        "a\n\nb\n\nc",
    ),
    "boxes that a margin moves": ("<p style='margin-left:-1200px;padding-left:1200px'>a</p>", "a"),
    "what turns without a back": (
        "<p style='-webkit-backface-visibility:hidden;backface-visibility:hidden'>a</p>",
        "a",
    ),
    "inline elements that a style makes lines of": (
        "<p><span style='display:block'>one</span> <span style='color:red; display: flex'>two</span> three</p>",
        "one\ntwo\nthree",
    ),
    "inline blocks stay in the line": ("<p><span style='display:inline-block'>one</span>two</p>", "onetwo"),
    "Divi's bars": (
        (
            "<ul class='et_pb_counters'><li><span class='et_pb_counter_title'>Dy</span><span class='et_pb_counter_container'>"
            "<span class='et_pb_counter_amount'>80%</span><span class='et_pb_counter_amount overlay'>80%</span></span></li></ul>"
        ),
        "- Dy\n  80%",
    ),
    "numbers that a script counts up to": (
        (
            "<div class='et_pb_number_counter' data-number-value='73'><p><span class='percent-value'></span><span>%</span></p></div>"
            "<p><span class='elementor-counter-number' data-to-value='1200'>0</span> t</p>"
        ),
        "73%\n\n1200 t",
    ),
    "a wbr adds nothing": ("<p>rare<wbr>earth</p>", "rareearth"),
    "a document inside a builder's module": (
        "<div class='et_pb_text'><div class='et_pb_text_inner'><p>a</p></div></div>",
        "a",
    ),
    "unknown elements are inline": ("<p>a<x-y>b</x-y>c</p>", "abc"),
    "entities are decoded once": ("<p>&amp;lt; &lt;b&gt; &#8217; &rsquo;</p>", "&lt; <b> ’ ’"),
    "a control is no text": ("<p>a\x0bb\x01c</p>", "abc"),
    "a protected address is shown as readers see it": (
        "<p>Write to <a href='/cdn-cgi/l/email-protection' class='__cf_email__' data-cfemail='5b3a1b39'>[email&#160;protected]</a>.</p>",
        "Write to a@b.",
    ),
    "letters are composed": ("<p>e\u0301</p>", "é"),
}

HIDDEN = {
    "by class": "<span class='screen-reader-text'> (opens in a new tab)</span>",
    "by the notice alone": "<a href='/x'><span class='xyz'>(opens in a new tab)</span></a>",
    "by style": "<span style='DISPLAY : none'>x</span><span style='color:red;visibility:hidden'>x</span>",
    "off the screen": "<span style='position:absolute;left:-9999px'>x</span><i style='clip: rect(1px,1px,1px,1px)'>x</i>",
    "above the screen": "<span style='position:absolute;top:-9999px'>x</span><span style='text-indent:-9999px'>x</span>",
    "by attribute": "<b hidden>x</b><b hidden=''>x</b><b hidden='hidden'>x</b>",
    "by aria": "<b aria-hidden='true'>x</b>",
    "script": "<script>x</script><style>x</style><template><p>x</p></template><noscript>x</noscript>",
    "media": "<video>x</video><audio>x</audio><object>x</object><iframe>x</iframe><svg><title>x</title></svg>",
    "controls": "<button>x</button><button class='menu-toggle' aria-controls='m'>x</button><select><option>x</option></select><textarea>x</textarea>",
    "navigation": "<nav>x</nav><div role='navigation'>x</div>",
    "closed dialogs": "<dialog>x</dialog>",
    "ruby brackets": "<ruby><rp>x</rp></ruby>",
}


@pytest.mark.parametrize("name", SHOWN)
def test_text_is_what_a_browser_shows(name):
    markup, shown = SHOWN[name]
    assert text(markup) == shown


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_text_is_left_out(name):
    assert text(f"<p>a{HIDDEN[name]}b</p>") == text("<p>ab</p>") or text(f"<p>a{HIDDEN[name]}b</p>") == "a\n\nb"


def test_text_that_the_browser_can_find_and_open_is_kept():
    assert text("<p>a <span hidden='until-found'>b</span></p>") == "a b"


@pytest.mark.parametrize(
    "foreign",
    [
        "<div class='et_pb_newsletter et_pb_subscribe'><h2>Straight Into Your Inbox</h2><div class='et_pb_newsletter_success'><h2>Thanks!</h2></div></div>",
        "<div class='sharedaddy sd-sharing-enabled'><h3>Share this:</h3></div>",
        "<div class='addtoany_share_save_container'><a>Share</a></div>",
        "<div class='et_social_inline et_social_mobile_on'>Share</div>",
        "<div id='jp-relatedposts' class='jp-relatedposts'><h3>Related</h3></div>",
        "<div class='wp-block-query'><ul class='wp-block-post-template'><li>Other</li></ul></div>",
        "<ul class='wp-block-latest-posts__list wp-block-latest-posts'><li>Other</li></ul>",
        "<aside class='widget widget_recent_entries'>Recent</aside>",
        "<div class='et_pb_module et_pb_blog_0 et_pb_blog_grid_wrapper'>Other</div>",
        "<div id='ez-toc-container' class='ez-toc-v2_0_66 counter-hierarchy'>Contents</div>",
        "<div class='page-links'>Pages: 1 2</div>",
        "<p class='post-nav-links'>Pages: 1 2</p>",
        "<div class='saboxplugin-wrap'>By</div>",
        "<div id='sidebar'>Recent</div><div id='toc'>Contents</div><div id='respond'>Reply</div>",
        "<div><button aria-controls='more'>Show more</button></div>",
        "<div class='rmp-widgets-container rmp-wp-plugin'><p class='rmp-heading--title'>How useful was this post?</p></div>",
        "<div class='the_champ_sharing_container'><div>Spread the love</div></div>",
        "<p class='post-modified-info'>Last Updated on May 5, 2025 by <a>Dan</a></p>",
        "<div class='wp-block-uagb-post-grid'><article><h4>Other</h4></article></div>",
        "<div class='wp-block-kadence-posts'><article class='loop-entry'><h2>Other</h2></article></div>",
        "<div class='wp-block-newspack-blocks-homepage-articles'><article><h2>Other</h2><p>Excerpt.</p></article></div>",
        "<div class='elementor-posts-container'><article><h3>Other</h3></article></div>",
        "<div class='elementor-widget elementor-widget-author-box'><h4>Daniel</h4><p>Writes.</p></div>",
        "<div class='wpcf7'>form</div><form>form</form>",
        "<div class='et_pb_module et_pb_comments_module'><section id='comment-wrap'><h1>1 Comment</h1></section></div>",
    ],
)
def test_what_plugins_and_themes_put_into_the_text_is_left_out(foreign):
    assert text(f"<p>a</p>{foreign}<p>b</p>") == "a\n\nb"


def test_a_list_that_looks_like_comments_is_a_list():
    forged = "<ol class='commentlist'><li class='comment' id='comment-9'><article><p>Words.</p></article></li></ol>"
    assert text(f"<p>a</p>{forged}") == "a\n\n- Words."


def test_nesting_of_two_thousand_elements_is_read():
    assert text("<div><span>" * 900 + "deep" + "</span></div>" * 900) == "deep"


words = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1).filter(
    lambda value: bool(value.strip())
)
# Characters that the repair of damage may rightly change are no part of these texts.
latin = st.text(st.characters(max_codepoint=0x17F, categories=["L", "N", "P", "S", "Zs"]), min_size=1).filter(
    lambda value: value.isascii() and bool(value.strip())
)


def shown(value: str) -> str:
    """What a browser shows of a text in a paragraph."""
    return unicodedata.normalize("NFC", re.sub(r"[ \t\n\r\f]+", " ", value).strip(" "))


@given(latin)
@example("a  b")
@example("<b>&amp;")
def test_any_text_in_a_paragraph_comes_out_as_it_went_in(value):
    assert text(f"<p>{escape(value)}</p>") == shown(value)


@given(
    st.lists(latin, min_size=1, max_size=6), st.sampled_from(["em", "strong", "span", "a href='/x'", "code", "mark"])
)
def test_inline_markup_changes_no_letter(values, element):
    name = element.split()[0]
    markup = "".join(f"<{element}>{escape(v)}</{name}>" if n % 2 else escape(v) for n, v in enumerate(values))
    assert text(f"<p>{markup}</p>") == shown("".join(values))


@given(st.lists(latin, min_size=1, max_size=6), st.sampled_from(["p", "h2", "div", "section", "blockquote"]))
def test_every_block_is_a_paragraph_in_its_order(values, name):
    markup = "\n".join(f"<{name}>{escape(value)}</{name}>" for value in values)
    assert text(markup).split("\n\n") == [shown(value) for value in values]


@given(st.lists(latin, min_size=1, max_size=6))
def test_every_item_is_a_line_in_its_order(values):
    markup = "".join(f"<li>{escape(value)}</li>" for value in values)
    assert text(f"<ul>{markup}</ul>").split("\n") == [f"- {shown(value)}" for value in values]


@given(st.text(max_size=60))
def test_any_markup_is_read_without_an_error(markup):
    assert isinstance(text(f"<p>x</p>{markup}"), str)


@given(st.text("ab1_’'.,‐‑-… é中\u0301½\x85\n“—", max_size=30))
def test_a_word_is_runs_of_letters_and_digits_with_one_or_two_joiners_between_them(counted):
    joined = r"[^\W_]+(?:[’'.,‐‑-]{1,2}[^\W_]+)*"
    assert word_count(counted) == len(re.findall(joined, counted))


@pytest.mark.parametrize(
    ("counted", "words_of_it"),
    [
        ("Don't count U.S.-China twice.", 4),
        ("1,000.5 tonnes — or 3 %", 4),
        ("ไทย Россия 稀土", 3),
        ("", 0),
        ("A | B\n- c", 3),
    ],
)
def test_words_are_counted_in_any_script(counted, words_of_it):
    assert word_count(counted) == words_of_it

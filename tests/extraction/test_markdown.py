"""Markdown, held against a CommonMark parser: what it shows must be what the blocks say."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from reex_crawler.extraction import reader
from reex_crawler.extraction.blocks import finish
from reex_crawler.extraction.document import Mender, parse_html
from reex_crawler.extraction.markdown import markdown_of
from reex_crawler.extraction.plaintext import text_of

BASE = "https://news.example/news/magnets/"
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def both(markup: str) -> tuple[str, str]:
    """The Markdown and the plain text of a body."""
    body = parse_html(f"<body>{markup}</body>").find("body")
    assert body is not None
    blocks = finish(reader.read([body], BASE), Mender(), "body")
    return markdown_of(blocks), text_of(blocks)


def markdown(markup: str) -> str:
    return both(markup)[0]


def shown(source: str) -> str:
    """The text a reader of the rendered Markdown sees, its white space folded."""
    return " ".join(
        html.fragment_fromstring(PARSER.render(source) or "<p></p>", create_parent="div").text_content().split()
    )


WRITTEN = {
    "paragraphs": ("<p>One</p><p>Two</p>", "One\n\nTwo"),
    "headings": ("<h2>A</h2><h3>B #</h3>", "## A\n\n### B \\#"),
    "emphasis": ("<p>a <em>b</em> <strong>c</strong></p>", "a *b* **c**"),
    "spaces move out of emphasis": ("<p>a<b> b </b>c</p>", "a **b** c"),
    "links": ("<p><a href='/x_(y)'>a]b</a></p>", "[a\\]b](https://news.example/x_%28y%29)"),
    "code": ("<p><code>a`b*</code></p>", "``a`b*``"),
    "a line break": ("<p>a<br>b</p>", "a\\\nb"),
    "a list": ("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "- a\n- b\n  1. c"),
    "an ordered list from five": ("<ol start='5'><li>a</li><li>b</li></ol>", "5. a\n6. b"),
    "two lists": ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n<!-- -->\n\n- b"),
    "a quotation": ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
    "a list in a quotation": ("<blockquote><ul><li>a</li></ul></blockquote><p>b</p>", "> - a\n\nb"),
    "a table": (
        "<table><tr><th>A|B</th><th>C</th></tr><tr><td>1</td></tr></table>",
        "| A\\|B | C |\n| --- | --- |\n| 1 |  |",
    ),
    "preformatted text": ("<pre>a\n```\nb</pre>", "````\na\n```\nb\n````"),
    "an image and its caption": (
        "<figure><img src='/i.jpg' alt='x'><figcaption>C</figcaption></figure>",
        "![x](https://news.example/i.jpg)\n\nC",
    ),
    "a rule": ("<p>a</p><hr><p>b</p>", "a\n\n***\n\nb"),
    "signs that would start a block": (
        "<p># a</p><p>- b</p><p>1. c</p><p>> d</p><p>---</p><p>+ e</p><p>1986</p>",
        "\\# a\n\n\\- b\n\n1\\. c\n\n\\> d\n\n\\---\n\n\\+ e\n\n1986",
    ),
    "emphasis in emphasis": (
        "<p><em>a <strong>b</strong>, <strong>“c”</strong>:<strong>“d”</strong> e</em></p>",
        "*a **b**, **“c”**:<strong>“d”</strong> e*",
    ),
    "signs that would be markup": (
        "<p>2*3*4 a_b_c [x](y) <code></code>&lt;b> `c` ~~d~~ &amp;amp;</p>",
        "2\\*3\\*4 a\\_b\\_c \\[x\\](y) \\<b\\> \\`c\\` \\~\\~d\\~\\~ \\&amp;",
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_markdown_is_written_as(name):
    markup, written = WRITTEN[name]
    assert markdown(markup) == written


@pytest.mark.parametrize("name", WRITTEN)
def test_a_reader_of_the_markdown_sees_the_words_of_the_text(name):
    source, plain = both(WRITTEN[name][0])
    cleaned = re.sub(r"^\s*- |(?<= )\|(?= )", "", plain, flags=re.MULTILINE)
    assert sorted(re.findall(r"\w+", shown(source))) == sorted(
        re.findall(r"\w+", cleaned + (" C" if "caption" in name else ""))
    )


signs = st.text("ab1 .*_`~#>-+=|[]()<>&;!\\\"'“,:", min_size=1, max_size=8)
marks = st.lists(st.sampled_from(["em", "strong", "del", "code", "sub", "a"]), max_size=3, unique=True)


@given(st.lists(st.tuples(signs, marks), min_size=1, max_size=5))
@example([("a", ["em"]), ("b", ["strong"])])
@example([("a", []), ('"b"', ["strong"]), ("c", [])])
@example([("a", ["strong"]), ("b", ["strong", "em"])])
@example([("1", ["em", "strong"]), ("1", ["em"]), ("1", ["em", "strong"])])
@example([("1", ["em", "strong"]), (":", ["em"]), ("1", ["em", "strong", "del"])])
@example([("1", ["em", "strong"]), (" ", ["em"]), (":1", ["em", "sub", "strong"])])
def test_any_signs_under_any_marks_stay_what_they_are(pieces):
    markup = ""
    for text, names in pieces:
        opened = "".join('<a href="/x">' if name == "a" else f"<{name}>" for name in names)
        markup += opened + escape(text) + "".join(f"</{name}>" for name in reversed(names))
    source, plain = both(f"<p>{markup}</p>")
    assert shown(source) == " ".join(plain.split())

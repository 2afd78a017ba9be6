"""The sanitised HTML of a body: the same words, and nothing that could act."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from reex_crawler.extraction import reader
from reex_crawler.extraction.blocks import finish
from reex_crawler.extraction.document import Mender, parse_html
from reex_crawler.extraction.plaintext import text_of
from reex_crawler.extraction.sanitise import html_of


def both(markup: str) -> tuple[str, str]:
    """The HTML and the plain text of a body."""
    body = parse_html(f"<body>{markup}</body>").find("body")
    assert body is not None
    blocks = finish(reader.read([body], "https://news.example/news/magnets/"), Mender(), "body")
    return html_of(blocks), text_of(blocks)


def sanitised(markup: str) -> str:
    return both(markup)[0].replace("\n", "")


@pytest.mark.parametrize(
    ("markup", "written"),
    [
        ('<p class="x" style="color:red" onclick="x()">a <b id="y">b</b></p>', "<p>a <strong>b</strong></p>"),
        (
            '<p><a href="/x/?a=1&amp;b=2" rel="nofollow" target="_blank">a</a></p>',
            '<p><a href="https://news.example/x/?a=1&amp;b=2">a</a></p>',
        ),
        ('<p><a href="javascript:alert(1)">a</a> <a href="data:text/html,x">b</a></p>', "<p>a b</p>"),
        ('<p><a href="mailto:a@b.example">a</a></p>', '<p><a href="mailto:a@b.example">a</a></p>'),
        ("<p>&lt;script&gt;x&lt;/script&gt;</p>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("<ol start=3><li>a<ul><li>b</li></ul></li></ol>", '<ol start="3"><li>a<ul><li>b</li></ul></li></ol>'),
        (
            "<table><tr><th>A</th></tr><tr><td></td></tr></table>",
            "<table><tbody><tr><th>A</th></tr><tr><td></td></tr></tbody></table>",
        ),
        (
            '<figure class="a"><img src="/i.jpg" alt="&quot;x&quot;" onerror="x()"><figcaption>C</figcaption></figure>',
            '<figure><img src="https://news.example/i.jpg" alt="&quot;x&quot;"><figcaption>C</figcaption></figure>',
        ),
        ("<blockquote><p>a</p></blockquote>text", "<blockquote><p>a</p></blockquote><p>text</p>"),
        ("<h1>a</h1><pre>\n\n  b</pre><hr>", "<h2>a</h2><pre>  b</pre><hr>"),
        ("<iframe src='https://x.example'></iframe><p>a</p><script>x</script>", "<p>a</p>"),
    ],
)
def test_html_is_written_as(markup, written):
    assert sanitised(markup) == written


def words(text: str) -> str:
    return "".join(text.split())


@given(st.text("abc<>&\"'/= \n", max_size=40), st.sampled_from(["p", "li", "td", "h2", "blockquote", "b", "pre"]))
def test_the_html_shows_the_words_of_the_text(inner, name):
    source, plain = both(f"<p>x</p><{name}>{inner}</{name}>")
    seen = html.fragment_fromstring(source, create_parent="div").text_content()
    assert words(seen) == words(plain.replace("- ", ""))

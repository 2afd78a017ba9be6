"""The highlights before a text, in every form that editors give them."""

from __future__ import annotations

import pytest

from reex_crawler.extraction import highlights, reader
from reex_crawler.extraction.blocks import finish
from reex_crawler.extraction.document import Mender, parse_html
from reex_crawler.extraction.plaintext import text_of

LIST = "<ul class='wp-block-list'><li>First <b>point</b>.</li>\n<li>Second point.</li></ul>"
RULE = "<hr class='wp-block-separator'/>"
POINTS = ("First point.", "Second point.")


def split(markup: str) -> tuple[tuple[str, ...], str]:
    """The highlights and the plain text that remains."""
    body = parse_html(f"<body>{markup}</body>").find("body")
    assert body is not None
    points, rest = highlights.split(reader.read([body], "https://news.example/"))
    return highlights.texts(finish(points, Mender(), "highlights")), text_of(finish(rest, Mender(), "body"))


@pytest.mark.parametrize(
    "markup",
    [
        f"<p><strong>Highlights</strong></p>{LIST}{RULE}<p>Text.</p>",
        f"<p><strong>Highlights</strong></p>{LIST}<p>Text.</p>",
        f"<h2>Highlights</h2>{LIST}{RULE}<p>Text.</p>",
        f"<h4>Key Highlights:</h4>{LIST}<p>Text.</p>",
        f"<p>HIGHLIGHTS</p>{LIST}<p>Text.</p>",
        f"<figure><img src='/i.jpg'><figcaption>C</figcaption></figure><p><b>Highlights:</b></p>{LIST}{RULE}<p>Text.</p>",
        f"<div class='wp-block-group'><p><strong>Highlights</strong></p><div>{LIST}</div></div>{RULE}<p>Text.</p>",
        f"<p>&nbsp;</p><p><strong>Highlights&nbsp;</strong></p><p></p>{LIST}<p>Text.</p>",
        "<p><strong>Highlights</strong></p><p>• First point.</p><p>•&nbsp;Second point.</p><p>Text.</p>",
        "<p><strong>Highlights</strong></p><p>• First point.<br>• Second point.</p><p>Text.</p>",
        "<p><strong>Highlights</strong><br>• First point.<br>• Second point.</p><p>Text.</p>",
        "<h3>Highlights</h3><ol><li><p>First point.</p></li><li>Second point.</li></ol><p>Text.</p>",
        f"<div class='et_pb_text_inner'><p><strong>Highlights</strong></p>{LIST}</div><div class='et_pb_text_inner'><p>Text.</p></div>",
    ],
)
def test_highlights_are_told_from_the_text(markup):
    assert split(markup) == (POINTS, "Text.")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"<p>Text.</p><h2>Highlights</h2>{LIST}", "Text.\n\nHighlights\n\n- First point.\n- Second point."),
        ("<h2>Highlights</h2><p>Text.</p>", "Highlights\n\nText."),
        (
            f"<p>Highlights of the week follow.</p>{LIST}",
            "Highlights of the week follow.\n\n- First point.\n- Second point.",
        ),
        (f"{LIST}<p>Text.</p>", "- First point.\n- Second point.\n\nText."),
        ("<p>Text.</p>", "Text."),
        ("", ""),
    ],
)
def test_what_only_looks_like_highlights_is_text(markup, text):
    assert split(markup) == ((), text)


def test_a_list_after_the_rule_is_text():
    assert split(f"<p><strong>Highlights</strong></p>{LIST}{RULE}<ul><li>a</li></ul>") == (POINTS, "- a")


@pytest.mark.parametrize(
    ("after", "text"),
    [
        ("<ul><li>a</li></ul><p>Text.</p>", "- a\n\nText."),
        ("<ol><li>a</li></ol>", "- a"),
        ("<p>– Toronto – The price rose.</p><p>Text.</p>", "– Toronto – The price rose.\n\nText."),
    ],
)
@pytest.mark.parametrize(
    "points", [LIST, "<p>• First point.<br>• Second point.</p>", "<p>• First point.</p><p>• Second point.</p>"]
)
def test_what_begins_another_list_is_text(points, after, text):
    assert split(f"<p><strong>Highlights</strong></p>{points}{after}") == (POINTS, text)


def test_two_lists_are_highlights_where_a_rule_ends_them():
    parted = LIST.replace("</li>\n<li>", "</li></ul><ul><li>")
    assert split(f"<p><strong>Highlights</strong></p>{parted}{RULE}<p>Text.</p>") == (POINTS, "Text.")


def test_the_items_of_an_inner_list_are_points_of_their_own():
    markup = "<p><b>Highlights</b></p><ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul><p>Text.</p>"
    assert split(markup) == (("a", "b", "c d"), "Text.")

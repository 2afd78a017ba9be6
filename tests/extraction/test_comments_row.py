"""Rows as themes and plugins print them that use no walker of WordPress: name, address, time and words of one comment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reex_crawler.extraction import comments
from reex_crawler.records import Comment, Precision
from tests.extraction.pages import document

MACHINE = '<time datetime="2025-11-04T17:29:10-07:00">November 4, 2025 at 5:29 pm</time>'
WRITTEN = "November 4, 2025 at 5:29 pm"
LINK = '<a class="url" rel="ugc external nofollow" href="https://ann.example/">Ann Buyer</a>'
REPLY = '<a class="comment-reply-link" href="#">Reply</a>'
WORDS = "<p>First of two.</p><p>Second of two.</p>"

ROWS = {
    "Astra": f"""<article id="comment-12" class="ast-comment"><div class="ast-comment-info"><header class="ast-comment-meta
      ast-comment-author"><div class="ast-comment-cite-wrap"><cite><b class="fn">{LINK}</b> </cite></div>
      <div class="ast-comment-time"><span class="timendate"><a href="#comment-12">{MACHINE}</a></span></div></header></div>
      <section class="ast-comment-content comment">{WORDS}<div class="ast-comment-edit-reply-wrap">
      <span class="ast-reply-link">{REPLY}</span></div></section></article>""",
    "OceanWP": f"""<article class="comment-container"><img class="avatar"><div class="comment-content"><div
      class="comment-author"><span class="comment-link">{LINK}</span><span class="comment-meta commentmetadata"><span
      class="comment-date">{WRITTEN}</span>{REPLY}</span></div><div class="comment-entry"><div class="comment-content">
      {WORDS}</div></div></div></article>""",
    "Neve": f"""<article class="nv-comment-article"><div class="comment-content"><div class="nv-comment-header"><div
      class="comment-author vcard"><span class="fn author">{LINK}</span><a href="#">{MACHINE}</a></div><div
      class="edit-reply">{REPLY}</div></div><div class="nv-comment-content comment edit-link">{WORDS}</div></div></article>""",
    "Blocksy": f"""<article class="ct-comment-inner"><footer class="ct-comment-meta"><h4 class="ct-comment-author"><cite>{LINK}
      </cite></h4><div class="ct-comment-meta-data"><a href="#">{MACHINE}</a>{REPLY}</div></footer>
      <div class="ct-comment-content entry-content">{WORDS}</div></article>""",
    "Genesis": f"""<article><header><p class="comment-author"><img><span class="comment-author-name">{LINK}</span>
      <span class="says">says</span></p><p class="comment-meta">{MACHINE}</p></header><div class="comment-content">{WORDS}
      </div><div class="comment-reply">{REPLY}</div></article>""",
    "wpDiscuz": f"""<div class="wpd-comment-wrap"><div id="comment-12" class="wpd-comment-right"><div class="wpd-comment-header">
      <div class="wpd-comment-author">{LINK}</div><div class="wpd-comment-date" title="{WRITTEN}"><i></i> 1 year ago</div></div>
      <div class="wpd-comment-text">{WORDS}</div><div class="wpd-comment-footer"><div class="wpd-vote-result">0</div>
      <div class="wpd-reply-button"><span>Reply</span></div></div></div></div>""",
    "tagDiv": f"""<article><footer><img><cite>{LINK}</cite><a class="comment-link" href="#comment-12"><time pubdate="1762302550">
      {WRITTEN}</time></a></footer><div class="comment-content">{WORDS}</div><div class="comment-meta" id="comment-12">{REPLY}
      </div></article>""",
    "Avada": f"""<div class="the-comment"><div class="comment-box"><div class="comment-author meta"><strong>{LINK}</strong>{WRITTEN}
      {REPLY}</div><div class="comment-text">{WORDS}</div></div></div>""",
    "Flatsome": f"""<article class="comment-inner"><div class="comment-author"><img></div><div><cite class="strong fn">{LINK}</cite>
      <span class="says">says:</span><div class="comment-content">{WORDS}</div><div class="comment-meta commentmetadata"><a
      href="#comment-12">{MACHINE}</a><div class="reply">{REPLY}</div></div></div></article>""",
    "Soledad": f"""<div class="thecomment"><div class="comment-text"><span class="author">{LINK}</span><span class="date">{WRITTEN}
      </span><div class="comment-content">{WORDS}</div><span class="reply">{REPLY}</span></div></div>""",
    "WooCommerce": f"""<div class="comment_container"><div class="comment-text"><p class="meta"><strong
      class="woocommerce-review__author">{LINK} </strong><span>–</span> {MACHINE}</p><div class="description">{WORDS}</div></div></div>""",
    "Enfold": f"""<div class="comment_content"><header><h3><cite class="comment_author_name author_name">{LINK}</cite></h3></header>
      <div class="comment_meta">{WRITTEN}</div>{REPLY}<div class="comment_text">{WORDS}</div></div>""",
    "GeneratePress": f"""<article class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><cite
      itemprop="name" class="fn">{LINK}</cite></div><div class="entry-meta comment-metadata"><a href="#">{MACHINE}</a></div></footer>
      <div class="comment-content" itemprop="text">{WORDS}<span class="reply">{REPLY}</span></div></article>""",
    "Twenty Ten": f"""<div class="comment-author vcard"><cite class="fn">{LINK}</cite> <span class="says">says:</span></div><div
      class="comment-meta commentmetadata"><a href="#comment-12">{WRITTEN}</a></div><div class="comment-body">{WORDS}</div>
      <div class="reply">{REPLY}</div>""",
    "Twenty Eleven": f"""<article class="comment"><footer class="comment-meta"><div class="comment-author vcard"><span class="fn">{LINK}
      </span> on {MACHINE} <span class="says">said:</span></div></footer><div class="comment-content">{WORDS}</div></article>""",
    "Twenty Twenty": f"""<article class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><a class="url"
      href="https://ann.example/"><img><span class="fn">Ann Buyer</span><span class="screen-reader-text says">says:</span></a></div>
      <div class="comment-metadata">{MACHINE}</div></footer><div class="comment-content entry-content">{WORDS}</div></article>""",
}


def read(row: str) -> Comment:
    markup = f'<div id="comments"><ol><li id="comment-12" class="comment even depth-1">{row}</li></ol></div>'
    (comment,) = comments.read(document(markup), []).comments
    return comment


@pytest.mark.parametrize("theme", ROWS)
def test_the_name_the_time_and_the_words_of_a_row_are_told_apart(theme):
    comment = read(ROWS[theme])
    assert (comment.author_name, comment.author_url) == ("Ann Buyer", "https://ann.example/")
    assert comment.body == "First of two.\n\nSecond of two."
    assert comment.posted is not None
    assert comment.posted.at.replace(second=0) == datetime(2025, 11, 5, 0, 29, tzinfo=UTC)
    assert (comment.posted.precision is Precision.SECOND) is (MACHINE in ROWS[theme])


@pytest.mark.parametrize(
    "added",
    [
        '<div class="jetpack-comment-likes-widget-wrapper"><div class="likes-widget-placeholder"><span>Loading...</span></div></div>',
        '<div class="sharedaddy"><p>Like this: Loading</p></div>',
        '<div class="cld-like-dislike-wrap cld-template-1"><span class="cld-like-count-wrap">3</span></div>',
        '<span class="reply">Reply</span>',
    ],
)
def test_what_plugins_put_among_the_words_of_a_comment_is_left_out(added):
    row = ROWS["GeneratePress"].replace(WORDS, WORDS + added)
    assert read(row).body == "First of two.\n\nSecond of two."


def test_what_a_commenter_types_is_no_name_and_no_furniture():
    row = ROWS["Flatsome"].replace(WORDS, "<p>I like <cite>The Reply</cite> by <strong>Bo</strong>.</p>")
    assert (read(row).author_name, read(row).body) == ("Ann Buyer", "I like The Reply by Bo.")
    unnamed = '<div class="comment-content"><p>So says <cite>Bo</cite>.</p></div>'
    assert (read(unnamed).author_name, read(unnamed).body) == ("", "So says Bo.")


def test_a_comment_without_a_name_or_a_time_is_kept():
    comment = read(f'<div class="comment-content">{WORDS}</div>')
    assert (comment.author_name, comment.posted, comment.body) == ("", None, "First of two.\n\nSecond of two.")


def test_the_classes_of_a_comment_count_wherever_in_its_row_they_stand():
    markup = f"""<div id="comments"><ol><li id="comment-12" class="comment-container"><article class="comment bypostauthor depth-1
      comment-body"><b class="fn">Ann</b><div class="comment-content">{WORDS}</div></article></li></ol></div>"""
    (comment,) = comments.read(document(markup), []).comments
    assert comment.by_article_author


def test_a_wpdiscuz_reply_names_the_comment_it_stands_in():
    reply = '<div id="wpd-comm-13_12" class="comment depth-2"><div id="comment-13"><div class="wpd-comment-author">Bo</div><div class="wpd-comment-text"><p>Yes.</p></div></div></div>'
    row = f'<div id="wpd-comm-12_0" class="comment depth-1">{ROWS["wpDiscuz"]}{reply}</div>'
    first, second = comments.read(document(f'<div id="comments">{row}</div>'), []).comments
    assert (first.comment_id, first.author_name, first.body) == (12, "Ann Buyer", "First of two.\n\nSecond of two.")
    assert (second.comment_id, second.parent_id, second.author_name, second.body) == (13, 12, "Bo", "Yes.")

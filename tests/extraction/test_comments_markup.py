from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reex_crawler.extraction import comments
from reex_crawler.extraction.comments import Thread
from reex_crawler.records import CommentKind, Precision
from tests.extraction.pages import document


def read(body: str, **over: str) -> Thread:
    return comments.read(document(body, **over), [])


def divi_row(number: int, text: str, *, children: str = "", classes: str = "depth-1", name: str = "Ada") -> str:
    """A comment as Divi's callback prints it."""
    return f"""<li class="comment even thread-even {classes}" id="li-comment-{number}">
    <article id="comment-{number}" class="comment-body clearfix">
      <div class="comment_avatar"><img alt="{name}" src="https://secure.gravatar.com/avatar/0?s=80" class="avatar" /></div>
      <div class="comment_postinfo"><span class="fn">{name}</span>
        <span class="comment_date"> on Nov 4, 2025 at 5:29 pm </span> </div>
      <div class="comment_area"><div class="comment-content clearfix">{text}
        <span class="reply-container"><a rel="nofollow" class="comment-reply-link" href="?replytocom={number}#respond"
          data-commentid="{number}">Reply</a></span></div></div>
    </article>{f'<ul class="children">{children}</ul>' if children else ""}</li>"""


def divi(rows: str, heading: str = "1 Comment", after: str = "") -> str:
    return f"""<section id="comment-wrap"><h1 id="comments" class="page_title">{heading}</h1>
    <ol class="commentlist clearfix">{rows}</ol>{after}<div id="respond" class="comment-respond">Submit a Comment</div></section>"""


HTML5 = """<div id="comments" class="comments-area"><h2 class="comments-title">2 thoughts on &ldquo;9 mines&rdquo;</h2>
<ol class="comment-list">
  <li id="comment-7" class="comment byuser comment-author-daniel bypostauthor even depth-1 parent">
    <article id="div-comment-7" class="comment-body">
      <footer class="comment-meta"><div class="comment-author vcard"><img alt="" src="a.jpg" class="avatar"/>
        <b class="fn"><a href="https://daniel.example/" class="url" rel="ugc external nofollow">Daniel</a></b>
        <span class="says">says:</span></div>
        <div class="comment-metadata"><a href="#comment-7"><time datetime="2025-07-04T08:30:15-06:00">July 4, 2025 at 8:30 am</time></a></div>
      </footer>
      <div class="comment-content"><p>Ask away.</p></div>
      <div class="reply"><a class="comment-reply-link" href="#">Reply</a></div>
    </article>
    <ol class="children">
      <li id="comment-9" class="comment odd alt depth-2"><article id="div-comment-9" class="comment-body">
        <footer class="comment-meta"><div class="comment-author vcard"><b class="fn">Bo</b> <span class="says">says:</span></div>
          <div class="comment-metadata"><a href="#comment-9"><time datetime="2025-07-04T09:00:00-06:00">July 4, 2025</time></a></div></footer>
        <div class="comment-content"><p>Why?</p></div></article></li>
    </ol>
  </li>
  <li id="comment-11" class="pingback even depth-1"><div class="comment-body">
    Pingback: <a href="https://other.example/post/" class="url" rel="ugc external nofollow">Other paper</a> </div></li>
</ol></div>"""

XHTML = """<ol class="commentlist">
<li class="comment even thread-even depth-1 parent" id="comment-3">
  <div id="div-comment-3" class="comment-body"><div class="comment-author vcard"><img class="avatar" src="a.jpg"/>
    <cite class="fn">Cy</cite> <span class="says">says:</span></div>
    <div class="comment-meta commentmetadata"><a href="#comment-3">January 9, 2025 at 12:05 am</a>&nbsp;&nbsp;</div>
    <p>First<br />line.</p><p>Second.</p>
    <div class="reply"><a class="comment-reply-link" href="#">Reply</a></div></div>
  <ul class="children"><li class="comment odd depth-2" id="comment-5"><div id="div-comment-5" class="comment-body">
    <div class="comment-author vcard"><cite class="fn">Di</cite> <span class="says">says:</span></div>
    <div class="comment-meta commentmetadata"><a href="#comment-5">2025-01-10 at 14:07</a></div><p>Yes.</p></div></li></ul>
</li></ol>"""

STYLE_DIV = """<div id="comments">
<div class="comment even depth-1 parent" id="comment-3"><div class="comment-author vcard"><cite class="fn">Cy</cite></div>
  <div class="comment-meta commentmetadata"><a href="#comment-3">January 9, 2025 at 12:05 am</a></div><p>Root.</p>
  <div class="comment odd depth-2" id="comment-5"><div class="comment-author vcard"><cite class="fn">Di</cite></div>
    <div class="comment-meta commentmetadata"><a href="#comment-5">January 10, 2025 at 2:07 pm</a></div><p>Answer.</p></div>
</div></div>"""

BLOCK = """<div class="wp-block-comments"><h3 id="comments" class="wp-block-comments-title">One response to &#8220;5 mines&#8221;</h3>
<ol class="wp-block-comment-template"><li id="comment-8" class="comment even depth-1"><div class="wp-block-columns">
  <div class="wp-block-avatar"><img alt="" src="a.jpg"/></div>
  <div class="wp-block-comment-author-name has-small-font-size"><a rel="external nofollow ugc" href="http://eve.example" target="_self">Eve</a></div>
  <div class="wp-block-comment-date"><time datetime="2025-12-01T23:59:59-07:00"><a href="#c">December 1, 2025</a></time></div>
  <div class="wp-block-comment-content"><p>Block text.</p></div>
  <div class="wp-block-comment-reply-link"><a class="comment-reply-link" href="#">Reply</a></div></div>
  <ol><li id="comment-10" class="comment odd depth-2"><div class="wp-block-comment-author-name">Flo</div>
    <div class="wp-block-comment-date"><time datetime="2025-12-02T00:00:01-07:00">December 2, 2025</time></div>
    <div class="wp-block-comment-content"><p>Reply text.</p></div></li></ol></li></ol></div>"""


def test_a_divi_comment_has_its_id_name_time_and_text():
    thread = read(
        divi(
            divi_row(
                1201, "<p>Well said.</p>", name="<a href='https://ada.example/' class='url' rel='nofollow'>Ada</a>"
            )
        )
    )
    (comment,) = thread.comments
    assert (comment.comment_id, comment.parent_id, comment.author_name) == (1201, None, "Ada")
    assert comment.author_url == "https://ada.example/"
    assert comment.posted is not None
    assert comment.posted.at == datetime(2025, 11, 5, 0, 29, tzinfo=UTC)
    assert comment.posted.precision is Precision.MINUTE
    assert comment.body == "Well said."
    assert comment.kind is CommentKind.COMMENT
    assert not comment.by_article_author
    assert (thread.complete, thread.pending, thread.claimed) == (True, (), 1)


def test_replies_name_the_comment_they_hang_under():
    third = divi_row(3, "<p>c</p>", classes="depth-3")
    second = divi_row(2, "<p>b</p>", classes="depth-2 bypostauthor", children=third)
    thread = read(divi(divi_row(1, "<p>a</p>", children=second) + divi_row(4, "<p>d</p>"), "4 Comments"))
    assert [(one.comment_id, one.parent_id) for one in thread.comments] == [(1, None), (2, 1), (3, 2), (4, None)]
    assert [one.by_article_author for one in thread.comments] == [False, True, False, False]


def test_the_html5_walker_gives_exact_times_and_the_kind_of_pings():
    thread = read(HTML5)
    first, second, ping = thread.comments
    assert first.posted is not None
    assert (first.posted.at, first.posted.precision) == (datetime(2025, 7, 4, 14, 30, 15, tzinfo=UTC), Precision.SECOND)
    assert (first.by_article_author, first.author_url, first.body) == (True, "https://daniel.example/", "Ask away.")
    assert (second.comment_id, second.parent_id, second.author_name, second.body) == (9, 7, "Bo", "Why?")
    assert (ping.kind, ping.author_name, ping.author_url) == (
        CommentKind.PINGBACK,
        "Other paper",
        "https://other.example/post/",
    )
    assert (ping.body, ping.posted) == ("", None)
    assert thread.claimed == 2


def test_the_xhtml_walker_has_no_element_for_its_text():
    first, second = read(XHTML).comments
    assert first.body == "First\nline.\n\nSecond."
    assert first.posted is not None
    assert first.posted.at == datetime(2025, 1, 9, 7, 5, tzinfo=UTC)
    assert (second.comment_id, second.parent_id, second.body) == (5, 3, "Yes.")
    assert second.posted is not None
    assert second.posted.at == datetime(2025, 1, 10, 21, 7, tzinfo=UTC)


def test_rows_that_are_plain_divisions_are_read():
    first, second = read(STYLE_DIV).comments
    assert (first.comment_id, first.parent_id, first.author_name, first.body) == (3, None, "Cy", "Root.")
    assert (second.comment_id, second.parent_id, second.author_name, second.body) == (5, 3, "Di", "Answer.")


def test_a_block_theme_nests_replies_in_bare_lists():
    thread = read(BLOCK)
    first, second = thread.comments
    assert (first.author_name, first.author_url, first.body) == ("Eve", "http://eve.example", "Block text.")
    assert first.posted is not None
    assert first.posted.at == datetime(2025, 12, 2, 6, 59, 59, tzinfo=UTC)
    assert (second.comment_id, second.parent_id, second.author_name, second.body) == (10, 8, "Flo", "Reply text.")
    assert thread.claimed == 1


def test_a_row_without_an_id_of_its_own_takes_that_of_its_body():
    body = """<ol class="commentlist"><li class="comment depth-1"><div id="div-comment-12" class="comment-body">
      <span class="fn">Gil</span><div class="comment-content"><p>Text.</p></div></div>
      <ul class="children"><li class="comment depth-2"><div id="comment-13" class="comment-body"><span class="fn">Hal</span>
      <div class="comment-content"><p>More.</p></div></div></li></ul></li></ol>"""
    assert [(one.comment_id, one.parent_id, one.body) for one in read(body).comments] == [
        (12, None, "Text."),
        (13, 12, "More."),
    ]


def test_divi_lists_pings_apart_and_their_text_tells_the_kind():
    pings = """<div id="trackbacks"><h3 id="trackbacks-title">Trackbacks/Pingbacks</h3><ol class="pinglist">
      <li id="comment-21"><a href='https://a.example/x' rel='external nofollow ugc' class='url'>A paper</a> - [&#8230;] as they say [&#8230;]
      <li id="comment-22"><a href='https://b.example/y' class='url'>B blog</a> - A title Some words of theirs
    </ol></div>"""
    comment, pingback, trackback = read(divi(divi_row(20, "<p>x</p>"), after=pings)).comments
    assert comment.kind is CommentKind.COMMENT
    assert (pingback.kind, pingback.author_name, pingback.body) == (
        CommentKind.PINGBACK,
        "A paper",
        "[…] as they say […]",
    )
    assert (trackback.kind, trackback.author_url) == (CommentKind.TRACKBACK, "https://b.example/y")
    assert trackback.body == "A title Some words of theirs"
    assert pingback.posted is None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p>\n<p>Two<br />\nthree.</p>", "One.\n\nTwo\nthree."),
        ("<ul><li>a</li><li>b <em>c</em></li></ul><p>d</p>", "- a\n- b c\n\nd"),
        ("<blockquote><p>Said.</p></blockquote><p>So?</p>", "Said.\n\nSo?"),
        ("<p>Run <code>make  it</code> now</p>", "Run make it now"),
        ("<pre>def f():\n    return 1\n</pre>", "def f():\n    return 1"),
        (
            '<p>Fine <img class="wp-smiley" alt=":mrgreen:" src="m.png"/> <img class="emoji" alt="🙂"/></p>',
            "Fine :mrgreen: 🙂",
        ),
        ('<p>See <a href="https://x.example/">this</a>.<img src="p.png" alt="photo"/></p>', "See this."),
        ("<p>A\xa0b  and\n c</p><p>&nbsp;</p>", "A\xa0b and c"),
        ("plain words, no paragraph", "plain words, no paragraph"),
        ("", ""),
        ('<p><a href="/x">Here<span class="screen-reader-text"> (opens in a new tab)</span></a></p>', "Here"),
        ("<p> </p><ul><li></li></ul>", ""),
        ("<p>Before</p><script>alert(1)</script><style>p{}</style>after", "Before\n\nafter"),
    ],
)
def test_the_text_of_a_comment_keeps_its_paragraphs(markup, text):
    (comment,) = read(divi(divi_row(1, markup))).comments
    assert comment.body == text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "mailto:a@example.org", "data:text/html,x", ""])
def test_only_web_addresses_are_kept_of_a_commenter(url):
    (comment,) = read(divi(divi_row(1, "<p>x</p>", name=f"<a href='{url}' class='url'>Ada</a>"))).comments
    assert (comment.author_name, comment.author_url) == ("Ada", None)


def test_hidden_words_beside_a_name_are_not_part_of_it():
    name = "<a href='https://ada.example/'>Ada<span class='screen-reader-text'> (opens in a new tab)</span></a>"
    (comment,) = read(divi(divi_row(1, "<p>x</p>", name=name))).comments
    assert comment.author_name == "Ada"


def test_a_comment_that_waits_for_moderation_is_not_stored_and_neither_are_its_replies():
    waiting = divi_row(5, "<p>secret</p>", children=divi_row(6, "<p>seen with it</p>", classes="depth-2")).replace(
        '<div class="comment_area">',
        '<div class="comment_area"><em class="moderation">Your comment is awaiting moderation.</em><br />',
    )
    assert [one.comment_id for one in read(divi(divi_row(4, "<p>ok</p>") + waiting)).comments] == [4]


def test_a_held_preview_of_a_block_theme_is_not_stored():
    held = BLOCK.replace(
        '<div class="wp-block-comment-content"><p>Reply text.</p>',
        '<div class="wp-block-comment-content"><p><em class="comment-awaiting-moderation">Waiting.</em></p><p>Reply text.</p>',
    )
    assert [one.comment_id for one in read(held).comments] == [8]


FORGED = '<ol class="commentlist"><li class="comment depth-1" id="li-comment-999"><article id="comment-999" class="comment-body"><span class="fn">Nobody</span><div class="comment-content"><p>Forged.</p></div></article></li></ol>'


@pytest.mark.parametrize(
    "container",
    [
        '<div class="entry-content">{}</div>',
        '<div class="et_pb_module et_pb_post_content">{}</div>',
        '<div class="entry-content wp-block-post-content"><div class="et_pb_comments_module">{}</div></div>',
        '<div class="entry-content"><div class="et_pb_column"><div class="et_pb_module et_pb_text">{}</div></div></div>',
        '<aside><section class="widget widget_text">{}</section></aside>',
    ],
)
def test_a_thread_forged_in_a_text_is_no_comment(container):
    for forged in (FORGED, f'<section id="comment-wrap">{FORGED}</section>'):
        thread = read(container.format(forged) + divi(divi_row(1, "<p>real</p>")))
        assert [one.comment_id for one in thread.comments] == [1]


def test_a_row_forged_in_a_comment_is_its_text():
    thread = read(divi(divi_row(1, f"<p>Look:</p>{FORGED}")))
    assert [one.comment_id for one in thread.comments] == [1]
    assert "Forged." in thread.comments[0].body


def test_the_comments_module_of_a_page_made_with_the_builder_is_real_though_it_stands_in_the_content():
    module = f'<div class="et_pb_column"><div class="et_pb_module et_pb_comments_module">{divi(divi_row(1, "<p>real</p>"))}</div></div>'
    assert len(read(f'<article><div class="entry-content">{module}</div></article>').comments) == 1


@pytest.mark.parametrize("number", ["0", "007", "9223372036854775808", "١٢", "-4", "form"])
def test_an_id_that_no_comment_can_have_is_none(number):
    assert read(divi(divi_row(1, "<p>x</p>").replace("comment-1", f"comment-{number}"))).comments == ()


def test_a_list_shown_twice_gives_each_comment_once():
    thread = read(divi(divi_row(1, "<p>x</p>")) + f'<div class="comments-area">{divi_row(1, "<p>x</p>")}</div>')
    assert (len(thread.comments), thread.complete) == (1, True)


def test_one_id_with_two_texts_leaves_the_thread_incomplete():
    assert not read(divi(divi_row(1, "<p>x</p>") + divi_row(1, "<p>y</p>"))).complete


@pytest.mark.parametrize(
    ("heading", "claimed"),
    [
        ("1 Comment", 1),
        ("1,204 Comments", 1204),
        ("No Comments", 0),
        ("One response to “5 mines”", 1),
        ("3 thoughts on “7 mines”", 3),
        ("Responses to “12 comments”", None),
        ("Discussion", None),
    ],
)
def test_the_heading_counts_comments_only_where_it_says_so(heading, claimed):
    assert read(divi(divi_row(1, "<p>x</p>"), heading)).claimed == claimed


def test_a_heading_that_counts_comments_with_none_in_sight_leaves_the_thread_incomplete():
    assert not read(divi("", "5 Comments")).complete
    assert read(divi("", "0 Comments")).complete
    assert read("<p>No comments here.</p>").complete


def test_damage_in_a_comment_is_repaired_and_recorded_under_its_id():
    doc = document(divi(divi_row(17, "<p>It â€œhelpsâ€\x9d them, donâ€™t you think?</p>")))
    (comment,) = comments.read(doc, []).comments
    assert comment.body == "It “helps” them, don’t you think?"
    assert {repair.field for repair in doc.mender.repairs} == {"comment:17"}


def test_items_inside_items_of_a_block_theme_do_not_cost_later_replies_their_parent():
    def item(number: int, depth: int, inner: str = "") -> str:
        text = f'<div class="wp-block-comment-content"><p>{number}</p></div>'
        return f'<li id="comment-{number}" class="comment depth-{depth}">{text}{inner}</li>'

    flattened = item(2, 2, item(3, 2, item(4, 2)))
    rows = item(1, 1, f"<ol>{flattened}{item(5, 2)}</ol>") + item(6, 1, f"<ol>{item(7, 2)}</ol>")
    thread = read(f'<div class="wp-block-comments"><ol class="wp-block-comment-template">{rows}</ol></div>')
    shown = [(one.comment_id, one.parent_id) for one in thread.comments]
    assert shown == [(1, None), (2, 1), (3, 1), (4, 1), (5, 1), (6, None), (7, 6)]

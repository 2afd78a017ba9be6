from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery.comments import collection
from reex_crawler.extraction import comments
from reex_crawler.extraction.comments import Thread
from reex_crawler.records import Listed, ListedComment, Page, Precision
from tests.extraction.pages import REST_HEADER, SITE, document, page
from tests.factories import SITE_URL, URL, make_dated, make_listed, make_page

HTML = ("Content-Type", "text/html; charset=UTF-8")


def row(number: int, when: str = "Nov 4, 2025 at 5:29 pm", children: str = "") -> str:
    return (
        f'<li class="comment depth-1" id="li-comment-{number}"><article id="comment-{number}" class="comment-body">'
        f'<span class="fn">Ada</span><span class="comment_date">on {when}</span>'
        f'<div class="comment-content"><p>Text {number}.</p></div></article><ul class="children">{children}</ul></li>'
    )


def thread(rows: str, *, older: int | None = None, newer: int | str | None = None, more: str = "") -> str:
    """A comment area; ``newer`` may be the article's own address."""
    links = f'<div class="nav-previous"><a href="{URL}comment-page-{older}/#comments">Older</a></div>' if older else ""
    if newer:
        target = newer if isinstance(newer, str) else f"{URL}comment-page-{newer}/"
        links += f'<div class="nav-next"><a href="{target}#comments">Newer</a></div>'
    return f'<section id="comment-wrap"><nav>{links}{more}</nav><ol class="commentlist">{rows}</ol></section>'


def comment_page(number: int, body: str, **over: Any) -> Page:
    return page(body, url=f"{URL}comment-page-{number}/", **over)


def answer(rows: object, number: int = 1, pages: str | None = "1", **over: Any) -> Page:
    """One answer of the REST collection of comments."""
    headers = (("Content-Type", "application/json"), *((("X-WP-TotalPages", pages),) if pages else ()))
    return make_page(url=SITE.comments_url(41, number), body=json.dumps(rows).encode(), headers=headers, **over)


def ids(read: Thread) -> list[int]:
    return [comment.comment_id for comment in read.comments]


def open_rest(body: str) -> comments.Document:
    return document(body, headers=(HTML, REST_HEADER))


def test_a_thread_on_one_page_is_complete_and_asks_for_nothing():
    read = comments.read(document(thread(row(1) + row(2))), [])
    assert (ids(read), read.complete, read.pending) == ([1, 2], True, ())


def test_all_pages_before_a_linked_one_are_asked_for_at_once():
    read = comments.read(document(thread(row(9), older=3)), [])
    assert read.pending == tuple(f"{URL}comment-page-{number}/" for number in (1, 2, 3))
    assert not read.complete


def test_the_page_that_the_bare_address_showed_is_not_asked_for_again():
    doc = document(thread(row(9), older=2))
    more = [
        comment_page(1, thread(row(1), newer=2)),
        comment_page(2, thread(row(5), older=1, newer=3)),
    ]
    read = comments.read(doc, more)
    assert (ids(read), read.complete, read.pending) == ([1, 5, 9], True, ())


def test_the_bare_address_may_show_the_first_page():
    doc = document(thread(row(1), newer=2))
    assert comments.read(doc, []).pending == (f"{URL}comment-page-2/",)
    read = comments.read(doc, [comment_page(2, thread(row(5), older=1))])
    assert (ids(read), read.complete, read.pending) == ([1, 5], True, ())


def test_the_current_number_of_numbered_pages_tells_which_page_is_shown():
    numbers = f'<a class="page-numbers" href="{URL}comment-page-1/">1</a><span aria-current="page" class="page-numbers current">2</span>'
    doc = document(thread(row(9), more=numbers))
    assert comments.read(doc, []).pending == (f"{URL}comment-page-1/",)
    other = f'<span class="page-numbers current">1</span><a class="page-numbers" href="{URL}comment-page-2/">2</a>'
    read = comments.read(doc, [comment_page(1, thread(row(1), more=other))])
    assert (ids(read), read.pending, read.complete) == ([1, 9], (), True)


@pytest.mark.parametrize(
    "lost",
    [
        comment_page(1, thread(row(1)), status=404),
        comment_page(1, thread(row(1)), status=503),
        comment_page(1, thread("")),
        comment_page(1, thread(row(1)), post_id=42),
        make_page(url=f"{URL}comment-page-1/", body=b""),
    ],
)
def test_a_linked_page_that_gives_no_comments_leaves_the_thread_incomplete_and_is_not_asked_for_again(lost):
    read = comments.read(document(thread(row(9), older=1)), [lost])
    assert (ids(read), read.complete, read.pending) == ([9], False, ())


def test_a_comment_page_that_leads_back_to_the_article_is_read_as_such():
    back = page(thread(row(9)), url=f"{URL}comment-page-1/", final_url=URL)
    read = comments.read(document(thread(row(9), older=1)), [back])
    assert (ids(read), read.complete, read.pending) == ([9], True, ())


def test_pages_that_disagree_about_a_comment_leave_the_thread_incomplete():
    changed = thread(row(1) + row(9)).replace("Text 9.", "Edited 9.")
    read = comments.read(document(thread(row(9), older=1)), [comment_page(1, changed)])
    assert (ids(read), read.complete) == ([1, 9], False)


@pytest.mark.parametrize(
    "link",
    [
        f'<div class="nav-previous"><a href="{SITE_URL}/news/other/comment-page-7/">Older</a></div>',
        '<div class="nav-previous"><a href="https://elsewhere.example/news/magnets/comment-page-7/">Older</a></div>',
        f'<div class="nav-previous"><a href="{URL}comment-page-999999999/">Older</a></div>',
        f'<div class="nav-previous"><a href="{URL}comment-page-0/">Older</a></div>',
    ],
)
def test_links_to_anything_but_the_articles_own_comment_pages_are_not_followed(link):
    assert comments.read(document(thread(row(9), more=link)), []).pending == ()


def test_a_comment_page_linked_in_a_comment_is_not_followed():
    body = thread(row(9).replace("Text 9.", f'<a href="{URL}comment-page-7/">here</a>'))
    assert comments.read(document(body), []).pending == ()


def test_text_pages_among_the_further_pages_are_passed_over():
    read = comments.read(document(thread(row(1))), [page(thread(row(1) + row(2)), url=f"{URL}2/")])
    assert (ids(read), read.complete) == ([1], True)


def test_rest_comments_are_asked_for_once_where_rest_is_named_and_comments_are_shown():
    doc = open_rest(thread(row(1)))
    (url,) = comments.read(doc, []).pending
    assert url == SITE.comments_url(41)
    assert "content" not in url
    assert "avatar" not in url
    assert comments.read(open_rest(thread("")), []).pending == ()
    assert comments.read(document(thread(row(1))), []).pending == ()


@pytest.mark.parametrize(
    "refusal",
    [
        answer({"code": "rest_forbidden"}, status=401, pages=None),
        answer({"code": "rest_no_route"}, status=404, pages=None),
        answer([], pages=None),
        answer({"not": "a list"}),
        make_page(url=SITE.comments_url(41), body=b"<html>Closed</html>"),
        make_page(url=SITE.comments_url(41), body=b"[" * 100_000),
        answer([{"id": "1"}, {"id": True}, None, [], {"id": 1, "parent": "x", "date_gmt": 5, "author_url": []}]),
    ],
)
def test_rest_that_refuses_or_lies_changes_nothing_and_is_not_asked_twice(refusal):
    body = thread(row(1))
    plain = comments.read(document(body), [])
    read = comments.read(open_rest(body), [refusal])
    assert (read.comments, read.complete, read.pending) == (plain.comments, True, ())


def test_rest_gives_exact_seconds_true_parents_and_unlinked_addresses():
    flattened = row(1, children=row(2) + row(3))
    facts = [
        {"id": 1, "parent": 0, "date_gmt": "2025-11-05T00:29:41", "author_url": "https://ada.example"},
        {"id": 2, "parent": 1, "date_gmt": "2025-11-05T00:29:42", "author_url": ""},
        {"id": 3, "parent": 2, "date_gmt": "2025-11-05T00:29:43", "author_url": "javascript:x"},
        {"id": 4, "parent": 1, "date_gmt": "2025-11-05T00:30:00"},
    ]
    read = comments.read(open_rest(thread(flattened)), [answer(facts)])
    assert [(one.comment_id, one.parent_id, one.author_url) for one in read.comments] == [
        (1, None, "https://ada.example"),
        (2, 1, None),
        (3, 2, None),
    ]
    first = read.comments[0].posted
    assert first is not None
    assert (first.at, first.precision) == (datetime(2025, 11, 5, 0, 29, 41, tzinfo=UTC), Precision.SECOND)
    assert [one.body for one in read.comments] == ["Text 1.", "Text 2.", "Text 3."]


def test_further_rest_pages_are_asked_for_as_the_first_counts_them():
    doc = open_rest(thread(row(1)))
    first = answer([{"id": 1, "parent": 0, "date_gmt": "2025-11-05T00:29:41"}], pages="3")
    assert comments.read(doc, [first]).pending == (SITE.comments_url(41, 2), SITE.comments_url(41, 3))
    rest = [first, answer([], 2, "3"), answer([], 3, "3", status=500)]
    assert comments.read(doc, rest).pending == ()


@pytest.mark.parametrize("pages", ["", "-1", "x", "99999999999", "²"])
def test_a_count_of_pages_that_is_none_counts_as_one(pages):
    assert comments.read(open_rest(thread(row(1))), [answer([], pages=pages or None)]).pending == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["id", "parent", "date_gmt", "author_url", "author_name"]), inner, max_size=5
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_json_rest_sends_the_shown_comments_stay(value):
    read = comments.read(open_rest(thread(row(1))), [answer([value, {"id": 1, "parent": value}])])
    assert [(one.comment_id, one.body) for one in read.comments] == [(1, "Text 1.")]


def posted(read: Thread) -> list[datetime]:
    return [comment.posted.at for comment in read.comments if comment.posted]


def test_in_the_repeated_hour_of_autumn_a_step_back_is_the_second_pass():
    rows = row(1, "Nov 2, 2025 at 1:50 am") + row(2, "Nov 2, 2025 at 1:10 am") + row(3, "Nov 2, 2025 at 2:05 am")
    assert posted(comments.read(document(thread(rows)), [])) == [
        datetime(2025, 11, 2, 7, 50, tzinfo=UTC),
        datetime(2025, 11, 2, 8, 10, tzinfo=UTC),
        datetime(2025, 11, 2, 9, 5, tzinfo=UTC),
    ]


def test_in_the_repeated_hour_the_order_of_ids_counts_and_not_that_of_the_page():
    rows = row(2, "Nov 2, 2025 at 1:10 am") + row(1, "Nov 2, 2025 at 1:50 am")
    read = comments.read(document(thread(rows)), [])
    assert ids(read) == [2, 1]
    assert posted(read) == [datetime(2025, 11, 2, 8, 10, tzinfo=UTC), datetime(2025, 11, 2, 7, 50, tzinfo=UTC)]


def test_in_the_repeated_hour_an_undetermined_time_is_its_first_pass():
    rows = row(1, "Nov 1, 2025 at 11:00 pm") + row(2, "Nov 2, 2025 at 1:10 am") + row(3, "Nov 9, 2025 at 1:00 am")
    assert posted(comments.read(document(thread(rows)), []))[1] == datetime(2025, 11, 2, 7, 10, tzinfo=UTC)


def test_an_exact_rest_time_settles_its_neighbour_in_the_repeated_hour():
    rows = row(1, "Nov 2, 2025 at 1:10 am") + row(2, "Nov 2, 2025 at 1:20 am")
    facts = [{"id": 1, "parent": 0, "date_gmt": "2025-11-02T08:10:30"}]
    assert posted(comments.read(open_rest(thread(rows)), [answer(facts)])) == [
        datetime(2025, 11, 2, 8, 10, 30, tzinfo=UTC),
        datetime(2025, 11, 2, 8, 20, tzinfo=UTC),
    ]


def test_ids_out_of_time_order_settle_nothing():
    rows = row(1, "Nov 8, 2025 at 1:00 am") + row(2, "Nov 2, 2025 at 1:10 am")
    assert posted(comments.read(document(thread(rows)), []))[1] == datetime(2025, 11, 2, 7, 10, tzinfo=UTC)


def test_the_count_of_the_json_ld_stands_in_for_a_heading_without_one():
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "commentCount": 4}</script>'
    assert comments.read(document(thread(row(1)), head=head), []).claimed == 4


def test_a_name_that_the_theme_prints_with_curly_quotes_is_taken_as_typed():
    shown = thread(row(1).replace("Ada", "Bob “Ore” O’Hale") + row(2).replace("Ada", "Someone"))
    facts = [{"id": 1, "author_name": 'Bob "Ore" O\'Hale'}, {"id": 2, "author_name": "Another"}]
    read = comments.read(open_rest(shown), [answer(facts)])
    assert [one.author_name for one in read.comments] == ['Bob "Ore" O\'Hale', "Someone"]


def knows(*thread: ListedComment) -> Listed:
    """An article's entry in the listings, with its part of the collection of all comments."""
    return make_listed(thread=thread)


def test_comments_that_the_listings_know_are_refined_without_asking_rest_again():
    at = make_dated(datetime(2025, 11, 5, 0, 29, 41, tzinfo=UTC))
    listed = knows(
        ListedComment(comment_id=2, post_id=41, parent_id=1, posted=at, author_name="Ada"),
        ListedComment(comment_id=1, post_id=41, parent_id=0, author_url="https://ada.example"),
        ListedComment(comment_id=9, post_id=41, parent_id=1),
    )
    doc = open_rest(thread(row(1) + row(2)))
    read = comments.read(doc, [], listed)
    assert (ids(read), read.pending, read.complete) == ([1, 2], (), True)
    assert [one.parent_id for one in read.comments] == [None, 1]
    assert [one.author_url for one in read.comments] == ["https://ada.example", None]
    assert read.comments[1].posted == at


def test_what_the_listings_know_and_what_rest_answers_make_the_same_thread():
    body = thread(row(1, children=row(2) + row(3)))
    facts = [
        {"id": 1, "parent": 0, "date_gmt": "2025-11-05T00:29:41", "author_url": "https://ada.example"},
        {"id": 2, "parent": 1, "date_gmt": "2025-11-05T00:29:42", "author_name": "Ada"},
        {"id": 3, "parent": 2, "date_gmt": "2025-11-05T00:29:43"},
    ]
    page = make_page(url=SITE.all_comments_url(), body=json.dumps([one | {"post": 41} for one in facts]).encode())
    listed = knows(*collection(page, SITE).items)
    assert comments.read(open_rest(body), [], listed) == comments.read(open_rest(body), [answer(facts)])


def test_rest_is_asked_about_a_comment_that_the_listings_do_not_know():
    doc, listed = open_rest(thread(row(1) + row(2))), knows(ListedComment(comment_id=1, parent_id=0))
    assert comments.read(doc, [], listed).pending == (SITE.comments_url(41),)
    read = comments.read(doc, [answer([{"id": 2, "parent": 1}])], listed)
    assert (read.pending, [one.parent_id for one in read.comments]) == ((), [None, 1])
    assert comments.read(doc, [], knows()).pending == (SITE.comments_url(41),)


def test_rest_is_asked_as_ever_where_the_listings_say_nothing_of_comments():
    doc = open_rest(thread(row(1)))
    assert comments.read(doc, [], make_listed(thread=None)) == comments.read(doc, [])


def test_an_empty_thread_without_comments_and_one_of_pings_ask_for_nothing():
    assert comments.read(open_rest(thread("")), [], knows()).pending == ()
    ping = '<li class="pingback" id="li-comment-5"><article id="comment-5">Pingback: <a href="https://x.example">x</a></article></li>'
    doc = open_rest(thread(row(1) + ping))
    assert comments.read(doc, [], knows(ListedComment(comment_id=1, parent_id=0))).pending == ()


def test_comment_pages_are_asked_for_whatever_the_listings_know():
    doc = open_rest(thread(row(9), older=1))
    listed = knows(ListedComment(comment_id=9, parent_id=0))
    assert comments.read(doc, [], listed).pending == (f"{URL}comment-page-1/",)
    read = comments.read(doc, [comment_page(1, thread(row(1)))], listed)
    assert read.pending == (SITE.comments_url(41),)


def test_a_listing_that_gives_no_time_leaves_the_one_that_the_page_shows():
    doc = open_rest(thread(row(1)))
    read = comments.read(doc, [], knows(ListedComment(comment_id=1)))
    assert (read.comments, read.pending) == (comments.read(doc, []).comments, ())

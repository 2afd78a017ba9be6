"""A comment thread over several readings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from reex_crawler.records import Comment, CommentKind, Outcome, Precision
from reex_crawler.storage import articles
from reex_crawler.storage.models import CommentRow, CommentState, Origin
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, make_article, make_comment, make_dated

LATER = FETCHED_AT + timedelta(days=1)
LAST = FETCHED_AT + timedelta(days=2)


def read(
    engine: Engine, *comments: Comment, at: datetime = FETCHED_AT, complete: bool = True, version: str = "1"
) -> Outcome:
    article = make_article(at, comments=comments, thread_complete=complete)
    with transaction(engine) as session:
        return articles.upsert(session, article, extractor_version=version).outcome


def stored(engine: Engine) -> dict[int, CommentRow]:
    with reading(engine) as session:
        rows = session.scalars(select(CommentRow).order_by(CommentRow.position)).all()
        for row in rows:
            assert row.versions is not None
        return {row.comment_id: row for row in rows}


def test_a_comment_is_stored_with_every_field(engine: Engine) -> None:
    ping = make_comment(
        18,
        parent_id=17,
        author_url="https://reader.example/",
        by_article_author=True,
        kind=CommentKind.PINGBACK,
        body="First.\n\nSecond.",
    )
    read(engine, make_comment(17), ping)
    row = stored(engine)[18]
    assert (row.parent_id, row.author_name, row.author_url) == (17, "Reader", "https://reader.example/")
    assert (row.by_article_author, row.kind, row.body, row.position) == (True, CommentKind.PINGBACK, ping.body, 1)
    assert (row.posted_at, row.posted_precision) == (ping.posted.at, Precision.MINUTE)
    assert (row.state, row.first_seen_at, row.last_seen_at) == (CommentState.VISIBLE, FETCHED_AT, FETCHED_AT)


def test_a_new_comment_on_a_known_article_is_no_revision(engine: Engine) -> None:
    read(engine, make_comment(17))
    assert read(engine, make_comment(17), make_comment(18), at=LATER) is Outcome.UNCHANGED
    rows = stored(engine)
    assert (rows[17].first_seen_at, rows[17].last_seen_at) == (FETCHED_AT, LATER)
    assert rows[18].first_seen_at == LATER


def test_an_edited_comment_keeps_its_earlier_text(engine: Engine) -> None:
    read(engine, make_comment(17, body="Before."))
    read(engine, make_comment(17, body="After."), at=LATER)
    read(engine, make_comment(17, body="After."), at=LAST)
    row = stored(engine)[17]
    assert row.body == "After."
    assert [(one.body, one.origin, one.last_seen_at, one.replaced_at) for one in row.versions] == [
        ("Before.", Origin.SITE, FETCHED_AT, LATER)
    ]


def test_a_comment_that_another_extractor_reads_otherwise_was_not_edited_by_the_site(engine: Engine) -> None:
    read(engine, make_comment(17, body="Before."))
    read(engine, make_comment(17, body="After."), at=LATER, version="2")
    assert [one.origin for one in stored(engine)[17].versions] == [Origin.EXTRACTOR]


def test_a_complete_reading_marks_an_absent_comment_as_missing_and_keeps_it(engine: Engine) -> None:
    read(engine, make_comment(17), make_comment(18))
    read(engine, make_comment(17), at=LATER)
    row = stored(engine)[18]
    assert (row.state, row.last_seen_at, row.body) == (CommentState.MISSING, FETCHED_AT, "Comment 18.")
    read(engine, make_comment(17), make_comment(18), at=LAST)
    assert stored(engine)[18].state is CommentState.VISIBLE


def test_an_incomplete_reading_marks_nothing(engine: Engine) -> None:
    read(engine, make_comment(17), make_comment(18))
    read(engine, at=LATER, complete=False)
    assert {row.state for row in stored(engine).values()} == {CommentState.VISIBLE}


def test_an_older_reading_leaves_a_comment_as_it_is_and_keeps_its_earlier_text(engine: Engine) -> None:
    read(engine, make_comment(17, body="Today."), at=LATER, complete=False)
    read(engine, make_comment(17, body="Yesterday."), make_comment(18), at=FETCHED_AT)
    rows = stored(engine)
    assert (rows[17].body, rows[17].first_seen_at, rows[17].last_seen_at) == ("Today.", FETCHED_AT, LATER)
    assert [(one.body, one.last_seen_at, one.replaced_at) for one in rows[17].versions] == [
        ("Yesterday.", FETCHED_AT, LATER)
    ]
    assert (rows[18].state, rows[18].last_seen_at) == (CommentState.VISIBLE, FETCHED_AT)
    read(engine, at=FETCHED_AT)
    assert stored(engine)[17].state is CommentState.VISIBLE


def test_what_an_older_reading_shows_and_a_later_complete_one_does_not_is_missing(engine: Engine) -> None:
    read(engine, make_comment(17), at=FETCHED_AT)
    read(engine, at=LAST)
    read(engine, make_comment(17), make_comment(18), at=LATER)
    rows = stored(engine)
    assert {number: row.state for number, row in rows.items()} == dict.fromkeys((17, 18), CommentState.MISSING)
    assert (rows[17].first_seen_at, rows[17].last_seen_at, rows[18].last_seen_at) == (FETCHED_AT, LATER, LATER)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_texts_of_a_comment_stand_in_the_order_of_time_however_they_come(
    engine: Engine, order: tuple[int, ...]
) -> None:
    for day in order:
        read(engine, make_comment(17, body="AABC"[day]), at=FETCHED_AT + timedelta(days=day))
    row = stored(engine)[17]
    assert (row.body, row.first_seen_at, row.last_seen_at) == ("C", FETCHED_AT, FETCHED_AT + timedelta(days=3))
    days = [
        (one.body, (one.last_seen_at - FETCHED_AT).days, (one.replaced_at - FETCHED_AT).days) for one in row.versions
    ]
    assert days == [("A", 1, 2), ("B", 2, 3)]


def test_a_comment_that_another_extractor_reads_otherwise_had_no_earlier_text(engine: Engine) -> None:
    read(engine, make_comment(17, body="Today."), at=LATER)
    read(engine, make_comment(17, body="Yesterday."), at=FETCHED_AT, version="2")
    assert stored(engine)[17].versions == []


def test_the_exact_time_outlives_the_minute(engine: Engine) -> None:
    exact = make_dated(datetime(2026, 1, 3, 8, 0, 42, tzinfo=UTC))
    read(engine, make_comment(17, posted=exact))
    read(engine, make_comment(17), at=LATER)
    assert stored(engine)[17].posted_at == exact.at


def test_a_comment_read_twice_is_one(engine: Engine) -> None:
    read(engine, make_comment(17), make_comment(18), make_comment(17))
    assert list(stored(engine)) == [18, 17]


def test_one_number_under_two_articles_is_two_comments(engine: Engine) -> None:
    read(engine, make_comment(17))
    other = make_article(post_id=2, url="https://news.example/news/other/", comments=(make_comment(17),))
    with transaction(engine) as session:
        articles.upsert(session, other, extractor_version="1")
    with reading(engine) as session:
        assert len(session.scalars(select(CommentRow)).all()) == 2


@pytest.mark.parametrize(
    ("shown", "parent"),
    [
        ({1: None, 2: 1, 3: 2, 4: 2}, 3),
        ({1: None, 2: 1, 3: 2, 4: None}, 3),
        ({1: None, 2: 1, 4: 2}, 2),
        ({1: None, 2: 1, 3: 2, 5: 3, 4: 5}, 5),
    ],
    ids=["flattened to an ancestor", "shown without threads", "its parent was deleted", "answered another all along"],
)
def test_the_true_parent_stays_unless_the_thread_says_otherwise(
    engine: Engine, shown: dict[int, int | None], parent: int
) -> None:
    true = {1: None, 2: 1, 3: 2, 4: 3}
    read(engine, *(make_comment(number, parent_id=of) for number, of in true.items()))
    read(engine, *(make_comment(number, parent_id=of) for number, of in shown.items()), at=LATER)
    assert stored(engine)[4].parent_id == parent


def test_comments_that_answer_each_other_in_a_circle_do_no_harm(engine: Engine) -> None:
    read(engine, make_comment(1, parent_id=2), make_comment(2, parent_id=1), make_comment(3, parent_id=3))
    read(engine, make_comment(1, parent_id=3), make_comment(2, parent_id=1), make_comment(3, parent_id=1), at=LATER)
    assert stored(engine)[1].parent_id == 3

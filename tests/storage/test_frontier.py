"""What an answer means for the address that gave it, and for its article."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Text, cast, func, select
from sqlalchemy.engine import Engine

from reex_crawler.discovery.revisit import Trouble
from reex_crawler.records import DueReason
from reex_crawler.storage import frontier
from reex_crawler.storage.models import (
    ArticleRow,
    ArticleState,
    FetchOutcome,
    FetchRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
)
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL, URL, make_comment, make_dated
from tests.storage.addresses import DAY, FEED, HOUR, ask, due, fetched, record, resource, slug_url

LATER = FETCHED_AT + DAY
ETAG, LAST_MODIFIED = 'W/"1"', "Mon, 05 Jan 2026 12:00:00 GMT"


def article(engine: Engine) -> ArticleRow:
    with reading(engine) as session:
        return session.scalars(select(ArticleRow)).one()


# An answer and its address.


@pytest.mark.parametrize(
    ("outcome", "state", "tries"),
    [
        (FetchOutcome.ARTICLE, ResourceState.FETCHED, 0),
        (FetchOutcome.NOT_MODIFIED, ResourceState.FETCHED, 0),
        (FetchOutcome.REDIRECTED, ResourceState.MOVED, 0),
        (FetchOutcome.GONE, ResourceState.GONE, 0),
        (FetchOutcome.FAILED, ResourceState.FAILED, 2),
        (FetchOutcome.REFUSED, ResourceState.FAILED, 2),
        (FetchOutcome.QUARANTINED, ResourceState.QUARANTINED, 2),
    ],
)
def test_an_answer_moves_its_address_on(
    engine: Engine, outcome: FetchOutcome, state: ResourceState, tries: int
) -> None:
    failed = fetched(FetchOutcome.FAILED, error="timeout", status=None)
    record(engine, failed, fetched(outcome, LATER, error="why"))
    row = resource(engine)
    assert (row.state, row.tries, row.last_outcome, row.last_error) == (state, tries, outcome, "why")
    assert (row.last_status, row.last_fetched_at) == (200, LATER)


def test_an_older_answer_leaves_its_address_as_it_is(engine: Engine) -> None:
    record(engine, fetched(at=LATER), fetched(FetchOutcome.FAILED, FETCHED_AT))
    row = resource(engine)
    assert (row.state, row.last_fetched_at, row.next_due_at) == (ResourceState.FETCHED, LATER, None)


def test_the_same_answer_is_recorded_once(engine: Engine) -> None:
    with transaction(engine) as session:
        first = frontier.record(session, fetched(digest="ab"))
        assert frontier.record(session, fetched(digest="ab")) == first
        assert frontier.record(session, fetched(digest="cd")) != first
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(FetchRow)) == 2


def test_an_answer_is_kept_with_why_it_was_asked_for(engine: Engine) -> None:
    record(engine, fetched(reason=DueReason.COMMENTS, final_url=slug_url("moved"), size=7))
    with reading(engine) as session:
        row = session.scalars(select(FetchRow)).one()
        assert (row.reason, row.final_url, row.size) == (DueReason.COMMENTS, slug_url("moved"), 7)


@pytest.mark.parametrize(
    "outcome", [FetchOutcome.NOT_MODIFIED, FetchOutcome.FAILED, FetchOutcome.REFUSED, FetchOutcome.GONE]
)
def test_an_answer_without_content_leaves_what_is_known_of_the_content(engine: Engine, outcome: FetchOutcome) -> None:
    listing = {"url": FEED, "kind": ResourceKind.FEED}
    whole = fetched(FetchOutcome.LISTING, etag=ETAG, last_modified=LAST_MODIFIED, items=10, total=50, **listing)
    record(engine, whole, fetched(outcome, LATER, **listing))
    row = resource(engine, FEED)
    assert (row.etag, row.last_modified, row.items, row.total) == (ETAG, LAST_MODIFIED, 10, 50)
    last = FETCHED_AT + 2 * DAY
    record(engine, fetched(FetchOutcome.LISTING, last, items=0, **listing))
    row = resource(engine, FEED)
    assert (row.etag, row.last_modified, row.items, row.total) == (None, None, 0, 50)


def test_a_listing_or_a_part_of_an_article_is_never_due_nor_given_up(engine: Engine) -> None:
    for kind in (ResourceKind.FEED, ResourceKind.PART):
        url = f"{SITE_URL}/{kind}/"
        for number in range(12):
            answer = fetched(FetchOutcome.FAILED, FETCHED_AT + number * DAY, url=url, kind=kind)
            record(engine, answer)
        row = resource(engine, url)
        assert (row.state, row.tries, row.next_due_at) == (ResourceState.FAILED, 12, None)


# When it is asked again.


def test_a_failure_is_due_in_the_next_run_and_given_up_after_ten(engine: Engine) -> None:
    states, waits = [], []
    for number in range(10):
        at = FETCHED_AT + number * DAY
        record(engine, fetched(FetchOutcome.FAILED, at, status=500))
        row = resource(engine)
        states.append(row.state)
        waits.append(row.next_due_at and row.next_due_at - at)
    assert states == [ResourceState.FAILED] * 9 + [ResourceState.DEAD]
    assert waits[:3] == [timedelta()] * 3
    assert waits[3:9] == [HOUR * 2**number for number in range(6)]
    assert (waits[9], resource(engine).due_reason) == (None, None)


def test_a_failure_is_forgotten_with_the_next_good_answer(engine: Engine) -> None:
    record(engine, *(fetched(FetchOutcome.FAILED, FETCHED_AT + number * HOUR) for number in range(9)))
    ask(engine, at=LATER)
    record(engine, fetched(FetchOutcome.FAILED, LATER + DAY))
    row = resource(engine)
    assert (row.tries, row.due_reason, row.next_due_at) == (1, DueReason.RETRY, LATER + DAY)


@pytest.mark.parametrize(
    ("trouble", "days"),
    [(Trouble.PASSING, [0, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30]), (Trouble.LASTING, [1, 2, 4, 8, 16, *[30] * 6])],
)
def test_a_page_set_aside_is_asked_again_after_waits_that_double_and_never_given_up(
    engine: Engine, trouble: Trouble, days: list[int]
) -> None:
    waits = []
    for number in range(len(days)):
        at = FETCHED_AT + number * 40 * DAY
        record(engine, fetched(FetchOutcome.QUARANTINED, at, trouble=trouble))
        row = resource(engine)
        assert (row.state, row.due_reason) == (ResourceState.QUARANTINED, DueReason.RETRY)
        assert row.next_due_at is not None
        waits.append((row.next_due_at - at).days)
    assert waits == days


@pytest.mark.parametrize("wait", [timedelta(minutes=5), timedelta(hours=5)])
def test_what_the_site_wants_asked_later_is_due_then(engine: Engine, wait: timedelta) -> None:
    record(engine, fetched(FetchOutcome.REFUSED, status=503, not_before=FETCHED_AT + wait))
    row = resource(engine)
    assert (row.state, row.due_reason, row.next_due_at) == (ResourceState.FAILED, DueReason.RETRY, FETCHED_AT + wait)


def test_a_time_to_come_back_that_has_passed_shortens_no_wait(engine: Engine) -> None:
    tries = [fetched(FetchOutcome.REFUSED, FETCHED_AT + number * HOUR, not_before=FETCHED_AT) for number in range(5)]
    record(engine, *tries)
    assert resource(engine).next_due_at == FETCHED_AT + 6 * HOUR


def test_what_is_gone_is_asked_again_after_a_day_and_then_after_waits_that_double(engine: Engine) -> None:
    at, waits = FETCHED_AT, []
    for _ in range(9):
        record(engine, fetched(FetchOutcome.GONE, at, status=404))
        row = resource(engine)
        assert (row.state, row.due_reason) == (ResourceState.GONE, DueReason.GONE)
        assert row.next_due_at is not None
        waits.append((row.next_due_at - at).days)
        at = row.next_due_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 90, 90]


def test_what_was_there_between_two_absences_is_gone_for_the_first_time_again(engine: Engine) -> None:
    record(engine, fetched(FetchOutcome.GONE), fetched(FetchOutcome.GONE, FETCHED_AT + 9 * DAY))
    ask(engine, at=FETCHED_AT + 10 * DAY)
    record(engine, fetched(FetchOutcome.GONE, FETCHED_AT + 30 * DAY))
    assert resource(engine).next_due_at == FETCHED_AT + 31 * DAY


def test_an_article_is_due_by_the_plan_once_it_is_stored(engine: Engine) -> None:
    record(engine, fetched(FetchOutcome.FAILED, FETCHED_AT - DAY))
    published = make_dated(FETCHED_AT - 30 * DAY)
    ask(engine, published=published, modified=published)
    row = resource(engine)
    assert (row.state, row.due_reason, row.next_due_at) == (
        ResourceState.FETCHED,
        DueReason.REVISIT,
        FETCHED_AT + 10 * DAY,
    )


def test_every_instant_of_an_address_is_written_with_its_zone(engine: Engine) -> None:
    ask(engine, slug_url("old"), article_url=URL)
    columns = (ResourceRow.first_seen_at, ResourceRow.last_fetched_at, ResourceRow.next_due_at)
    with reading(engine) as session:
        row = session.execute(select(*(cast(column, Text) for column in columns)).where(ResourceRow.url == URL)).one()
    zone = "+00:00" if engine.dialect.name == "sqlite" else "+00"
    assert [str(text)[19:] for text in row] == [zone] * 3


def test_an_article_read_from_an_old_answer_leaves_the_plan_as_it_is(engine: Engine) -> None:
    ask(engine, at=LATER)
    before = resource(engine).next_due_at
    ask(engine, at=FETCHED_AT)
    assert (resource(engine).next_due_at, resource(engine).due_reason) == (before, DueReason.REVISIT)


def test_only_the_canonical_address_of_an_article_is_in_the_plan(engine: Engine) -> None:
    old, short = slug_url("old"), f"{SITE_URL}/?p=7"
    for url in (old, short):
        record(engine, fetched(FetchOutcome.FAILED, FETCHED_AT - HOUR, url=url))
    ask(engine, old, article_url=URL, post_id=7)
    assert due(engine, FETCHED_AT + 90 * DAY) == {URL: DueReason.REVISIT, short: DueReason.RETRY}
    assert resource(engine).last_fetched_at == FETCHED_AT
    ask(engine, short, LATER, article_url=URL, post_id=7)
    assert due(engine, FETCHED_AT + 90 * DAY) == {URL: DueReason.REVISIT}


def test_another_address_of_an_article_that_is_due_for_a_reason_of_its_own_keeps_it(engine: Engine) -> None:
    old = slug_url("old")
    ask(engine, old, post_id=7)
    record(engine, fetched(FetchOutcome.FAILED, LATER, url=old))
    ask(engine, slug_url("new"), LATER + HOUR, post_id=7)
    row = resource(engine, old)
    assert (row.due_reason, row.next_due_at) == (DueReason.RETRY, LATER)


# Its article.


def test_an_article_whose_address_is_gone_is_missing_and_kept(engine: Engine) -> None:
    ask(engine)
    record(engine, fetched(FetchOutcome.GONE, LATER, status=404))
    row = article(engine)
    assert (row.state, row.title, row.last_seen_at) == (ArticleState.MISSING, "Magnets", FETCHED_AT)
    ask(engine, at=LATER + DAY)
    assert article(engine).state is ArticleState.LIVE


def test_an_address_that_redirects_to_another_post_is_gone_with_its_article(engine: Engine) -> None:
    ask(engine)
    ask(engine, slug_url("magnets-2"))
    elsewhere = fetched(FetchOutcome.GONE, LATER, final_url=slug_url("magnets-2"), error="redirects to another article")
    record(engine, elsewhere)
    row = resource(engine)
    assert (row.state, row.due_reason, row.next_due_at) == (ResourceState.GONE, DueReason.GONE, LATER + DAY)
    with reading(engine) as session:
        states = dict(session.execute(select(ArticleRow.url, ArticleRow.state)).all())
    assert states == {URL: ArticleState.MISSING, slug_url("magnets-2"): ArticleState.LIVE}


def test_an_article_outlives_the_loss_of_an_address_it_had(engine: Engine) -> None:
    old = slug_url("old")
    ask(engine, old, post_id=7)
    ask(engine, slug_url("new"), FETCHED_AT + HOUR, post_id=7)
    record(engine, fetched(FetchOutcome.GONE, LATER, url=old, status=404))
    assert article(engine).state is ArticleState.LIVE


def test_an_answer_older_than_the_last_good_one_makes_nothing_missing(engine: Engine) -> None:
    ask(engine, at=LATER)
    record(engine, fetched(FetchOutcome.GONE, FETCHED_AT, status=404))
    assert (article(engine).state, resource(engine).state) == (ArticleState.LIVE, ResourceState.FETCHED)


def test_every_address_of_a_stored_article_leads_to_it(engine: Engine) -> None:
    old = slug_url("old")
    ask(engine, old, article_url=URL)
    with reading(engine) as session:
        assert set(session.scalars(select(ResourceRow.article_id))) == {article(engine).id}
    assert (resource(engine, old).state, resource(engine).state) == (ResourceState.FETCHED, ResourceState.FETCHED)


def test_the_history_of_an_article_counts_the_edits_of_the_site_and_its_newest_comment(engine: Engine) -> None:
    posted = [make_dated(datetime(2026, 1, 3, hour, tzinfo=FETCHED_AT.tzinfo)) for hour in (9, 8)]
    comments = tuple(make_comment(number, posted=at) for number, at in enumerate(posted, 17))
    ask(engine)
    ask(engine, at=LATER, body="Another text.")
    ask(engine, at=LATER + DAY, body="Another text.", comments=comments)
    with reading(engine) as session:
        known = frontier.history(session, article(engine).id)
    assert (known.edits, known.edited_at, known.commented_at) == (1, LATER, posted[0].at)
    assert (known.first_seen_at, known.published_at) == (FETCHED_AT, make_dated().at)

"""Which addresses are asked now, in which order, and with what known of them beforehand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import Engine

from reex_crawler.discovery.policy import Window
from reex_crawler.records import Author, DueReason
from reex_crawler.storage import agenda, listings
from reex_crawler.storage.agenda import Visit
from reex_crawler.storage.models import FetchOutcome, ResourceKind
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL, make_dated, make_listed
from tests.storage.addresses import DAY, FEED, HOUR, ask, fetched, named, read_listing, record, slug_url

PLENTY = 1000
# Long after every visit that the plan has in mind for what was read at FETCHED_AT.
LATER = FETCHED_AT + 100 * DAY
SITEMAP = f"{SITE_URL}/news-archive-sitemap.xml"
ALWAYS = Window()


def due(engine: Engine, now: datetime = LATER, revisits_a_day: int = PLENTY) -> list[Visit]:
    with reading(engine) as session:
        return agenda.due(session, now, revisits_a_day=revisits_a_day)


def waiting(engine: Engine, window: Window = ALWAYS, now: datetime = LATER) -> list[Visit]:
    with reading(engine) as session:
        return agenda.waiting(session, now, window)


def make_due(engine: Engine, slug: str, reason: DueReason, at: datetime = FETCHED_AT) -> None:
    with transaction(engine) as session:
        listings.add(session, ResourceKind.ARTICLE, at, {slug_url(slug)})
        listings.mark_due(session, [slug_url(slug)], reason, at)


def slugs(visits: list[Visit]) -> list[str]:
    return [visit.url.rsplit("/", 2)[1] for visit in visits]


# What is due.


def test_what_is_due_comes_first_that_brings_news_and_then_by_how_long_it_waits(engine: Engine) -> None:
    for number, reason in enumerate(reversed(DueReason)):
        make_due(engine, f"{reason}-late", reason, FETCHED_AT + HOUR)
        make_due(engine, f"{reason}-early", reason, FETCHED_AT + number * timedelta(minutes=1))
    order = ["new", "edited", "comments", "retry", "recheck", "unlisted", "revisit", "gone"]
    assert slugs(due(engine)) == [f"{reason}-{when}" for reason in order for when in ("early", "late")]
    assert [visit.reason for visit in due(engine)][::2] == [DueReason(reason) for reason in order]


def test_nothing_is_due_before_its_time_and_no_listing_ever(engine: Engine) -> None:
    make_due(engine, "a", DueReason.NEW, FETCHED_AT)
    read_listing(engine, named("waits-for-a-backfill"))
    record(engine, fetched(FetchOutcome.FAILED, url=FEED, kind=ResourceKind.FEED))
    assert due(engine, FETCHED_AT - timedelta(seconds=1)) == []
    assert slugs(due(engine, FETCHED_AT)) == ["a"]


def test_visits_that_are_only_planned_have_a_daily_budget_and_news_has_none(engine: Engine) -> None:
    for number in range(4):
        make_due(engine, f"revisit-{number}", DueReason.REVISIT)
        make_due(engine, f"gone-{number}", DueReason.GONE)
        make_due(engine, f"new-{number}", DueReason.NEW)
    planned = ["revisit-0", "revisit-1", "revisit-2", "revisit-3", "gone-0"]
    assert slugs(due(engine, revisits_a_day=5))[4:] == planned
    assert slugs(due(engine, revisits_a_day=0)) == [f"new-{number}" for number in range(4)]


@pytest.mark.parametrize(("ago", "left"), [(timedelta(hours=23), 0), (DAY, 3)])
def test_planned_visits_of_the_last_24_hours_count_against_the_budget(
    engine: Engine, ago: timedelta, left: int
) -> None:
    for number in range(9):
        make_due(engine, f"revisit-{number}", DueReason.REVISIT)
    spent = (DueReason.REVISIT, DueReason.GONE, DueReason.NEW, DueReason.EDITED, DueReason.UNLISTED, None)
    for number, reason in enumerate(spent):
        ask(engine, slug_url(f"asked-{number}"), LATER - ago, why=reason)
    assert len(due(engine, revisits_a_day=3)) == left


def test_a_budget_that_was_overdrawn_leaves_nothing_and_breaks_nothing(engine: Engine) -> None:
    make_due(engine, "a", DueReason.REVISIT)
    for number in range(3):
        ask(engine, slug_url(f"asked-{number}"), LATER - HOUR, why=DueReason.REVISIT)
    assert due(engine, revisits_a_day=1) == []


def test_an_address_that_was_asked_is_due_no_more(engine: Engine) -> None:
    make_due(engine, "a", DueReason.NEW)
    ask(engine, slug_url("a"), FETCHED_AT)
    assert due(engine, FETCHED_AT) == []


# What is known of it.


def test_a_visit_knows_the_stored_article_before_what_is_listed_of_it(engine: Engine) -> None:
    published, listed = make_dated(FETCHED_AT - 9 * DAY), make_dated(FETCHED_AT - 8 * DAY)
    ask(engine, post_id=7, published=published)
    read_listing(engine, make_listed(post_id=8, published=listed, modified=make_dated(FETCHED_AT)))
    (visit,) = due(engine)
    assert (visit.post_id, visit.published_at, visit.changed_at) == (7, published.at, FETCHED_AT)


def test_a_visit_knows_what_the_listing_that_knows_most_said_of_late(engine: Engine) -> None:
    told = [
        make_listed(source="sitemap", listed_in=SITEMAP, modified=make_dated(FETCHED_AT + HOUR)),
        make_listed(source="feed", published=make_dated(FETCHED_AT - DAY), post_id=6),
        make_listed(source="rest", post_id=7, authors=(Author(name="Daniel"),)),
    ]
    read_listing(engine, *told)
    for at, source in ((FETCHED_AT, "rest"), (FETCHED_AT + 23 * HOUR, "rest"), (FETCHED_AT + DAY, None)):
        (visit,) = waiting(engine, now=at)
        assert visit.listed == (told[2] if source else None)
        assert (visit.post_id, visit.published_at) == (7, FETCHED_AT - DAY)
        assert visit.changed_at == FETCHED_AT + HOUR


def test_a_visit_takes_the_next_best_listing_where_the_best_spoke_long_ago(engine: Engine) -> None:
    read_listing(engine, make_listed(source="rest", post_id=7))
    fed = make_listed(source="feed", authors=(Author(name="Fed"),))
    read_listing(engine, fed, at=FETCHED_AT + DAY)
    (visit,) = waiting(engine, now=FETCHED_AT + DAY)
    assert (visit.listed, visit.post_id) == (fed, 7)


def test_a_visit_that_only_a_comment_asked_for_has_no_listing(engine: Engine) -> None:
    ask(engine)
    make_due(engine, "magnets", DueReason.COMMENTS)
    (visit,) = due(engine, FETCHED_AT)
    assert (visit.reason, visit.listed) == (DueReason.COMMENTS, None)


# What a backfill asks.


def test_a_backfill_asks_what_was_never_asked_and_what_is_due_for_news(engine: Engine) -> None:
    read_listing(engine, named("never"))
    ask(engine, slug_url("stored"))
    record(engine, fetched(FetchOutcome.GONE, url=slug_url("gone")))
    record(engine, fetched(FetchOutcome.FAILED, url=slug_url("failed")))
    make_due(engine, "new", DueReason.NEW)
    make_due(engine, "edited", DueReason.EDITED)
    assert sorted(slugs(waiting(engine))) == ["edited", "failed", "never", "new"]


def test_what_is_listed_as_published_in_a_window_belongs_to_it(engine: Engine) -> None:
    since, before = FETCHED_AT - 5 * DAY, FETCHED_AT - 2 * DAY
    days = {"early": -6, "first": -5, "inside": -3, "after": -2}
    listed = [named(slug, published=make_dated(FETCHED_AT + day * DAY)) for slug, day in days.items()]
    read_listing(engine, *listed, named("changed-before", modified=make_dated(since - HOUR)))
    assert sorted(slugs(waiting(engine, Window(since=since, before=before)))) == ["first", "inside"]
    assert sorted(slugs(waiting(engine, Window(before=since)))) == ["changed-before", "early"]


def test_a_window_is_over_the_stored_publication_where_there_is_one(engine: Engine) -> None:
    ask(engine, published=make_dated(FETCHED_AT - 30 * DAY))
    read_listing(engine, make_listed(published=make_dated(FETCHED_AT)))
    make_due(engine, "magnets", DueReason.EDITED)
    assert waiting(engine, Window(since=FETCHED_AT - DAY)) == []
    assert slugs(waiting(engine, Window(before=FETCHED_AT - DAY))) == ["magnets"]


def test_the_oldest_or_the_newest_come_first_and_those_without_a_date_last_in_their_order() -> None:
    def visit(slug: str, published: datetime | None = None, changed: datetime | None = None) -> Visit:
        return Visit(url=slug_url(slug), reason=DueReason.NEW, published_at=published, changed_at=changed)

    visits = [
        visit("undated-1"),
        visit("old", FETCHED_AT - 9 * DAY, FETCHED_AT + 9 * DAY),
        visit("undated-2"),
        visit("changed", changed=FETCHED_AT),
        visit("new", FETCHED_AT + DAY),
    ]
    undated = ["undated-1", "undated-2"]
    assert slugs(agenda.by_age(visits, oldest_first=False)) == ["new", "changed", "old", *undated]
    assert slugs(agenda.by_age(visits, oldest_first=True)) == ["old", "changed", "new", *undated]


# What a recheck asks, and what is counted.


def test_every_stored_article_of_a_window_can_be_asked_whether_it_is_due_or_not(engine: Engine) -> None:
    since = FETCHED_AT - 5 * DAY
    for slug, days in {"early": -6, "first": -5, "late": -1}.items():
        ask(engine, slug_url(slug), published=make_dated(FETCHED_AT + days * DAY))
    ask(engine, slug_url("old-slug"), article_url=slug_url("moved"), published=make_dated(FETCHED_AT))
    ask(engine, slug_url("undated"), published=None)
    read_listing(engine, named("unread", published=make_dated(FETCHED_AT)))
    with reading(engine) as session:
        visits = agenda.of_window(session, FETCHED_AT, Window(since=since))
        bounded = agenda.of_window(session, FETCHED_AT, Window(since=since, before=FETCHED_AT - DAY))
        everything = agenda.of_window(session, FETCHED_AT, ALWAYS)
    assert sorted(slugs(visits)) == ["first", "late", "moved"]
    assert {visit.reason for visit in visits} == {DueReason.RECHECK}
    assert slugs(bounded) == ["first"]
    assert sorted(slugs(everything)) == ["early", "first", "late", "moved"]


def test_what_waits_is_counted_by_its_reason(engine: Engine) -> None:
    read_listing(engine, named("a"), named("b"))
    make_due(engine, "c", DueReason.NEW)
    for slug in ("d", "e"):
        ask(engine, slug_url(slug))
    make_due(engine, "d", DueReason.COMMENTS)
    with reading(engine) as session:
        assert agenda.count_waiting(session, FETCHED_AT) == {DueReason.NEW: 3, DueReason.COMMENTS: 1}
        assert agenda.count_waiting(session, LATER)[DueReason.REVISIT] == 1

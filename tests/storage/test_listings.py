"""What listings say is kept, and makes due what changed: that, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from reex_crawler.records import Author, DueReason, ListedComment
from reex_crawler.storage import doors, listings
from reex_crawler.storage.models import FetchOutcome, ListingRow, ResourceKind, ResourceRow, ResourceState
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL, URL, make_comment, make_dated, make_listed
from tests.storage.addresses import DAY, FEED, HOUR, ask, due, fetched, named, read_listing, record, resource, slug_url

SITEMAP = f"{SITE_URL}/news-archive-sitemap.xml"
REST_COMMENTS = f"{SITE_URL}/wp-json/wp/v2/comments"
LATER = FETCHED_AT + HOUR
LATER_STILL = LATER + HOUR


def comment_named(
    engine: Engine, *comment_ids: int, at: datetime = LATER, url: str | None = URL, post_id: int | None = None
) -> None:
    """A listing of comments is read; ``url`` and ``post_id`` are what it says of the article."""
    said = [ListedComment(comment_id=one, article_url=url, post_id=post_id) for one in comment_ids]
    with transaction(engine) as session:
        listings.commented(session, said, listed_in=REST_COMMENTS, seen_at=at)


def look_for_missing(
    engine: Engine, at: datetime, *, source: str = "feed", listed_in: Collection[str] = (FEED,), **limit: Any
) -> None:
    with transaction(engine) as session:
        listings.unlisted(session, source=source, listed_in=listed_in, seen_at=at, **limit)


# What is kept.


def test_the_title_that_a_listing_gives_is_not_kept_since_it_may_be_behind_a_password(engine: Engine) -> None:
    read_listing(engine, make_listed(title="Protected: The dysprosium model"))
    with reading(engine) as session:
        assert session.scalars(select(ListingRow.facts)).one() is None


def test_each_source_that_lists_an_address_is_kept_with_what_it_said(engine: Engine) -> None:
    dated = make_dated()
    feed = make_listed(post_id=7, published=dated, comment_count=3, authors=(Author(name="Daniel"),))
    sitemap = make_listed(source="sitemap", listed_in=SITEMAP, modified=dated)
    read_listing(engine, feed, sitemap)
    read_listing(engine, make_listed(listed_in=f"{FEED}?paged=2"), at=LATER)
    assert (resource(engine).kind, resource(engine).state) == (ResourceKind.ARTICLE, ResourceState.NEW)
    with reading(engine) as session:
        first, second = session.scalars(select(ListingRow).order_by(ListingRow.source)).all()
        assert (first.source, first.listed_in, first.post_id) == ("feed", f"{FEED}?paged=2", 7)
        assert (first.published_at, first.comment_count) == (dated.at, 3)
        assert first.facts is not None
        assert first.facts["authors"] == [{"name": "Daniel"}]
        assert (first.first_listed_at, first.last_listed_at) == (FETCHED_AT, LATER)
        assert (second.source, second.modified_at, second.last_listed_at) == ("sitemap", dated.at, FETCHED_AT)


def test_more_addresses_than_a_statement_takes_are_remembered_at_once(engine: Engine) -> None:
    many = [named(str(number)) for number in range(33_000)]
    with transaction(engine) as session:
        listings.remember(session, many, seen_at=FETCHED_AT)
        listings.remember(session, [], seen_at=FETCHED_AT)
        assert session.scalar(select(func.count()).select_from(ListingRow)) == 33_000


def test_an_address_too_long_to_be_asked_for_spoils_no_listing(engine: Engine) -> None:
    noise = "".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(200))
    with transaction(engine) as session:
        listings.remember(session, [named(noise), make_listed()], seen_at=FETCHED_AT)
        assert session.scalars(select(ResourceRow.url)).all() == [URL]


def test_remembering_a_known_address_leaves_its_life_alone(engine: Engine) -> None:
    record(engine, fetched())
    read_listing(engine, make_listed(), at=LATER)
    assert resource(engine).state is ResourceState.FETCHED


# What is new.


def test_a_first_reading_of_a_listing_makes_nothing_due(engine: Engine) -> None:
    read_listing(engine, named("a"), named("b"))
    assert due(engine, FETCHED_AT) == {}


def test_an_address_that_a_listing_names_which_did_not_before_is_new(engine: Engine) -> None:
    read_listing(engine, named("a"))
    read_listing(engine, named("b"), named("a"), at=LATER)
    assert due(engine, LATER) == {slug_url("b"): DueReason.NEW}


def test_a_listing_that_could_not_be_read_before_is_read_for_the_first_time(engine: Engine) -> None:
    record(engine, fetched(FetchOutcome.FAILED, url=FEED, kind=ResourceKind.FEED, status=500))
    read_listing(engine, named("a"), at=LATER)
    assert due(engine, LATER) == {}


def test_an_empty_listing_was_read_all_the_same(engine: Engine) -> None:
    read_listing(engine)
    read_listing(engine, named("a"), at=LATER)
    assert due(engine, LATER) == {slug_url("a"): DueReason.NEW}


def test_an_address_that_waits_for_a_backfill_goes_on_waiting_when_it_is_named_again(engine: Engine) -> None:
    read_listing(engine, named("a"))
    read_listing(engine, named("a"), at=LATER)
    assert due(engine, LATER) == {}


@pytest.mark.parametrize("field", ["published", "modified"])
def test_what_was_published_or_changed_since_a_given_time_is_new_in_a_first_reading(engine: Engine, field: str) -> None:
    since = FETCHED_AT - DAY
    recent, old = make_dated(since), make_dated(since - HOUR)
    read_listing(engine, named("a", **{field: recent}), named("b", **{field: old}), named("c"), news_since=since)
    assert due(engine, FETCHED_AT) == {slug_url("a"): DueReason.NEW}


def test_a_moved_slug_is_a_new_address_and_leaves_the_old_one_alone(engine: Engine) -> None:
    read_listing(engine, make_listed(), named("other"))
    ask(engine, post_id=7)
    read_listing(engine, named("moved", post_id=7), at=LATER)
    assert due(engine, LATER) == {slug_url("moved"): DueReason.NEW}
    ask(engine, slug_url("moved"), LATER, post_id=7)
    assert due(engine, LATER) == {}
    old, new = resource(engine), resource(engine, slug_url("moved"))
    assert (old.article_id, new.due_reason) == (new.article_id, DueReason.REVISIT)


# What was edited.


def test_a_later_time_of_change_is_an_edit_and_the_same_one_is_none(engine: Engine) -> None:
    changed = make_dated(FETCHED_AT - DAY)
    read_listing(engine, make_listed(modified=changed), named("b", modified=changed))
    ask(engine)
    ask(engine, slug_url("b"))
    later = make_dated(FETCHED_AT - HOUR)
    read_listing(engine, make_listed(modified=later), named("b", modified=changed), at=LATER)
    assert due(engine, LATER) == {URL: DueReason.EDITED}
    ask(engine, at=LATER)
    read_listing(engine, make_listed(modified=later), named("b", modified=changed), at=LATER_STILL)
    assert due(engine, LATER_STILL) == {}


def test_a_time_of_change_that_goes_back_is_no_edit(engine: Engine) -> None:
    read_listing(engine, make_listed(modified=make_dated(FETCHED_AT - HOUR)))
    ask(engine)
    read_listing(engine, make_listed(modified=make_dated(FETCHED_AT - DAY)), at=LATER)
    assert due(engine, LATER) == {}


def test_fractions_of_a_second_are_no_edit(engine: Engine) -> None:
    changed = FETCHED_AT - HOUR
    read_listing(engine, make_listed(modified=make_dated(changed.replace(microsecond=1))))
    ask(engine)
    read_listing(engine, make_listed(modified=make_dated(changed.replace(microsecond=999_999))), at=LATER)
    assert due(engine, LATER) == {}


@pytest.mark.parametrize("source", ["feed", "sitemap"])
@pytest.mark.parametrize(("hours", "edited"), [(-1, False), (1, True)])
def test_a_source_that_dates_an_article_for_the_first_time_tells_of_an_edit_after_it_was_read(
    engine: Engine, hours: int, source: str, *, edited: bool
) -> None:
    read_listing(engine, make_listed(source="feed"))
    ask(engine)
    dated = make_dated(FETCHED_AT + hours * HOUR)
    read_listing(engine, make_listed(source=source, modified=dated), at=LATER_STILL)
    assert due(engine, LATER_STILL) == ({URL: DueReason.EDITED} if edited else {})


def test_an_article_that_was_given_up_is_asked_again_when_a_listing_says_that_it_changed(engine: Engine) -> None:
    read_listing(engine, make_listed(modified=make_dated(FETCHED_AT - DAY)))
    tries = [fetched(FetchOutcome.FAILED, FETCHED_AT + DAY * number, status=500) for number in range(10)]
    record(engine, *tries)
    now = FETCHED_AT + 100 * DAY
    assert (resource(engine).state, due(engine, now)) == (ResourceState.DEAD, {})
    read_listing(engine, make_listed(modified=make_dated(now - HOUR)), at=now)
    assert due(engine, now) == {URL: DueReason.EDITED}
    ask(engine, at=now)
    assert (resource(engine).state, resource(engine).tries) == (ResourceState.FETCHED, 0)


# What was commented.


def test_another_number_of_comments_makes_an_article_due_more_or_fewer(engine: Engine) -> None:
    read_listing(engine, make_listed(comment_count=2), named("b", comment_count=2), named("c", comment_count=2))
    for url in (URL, slug_url("b"), slug_url("c")):
        ask(engine, url)
    counted = [make_listed(comment_count=3), named("b", comment_count=1), named("c", comment_count=2)]
    read_listing(engine, *counted, at=LATER)
    assert due(engine, LATER) == {URL: DueReason.COMMENTS, slug_url("b"): DueReason.COMMENTS}


def test_a_first_number_of_comments_tells_of_no_change(engine: Engine) -> None:
    read_listing(engine, make_listed())
    ask(engine)
    read_listing(engine, make_listed(comment_count=3), at=LATER)
    assert due(engine, LATER) == {}


@pytest.mark.parametrize("told", [{"url": URL}, {"url": None, "post_id": 7}, {"url": slug_url("new"), "post_id": 7}])
def test_a_comment_that_is_not_stored_makes_its_article_due(engine: Engine, told: dict[str, Any]) -> None:
    ask(engine, post_id=7, comments=(make_comment(17),))
    comment_named(engine, 17, **told)
    assert due(engine, LATER) == {}
    comment_named(engine, 18, 17, **told)
    assert due(engine, LATER) == {URL: DueReason.COMMENTS}


def test_a_comment_that_is_never_shown_makes_its_article_due_only_once(engine: Engine) -> None:
    ask(engine, post_id=7)
    comment_named(engine, 18)
    ask(engine, at=LATER, post_id=7)
    comment_named(engine, 18, at=LATER_STILL)
    assert due(engine, LATER_STILL) == {}
    comment_named(engine, 18, 19, at=LATER_STILL)
    assert due(engine, LATER_STILL) == {URL: DueReason.COMMENTS}
    ask(engine, at=LATER_STILL, post_id=7)
    comment_named(engine, 18, 19, at=LATER_STILL + HOUR)
    assert due(engine, LATER_STILL + HOUR) == {}


def test_a_comment_of_an_article_that_is_not_known_is_left_to_the_listings_of_articles(engine: Engine) -> None:
    comment_named(engine, 18, post_id=7)
    comment_named(engine)
    with reading(engine) as session:
        assert session.scalars(select(ResourceRow)).all() == []


# What is listed no more.


def test_what_the_last_reading_named_and_this_one_does_not_is_due(engine: Engine) -> None:
    read_listing(engine, named("a"), named("b"))
    ask(engine, slug_url("a"))
    ask(engine, slug_url("b"))
    read_listing(engine, named("b"), at=LATER)
    look_for_missing(engine, LATER)
    assert due(engine, LATER) == {slug_url("a"): DueReason.UNLISTED}


def test_what_stays_unlisted_is_asked_once_until_it_is_listed_again(engine: Engine) -> None:
    read_listing(engine, named("a"), named("b"))
    ask(engine, slug_url("a"))
    ask(engine, slug_url("b"))
    at = FETCHED_AT
    for is_back in (False, False, True, False):
        at += HOUR
        read_listing(engine, named("b"), *([named("a")] if is_back else []), at=at)
        look_for_missing(engine, at)
        first = at in {LATER, FETCHED_AT + 4 * HOUR}
        assert due(engine, at) == ({slug_url("a"): DueReason.UNLISTED} if first else {})
        if first:
            ask(engine, slug_url("a"), at, why=DueReason.UNLISTED)


def test_a_look_for_what_is_missing_that_a_stop_prevented_is_made_up_for(engine: Engine) -> None:
    read_listing(engine, named("a"), named("b"))
    ask(engine, slug_url("a"))
    read_listing(engine, named("b"), at=LATER)
    read_listing(engine, named("b"), at=LATER_STILL)
    look_for_missing(engine, LATER_STILL)
    assert due(engine, LATER_STILL) == {slug_url("a"): DueReason.UNLISTED}


def test_what_has_moved_on_from_a_feed_or_to_another_listing_is_not_missing(engine: Engine) -> None:
    old, new = make_dated(FETCHED_AT - 3 * DAY), make_dated(FETCHED_AT - DAY)
    read_listing(engine, named("old", published=old), named("moved", published=new), named("undated"))
    for slug in ("old", "moved", "undated"):
        ask(engine, slug_url(slug))
    read_listing(engine, named("moved", published=new, listed_in=f"{FEED}?paged=2"), at=LATER)
    look_for_missing(engine, LATER, since=FETCHED_AT - 2 * DAY)
    assert due(engine, LATER) == {}


def test_what_other_listings_name_is_not_missed_in_this_one(engine: Engine) -> None:
    read_listing(engine, make_listed(source="sitemap", listed_in=SITEMAP), url=SITEMAP)
    ask(engine)
    read_listing(engine, named("b"), at=LATER)
    look_for_missing(engine, LATER)
    look_for_missing(engine, LATER, source="sitemap", listed_in=[f"{SITE_URL}/podcast-sitemap.xml"])
    assert due(engine, LATER) == {}


def test_what_was_never_stored_or_is_gone_already_is_not_missed(engine: Engine) -> None:
    read_listing(engine, named("unread"), named("gone"))
    record(engine, fetched(FetchOutcome.GONE, url=slug_url("gone"), status=404))
    read_listing(engine, at=LATER)
    look_for_missing(engine, LATER)
    assert due(engine, LATER) == {}


# What is due.


def test_an_address_that_is_due_keeps_its_reason_when_another_comes(engine: Engine) -> None:
    read_listing(engine, make_listed(modified=make_dated(FETCHED_AT - DAY), comment_count=1))
    ask(engine)
    read_listing(engine, make_listed(modified=make_dated(FETCHED_AT), comment_count=1), at=LATER)
    read_listing(engine, make_listed(modified=make_dated(FETCHED_AT), comment_count=2), at=LATER_STILL)
    comment_named(engine, 18, at=LATER_STILL)
    row = resource(engine)
    assert (row.due_reason, row.next_due_at) == (DueReason.EDITED, LATER)


def test_an_address_that_is_due_later_is_due_at_once_for_the_reason_that_came(engine: Engine) -> None:
    ask(engine)
    assert resource(engine).due_reason is DueReason.REVISIT
    comment_named(engine, 18)
    assert due(engine, LATER) == {URL: DueReason.COMMENTS}


def test_what_a_listing_made_due_is_lost_with_its_answer_or_not_at_all(engine: Engine) -> None:
    read_listing(engine, named("a"))

    with suppress(KeyboardInterrupt), transaction(engine) as session:
        listings.remember(session, [named("b"), named("a")], seen_at=LATER)
        raise KeyboardInterrupt
    assert due(engine, LATER) == {}
    read_listing(engine, named("b"), named("a"), at=LATER_STILL)
    # The next run was not told anything, and needs not be: the frontier knows.
    assert due(engine, LATER_STILL + DAY) == {slug_url("b"): DueReason.NEW}


def test_the_newest_that_were_never_asked_are_taken_by_their_dates(engine: Engine) -> None:
    read_listing(
        engine,
        named("old", published=make_dated(FETCHED_AT - 9 * DAY)),
        named("undated"),
        named("changed", published=make_dated(FETCHED_AT - 9 * DAY), modified=make_dated(FETCHED_AT - HOUR)),
        named("new", published=make_dated(FETCHED_AT - DAY)),
        named("stored", published=make_dated(FETCHED_AT)),
    )
    ask(engine, slug_url("stored"))
    with transaction(engine) as session:
        listings.take_newest(session, 2, LATER)
    assert due(engine, LATER) == {slug_url("changed"): DueReason.NEW, slug_url("new"): DueReason.NEW}


def test_the_newest_change_is_the_latest_time_that_a_source_gave(engine: Engine) -> None:
    changed, published = make_dated(FETCHED_AT - DAY), make_dated(FETCHED_AT - HOUR)
    read_listing(engine, named("a", modified=changed), named("b", published=published), named("c"))
    with reading(engine) as session:
        assert doors.newest_change(session, "feed") == published.at
        assert doors.newest_change(session, "rest") is None


def test_whether_anything_is_stored_or_was_asked_and_the_newest_comment_are_known(engine: Engine) -> None:
    read_listing(engine, make_listed(), named("b"))
    with reading(engine) as session:
        assert not doors.any_article(session)
        assert not doors.any_asked(session, [URL, slug_url("b")])
        assert doors.newest_comment(session) is None
    comment = make_comment(17)
    ask(engine, comments=(comment,))
    assert comment.posted is not None
    with reading(engine) as session:
        assert doors.any_article(session)
        assert doors.any_asked(session, [URL, slug_url("b")])
        assert not doors.any_asked(session, [slug_url("b")])
        assert doors.newest_comment(session) == comment.posted.at


def test_when_a_sitemap_was_changed_by_its_index_is_kept_with_its_address(engine: Engine) -> None:
    read_listing(engine, url=SITEMAP)
    index = f"{SITE_URL}/sitemap_index.xml"
    for at, modified_at in ((FETCHED_AT, FETCHED_AT - DAY), (LATER, None)):
        with transaction(engine) as session:
            listings.keep_lastmod(session, SITEMAP, listed_in=index, modified_at=modified_at, seen_at=at)
    with reading(engine) as session:
        row = session.scalars(select(ListingRow)).one()
        assert (row.source, row.listed_in, row.modified_at) == ("sitemap", index, FETCHED_AT - DAY)

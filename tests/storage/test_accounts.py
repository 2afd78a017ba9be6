"""What a report tells of one run."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from reex_crawler.records import DueReason
from reex_crawler.storage import accounts, frontier, runs
from reex_crawler.storage.accounts import Trouble
from reex_crawler.storage.backlog import Due
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome, ResourceKind, ResourceRow
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL


def begin(session: Session) -> int:
    return runs.start(session, spider="latest", arguments={}, versions={}, started_at=FETCHED_AT)


def fetch(session: Session, run_id: int, path: str, outcome: FetchOutcome, **over: object) -> None:
    given = {"kind": ResourceKind.ARTICLE, "fetched_at": FETCHED_AT} | over
    frontier.record(session, Fetched(url=f"{SITE_URL}/{path}", outcome=outcome, run_id=run_id, **given))  # type: ignore[arg-type]


def test_failures_come_first_and_only_the_first_are_named(engine: Engine) -> None:
    with transaction(engine) as session:
        run_id = begin(session)
        fetch(session, run_id, "aside", FetchOutcome.QUARANTINED, error="it asks for a password")
        for number in range(3):
            fetch(session, run_id, f"failed-{number}", FetchOutcome.FAILED, error="it is too slow")
        fetch(session, run_id, "read", FetchOutcome.ARTICLE)
    with reading(engine) as session:
        found = accounts.troubles(session, run_id, named=2)
    assert found.pages == tuple(Trouble(f"{SITE_URL}/failed-{number}", "it is too slow") for number in range(2))
    assert found.pages_in_all == 4
    assert (found.listings, found.listings_in_all) == ((), 0)


def test_a_page_that_was_read_in_the_end_is_no_trouble(engine: Engine) -> None:
    with transaction(engine) as session:
        run_id = begin(session)
        fetch(session, run_id, "slow", FetchOutcome.FAILED, error="it is too slow")
        fetch(session, run_id, "slow", FetchOutcome.ARTICLE, fetched_at=FETCHED_AT + timedelta(seconds=9))
    with reading(engine) as session:
        assert accounts.troubles(session, run_id, named=2).pages_in_all == 0


def test_what_other_runs_met_is_not_told(engine: Engine) -> None:
    with transaction(engine) as session:
        fetch(session, begin(session), "failed", FetchOutcome.FAILED)
        run_id = begin(session)
    with reading(engine) as session:
        assert accounts.troubles(session, run_id, named=2).pages_in_all == 0


def test_a_listing_that_is_not_there_is_closed_and_an_article_that_is_not_there_is_no_trouble(engine: Engine) -> None:
    with transaction(engine) as session:
        run_id = begin(session)
        fetch(session, run_id, "feed/", FetchOutcome.GONE, kind=ResourceKind.FEED, error="answers 404")
        fetch(session, run_id, "sitemap.xml", FetchOutcome.LISTING, kind=ResourceKind.SITEMAP)
        fetch(session, run_id, "withdrawn", FetchOutcome.GONE)
    with reading(engine) as session:
        found = accounts.troubles(session, run_id, named=2)
    assert found.listings == (Trouble(f"{SITE_URL}/feed/", "answers 404"),)
    assert (found.listings_in_all, found.pages_in_all) == (1, 0)


def test_what_comes_next_is_not_what_is_due_already(engine: Engine) -> None:
    with transaction(engine) as session:
        run_id = begin(session)
        for hours, path in ((1, "later"), (0, "now"), (2, "last")):
            fetch(session, run_id, path, FetchOutcome.ARTICLE)
            due_at = FETCHED_AT + timedelta(hours=hours)
            session.execute(
                update(ResourceRow)
                .where(ResourceRow.url == f"{SITE_URL}/{path}")
                .values(next_due_at=due_at, due_reason=DueReason.REVISIT)
            )
    with reading(engine) as session:
        later = FETCHED_AT + timedelta(hours=1)
        assert accounts.upcoming(session, FETCHED_AT) == Due(f"{SITE_URL}/later", later, DueReason.REVISIT)
        assert accounts.upcoming(session, FETCHED_AT + timedelta(days=1)) is None

"""Addresses in the frontier, as the spiders bring them there: listings that are read, articles that are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine

from reex_crawler import ingest
from reex_crawler.records import DueReason, Listed
from reex_crawler.storage import frontier, listings
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome, ResourceKind, ResourceRow
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL, URL, make_article, make_capture, make_listed

FEED = f"{SITE_URL}/feed/"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def slug_url(slug: str) -> str:
    return f"{SITE_URL}/news/{slug}/"


def fetched(outcome: FetchOutcome = FetchOutcome.ARTICLE, at: datetime = FETCHED_AT, **over: Any) -> Fetched:
    """An answer from the address of an article."""
    values = {"url": URL, "kind": ResourceKind.ARTICLE, "outcome": outcome, "fetched_at": at, "status": 200}
    return Fetched(**values | over)


def record(engine: Engine, *answers: Fetched) -> None:
    with transaction(engine) as session:
        for answer in answers:
            frontier.record(session, answer)


def read_listing(
    engine: Engine, *listed: Listed, at: datetime = FETCHED_AT, url: str = FEED, news_since: datetime | None = None
) -> None:
    """A listing is read: what it names and its answer in one transaction."""
    with transaction(engine) as session:
        listings.remember(session, listed, seen_at=at, news_since=news_since)
        answer = Fetched(
            url=url, kind=ResourceKind.FEED, outcome=FetchOutcome.LISTING, fetched_at=at, items=len(listed)
        )
        frontier.record(session, answer)


def named(slug: str, **over: Any) -> Listed:
    return make_listed(slug_url(slug), **over)


def ask(
    engine: Engine,
    url: str = URL,
    at: datetime = FETCHED_AT,
    why: DueReason | None = None,
    *,
    article_url: str | None = None,
    **over: Any,
) -> None:
    """An address is asked and gives its article, after a redirect where that stands at another one."""
    article = make_article(at, **{"url": article_url or url, "post_id": sum(url.encode())} | over)
    capture = make_capture(url=url, final_url=article.url, fetched_at=at)
    with transaction(engine) as session:
        ingest.store(session, replace(article, capture=capture), why=why)


def resource(engine: Engine, url: str = URL) -> ResourceRow:
    with reading(engine) as session:
        return session.scalars(select(ResourceRow).where(ResourceRow.url == url)).one()


def due(engine: Engine, now: datetime) -> dict[str, DueReason | None]:
    """The addresses that are due at ``now``, each with its reason."""
    statement = select(ResourceRow.url, ResourceRow.due_reason).where(ResourceRow.next_due_at <= now)
    with reading(engine) as session:
        return dict(session.execute(statement).all())

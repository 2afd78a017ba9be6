"""Rows as a crawl leaves them, for tests of what is read from them: say only what the test is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from reex_crawler import ingest
from reex_crawler.records import Article
from reex_crawler.storage import runs
from reex_crawler.storage.models import (
    ArticleRow,
    FetchOutcome,
    FetchRow,
    ListingRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
    RunOutcome,
)
from tests.factories import FETCHED_AT, SITE_URL

REST = f"{SITE_URL}/wp-json/wp/v2/news-archive"
SITEMAP = f"{SITE_URL}/news-archive-sitemap.xml"
FEED = f"{SITE_URL}/news/feed/"


def slug_url(slug: str) -> str:
    return f"{SITE_URL}/news/{slug}/"


def rest_door(number: int = 1) -> str:
    """What a page of the collection is known as."""
    return f"{REST}?page={number}" if number > 1 else REST


def rest_page(number: int = 1, limits: str = "") -> str:
    """What is asked for it."""
    return f"{REST}?per_page=100&page={number}&orderby=date{limits}"


def add_run(session: Session, at: datetime = FETCHED_AT) -> int:
    """A run that began at ``at`` and is done."""
    run_id = runs.start(session, spider="backfill", arguments={}, versions={}, started_at=at)
    runs.finish(session, run_id, outcome=RunOutcome.DONE, exit_code=0, stats={}, ended_at=at)
    return run_id


def add_address(session: Session, url: str, state: ResourceState = ResourceState.NEW, **over: Any) -> ResourceRow:
    """An address that is known, of an article unless said otherwise."""
    values = {"kind": ResourceKind.ARTICLE, "tries": 0, "first_seen_at": FETCHED_AT}
    row = ResourceRow(url=url, state=state, **values | over)
    session.add(row)
    session.flush()
    return row


def add_visit(session: Session, url: str, outcome: FetchOutcome, at: datetime = FETCHED_AT, **over: Any) -> FetchRow:
    """An answer from a known address; what it means for the address is not worked out."""
    resource = session.scalars(select(ResourceRow).where(ResourceRow.url == url)).one()
    row = FetchRow(resource_id=resource.id, outcome=outcome, fetched_at=at, **{"status": 200} | over)
    session.add(row)
    session.flush()
    return row


def add_listing(
    session: Session,
    url: str,
    kind: ResourceKind,
    outcome: FetchOutcome = FetchOutcome.LISTING,
    at: datetime = FETCHED_AT,
    **over: Any,
) -> None:
    """A page of a listing that was asked at ``at``, the first time or once more. ``over``: status, error, items, …"""
    row = session.scalars(select(ResourceRow).where(ResourceRow.url == url)).one_or_none()
    row = row or add_address(session, url, kind=kind)
    good = outcome in {FetchOutcome.LISTING, FetchOutcome.NOT_MODIFIED}
    row.state = ResourceState.FETCHED if good else ResourceState.FAILED
    row.last_outcome, row.last_fetched_at = outcome, at
    row.last_status, row.last_error = over.get("status", 200), over.get("error")
    row.items, row.total = over.get("items", row.items), over.get("total", row.total)
    kept = {name: over[name] for name in ("status", "error", "run_id") if name in over}
    add_visit(session, url, outcome, at, **kept)


def name(session: Session, url: str, source: str, listed_in: str, at: datetime = FETCHED_AT, **over: Any) -> None:
    """A source names an address, which is made where it is new."""
    row = session.scalars(select(ResourceRow).where(ResourceRow.url == url)).one_or_none()
    row = row or add_address(session, url)
    times = {"first_listed_at": at, "last_listed_at": at}
    session.add(ListingRow(resource_id=row.id, source=source, listed_in=listed_in, **times | over))
    session.flush()


def store(session: Session, article: Article) -> int:
    """Store an article on the one road; gives its number."""
    ingest.store(session, article)
    return session.scalars(select(ArticleRow.id).where(ArticleRow.post_id == article.post_id)).one()

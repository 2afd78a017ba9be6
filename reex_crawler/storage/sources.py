"""The site's listings as sources: when each was last read well, which of their pages cannot be read, which are missing.

What they name is counted in ``coverage``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from sqlalchemy import ColumnElement, Subquery, case, func, or_, select
from sqlalchemy.orm import Session

from reex_crawler.records import CommentKind
from reex_crawler.storage.models import (
    CommentRow,
    CommentState,
    CrawlRunRow,
    FetchOutcome,
    FetchRow,
    ListingRow,
    ResourceKind,
    ResourceRow,
)

SOURCES = ("feed", "sitemap", "rest")
"""The sources that name articles, by the names that ``listings.source`` has for them."""
COMMENTS = "comments"
"""The listings of comments, which name no articles, as a source of their own."""

_KINDS = (ResourceKind.FEED, ResourceKind.SITEMAP, ResourceKind.REST)
_GOOD = (FetchOutcome.LISTING, FetchOutcome.NOT_MODIFIED)
_NOT_THERE = (404, 410)
# A collection page with one of these names a part of its collection only.
_FILTERS = frozenset({"after", "before", "modified_after", "modified_before", "post"})
_PER_PAGE = 10
"""What WordPress gives where the address does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How one source answers."""

    name: str
    state: str
    """``not read``; ``open`` where the last run that asked it got a good answer, else ``broken``."""
    asked_at: datetime | None
    last_good_at: datetime | None
    error: str | None
    """The last failure of a broken one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A page of a listing that gave no usable answer when it was last asked."""

    url: str
    source: str
    status: int | None
    error: str | None
    asked_at: datetime
    last_good_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A REST collection: what the site says there is, and what was read and stored of it."""

    url: str
    """Of the collection, without a query."""
    total: int
    """X-WP-Total, as last told."""
    named: int
    """Entries on the pages that were read, each at its last reading."""
    stored: int
    """What is stored of it: articles, or the comments that are shown."""
    pages: int
    """Of how many pages the site's total makes it."""
    missing_pages: tuple[tuple[int, int], ...]
    """Spans of pages, first and last, that were never read or could not be read last."""
    whole_since: datetime | None
    """Every page was read at this instant or later; none where a page is missing."""


def sources(session: Session, *, comment_listings: Collection[str]) -> tuple[Source, ...]:
    """How each source answers. ``comment_listings`` are the addresses, without a query, of listings of comments."""
    name = _name(comment_listings).label("name")
    good = FetchRow.outcome.in_(_GOOD)
    run = func.coalesce(CrawlRunRow.started_at, FetchRow.fetched_at)
    statement = (
        select(
            name,
            func.max(FetchRow.fetched_at).label("asked_at"),
            func.max(case((good, FetchRow.fetched_at))).label("last_good_at"),
            (func.max(run) == func.max(case((good, run)))).label("answers"),
            func.max(case((~good, FetchRow.id))).label("failure"),
        )
        .join(ResourceRow, FetchRow.resource_id == ResourceRow.id)
        .outerjoin(CrawlRunRow, FetchRow.run_id == CrawlRunRow.id)
        .where(ResourceRow.kind.in_(_KINDS))
        .group_by("name")
    )
    found = {row.name: row for row in session.execute(statement)}
    return tuple(_source(session, name, found.get(name)) for name in (*SOURCES, COMMENTS))


def unreadable(session: Session, *, comment_listings: Collection[str]) -> tuple[Unreadable, ...]:
    """The pages of listings that could not be read when last asked.

    One that has never been there (404 and 410 since it is known) is no page of the site: it may have no such listing.
    """
    last_good_at = (
        select(func.max(FetchRow.fetched_at))
        .where(FetchRow.resource_id == ResourceRow.id, FetchRow.outcome.in_(_GOOD))
        .scalar_subquery()
    )
    pages = (
        select(
            ResourceRow.url,
            _name(comment_listings).label("source"),
            ResourceRow.last_status.label("status"),
            ResourceRow.last_error.label("error"),
            ResourceRow.last_fetched_at.label("asked_at"),
            last_good_at.label("last_good_at"),
        )
        .where(ResourceRow.kind.in_(_KINDS), ResourceRow.last_outcome.not_in(_GOOD))
        .subquery()
    )
    there = or_(pages.c.last_good_at.is_not(None), func.coalesce(pages.c.status, 0).not_in(_NOT_THERE))
    rows = session.execute(select(pages).where(there).order_by(pages.c.source, pages.c.url))
    return tuple(Unreadable(**row) for row in rows.mappings())


def collections(session: Session) -> tuple[Collected, ...]:
    """The REST collections whose total the site told, by address."""
    read = readings()
    statement = (
        select(
            ResourceRow.url,
            ResourceRow.total,
            ResourceRow.items,
            ResourceRow.last_fetched_at.label("asked_at"),
            ResourceRow.last_outcome.in_(_GOOD).label("good"),
            read.c.since,
        )
        .outerjoin(read, read.c.url == ResourceRow.url)
        .where(ResourceRow.kind == ResourceKind.REST, ResourceRow.total.is_not(None))
        .order_by(ResourceRow.last_fetched_at)
    )
    pages: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        if not _query(row.url).keys() & _FILTERS:
            pages[urlunsplit(urlsplit(row.url)._replace(query=""))].append(row)
    return tuple(_collected(session, url, pages[url]) for url in sorted(pages))


def readings() -> Subquery:
    """Each listing page that was ever read: its ``url``, and ``since``, the start of the run that read it last.

    A page that answers "not modified" is not read; what it said before still stands.
    """
    return (
        select(ResourceRow.url, func.max(func.coalesce(CrawlRunRow.started_at, FetchRow.fetched_at)).label("since"))
        .join(FetchRow, FetchRow.resource_id == ResourceRow.id)
        .outerjoin(CrawlRunRow, FetchRow.run_id == CrawlRunRow.id)
        .where(ResourceRow.kind.in_(_KINDS), FetchRow.outcome == FetchOutcome.LISTING)
        .group_by(ResourceRow.url)
        .subquery("readings")
    )


def _name(comment_listings: Collection[str]) -> ColumnElement[str]:
    of_comments = [
        or_(ResourceRow.url == url, ResourceRow.url.startswith(f"{url}?", autoescape=True)) for url in comment_listings
    ]
    return case((or_(*of_comments), COMMENTS), else_=ResourceRow.kind.cast(ListingRow.source.type))


def _source(session: Session, name: str, row: Any) -> Source:
    if row is None:
        return Source(name=name, state="not read", asked_at=None, last_good_at=None, error=None)
    error = None if row.answers else session.scalar(select(FetchRow.error).where(FetchRow.id == row.failure))
    state = "open" if row.answers else "broken"
    return Source(name=name, state=state, asked_at=row.asked_at, last_good_at=row.last_good_at, error=error)


def _collected(session: Session, url: str, asked: Sequence[Any]) -> Collected:
    latest = asked[-1]
    per_page = _number(_query(latest.url).get("per_page")) or _PER_PAGE
    count = -(-latest.total // per_page)
    numbered = {_number(_query(row.url).get("page")) or 1: row for row in asked}
    read = {number: row for number, row in numbered.items() if row.good and number <= count}
    missing = tuple(_spans(read, count))
    since = [row.since for row in read.values()]
    return Collected(
        url=url,
        total=latest.total,
        named=sum(row.items or 0 for row in read.values()),
        stored=_stored(session, url),
        pages=count,
        missing_pages=missing,
        whole_since=None if missing or None in since else min(since, default=None),
    )


def _spans(present: Iterable[int], last: int) -> Iterable[tuple[int, int]]:
    """The spans of numbers from 1 to ``last`` that are not present; however many those are."""
    expected = 1
    for number in sorted(present):
        if number > expected:
            yield expected, number - 1
        expected = number + 1
    if expected <= last:
        yield expected, last


def _stored(session: Session, url: str) -> int:
    if urlsplit(url).path.rstrip("/").endswith(f"/{COMMENTS}"):
        # REST lists no pings.
        shown = (
            CommentRow.kind == CommentKind.COMMENT,
            CommentRow.state.in_((CommentState.VISIBLE, CommentState.RETURNED)),
        )
        return session.execute(select(func.count()).select_from(CommentRow).where(*shown)).scalar_one()
    statement = (
        select(func.count(ResourceRow.article_id.distinct()))
        .join(ListingRow, ListingRow.resource_id == ResourceRow.id)
        .where(ListingRow.source == "rest", of_collection(url))
    )
    return session.execute(statement).scalar_one()


def of_collection(url: str) -> ColumnElement[bool]:
    """Whether what a listing row says was said by a page of this collection."""
    return ListingRow.listed_in.startswith(f"{url}?", autoescape=True)


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None

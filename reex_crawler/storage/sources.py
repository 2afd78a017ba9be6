"""The site's listings as sources: when each was last read well, which of their pages cannot be read, which are missing.

What they name is counted in ``coverage``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from reex_crawler.discovery.rest import PER_PAGE
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
# What bounds a reading of a collection to a part of it.
_LIMITS = frozenset({"after", "before", "modified_after", "modified_before"})


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
    named: int | None
    """Articles that it ever named; none for comments, which are kept with their articles."""
    stored: int
    """What is stored of it: articles, or the comments that are shown."""
    pages: int
    """Of how many pages the site's total makes it."""
    missing_pages: tuple[tuple[int, int], ...]
    """Spans of pages, first and last, that were never read or could not be read last."""
    whole_since: datetime | None
    """Every page named what it names at this instant or later; none where a page is missing."""


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
        .where(ResourceRow.kind.in_(_KINDS), FetchRow.outcome != FetchOutcome.KEPT)
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
    """The REST collections whose total the site told, by address.

    A collection is one address, whatever part of it is asked, and ``?page=N`` for its further pages.
    """
    statement = (
        select(ResourceRow.url, ResourceRow.total, ResourceRow.last_outcome.in_(_GOOD).label("good"))
        .where(ResourceRow.kind == ResourceKind.REST, ResourceRow.total.is_not(None))
        .order_by(ResourceRow.last_fetched_at)
    )
    pages: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        pages[_without_query(row.url)].append(row)
    named = _pages_named(session)
    return tuple(_collected(session, url, pages[url], named[url]) for url in sorted(pages))


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


def _pages_named(session: Session) -> defaultdict[str, dict[int, datetime]]:
    """For each collection, when the readings of its pages named something last, by number; parts of it are no pages."""
    statement = (
        select(ListingRow.listed_in, func.max(ListingRow.last_listed_at))
        .where(ListingRow.source == "rest")
        .group_by(ListingRow.listed_in)
    )
    pages: defaultdict[str, dict[int, datetime]] = defaultdict(dict)
    for listed_in, at in session.execute(statement):
        query = _query(listed_in)
        if not query.keys() & _LIMITS and query.get("orderby") != "modified":
            numbered = pages[_without_query(listed_in)]
            number = _page(listed_in)
            numbered[number] = max(at, numbered.get(number, at))
    return pages


def _collected(session: Session, url: str, asked: Sequence[Any], named_at: Mapping[int, datetime]) -> Collected:
    total = asked[-1].total
    count = -(-total // PER_PAGE)
    # The page that was asked last stands for its number.
    read = {number for number, row in {_page(row.url): row for row in asked}.items() if row.good and number <= count}
    missing = tuple(_spans(read, count))
    whole = not missing and read <= named_at.keys()
    named, stored = _known(session, url)
    return Collected(
        url=url,
        total=total,
        named=named,
        stored=stored,
        pages=count,
        missing_pages=missing,
        whole_since=min((named_at[number] for number in read), default=None) if whole else None,
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


def _known(session: Session, url: str) -> tuple[int | None, int]:
    """How much of a collection is named and stored."""
    if urlsplit(url).path.rstrip("/").endswith(f"/{COMMENTS}"):
        shown = CommentRow.state.in_((CommentState.VISIBLE, CommentState.RETURNED))
        # REST lists no pings.
        stored = select(func.count()).select_from(CommentRow).where(shown, CommentRow.kind == CommentKind.COMMENT)
        return None, session.execute(stored).scalar_one()
    statement = (
        select(func.count(), func.count(ResourceRow.article_id.distinct()))
        .join_from(ListingRow, ResourceRow)
        .where(ListingRow.source == "rest", of_collection(url))
    )
    named, stored_articles = session.execute(statement).one()
    return named, stored_articles


def of_collection(url: str) -> ColumnElement[bool]:
    """Whether what a listing row says was said by a page, or a part, of this collection."""
    return ListingRow.listed_in.startswith(f"{url}?", autoescape=True)


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _without_query(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(query=""))


def _page(url: str) -> int:
    number = _query(url).get("page", "")
    return int(number) if number.isdecimal() else 1

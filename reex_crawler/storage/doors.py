"""What is known of the listings themselves, and how far each source was read: what a spider sets out from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reex_crawler.discovery.revisit import GIVE_UP
from reex_crawler.storage.models import (
    ArticleRow,
    CommentRow,
    FetchOutcome,
    ListingRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
    TermRow,
)

_FORBIDDEN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_LISTINGS = (ResourceKind.FEED, ResourceKind.SITEMAP, ResourceKind.REST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One listing as it was found last."""

    url: str
    kind: ResourceKind
    is_open: bool
    """Whether the last answer was a listing."""
    is_shut: bool
    """Whether the site said that there is none, or not for us; a failure says neither."""
    due_at: datetime | None
    """Before when the site does not want it asked again (``Retry-After``)."""
    asked_at: datetime | None
    etag: str | None
    last_modified: str | None
    items: int | None
    """How many articles or comments it named when it was last read; none where it never was."""
    lastmod: datetime | None
    """A sitemap: when it was last changed, by the index that it was read from."""


def doors(session: Session) -> dict[str, Door]:
    """Every listing ever asked, by its address."""
    index = (ListingRow.resource_id == ResourceRow.id) & (ListingRow.source == "sitemap")
    statement = (
        select(ResourceRow, ListingRow.modified_at).outerjoin(ListingRow, index).where(ResourceRow.kind.in_(_LISTINGS))
    )
    return {
        row.url: Door(
            url=row.url,
            kind=row.kind,
            is_open=row.state is ResourceState.FETCHED,
            is_shut=_is_shut(row),
            due_at=row.next_due_at,
            asked_at=row.last_fetched_at,
            etag=row.etag,
            last_modified=row.last_modified,
            items=row.items,
            lastmod=lastmod,
        )
        for row, lastmod in session.execute(statement)
    }


def _is_shut(row: ResourceRow) -> bool:
    if row.state is ResourceState.FETCHED:
        return False
    # A page in place of JSON is how some plugins close REST; a feed that cannot be read may be mended any time.
    other = row.kind is ResourceKind.REST and row.last_status == HTTPStatus.OK
    by_robots = row.last_outcome is FetchOutcome.REFUSED and row.last_status is None and row.next_due_at is None
    return row.state is ResourceState.GONE or row.last_status in _FORBIDDEN or other or by_robots


def unread_feeds(session: Session) -> list[str]:
    """The older pages of feeds that a run wanted and could not read, or was stopped before."""
    unread = select(ResourceRow.url).where(
        ResourceRow.kind == ResourceKind.FEED,
        ResourceRow.url.contains("paged=", autoescape=True),
        ResourceRow.next_due_at.is_not(None),
        ResourceRow.tries < GIVE_UP,
    )
    return list(session.scalars(unread.order_by(ResourceRow.id)))


def term_feeds(session: Session) -> list[str]:
    """The feeds of every category and tag that is known; WordPress has them below the term's own page."""
    urls = session.scalars(select(TermRow.url).where(TermRow.url.is_not(None)).order_by(TermRow.id))
    return [f"{url.rstrip('/')}/feed/" for url in urls if url]


def newest_change(session: Session, source: str) -> datetime | None:
    """The latest time of change or publication that a source ever gave, by the site's own clock."""
    newest = select(func.max(ListingRow.modified_at), func.max(ListingRow.published_at))
    return max((at for at in session.execute(newest.where(ListingRow.source == source)).one() if at), default=None)


def newest_comment(session: Session) -> datetime | None:
    """When the newest stored comment was posted."""
    return session.scalar(select(func.max(CommentRow.posted_at)))


def any_article(session: Session) -> bool:
    """Whether any article is stored."""
    return session.scalar(select(ArticleRow.id).limit(1)) is not None


def any_asked(session: Session, urls: Collection[str]) -> bool:
    """Whether one of these addresses was ever asked."""
    asked = select(ResourceRow.id).where(ResourceRow.url.in_(urls), ResourceRow.state != ResourceState.NEW)
    return session.scalar(asked.limit(1)) is not None

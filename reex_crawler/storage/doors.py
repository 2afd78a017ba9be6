"""What is known of the listings themselves: whether they answer, their validators, when they were asked last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reex_crawler.storage.models import ListingRow, ResourceKind, ResourceRow, ResourceState, TermRow

_LISTINGS = (ResourceKind.FEED, ResourceKind.SITEMAP, ResourceKind.REST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One listing as it was found last."""

    url: str
    kind: ResourceKind
    is_open: bool
    """Whether the last answer was a listing."""
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
            asked_at=row.last_fetched_at,
            etag=row.etag,
            last_modified=row.last_modified,
            items=row.items,
            lastmod=lastmod,
        )
        for row, lastmod in session.execute(statement)
    }


def term_feeds(session: Session) -> list[str]:
    """The feeds of every category and tag that is known; WordPress has them below the term's own page."""
    urls = session.scalars(select(TermRow.url).where(TermRow.url.is_not(None)).order_by(TermRow.id))
    return [f"{url.rstrip('/')}/feed/" for url in urls if url]

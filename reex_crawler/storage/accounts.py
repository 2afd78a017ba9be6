"""What one run met with, and what comes next: read from the rows, for a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from reex_crawler.storage.backlog import Due
from reex_crawler.storage.models import FetchOutcome, FetchRow, ResourceKind, ResourceRow

_LISTINGS = (ResourceKind.FEED, ResourceKind.SITEMAP, ResourceKind.REST)
_UNREAD = (FetchOutcome.GONE, FetchOutcome.REFUSED, FetchOutcome.FAILED)
_UNUSED = (FetchOutcome.REFUSED, FetchOutcome.FAILED, FetchOutcome.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An address that gave nothing of use, and why."""

    url: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """What a run could not read; only the first addresses are named."""

    pages: tuple[Trouble, ...]
    """Of articles."""
    pages_in_all: int
    listings: tuple[Trouble, ...]
    """Those that are closed or broken."""
    listings_in_all: int


def troubles(session: Session, run_id: int, *, named: int) -> Troubles:
    """What a run could not read, with at most ``named`` addresses of each kind."""
    pages = _fetches(run_id, (ResourceKind.ARTICLE,), _UNUSED)
    listings = _fetches(run_id, _LISTINGS, _UNREAD)
    return Troubles(
        pages=_troubles(session, pages, named),
        pages_in_all=_count(session, pages),
        listings=_troubles(session, listings, named),
        listings_in_all=_count(session, listings),
    )


def upcoming(session: Session, now: datetime) -> Due | None:
    """What is to be asked next, apart from what is due at ``now``; none where nothing is planned."""
    later = (
        select(ResourceRow.url, ResourceRow.next_due_at, ResourceRow.due_reason)
        .where(ResourceRow.kind == ResourceKind.ARTICLE, ResourceRow.next_due_at > now)
        .order_by(ResourceRow.next_due_at, ResourceRow.id)
    )
    first = session.execute(later.limit(1)).first()
    return Due(first.url, first.next_due_at, first.due_reason) if first else None


def _fetches(
    run_id: int, kinds: tuple[ResourceKind, ...], outcomes: tuple[FetchOutcome, ...]
) -> Select[str, str | None, FetchOutcome]:
    """Each address of a kind whose last answer in this run turned out so: one that was read in the end is left out."""
    read = FetchRow.run_id == run_id, FetchRow.outcome != FetchOutcome.KEPT
    last = select(func.max(FetchRow.id)).where(*read).group_by(FetchRow.resource_id)
    return (
        select(ResourceRow.url, FetchRow.error, FetchRow.outcome)
        .join(FetchRow, FetchRow.resource_id == ResourceRow.id)
        .where(FetchRow.id.in_(last), ResourceRow.kind.in_(kinds), FetchRow.outcome.in_(outcomes))
    )


def _count(session: Session, fetches: Select[str, str | None, FetchOutcome]) -> int:
    return session.scalar(select(func.count()).select_from(fetches.subquery())) or 0


def _troubles(session: Session, fetches: Select[str, str | None, FetchOutcome], named: int) -> tuple[Trouble, ...]:
    # What failed comes first: what is set aside is mostly the same few pages in every run.
    set_aside = FetchRow.outcome == FetchOutcome.QUARANTINED
    found = session.execute(fetches.order_by(set_aside, FetchRow.id).limit(named))
    return tuple(Trouble(url, error or outcome) for url, error, outcome in found)

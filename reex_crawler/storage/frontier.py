"""What asking an address gave, which article it leads to, and when it is to be asked again.

What listings say of addresses is in ``listings``, which of them are to be asked now in ``agenda``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, literal, or_, select, update
from sqlalchemy.orm import Session

from reex_crawler.discovery import revisit
from reex_crawler.discovery.revisit import History, Trouble
from reex_crawler.records import DueReason, Record
from reex_crawler.storage import fetches, listings
from reex_crawler.storage.models import (
    ArticleRow,
    ArticleState,
    CommentRow,
    FetchOutcome,
    Origin,
    ResourceKind,
    ResourceRow,
    ResourceState,
    RevisionRow,
)
from reex_crawler.storage.types import UtcDateTime, whole_second

_STATE_AFTER = {
    FetchOutcome.ARTICLE: ResourceState.FETCHED,
    FetchOutcome.PART: ResourceState.FETCHED,
    FetchOutcome.LISTING: ResourceState.FETCHED,
    FetchOutcome.NOT_MODIFIED: ResourceState.FETCHED,
    FetchOutcome.REDIRECTED: ResourceState.MOVED,
    FetchOutcome.QUARANTINED: ResourceState.QUARANTINED,
    FetchOutcome.GONE: ResourceState.GONE,
    FetchOutcome.REFUSED: ResourceState.FAILED,
    FetchOutcome.FAILED: ResourceState.FAILED,
}
_REASON_AFTER = {FetchOutcome.GONE: DueReason.GONE}
_FAILURES = frozenset({FetchOutcome.QUARANTINED, FetchOutcome.REFUSED, FetchOutcome.FAILED})
_WITHOUT_CONTENT = _FAILURES | {FetchOutcome.NOT_MODIFIED, FetchOutcome.GONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer, or one try that got none, as the frontier keeps it."""

    url: str
    """The URL that was asked."""
    kind: ResourceKind
    outcome: FetchOutcome
    fetched_at: datetime
    final_url: str | None = None
    status: int | None = None
    error: str | None = None
    digest: str | None = None
    """SHA-256 of the body in hex."""
    size: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    reason: DueReason | None = None
    """Why it was asked."""
    trouble: Trouble = Trouble.FAILED
    """Where it held no article: what kept it away."""
    not_before: datetime | None = None
    """When the site wants it asked again (``Retry-After``)."""
    items: int | None = None
    """A listing: how many articles or comments it names."""
    total: int | None = None
    """A listing: how many the site says there are."""
    run_id: int | None = None
    record: Record | None = None
    """Where the archive keeps the answer."""
    note: tuple[str, int] | None = None
    """File and offset of the record that notes with what it was read."""
    reading_hash: str | None = None
    """Of the article that was read from it."""


def record(session: Session, fetched: Fetched) -> int:
    """Keep one answer and what it means for its address; gives its number. One recorded before is the same row.

    An answer older than the last one (read again from an archive) leaves the address as it is. When the address of an
    article is to be asked again is set by ``attach``, that of any other here.
    """
    at = whole_second(fetched.fetched_at)
    listings.add(session, fetched.kind, at, {fetched.url})
    row = session.execute(
        select(
            ResourceRow.id,
            ResourceRow.state,
            ResourceRow.tries,
            ResourceRow.last_fetched_at,
            ResourceRow.next_due_at,
        ).where(ResourceRow.url == fetched.url)
    ).one()
    resource_id = row.id
    keep = fetched.outcome in _WITHOUT_CONTENT
    tries = row.tries + 1 if fetched.outcome in _FAILURES else 0
    state, due = _STATE_AFTER[fetched.outcome], _again(fetched, at, tries, row)
    if due is None and state is ResourceState.FAILED and fetched.kind is ResourceKind.ARTICLE:
        state = ResourceState.DEAD
    session.execute(
        update(ResourceRow)
        .where(
            ResourceRow.id == resource_id,
            or_(ResourceRow.last_fetched_at.is_(None), ResourceRow.last_fetched_at <= at),
        )
        .values(
            kind=fetched.kind,
            state=state,
            tries=tries,
            last_outcome=fetched.outcome,
            last_status=fetched.status,
            last_error=fetched.error,
            last_fetched_at=at,
            next_due_at=due,
            due_reason=_REASON_AFTER.get(fetched.outcome, DueReason.RETRY) if due else None,
            etag=func.coalesce(fetched.etag, ResourceRow.etag) if keep else fetched.etag,
            last_modified=func.coalesce(fetched.last_modified, ResourceRow.last_modified)
            if keep
            else fetched.last_modified,
            items=func.coalesce(fetched.items, ResourceRow.items) if keep else fetched.items,
            total=func.coalesce(fetched.total, ResourceRow.total),
        )
    )
    if fetched.outcome is FetchOutcome.GONE:
        _note_missing(session, resource_id, at)
    file, offset = fetched.note or (None, None)
    values = {
        "resource_id": resource_id,
        "run_id": fetched.run_id,
        "fetched_at": at,
        "final_url": fetched.final_url,
        "status": fetched.status,
        "reason": fetched.reason,
        "outcome": fetched.outcome,
        "error": fetched.error,
        "digest": fetched.digest,
        "size": fetched.size,
        "note_file": file,
        "note_offset": offset,
        "reading_hash": fetched.reading_hash,
    }
    return fetches.write(session, values, fetched.record)


def attach(session: Session, article_id: int, urls: set[str], *, seen_at: datetime) -> None:
    """Note which article the addresses lead to, and when to look at it again: at its canonical one only.

    One that was not asked itself (a canonical one) counts as fetched.
    """
    listings.add(session, ResourceKind.ARTICLE, seen_at, urls)
    at = whole_second(seen_at)
    state = case((ResourceRow.state == ResourceState.NEW, ResourceState.FETCHED), else_=ResourceRow.state)
    values = {
        "article_id": article_id,
        "state": state,
        # Inside of an expression SQLAlchemy would write an instant as SQLite's own kind, without its zone.
        "last_fetched_at": func.coalesce(ResourceRow.last_fetched_at, literal(at, UtcDateTime)),
    }
    session.execute(update(ResourceRow).where(ResourceRow.url.in_(urls)).values(values))
    known = history(session, article_id)
    canonical = select(ArticleRow.url).where(ArticleRow.id == article_id).scalar_subquery()
    is_canonical = ResourceRow.url == canonical
    due_at = literal(seen_at + revisit.interval(known, seen_at), UtcDateTime)
    # A former address is looked at no more; one that is due because of what a listing says of it stays so.
    former = ResourceRow.due_reason.in_((DueReason.REVISIT, DueReason.UNLISTED))
    session.execute(
        update(ResourceRow)
        .where(ResourceRow.article_id == article_id, ResourceRow.kind == ResourceKind.ARTICLE)
        .where(or_(ResourceRow.next_due_at.is_(None), ResourceRow.url.in_(urls), is_canonical, former))
        .where(ResourceRow.last_fetched_at <= at)
        .values(
            next_due_at=case((is_canonical, due_at), else_=None),
            due_reason=case((is_canonical, DueReason.REVISIT), else_=None),
        )
    )


def history(session: Session, article_id: int) -> History:
    """What is known of an article that decides how soon it may change again."""
    row = session.execute(
        select(ArticleRow.first_seen_at, ArticleRow.published_at).where(ArticleRow.id == article_id)
    ).one()
    revisions = select(func.count(), func.max(RevisionRow.first_seen_at)).where(
        RevisionRow.article_id == article_id, RevisionRow.origin == Origin.SITE
    )
    count, last = session.execute(revisions).one()
    edits = max(count - 1, 0)
    return History(
        first_seen_at=row.first_seen_at,
        published_at=row.published_at,
        edits=edits,
        edited_at=last if edits else None,
        commented_at=session.scalar(select(func.max(CommentRow.posted_at)).where(CommentRow.article_id == article_id)),
    )


def _again(fetched: Fetched, at: datetime, tries: int, before: Any) -> datetime | None:
    """When to ask an address again after an answer without an article; a listing, only if the site said when."""
    if fetched.kind is not ResourceKind.ARTICLE:
        # One that is still to be read stays so.
        return fetched.not_before or (before.next_due_at if fetched.outcome in _FAILURES else None)
    if fetched.outcome is FetchOutcome.GONE:
        away = before.last_fetched_at if before.state is ResourceState.GONE else None
        return revisit.after_absence(at, away)
    if fetched.outcome not in _FAILURES:
        return None
    due = revisit.after_failure(fetched.trouble, tries, at)
    return max(due, whole_second(fetched.not_before)) if due and fetched.not_before else due


def _note_missing(session: Session, resource_id: int, at: datetime) -> None:
    """An article whose own address is gone is missing: not confirmed, and its last good copy stays."""
    gone = select(ResourceRow.url).where(ResourceRow.id == resource_id).scalar_subquery()
    article_id = select(ResourceRow.article_id).where(ResourceRow.id == resource_id).scalar_subquery()
    session.execute(
        update(ArticleRow)
        .where(ArticleRow.id == article_id, ArticleRow.url == gone)
        .where(ArticleRow.state == ArticleState.LIVE, ArticleRow.last_seen_at < at)
        .values(state=ArticleState.MISSING)
    )

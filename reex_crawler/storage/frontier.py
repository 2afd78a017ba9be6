"""What we know of addresses: who listed them, what asking them gave, which article they lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from reex_crawler.records import Listed
from reex_crawler.storage.dialect import insert_into
from reex_crawler.storage.models import (
    ArticleRow,
    ArticleState,
    FetchOutcome,
    FetchRow,
    ListingRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
)
from reex_crawler.storage.types import whole_second

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
# What browsers and Scrapy take (URLLENGTH_LIMIT), and what an index of PostgreSQL can hold.
_LONGEST_URL = 2083
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
    run_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored article as a spider needs it to decide whether to ask again."""

    article_id: int
    post_id: int | None
    modified_at: datetime | None
    last_seen_at: datetime


def remember(session: Session, listed: Iterable[Listed], *, seen_at: datetime) -> None:
    """Keep every listed address of an article with each source that named it and what it said, in two statements.

    What a source leaves out this time (a date, an id) stays as it last said it. An address too long to be asked for is
    left out.
    """
    askable = (one for one in listed if len(one.url) <= _LONGEST_URL)
    entries = list({(one.source, one.url): _listing(one, seen_at) for one in askable}.values())
    if not entries:
        return
    _add(session, ResourceKind.ARTICLE, seen_at, {entry["listed_url"] for entry in entries})
    resource_id = select(ResourceRow.id).where(ResourceRow.url == bindparam("listed_url")).scalar_subquery()
    insert = insert_into(session, ListingRow).values(resource_id=resource_id, first_listed_at=seen_at)
    new, old = insert.excluded, ListingRow.__table__.c
    said = {
        name: func.coalesce(new[name], old[name])
        for name in ("post_id", "published_at", "modified_at", "comment_count")
    }
    upsert = insert.on_conflict_do_update(
        index_elements=["resource_id", "source"],
        set_={"listed_in": new.listed_in, "last_listed_at": new.last_listed_at, **said},
    )
    session.execute(upsert, entries)


def record(session: Session, fetched: Fetched) -> int:
    """Keep one answer and what it means for its address; gives its number. One recorded before is the same row.

    An answer older than the last one (read again from an archive) leaves the address as it is.
    """
    at = whole_second(fetched.fetched_at)
    _add(session, fetched.kind, at, {fetched.url})
    resource_id = session.execute(select(ResourceRow.id).where(ResourceRow.url == fetched.url)).scalar_one()
    keep = fetched.outcome in _WITHOUT_CONTENT
    session.execute(
        update(ResourceRow)
        .where(
            ResourceRow.id == resource_id,
            or_(ResourceRow.last_fetched_at.is_(None), ResourceRow.last_fetched_at <= at),
        )
        .values(
            kind=fetched.kind,
            state=_STATE_AFTER[fetched.outcome],
            tries=ResourceRow.tries + 1 if fetched.outcome in _FAILURES else 0,
            last_outcome=fetched.outcome,
            last_status=fetched.status,
            last_error=fetched.error,
            last_fetched_at=at,
            etag=func.coalesce(fetched.etag, ResourceRow.etag) if keep else fetched.etag,
            last_modified=func.coalesce(fetched.last_modified, ResourceRow.last_modified)
            if keep
            else fetched.last_modified,
        )
    )
    if fetched.outcome is FetchOutcome.GONE:
        _note_missing(session, resource_id, at)
    insert = insert_into(session, FetchRow).values(
        resource_id=resource_id,
        run_id=fetched.run_id,
        fetched_at=at,
        final_url=fetched.final_url,
        status=fetched.status,
        outcome=fetched.outcome,
        error=fetched.error,
        digest=fetched.digest,
        size=fetched.size,
    )
    upsert = insert.on_conflict_do_update(
        index_elements=["resource_id", "fetched_at", "digest"],
        set_={"outcome": insert.excluded.outcome, "error": insert.excluded.error},
    )
    return session.execute(upsert.returning(FetchRow.id)).scalar_one()


def attach(session: Session, article_id: int, urls: set[str], *, seen_at: datetime) -> None:
    """Note which article the addresses lead to. One that was not asked itself (a canonical one) counts as fetched."""
    _add(session, ResourceKind.ARTICLE, seen_at, urls)
    state = case((ResourceRow.state == ResourceState.NEW, ResourceState.FETCHED), else_=ResourceRow.state)
    values = {
        "article_id": article_id,
        "state": state,
        "last_fetched_at": func.coalesce(ResourceRow.last_fetched_at, whole_second(seen_at)),
    }
    session.execute(update(ResourceRow).where(ResourceRow.url.in_(urls)).values(values))


def known(session: Session) -> dict[str, Known]:
    """Every address that led to a stored article, old ones included."""
    columns = (ArticleRow.id, ArticleRow.post_id, ArticleRow.modified_at, ArticleRow.last_seen_at)
    by_resource = select(ResourceRow.url, *columns).join(ArticleRow, ResourceRow.article_id == ArticleRow.id)
    return {
        url: Known(article_id=article_id, post_id=post_id, modified_at=modified_at, last_seen_at=last_seen_at)
        for url, article_id, post_id, modified_at, last_seen_at in session.execute(
            by_resource.where(ResourceRow.kind == ResourceKind.ARTICLE)
        )
    }


def _listing(one: Listed, seen_at: datetime) -> dict[str, Any]:
    return {
        "listed_url": one.url,
        "source": one.source,
        "listed_in": one.listed_in,
        "post_id": one.post_id,
        "published_at": one.published.at if one.published else None,
        "modified_at": one.modified.at if one.modified else None,
        "comment_count": one.comment_count,
        "last_listed_at": seen_at,
    }


def _add(session: Session, kind: ResourceKind, seen_at: datetime, urls: set[str]) -> None:
    """Make sure that each address has a row; sorted, so that two writers cannot wait for each other in a circle."""
    common = {"kind": kind, "state": ResourceState.NEW, "tries": 0, "first_seen_at": seen_at}
    insert = insert_into(session, ResourceRow).on_conflict_do_nothing()
    session.execute(insert, [{"url": url, **common} for url in sorted(urls)])


def _note_missing(session: Session, resource_id: int, at: datetime) -> None:
    """An article whose address is gone is missing: not confirmed, and its last good copy stays."""
    article_id = select(ResourceRow.article_id).where(ResourceRow.id == resource_id).scalar_subquery()
    session.execute(
        update(ArticleRow)
        .where(ArticleRow.id == article_id, ArticleRow.state == ArticleState.LIVE, ArticleRow.last_seen_at < at)
        .values(state=ArticleState.MISSING)
    )

"""One address and all that decides when it is asked: the article it leads to, who names it, what every visit found."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reex_crawler.discovery.revisit import History
from reex_crawler.records import DueReason
from reex_crawler.storage import frontier, known, lookup
from reex_crawler.storage.models import (
    ArticleRow,
    ArticleState,
    CommentRow,
    CommentState,
    FetchOutcome,
    FetchRow,
    ListingRow,
    Origin,
    ResourceKind,
    ResourceRow,
    ResourceState,
    RevisionRow,
)

_SHOWN = (CommentState.VISIBLE, CommentState.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One spelling that the site has, or had, for it."""

    url: str
    kind: ResourceKind
    state: ResourceState
    tries: int
    last_status: int | None
    last_error: str | None
    first_seen_at: datetime
    last_fetched_at: datetime | None
    next_due_at: datetime | None
    due_reason: DueReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The stored article, as far as it bears on when it is asked."""

    id: int
    post_id: int | None
    url: str
    title: str
    state: ArticleState
    last_seen_at: datetime
    comments: int
    """How many the site shows."""
    history: History
    """What decides how soon it is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What one source says of one of the addresses."""

    source: str
    url: str
    listed_in: str
    first_listed_at: datetime
    last_listed_at: datetime
    published_at: datetime | None
    modified_at: datetime | None
    comment_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One time it was asked, and what that found."""

    at: datetime
    url: str
    reason: DueReason | None
    status: int | None
    found: str
    """``new``, ``revised`` or ``unchanged`` content, ``reread`` where only our reading changed, else the outcome."""
    new_comments: int
    error: str | None
    run_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that is known of one address; the first of ``addresses`` is the one that is asked."""

    article: Stored | None
    addresses: tuple[Address, ...]
    named_by: tuple[Naming, ...]
    visits: tuple[Visit, ...]
    """The last ones, newest first."""


def find(
    session: Session, *, urls: Collection[str], slug: str | None, number: int | None, visits: int = 10
) -> Story | None:
    """The story of the first that is known: one of the URLs, a slug, a post id or our number of an article."""
    meant = lookup.find(session, urls=urls, slug=slug, number=number)
    if meant is None:
        return None
    ids, article_id = meant.resource_ids, meant.article_id
    row = session.get(ArticleRow, article_id) if article_id is not None else None
    resources = list(session.scalars(select(ResourceRow).where(ResourceRow.id.in_(ids))))
    resources.sort(key=lambda one: (row is None or one.url != row.url, known.STATES.index(one.state), one.url))
    return Story(
        article=_stored(session, row) if row else None,
        addresses=tuple(map(_address, resources)),
        named_by=tuple(_named_by(session, ids)),
        visits=tuple(_visits(session, ids, article_id, visits)),
    )


def _address(row: ResourceRow) -> Address:
    return Address(
        url=row.url,
        kind=row.kind,
        state=row.state,
        tries=row.tries,
        last_status=row.last_status,
        last_error=row.last_error,
        first_seen_at=row.first_seen_at,
        last_fetched_at=row.last_fetched_at,
        next_due_at=row.next_due_at,
        due_reason=row.due_reason,
    )


def _stored(session: Session, row: ArticleRow) -> Stored:
    shown = CommentRow.article_id == row.id, CommentRow.state.in_(_SHOWN)
    return Stored(
        id=row.id,
        post_id=row.post_id,
        url=row.url,
        title=row.title,
        state=row.state,
        last_seen_at=row.last_seen_at,
        comments=session.execute(select(func.count()).select_from(CommentRow).where(*shown)).scalar_one(),
        history=frontier.history(session, row.id),
    )


def _named_by(session: Session, ids: Collection[int]) -> Iterable[Naming]:
    statement = (
        select(ResourceRow.url, ListingRow)
        .join(ListingRow, ListingRow.resource_id == ResourceRow.id)
        .where(ResourceRow.id.in_(ids))
        .order_by(ListingRow.source, ResourceRow.url)
    )
    for url, row in session.execute(statement):
        yield Naming(
            source=row.source,
            url=url,
            listed_in=row.listed_in,
            first_listed_at=row.first_listed_at,
            last_listed_at=row.last_listed_at,
            published_at=row.published_at,
            modified_at=row.modified_at,
            comment_count=row.comment_count,
        )


def _visits(session: Session, ids: Collection[int], article_id: int | None, limit: int) -> Iterable[Visit]:
    revisions = (
        select(RevisionRow.fetch_id, RevisionRow.origin)
        .where(RevisionRow.article_id == article_id)
        .order_by(RevisionRow.first_seen_at, RevisionRow.id)
    )
    contents: dict[int | None, str] = {}
    for place, (fetch_id, origin) in enumerate(session.execute(revisions)):
        contents[fetch_id] = "new" if place == 0 else "revised" if origin is Origin.SITE else "reread"
    thread = select(CommentRow.first_seen_at, func.count()).where(CommentRow.article_id == article_id)
    comments = dict(iter(session.execute(thread.group_by(CommentRow.first_seen_at))))
    statement = (
        select(ResourceRow.url, FetchRow)
        .join(FetchRow, FetchRow.resource_id == ResourceRow.id)
        .where(ResourceRow.id.in_(ids), FetchRow.outcome != FetchOutcome.KEPT)
        .order_by(FetchRow.fetched_at.desc(), FetchRow.id.desc())
        .limit(limit)
    )
    for url, row in session.execute(statement):
        read = row.outcome is FetchOutcome.ARTICLE
        yield Visit(
            at=row.fetched_at,
            url=url,
            reason=row.reason,
            status=row.status,
            found=contents.get(row.id, "unchanged") if read else row.outcome.value,
            new_comments=comments.get(row.fetched_at, 0) if read else 0,
            error=row.error,
            run_id=row.run_id,
        )

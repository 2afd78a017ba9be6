"""What listings say of addresses, and what that makes due: the first half of the frontier.

Whatever a listing tells is written in the transaction that notes the answer of the listing itself. So a crawl that is
killed between the two loses nothing, and a listing that answers "not modified" later has really been taken in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import and_, bindparam, case, func, not_, or_, select, update
from sqlalchemy.orm import Session

from reex_crawler.discovery import facts
from reex_crawler.discovery.revisit import PLANNED
from reex_crawler.records import DueReason, Listed, ListedComment
from reex_crawler.storage.dialect import insert_into
from reex_crawler.storage.models import (
    ArticleRow,
    CommentRow,
    FetchRow,
    ListingRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
)
from reex_crawler.storage.types import whole_second

# What browsers and Scrapy take (URLLENGTH_LIMIT), and what an index of PostgreSQL can hold.
LONGEST_URL = 2083
# Both databases take more parameters in a statement.
_AT_ONCE = 500

# No newsroom edits so much between two runs.
_MANY = 30

COMMENTS = "comments"
"""The source that names an article because of a comment of its; no listing of articles."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Before:
    """What was known of an address before a listing was read."""

    state: ResourceState
    last_fetched_at: datetime | None
    modified_at: datetime | None
    """When it was changed, and below how many comments it had, as the same source said last."""
    comment_count: int | None


def remember(
    session: Session, listed: Iterable[Listed], *, seen_at: datetime, news_since: datetime | None = None
) -> None:
    """Keep every listed address with each source that named it and what it said; mark due what changed.

    Due are articles that were changed since the source dated them last (or since they were fetched, where it dates
    them for the first time), those whose number of comments changed, and unknown ones: where the same listing was read
    before and did not name them, and those published or changed since ``news_since``. Other unknown ones wait for a
    backfill. What a source leaves out this time (a date, an id) stays as it last said it. An address too long to be
    asked for is left out.
    """
    said = {(one.source, one.url): one for one in listed if len(one.url) <= LONGEST_URL}
    if not said:
        return
    before = _before(session, said.values())
    read_before = _read_before(session, {one.listed_in for one in said.values()})
    due: dict[DueReason, set[str]] = defaultdict(set)
    for key, one in said.items():
        if reason := _reason(one, before.get(key), known=one.listed_in in read_before, news_since=news_since):
            due[reason].add(one.url)
    mapped = sum(one.source == "sitemap" for one in said.values())
    if _is_sweeping(len(due[DueReason.EDITED]), mapped):
        due[DueReason.REVISIT] |= due.pop(DueReason.EDITED)
    add(session, ResourceKind.ARTICLE, seen_at, {one.url for one in said.values()})
    _keep(session, [_listing(one, seen_at) for one in said.values()], seen_at)
    for reason, urls in due.items():
        mark_due(session, urls, reason, seen_at)


def commented(session: Session, named: Sequence[ListedComment], *, listed_in: str, seen_at: datetime) -> None:
    """Mark the articles of comments due that are not stored, once for each comment.

    Once, since some are never shown: WordPress lists an approved reply under a held comment, and prints neither. A
    comment of an article that is not known is left to the listings of articles.
    """
    stored: set[int] = set()
    for ids in _batches({comment.comment_id for comment in named}):
        stored |= set(session.scalars(select(CommentRow.comment_id).where(CommentRow.comment_id.in_(ids))))
    news = [comment for comment in named if comment.comment_id not in stored]
    addresses = _addresses(session, news)
    by_url: dict[str, set[int]] = defaultdict(set)
    for comment in news:
        if url := addresses.get(comment.article_url) or addresses.get(comment.post_id):
            by_url[url].add(comment.comment_id)
    told = _told(session, by_url.keys())
    fresh = {url: ids | told.get(url, set()) for url, ids in by_url.items() if not ids <= told.get(url, set())}
    if not fresh:
        return
    empty = {"post_id": None, "published_at": None, "modified_at": None, "comment_count": None}
    common = empty | {"source": COMMENTS, "listed_in": listed_in, "last_listed_at": seen_at}
    entries = [common | {"listed_url": url, "facts": {"comments": sorted(ids)}} for url, ids in fresh.items()]
    _keep(session, entries, seen_at)
    mark_due(session, fresh, DueReason.COMMENTS, seen_at)


def unlisted(
    session: Session, *, source: str, listed_in: Collection[str], seen_at: datetime, since: datetime | None = None
) -> None:
    """Mark due what these listings named before, and their reading at ``seen_at`` does not, until it was asked once.

    Of a feed, which shows the newest only, what was published before ``since`` has just moved on.
    """
    asked = select(FetchRow.id).where(
        FetchRow.resource_id == ResourceRow.id,
        FetchRow.reason == DueReason.UNLISTED,
        FetchRow.fetched_at > ListingRow.last_listed_at,
    )
    missing = (
        select(ResourceRow.url)
        .join(ListingRow, ListingRow.resource_id == ResourceRow.id)
        .join(ArticleRow, ArticleRow.id == ResourceRow.article_id)
        .where(ListingRow.source == source, ListingRow.listed_in.in_(listed_in))
        .where(ListingRow.last_listed_at < whole_second(seen_at), ~asked.exists())
        # An article's former address is rightly listed no more.
        .where(ArticleRow.url == ResourceRow.url)
        .where(ResourceRow.kind == ResourceKind.ARTICLE, ResourceRow.state == ResourceState.FETCHED)
    )
    if since is not None:
        missing = missing.where(ListingRow.published_at >= since)
    mark_due(session, set(session.scalars(missing)), DueReason.UNLISTED, seen_at)


def take_newest(session: Session, count: int, at: datetime) -> None:
    """Let the newest of the addresses that were never asked be asked at once, as far as listings date them."""
    dated = func.max(func.coalesce(ListingRow.modified_at, ListingRow.published_at))
    newest = (
        select(ResourceRow.url)
        .join(ListingRow, ListingRow.resource_id == ResourceRow.id)
        .where(ResourceRow.kind == ResourceKind.ARTICLE, ResourceRow.state == ResourceState.NEW)
        .group_by(ResourceRow.id)
        .order_by(dated.desc().nulls_last(), ResourceRow.id)
        .limit(count)
    )
    mark_due(session, set(session.scalars(newest)), DueReason.NEW, at)


def mark_due(session: Session, urls: Iterable[str], reason: DueReason, at: datetime) -> None:
    """Let addresses be asked at once; one that is due already keeps its reason, unless that was only planned.

    What failed is asked again when that was planned for, since the site may have said when (``Retry-After``).
    """
    at = whole_second(at)
    failed = and_(ResourceRow.state == ResourceState.FAILED, ResourceRow.due_reason == DueReason.RETRY)
    takes = or_(ResourceRow.next_due_at.is_(None), and_(ResourceRow.next_due_at > at, not_(failed)))
    if reason not in PLANNED:
        takes = or_(takes, ResourceRow.due_reason.in_(PLANNED))
    for some in _batches(sorted(urls)):
        due_now = update(ResourceRow).where(ResourceRow.url.in_(some), takes)
        session.execute(due_now.values(next_due_at=at, due_reason=reason))


def add(session: Session, kind: ResourceKind, seen_at: datetime, urls: Collection[str]) -> None:
    """Make sure that each address has a row; sorted, so that two writers cannot wait for each other in a circle.

    One whose answer was only kept is of this kind from now on, and as good as never asked.
    """
    if urls:
        common = {"kind": kind, "state": ResourceState.NEW, "tries": 0, "first_seen_at": seen_at}
        insert = insert_into(session, ResourceRow)
        upsert = insert.on_conflict_do_update(
            index_elements=["url"],
            set_={"kind": insert.excluded.kind, "state": insert.excluded.state},
            where=and_(ResourceRow.kind == ResourceKind.OTHER, insert.excluded.kind != ResourceKind.OTHER),
        )
        session.execute(upsert, [{"url": url, **common} for url in sorted(urls)])


def keep_lastmod(
    session: Session, sitemap_url: str, *, listed_in: str, modified_at: datetime | None, seen_at: datetime
) -> None:
    """Keep when, by its index, a sitemap that was just read was last changed."""
    entry = {"listed_url": sitemap_url, "source": "sitemap", "listed_in": listed_in, "modified_at": modified_at}
    empty = {"post_id": None, "published_at": None, "comment_count": None, "facts": None}
    _keep(session, [entry | empty | {"last_listed_at": seen_at}], seen_at)


def _is_sweeping(edited: int, mapped: int) -> bool:
    """Whether so much of a sitemap changed at once that it tells nothing: some plugins date every article now."""
    return mapped > 0 and edited >= _MANY and edited * 5 >= mapped * 4


def _reason(one: Listed, before: _Before | None, *, known: bool, news_since: datetime | None) -> DueReason | None:
    changed = max((dated.at for dated in (one.modified, one.published) if dated), default=None)
    if before is None or before.state is ResourceState.NEW:
        recent = news_since is not None and changed is not None and changed >= news_since
        newly_named = before is None and known
        return DueReason.NEW if recent or newly_named else None
    since = before.modified_at or before.last_fetched_at
    if one.modified and since and whole_second(one.modified.at) > whole_second(since):
        return DueReason.EDITED
    if one.comment_count is not None and before.comment_count not in {None, one.comment_count}:
        return DueReason.COMMENTS
    return None


def _addresses(session: Session, comments: Collection[ListedComment]) -> dict[str | int | None, str]:
    """The address to ask for an article, by what a comment tells of it: its canonical URL or its post id."""
    urls = {comment.article_url for comment in comments if comment.article_url}
    post_ids = {comment.post_id for comment in comments if comment.post_id}
    articles = select(ArticleRow.url, ArticleRow.post_id).where(
        or_(ArticleRow.url.in_(urls), ArticleRow.post_id.in_(post_ids))
    )
    found: dict[str | int | None, str] = {}
    for url, post_id in session.execute(articles):
        found[url] = url
        if post_id is not None:
            found[post_id] = url
    return found


def _told(session: Session, urls: Collection[str]) -> dict[str, set[int]]:
    """The comments that made an address due before."""
    statement = (
        select(ResourceRow.url, ListingRow.facts)
        .join(ListingRow, ListingRow.resource_id == ResourceRow.id)
        .where(ResourceRow.url.in_(urls), ListingRow.source == COMMENTS)
    )
    return {url: set((said or {}).get("comments", ())) for url, said in session.execute(statement)}


def _before(session: Session, said: Collection[Listed]) -> dict[tuple[str, str], _Before]:
    found: dict[tuple[str, str], _Before] = {}
    for source in {one.source for one in said}:
        here = (ListingRow.resource_id == ResourceRow.id) & (ListingRow.source == source)
        statement = select(
            ResourceRow.url,
            ResourceRow.state,
            ResourceRow.last_fetched_at,
            ListingRow.modified_at,
            ListingRow.comment_count,
        ).outerjoin(ListingRow, here)
        for urls in _batches([one.url for one in said if one.source == source]):
            for row in session.execute(statement.where(ResourceRow.url.in_(urls))):
                found[source, row[0]] = _Before(*row[1:])
    return found


def _read_before(session: Session, listings: Collection[str]) -> set[str]:
    """Which of these listings were read well before."""
    read = select(ResourceRow.url).where(ResourceRow.url.in_(listings), ResourceRow.items.is_not(None))
    return set(session.scalars(read))


def _keep(session: Session, entries: list[dict[str, Any]], seen_at: datetime) -> None:
    resource_id = select(ResourceRow.id).where(ResourceRow.url == bindparam("listed_url")).scalar_subquery()
    insert = insert_into(session, ListingRow).values(resource_id=resource_id, first_listed_at=seen_at)
    new, old = insert.excluded, ListingRow.__table__.c
    told: dict[str, Any] = {
        name: func.coalesce(new[name], old[name]) for name in ("post_id", "published_at", "comment_count", "facts")
    }
    # Two listings of one source may date a change differently; only a later one is news.
    earlier = old.modified_at > new.modified_at
    told["modified_at"] = case((earlier, old.modified_at), else_=func.coalesce(new.modified_at, old.modified_at))
    upsert = insert.on_conflict_do_update(
        index_elements=["resource_id", "source"],
        set_={"listed_in": new.listed_in, "last_listed_at": new.last_listed_at, **told},
    )
    session.execute(upsert, entries)


def _listing(one: Listed, seen_at: datetime) -> dict[str, Any]:
    return {
        "listed_url": one.url,
        "source": one.source,
        "listed_in": one.listed_in,
        "post_id": one.post_id,
        "published_at": one.published.at if one.published else None,
        "modified_at": one.modified.at if one.modified else None,
        "comment_count": one.comment_count,
        # A feed also names what is behind a password, with its title.
        "facts": facts.dump(replace(one, title=None)) or None,
        "last_listed_at": seen_at,
    }


def _batches(values: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(values)
    while some := list(islice(iterator, _AT_ONCE)):
        yield some

"""Which addresses are to be asked now, why, and what their listings say of them: the frontier as a list of visits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from reex_crawler.discovery import facts
from reex_crawler.discovery.policy import KNOWS, Window
from reex_crawler.discovery.revisit import PLANNED
from reex_crawler.records import DueReason, Listed
from reex_crawler.storage.models import (
    ArticleRow,
    FetchRow,
    ListingRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
)
from reex_crawler.storage.types import whole_second

DAY = timedelta(days=1)
# What brings news comes first; looking for what nothing tells comes last.
_ORDER = {reason: place for place, reason in enumerate(DueReason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One address to ask for, and all that is known of it beforehand."""

    url: str
    reason: DueReason
    post_id: int | None = None
    """The post that should answer: WordPress redirects the address of a withdrawn article to another one."""
    published_at: datetime | None = None
    """As stored, else as listed; none where neither tells."""
    changed_at: datetime | None = None
    """The latest time that a listing gives; nothing is changed before it is published."""
    listed: Listed | None = None
    """What the listing that knows most said of late; none where what is known may be out of date."""


def due(session: Session, now: datetime, *, revisits_a_day: int) -> list[Visit]:
    """What is due at ``now``, what brings news first; visits that are only planned within their daily budget."""
    spent = session.scalar(
        select(func.count()).where(FetchRow.reason.in_(PLANNED), FetchRow.fetched_at > whole_second(now - DAY))
    )
    left = max(revisits_a_day - (spent or 0), 0)
    first = case(_ORDER, value=ResourceRow.due_reason, else_=len(_ORDER))
    statement = _due(now).order_by(first, ResourceRow.next_due_at, ResourceRow.id)
    planned = list(_visits(session, statement.where(ResourceRow.due_reason.in_(PLANNED)).limit(left), now))
    return [*_visits(session, statement.where(ResourceRow.due_reason.not_in(PLANNED)), now), *planned]


def waiting(session: Session, now: datetime, window: Window) -> list[Visit]:
    """What a backfill has to ask: every address of a window never asked yet, and what is due there for news.

    An address whose publication nothing tells belongs to it, unless a listing says that it was changed before.
    """
    never = select(ResourceRow.url).where(
        ResourceRow.kind == ResourceKind.ARTICLE, ResourceRow.state == ResourceState.NEW
    )
    news = _due(now).where(ResourceRow.due_reason.not_in(PLANNED))
    found = {visit.url: visit for statement in (never, news) for visit in _visits(session, statement, now)}
    return [visit for visit in found.values() if window.may_hold(visit.published_at, visit.changed_at)]


def of_window(session: Session, now: datetime, window: Window) -> list[Visit]:
    """Every stored article that was published in a window, whenever it is due."""
    urls = select(ArticleRow.url).where(ArticleRow.published_at.is_not(None))
    if window.since is not None:
        urls = urls.where(ArticleRow.published_at >= window.since)
    if window.before is not None:
        urls = urls.where(ArticleRow.published_at < window.before)
    return list(_visits(session, select(ResourceRow.url).where(ResourceRow.url.in_(urls)), now, DueReason.RECHECK))


def count_waiting(session: Session, now: datetime) -> dict[DueReason, int]:
    """How many addresses are due at ``now``, by the reason; those never asked are ``new``."""
    never = ResourceRow.state == ResourceState.NEW
    reason = case((never, DueReason.NEW), else_=ResourceRow.due_reason)
    statement = select(reason, func.count()).where(
        ResourceRow.kind == ResourceKind.ARTICLE, or_(never, ResourceRow.next_due_at <= whole_second(now))
    )
    return {DueReason(found): count for found, count in session.execute(statement.group_by(reason)) if found}


def by_age(visits: Iterable[Visit], *, oldest_first: bool) -> list[Visit]:
    """By publication or, where that is not known, by change; what has neither comes last, in the order given."""
    dated = [(visit.published_at or visit.changed_at, visit) for visit in visits]
    known = sorted(((at, visit) for at, visit in dated if at), key=lambda pair: pair[0], reverse=not oldest_first)
    return [visit for _, visit in known] + [visit for at, visit in dated if not at]


def _due(now: datetime) -> Select[str]:
    return select(ResourceRow.url).where(
        ResourceRow.kind == ResourceKind.ARTICLE, ResourceRow.next_due_at <= whole_second(now)
    )


def _visits(
    session: Session, addresses: Select[str], now: datetime, reason: DueReason | None = None
) -> Iterator[Visit]:
    """The visits to these addresses, in their order."""
    columns = (ResourceRow.due_reason, ArticleRow.post_id, ArticleRow.published_at)
    statement = addresses.add_columns(*columns).outerjoin(ArticleRow, ResourceRow.article_id == ArticleRow.id)
    rows: list[Any] = list(session.execute(statement))
    listings = _listings(session, addresses)
    for url, due_reason, post_id, published_at in rows:
        said = listings.get(url, [])
        yield Visit(
            url=url,
            reason=reason or due_reason or DueReason.NEW,
            post_id=post_id or next((one.post_id for one in said if one.post_id), None),
            published_at=published_at or next((one.published_at for one in said if one.published_at), None),
            changed_at=max((one.modified_at for one in said if one.modified_at), default=None),
            listed=_listed(url, said, now),
        )


def _listings(session: Session, addresses: Select[str]) -> dict[str, list[ListingRow]]:
    """What is listed of each address, what knows most first."""
    wanted = addresses.subquery()
    statement = (
        select(ResourceRow.url, ListingRow)
        .join(ListingRow, ListingRow.resource_id == ResourceRow.id)
        .join(wanted, wanted.c.url == ResourceRow.url)
        .where(ListingRow.source.in_(KNOWS))
    )
    found: dict[str, list[ListingRow]] = {}
    for url, row in session.execute(statement):
        found.setdefault(url, []).append(row)
    for said in found.values():
        said.sort(key=lambda row: KNOWS[row.source], reverse=True)
    return found


def _listed(url: str, said: Iterable[ListingRow], now: datetime) -> Listed | None:
    """What the best listing said, unless that is so long ago that the page itself knows better."""
    for row in said:
        if row.facts and row.last_listed_at > now - DAY:
            return facts.load(url, row.source, row.listed_in, row.facts)
    return None

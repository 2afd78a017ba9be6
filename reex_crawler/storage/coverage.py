"""How complete the archive is: the articles that are known, stored, and named by each source, by month.

Which articles are known is in ``known``, what is known of the sources themselves in ``sources``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Label, RowMapping, and_, case, func, null, select
from sqlalchemy.orm import Session

from reex_crawler.storage.known import NAMED, NEVER, NO_LONGER, STATES, known_articles
from reex_crawler.storage.models import ArticleRow, ListingRow, ResourceRow, ResourceState
from reex_crawler.storage.sources import SOURCES


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What one source says of the known articles."""

    named: int
    """Those it names."""
    no_longer: int
    """Those it named before, but not in its last whole reading."""
    misses: int
    """Those it never named although the site still shows them, as far as we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The known articles of one month, or all of them."""

    month: str | None
    """``2025-07`` of publication, as stored, else as listed, in the site's time zone; none where no source tells."""
    known: int
    stored: int
    withdrawn: int
    """Stored or not, those that the site showed no more when their address was last asked."""
    not_stored: dict[str, int]
    """How many are named and not stored, by the state of their address."""
    sources: dict[str, Named | None]
    """By the name of the source; none for one that has never been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An article that a source names and that is not stored."""

    url: str
    month: str | None
    sources: tuple[str, ...]
    state: ResourceState
    tries: int
    status: int | None
    error: str | None
    next_due_at: datetime | None


def by_month(session: Session, zone: ZoneInfo, *, read: Iterable[str]) -> tuple[Count, ...]:
    """The known articles of each month, newest first, those of no known month last.

    ``read`` are the sources that were ever read well, by name; one that named an article was.
    """
    well_read = {*read, *session.scalars(select(ListingRow.source).distinct())}
    articles = known_articles(session)
    monthly = select(_month(articles.c.published_at, _months(session, zone)), articles).subquery()
    stored, withdrawn = monthly.c.stored == 1, monthly.c.withdrawn == 1
    counts: list[ColumnElement[int]] = [
        func.count().label("known"),
        _how_many(stored).label("stored"),
        _how_many(withdrawn).label("withdrawn"),
    ]
    counts += [_how_many(and_(~stored, monthly.c.state == place)).label(state) for place, state in enumerate(STATES)]
    for source in SOURCES:
        said = monthly.c[source]
        counts += [
            _how_many(said == NAMED).label(f"{source}_named"),
            _how_many(said == NO_LONGER).label(f"{source}_no_longer"),
            _how_many(and_(said == NEVER, ~withdrawn)).label(f"{source}_misses"),
        ]
    statement = select(monthly.c.month, *counts).group_by(monthly.c.month)
    found = [_count(row, well_read) for row in session.execute(statement).mappings()]
    return tuple(sorted(found, key=lambda count: count.month or "", reverse=True))


def total(months: Sequence[Count]) -> Count:
    """All months in one; its month is none."""
    not_stored: Counter[str] = Counter()
    for month in months:
        not_stored.update(month.not_stored)
    return Count(
        month=None,
        known=sum(month.known for month in months),
        stored=sum(month.stored for month in months),
        withdrawn=sum(month.withdrawn for month in months),
        not_stored=dict(not_stored),
        sources={source: _sum([month.sources[source] for month in months]) for source in SOURCES},
    )


def missing(session: Session, zone: ZoneInfo) -> tuple[Missing, ...]:
    """Every article that is named and not stored, by one address each, newest first."""
    articles = known_articles(session)
    statement = (
        select(
            ResourceRow.url,
            _month(articles.c.published_at, _months(session, zone)),
            ResourceRow.state,
            ResourceRow.tries,
            ResourceRow.last_status.label("status"),
            ResourceRow.last_error.label("error"),
            ResourceRow.next_due_at,
            *(articles.c[source] for source in SOURCES),
        )
        .join(articles, ResourceRow.id == articles.c.resource_id)
        .where(articles.c.stored == 0)
        .order_by(articles.c.published_at.desc().nulls_last(), ResourceRow.url)
    )
    return tuple(
        Missing(sources=tuple(source for source in SOURCES if row.pop(source)), **row)
        for row in map(dict, session.execute(statement).mappings())
    )


def _months(session: Session, zone: ZoneInfo) -> list[tuple[datetime, str]]:
    """The start and the name of every month on the site's calendar that may hold an article, newest first."""
    bounds = [
        at
        for column in (ArticleRow.published_at, ListingRow.published_at)
        for at in session.execute(select(func.min(column), func.max(column))).one()
        if at is not None
    ]
    if not bounds:
        return []
    first, last = min(bounds).astimezone(zone), max(bounds).astimezone(zone)
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = [datetime(number // 12, number % 12 + 1, 1, tzinfo=zone) for number in reversed(numbers)]
    return [(start.astimezone(UTC), f"{start:%Y-%m}") for start in starts]


def _month(published_at: ColumnElement[datetime], months: Iterable[tuple[datetime, str]]) -> Label[str | None]:
    """The name of the month that an instant lies in: SQLite knows no time zones, so the months bring their bounds."""
    named = [(published_at >= since, name) for since, name in months]
    return case(*named, (published_at.is_(None), null()), else_=null()).label("month")


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _count(said: RowMapping, read: AbstractSet[str]) -> Count:
    return Count(
        month=said["month"],
        known=said["known"],
        stored=said["stored"],
        withdrawn=said["withdrawn"],
        not_stored={state.value: said[state] for state in STATES if said[state]},
        sources={
            source: Named(**{what: said[f"{source}_{what}"] for what in ("named", "no_longer", "misses")})
            if source in read
            else None
            for source in SOURCES
        },
    )


def _sum(said: Sequence[Named | None]) -> Named | None:
    told = [one for one in said if one is not None]
    if not told:
        return None
    return Named(
        named=sum(one.named for one in told),
        no_longer=sum(one.no_longer for one in told),
        misses=sum(one.misses for one in told),
    )
